"""Pair the parts of two names: which part of one is which of the other, in any order, joined or not."""

from dataclasses import dataclass

from search.names.alignment import align
from search.names.parts import Kind, Part
from search.names.sounds import SPELLINGS, between

PAIRED_FROM = 0.6
_INITIAL_SIMILARITY = 0.85
_SOUNDS_LIKE = 0.1


@dataclass(frozen=True)
class Pair:
    """Parts of both names that are one another's spelling; `left` and `right` are positions."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    similarity: float
    changes: tuple[tuple[str, str, float], ...] = ()
    initial: bool = False


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
        return Pair((i,), (j,), _INITIAL_SIMILARITY, initial=True) if same_start(left.sound, right.sound) else None
    found = align(left.sound, right.sound)
    if found.similarity < PAIRED_FROM:
        return None
    return Pair((i,), (j,), found.similarity, found.changes)


def _joined(lefts: tuple[Part, ...], rights: tuple[Part, ...]):
    """Two neighbours on the left that are one word on the right (Van der Bilt, Vanderbilt)."""
    for i in range(len(lefts) - 1):
        first, second = lefts[i], lefts[i + 1]
        if Kind.INITIAL in {first.kind, second.kind}:
            continue
        for j, right in enumerate(rights):
            if len(right.sound) < 5 or right.kind == Kind.INITIAL:
                continue
            found = align(first.sound + second.sound, right.sound)
            if found.similarity > 0.85:
                yield Pair((i, i + 1), (j,), found.similarity, found.changes)


def same_start(left: str, right: str) -> bool:
    """Whether two words may begin with one sound."""
    if not left or not right:
        return False
    ways = ((a, b) for a in _starts(left) for b in _starts(right))
    return any(between(a, b) <= _SOUNDS_LIKE for a, b in ways)


def _starts(word: str) -> set[str]:
    found = {sound for end in (1, 2, 3, 4) for sound in SPELLINGS.get(word[:end], {})}
    return found or {word[0]}
