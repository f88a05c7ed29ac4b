"""Lay two words beside each other sound by sound: what it costs to read one as a spelling of the other, and how.

A generalised edit distance (Ukkonen 1985; Brill and Moore 2000 for moves over groups of letters): a move takes one
group of letters on each side and costs what `sounds` says. 1 is one wrong consonant.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from math import inf

from anyascii import anyascii

from search.names.folding import lower, strip_marks
from search.names.sounds import ABJAD, LONGEST, SPELLINGS, VOWELS, between

# What it costs to leave a sound out. Glides, h and ğ come and go between alphabets; a final a is another name.
_DROPPED = {"y": 0.03, "h": 0.15, "G": 0.25, "ı": 0.3}
_DROPPED_VOWEL = 0.45
_DROPPED_FROM_ABJAD = 0.04
_DROPPED_LAST = {"a": 1.3, "ä": 1.3, "e": 0.4}
_GEORGIAN_NOMINATIVE = 0.05
_SWAPPED = 0.5
_DROPPED_DOUBLE = 0.02
_WRONG = 1.0
# Where one word ends and the next begins: no group of letters reaches over it.
SEAM = "\n"
# The cost, as a share of the length, up to which a reading is of any use.
_FOLLOWED = 0.27
_DROPPED_LETTERS = frozenset("'’‘ʼʻ`´ʿʾьъʹʺ-.·_ـءعἀ\u0301")
# Digits that pose as letters inside a word.
_POSING = str.maketrans("01345", "oieas")
# Doubled vowels are long, or had an h between them.
_DOUBLED = frozenset("aeiouаеиоу")
_REWRITTEN = (("եւ", "եվ"), ("և", "եվ"), ("ευ", "εβ"), ("αυ", "αβ"), ("ﷲ", "الله"), ("ий", "и"), ("iy", "i"))


@dataclass(frozen=True)
class Aligned:
    """The cheapest reading of two words as one: its cost, and the groups of letters that differ, as pairs."""

    cost: float
    similarity: float
    changes: tuple[tuple[str, str, float], ...]


_UNLIKE = Aligned(inf, 0.0, ())
_Groups = list[tuple[str, float]]
_Steps = dict[tuple[int, int], tuple[int, int, float]]


@lru_cache(maxsize=50_000)
def spell(word: str) -> str:
    """Return the letters of `word` that carry sound: small, doubled consonants once, no apostrophes or signs.

    Letters of scripts without a table here are written in Latin first. Where vowels are not written, one may stand
    between two equal letters.
    """
    letters = spell_out(word)
    return "".join(c for i, c in enumerate(letters) if i == 0 or c != letters[i - 1] or c in _DOUBLED or c in ABJAD)


def spell_out(word: str) -> str:
    """Return what `spell` does, with doubled consonants as they stand."""
    word = lower(word)
    for written, meant in _REWRITTEN:
        word = word.replace(written, meant)
    # Of ع is heard, where a word begins with it, the vowel behind it.
    word = f"ا{word[1:]}" if word.startswith("ع") else word
    if not word.isdigit():
        word = word.translate(_POSING)
    return "".join(_known(c) for c in word if c not in _DROPPED_LETTERS)


def _known(character: str) -> str:
    if character in SPELLINGS:
        return character
    bare = strip_marks(character)
    if all(c in SPELLINGS for c in bare):
        return bare
    return "".join(c for c in anyascii(character).lower() if c in SPELLINGS)


@cache
def groups_at(word: str, start: int) -> tuple[str, ...]:
    """Return the known groups of letters that begin at `start`, longest first; an unknown sign is a group."""
    ends = range(min(len(word), start + LONGEST), start, -1)
    return tuple(word[start:end] for end in ends if word[start:end] in SPELLINGS) or (word[start],)


@cache
def _move(left: str, right: str) -> float:
    if left == right:
        return 0.0
    if left not in SPELLINGS or right not in SPELLINGS:
        return _WRONG
    ways = ((a, x, b, y) for a, x in SPELLINGS[left].items() for b, y in SPELLINGS[right].items())
    return min(x + y + between(a, b) for a, x, b, y in ways)


@cache
def _dropped(group: str, last: bool, beside_abjad: bool) -> float:
    sounds = SPELLINGS.get(group, {group: 0.0})
    return min(extra + _drop_sound(group, sound, last, beside_abjad) for sound, extra in sounds.items())


def _drop_sound(group: str, sound: str, last: bool, beside_abjad: bool) -> float:
    if sound not in VOWELS:
        return _DROPPED.get(sound, _WRONG)
    if last:
        return _GEORGIAN_NOMINATIVE if group == "ი" else _DROPPED_LAST.get(sound, _DROPPED_VOWEL)
    return _DROPPED_FROM_ABJAD if beside_abjad else _DROPPED.get(sound, _DROPPED_VOWEL)


@lru_cache(maxsize=200_000)
def align(left: str, right: str) -> Aligned:
    """Return the cheapest reading of two words (as `spell` gives them) as spellings of one another.

    Words that are less than about half alike are not followed to the end: their similarity is 0, their cost infinite.
    """
    if left == right:
        return Aligned(0.0, 1.0, ())
    if not left or not right:
        return _UNLIKE
    length = max((len(left) + len(right)) / 2, 3)
    costs, steps = _fill(left, right, _FOLLOWED * length)
    cost = costs[len(left)][len(right)]
    if cost == inf:
        return _UNLIKE
    changes = tuple(move for move in _trace(left, right, steps) if move[0] != move[1])
    return Aligned(round(cost, 3), max(0.0, 1 - 2 * cost / length), changes)


def cut(word: str, parts: tuple[str, ...]) -> tuple[str, ...]:
    """Return `word` cut into as many pieces as there are parts, each piece what reads as that part."""
    # Every reading drops each seam once.
    seamed = SEAM.join(parts)
    pieces = [""] * len(parts)
    place = 0
    for letters, read, _ in _trace(word, seamed, _fill(word, seamed)[1]):
        place += read == SEAM
        pieces[place] += letters
    return tuple(pieces)


def _fill(left: str, right: str, most: float = inf) -> tuple[list[list[float]], _Steps]:
    """Return the least cost of reaching each place, as far as it is at most `most`, and the last move there."""
    abjad = left[0] in ABJAD or right[0] in ABJAD
    costs = [[inf] * (len(right) + 1) for _ in range(len(left) + 1)]
    costs[0][0] = 0.0
    steps: _Steps = {}
    lefts, rights = _groups(left, abjad), _groups(right, abjad)
    for i, j in product(range(len(left) + 1), range(len(right) + 1)):
        here = costs[i][j]
        if here > most:
            continue
        swapped = len(left) > i + 1 and left[i : i + 2] == right[j : j + 2][::-1]
        for m, n, price in _moves(lefts[i], rights[j], swapped):
            if here + price < costs[i + m][j + n] - 1e-9:
                costs[i + m][j + n] = here + price
                steps[i + m, j + n] = (m, n, price)
    return costs, steps


def _groups(word: str, abjad: bool) -> list[_Groups]:
    """Return the groups of letters at each place, with what it costs to leave them out; none at the end."""
    found: list[_Groups] = []
    for at in range(len(word)):
        groups = groups_at(word, at)
        twice = at > 0 and word[at] == word[at - 1] and word[at] not in _DOUBLED
        found.append([(a, _dropped(a, at + len(a) == len(word), abjad)) for a in groups])
        if twice:
            found[at][-1] = (word[at], _DROPPED_DOUBLE)
    return [*found, []]


def _moves(lefts: _Groups, rights: _Groups, swapped: bool) -> list[tuple[int, int, float]]:
    found = [(len(a), 0, price) for a, price in lefts]
    found += [(0, len(b), price) for b, price in rights]
    found += [(len(a), len(b), _move(a, b)) for a, _ in lefts for b, _ in rights]
    if swapped:
        found.append((2, 2, _SWAPPED))
    return found


def _trace(left: str, right: str, steps: _Steps) -> tuple[tuple[str, str, float], ...]:
    found, i, j = [], len(left), len(right)
    while i or j:
        m, n, price = steps[i, j]
        found.append((left[i - m : i], right[j - n : j], price))
        i, j = i - m, j - n
    return tuple(reversed(found))
