from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.enums import AccountStatus
from cases.moments import in_words
from cases.status import (
    as_of,
    as_of_in_words,
    end_of_day,
    handle_of,
    in_order,
    period,
    period_of,
    recycled,
    renames,
    spans,
    status_in_words,
    status_of,
)

OURS, THEIRS = UUID(int=1), UUID(int=2)


@dataclass(frozen=True)
class Seen:
    observed_at: datetime
    status: str = "unknown"
    handle: str = ""
    observed_precision: str = "day"
    account_id: UUID = OURS
    display_name: str = ""
    recorded_at: datetime = datetime(2024, 7, 1, tzinfo=UTC)

    @property
    def handle_key(self) -> str:
        return self.handle.lower()


def on(day: str, status: str = "unknown", handle: str = "", **more) -> Seen:
    return Seen(datetime.fromisoformat(day).replace(tzinfo=UTC), status, handle, **more)


ACTIVE = on("2024-05-16", "active")
SUSPENDED = on("2024-06-03", "suspended")

# --- status as an interval


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        ([], "unknown"),
        ([on("2024-05-16")], "unknown"),
        ([ACTIVE], "active 16 May 2024"),
        ([ACTIVE, on("2024-05-20", "active")], "active from 16 May 2024 to 20 May 2024"),
        ([ACTIVE, SUSPENDED], "active 16 May 2024, suspended by 3 June 2024"),
        ([SUSPENDED, ACTIVE], "active 16 May 2024, suspended by 3 June 2024"),
        ([ACTIVE, on("2024-05-20"), SUSPENDED], "active 16 May 2024, suspended by 3 June 2024"),
        (
            [ACTIVE, SUSPENDED, on("2024-07-01", "suspended")],
            "active 16 May 2024, suspended by 3 June 2024, last seen so 1 July 2024",
        ),
        (
            [ACTIVE, SUSPENDED, on("2024-07-01", "active")],
            "suspended 3 June 2024, active by 1 July 2024",
        ),
        (
            [ACTIVE, on("2024-06-01", "not_found", observed_precision="month")],
            "active 16 May 2024, not found by June 2024",
        ),
        ([ACTIVE, on("2024-01-01", "suspended", observed_precision="year")], "active 16 May 2024, suspended by 2024"),
        (
            [
                on("2024-05-16T10:00", "active", observed_precision="second"),
                on("2024-05-16T15:30", "suspended", observed_precision="second"),
            ],
            "active 16 May 2024 10:00 UTC, suspended by 16 May 2024 15:30 UTC",
        ),
    ],
)
def test_status_reads_as_an_interval(seen, words):
    assert status_in_words(seen) == words


def test_change_is_bounded_by_the_sightings_around_it():
    first, second = spans([ACTIVE, SUSPENDED])
    assert (first.after, first.until) == (None, SUSPENDED)
    assert (second.after, second.until) == (ACTIVE, None)


@pytest.mark.parametrize(
    ("day", "status", "words"),
    [
        ("2024-05-15", "", "unknown; first seen active 16 May 2024"),
        ("2024-05-16", "active", "active, last seen 16 May 2024; suspended by 3 June 2024"),
        ("2024-05-25", "active", "active, last seen 16 May 2024; suspended by 3 June 2024"),
        ("2024-06-02", "active", "active, last seen 16 May 2024; suspended by 3 June 2024"),
        ("2024-06-03", "suspended", "suspended, last seen 3 June 2024; nothing seen since"),
        ("2030-01-01", "suspended", "suspended, last seen 3 June 2024; nothing seen since"),
    ],
)
def test_status_as_of_a_day_is_the_last_one_seen_and_what_bounds_it(day, status, words):
    """Acceptance 20."""
    answer = as_of([SUSPENDED, ACTIVE], end_of_day(date.fromisoformat(day)))
    assert answer.value == status
    assert as_of_in_words(answer) == words


