"""Regions of pictures as SVG and citations take them."""

# As many colours as the style sheet has for outlines.
TONES = 6


def points(polygon: list[list[float]]) -> str:
    """The points of an SVG polygon in a view box of 1000 by 1000."""
    return " ".join(f"{1000 * x:.1f},{1000 * y:.1f}" for x, y in polygon)


def in_per_cent(region: list[float]) -> str:
    """A region in words."""
    x, y, w, h = (round(100 * side) for side in region)
    return "all of it" if w * h >= 9_500 else f"{w} × {h} %, from {x} % left and {y} % top"


def corners(region: list[float]) -> list[list[float]]:
    """The corners of [x, y, w, h], clockwise from the upper left."""
    x, y, w, h = region
    return [[x, y], [x + w, y], [x + w, y + h], [x, y + h]]
