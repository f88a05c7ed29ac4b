"""What a match says, in words: how alike, which part, and what to look for before believing it."""

from evidence.enums import MatchKind
from evidence.media.rectangles import Rectangle
from evidence.models import Match

NEARLY_ALL = 0.94
AGREEMENT = ((0.97, "strong"), (0.85, "clear"), (0.65, "fair"), (0.0, "weak"))
KINDS = {
    MatchKind.EXACT: "The same file, byte for byte",
    MatchKind.WHOLE: "The same picture",
    MatchKind.PANEL: "One is a panel of the other, or both hold the same panel",
    MatchKind.REGION: "Both show the same region",
}


def in_words(match: Match) -> str:
    """One sentence on a match."""
    words = KINDS[MatchKind(match.kind)]
    if match.kind == MatchKind.EXACT:
        return f"{words}."
    words += ", seen in a mirror" if match.mirrored else ""
    strength = next(word for least, word in AGREEMENT if match.score >= least)
    return f"{words}: {strength} agreement of pixels{_share(match)}."


def _share(match: Match) -> str:
    if not match.regions or match.kind == MatchKind.WHOLE:
        return ""
    here, there = (max(Rectangle(*one[side]).area for one in match.regions) for side in ("query", "stored"))
    count = len(match.regions)
    times = f", in {count} places" if count > 1 else ""
    return f", {_of(here)} of the left and {_of(there)} of the right picture{times}"


def _of(area: float) -> str:
    return "all" if area >= NEARLY_ALL else f"{round(100 * area)} %"
