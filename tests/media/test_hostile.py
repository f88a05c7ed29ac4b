"""Pictures from hostile hands: a fingerprint or a reason. What could eat memory goes to the sandboxed child, as all
evidence does; what is only odd is parsed here, which is quicker.
"""

import io
import itertools
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from evidence.media import fingerprints
from evidence.media.pixels import prepare
from evidence.parsers import frames, sandbox
from evidence.parsers.refusals import Refused
from tests.media.pictures import photograph


def encoded(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture
def parse(tmp_path, monkeypatch):
    """The parser without its sandbox."""
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", Image.MAX_IMAGE_PIXELS)
    numbers = itertools.count()

    def parsed(content: bytes) -> fingerprints.Fingerprint:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        monkeypatch.chdir(folder)
        (frame,) = frames.parse(io.BytesIO(content), media_type="image/png")["frames"]
        return fingerprints.from_files(frame["print"], folder / "0")

    return parsed


def in_sandbox(content: bytes, tmp_path) -> tuple[fingerprints.Fingerprint, int]:
    """The fingerprint, and the most memory in MB that it took."""
    path = tmp_path / "evidence"
    path.write_bytes(content)
    with path.open("rb") as source, sandbox.run("evidence.parsers.frames", source, media_type="image/png") as parsed:
        (frame,) = parsed.facts["frames"]
        return fingerprints.from_files(frame["print"], parsed.folder / "0"), parsed.facts["peak_mb"]


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *, depth: int = 8, data: bytes = b"", extra: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, depth, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def bomb(side: int) -> bytes:
    """A few kilobytes that unfold to side x side pixels of one bit."""
    row = b"\0" + b"\xaa" * (side // 8)
    packer = zlib.compressobj(9)
    return png(side, side, depth=1, data=b"".join(packer.compress(row) for _ in range(side)) + packer.flush())


def gif(frames: int) -> bytes:
    """Photograph 0 and then so many frames of a single pixel."""
    first = encoded(photograph(0, (64, 64)).quantize(64), "GIF")
    assert first.endswith(b";")
    pixel = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return first[:-1] + pixel * frames + b";"


def apng(frames: int) -> bytes:
    """A picture of noise that says it is followed by so many frames of a single pixel."""
    noise = np.random.default_rng(3).integers(0, 255, (64, 64), np.uint8)
    rows = zlib.compress(b"".join(b"\0" + row.tobytes() for row in noise))
    control = struct.pack(">IIIIHHBB", 64, 64, 0, 0, 1, 10, 0, 0)
    start = chunk(b"acTL", struct.pack(">II", frames + 1, 0)) + chunk(b"fcTL", struct.pack(">I", 0) + control)
    pixel, dot = struct.pack(">IIIIHHBB", 1, 1, 0, 0, 1, 10, 0, 0), zlib.compress(b"\0\x80")
    rest = b"".join(
        chunk(b"fcTL", struct.pack(">I", 2 * number + 1) + pixel)
        + chunk(b"fdAT", struct.pack(">I", 2 * number + 2) + dot)
        for number in range(frames)
    )
    whole = png(64, 64, data=rows, extra=start)
    return whole[:-12] + rest + whole[-12:]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        bytes(4096),
        b"BM" + struct.pack("<IHHIIiiHH", 100, 0, 0, 54, 40, -5, -5, 1, 24),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage",
        b"8BPS\0\1" + bytes(64),
        b"SIMPLE  =                    T",
        b"icns" + bytes(64),
        b"II*\0\x08\0\0\0\x01\0" + bytes(12) + struct.pack("<I", 8),
        encoded(photograph(0))[:3_000],
        encoded(photograph(0), "JPEG")[:100],
    ],
    ids=["empty", "all NUL", "BMP", "EPS", "PSD", "FITS", "ICNS", "TIFF loop", "cut PNG", "cut JPEG"],
)
def test_what_is_no_picture_of_ours_is_refused_with_a_reason(content, parse):
    with pytest.raises(Refused, match="damaged or not what it seems"):
        parse(content)


@pytest.mark.parametrize("content", [lambda: png(60_000, 60_000), lambda: bomb(13_300)], ids=["head only", "bomb"])
def test_bomb_is_refused_by_the_child(content, tmp_path):
    with pytest.raises(sandbox.ParserFailed) as failure:
        in_sandbox(content(), tmp_path)
    assert failure.value.kind == "refused"
    assert "more than 50,000,000 pixels" in failure.value.reason


