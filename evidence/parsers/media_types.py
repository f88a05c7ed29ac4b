"""What kind of file some bytes are, judged by the bytes alone: never by a name and never by what a client declared.

Only the first bytes are compared with known beginnings; nothing is decoded here. Endings are ignored on purpose: a
picture with a web page glued behind it is a picture.
"""

import codecs

import puremagic

HEAD = 4096
UNKNOWN = "application/octet-stream"
TEXT = "text/plain"
HTML = "text/html"
PDF = "application/pdf"
SVG = "image/svg+xml"
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")

BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", PDF),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
)
MARKUP = ((b"<!doctype html", HTML), (b"<html", HTML), (b"<head", HTML), (b"<body", HTML), (b"<svg", SVG))
BYTE_ORDER_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
PRINTABLE_FORMATS = (b"%!PS", b"{\\rtf")
TEXT_CONTROLS = frozenset(range(0x20)) - frozenset(b"\t\n\r\f\x1b\x08")


def detect(head: bytes) -> str:
    """The media type of a file from its first bytes (HEAD of them are enough); UNKNOWN when nothing fits."""
    for beginning, media_type in BEGINNINGS:
        if head.startswith(beginning):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return _markup(head) or _text(head) or _known(head)


def _markup(head: bytes) -> str:
    start = _as_ascii(head).lstrip().lower()
    while start.startswith((b"<?xml", b"<!--")):
        start = start.partition(b"-->" if start.startswith(b"<!--") else b"?>")[2].lstrip()
    for beginning, media_type in MARKUP:
        if start.startswith(beginning):
            return media_type
    if start.startswith(b"<!doctype svg"):
        return SVG
    return ""


def _as_ascii(head: bytes) -> bytes:
    if head.startswith(codecs.BOM_UTF8):
        return head[3:]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace").encode("ascii", "replace")
    return head


def _text(head: bytes) -> str:
    readable = head.startswith(BYTE_ORDER_MARKS) or not TEXT_CONTROLS.intersection(head)
    return TEXT if head and readable and not head.startswith(PRINTABLE_FORMATS) else ""


def _known(head: bytes) -> str:
    found = [
        (len(magic.byte_match), magic.mime_type)
        for magic in puremagic.magic_header_array
        if magic.mime_type and len(magic.byte_match) >= 4 and head.startswith(magic.byte_match, magic.offset)
    ]
    return max(found, default=(0, UNKNOWN))[1]
