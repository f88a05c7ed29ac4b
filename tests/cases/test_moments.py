"""Moments read and written as precisely as they are known: one way for accounts, evidence and claims (A62, F17)."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.enums import DATE_PRECISIONS, Precision
from cases.exceptions import InvalidInput
from cases.moments import as_written, in_words, parse_moment

MOMENTS = st.datetimes(datetime(1450, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


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
def test_moment_is_read_with_its_precision(text, moment, precision):
    assert parse_moment(text) == (moment, precision)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a date. Write 2024"),
        ("yesterday", "'yesterday' is not a date"),
        ("16.05.2024", "2024-05-16"),
        ("2024-13", "does not exist"),
        ("2023-02-29", "does not exist"),
        ("2024-05-16T12:21:00", "Give the time zone"),
        ("2024-05-16T25:00:00Z", "does not exist"),
        ("2016-12-31T23:59:60Z", "leap second"),
        ("0000", "does not exist"),
        ("99999-01-01", "The year 99999"),
        ("-2024", "not a date"),
    ],
)
def test_text_that_is_no_moment_is_refused_by_its_field(text, words):
    with pytest.raises(InvalidInput, match=words) as refusal:
        parse_moment(text, field="published_at")
    assert refusal.value.field == "published_at"


@given(text=st.text("0123456789-:TZ+. ", max_size=30))
def test_any_text_is_a_moment_or_refused(text):
    try:
        moment, precision = parse_moment(text)
    except InvalidInput:
        return
    assert moment.tzinfo is not None
    assert precision in Precision.values


@given(moment=MOMENTS, precision=st.sampled_from(Precision.values))
def test_what_is_written_reads_back_as_no_more_than_was_known(moment, precision):
    text = as_written(moment.replace(microsecond=0), precision)
    back, known = parse_moment(text)
    assert (as_written(back, known), known) == (text, precision)


@pytest.mark.parametrize(
    ("at", "precision", "with_time", "words"),
    [
        (None, "day", False, ""),
        (date(2014, 6, 3), "day", False, "3 June 2014"),
        (date(2014, 6, 1), "month", False, "June 2014"),
        (date(2014, 1, 1), "year", False, "2014"),
        (datetime.fromisoformat("2024-05-17T01:05:00+04:00"), "second", True, "16 May 2024 21:05 UTC"),
        (datetime.fromisoformat("2024-05-17T01:05:00+04:00"), "second", False, "16 May 2024"),
        (datetime(2024, 5, 16, 9, tzinfo=UTC), "day", True, "16 May 2024"),
    ],
)
def test_words_say_no_more_than_is_known(at, precision, with_time, words):
    assert in_words(at, precision, with_time=with_time) == words


def test_dates_have_every_precision_but_that_of_a_clock():
    assert [value for value, _ in DATE_PRECISIONS] == ["day", "month", "year"]
    assert as_written(None, "day") == ""
