"""Take a name as written apart into the parts that tell people from each other, and those that do not."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import regex
from anyascii import anyascii

from search.names.alignment import spell
from search.names.folding import lower
from search.names.sounds import VOWELS
from search.names.vocabulary import CHILD, NAMES_TOO, PARTICLES, SON_OF, TITLES

MAX_PARTS = 12

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad"))
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
# A dot or a hyphen parts words; an apostrophe belongs to its word, and so does every mark: vowels of Indic scripts are.
_WORD = regex.compile(r"[^\W_][\w\p{M}'’‘ʼʻ`´ʿʾ]*")
_HUMP = re.compile(r"(?<=[^\W\d_A-ZА-Я])(?=[A-ZА-ЯÇƏĞİÖŞÜ])")

_PATRONYMIC = re.compile(
    r"(?P<stem>.{2,}?)(?:(?:yev|ev|ov|iev|ov|ew|ow|еев|ев|ов|йов|єв|ьов)(?:ich|ič|itch|itsch|ych|yč|ic|icz|ици|ич|іч|vna|vne|vnа|на|ны)"
    r"|(?:ovna|evna|ivna|yevna|owna|ewna|јовна|овна|евна|ёвна|івна|ївна|инична|ична|ichna|inichna|ович|евич|ёвич|ьич|ьевич|"
    r"ovych|evych|ovyč|yovych|ovich|evich|yevich|ovitch|evitch|owicz|ewicz|owitsch|ewitsch|ovič|evič|ovic|evic|лыч|"
    r"ovits|evits|ilyich|yich|ich))"
)
_ARTICLE = re.compile(r"\bال(?=\w{3})")
_UNMARKED = str.maketrans("", "", "'’‘ʼʻ`´ʿʾ")


class Kind(StrEnum):
    """What a part of a name is taken for."""

    NAME = "name"
    INITIAL = "initial"
    PATRONYMIC = "patronymic"
    PARTICLE = "particle"
    TITLE = "title"
    NUMBER = "number"


@dataclass(frozen=True)
class Part:
    """One word of a name: as written, what sounds in it (of a patronymic the father's name), what it is taken for."""

    text: str
    sound: str
    kind: Kind
    hyphened: bool = False


@dataclass(frozen=True)
class Name:
    """A name in parts."""

    parts: tuple[Part, ...]

    def of(self, *kinds: Kind) -> tuple[Part, ...]:
        """Return the parts of these kinds, in their order."""
        return tuple(part for part in self.parts if part.kind in kinds)

    @property
    def core(self) -> tuple[Part, ...]:
        """The parts that tell people apart: names and initials."""
        return self.of(Kind.NAME, Kind.INITIAL)


def words(text: str) -> list[str]:
    """Return the words of a name; scripts without spaces are parted by their syllables in Latin letters."""
    text = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
    capitals = text.isupper()
    return [piece for word in _WORD.findall(text) for piece in _pieces(word, capitals) if piece]


def _pieces(word: str, capitals: bool) -> list[str]:
    if any(_is_ideograph(c) for c in word):
        word = anyascii(word)
    if word.isupper():
        return list(word) if len(word) == 2 and not capitals and not VOWELS & set(lower(word)) else [word]
    return _HUMP.split(word)


def _is_ideograph(character: str) -> bool:
    return unicodedata.name(character, "").startswith(("CJK", "HANGUL"))


def parse(text: str) -> Name:
    """Return the parts of `text`, at most `MAX_PARTS`; a name of nothing but titles keeps them as names."""
    bare = _BRACKETED.sub(" ", text)
    bare = bare if _WORD.search(bare) else text
    parts = _kinds(words(bare)[:MAX_PARTS])
    return Name(
        tuple(replace(part, hyphened=f"-{part.text}" in bare) if part.kind == Kind.NAME else part for part in parts)
    )


def readings(text: str) -> Iterator[Name]:
    """Yield the ways to take a name apart: the Arabic article is written with its word (الحربي), and other names begin
    with the same letters (الهام).
    """
    yield parse(text)
    parted = _ARTICLE.sub("ال ", text)
    if parted != text:
        yield parse(parted)


def _kinds(found: list[str]) -> list[Part]:
    parts: list[Part] = []
    for word in found:
        small = lower(word)
        if small in CHILD and len(parts) > 1 and parts[-1].kind == Kind.NAME:
            parts[-1] = replace(parts[-1], kind=Kind.PATRONYMIC)
            parts.append(Part(word, spell(word), Kind.PARTICLE))
            continue
        part = _part(word, small)
        if part.kind == Kind.NAME and _follows_son_of(parts):
            part = replace(part, kind=Kind.PATRONYMIC)
        parts.append(part)
    return _with_enough_names([_without_patronymic_ending(part, len(found)) for part in parts])


def _follows_son_of(parts: list[Part]) -> bool:
    """Whether a father's name comes next: after bin or ibn, but not at the start of a name."""
    return len(parts) > 1 and lower(parts[-1].text) in SON_OF and parts[-2].kind != Kind.PARTICLE


def _with_enough_names(parts: list[Part]) -> list[Part]:
    """Take words that can be a title or a name (Hacı, Mirzə) for names where there are not two others."""
    if sum(part.kind in {Kind.NAME, Kind.INITIAL} for part in parts) < 2:
        parts = [
            replace(part, kind=Kind.NAME) if part.kind == Kind.TITLE and lower(part.text) in NAMES_TOO else part
            for part in parts
        ]
    if not any(part.kind in {Kind.NAME, Kind.INITIAL} for part in parts):
        return [replace(part, kind=Kind.NAME) for part in parts]
    return parts


def _part(word: str, small: str) -> Part:
    sound = spell(word)
    if small.isdigit():
        return Part(word, small, Kind.NUMBER)
    if small in TITLES:
        return Part(word, sound, Kind.TITLE)
    if small in PARTICLES:
        return Part(word, sound, Kind.PARTICLE)
    if len(small) == 1 or len(sound) == 1:
        return Part(word, sound, Kind.INITIAL)
    return Part(word, sound or small, Kind.NAME)


def _without_patronymic_ending(part: Part, count: int) -> Part:
    if part.kind != Kind.NAME or count < 3:
        return part
    ending = _PATRONYMIC.fullmatch(lower(part.text).translate(_UNMARKED))
    if ending is None:
        return part
    return replace(part, sound=spell(ending["stem"]), kind=Kind.PATRONYMIC)
