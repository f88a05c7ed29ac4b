"""The source of preserved pages: complete, escaped, on record, and for those who may open the exhibit."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from audit.models import Event
from evidence.enums import CustodyAction, Sensitivity
from evidence.filenames import MARKED, suspicious
from evidence.views import page_source
from evidence.views.page_source import as_text

from . import samples

PAGE = b'<!doctype html><meta http-equiv="refresh" content="0;url=//t/"><script>alert(1)</script><!--\xe9\xff-->'


def source_of(newsroom, who: str = "investigator", exhibit: int = 1):
    client = Client()
    client.force_login(getattr(newsroom, who))
    return client.get(reverse("evidence:page_source", args=["NC-2024", exhibit]))


def test_source_is_shown_escaped_to_the_last_byte(newsroom):
    newsroom.log(PAGE, "page.html")
    answer = source_of(newsroom, "viewer")
    assert answer.status_code == 200
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&lt;!--\\xe9\\xff--&gt;</pre>" in answer.text
    assert "<script>alert(1)" not in answer.text
    assert 'http-equiv="refresh"' not in answer.text


def test_reading_the_source_is_an_event_and_a_handling(newsroom):
    item = newsroom.log(PAGE, "page.html")
    source_of(newsroom)
    [handling] = item.custody.filter(action=CustodyAction.READ)
    assert (handling.actor, handling.purpose) == (newsroom.investigator, "Read its source")
    assert handling.result_sha256 == item.blob_id
    assert Event.objects.filter(action="item_read").count() == 1


@pytest.mark.parametrize(
    ("content", "has"),
    [
        (samples.ARTICLE.encode(), True),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>", True),
        (b"Plain text <b>with markup</b>.", False),
        (samples.picture(), False),
    ],
)
def test_source_is_offered_for_pages_and_drawings_only(newsroom, content, has):
    newsroom.log(content)
    address = reverse("evidence:page_source", args=["NC-2024", 1])
    client = Client()
    client.force_login(newsroom.viewer)
    assert (address in client.get(reverse("evidence:item", args=["NC-2024", 1])).text) is has
    assert client.get(address).status_code == (200 if has else 400)


def test_source_of_a_sensitive_page_is_for_those_who_may_open_it(newsroom):
    item = newsroom.log(PAGE, "page.html", sensitivity=Sensitivity.SENSITIVE)
    assert source_of(newsroom, "viewer").status_code == 403
    assert not item.custody.filter(action=CustodyAction.READ).exists()
    assert source_of(newsroom, "auditor").status_code == 200
    assert source_of(newsroom, "stranger").status_code == 404


def test_source_of_a_damaged_page_is_refused_and_the_damage_stays_on_record(newsroom, settings):
    """A77: nothing is shown as preserved that is not."""
    item = newsroom.log(PAGE, "page.html")
    [path] = (settings.VAULT_DIR / "o").glob("*/*/*")
    path.chmod(0o600)
    path.write_bytes(PAGE.replace(b"alert(1)", b"alert(2)"))
    answer = source_of(newsroom)
    assert answer.status_code == 409
    assert "alert(2)" not in answer.text
    item.blob.refresh_from_db()
    assert item.blob.fixity == "changed"
    assert not item.custody.filter(action=CustodyAction.READ).exists()


def test_long_source_says_where_it_ends_and_a_very_long_one_is_refused(newsroom, monkeypatch):
    newsroom.log(b"<html>" + b"x" * 994 + b"THE END", "page.html")
    monkeypatch.setattr(page_source, "SHOWN_BYTES", 1000)
    answer = source_of(newsroom)
    assert "The first 1000\xa0bytes of 1007\xa0bytes." in answer.text.replace("1.0\xa0KB", "1000\xa0bytes")
    assert "THE END" not in answer.text
    monkeypatch.setattr(page_source, "LONGEST_BYTES", 1006)
    assert source_of(newsroom).status_code == 400


@given(st.binary(max_size=200))
def test_any_bytes_are_text_in_which_nothing_hides(content):
    assert not suspicious(re.sub(r"[\t\n\r]", "", as_text(content)))


VISIBLE = st.text(st.characters(exclude_categories=sorted(MARKED)))


@given(VISIBLE)
def test_utf8_and_marked_utf16_come_back_as_they_were_written(text):
    assert as_text(text.encode()) == as_text(text.encode("utf-16")) == text


def test_text_that_turns_around_is_named():
    assert as_text("a = \u202e1;\n\tb\0".encode()) == "a = ⟨U+202E⟩1;\n\tb⟨U+0000⟩"
