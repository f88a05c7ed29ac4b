"""Rectangles as fractions of a picture: [x, y, w, h] in 0..1, from the upper left."""

from typing import NamedTuple

import numpy as np


class Rectangle(NamedTuple):
    """Left, upper, width and height as fractions of the upright picture."""

    x: float
    y: float
    w: float
    h: float

    @property
    def area(self) -> float:
        return self.w * self.h


WHOLE = Rectangle(0.0, 0.0, 1.0, 1.0)


class Box(NamedTuple):
    """The same in whole pixels, as half-open ranges."""

    left: int
    upper: int
    right: int
    lower: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.lower - self.upper

    @property
    def area(self) -> int:
        return max(0, self.width) * max(0, self.height)

    def cut(self, pixels):
        """The part of an array of (h, w, ...) pixels that lies in the box."""
        return pixels[self.upper : self.lower, self.left : self.right]

    def fractions(self, width: int, height: int) -> Rectangle:
        return Rectangle(self.left / width, self.upper / height, self.width / width, self.height / height)


def within(region: Rectangle, places: np.ndarray) -> np.ndarray:
    """Which places (n, 2), as fractions, lie in a rectangle: (n) bool."""
    corner = np.array([region.x, region.y])
    return ((places >= corner) & (places <= corner + np.array([region.w, region.h]))).all(axis=1)


def overlap(one: Rectangle, other: Rectangle) -> float:
    """The area that both cover, as a fraction of the picture."""
    width = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    height = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    return max(0.0, width) * max(0.0, height)


def likeness(one: Rectangle, other: Rectangle) -> float:
    """Intersection over union, 0..1."""
    both = overlap(one, other)
    union = one.area + other.area - both
    return both / union if union > 0 else 0.0
