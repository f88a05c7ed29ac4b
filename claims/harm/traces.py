"""Finding in a text what leads to a person's door, telephone, papers or car (G-61); pure functions, no network.

What is found is a suspicion that somebody decides on. Numbers count only where they are valid: telephone numbers by
the plans that `phonenumbers` knows, accounts, cards and papers by their check digits (`python-stdnum`). Postal
addresses and plates have no check digit: their patterns ask for the words and forms of the languages named below.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from phonenumbers import Leniency, PhoneNumberMatcher
from stdnum import iban, luhn
from stdnum.be import nn
from stdnum.br import cpf
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.it import codicefiscale
from stdnum.pl import pesel
from stdnum.tr import tckimlik

from claims.enums import TraceKind


@dataclass(frozen=True, order=True)
class Trace:
    """`passage` stands in the text from `start` up to `end`; a name is that of the recorded `person`, by their id."""

    start: int
    end: int
    kind: str
    passage: str
    person: str = ""


# A handle with its server, as on Mastodon, begins with "@" and is none.
_EMAIL = re.compile(r"(?<![\w@.+%-])[\w.+%-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+")
# As people write it so that no program reads it: "jean (at) post (dot) fr". A bare "at" needs its "dot".
_AT, _DOT = r"(?:at|arobase|@)", r"(?:dot|point|\.)"
_SPELT_EMAIL = re.compile(
    rf"(?<![\w.+-])[\w.+-]+ ?[(\[{{] ?{_AT} ?[)\]}}] ?[\w-]+(?: ?[(\[{{]? ?{_DOT} ?[)\]}}]? ?\w{{2,}})+"
    rf"|(?<![\w.+-])[\w.+-]+ (?:at|arobase) [\w-]+(?: (?:dot|point) \w{{2,}})+"
    rf"|(?<![\w.+-])[\w.+-]+＠[\w-]+(?:[.．]\w{{2,}})+",
    re.IGNORECASE,
)
_SIGNS_OF_SPELT = (
    "＠", " arobase ", " dot ", " point ", "(at", "(@", "(arob", "( at", "[at", "[@", "[arob", "[ at", "{at", "{@",
)  # fmt: skip
_CALLED = re.compile(
    r"(?<![\w+])00[1-9](?:[ .()/-]{0,2}\d){7,13}(?!\d)"
    r"|(?i:\b(?:tel|telephone|phone|mobile|téléphone|portable)\b\W{0,3})(\d(?:[ .()/-]{0,2}\d){5,13})"
)
_PASSPORT = re.compile(
    r"\b(?:passport|passeport|identity card|carte d[’']identité|social security|sécurité sociale)\b"
    r"\W{0,3}(?:no\.?|number|n°|numéro)?\W{0,3}((?=[A-Z\d]*\d)[A-Z\d]{6,})\b",
    re.IGNORECASE,
)
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b")
_CARD = re.compile(r"(?<![\w.-])(?:\d{4}[ -]){3}\d{4}(?![\w-])|(?<![\w.-])\d{15,16}(?![\w-])")
_COORDINATES = re.compile(r"(?<![\d.])[-+]?\d{1,2}\.\d{4,}\s*°?\s*[NS]?(?:\s*[,;/]\s*|\s+)[-+]?\d{1,3}\.\d{4,}")
_MINUTES = r"\d{1,3}\s?°\s?\d{1,2}(?:\.\d+)?\s?['′’]\s?(?:\d{1,2}(?:\.\d+)?\s?[\"″”]\s?)?"
_DEGREES = re.compile(rf"{_MINUTES}[NS]\W{{0,3}}{_MINUTES}[EWO]\b")
# Forms with a letter or with separators are rare enough to count alone; bare rows of digits need a word beside them.
_PAPERS = (
    (re.compile(r"\b[12] ?\d{2} ?\d{2} ?[\dAB]{2} ?\d{3} ?\d{3} ?\d{2}\b"), nir),
    (re.compile(r"\b[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]\b"), codicefiscale),
    (re.compile(r"\b\d{8}-?[A-Z]\b"), dni),
    (re.compile(r"\b[XYZ]-?\d{7}-?[A-Z]\b"), nie),
    (re.compile(r"\b\d{3}\.\d{3}\.\d{3}-\d{2}\b"), cpf),
    (re.compile(r"\b\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}\b"), nn),
)
_BARE = ((re.compile(r"(?<![\w.-])\d{11}(?![\w-])"), (pesel, tckimlik, nn)),)
_PAPER_WORDS = re.compile(
    r"passport|passeport|identity|identité|national id|\bid(?: card| no| number|:)|social security|sécurité sociale|"
    r"pesel|kimlik|rijksregister|registre national|personnummer|şəxsiyyət",
    re.IGNORECASE,
)
_FORMAL_PAPERS = re.compile(r"(?<![\w-])(?:\d{3}-\d{2}-\d{4}|[A-CEGHJ-PR-TW-Z]{2} \d{2} \d{2} \d{2} [A-D])(?![\w-])")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# The shortest number that is dialled, and what may stand between its digits.
_SIX_DIGITS = re.compile(r"\d(?:[\s.()/+\u2010-\u2015-]{0,3}\d){5}")
_PLATES = re.compile(
    r"(?<![\w-])(?:[A-HJ-NP-TV-Z]{2}-\d{3}-[A-HJ-NP-TV-Z]{2}"  # France since 2009
    r"|\d{2}-[A-Z]{2}-\d{3}"  # Azerbaijan
    r"|[A-Z]{2}\d{2} [A-Z]{3}"  # Great Britain since 2001
    r"|[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} ?\d{1,4}[EH]?"  # Germany
    r"|\d{4} [BCDFGHJ-NPR-TV-Z]{3}"  # Spain since 2000
    r"|[А-ЯA-Z]\d{3}[А-ЯA-Z]{2} ?\d{2,3})(?![\w-])"  # Russia
)
_NAME = r"[A-ZÀ-ÝŞƏİĞÇÖÜ][\w'’.-]*"
_KIN_WORDS = (
    "wife", "husband", "spouse", "son", "daughter", "child", "mother", "father", "brother", "sister", "cousin", "uncle",
    "aunt", "nephew", "niece", "girlfriend", "boyfriend", "fiancé", "fiancée", "fiance", "fiancee", "grandmother",
    "grandfather", "grandson", "granddaughter",
)  # fmt: skip
_KIN_WORDS_FR = (
    "épouse", "époux", "femme", "mari", "compagne", "compagnon", "conjoint", "conjointe", "fils", "fille", "mère",
    "père", "frère", "sœur", "cousin", "cousine", "oncle", "tante", "neveu", "nièce", "petite amie", "petit ami",
    "fiancé", "fiancée", "grand-mère", "grand-père",
)  # fmt: skip
_KIN = rf"(?:ex-|late |former |elder |younger |twin )*(?:{'|'.join(_KIN_WORDS)})"
_KIN_FR = rf"(?:ex-|feue? )*(?:{'|'.join(_KIN_WORDS_FR)})"
_RELATIVES = re.compile(
    rf"\b(?:(?:[Hh]is|[Hh]er|[Tt]heir|{_NAME}['’]s?) {_KIN}|(?:[Ss]on|[Ss]a|[Ll]eur) {_KIN_FR}),? {_NAME}(?: {_NAME})*"
    rf"|\b(?:{_KIN} of |{_KIN_FR} d(?:e |['’])){_NAME}(?: {_NAME})*"
)
_ADDRESSES = (
    re.compile(
        rf"\b\d{{1,5}}[A-Za-z]?,? (?:{_NAME} ){{1,4}}(?:Street|St\b\.?|Avenue|Ave\b\.?|Road|Rd\b\.?|Lane|Drive|"
        r"Boulevard|Blvd\.?|Close|Court|Crescent|Terrace|Way)\b"
    ),
    re.compile(
        r"\b\d{1,4}(?: ?(?:bis|ter|quater))?,? (?i:rue|avenue|boulevard|place|impasse|all[ée]e|chemin|quai|cours|"
        r"square|passage|faubourg|route) (?:(?:de|du|des|la|le|les|l['’]|d['’])\s?)*[A-ZÀ-Ý][\w'’-]*"
        r"(?: [A-ZÀ-Ý][\w'’-]+)*",
    ),
    re.compile(r"\b[A-ZÄÖÜ][\w-]*(?:stra(?:ß|ss)e|str\.|weg|gasse|allee|platz) \d{1,4} ?[a-z]?\b"),
    re.compile(rf"\b(?:[Cc]alle|[Aa]venida|[Pp]laza|[Vv]ia|[Vv]iale|[Pp]iazza) (?:\w+ ){{0,3}}{_NAME},? \d{{1,4}}\b"),
    re.compile(
        rf"\b(?:{_NAME} ){{1,3}}(?:küç(?:\.|əsi)|prospekti|[Ss]okak|[Ss]okağı|[Cc]addesi),? (?:[Nn]o:? ?)?\d{{1,4}}"
    ),
    re.compile(r"\b(?:ул\.|улица|проспект|пр\.) ?[А-ЯЁ][\w -]{1,40}?,? (?:д\. ?)?\d{1,4}\b"),
)


def traces(text: str) -> tuple[Trace, ...]:
    """What is found in `text`, in its order; where two kinds overlap, the one that starts first and is longer."""
    return _traces(text, tuple(settings.HARM_PHONE_REGIONS))


@lru_cache(maxsize=8192)
def _traces(text: str, regions: Sequence[str]) -> tuple[Trace, ...]:
    found = sorted({*_written(text), *_numbers(text, regions)}, key=lambda one: (one.start, -one.end, one.kind))
    kept: list[Trace] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def emails(text: str) -> tuple[Trace, ...]:
    """The addresses of mail alone: in a link any other number is one of the page."""
    return tuple(_matched(TraceKind.EMAIL, _EMAIL, text)) if "@" in text or "%40" in text else ()


def _written(text: str) -> Iterator[Trace]:
    if "@" in text or "%40" in text:
        yield from _matched(TraceKind.EMAIL, _EMAIL, text)
    # Nearly no text has one of these, and `in` says so a hundred times faster than the pattern.
    if any(sign in text.lower() for sign in _SIGNS_OF_SPELT):
        yield from _matched(TraceKind.EMAIL, _SPELT_EMAIL, text)
    if any(word in text for word in (*_KIN_WORDS, *_KIN_WORDS_FR)):
        yield from _matched(TraceKind.FAMILY, _RELATIVES, text)
    for address in _ADDRESSES:
        yield from _matched(TraceKind.ADDRESS, address, text)


def _numbers(text: str, regions: Sequence[str]) -> Iterator[Trace]:
    """Everything with a digit in it: texts without one are done at once."""
    if not any(letter.isdigit() for letter in text):
        return
    yield from _matched(TraceKind.IBAN, _IBAN, text, iban.is_valid)
    yield from _matched(TraceKind.CARD, _CARD, text, _is_card)
    yield from _matched(TraceKind.PLATE, _PLATES, text)
    yield from _matched(TraceKind.PLACE, _COORDINATES, text, _is_place)
    yield from _matched(TraceKind.PLACE, _DEGREES, text)
    yield from _matched(TraceKind.PAPERS, _PASSPORT, text)
    yield from _papers(text)
    yield from _matched(TraceKind.PHONE, _CALLED, text, _is_no_day)
    yield from _phones(text, regions)


def _matched(kind: str, pattern: re.Pattern, text: str, is_valid=None) -> Iterator[Trace]:
    for match in pattern.finditer(text):
        number = 1 if match.re.groups and match.group(1) else 0
        if is_valid is None or is_valid(match.group(number)):
            yield Trace(match.start(number), match.end(number), kind, match.group(number))


def _is_card(number: str) -> bool:
    """Issuers' first digits (ISO/IEC 7812) and the check digit; ids of posts begin with others or are longer."""
    digits = re.sub("[ -]", "", number)
    return digits[0] in "3456" and len(set(digits)) > 1 and luhn.is_valid(digits)


