"""What evidence.media finds, as the rest of the house keeps and shows it: plain numbers, one entry per pair."""

from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import numpy as np

from evidence.media import decisions
from evidence.media.geometry import apply
from evidence.media.matching import Report
from evidence.media.rectangles import Rectangle
from evidence.prints import VERSION

DIGITS = 5
KINDS = [kind.value for kind in decisions.Kind]


@dataclass(frozen=True)
class FoundMatch:
    """A stored picture that matches: the best kind and score, and each region, best first (see models.Match)."""

    number: int
    kind: str
    mirrored: bool
    score: float
    regions: list[dict[str, Any]] = field(default_factory=list)

    def columns(self) -> dict[str, Any]:
        """The columns of a Match."""
        about = {name: getattr(self, name) for name in ("kind", "mirrored", "score", "regions")}
        return about | {"version": VERSION}


def found_matches(report: Report) -> list[FoundMatch]:
    """The matches of a report by stored picture, best first."""
    by_picture = sorted(enumerate(report.matches), key=lambda pair: (pair[1].number, pair[0]))
    grouped = [
        (rows[0][0], [match for _, match in rows])
        for rows in (list(group) for _, group in groupby(by_picture, key=lambda pair: pair[1].number))
    ]
    return [_found(matches) for _, matches in sorted(grouped, key=lambda pair: pair[0])]


def _found(matches: list[decisions.Match]) -> FoundMatch:
    best = matches[0]
    kind = min((match.kind.value for match in matches), key=KINDS.index)
    return FoundMatch(best.number, kind, best.mirrored, round(best.score, 4), [region_of(one) for one in matches])


def region_of(match: decisions.Match) -> dict[str, Any]:
    """One region on both sides, with its outline on the query and the map that lays the stored picture over it."""
    corners = _corners(match.stored_region)
    return {
        "query": plain(match.query_region),
        "stored": plain(match.stored_region),
        "query_polygon": np.clip(apply(match.matrix, corners), 0, 1).round(DIGITS).tolist(),
        "stored_polygon": corners.round(DIGITS).tolist(),
        "mirrored": match.mirrored,
        "score": round(match.score, 4),
        "align": np.asarray(match.matrix, float).round(8).tolist(),
    }


def plain(region: Rectangle) -> list[float]:
    """[x, y, w, h] in few digits."""
    return [round(float(side), DIGITS) for side in region]


def _corners(region: Rectangle) -> np.ndarray:
    x, y, w, h = region
    return np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]])
