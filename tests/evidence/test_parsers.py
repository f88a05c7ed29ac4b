"""What the parsers read out of honest files, and how they decline the others (A36-A41, A47)."""

import io
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from evidence.parsers import pdfs, sandbox, texts, web_pages
from evidence.parsers.refusals import Refused
from evidence.parsers.sandbox import ParserFailed

from . import samples


@pytest.fixture
def parsed(tmp_path: Path):
    """Parse bytes with a parser in its child process; gives the facts."""

    def parse(parser: str, content: bytes, **options) -> dict:
        path = tmp_path / "source"
        path.write_bytes(content)
        with path.open("rb") as stream, sandbox.run(f"evidence.parsers.{parser}", stream, **options) as result:
            for made in ("rendition.webp", "thumbnail.webp"):
                if parser == "images":
                    (tmp_path / made).write_bytes(result.file(made).read_bytes())
            return result.facts

    return parse


# --- plain text


def text_of(content: bytes, charset: str = "") -> dict:
    return texts.parse(io.BytesIO(content), charset=charset)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_is_read_by_its_byte_order_mark_or_as_utf8(encoding):
    assert text_of("Nouméa, Bakı, Баку".encode(encoding))["text"] == "Nouméa, Bakı, Баку"


def test_text_is_read_in_the_declared_encoding():
    facts = text_of("Баку".encode("cp1251"), "windows-1251")
    assert facts["text"] == "Баку"
    assert facts["encoding"] == "windows-1251"


def test_text_in_an_undeclared_encoding_is_refused_with_the_place_and_a_hint():
    with pytest.raises(Refused, match=r"not valid utf-8 at byte 1, .* It looks like \w+; a person must say so"):
        text_of(("Ильхам Алиев сообщил в среду " * 40).encode("cp1251"))


def test_text_in_another_encoding_than_declared_is_refused():
    with pytest.raises(Refused, match="not valid ascii at byte 5"):
        text_of("Noum\u00e9a".encode(), "ascii")


def test_text_in_an_encoding_that_does_not_exist_is_refused():
    with pytest.raises(Refused, match="does not exist"):
        text_of(b"abc", "klingon-8")


def test_text_in_utf16_without_a_mark_is_refused_rather_than_shown_with_holes():
    with pytest.raises(Refused, match="UTF-16"):
        text_of("Noumea, 16 May".encode("utf-16-le"))


def test_text_with_a_few_zero_bytes_is_kept_and_told():
    facts = text_of(b"before\0after, and then some more words")
    assert facts["text"].startswith("before\ufffdafter")
    assert "zero bytes" in facts["problems"][0]


def test_text_encoded_twice_is_told():
    assert "encoded twice" in text_of("Nouméa".encode().decode("latin-1").encode())["problems"][0]


def test_text_in_portuguese_capitals_is_not_called_encoded_twice():
    assert text_of("ÂNGELA, ÃO, Ñandú, Ðorđe".encode())["problems"] == []


def test_line_ends_become_what_a_browser_makes_of_them():
    assert text_of(b"a\r\nb\rc\n")["text"] == "a\nb\nc\n"


def test_long_text_is_cut_and_told(monkeypatch):
    monkeypatch.setattr(texts, "LONGEST", 10)
    facts = text_of(b"0123456789abc")
    assert facts["text"] == "0123456789"
    assert facts["pages"] == [[0, 10]]
    assert "first 10 characters" in facts["problems"][0]


def test_long_file_is_cut_between_characters(monkeypatch):
    monkeypatch.setattr(texts, "LONGEST_BYTES", 3)
    assert text_of("éé".encode())["text"] == "é"


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\ufeff"), max_size=300))
def test_any_utf8_text_comes_back_unchanged(text):
    assert text_of(text.encode())["text"] == text


@given(content=st.binary(max_size=300))
def test_any_bytes_give_text_or_a_refusal(content):
    with suppress(Refused):
        assert "\0" not in text_of(content)["text"]


