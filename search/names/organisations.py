"""Compare two names as names of organisations: legal forms count little, numbers count, each other word counts."""

import re
from dataclasses import dataclass
from functools import lru_cache
from math import prod

from rigour.names import Name, NamePartTag, NameTypeTag, Span, Symbol, analyze_names, extract_org_types

from search.names.alignment import align, spell
from search.names.comparison import Comparison, spellings, verdict_of
from search.names.folding import lower
from search.names.pairing import are_near
from search.names.vocabulary import LEFT_OUT_AT_WILL, ORGANISATION_WORDS

_MAX_WORDS = 20
_GENITIVE = re.compile(r"['’]s\b")
_ONE_WORD_FROM = 0.9
_SLIP_FROM = 0.67
_SLIP_COST = 1.05
_SHORTEST_FOR_SLIP = 5.5
_SLIP = 0.86
_FAR_SLIP = 0.68
_OTHER_FORM = 0.76
_PLACE_MORE = 0.78
_WORD_MORE = 0.72
_COMMON_MORE = 0.92
_NUMBER_MORE = 0.7
_OTHER_NUMBER = 0.61
_DIFFERENT = 0.5
_NEAR = 0.61
_ABBREVIATED = 0.65
_Category = Symbol.Category


@dataclass(frozen=True)
class _Word:
    text: str
    sound: str
    meaning: str
    place: bool

    @property
    def common(self) -> bool:
        """Whether many organisations have this word."""
        return bool(self.meaning) or self.text in ORGANISATION_WORDS


@dataclass(frozen=True)
class _Organisation:
    words: tuple[_Word, ...]
    forms: frozenset[str]
    numbers: frozenset[str]


def is_organisation(text: str) -> bool:
    """Whether a name has a legal form or a word that organisations have and persons have not."""
    small = lower(text)
    if not ORGANISATION_WORDS.isdisjoint(small.replace('"', " ").split()):
        return True
    return any(len(form) > 2 or _stands_for(form, text) for form, _ in extract_org_types(small))


def _stands_for(form: str, text: str) -> bool:
    """Whether two letters are written as a legal form is (AG, A.G.): others are syllables (Jae-in, Yu)."""
    first, last = form[0].upper(), form[-1].upper()
    return re.search(rf"(?<![-\w]){first}\.?{last}(?!\w)", text) is not None


def compare_organisations(left: str, right: str) -> Comparison:
    """Return how alike two names of organisations are.

    A word, a number or a legal form that only one has, or that differs, is told in the reasons. Legal forms, places and
    what stands for what (Int'l, First, 1st) are those of the library `rigour` (OpenSanctions).
    """
    one, other = _read(left), _read(right)
    score, reasons = _compare_words(one.words, other.words)
    for factor, reason in (_compare_numbers(one, other), _compare_forms(one, other)):
        score, reasons = min(score, factor), [*reasons, *([reason] if reason else [])]
    if score < _ABBREVIATED and _is_abbreviation(one.words, other.words):
        score, reasons = _ABBREVIATED, ["one is the first letters of the other"]
    score = round(score, 3)
    return Comparison(score, verdict_of(score), "; ".join(reasons) or "same words")


@lru_cache(maxsize=20_000)
def _read(text: str) -> _Organisation:
    name = max(analyze_names(NameTypeTag.ORG, [_GENITIVE.sub("", text)]), key=lambda one: len(one.form), default=None)
    if name is None:
        return _Organisation((), frozenset(), frozenset())
    numbers = _numbers(name)
    counted = {part.index for span in numbers for part in span.parts}
    words = [part for part in name.parts if part.tag not in {NamePartTag.LEGAL, NamePartTag.STOP}]
    words = [part for part in words if part.index not in counted] or list(name.parts)
    symbols = {part.index: span.symbol for span in name.spans if len(span.parts) == 1 for part in span.parts}
    return _Organisation(
        tuple(_word(part.form, symbols.get(part.index)) for part in words[:_MAX_WORDS]),
        frozenset(span.symbol.id for span in name.spans if span.symbol.category == _Category.ORG_CLASS),
        frozenset(span.symbol.id for span in numbers),
    )


def _numbers(name: Name) -> list[Span]:
    """The longest readings as numbers (forty-four is neither 40 nor 4)."""
    found = [span for span in name.spans if span.symbol.category == _Category.NUMERIC]
    return [
        span for span in found if not any(other is not span and set(span.parts) < set(other.parts) for other in found)
    ]


