"""Pictures: a rendition and a thumbnail that carry nothing but pixels, and what the original says about itself.

Only four formats are decoded, of at most 50 million pixels; every warning of the decoder is an error. The first frame
stands for an animation. Coordinates on the rendition are fractions of the upright picture, so they hold for the
original too.
"""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, TypeVar

from PIL import ExifTags, Image, ImageOps

from evidence.parsers.refusals import Refused

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
MOST_PIXELS = 50_000_000
RENDITION = 2_000
THUMBNAIL = 480
SUB_DIRECTORIES = (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo, ExifTags.IFD.Interop)
LONGEST_VALUE = 1_000
MOST_VALUES = 300
Made = TypeVar("Made")


def parse(stream: BinaryIO) -> dict:
    """Writes rendition.webp and thumbnail.webp; the facts hold size, format, EXIF, and GPS if there is any."""
    return decode(stream, _parse)


def decode(stream: BinaryIO, use: Callable[[Image.Image], Made]) -> Made:
    """What `use` makes of the first frame of the picture, within the limits; raises Refused."""
    with decoding():
        return use(opened(stream))


def opened(stream: BinaryIO) -> Image.Image:
    """The first frame of a picture in one of the formats that are decoded; call it in a block of decoding()."""
    image = Image.open(stream, formats=FORMATS)
    image.seek(0)
    return image


@contextmanager
def decoding() -> Iterator[None]:
    """A block in which pictures are decoded within the limits; raises Refused for what breaks them."""
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            yield
        except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
            raise Refused(f"The picture has more than {MOST_PIXELS:,} pixels and is not decoded.") from error
        except (OSError, ValueError, SyntaxError, EOFError, Warning, KeyError, IndexError, TypeError) as error:
            raise Refused(f"The picture is damaged or not what it seems: {str(error)[:200]}.") from error


def _parse(image: Image.Image) -> dict:
    facts = {"format": image.format, "animated": bool(getattr(image, "is_animated", False))}
    exif = image.getexif()
    facts |= {"exif": _readable(exif), "gps": _gps(exif), "gps_in_xmp": _gps_in_xmp(image), "notes": _notes(image)}
    facts["width"], facts["height"] = _upright_size(image.size, exif)
    upright = _upright(image, exif)
    facts["rendition"] = save(upright, RENDITION, "rendition.webp")
    facts["thumbnail"] = save(upright, THUMBNAIL, "thumbnail.webp")
    return facts


def _upright_size(size: tuple[int, int], exif: Image.Exif) -> tuple[int, int]:
    return size[::-1] if exif.get(ExifTags.Base.Orientation) in (5, 6, 7, 8) else size


def _upright(image: Image.Image, exif: Image.Exif) -> Image.Image:
    orientation = exif.get(ExifTags.Base.Orientation)
    image.draft("RGB", (RENDITION, RENDITION))
    image.thumbnail((RENDITION, RENDITION), Image.Resampling.BOX if max(image.size) > 4 * RENDITION else None)
    transparent = "A" in image.getbands() or "transparency" in image.info
    clean = Image.new("RGBA" if transparent else "RGB", image.size)
    clean.paste(image.convert(clean.mode))
    clean.getexif()[ExifTags.Base.Orientation] = orientation or 1
    return ImageOps.exif_transpose(clean)


def save(image: Image.Image, longest: int, name: str) -> list[int]:
    """Write the pixels alone, at most `longest` to a side, as WebP; returns width and height."""
    copy = image.copy()
    copy.thumbnail((longest, longest))
    bare = Image.new(copy.mode, copy.size)
    bare.paste(copy)
    bare.save(name, "WEBP", quality=86, method=3)
    return list(bare.size)


def _readable(exif: Image.Exif) -> dict[str, Any]:
    values = _named(exif, ExifTags.TAGS)
    for directory in SUB_DIRECTORIES:
        names = ExifTags.GPSTAGS if directory is ExifTags.IFD.GPSInfo else ExifTags.TAGS
        prefix = "GPS " if directory is ExifTags.IFD.GPSInfo else ""
        values |= {prefix + key: value for key, value in _named(exif.get_ifd(directory), names).items()}
    return dict(list(values.items())[:MOST_VALUES])


def _named(values: Any, names: dict[int, str]) -> dict[str, str]:
    return {str(names.get(tag, f"0x{tag:04x}")): _text(value) for tag, value in dict(values).items()}


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii") if value.isascii() else value.hex()
    if isinstance(value, tuple):
        value = ", ".join(str(part) for part in value)
    text = str(value).replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    return text[:LONGEST_VALUE].strip()


def _gps(exif: Image.Exif) -> dict[str, str]:
    found = exif.get_ifd(ExifTags.IFD.GPSInfo)
    if not found:
        return {}
    latitude, longitude = _degrees(found, 1, 2, "S"), _degrees(found, 3, 4, "W")
    return {"latitude": latitude, "longitude": longitude} if latitude and longitude else {"position": "unreadable"}


def _degrees(gps: dict, reference: int, value: int, negative: str) -> str:
    try:
        degrees, minutes, seconds = (float(part) for part in gps[value])
        sign = -1 if str(gps.get(reference, "")).upper().startswith(negative) else 1
        return f"{sign * (degrees + minutes / 60 + seconds / 3600):.6f}"
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return ""


def _gps_in_xmp(image: Image.Image) -> bool:
    xmp = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return b"GPSL" in (xmp if isinstance(xmp, bytes) else str(xmp).encode("utf-8", "replace"))


def _notes(image: Image.Image) -> dict[str, str]:
    """Words that the file carries outside EXIF (PNG text chunks, a GIF or JPEG comment)."""
    words = {key: value for key, value in image.info.items() if isinstance(value, str)}
    if isinstance(comment := image.info.get("comment"), bytes):
        words["comment"] = comment.decode("utf-8", "replace")
    return {_text(key): _text(value) for key, value in list(words.items())[:50] if "xmp" not in key.lower()}
