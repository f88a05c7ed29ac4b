"""The pixels of one region of a picture, as a hash that a citation can be bound to."""

import hashlib
from collections import defaultdict
from collections.abc import Collection
from functools import lru_cache

from PIL import Image

from evidence import stores
from evidence.enums import DerivativeOperation, FrameKind
from evidence.models import Derivative, Frame, Item
from evidence.queries import derivative_of
from evidence.reuse import frames_of

MAX_PIXELS = 64_000_000


def part_name(frame: Frame) -> str:
    """What a fragment calls a picture in a file of several (claims.selectors.Region); empty for an image."""
    if frame.kind == FrameKind.IMAGE:
        return ""
    if frame.kind == FrameKind.KEYFRAME:
        return f"t={frame.second or 0:.3f}".rstrip("0").rstrip(".")
    return f"page={frame.page}" + (f"&picture={frame.position + 1}" if frame.kind == FrameKind.EMBEDDED else "")


def region_sha256(item: Item, *, part: str = "", x: float, y: float, w: float, h: float) -> str:
    """The SHA-256 of size and RGB pixels of a region of what is shown of a picture; empty where nothing is shown.

    The region is given in per cent of width and height. Only our own rendition is opened, never the original.
    """
    if part:
        sha256 = next((frame.picture_sha256 for frame in frames_of(item) if part_name(frame) == part), "")
    else:
        rendition = derivative_of(item, DerivativeOperation.RENDITION)
        sha256 = rendition.sha256 if rendition else ""
    return _pixels_sha256(sha256, x, y, w, h) if sha256 else ""


class Renditions:
    """What is shown of the pictures of many exhibits, found with two queries, to compare hashes of regions with."""

    def __init__(self, items: Collection[Item]) -> None:
        self._shown: dict[tuple[str, str], list[str]] = defaultdict(list)
        wanted = {item.blob_id for item in items if item.blob_id and item.derived_at}
        if wanted:
            made = Derivative.objects.filter(parent__in=wanted, operation=DerivativeOperation.RENDITION)
            for parent, sha256 in made.values_list("parent", "sha256"):
                self._shown[parent, ""].append(sha256)
            for frame in Frame.objects.filter(blob__in=wanted).exclude(picture_sha256=""):
                self._shown[frame.blob_id, part_name(frame)].append(frame.picture_sha256)

    def hashes(self, item: Item, *, part: str = "", x: float, y: float, w: float, h: float) -> set[str]:
        """The hash of a region in each rendition: a later tool makes other pixels, and earlier citations still hold."""
        found = {_pixels_sha256(sha256, x, y, w, h) for sha256 in self._shown.get((item.blob_id, part), ())}
        return found - {""}


def _pixels_sha256(rendition: str, x: float, y: float, w: float, h: float) -> str:
    try:
        return _read_pixels(rendition, x, y, w, h)
    except FileNotFoundError:
        return ""


# Renditions are named by their hash and never change. A missing one raises, and so is looked for again.
@lru_cache(maxsize=1024)
def _read_pixels(rendition: str, x: float, y: float, w: float, h: float) -> str:
    stream = stores.derivatives().open(rendition)
    if stream is None:
        raise FileNotFoundError(rendition)
    with stream, Image.open(stream, formats=("WEBP",)) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            return ""
        left, upper = int(picture.width * x / 100), int(picture.height * y / 100)
        right = min(picture.width, max(left + 1, round(picture.width * (x + w) / 100)))
        lower = min(picture.height, max(upper + 1, round(picture.height * (y + h) / 100)))
        pixels = picture.convert("RGB").crop((left, upper, right, lower))
    return hashlib.sha256(f"{pixels.width}x{pixels.height}\n".encode() + pixels.tobytes()).hexdigest()
