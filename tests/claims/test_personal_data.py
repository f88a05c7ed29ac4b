"""What reaches somebody at home is found in a text; dates, counts, handles and hashes are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.personal_data import kinds_in


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Write to esmira.x+desk@mail.committee.example.", "an e-mail address"),
        ("+994 12 555 01 23", "a telephone number"),
        ("0033 (0)1 23 45 67 89", "a telephone number"),
        ("au 01 23 45 67 89 depuis mai", "a telephone number"),
        ("Tel.: 555 01 23", "a telephone number"),
        ("seen at 40.37767, 49.89201 that night", "coordinates"),
        ("seen at -22.2758 166.4580", "coordinates"),
        ("He lives at 12 Long Garden Street, Baku.", "a street address"),
        ("au 3 bis, rue de la République", "a street address"),
        ("au 14 rue d’Alger", "a street address"),
        ("her passport number: C01234567", "the number of an identity document"),
        ("passeport n° 12AB34567", "the number of an identity document"),
        ("paid to FR14 2004 1010 0505 0001 3M02 606", "a bank account number"),
    ],
)
def test_what_reaches_somebody_at_home_is_found(text, kind):
    assert kinds_in(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "@esmirak and @esmirak@mastodon.example posted it",
        "On 15 and 16 May 2024, 1,686 accounts; 5,124 posts; 12:21.",
        "2024-05-15 12:21:07, 2014-2024",
        "https://news.example/2024/05/15/1234567890",
        "id 1790123456789012345",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "97.5 per cent, 0.0001 of them",
        "paid to FR14 2004 1010 0505 0001 3M02 607",
        "12 officials, 3 ministries; Street protests on 5 Avenue corners",
        "The passport office opened in 2014.",
        "",
    ],
)
def test_what_does_not_is_let_through(text):
    assert kinds_in(text) == []


@given(st.dates(), st.integers(0, 10**9), st.from_regex(r"@[a-z][a-z0-9_]{2,14}", fullmatch=True))
def test_dates_counts_and_handles_are_never_taken_for_it(day, count, handle):
    assert kinds_in(f"On {day:%d %B %Y} ({day.isoformat()}) {count:,} accounts answered {handle}; id {count}.") == []
