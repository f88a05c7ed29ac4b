"""The kind of a file, judged by its bytes alone (A34, A35, A40, A44)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.parsers.media_types import HEAD, PICTURES, detect

from . import samples


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (samples.picture("PNG"), "image/png"),
        (samples.picture("JPEG"), "image/jpeg"),
        (samples.picture("GIF", mode="P"), "image/gif"),
        (samples.picture("WEBP"), "image/webp"),
        (samples.pdf("text"), "application/pdf"),
        (samples.ARTICLE.encode(), "text/html"),
        (b"\xef\xbb\xbf  <HTML><body>", "text/html"),
        ("<!DOCTYPE html><p>x".encode("utf-16"), "text/html"),
        (b'<?xml version="1.0"?>\n<!-- note --><html>', "text/html"),
        (samples.SVG, "image/svg+xml"),
        (b"<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' ''>", "image/svg+xml"),
        ("Nouméa, 16 mai 2024".encode(), "text/plain"),
        ("Баку".encode("cp1251"), "text/plain"),
        ("Bakı".encode("utf-16"), "text/plain"),
        (b'{"rows": []}', "text/plain"),
        (b"PK\x03\x04" + bytes(40), "application/zip"),
        (b"%!PS-Adobe-3.0", "application/postscript"),
        (b"8BPS\0\1" + bytes(20), "image/vnd.adobe.photoshop"),
        (b"\0\0\0\x18ftypmp42" + bytes(20), "video/mp4"),
        (b"", "application/octet-stream"),
        (bytes(100), "application/octet-stream"),
    ],
)
def test_media_type_is_read_from_the_content(content, media_type):
    assert detect(content[:HEAD]) == media_type


def test_page_that_calls_itself_a_picture_is_a_page():
    assert detect(b"<html><script>alert(1)</script>") == "text/html"


def test_picture_with_a_page_or_an_archive_behind_it_is_a_picture():
    for tail in (b"<html><script>alert(1)</script>", b"PK\x03\x04archive", b"</svg>"):
        assert detect(samples.picture("JPEG") + tail) == "image/jpeg"


def test_picture_in_front_of_which_something_was_put_is_no_picture():
    assert detect(b"GIF" + samples.picture("PNG")) not in PICTURES


@given(content=st.binary(max_size=200))
def test_any_bytes_have_a_media_type(content):
    assert "/" in detect(content)
