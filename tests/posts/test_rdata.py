"""R's data frames: made byte by byte as R writes them, packed in each way, and broken in each way."""

import bz2
import gzip
import lzma
import struct
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posts.exceptions import UnreadableFile
from posts.formats.rdata import DataFrame
from posts.formats.reading import read
from tests.posts.files import read_all

TAGGED, ATTRIBUTED = 0x402, 0x200


def integer(*values: int) -> bytes:
    return struct.pack(f">{len(values)}i", *values)


def characters(text: str | None) -> bytes:
    return integer(0x9, -1) if text is None else integer(0x9 | 8 << 12, len(text.encode())) + text.encode()


def strings(*texts: str | None) -> bytes:
    return integer(16, len(texts)) + b"".join(map(characters, texts))


def symbol(name: str) -> bytes:
    return integer(1) + characters(name)


def pairs(**values: bytes) -> bytes:
    return b"".join(integer(TAGGED) + symbol(name) + value for name, value in values.items()) + integer(254)


def factor(levels: list[str], *codes: int) -> bytes:
    return integer(13 | ATTRIBUTED, len(codes), *codes) + pairs(levels=strings(*levels), **{"class": strings("factor")})


def doubles(*values: float) -> bytes:
    return integer(14, len(values)) + struct.pack(f">{len(values)}d", *values)


def frame(version: int = 3, **columns: bytes) -> bytes:
    head = integer(version, 0x040203, 0x030500) + (integer(5) + b"UTF-8" if version == 3 else b"")
    body = integer(19 | ATTRIBUTED, len(columns)) + b"".join(columns.values()) + pairs(names=strings(*columns))
    return b"RDX%d\nX\n" % version + head + pairs(sample=body)


SHARED = {
    "object_id": factor(["o1", "o2"], 1, 2, 1),
    "account_id": strings("a", "b", None),
    "content_id": integer(13, 3, 5, 6, 7),
    "timestamp_share": doubles(1623881000.0, 1623881000.5, float("nan")),
}


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("version", [2, 3])
def test_data_frame_is_a_table_like_any_other(tmp_path, pack, version):
    path = tmp_path / "a.rda"
    path.write_bytes(pack(frame(version, **SHARED)))
    found = read_all(path)
    assert (found.format, [one.native_id for one in found.posts]) == ("coortweet", ["5", "6"])
    assert [one.objects[0].value for one in found.posts] == ["o1", "o2"]
    assert found.posts[1].claimed_at.microsecond == 500_000
    assert (found.rejection.place.line, found.rejection.code) == (3, "no_author")


def test_compact_range_and_wrapped_vector(tmp_path):
    info = lambda name: integer(2) + symbol(name) + integer(254)  # noqa: E731
    compact = integer(238) + info("compact_intseq") + doubles(3, 10, 1) + integer(254)
    wrapped = (
        integer(238) + info("wrap_real") + integer(19, 2) + doubles(1.5, 2, 3) + integer(13, 2, 0, 0) + integer(254)
    )
    path = tmp_path / "a.rda"
    path.write_bytes(frame(a=compact, b=wrapped))
    assert [row.cells for row in DataFrame(path).rows()] == [["10", "1.5"], ["11", "2"], ["12", "3"]]


def test_code_in_such_a_file_is_refused(tmp_path):
    (tmp_path / "a.rda").write_bytes(b"RDX3\nX\n" + integer(3, 0, 0, 0) + pairs(f=integer(3)))
    with pytest.raises(UnreadableFile, match="no data"):
        read(tmp_path / "a.rda")


@given(st.integers(0, 400), st.integers(0, 255))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_a_damaged_file_is_refused_or_read_and_takes_no_memory(tmp_path, place, byte):
    content = bytearray(frame(**SHARED))
    content[5 + place % (len(content) - 5)] = byte
    path = tmp_path / "a.rda"
    path.write_bytes(bytes(content))
    with suppress(UnreadableFile):
        assert len(list(DataFrame(path).rows())) <= 3
