"""The pieces of a query, and what is too much of one."""

from collections.abc import Iterator
from dataclasses import dataclass

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
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})


@dataclass(frozen=True)
class Piece:
    kind: str
    text: str
    apart: bool  # whether a space, or nothing, stands before it


def pieces(query: str) -> list[Piece]:
    """Raises InvalidInput for a query that is too long, too rich, or not text."""
    if len(query.encode("utf-8", "replace")) > LONGEST:
        raise refusal(f"A query has at most {LONGEST} bytes: leave some of it out.")
    if "\0" in query or any("\ud800" <= character <= "\udfff" for character in query):
        raise refusal("A query is text without null characters.")
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
