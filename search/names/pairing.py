"""Pair the parts of two names: which part of one is which of the other, in any order, joined or not."""

from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz.distance import OSA

from search.names.alignment import Aligned, align
from search.names.families import differ_in_gender, family_of, have_one_root, have_other_roots
from search.names.lexicon import are_forms_of_one_name
from search.names.parts import Kind, Part
from search.names.sounds import ABJAD, SPELLINGS, between

PAIRED_FROM = 0.58
_ONE_NAME = 0.95
_ONE_ROOT = 0.72
# Below this a word was mistyped, which seldom happens to its first letter.
_SLIP_BELOW = 0.85
OTHER_START = 0.62
_ONE_LETTER = 1.05
# One letter in a long word is forgiven.
_LONG = 13
_SLIP = 0.82
_SOUNDS_LIKE = 0.25
# Words that sound otherwise are near by their letters: so many other ones at most, of so many at least.
_NEAR_BY = 2
_NEAR_FROM = 0.6
_SHORTEST_NEAR = 4
_SHORTEST_JOINED = 5
_JOINED_FROM = 0.85


@dataclass(frozen=True)
class Likeness:
    """How alike two words are (0: not one name), the letters that differ, and what else is to be said."""

    similarity: float
    changes: tuple[tuple[str, str, float], ...] = ()
    note: str = ""


NOT_ALIKE = Likeness(0.0)


@dataclass(frozen=True)
class Pair:
    """Parts of both names that are one another's spelling; `left` and `right` are positions."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    similarity: float
    changes: tuple[tuple[str, str, float], ...] = ()
    initial: bool = False
    note: str = ""


@dataclass(frozen=True)
class Pairing:
    """The pairs of two names, and the positions that are left over on each side."""

    pairs: tuple[Pair, ...]
    left_over: tuple[int, ...]
    right_over: tuple[int, ...]


def pair_parts(lefts: tuple[Part, ...], rights: tuple[Part, ...]) -> Pairing:
    """Return the best pairing, found greedily: the most alike first, two words for one where that is closer."""
    edges = sorted(_edges(lefts, rights), key=_preference)
    used_left: set[int] = set()
    used_right: set[int] = set()
    kept = []
    for edge in edges:
        if used_left.isdisjoint(edge.left) and used_right.isdisjoint(edge.right):
            kept.append(edge)
            used_left.update(edge.left)
            used_right.update(edge.right)
    return Pairing(
        tuple(sorted(kept, key=lambda pair: pair.left)),
        tuple(i for i in range(len(lefts)) if i not in used_left),
        tuple(i for i in range(len(rights)) if i not in used_right),
    )


def _preference(pair: Pair) -> tuple:
    places = abs(pair.left[0] - pair.right[0])
    return (pair.initial, -round(pair.similarity, 2), len(pair.left) + len(pair.right), places)


def _edges(lefts: tuple[Part, ...], rights: tuple[Part, ...]):
    for i, left in enumerate(lefts):
        for j, right in enumerate(rights):
            if (edge := _edge(left, right, i, j)) is not None:
                yield edge
    yield from _joined(lefts, rights)
    for edge in _joined(rights, lefts):
        changes = tuple((b, a, cost) for a, b, cost in edge.changes)
        yield Pair(edge.right, edge.left, edge.similarity, changes)


def _edge(left: Part, right: Part, i: int, j: int) -> Pair | None:
    if Kind.INITIAL in {left.kind, right.kind}:
        return Pair((i,), (j,), 1.0, initial=True) if same_start(left.sound, right.sound) else None
    found = compare_words(left.sound, right.sound)
    return Pair((i,), (j,), found.similarity, found.changes, note=found.note) if found.similarity else None


@lru_cache(maxsize=100_000)
def compare_words(left: str, right: str, least: float = PAIRED_FROM) -> Likeness:
    """Return how alike two words of names are; what is known of them as names goes before their letters."""
    found = align(left, right)
    if left == right:
        return Likeness(1.0)
    if differ_in_gender(left, right):
        return NOT_ALIKE
    # Known names are told apart by vowels that such a script leaves out.
    is_unsure = ABJAD & {left[0], right[0]} and found.similarity > _SLIP
    one_name = None if is_unsure else are_forms_of_one_name(left, right)
    if one_name:
        note = "" if found.similarity > _SLIP_BELOW else "forms of one name"
        return Likeness(max(found.similarity, _ONE_NAME), found.changes, note)
    if one_name is None and have_one_root(left, right):
        return Likeness(_ONE_ROOT, note="same root, another ending")
    if one_name is False or found.similarity < least or (not is_unsure and have_other_roots(left, right)):
        return NOT_ALIKE
    return _forgive(found, left, right)


def are_near(left: str, right: str, most: int = _NEAR_BY) -> bool:
    """Whether two words that are no spellings of one another differ by a letter or two all the same (Starmer, Starkey).

    Names that are known for two are not near, nor are endings that thousands share.
    """
    if differ_in_gender(left, right) or have_other_roots(left, right) or are_forms_of_one_name(left, right) is False:
        return False
    lefts, rights = family_of(left), family_of(right)
    if lefts.ending and rights.ending:
        left, right = lefts.stem, rights.stem
    one, other = anyascii(left).lower(), anyascii(right).lower()
    is_long = min(len(one), len(other)) >= _SHORTEST_NEAR
    return is_long and OSA.distance(one, other) <= most and OSA.normalized_similarity(one, other) >= _NEAR_FROM


def _forgive(found: Aligned, left: str, right: str) -> Likeness:
    """Weigh a slip of the pen: less in a long word, more at the start, where slips are rare."""
    one_letter = found.cost <= _ONE_LETTER
    if found.similarity < _SLIP_BELOW and not same_start(left, right):
        return Likeness(OTHER_START, found.changes) if one_letter else NOT_ALIKE
    if one_letter and found.similarity < _SLIP and len(left) + len(right) >= _LONG:
        return Likeness(_SLIP, found.changes, "one letter apart")
    return Likeness(found.similarity, found.changes)


def _joined(lefts: tuple[Part, ...], rights: tuple[Part, ...]):
    """Two neighbours on the left that are one word on the right (Van der Bilt, Vanderbilt)."""
    for i in range(len(lefts) - 1):
        first, second = lefts[i], lefts[i + 1]
        if Kind.INITIAL in {first.kind, second.kind}:
            continue
        for j, right in enumerate(rights):
            if len(right.sound) < _SHORTEST_JOINED or not same_start(first.sound, right.sound):
                continue
            found = align(first.sound + second.sound, right.sound)
            if found.similarity > _JOINED_FROM:
                yield Pair((i, i + 1), (j,), found.similarity, found.changes)


def same_start(left: str, right: str) -> bool:
    """Whether two words may begin with one sound; an h or a glide at the start may be silent."""
    ways = ((a, b) for a in _starts(left) for b in _starts(right))
    return any(between(a, b) <= _SOUNDS_LIKE for a, b in ways)


@lru_cache(maxsize=50_000)
def _starts(word: str) -> frozenset[str]:
    found = {sound for end in (1, 2, 3, 4) for sound in SPELLINGS.get(word[:end], {})} or set(word[:1])
    return frozenset(found | (_starts(word[1:]) if found & {"h", "y"} and len(word) > 1 else set()))
