"""The pixels of one region of a picture, as a hash that a citation can be bound to."""

import hashlib

from PIL import Image

from evidence import stores
from evidence.enums import DerivativeOperation
from evidence.models import Item
from evidence.queries import derivative_of

MAX_PIXELS = 64_000_000


def region_sha256(item: Item, *, x: float, y: float, w: float, h: float) -> str:
    """The SHA-256 of size and RGB pixels of a region of the item's rendition; empty where there is no rendition.

    The region is given in per cent of width and height. Only our own rendition is opened, never the original.
    """
    rendition = derivative_of(item, DerivativeOperation.RENDITION)
    stream = stores.derivatives().open(rendition.sha256) if rendition else None
    if stream is None:
        return ""
    with stream, Image.open(stream, formats=("WEBP",)) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            return ""
        left, upper = int(picture.width * x / 100), int(picture.height * y / 100)
        right = min(picture.width, max(left + 1, round(picture.width * (x + w) / 100)))
        lower = min(picture.height, max(upper + 1, round(picture.height * (y + h) / 100)))
        pixels = picture.convert("RGB").crop((left, upper, right, lower))
    return hashlib.sha256(f"{pixels.width}x{pixels.height}\n".encode() + pixels.tobytes()).hexdigest()
