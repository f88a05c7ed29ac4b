"""Small photographs that nobody took: textures with a colour and a light of their own, the same every time."""

from functools import cache

import numpy as np
from PIL import Image, ImageDraw

from evidence.media import fingerprints, textures
from evidence.media.pixels import prepare


@cache
def photograph(number: int, size: tuple[int, int] = (480, 320)) -> Image.Image:
    """Photograph `number`: RGB, unlike every other."""
    generator = np.random.default_rng([41, number])
    grey = Image.fromarray(textures.texture(generator)).resize(size, Image.Resampling.LANCZOS)
    tint = generator.uniform(0.6, 1.0, 3)
    light = np.linspace(*generator.uniform(0.6, 1.3, 2), size[1])[:, None, None]
    values = np.asarray(grey, np.float32)[:, :, None] * tint * light
    return Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))


@cache
def wall(number: int, size: tuple[int, int] = (480, 320)) -> Image.Image:
    """Wall `number`: bricks of its own, light and dark and not quite in line, in the courses that all walls have."""
    generator = np.random.default_rng([43, number])
    pixels = np.full(size[::-1], 200.0)
    for row, top in enumerate(range(0, size[1], 14)):
        for left in range(-18 * (row % 2), size[0], 36):
            aside = generator.integers(-2, 3)
            pixels[top + 2 : top + 14, max(0, left + 3 + aside) : left + 36 + aside] = generator.uniform(60, 140)
    noisy = pixels + generator.normal(0, 4, pixels.shape)
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).convert("RGB")


@cache
def sign(number: int, words: str, at: tuple[int, int] = (90, 60)) -> Image.Image:
    """Photograph `number` with a board at a place that says something, with margins, light and shades of its own."""
    generator = np.random.default_rng([47, number])
    ink, ground = generator.uniform(200, 255, (1, 1, 3)), generator.uniform(50, 130, (1, 1, 3))
    left, upper, right, lower = generator.integers(6, 30, 4)
    board = Image.new("L", (190 + left + right, 46 * (1 + words.count("\n")) + upper + lower))
    ImageDraw.Draw(board).multiline_text((left, upper), words, fill=255, font_size=44)
    letters = np.asarray(board)[:, :, None] / 255
    light = np.add.outer(*(np.linspace(*generator.uniform(0.2, 0.5, 2), side) for side in letters.shape[:2]))
    lit = (letters * ink + (1 - letters) * ground) * light[:, :, None] + generator.normal(0, 8, letters.shape)
    picture = photograph(number).copy()
    picture.paste(Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8)), at)
    return picture


def post(ground: str, ink: str, number: int = 5) -> Image.Image:
    """A screenshot of a post that shows photograph `number` at (20, 160)."""
    canvas = Image.new("RGB", (520, 560), ground)
    draw = ImageDraw.Draw(canvas)
    draw.ellipse((16, 12, 56, 52), fill="green")
    for line in range(4):
        draw.text((20, 60 + 22 * line), "some words that are the same on every screen", fill=ink, font_size=18)
    canvas.paste(photograph(number), (20, 160))
    draw.text((20, 510), "12 replies   40 shares", fill=ink, font_size=18)
    return canvas


@cache
def made(number: int) -> fingerprints.Fingerprint:
    """The fingerprint of photograph `number`."""
    return fingerprints.fingerprint(prepare(photograph(number)))


@cache
def kept(number: int) -> fingerprints.StoredPrint:
    """What is stored of photograph `number`."""
    return fingerprints.stored(made(number))
