"""Dates and details as people and programs send them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cases.exceptions import InvalidInput
from evidence.actions import sources
from evidence.dates import parse_date
from evidence.intake import details_from

from .conftest import make_case


@pytest.mark.parametrize(
    ("text", "moment", "precision"),
    [
        ("2024", datetime(2024, 1, 1, tzinfo=UTC), "year"),
        ("2024-05", datetime(2024, 5, 1, tzinfo=UTC), "month"),
        (" 2024-05-16 ", datetime(2024, 5, 16, tzinfo=UTC), "day"),
        ("2024-02-29", datetime(2024, 2, 29, tzinfo=UTC), "day"),
        ("2024-05-16T12:21:00+11:00", datetime(2024, 5, 16, 1, 21, tzinfo=UTC), "second"),
        ("2024-05-16T12:21:00Z", datetime(2024, 5, 16, 12, 21, tzinfo=UTC), "second"),
    ],
)
def test_date_is_read_with_its_precision(text, moment, precision):
    assert parse_date(text, "published_at") == (moment, precision)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "16.05.2024",
        "2024-13",
        "2023-02-29",
        "2024-05-16T12:21:00",
        "2024-05-16T25:00:00Z",
        "2016-12-31T23:59:60Z",
        "2024-05-16 12:21",
        "0000",
        "1200-01-01",
        "99999-01-01",
        "-2024",
    ],
)
def test_date_that_is_none_is_refused_with_an_example(text):
    with pytest.raises(InvalidInput, match="2024-05-16") as refusal:
        parse_date(text, "published_at")
    assert refusal.value.field == "published_at"


def test_date_to_come_is_refused():
    with pytest.raises(InvalidInput, match="has not come yet"):
        parse_date((timezone.now() + timedelta(days=2)).date().isoformat(), "published_at")


@given(text=st.text("0123456789-:TZ+. ", max_size=30))
def test_any_text_is_a_date_or_refused(text):
    try:
        moment, _ = parse_date(text, "published_at")
    except InvalidInput:
        return
    assert moment.tzinfo is not None


def test_details_are_read_from_text(newsroom):
    source = sources.create_source(actor=newsroom.investigator, case=newsroom.case, name="RFE/RL", kind="news")
    fields = {
        "title": " T ",
        "published_at": "2024-05",
        "graphic": "on",
        "source": str(source.pk),
        "captured_at": "2024-06-03T10:00:00Z",
        "sensitivity": "sensitive",
        "author": None,
    }
    details = details_from(newsroom.investigator, newsroom.case, fields)
    assert (details.title, details.published_precision, details.graphic) == ("T", "month", True)
    assert (details.source, details.sensitivity, details.author) == (source, "sensitive", "")
    assert details.captured_at == datetime(2024, 6, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"exhibit": "7"}, "exhibit"),
        ({"title": 7}, "title"),
        ({"title": ["x"]}, "title"),
        ({"graphic": "perhaps"}, "graphic"),
        ({"graphic": 3}, "graphic"),
        ({"published_at": "soon"}, "published_at"),
        ({"source": "not an id"}, "source"),
        ({"source": "00000000-0000-0000-0000-000000000000"}, "source"),
    ],
)
def test_details_that_cannot_be_read_are_refused_by_field(newsroom, fields, field):
    with pytest.raises(InvalidInput) as refusal:
        details_from(newsroom.investigator, newsroom.case, fields)
    assert refusal.value.field == field


def test_foreign_source_is_refused_like_an_unknown_one(newsroom):
    """A06."""
    other = make_case("OTHER-1", {"editor": newsroom.stranger})
    foreign = sources.create_source(actor=newsroom.stranger, case=other, name="Secret", kind="witness")
    messages = set()
    for wanted in (str(foreign.pk), "00000000-0000-0000-0000-000000000000"):
        with pytest.raises(InvalidInput) as refusal:
            details_from(newsroom.investigator, newsroom.case, {"source": wanted})
        messages.add(str(refusal.value))
    assert len(messages) == 1
