"""Say whether two names may belong to one person, organisation or account, and why."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from search.names.sounds import SPELLINGS


class Verdict(StrEnum):
    """What the names alone allow to think; never a decision."""

    MATCH = "match"
    POSSIBLE = "possible"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Comparison:
    """How alike two names are (0 to 1), what that suggests, and the reasons as a person can check them."""

    score: float
    verdict: Verdict
    why: str


MATCH_FROM = 0.8
POSSIBLE_FROM = 0.6


def verdict_of(score: float) -> Verdict:
    """Return the verdict that belongs to a score."""
    if score >= MATCH_FROM:
        return Verdict.MATCH
    return Verdict.POSSIBLE if score >= POSSIBLE_FROM else Verdict.DIFFERENT


def spellings(changes: tuple[tuple[str, str, float], ...]) -> list[str]:
    """Return which letters stand for which, each once, as a person can check them ("kh = x").

    Letters of two scripts that are each other's usual letter (л, l) are not told.
    """
    told = (f"{left or '-'} = {right or '-'}" for left, right, _ in changes if not _is_usual(left, right))
    return list(dict.fromkeys(told))


def _is_usual(left: str, right: str) -> bool:
    if left == right:
        return True
    if len(left) != 1 or len(right) != 1 or _script(left) == _script(right):
        return False
    return next(iter(SPELLINGS.get(left, left))) == next(iter(SPELLINGS.get(right, right)))


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
