"""Say whether two names may belong to one person, organisation or account, and why."""

from dataclasses import dataclass
from enum import StrEnum


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
    """Return which letters stand for which, each once, as a person can check them ("kh = x")."""
    return list(dict.fromkeys(f"{left or '-'} = {right or '-'}" for left, right, _ in changes if left != right))
