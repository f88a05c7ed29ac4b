"""Keys under which a name is found: names that may be spellings of one another share one.

Strict keys keep three kinds of vowels; loose keys are consonants in classes. Letters that several alphabets use for
several sounds (c, j, ch) give a key for each, at most `MAX_VARIANTS`; of Arabic script, where و is v, o, u or none of
them, `MAX_VARIANTS_ABJAD`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, product

from search.names.alignment import SEAM, groups_at, spell
from search.names.handles import handle_words
from search.names.parts import Kind, Part, readings
from search.names.sounds import ABJAD, SPELLINGS, VOWELS

MAX_VARIANTS = 8
MAX_VARIANTS_ABJAD = 32
_READ_AT_MOST = 0.08


def _classes(text: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in text.split())


# sound -> class. Strict keys merge vowels to three, and what one alphabet or another does not tell apart.
_STRICT = _classes(
    "a:A ä:A e:A i:I ı:I o:O ö:O u:O ü:O b:B d:D f:F g:G q:G G:G h:H x:H k:K l:L m:M n:N p:P r:R s:S t:T v:V y: z:Z"
    " C:C J:J Z:J S:W Ş:W T:T D:Z X:KS"
)
# Loose keys have no vowels but A for one at the start, and one class where a voice or a breath is the difference.
_LOOSE = dict.fromkeys(VOWELS, "") | _classes(
    "b:P p:P d:T t:T f:F v:F g:G q:G G:G k:G x:G h: l:L m:M n:N r:R s:S S:S Ş:S T:S|TS y: z:S D:S C:C J:C Z:C X:GS"
)
_LOOSE_START = _LOOSE | dict.fromkeys(VOWELS, "A") | {"h": "G|A", "y": "A"}


@dataclass(frozen=True)
class NameKeys:
    """Keys of each part (`strict` to rank by, `loose` to find candidates) and of the parts written as one word."""

    strict: frozenset[str]
    loose: frozenset[str]
    joined: frozenset[str]


def name_keys(name: str) -> NameKeys:
    """Return the keys of a name in any script; titles, particles and the words for son and daughter have none."""
    strict: set[str] = set()
    loose: set[str] = set()
    joined: set[str] = set()
    for parsed in readings(name):
        parts = [part for part in parsed.of(Kind.NAME, Kind.PATRONYMIC) if len(part.sound) > 1]
        strict |= {key for part in parts for key in strict_keys(part.sound)}
        loose |= {key for part in parts for key in loose_keys(part.sound)}
        joined |= _joined([part for part in parts if part.kind == Kind.NAME])
    return NameKeys(frozenset(strict), frozenset(loose), frozenset(joined))


def handle_keys(handle: str) -> NameKeys:
    """Return the keys of a handle: of its words, where it shows them, and of all its letters as one word."""
    found = handle_words(handle)
    whole = {SEAM.join(spell(word) for word in order) for order in (found, found[::-1])}
    strict = frozenset(key for word in found if len(word) > 2 for key in strict_keys(spell(word)))
    loose = frozenset(key for word in found if len(word) > 2 for key in loose_keys(spell(word)))
    return NameKeys(strict, loose, frozenset(key for word in whole for way in _parted(word) for key in loose_keys(way)))


def _parted(word: str) -> Iterator[str]:
    """A word, and the ways to part it within a group of letters that may be the end of one name and the start of
    another (aydanjabiyeva: n and j, not nj).
    """
    yield word
    position = 0
    while position < len(word):
        end = _choices(word, position)[1]
        yield from (f"{word[:seam]}{SEAM}{word[seam:]}" for seam in range(position + 1, end))
        position = end


def _joined(parts: list[Part]) -> frozenset[str]:
    """Keys of two parts as one word, in both orders, and of an initial with the other part."""
    ends = [(a, b) for a in parts[:3] for b in parts[:3] if a is not b] if len(parts) > 1 else []
    whole = {a.sound + SEAM + b.sound for a, b in ends} | {a.sound[0] + SEAM + b.sound for a, b in ends}
    whole |= {a.sound + SEAM + b.sound[0] for a, b in ends} | {SEAM.join(part.sound for part in parts)}
    return frozenset(key for word in whole for key in loose_keys(word))


@lru_cache(maxsize=100_000)
def strict_keys(sound: str) -> frozenset[str]:
    """Return the strict keys of a word as `spell` gives it."""
    return frozenset(_collapsed(key) for key in _variants(sound, _STRICT, _STRICT)) - {""}


@lru_cache(maxsize=100_000)
def loose_keys(sound: str) -> frozenset[str]:
    """Return the loose keys of a word as `spell` gives it; an h at its start may be spoken or not (Hakob, Акоп)."""
    return frozenset(_collapsed(key) for key in _variants(sound, _LOOSE, _LOOSE_START)) - {""}


def _collapsed(key: str) -> str:
    return "".join(c for i, c in enumerate(key) if i == 0 or c != key[i - 1])


def _variants(sound: str, classes: dict[str, str], starts: dict[str, str]) -> set[str]:
    """Return the ways to read a word aloud as classes, reading the longest groups of letters, likeliest first."""
    choices, position = [], 0
    while position < len(sound):
        sounds, end = _choices(sound, position)
        table = classes if position else starts
        found = dict.fromkeys(letter for one in sounds for letter in table[one].split("|"))
        choices.append(tuple(found) or ("",))
        position = end
    most = MAX_VARIANTS_ABJAD if not ABJAD.isdisjoint(sound) else MAX_VARIANTS
    return {"".join(reading) for reading in islice(product(*choices), most)}


def _choices(sound: str, position: int) -> tuple[tuple[str, ...], int]:
    """Return the sounds that the letters at `position` are likely to stand for, and where the next begins: of the
    longest group that is likely to be one (rz and gn mostly are not; in Arabic script none is: او is av as well as o).
    """
    groups = groups_at(sound, position)
    for group in groups if sound[position] not in ABJAD else groups[-1:]:
        likely = sorted((cost, one) for one, cost in SPELLINGS.get(group, {}).items() if cost <= _READ_AT_MOST)
        if likely:
            return tuple(one for _, one in likely), position + len(group)
    return (), position + 1
