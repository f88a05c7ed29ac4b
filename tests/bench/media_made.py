"""What an attack makes: a picture, and what in it comes from where; and the tools that most attacks need.

Every attack takes the photographs it is made of, hosts that are in no store, and a seeded generator; the same seed
makes the same query. Regions are fractions [x, y, w, h], those of cut-outs the bounding boxes.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageFont

Region = tuple[float, float, float, float]
WHOLE: Region = (0.0, 0.0, 1.0, 1.0)
SENTENCE = "BREAKING shared by nobody in particular this is what they do not want you to see tonight look at it"
WORDS = SENTENCE.split()


@dataclass(frozen=True)
class Placed:
    """Photograph number `source` (of those given) shows its `stored` region in the `query` region."""

    source: int
    query: Region
    stored: Region = WHOLE


@dataclass
class Made:
    """A query: the picture and what is in it."""

    image: Image.Image
    placed: list[Placed] = field(default_factory=list)


Random = np.random.Generator
Attack = Callable[[list[Image.Image], list[Image.Image], Random], Made]


def recoded(image: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    image.convert("RGB").save(buffer, "JPEG", quality=quality)
    return Image.open(io.BytesIO(buffer.getvalue())).convert("RGB")


def sized(image: Image.Image, factor: float) -> Image.Image:
    size = max(8, round(image.width * factor)), max(8, round(image.height * factor))
    return image.resize(size, Image.Resampling.LANCZOS)


def font_of(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.load_default(max(8, size))


def sentence(random: Random, words: int) -> str:
    return " ".join(random.choice(WORDS, words))


def simple(change: Callable[[Image.Image, Random], Image.Image]) -> Attack:
    """An attack that changes pixels but not what is where."""
    return lambda photos, hosts, random: Made(change(photos[0], random), [Placed(0, WHOLE)])


def cropped(image: Image.Image, across: float, down: float, random: Random) -> tuple[Image.Image, Region]:
    x, y = random.uniform(0, 1 - across), random.uniform(0, 1 - down)
    box = x * image.width, y * image.height, (x + across) * image.width, (y + down) * image.height
    return image.crop(tuple(round(value) for value in box)), (x, y, across, down)


def framed(image: Image.Image, margins: tuple[int, int, int, int], colour: tuple) -> Made:
    left, upper, right, lower = margins
    canvas = Image.new("RGB", (image.width + left + right, image.height + upper + lower), colour)
    canvas.paste(image, (left, upper))
    region = left / canvas.width, upper / canvas.height, image.width / canvas.width, image.height / canvas.height
    return Made(canvas, [Placed(0, region)])


def nested(made: Made, canvas: Image.Image, box: tuple[int, int, int, int]) -> Made:
    """The same placements after the picture of `made` was pasted into a box of the canvas."""
    x, y, w, h = box[0] / canvas.width, box[1] / canvas.height, box[2] / canvas.width, box[3] / canvas.height
    return Made(
        canvas,
        [
            Placed(
                one.source, (x + one.query[0] * w, y + one.query[1] * h, one.query[2] * w, one.query[3] * h), one.stored
            )
            for one in made.placed
        ],
    )


def inner(region: Region, part: Region) -> Region:
    x, y, w, h = region
    return x + part[0] * w, y + part[1] * h, part[2] * w, part[3] * h
