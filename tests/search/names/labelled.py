"""Labelled pairs of names: the same person's or not, of the kinds that investigators meet; names only, no facts.

Each pair falls into one half by its hash: rules and thresholds are made looking at TUNE, figures are told from HELD.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path

from anyascii import anyascii
from rapidfuzz import fuzz

FOLDER = Path(__file__).with_name("data")
NEAREST = 3


class Half(StrEnum):
    """Which half of the data a pair belongs to."""

    TUNE = "tune"
    HELD = "held"


@dataclass(frozen=True)
class Pair:
    """Two names, whether they are one person's, and the kind of data they come from."""

    left: str
    right: str
    same: bool
    kind: str

    @property
    def half(self) -> Half:
        """The half of the pair, whichever name stands first."""
        digest = hashlib.sha256("|".join(sorted((self.left, self.right))).encode()).digest()
        return Half.HELD if digest[0] % 2 else Half.TUNE


@cache
def all_pairs() -> tuple[Pair, ...]:
    """Return every labelled pair, in a fixed order."""
    listed = [
        *_listed("same", True, "handmade"),
        *_listed("different", False, "handmade"),
        *_listed("handles_same", True, "handles"),
        *_listed("handles_different", False, "handles"),
    ]
    return (*_public_pairs(), *listed)


def pairs_of(*kinds: str, half: Half | None = None) -> list[Pair]:
    """Return the pairs of these kinds (all without any), of one half or of both."""
    return [pair for pair in all_pairs() if (not kinds or pair.kind in kinds) and (half is None or pair.half == half)]


def _rows(name: str) -> list[list[str]]:
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.split("|")] for line in lines if line and not line.startswith("#")]


def _listed(name: str, same: bool, kind: str) -> list[Pair]:
    return [Pair(left, right, same, kind) for left, right in _rows(name)]


def public_figures() -> list[list[str]]:
    """Return the spellings of each public figure."""
    return _rows("public_figures")


def _public_pairs() -> list[Pair]:
    people = public_figures()
    found = {}
    for spellings in people:
        for left, right in [*((spellings[0], other) for other in spellings[1:]), *pairwise(spellings[1:])]:
            if left != right:
                found[left, right] = Pair(left, right, True, "public")
    for position, spellings in enumerate(people):
        for other in _nearest(people, position):
            for left, right in zip(spellings, people[other][1:], strict=False):
                found[left, right] = Pair(left, right, False, "public")
    return list(found.values())


def _nearest(people: list[list[str]], position: int) -> list[int]:
    """Return the other people whose names read most alike: the hardest to tell apart."""
    name = anyascii(people[position][0]).lower()
    others = [i for i in range(len(people)) if i != position]
    alike = {i: fuzz.token_sort_ratio(name, anyascii(people[i][0]).lower()) for i in others}
    return sorted(others, key=lambda i: (-alike[i], i))[:NEAREST]
