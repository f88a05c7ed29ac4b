"""Dates and details as people and programs send them."""

from datetime import UTC, datetime

import pytest

from cases.exceptions import InvalidInput
from evidence.actions import sources
from evidence.details import Details, checked
from evidence.intake import details_from

from .conftest import make_case


@pytest.mark.parametrize(
    ("text", "moment", "precision"),
    [
        ("2024", datetime(2024, 1, 1, tzinfo=UTC), "year"),
        (" 2024-05-16 ", datetime(2024, 5, 16, tzinfo=UTC), "day"),
        ("2024-05-16T12:21:00+11:00", datetime(2024, 5, 16, 1, 21, tzinfo=UTC), "second"),
    ],
)
def test_date_of_publication_is_read_with_its_precision(newsroom, text, moment, precision):
    details = details_from(newsroom.investigator, newsroom.case, {"published_at": text})
    assert (details.published_at, details.published_precision) == (moment, precision)


@pytest.mark.parametrize("text", ["yesterday", "16.05.2024", "2024-13", "2024-05-16T12:21:00", "0000", "99999-01-01"])
def test_date_that_is_none_is_refused_by_its_field(newsroom, text):
    with pytest.raises(InvalidInput) as refusal:
        details_from(newsroom.investigator, newsroom.case, {"published_at": text})
    assert refusal.value.field == "published_at"


@pytest.mark.parametrize("field", ["published_at", "captured_at"])
@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(1200, 1, 1, tzinfo=UTC), "in the year 1200"),
        (datetime(2024, 1, 1), "needs its zone"),
        (datetime(2999, 1, 1, tzinfo=UTC), "has not come yet"),
    ],
)
def test_moment_that_cannot_be_is_refused_by_its_field(field, moment, words):
    with pytest.raises(InvalidInput, match=words) as refusal:
        checked(Details(**{field: moment}))
    assert refusal.value.field == field


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