def test_picture_just_under_the_limit_stays_in_its_memory(tmp_path):
    made, memory = in_sandbox(bomb(7_064), tmp_path)
    assert (made.width, made.height) == (7_064, 7_064)
    assert made.grey.size <= 200_000
    assert memory < 512


@pytest.mark.parametrize("animation", [gif, apng])
def test_first_frame_stands_for_an_animation_of_20000(animation, parse):
    made, short = parse(animation(20_000)), parse(animation(1))
    assert (made.width, made.height) == (64, 64)
    assert not made.blank
    assert (made.grey == short.grey).all()


@pytest.mark.parametrize(
    ("kind", "head"), [(b"zTXt", b"Comment\0\0"), (b"iTXt", b"Comment\0\1\0\0\0"), (b"iCCP", b"profile\0\0")]
)
def test_words_of_a_few_bytes_that_unfold_to_megabytes_are_refused(kind, head, parse):
    unfolding = chunk(kind, head + zlib.compress(bytes(20_000_000), 1))
    with pytest.raises(Refused, match="damaged or not what it seems: Decompressed data too large"):
        parse(png(64, 64, data=zlib.compress(bytes(65 * 64)), extra=unfolding))


@pytest.mark.parametrize("size", [(1, 1), (1, 5_000), (5_000, 1), (3, 700), (17, 17)])
def test_tiny_and_narrow_pictures_have_a_fingerprint(size, parse):
    values = np.random.default_rng(1).integers(0, 255, (size[1], size[0], 3)).astype(np.uint8)
    made = parse(encoded(Image.fromarray(values)))
    assert (made.width, made.height) == size
    kept = fingerprints.stored(made)
    assert len(kept.postings) <= fingerprints.STORED_FEATURES


def _turned(image: Image.Image) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return encoded(image.rotate(90, expand=True), "JPEG", quality=92, exif=exif)


UNUSUAL: dict[str, Callable[[Image.Image], bytes]] = {
    "cmyk": lambda image: encoded(image.convert("CMYK"), "JPEG", quality=92),
    "sixteen bits": lambda image: encoded(Image.fromarray(np.asarray(image.convert("L"), np.uint16) * 257)),
    "palette": lambda image: encoded(image.quantize(64), transparency=3),
    "alpha": lambda image: encoded(image.convert("RGBA")),
    "one bit": lambda image: encoded(image.convert("1")),
    "turned": _turned,
    "webp": lambda image: encoded(image, "WEBP", quality=90),
}


@pytest.mark.parametrize("kind", UNUSUAL)
def test_unusual_encoding_of_a_picture_is_the_same_picture(kind, parse):
    made = parse(UNUSUAL[kind](photograph(1)))
    plain = prepare(photograph(1)).grey
    assert (made.width, made.height) == (480, 320)
    likeness = np.corrcoef(made.grey.ravel(), plain.ravel())[0, 1]
    assert likeness > (0.4 if kind == "one bit" else 0.9)


def test_same_bytes_have_the_same_fingerprint(parse):
    content = encoded(photograph(2), "JPEG")
    one, other = (fingerprints.stored(parse(content)) for _ in range(2))
    assert one.rendition == other.rendition
    assert (one.postings == other.postings).all()
    assert one.hashes == other.hashes


@pytest.mark.parametrize(
    "change",
    [
        {"version": 0},
        {"shape": [0, 10]},
        {"shape": [10**6, 10**6]},
        {"shape": "no"},
        {"parts": [[[0, 0, 1, 1], 100, ["abcd"]]]},
        {"parts": [[[0, 0, 1], 100, ["00" * 32] * 8]]},
        {"panels": [["x"]]},
        {"width": None},
    ],
)
def test_answer_of_a_child_that_was_taken_over_is_refused(change, tmp_path):
    facts = fingerprints.to_files(fingerprints.fingerprint(prepare(photograph(3))), tmp_path)
    assert fingerprints.from_files(facts, tmp_path).width == 480
    with pytest.raises(fingerprints.BadFingerprint):
        fingerprints.from_files(facts | change, tmp_path)


def test_files_that_are_missing_or_odd_are_refused(tmp_path):
    facts = fingerprints.to_files(fingerprints.fingerprint(prepare(photograph(3))), tmp_path)
    (tmp_path / "features.bin").write_bytes(b"123")
    with pytest.raises(fingerprints.BadFingerprint):
        fingerprints.from_files(facts, tmp_path)
    (tmp_path / "features.bin").unlink()
    with pytest.raises(fingerprints.BadFingerprint):
        fingerprints.from_files(facts, tmp_path)