# --- web pages


def page_of(source: str | bytes, charset: str = "") -> dict:
    content = source.encode() if isinstance(source, str) else source
    return web_pages.parse(io.BytesIO(content), charset=charset)


def test_page_gives_the_text_a_reader_could_see(parsed):
    facts = parsed("web_pages", samples.ARTICLE.encode())
    assert "Les comptes ont publié plus de 5 000 messages le 16 mai 2024." in facts["text"]
    assert "Le parti a démenti toute participation" in facts["text"]
    assert "Mentions légales" in facts["text"]
    for unseen in ("secret", "color: red", "hidden", "template", "tracker", "<"):
        assert unseen not in facts["text"]


def test_page_gives_its_article_and_what_it_says_of_itself(parsed):
    facts = parsed("web_pages", samples.ARTICLE.encode())
    assert "5 000" in facts["main"]
    assert "Mentions légales" not in facts["main"]
    assert facts["about"]["title"] == "Nouméa sous tension"
    assert facts["about"]["author"] == "Ada Reporter"
    assert facts["about"]["date"] == "2024-05-17"
    assert facts["about"]["publisher"] == "Le Journal"
    assert facts["about"]["language"] == "fr"


HIDDEN = """<p hidden>secret 1</p><p style="display: none">secret 2</p><p style="visibility:hidden">secret 3</p>
<template>secret 4</template><noscript>secret 5</noscript><div aria-hidden="true">secret 6 <b>secret 7</b></div>told
<select><option>secret 8</select><section hidden><p style="display:none">secret 9</p></section><!-- secret 10 -->"""


def test_words_that_a_page_hides_are_in_none_of_its_texts():
    """Nobody cites what no reader saw, though what looks for the article takes hidden words for a part of it."""
    facts = page_of(
        f"<html lang=en><head><title>A page</title></head><body><p>Seen.</p>{HIDDEN}<p>Seen too.</p></body>"
    )
    for name in ("text", "main"):
        assert "secret" not in facts[name]
        assert [word in facts[name] for word in ("Seen.", "told", "Seen too.")] == [True, True, True]
    assert facts["about"]["title"] == "A page"


@pytest.mark.parametrize("element", ["body", "html"])
def test_page_that_hides_all_of_itself_has_no_text(element):
    facts = page_of(f"<html {'hidden' * (element == 'html')}><body {'hidden' * (element == 'body')}><p>Unseen.</p>")
    assert (facts["text"], facts["main"]) == ("", "")


def test_page_is_read_in_the_encoding_it_declares():
    source = '<html><head><meta charset="windows-1251"></head><body><p>Баку</p></body></html>'
    assert page_of(source.encode("cp1251"))["text"] == "Баку"


def test_page_is_read_in_the_encoding_of_its_xml_declaration():
    source = '<?xml version="1.0" encoding="iso-8859-1"?><html><body><p>Nouméa</p></body></html>'
    assert page_of(source.encode("latin-1"))["text"] == "Nouméa"


def test_page_in_another_encoding_than_it_declares_is_refused():
    with pytest.raises(Refused, match="not valid utf-8"):
        page_of('<html><meta charset="utf-8"><p>Баку</p></html>'.encode("cp1251"))


@pytest.mark.parametrize("source", ["", "   ", "<!-- -->"])
def test_page_without_content_is_refused_or_empty(source):
    with suppress(Refused):
        assert page_of(source)["text"] == ""


def test_page_nested_without_end_is_read_as_far_as_it_goes_and_told():
    facts = page_of("<p>shallow</p>" + "<div>" * 100_000 + "deep")
    assert facts["text"] == "shallow"
    assert "nested too deep" in facts["problems"][0]


def test_page_with_entities_of_its_own_does_not_unfold_them():
    laughs = '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><html><body><p>&b;</p></body></html>'
    assert "haha" not in page_of(laughs)["text"]


