"""Names that files arrived with (A43): kept, shown harmlessly, never part of a path."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import filenames


@pytest.mark.parametrize(
    ("name", "download"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\scan.png", "scan.png"),
        ("..", "exhibit"),
        ("con.", "exhibit"),
        ("NUL.txt", "exhibit"),
        ("aux .tar.gz", "exhibit"),
        ("", "exhibit"),
        (".htaccess", "htaccess"),
        ('a"b<c>.txt', "a_b_c_.txt"),
        ("line\r\nSet-Cookie: x=1.txt", "line__Set-Cookie_ x=1.txt"),
        ("photo\u202egpj.exe", "photo_gpj.exe"),
        ("Nouméa 🌴.jpg", "Nouméa 🌴.jpg"),
    ],
)
def test_download_name_is_harmless(name, download):
    assert filenames.for_download(name, "exhibit") == download


def test_download_name_is_bounded_and_keeps_its_ending():
    name = filenames.for_download("x" * 300 + ".jpeg", "exhibit")
    assert len(name) == filenames.DOWNLOAD_LONGEST
    assert name.endswith(".jpeg")


def test_header_is_encoded_as_rfc_6266_asks():
    assert filenames.attachment_header("plain.txt", "exhibit") == 'attachment; filename="plain.txt"'
    header = filenames.attachment_header("Nouméa.txt", "exhibit")
    assert header == "attachment; filename*=utf-8''Noum%C3%A9a.txt"


@given(name=st.text(max_size=400))
def test_header_of_any_name_is_one_line_of_plain_characters(name):
    header = filenames.attachment_header(name, "exhibit")
    assert header.isascii()
    assert header.isprintable()
    assert header.startswith("attachment; filename")


@given(name=st.text(max_size=400))
def test_download_name_of_any_name_has_no_folder(name):
    assert not set(filenames.for_download(name, "exhibit")) & set('/\\\0\r\n"')


def test_shown_name_marks_what_hides_or_turns_text_around():
    assert filenames.shown("photo\u202egpj.exe") == "photo⟨U+202E⟩gpj.exe"
    assert filenames.suspicious("photo\u202egpj.exe")
    assert filenames.suspicious("zero\u200bwidth")
    assert not filenames.suspicious("Nouméa 🌴 (2).jpg")


def test_kept_name_can_be_stored():
    assert filenames.kept("a\0b\ud800") == "a\ufffdb\ufffd"
    assert len(filenames.kept("x" * 1000)) == filenames.LONGEST