def _word(form: str, symbol: Symbol | None) -> _Word:
    place = symbol is not None and symbol.category == _Category.LOCATION
    known = symbol is not None and symbol.category in {_Category.SYMBOL, _Category.DOMAIN}
    return _Word(form, spell(form) or form, str(symbol) if place or known else "", place)


def _compare_words(lefts: tuple[_Word, ...], rights: tuple[_Word, ...]) -> tuple[float, list[str]]:
    if "".join(word.sound for word in lefts) == "".join(word.sound for word in rights):
        return 1.0, []
    pairs, left_over, right_over = _pair(lefts, rights)
    reasons = list(dict.fromkeys(reason for _, _, _, changes in pairs for reason in spellings(changes)))
    if left_over and right_over:
        whole = align("".join(word.sound for word in lefts), "".join(word.sound for word in rights))
        if whole.cost <= 2 * (1 - _ONE_WORD_FROM):
            return whole.similarity, [*reasons, "words joined or parted otherwise"]
        return _DIFFERENT * min(1.0, len(pairs) / len(lefts)), [
            *reasons,
            f"{_list(left_over)} is not {_list(right_over)}",
        ]
    more = left_over or right_over
    if more and all(left.common for left, *_ in pairs):
        return _DIFFERENT, [*reasons, "only words in common that many organisations have"]
    score = prod(similarity for _, _, similarity, _ in pairs)
    if more:
        reasons.append(f"{_list(more)} only on one side")
        score *= _more(more)
    return score, reasons


def _more(words: list[_Word]) -> float:
    if all(word.place for word in words):
        return _PLACE_MORE
    return _COMMON_MORE if all(word.text in LEFT_OUT_AT_WILL for word in words) else _WORD_MORE


def _list(words: list[_Word]) -> str:
    return " ".join(word.text for word in words)


def _pair(lefts: tuple[_Word, ...], rights: tuple[_Word, ...]):
    """Pair words, the most alike first; return the pairs with their likeness, and what is over on each side."""
    edges = [
        (similarity, i, j, changes)
        for i, left in enumerate(lefts)
        for j, right in enumerate(rights)
        for similarity, changes in [_likeness(left, right)]
        if similarity
    ]
    pairs, used_left, used_right = [], set(), set()
    for similarity, i, j, changes in sorted(edges, key=lambda edge: (-edge[0], abs(edge[1] - edge[2]))):
        if i not in used_left and j not in used_right:
            pairs.append((lefts[i], rights[j], similarity, changes))
            used_left.add(i)
            used_right.add(j)
    return (
        pairs,
        [word for i, word in enumerate(lefts) if i not in used_left],
        [word for j, word in enumerate(rights) if j not in used_right],
    )


def _likeness(left: _Word, right: _Word) -> tuple[float, tuple[tuple[str, str, float], ...]]:
    if left.meaning or right.meaning:
        same = left.meaning == right.meaning or left.sound == right.sound
        if same:
            return 1.0, ()
    found = align(left.sound, right.sound)
    if found.similarity >= _ONE_WORD_FROM:
        return found.similarity, found.changes
    long = len(left.sound) + len(right.sound) >= 2 * _SHORTEST_FOR_SLIP
    if found.cost <= _SLIP_COST and long:
        return (_FAR_SLIP if left.common or right.common else _SLIP), found.changes
    is_common = left.common or right.common
    if not is_common and (found.cost <= _SLIP_COST or found.similarity >= _SLIP_FROM):
        return _FAR_SLIP, found.changes
    if are_near(left.text, right.text, 1 if is_common else 2):
        return _NEAR, found.changes
    return 0.0, ()


def _compare_numbers(left: _Organisation, right: _Organisation) -> tuple[float, str]:
    if left.numbers == right.numbers:
        return 1.0, ""
    if left.numbers and right.numbers:
        return _OTHER_NUMBER, f"number {', '.join(sorted(left.numbers))} is not {', '.join(sorted(right.numbers))}"
    return _NUMBER_MORE, "number only on one side"


def _compare_forms(left: _Organisation, right: _Organisation) -> tuple[float, str]:
    if not left.forms or not right.forms or left.forms & right.forms:
        return 1.0, ""
    return _OTHER_FORM, f"legal form {', '.join(sorted(left.forms))} is not {', '.join(sorted(right.forms))}"


def _is_abbreviation(lefts: tuple[_Word, ...], rights: tuple[_Word, ...]) -> bool:
    if len(lefts) > len(rights):
        lefts, rights = rights, lefts
    return len(lefts) == 1 and len(rights) > 2 and lefts[0].text == "".join(word.text[0] for word in rights)