def test_page_keeps_lines_of_preformatted_text():
    assert page_of("<body><pre>one\ntwo</pre></body>")["text"] == "one\ntwo"


@given(source=st.text('<>p/ é\n&a"=', max_size=120))
def test_any_markup_gives_text_or_a_refusal(source):
    with suppress(Refused):
        assert isinstance(page_of(source)["text"], str)


# --- PDF


def test_pdf_gives_each_page_with_its_place_in_the_text(parsed):
    facts = parsed("pdfs", samples.pdf("First page\nsecond line", "Second page", title="A report"))
    cut = [facts["text"][start:end] for start, end in facts["pages"]]
    assert [part.split() for part in cut] == [["First", "page", "second", "line"], ["Second", "page"]]
    assert facts["page_count"] == 2
    assert facts["about"]["title"] == "A report"
    assert facts["problems"] == []


def test_pdf_without_text_is_told(parsed):
    assert "pages are pictures" in parsed("pdfs", samples.pdf(""))["problems"][0]


def test_pdf_of_many_pages_is_read_up_to_the_limit(monkeypatch):
    monkeypatch.setattr(pdfs, "MOST_PAGES", 2)
    facts = pdfs.parse(io.BytesIO(samples.pdf("one", "two", "three")))
    assert len(facts["pages"]) == 2
    assert "first 2 of 3 pages" in facts["problems"][0]


def test_pdf_of_long_text_is_read_up_to_the_limit(monkeypatch):
    monkeypatch.setattr(pdfs, "LONGEST", 4)
    facts = pdfs.parse(io.BytesIO(samples.pdf("long enough", "never read")))
    assert len(facts["pages"]) == 1
    assert "Reading stopped after page 1" in facts["problems"][0]


@pytest.mark.parametrize(
    "content", [b"%PDF-1.4\n", b"%PDF-1.4\n%%EOF", samples.pdf("text")[:100], b"%PDF-" + bytes(99)]
)
def test_pdf_that_is_damaged_is_refused(parsed, content):
    with pytest.raises(ParserFailed, match=r"damaged|no pages") as failure:
        parsed("pdfs", content)
    assert failure.value.kind == "refused"


def test_pdf_with_script_launch_and_loop_is_only_read(parsed):
    content = samples.pdf("only text").replace(
        b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"
    )
    assert "only text" in parsed("pdfs", content.replace(b"/Parent 2 0 R", b"/Parent 4 0 R"))["text"]


# --- pictures


@pytest.mark.parametrize(("fmt", "mode"), [("PNG", "RGB"), ("JPEG", "RGB"), ("GIF", "P"), ("WEBP", "RGB")])
def test_picture_gets_a_rendition_and_a_thumbnail(parsed, tmp_path, fmt, mode):
    facts = parsed("images", samples.picture(fmt, (3000, 1500), mode=mode))
    assert (facts["width"], facts["height"], facts["format"]) == (3000, 1500, fmt)
    with Image.open(tmp_path / "rendition.webp") as rendition, Image.open(tmp_path / "thumbnail.webp") as thumbnail:
        assert rendition.size == (2000, 1000)
        assert thumbnail.size == (480, 240)
        assert list(rendition.size) == facts["rendition"]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_picture_of_any_mode_gets_a_rendition(parsed, tmp_path, mode):
    image = Image.new("I", (20, 10), 300).convert("I;16") if mode == "I;16" else Image.new(mode, (20, 10))
    out = io.BytesIO()
    image.save(out, "PNG")
    assert parsed("images", out.getvalue())["width"] == 20


def test_picture_in_print_colours_gets_a_rendition(parsed):
    assert parsed("images", samples.picture("JPEG", mode="CMYK"))["format"] == "JPEG"


