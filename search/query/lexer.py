"""The pieces of a query, and what is too much of one."""

from collections.abc import Iterator
from typing import NamedTuple

import regex

from cases.exceptions import InvalidInput
from search.query.fields import FIELDS

LONGEST = 1024  # bytes
MOST_CLAUSES = 32
DEEPEST = 8

_FIELD = "|".join(sorted(FIELDS, key=len, reverse=True))
# In this order: a piece is the first that fits. Every pattern takes at least a character, and none looks back.
_PIECE = regex.compile(
    rf"""(?P<space>\s+)
    |(?P<open>\()
    |(?P<close>\))
    |(?P<minus>-(?=\S))
    |(?P<field>(?i:{_FIELD}):)
    |"(?P<phrase>[^"]*)"
    |(?P<sign>(?:AND|OR|NOT)(?![^\s()"]))
    |(?P<word>[^\s()"]+)
    |(?P<quote>")""",
    regex.VERBOSE,
)
_NO_TEXT = "A query is text without null characters."
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})


class Piece(NamedTuple):
    kind: str
    text: str
    apart: bool  # whether a space, or nothing, stands before it


def pieces(query: str) -> list[Piece]:
    """Raises InvalidInput for a query that is too long, too rich, or not text."""
    try:
        size = len(query.encode())
    except UnicodeEncodeError as error:  # half of a character
        raise refusal(_NO_TEXT) from error
    if "\0" in query:
        raise refusal(_NO_TEXT)
    if size > LONGEST:
        raise refusal(f"A query has at most {LONGEST} bytes: leave some of it out.")
    found = list(_pieces(query.translate(_QUOTES)))
    if sum(piece.kind in ("word", "phrase") for piece in found) > MOST_CLAUSES:
        raise refusal(f"A query has at most {MOST_CLAUSES} words and conditions: leave some of them out.")
    return found


def _pieces(query: str) -> Iterator[Piece]:
    apart = True
    for match in _PIECE.finditer(query):
        kind = match.lastgroup or ""
        if kind == "space":
            apart = True
            continue
        if kind == "quote":
            raise refusal("A quotation mark is opened and not closed.")
        yield Piece(kind, match[kind], apart)
        apart = kind in ("open", "minus")


def refusal(sentence: str) -> InvalidInput:
    return InvalidInput(sentence, field="query")
