"""Pictures with the texture of photographs, made by a formula, and what people do to them."""

import io
from functools import cache

import numpy as np
from PIL import Image

from evidence.media import textures


@cache
def texture(seed: int, size: tuple[int, int] = (480, 360)) -> Image.Image:
    """A picture that resembles no other one; the same for the same seed."""
    generator = np.random.default_rng(seed)
    channels = [textures.texture(generator) for _ in range(2)]
    mixed = np.stack([channels[0], channels[0] // 2 + channels[1] // 2, channels[1]], axis=2)
    return Image.fromarray(mixed).resize(size)


def jpeg(image: Image.Image, *, quality: int = 88, **more) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=quality, **more)
    return out.getvalue()


def side_by_side(left: Image.Image, right: Image.Image, *, gap: int = 0) -> Image.Image:
    """The splice of the case: two pictures of one height, with a white gutter of `gap` pixels."""
    joined = Image.new("RGB", (left.width + gap + right.width, left.height), "white")
    joined.paste(left, (0, 0))
    joined.paste(right, (left.width + gap, 0))
    return joined


def pdf_of(*pictures: Image.Image) -> bytes:
    """A PDF with one page for each picture."""
    out = io.BytesIO()
    pictures[0].save(out, "PDF", save_all=True, append_images=pictures[1:])
    return out.getvalue()