def _is_place(pair: str) -> bool:
    latitude, longitude = (float(number) for number in re.findall(r"[-+]?\d+\.\d+", pair)[:2])
    return abs(latitude) <= 90 and abs(longitude) <= 180


def _papers(text: str) -> Iterator[Trace]:
    for pattern, paper in _PAPERS:
        yield from _matched(TraceKind.PAPERS, pattern, text, paper.is_valid)
    yield from _matched(TraceKind.PAPERS, _FORMAL_PAPERS, text)
    if _PAPER_WORDS.search(text):
        for pattern, papers in _BARE:
            yield from _matched(
                TraceKind.PAPERS,
                pattern,
                text,
                lambda number, papers=papers: any(one.is_valid(number) for one in papers),
            )


def _phones(text: str, regions: Sequence[str]) -> Iterator[Trace]:
    """With a country code anywhere; without one, grouped as the numbers of a region are."""
    if not _SIX_DIGITS.search(text):
        return
    for region, leniency in [(None, Leniency.VALID), *((one, Leniency.STRICT_GROUPING) for one in regions)]:
        for match in PhoneNumberMatcher(text, region, leniency=leniency, max_tries=200):
            if _is_no_day(match.raw_string) and (region is None or _is_grouped(match.raw_string)):
                yield Trace(match.start, match.end, TraceKind.PHONE, match.raw_string)


def _is_grouped(raw: str) -> bool:
    """A bare row of digits is as often the id of a post or an account; those with blanks or dots between are not."""
    return bool(re.search(r"\d[ .()/-]+\d", raw)) or raw.startswith("0")


def _is_no_day(raw: str) -> bool:
    return not _DAY.search(raw)