def test_status_between_two_equal_sightings_was_held():
    answer = as_of([ACTIVE, on("2024-05-20", "active")], end_of_day(date(2024, 5, 18)))
    assert answer.is_held
    assert as_of_in_words(answer) == "active, last seen 16 May 2024; seen so again 20 May 2024"


def test_vaguely_dated_sighting_is_neither_before_nor_after_a_day_within_it():
    vague = on("2024-01-01", "suspended", observed_precision="year")
    answer = as_of([ACTIVE, vague], end_of_day(date(2024, 8, 1)))
    assert (answer.value, answer.perhaps) == ("active", (vague,))
    assert as_of_in_words(answer).endswith("suspended at some time in 2024")
    assert as_of([ACTIVE, vague], end_of_day(date(2024, 12, 31))).value == "suspended"


def test_as_of_a_second_counts_that_second_in():
    noon = on("2024-05-16T12:00:00", "active", observed_precision="second")
    assert as_of([noon], noon.observed_at).value == "active"
    assert as_of([noon], noon.observed_at - timedelta(seconds=1)).value == ""


def test_handle_as_of_a_day_follows_the_rename():
    seen = [on("2024-01-01", handle="a"), on("2024-03-01", handle="B")]
    assert as_of(seen, end_of_day(date(2024, 2, 1)), handle_of).value == "a"
    assert as_of(seen, end_of_day(date(2024, 3, 1)), handle_of).value == "b"


# --- dates


@pytest.mark.parametrize(
    ("precision", "start", "end", "words"),
    [
        ("second", "2024-02-29T12:21:07", "2024-02-29T12:21:08", "29 February 2024"),
        ("day", "2024-02-29", "2024-03-01", "29 February 2024"),
        ("month", "2024-02-01", "2024-03-01", "February 2024"),
        ("year", "2024-01-01", "2025-01-01", "2024"),
        ("by", "1990-01-01", "2024-02-29T12:21:08", "29 February 2024 at the latest"),
    ],
)
def test_period_is_as_wide_as_the_date_is_vague(precision, start, end, words):
    at = datetime(2024, 2, 29, 12, 21, 7, 999, tzinfo=UTC)
    found = period(at, precision)
    assert (found.start, found.end) == tuple(datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (start, end))
    assert in_words(at, precision) == words


def test_period_is_that_of_utc_wherever_it_was_seen():
    baku = datetime.fromisoformat("2024-05-17T01:00:00+04:00")
    assert period(baku, "day").start == datetime(2024, 5, 16, tzinfo=UTC)


def test_sighting_of_which_only_the_latest_moment_is_known_stands_before_the_others_and_renames_nobody():
    """Whenever it was: it may have been first or last, and is the answer only where nothing else is."""
    undated = on("2024-06-01T10:00:00", handle="old", observed_precision="by")
    dated = on("2024-05-16T10:00:00", handle="new", observed_precision="second")
    assert in_order([dated, undated]) == [undated, dated]
    assert renames([undated, dated]) == []
    for day, last, perhaps in (("2024-05-15", None, 1), ("2024-05-17", dated, 1), ("2024-06-02", dated, 0)):
        answer = as_of([dated, undated], end_of_day(date.fromisoformat(day)), handle_of)
        assert (answer.last, len(answer.perhaps)) == (last, perhaps)
    assert as_of([undated], end_of_day(date(2024, 6, 2)), handle_of).last == undated


def test_handle_that_two_accounts_had_overlaps_by_what_is_known_of_its_sightings_alone():
    undated = on("2024-06-01T10:00:00", handle="old", observed_precision="by")
    other = on("2024-05-16T10:00:00", handle="old", observed_precision="second", account_id=THEIRS)
    assert [one.overlap for one in recycled([undated, other])] == [None]


# --- handles


def test_rename_says_from_what_to_what_and_between_which_sightings():
    seen = [on("2024-01-01", handle="a"), on("2024-02-01", handle="A"), on("2024-03-01", handle="b")]
    (rename,) = renames(seen)
    assert (rename.old, rename.new) == ("A", "b")
    assert (rename.after, rename.by) == (seen[1], seen[2])