def test_small_picture_is_not_enlarged(parsed, tmp_path):
    parsed("images", samples.picture("PNG", (80, 40)))
    with Image.open(tmp_path / "rendition.webp") as rendition:
        assert rendition.size == (80, 40)


def test_picture_on_its_side_is_turned_upright(parsed, tmp_path):
    facts = parsed("images", samples.photo_with_gps())
    assert (facts["width"], facts["height"]) == (40, 80)
    with Image.open(tmp_path / "rendition.webp") as rendition:
        assert rendition.size == (40, 80)
        assert rendition.convert("RGB").getpixel((20, 10))[0] > 200
        assert rendition.convert("RGB").getpixel((20, 70))[2] > 200


def test_gps_is_read_and_not_in_any_rendition(parsed, tmp_path):
    facts = parsed("images", samples.photo_with_gps())
    assert facts["gps"] == {"latitude": "-22.275000", "longitude": "166.450000"}
    assert facts["exif"]["Make"] == "Kamera"
    assert facts["exif"]["GPS GPSLatitudeRef"] == "S"
    for made in ("rendition.webp", "thumbnail.webp"):
        with Image.open(tmp_path / made) as image:
            assert not dict(image.getexif())
            assert not {"exif", "xmp", "icc_profile"} & set(image.info)
        assert b"Kamera" not in (tmp_path / made).read_bytes()


def test_picture_without_gps_has_none(parsed):
    facts = parsed("images", samples.picture("JPEG"))
    assert facts["gps"] == {}
    assert facts["gps_in_xmp"] is False


def test_gps_in_xmp_is_flagged(parsed):
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>22,16S</exif:GPSLatitude></x:xmpmeta>'
    assert parsed("images", samples.picture("WEBP", xmp=xmp))["gps_in_xmp"] is True


def test_animation_of_twenty_thousand_frames_gives_its_first(parsed, tmp_path):
    facts = parsed("images", samples.animation(20_000))
    assert facts["animated"] is True
    with Image.open(tmp_path / "rendition.webp") as rendition:
        assert rendition.size == (8, 8)


@pytest.mark.parametrize(
    ("width", "height", "body"), [(13_000, 13_616, True), (30_000, 30_000, True), (60_000, 60_000, False)]
)
def test_picture_of_too_many_pixels_is_refused(parsed, width, height, body):
    with pytest.raises(ParserFailed, match="50,000,000 pixels") as failure:
        parsed("images", samples.png_claiming(width, height, body=body))
    assert failure.value.kind == "refused"


def test_picture_just_under_the_limit_is_decoded(parsed):
    assert parsed("images", samples.png_claiming(7_000, 7_000))["rendition"] == [2000, 2000]


def test_picture_with_a_comment_bomb_is_refused(parsed):
    with pytest.raises(ParserFailed) as failure:
        parsed("images", samples.png_with_text_bomb())
    assert failure.value.kind == "refused"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        bytes(1000),
        samples.picture("PNG")[:60],
        samples.picture("JPEG")[:200],
        b"BM" + (-1).to_bytes(4, "little", signed=True) + bytes(100),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage",
        b"8BPS\0\1" + bytes(100),
        b"SIMPLE  =                    T" + bytes(2880),
        b"STARTFONT 2.1\n",
        b"icns" + bytes(100),
        b"II*\0\x08\0\0\0\1\0" + bytes(12) + b"\x08\0\0\0",
        samples.SVG,
        samples.ARTICLE.encode(),
    ],
)
def test_what_is_not_a_whole_picture_of_the_four_formats_is_refused(parsed, content):
    with pytest.raises(ParserFailed) as failure:
        parsed("images", content)
    assert failure.value.kind == "refused"


def test_picture_with_a_page_glued_behind_it_is_only_a_picture(parsed, tmp_path):
    parsed("images", samples.picture("PNG") + samples.ARTICLE.encode())
    assert b"tracker" not in (tmp_path / "rendition.webp").read_bytes()
