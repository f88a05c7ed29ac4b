"""Pictures made by a formula, with edges, corners and grain as photographs have them; the vocabulary learns from these.

Dead leaves of many sizes under noise whose spectrum falls like that of natural scenes (Lee, Mumford and Huang,
"Occlusion models for natural images", 2001). No photograph is needed, so the vocabulary can be made again by anybody.
"""

import cv2
import numpy as np

HEIGHT, WIDTH = 400, 500
LEAVES = 600


def texture(generator: np.random.Generator) -> np.ndarray:
    """One picture, (400, 500) uint8."""
    canvas = np.zeros((HEIGHT, WIDTH), np.float32)
    for _ in range(LEAVES):
        _lay_leaf(canvas, generator)
    soft = cv2.GaussianBlur(canvas, (0, 0), generator.uniform(0.5, 1.5))
    grained = soft + _grain(generator) * generator.uniform(5, 40)
    return np.clip(grained, 0, 255).astype(np.uint8)


def _lay_leaf(canvas: np.ndarray, generator: np.random.Generator) -> None:
    radius = float(np.clip(4 * generator.random() ** -0.7, 3, 150))
    centre = generator.random(2) * (WIDTH, HEIGHT)
    shade = float(generator.integers(0, 255))
    shape = generator.integers(3)
    if shape == 0:
        axes = 2 * radius, 2 * radius * generator.uniform(0.3, 1)
        cv2.ellipse(canvas, (tuple(centre), axes, generator.random() * 180), shade, -1)
    elif shape == 1:
        turns = np.sort(generator.random(generator.integers(3, 7))) * 2 * np.pi
        corners = centre + radius * np.stack([np.cos(turns), np.sin(turns)], axis=1)
        cv2.fillPoly(canvas, [corners.astype(np.int32)], shade)
    else:
        end = centre + radius * generator.normal(size=2)
        cv2.line(canvas, tuple(centre.astype(int)), tuple(end.astype(int)), shade, int(generator.integers(1, 8)))


def _grain(generator: np.random.Generator) -> np.ndarray:
    spectrum = np.fft.rfft2(generator.normal(size=(HEIGHT, WIDTH)))
    down, across = np.fft.fftfreq(HEIGHT)[:, None], np.fft.rfftfreq(WIDTH)[None]
    frequency = np.maximum(np.hypot(down, across), 0.004)
    grain = np.fft.irfft2(spectrum / frequency ** generator.uniform(0.6, 1.4), s=(HEIGHT, WIDTH))
    return grain / grain.std()