def test_rename_and_back_is_two_renames():
    seen = [on("2024-01-01", handle="a"), on("2024-02-01", handle="b"), on("2024-03-01", handle="a")]
    assert [(rename.old, rename.new) for rename in renames(seen)] == [("a", "b"), ("b", "a")]


def test_handle_on_two_accounts_is_flagged_for_both():
    seen = [on("2024-01-01", handle="a"), on("2024-03-01", handle="A", account_id=THEIRS)]
    (pair,) = recycled(seen)
    assert (pair.key, pair.earlier, pair.later, pair.overlap) == ("a", OURS, THEIRS, None)


def test_handle_on_two_accounts_at_once_tells_the_overlap():
    seen = [
        on("2024-01-01", handle="a"),
        on("2024-05-01", handle="a"),
        on("2024-03-01", handle="a", account_id=THEIRS),
    ]
    (pair,) = recycled(seen)
    assert (pair.overlap.start, pair.overlap.end) == (
        datetime(2024, 3, 1, tzinfo=UTC),
        datetime(2024, 3, 2, tzinfo=UTC),
    )


def test_merged_accounts_do_not_recycle_each_others_handles():
    seen = [on("2024-01-01", handle="a"), on("2024-03-01", handle="a", account_id=THEIRS)]
    assert recycled(seen, lambda sighting: OURS) == []


# --- properties

moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
sightings = st.builds(
    Seen,
    moments,
    st.sampled_from(AccountStatus.values),
    st.sampled_from(["", "a", "A", "b", "c"]),
    st.sampled_from(["second", "day", "month", "year"]),
    st.sampled_from([OURS, THEIRS]),
)


@given(st.lists(sightings, max_size=12), moments)
def test_as_of_puts_each_sighting_on_exactly_one_side(seen, moment):
    answer = as_of(seen, moment)
    told = [sighting for sighting in seen if status_of(sighting)]
    before = [s for s in told if s not in answer.perhaps and period_of(s).start <= moment]
    after = [s for s in told if period_of(s).start > moment]
    assert len(before) + len(after) + len(answer.perhaps) == len(told)
    assert (answer.last is not None) == bool(before)
    assert (answer.next is not None) == bool(after)
    assert answer.last is None or answer.value == answer.last.status


@given(st.lists(sightings, max_size=12), moments, moments)
def test_later_question_never_gets_an_older_answer(seen, one, other):
    early, late = as_of(seen, min(one, other)), as_of(seen, max(one, other))
    if early.last is not None:
        assert late.last is not None
        assert period_of(late.last).end >= period_of(early.last).end


@given(st.lists(sightings, max_size=12))
def test_spans_hold_every_telling_sighting_once_and_neighbours_differ(seen):
    found = spans(seen)
    assert sum(span.count for span in found) == sum(1 for sighting in seen if status_of(sighting))
    assert all(one.value != two.value for one, two in pairwise(found))
    assert all(one.until is two.first and two.after is one.last for one, two in pairwise(found))


@given(st.lists(sightings, max_size=12), st.randoms())
def test_answers_do_not_depend_on_the_order_of_entry(seen, random):
    mixed = list(seen)
    random.shuffle(mixed)
    ends = [(period_of(s).end, period_of(s).start) for s in in_order(seen)]
    assert [(period_of(s).end, period_of(s).start) for s in in_order(mixed)] == ends == sorted(ends)
    assert set(recycled(seen)) == set(recycled(mixed))


@given(st.lists(sightings, max_size=12))
def test_every_sentence_can_be_said(seen):
    assert status_in_words(seen)
    assert as_of_in_words(as_of(seen, datetime(2024, 5, 16, tzinfo=UTC)))


@given(st.lists(sightings, max_size=12))
def test_recycled_pairs_are_two_accounts_that_share_a_handle(seen):
    for pair in recycled(seen):
        assert pair.earlier != pair.later
        for account in (pair.earlier, pair.later):
            assert any(s.account_id == account and s.handle_key == pair.key for s in seen)
