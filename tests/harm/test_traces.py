"""What leads to a person is found in a text; numbers that only look like it are not."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.harm.traces import traces

FOUND = [
    ("0033 (0)1 23 45 67 89", "phone", "0033 (0)1 23 45 67 89"),
    ("write to jean (at) post (dot) example", "email", "jean (at) post (dot) example"),
    ("jean[at]post.example is hers", "email", "jean[at]post.example"),
    ("jean arobase post point fr", "email", "jean arobase post point fr"),
    ("jean＠post.example", "email", "jean＠post.example"),
    ("near 48°51'24\"N 2°21'07\"E", "place", "48°51'24\"N 2°21'07\"E"),
    ("at 48.8566,2.3522", "place", "48.8566,2.3522"),
    ("with his wife Anna Petrova", "family", "his wife Anna Petrova"),
    ("son épouse Anna", "family", "son épouse Anna"),
    ("la fille d’Anna Petrova", "family", "fille d’Anna Petrova"),
    ("Quluzadə’s brother Kənan spoke", "family", "Quluzadə’s brother Kənan"),
    ("au 01 23 45 67 89 depuis mai", "phone", "01 23 45 67 89"),
    ("Tel.: 555 01 23", "phone", "555 01 23"),
    ("mobile 5550123", "phone", "5550123"),
    ("seen at -22.2758 166.4580", "place", "-22.2758 166.4580"),
    ("He lives at 12 Long Garden Street, Baku.", "address", "12 Long Garden Street"),
    ("au 3 bis, rue de la République", "address", "3 bis, rue de la République"),
    ("au 14 rue d’Alger", "address", "14 rue d’Alger"),
    ("her passport number: C01234567", "papers", "C01234567"),
    ("passeport n° 12AB34567", "papers", "12AB34567"),
    ("Write to anar.m@mail.example today.", "email", "anar.m@mail.example"),
    ("See https://a.example/?to=anar%40mail.example.", "email", "anar%40mail.example"),
    ("Call +994 12 598 19 08 after noon.", "phone", "+994 12 598 19 08"),
    ("Tél. 01 42 68 53 00 le matin", "phone", "01 42 68 53 00"),
    ("Ring 020 7183 8750, he said", "phone", "020 7183 8750"),
    ("in Nouméa: +687 25 66 66", "phone", "+687 25 66 66"),
    ("He lives at 12 rue de la Paix in Paris.", "address", "12 rue de la Paix"),
    ("au 4 bis, avenue Victor Hugo", "address", "4 bis, avenue Victor Hugo"),
    ("Her flat, 221B Baker Street, is known.", "address", "221B Baker Street"),
    ("wohnt in der Hauptstraße 12", "address", "Hauptstraße 12"),
    ("vive en Calle Mayor 5 desde", "address", "Calle Mayor 5"),
    ("Nizami küçəsi 45", "address", "Nizami küçəsi 45"),
    ("ул. Ленина, д. 5", "address", "ул. Ленина, д. 5"),
    ("Paid to FR14 2004 1010 0505 0001 3M02 606.", "iban", "FR14 2004 1010 0505 0001 3M02 606"),
    ("Card 4111 1111 1111 1111 was used", "card", "4111 1111 1111 1111"),
    ("NIR 2 55 08 14 168 025 38 is hers", "papers", "2 55 08 14 168 025 38"),
    ("Codice RSSMRA85T10A562S", "papers", "RSSMRA85T10A562S"),
    ("DNI 54362315K", "papers", "54362315K"),
    ("Her PESEL is 44051401359.", "papers", "44051401359"),
    ("social security 078-05-1120", "papers", "078-05-1120"),
    ("A car with the plate AB-123-CD stood there", "plate", "AB-123-CD"),
    ("plate 10-JX-472 in Baku", "plate", "10-JX-472"),
    ("the BD51 SMR was seen", "plate", "BD51 SMR"),
    ("B-MW 1234 parkte", "plate", "B-MW 1234"),
    ("at 40.37767, 49.89201 on the map", "place", "40.37767, 49.89201"),
]
CLEAN = [
    "@esmirak and @esmirak@mastodon.example posted it",
    "2024-05-15 12:21:07, 2014-2024",
    "97.5 per cent, 0.0001 of them",
    "12 officials, 3 ministries; Street protests on 5 Avenue corners",
    "The passport office opened in 2014.",
    "On 16 May 2024 at 12:21 UTC, 1,686 accounts posted 5,187 posts.",
    "The account @bafadarovislam (id 1523456789012345678) is suspended.",
    "https://x.com/esmirak/status/1790712345678901234",
    "E-12 and C-7 rest on exhibit 3; the hash is 4f2a9c0011aa22bb33cc44dd55ee66ff.",
    "Between 2023-07-06 and 2024-05-22 he was seen 3 times.",
    "The order of 12.05.2024 has 14 pages; see page 221 and ISBN 978-3-16-148410-0.",
    "She is head of the press service; 86 posts or 86 accounts.",
    "Facebook page 100063456789012 and channel -1001234567890",
    "#RecognizeNewCaledonia was used 3.500 times within 24 h",
    "COVID-19 and G-20, A-10 and B-52",
    "In May 2024 the State Committee, established in 2002, employed 120 people.",
    "",
]


@pytest.mark.parametrize(("text", "kind", "passage"), FOUND)
def test_trace_of_a_person_is_found_where_it_stands(text, kind, passage):
    found = traces(text)
    assert [(one.kind, one.passage) for one in found] == [(kind, passage)]
    assert text[found[0].start : found[0].end] == passage


@pytest.mark.parametrize("text", CLEAN)
def test_dates_ids_and_figures_are_no_traces(text):
    assert traces(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "FR14 2004 1010 0505 0001 3M02 607",
        "4111 1111 1111 1112",
        "2 55 08 14 168 025 39",
        "54362315A",
        "PESEL 44051401358",
        "140.37767, 249.89201",
    ],
)
def test_number_with_a_wrong_check_digit_is_none(text):
    assert not [one for one in traces(text) if one.kind != "phone"]


@given(before=st.text(max_size=30), after=st.text(max_size=30))
def test_address_of_mail_is_found_in_any_company(before, after):
    found = traces(f"{before} anar@mail.example {after}")
    assert any("anar@mail.example" in one.passage for one in found)


@given(text=st.text(alphabet="+0123456789 .-()@%aA°NS,/", max_size=60))
def test_whatever_is_found_stands_there_and_nothing_overlaps(text):
    found = traces(text)
    assert all(text[one.start : one.end] == one.passage for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(st.dates(), st.integers(0, 10**9), st.from_regex(r"@[a-z][a-z0-9_]{2,14}", fullmatch=True))
def test_dates_counts_and_handles_are_never_taken_for_one(day, count, handle):
    text = f"On {day:%d %B %Y} ({day.isoformat()}) {count:,} accounts answered {handle}; id {count}."
    assert traces(text) == ()
