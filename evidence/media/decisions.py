"""What counts as a match, how sure it is, and what it is called.

The score is a logistic function of five measures of the evidence. Its weights were fitted, as tests.bench.media_fit
does, to 585 proposals of 333 look-ups, 187 of them right (docs/media.md). Read the score as an order, not as a
probability. Weights change only together with VERSION. A match is a suggestion to a person at any score.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import exp, log, log1p

import numpy as np

from evidence.media.outlines import Outline
from evidence.media.rectangles import Rectangle, likeness

VERSION = 7
THRESHOLD = 0.5
NEARLY_ALL = 0.94
SAME_PANEL = 0.85
NARROWEST = 0.2
# For each of measures(), in that order.
WEIGHTS = (4.28, 2.07, 8.16, 1.95, 17.2)
BIAS = -21.3
# What is below all three are pieces that happen to agree: see is_piecewise.
PIECES = 0.8
STRANGE = 0.06
FEW = 12.0
# Two walls of brick, drawn and photographed, agreed with .20 to .45 contrary, 4 to 27 features and mostly under a tenth
# of those that could. Of 104 right matches of spoilt pictures those with so few features (grain) had .10 contrary at
# most, and those with more contrary (waves, stickers, low quality) 35 features at least.
CONTRARY = 0.15
PATTERN_SHARE = 0.15
PATTERN_FEATURES = 30.0
# Words of like typefaces on photographs that share nothing else: 62 pairs of 600 reached THRESHOLD, with up to 125
# features, and correlated within their tones by -.24 to .23, and one by .77; a real pair by .36. Of 377 right matches
# with so few features twelve of parts within the letters of a sign had -.15 to .37, three others .18 to .35.
LETTERING = 0.4
LETTERING_FEATURES = 150.0


class Kind(StrEnum):
    """From the surest to the least: the same bytes, the same picture, a part it was put together from, any region."""

    EXACT = "exact"
    WHOLE = "whole"
    PANEL = "panel"
    REGION = "region"


@dataclass(frozen=True)
class Evidence:
    """What speaks for a match.

    `cells` windows that agree with structure in both directions; the `purity` of what agrees among all that tells
    something there; `support` features that find their partner, each by how near it is, and their
    `share` of those that could; `narrow` the shorter side of what agrees, in windows. `contrary` is the share, of all
    that tells something, that says something else; `settled` is false where few features find their partner and the
    pixels agree better under a map that is a step further. `beyond` is how well the pixels correlate when all is taken
    off that two tones explain (tones.beyond), and 1 where that proves nothing (may_be_lettering).
    """

    cells: float
    purity: float
    support: float
    share: float
    narrow: float
    contrary: float = 0.0
    settled: bool = True
    beyond: float = 1.0


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


def measures(evidence: Evidence) -> tuple[float, ...]:
    """The evidence as the score weighs it: counts and lengths by their logarithms."""
    return (
        log1p(evidence.cells),
        log1p(evidence.support),
        evidence.purity,
        log(max(evidence.narrow, NARROWEST)),
        evidence.share,
    )


def is_piecewise(evidence: Evidence) -> bool:
    """Whether one map explains neither nearly all of the pixels nor the features of the region.

    A copy under one map agrees nearly everywhere, or, where its pixels were spoilt (grain, waves), its features still
    look alike. Of a building taken twice from nearly one spot some parts agree and others lie a little off; soft shades
    of one photograph agree with those of another, but what little can be told apart in them does not.
    """
    return evidence.purity < PIECES and evidence.share < STRANGE and evidence.support < FEW


def is_pattern(evidence: Evidence) -> bool:
    """Whether what agrees is the same pattern rather than the same picture: bricks, tiles, rows of dots.

    The joints of two walls meet in pieces under any map that keeps to the courses; between these they contradict, or
    meet better a step further.
    """
    few = evidence.share < PATTERN_SHARE and evidence.support < PATTERN_FEATURES
    return not evidence.settled or (few and evidence.contrary > CONTRARY)


def may_be_lettering(found: Outline, support: float) -> bool:
    """Whether a match is no more than a sign's worth of features in a part of each picture.

    A picture that is there nearly whole is a copy, even one of two tones: a logo, a poster.
    """
    return support < LETTERING_FEATURES and max(found.query.area, found.stored.area) < NEARLY_ALL


def is_lettering(evidence: Evidence) -> bool:
    """Whether what agrees is one tone on another, and nothing within the tones: words in one typeface, on two signs."""
    return evidence.beyond < LETTERING


def is_rejected(evidence: Evidence) -> bool:
    """Whether there is no match, however much agrees."""
    return is_piecewise(evidence) or is_pattern(evidence) or is_lettering(evidence)


def score(evidence: Evidence) -> float:
    """0..1; what reaches THRESHOLD is reported (`make bench-media` counts the false ones)."""
    if is_rejected(evidence):
        return 0.0
    sure = BIAS + sum(weight * value for weight, value in zip(WEIGHTS, measures(evidence), strict=True))
    return 1 / (1 + exp(-min(sure, 60.0)))


def kind_of(found: Outline, panels: list[Rectangle], stored_panels: list[Rectangle]) -> Kind:
    """What a match is called, by how much of both pictures it covers."""
    if found.query.area >= NEARLY_ALL and found.stored.area >= NEARLY_ALL:
        return Kind.WHOLE
    in_query = found.query.area >= NEARLY_ALL or _is_one_of(found.query, panels)
    in_stored = found.stored.area >= NEARLY_ALL or _is_one_of(found.stored, stored_panels)
    return Kind.PANEL if in_query and in_stored else Kind.REGION


def _is_one_of(region: Rectangle, panels: list[Rectangle]) -> bool:
    return any(likeness(region, panel) >= SAME_PANEL for panel in panels)
