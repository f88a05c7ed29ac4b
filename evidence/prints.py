"""Fingerprints between the parsers' child, the database and evidence.media: the only place that knows their shapes."""

import json
import struct
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from evidence.enums import FrameKind
from evidence.media import decisions, fingerprints
from evidence.media.fingerprints import BadFingerprint, StoredPrint
from evidence.media.fingerprints import Fingerprint as Print
from evidence.media.rectangles import Rectangle
from evidence.models import PackedPrint
from evidence.parsers import media_types, sandbox
from evidence.parsers.sandbox import Parsed, ParserFailed

# Rises with either: what was found under another version is found again, and judged no second time.
VERSION = fingerprints.VERSION * 1000 + decisions.VERSION
HASH = np.dtype([("region", "<f4", (4,)), ("bits", "u1", (32,))])
PARSER = "evidence.parsers.frames"
LONGEST_SIDE = 1_000_000
FILES = ("features.bin", "grey.bin")
LENGTHS = struct.Struct("<3Q")


@dataclass(frozen=True, eq=False)
class FoundFrame:
    """One picture as the child described it, checked. `shown` is the file of its rendition, for those that need one."""

    kind: str
    position: int
    page: int | None
    second: float | None
    reason: str
    width: int
    height: int
    sha256: str
    flat: bool
    made: Print
    shown: tuple[bytes, int, int] | None


def has_pictures(media_type: str) -> bool:
    """Whether pictures are looked for in files of this type."""
    return media_type in (*media_types.PICTURES, media_types.PDF) or media_type.startswith("video/")


def read_frames(stream: BinaryIO, media_type: str) -> tuple[list[FoundFrame], str]:
    """The pictures of an open file, and what kept some of them from being read; raises ParserFailed."""
    with sandbox.run(PARSER, stream, media_type=media_type) as parsed:
        try:
            frames = list(_frames(parsed))
        except (BadFingerprint, KeyError, TypeError, ValueError) as error:
            raise ParserFailed("crashed", "The parser's answer makes no sense.") from error
        return frames, " ".join(str(problem) for problem in parsed.facts["problems"])[:300]


def _frames(parsed: Parsed):
    counts: dict[str, int] = {}
    for number, facts in enumerate(parsed.facts["frames"]):
        kind = FrameKind(facts["kind"]).value
        position = counts[kind] = counts.get(kind, -1) + 1
        shown = None
        if "shown" in facts:
            width, height = (_side(value) for value in facts["shown"])
            shown = parsed.file(f"{number}/picture.webp"), width, height
        yield FoundFrame(
            kind=kind,
            position=position,
            page=_optional(facts["page"], int),
            second=_optional(facts["second"], float),
            reason=str(facts["reason"])[:100],
            width=_side(facts["width"]),
            height=_side(facts["height"]),
            sha256=_hex(facts["sha256"]),
            flat=bool(facts["flat"]),
            made=fingerprints.from_files(facts["print"], parsed.folder / str(number)),
            shown=shown and (shown[0].read_bytes(), shown[1], shown[2]),
        )


def _side(value: Any) -> int:
    if not 0 < int(value) <= LONGEST_SIDE:
        raise ValueError("a side of no picture")
    return int(value)


def _hex(value: Any) -> str:
    if len(bytes.fromhex(value)) != 32:
        raise ValueError("not a SHA-256")
    return value.lower()


def _optional(value: Any, kind: type) -> Any:
    return None if value is None else kind(value)


# --- the database


def packed(kept: StoredPrint) -> dict[str, bytes]:
    """The columns of a PackedPrint."""
    rows = np.zeros(len(kept.hashes), HASH)
    for row, (region, bits) in zip(rows, kept.hashes, strict=True):
        row["region"], row["bits"] = region, np.frombuffer(bits, np.uint8)
    return {"hashes": rows.tobytes(), "postings": kept.postings.tobytes(), "rendition": kept.rendition}


def unpacked(row: PackedPrint, width: int, height: int) -> StoredPrint:
    """The print of a frame of that size."""
    hashes = np.frombuffer(row.hashes, HASH)
    return StoredPrint(
        width,
        height,
        [(Rectangle(*(float(side) for side in one["region"])), one["bits"].tobytes()) for one in hashes],
        np.frombuffer(row.postings, fingerprints.POSTING),
        bytes(row.rendition),
    )


def load_prints(numbers: Sequence[int]) -> dict[int, StoredPrint]:
    """The prints of these frames, in one query."""
    rows = PackedPrint.objects.filter(frame__in=numbers, version=VERSION).select_related("frame")
    return {row.frame_id: unpacked(row, row.frame.width, row.frame.height) for row in rows}


# --- what waits in the row of a look-up


def frozen(made: Print) -> bytes:
    """A print as one string of bytes, to be asked again later."""
    with tempfile.TemporaryDirectory(prefix="print-") as folder:
        facts = fingerprints.to_files(made, Path(folder))
        parts = [json.dumps(facts).encode(), *((Path(folder) / name).read_bytes() for name in FILES)]
    head = LENGTHS.pack(*(len(part) for part in parts))
    return zlib.compress(head + b"".join(parts), 1)


def thawed(content: bytes) -> Print:
    """The print that was frozen."""
    plain = zlib.decompress(content)
    with tempfile.TemporaryDirectory(prefix="print-") as folder:
        at, parts = LENGTHS.size, []
        for length in LENGTHS.unpack_from(plain):
            parts.append(plain[at : at + length])
            at += length
        for name, part in zip(FILES, parts[1:], strict=True):
            (Path(folder) / name).write_bytes(part)
        return fingerprints.from_files(json.loads(parts[0]), Path(folder))
