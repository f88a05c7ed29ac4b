"""What counts as a match, how sure it is, and what it is called.

The score is a logistic function of the evidence on pixels and features. Its weights were chosen by hand on matches of
the development photographs and are not yet fitted to many negatives: read it as an order, not as a probability. They
change only together with VERSION. A match is a suggestion to a person at any score.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import exp, log1p

import numpy as np

from evidence.media.outlines import Outline
from evidence.media.rectangles import Rectangle, likeness

VERSION = 1
THRESHOLD = 0.5
NEARLY_ALL = 0.94
SAME_PANEL = 0.85
LEAST_PURITY = 0.4


class Kind(StrEnum):
    """From the surest to the least: the same bytes, the same picture, a part it was put together from, any region."""

    EXACT = "exact"
    WHOLE = "whole"
    PANEL = "panel"
    REGION = "region"


@dataclass(frozen=True)
class Evidence:
    """`cells` windows that agree, their `purity` among all that tell, mean `correlation`, `support` features."""

    cells: float
    purity: float
    correlation: float
    support: int


@dataclass(frozen=True, eq=False)
class Match:
    """A region of the query that comes from a region of stored picture `number`.

    `matrix` takes fractions (x, y, 1) of the stored picture to fractions of the query, a mirroring included.
    """

    number: int
    kind: Kind
    mirrored: bool
    query_region: Rectangle
    stored_region: Rectangle
    score: float
    matrix: np.ndarray
    evidence: Evidence


def score(evidence: Evidence) -> float:
    """0..1; what reaches THRESHOLD is reported (`make bench-media` counts the false ones)."""
    sure = (
        1.8 * log1p(evidence.cells)
        + 0.9 * log1p(evidence.support)
        + 14.0 * (evidence.correlation - 0.8)
        + 4.0 * (evidence.purity - 0.7)
        - 12.0 * max(0.0, LEAST_PURITY - evidence.purity)
    )
    return 1 / (1 + exp(7.0 - sure))


def kind_of(found: Outline, panels: list[Rectangle], stored_panels: list[Rectangle]) -> Kind:
    """What a match is called, by how much of both pictures it covers."""
    if found.query.area >= NEARLY_ALL and found.stored.area >= NEARLY_ALL:
        return Kind.WHOLE
    in_query = found.query.area >= NEARLY_ALL or _is_one_of(found.query, panels)
    in_stored = found.stored.area >= NEARLY_ALL or _is_one_of(found.stored, stored_panels)
    return Kind.PANEL if in_query and in_stored else Kind.REGION


def _is_one_of(region: Rectangle, panels: list[Rectangle]) -> bool:
    return any(likeness(region, panel) >= SAME_PANEL for panel in panels)
