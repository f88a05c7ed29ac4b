"""Posts for analyses, and strategies for many of them."""

from hypothesis import strategies as st

from posts.columns import Columns, Row
from posts.enums import Kind

SECOND = 1_000_000
TEXTS = (
    "The same long sentence is pasted here #one",
    "the same long sentence is pasted here #two",
    "The same long sentence was pasted here #one",
    "Something else that nobody else says at all",
    "too short #tag",
    "Бир жумла бәрабәр җырлый торган озын җөмлә",
    "RT @x: The same long sentence is pasted here #one",
)


def row(number: int, account: str, at: int | None, text: str = "", kind: Kind = Kind.ORIGINAL, **more) -> Row:
    """A post with a number for its id and `at` in seconds."""
    return Row(str(number), account, None if at is None else at * SECOND, kind, text, **more)


def columns(*rows: Row) -> Columns:
    return Columns.of(rows)


POSTS = st.lists(
    st.tuples(
        st.sampled_from("abcd"),
        st.one_of(st.none(), st.integers(0, 100)),
        st.sampled_from(TEXTS),
        st.sampled_from(list(Kind)),
        st.booleans(),
    ),
    max_size=25,
).map(lambda found: [row(n, a, at, text, kind, flagged=f) for n, (a, at, text, kind, f) in enumerate(found)])
