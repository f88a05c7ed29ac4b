"""Eighty hostile files through the real door: logged, read by the child, looked at, downloaded (A34-A51, G10).

Whatever a file is, its exact bytes are kept, its page and its download answer, and nothing of it runs or is decoded
outside of the child. Each file that stands for an attack has a child of its own; the forty mutations share one. Hostile
names, headers and lengths (A43-A46) are in test_filenames, test_limits and test_uploads.
"""

import base64
import contextlib
import gzip
import io
import json
import random
import re
import stat
import zipfile
from functools import cache
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from evidence import stores
from evidence.actions.derivatives import derive_item
from evidence.models import Item
from evidence.parsers import sandbox
from evidence.parsers.sandbox import ParserFailed

from . import samples
from .conftest import reloaded

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>"""
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
REACHES_OUT = b"""<!doctype html><title>t</title><base href="http://troll.invalid/"><link rel=prefetch href="/a">
<meta http-equiv=refresh content="0;url=http://troll.invalid/"><img src="/pixel" onerror="alert(1)">
<svg onload=alert(1)></svg>
<form action="http://troll.invalid/"><input autofocus onfocus=alert(1)></form><p>What a reader saw.</p>"""


def zipped(*members: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def linked() -> bytes:
    """A zip whose only member is a symbolic link to a file of the system."""
    member = zipfile.ZipInfo("link")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(member, "/etc/passwd")
    return out.getvalue()


def strip(width: int, height: int, fmt: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(out, fmt)
    return out.getvalue()


def with_catalog(extra: bytes) -> bytes:
    """A PDF whose catalogue says more than it should."""
    return samples.pdf("only text").replace(b"/Type /Catalog", b"/Type /Catalog " + extra)


@cache
def named() -> dict[str, bytes]:
    """The files that stand for an attack by its number."""
    picture, page = samples.picture("PNG"), samples.ARTICLE.encode()
    return {
        "A34 svg with script": samples.SVG,
        "A35 page called picture": page,
        "A35 jpeg and zip": samples.picture("JPEG") + zipped(("a", b"b")),
        "A35 png and page": picture + page,
        "A35 gif that is a script": b"GIF89a/*" + b"*/=1;alert(1)//",
        "A36 flood": samples.png_claiming(13_000, 13_616),
        "A36 header only": samples.png_claiming(60_000, 60_000, body=False),
        "A38 many frames": samples.animation(2_000),
        "A39 text bomb": samples.png_with_text_bomb(),
        "A40 eps": b"%!PS-Adobe-3.0 EPSF-3.0\nshowpage",
        "A40 psd": b"8BPS\0\1" + bytes(100),
        "A40 fits": b"SIMPLE  =                    T" + bytes(2880),
        "A40 bdf": b"STARTFONT 2.1\n",
        "A40 pcf": b"\1fcp" + bytes(100),
        "A40 icns": b"icns" + bytes(100),
        "A40 tiff that loops": b"II*\0\x08\0\0\0\1\0" + bytes(12) + b"\x08\0\0\0",
        "A41 all zero": bytes(1000),
        "A41 one byte": b"x",
        "A41 negative bmp": b"BM" + (-1).to_bytes(4, "little", signed=True) + bytes(100),
        "A42 position": samples.photo_with_gps(),
        "A47 script": with_catalog(b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"),
        "A47 launch": with_catalog(b"/OpenAction << /S /Launch /F (/bin/sh) >>"),
        "A47 address": with_catalog(b"/OpenAction << /S /URI /URI (http://troll.invalid/) >>"),
        "A47 pages that loop": samples.pdf("text").replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]"),
        "A47 a million pages": samples.pdf("text").replace(b"/Count 1", b"/Count 1000000"),
        "A47 table that loops": samples.pdf("text").replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev 9"),
        "A48 zip that climbs": zipped(("../../etc/passwd", b"x"), ("/abs", b"y"), ("C:\\z", b"z")),
        "A48 zip that unfolds": zipped(("zero", bytes(20_000_000))),
        "A48 zip with a link": linked(),
        "A48 zip in a zip": zipped(("inner.zip", zipped(("../x", b"x")))),
        "A48 zip of many": zipped(*((f"{number}", b"") for number in range(2_000))),
        "A49 gzip bomb": gzip.compress(bytes(20_000_000)),
        "A50 record longer than the file": b"WARC/1.1\r\nContent-Length: 999999999\r\n\r\nshort",
        "A50 address that runs": b"WARC/1.1\r\nWARC-Target-URI: javascript:alert(1)\r\nContent-Length: 0\r\n\r\n\r\n",
        "A51 laughs in svg": LAUGHS + b'<svg xmlns="http://www.w3.org/2000/svg"><text>&d;</text></svg>',
        "A51 laughs in page": LAUGHS + b"<html><body>&d;</body></html>",
        "A51 file in page": OUTSIDE + b"<html><body>&e;</body></html>",
        "A51 file in xml": OUTSIDE + b"<x>&e;</x>",
        "A53 page that reaches out": REACHES_OUT,
        "A56 markup in text": b"<script>alert(1)</script> {{7*7}} {% debug %} </script>",
        "one pixel wide": strip(1, 20_000),
        "one pixel high": strip(20_000, 1),
        "one pixel": strip(1, 1, "GIF"),
        "broken webp": b"RIFF\xff\xff\xff\xffWEBPVP8 " + bytes(40),
        "half a character": "Nouméa".encode()[:5],
        "utf-16 without a mark": "Noumea".encode("utf-16-le"),
        "nested page": b"<div>" * 30_000,
    }


def mutated(seed: int) -> bytes:
    """An honest file with some bytes of it turned, cut or doubled; the same for the same seed."""
    rng = random.Random(seed)
    honest = [samples.picture("PNG"), samples.picture("JPEG"), samples.picture("WEBP"), samples.picture("GIF")]
    content = bytearray(rng.choice([*honest, samples.pdf("one", "two")]))
    for _ in range(1 + seed % 4):
        content[rng.randrange(len(content))] ^= rng.randrange(1, 256)
    cut = rng.randrange(len(content) // 2, len(content) + 1) if seed % 2 else len(content)
    return bytes(content[:cut]) + bytes(content[-8:]) * rng.randrange(3)


@cache
def mutations() -> list[bytes]:
    return [mutated(seed) for seed in range(40)]


IN_FILES = {34, 35, 36, 38, 39, 40, 41, 42, 47, 48, 49, 50, 51}


@pytest.fixture
def peaks(monkeypatch) -> list[int]:
    """The most memory, in MB, that each child told it had taken."""
    used: list[int] = []
    real = sandbox._facts

    def noted(folder: Path, status: int) -> dict:
        if (answer := folder / "result.json").is_file():
            used.append(json.loads(answer.read_bytes())["peak_mb"])
        return real(folder, status)

    monkeypatch.setattr(sandbox, "_facts", noted)
    return used


def test_corpus_covers_each_attack_by_a_file():
    corpus = [*named().values(), *mutations()]
    assert len(corpus) >= 80
    assert len(set(corpus)) == len(corpus)
    assert {int(name[1:3]) for name in named() if re.match(r"A\d\d ", name)} >= IN_FILES


def test_hostile_files_are_kept_exactly_and_do_nothing(newsroom, peaks):
    client = Client()
    client.force_login(newsroom.viewer)
    for name, content in named().items():
        item = reloaded(newsroom.log(content, f"{name}.jpg", derive=True))
        assert_kept_and_harmless(client, item, content)
    assert 0 < max(peaks) <= 512


def test_mutations_are_kept_exactly_and_read_or_declined(newsroom, peaks, tmp_path):
    """Each is either read or declined with a reason: none takes the parser down."""
    files = tmp_path / "mutations.json"
    files.write_text(json.dumps([base64.b64encode(content).decode() for content in mutations()]))
    with files.open("rb") as stream, sandbox.run("tests.evidence.many_files", stream) as parsed:
        outcomes = parsed.facts["outcomes"]
    assert len(outcomes) == len(mutations())
    assert [outcome for outcome in outcomes if outcome not in ("read", "declined")] == []
    assert set(outcomes) == {"read", "declined"}
    assert 0 < max(peaks) <= 512
    for content in mutations():
        item = newsroom.log(content)
        with stores.vault().open(item.blob_id) as kept:
            assert kept.read() == content


def assert_kept_and_harmless(client: Client, item: Item, content: bytes) -> None:
    """The exact bytes, a page that fetches nothing from elsewhere, a download that no browser runs."""
    assert stores.vault().verify(item.blob_id).ok, item.title
    with stores.vault().open(item.blob_id) as stream:
        assert stream.read() == content
    answer = client.get(reverse("evidence:item", args=["NC-2024", item.exhibit]))
    assert answer.status_code == 200, item.title
    page = answer.content.decode()
    fetched = re.findall(r'(?:src|href|action|srcset|data|poster|hx-get)="([^"]*)"', page)
    assert not [address for address in fetched if re.match(r"(https?:)?//|javascript:", address)], item.title
    assert "alert(" not in re.sub(r"&[a-z#0-9]+;", "", page) or "<script>alert" not in page
    ticket = client.post(reverse("evidence:download", args=["NC-2024", item.exhibit]))["Location"]
    download = client.get(ticket)
    assert b"".join(download.streaming_content) == content
    assert download["Content-Disposition"].startswith("attachment")
    assert download["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert download["X-Content-Type-Options"] == "nosniff"
    assert download["Content-Type"] not in ("text/html", "image/svg+xml", "application/xhtml+xml")


@pytest.mark.parametrize(
    "name", ["A36 flood", "A36 header only", "A39 text bomb", "A40 psd", "A41 all zero", "A34 svg with script"]
)
def test_file_that_must_not_be_decoded_is_inert(newsroom, name):
    item = reloaded(newsroom.log(named()[name], derive=True))
    assert not item.blob.derivatives.exists()
    assert item.derived_at is not None
    assert "/etc/" not in json.dumps(item.exif)


def taken(parser: str, content: bytes, tmp_path: Path, peaks: list[int], **options) -> int:
    """The memory, in MB, of a child that reads or declines this picture."""
    path = tmp_path / "picture"
    path.write_bytes(content)
    with path.open("rb") as stream, contextlib.suppress(ParserFailed), sandbox.run(parser, stream, **options):
        pass
    return peaks[-1]


@pytest.mark.parametrize("name", ["A36 flood", "A36 header only"])
def test_picture_of_endless_pixels_is_refused_in_little_memory(name, tmp_path, peaks):
    """A36: 64 MB for the reader. The comparer carries more libraries than that, but not a row of the picture.

    `make bench-media` says how long it takes.
    """
    assert 0 < taken("evidence.parsers.images", named()[name], tmp_path, peaks) < 64
    comparer = "evidence.parsers.frames"
    pixel = taken(comparer, samples.picture("PNG", size=(1, 1)), tmp_path, peaks, media_type="image/png")
    assert taken(comparer, named()[name], tmp_path, peaks, media_type="image/png") <= pixel + 4


def test_picture_just_under_the_limit_stays_under_half_a_gigabyte(newsroom, peaks):
    """A37: fifty million pixels, decoded."""
    item = reloaded(newsroom.log(samples.png_claiming(7_000, 7_000), derive=True))
    assert item.width == 7_000
    assert max(peaks) <= 512


def test_position_of_a_photo_is_in_no_rendition(newsroom):
    """A42: the page warns, and what is shown carries neither place nor camera."""
    item = reloaded(newsroom.log(samples.photo_with_gps(), derive=True))
    assert item.has_gps
    for made in item.blob.derivatives.all():
        with stores.derivatives().open(made.sha256) as stream:
            content = stream.read()
        assert b"Kamera" not in content
        with Image.open(io.BytesIO(content)) as image:
            assert not dict(image.getexif())


def test_files_of_the_system_are_in_no_text_layer(newsroom):
    """A51: external entities are not followed and own ones are not unfolded."""
    for name in ("A51 file in page", "A51 laughs in page"):
        item = newsroom.log(named()[name], derive=True)
        texts = [layer.text for layer in item.blob.text_layers.all()]
        assert not [text for text in texts if "root:" in text or "hahahaha" in text]


def test_derivation_of_a_hostile_file_again_leaves_the_same(newsroom):
    """F20: a job that is done twice has one effect."""
    item = newsroom.log(samples.photo_with_gps(), derive=True)
    before = list(item.blob.derivatives.values_list("pk", "sha256"))
    derive_item(actor=newsroom.investigator, item=item)
    assert list(item.blob.derivatives.values_list("pk", "sha256")) == before
