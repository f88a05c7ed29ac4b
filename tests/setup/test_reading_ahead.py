"""Small bodies are read before Django begins; what breaks off never reaches a view (F15, A45)."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.reading_ahead import read_ahead

FORM = "application/x-www-form-urlencoded"


class Dripping:
    """A client that sends a few bytes at a time, and perhaps leaves."""

    def __init__(self, body: bytes, step: int = 3, leaves: type[Exception] | None = None) -> None:
        self.body, self.step, self.leaves = BytesIO(body), step, leaves

    def read(self, size: int = -1) -> bytes:
        block = self.body.read(min(size, self.step) if size >= 0 else self.step)
        if not block and self.leaves:
            raise self.leaves
        return block


def serve(stream, *, length: object, content_type: str = FORM):
    """What the application was given (None when it was not called), and the statuses sent."""
    seen, statuses = [], []

    def application(environ, start_response):
        start_response("200 OK", [])
        seen.append(environ["wsgi.input"])
        return [b""]

    environ = {"wsgi.input": stream, "CONTENT_LENGTH": str(length), "CONTENT_TYPE": content_type}
    read_ahead(application)(environ, lambda status, headers: statuses.append(status))
    return (seen or [None])[0], statuses


@given(body=st.binary(min_size=1, max_size=200), step=st.integers(1, 50))
def test_application_gets_the_whole_body(body, step):
    given_stream, statuses = serve(Dripping(body, step), length=len(body))
    assert (given_stream.read(), statuses) == (body, ["200 OK"])


@given(body=st.binary(max_size=50), missing=st.integers(1, 50), leaves=st.sampled_from([None, OSError]))
def test_body_that_breaks_off_is_refused_unseen(body, missing, leaves):
    """A45: half a form would be a form."""
    assert serve(Dripping(body, leaves=leaves), length=len(body) + missing) == (None, ["400 Bad Request"])


@pytest.mark.parametrize(
    ("length", "content_type"),
    [
        (5, "application/octet-stream"),
        (5, "multipart/form-data; boundary=x"),
        (10**9, FORM),
        ("", FORM),
        ("-5", FORM),
        ("5x", FORM),
        ("²", FORM),
        (0, FORM),
    ],
)
def test_streams_and_nonsense_are_left_to_the_application(length, content_type):
    stream = Dripping(b"12345")
    assert serve(stream, length=length, content_type=content_type) == (stream, ["200 OK"])


def test_charset_of_a_form_changes_nothing():
    given_stream, _ = serve(Dripping(b"a=1"), length=3, content_type=f"{FORM}; charset=utf-8")
    assert given_stream.read() == b"a=1"
