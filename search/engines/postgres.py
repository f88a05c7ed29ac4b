"""PostgreSQL full text: documents are searched in the table where they stand.

The tree is asked as a value of functions that hold row security themselves: under a policy PostgreSQL would not use the
indexes (migrations 0004 and 0005).
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection

from search.ast import Among, And, During, Everything, Keys, Node, Not, Or, Phrase, Prefix, Words
from search.engines.base import FACETS, LONG_TEXTS, SECONDS, Answer, OutOfTime, Question, first_values
from search.tokens import exactly
from search.vectors import quoted

# What GROUPING() says of each set: a bit is 0 where the column is grouped by.
_TOTAL = 0b111111
_SETS = {
    _TOTAL ^ (1 << place): name for place, name in enumerate(("date", "language", "platform", "status", "case", "type"))
}
# Of keys that are columns (search.drafts): the letter in front, and the condition of `search_condition`.
_COLUMNS = {"k": "kind", "c": "case", "s": "status", "l": "language", "p": "platform"}
_GIVEN = (
    "%s::jsonb, %s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[], %s::tsquery, %s::tsquery, "
    f"'{{{','.join(LONG_TEXTS)}}}'::text[], %s, %s"
)
# Nothing of it is anybody's words.
_PAGE = f"SELECT id, total FROM search_page({_GIVEN}) WITH ORDINALITY ORDER BY ordinality"  # noqa: S608
_WITH_FACETS = f"SELECT id, total, grouped, value FROM search_answer({_GIVEN}) WITH ORDINALITY ORDER BY ordinality"  # noqa: S608


class Postgres:
    """The engine of several web nodes, and the one that answers while the embedded index cannot."""

    name = "postgres"

    def ask(self, question: Question) -> Answer:
        """One page and all numbers, in one statement."""
        values = [
            *(json.dumps(condition(question.tree)), *question.reach.arrays, _array(question.hidden)),
            *(_array(question.first), *_heads(question.wanted), question.offset, question.size),
        ]
        with connection.cursor() as cursor:
            cursor.execute(_WITH_FACETS if question.facets else _PAGE, values)
            rows = cursor.fetchall()
        return _with_facets(rows) if question.facets else _page(rows)


def _array(ids: tuple[object, ...]) -> str:
    """Numbers or UUIDs as PostgreSQL reads an array; told so it takes a fifth of the time that a list takes."""
    return f"{{{','.join(map(str, ids))}}}"


def _page(rows: list[tuple]) -> Answer:
    return Answer([pk for pk, _ in rows if pk is not None], rows[0][1] if rows else 0)


def _with_facets(rows: list[tuple]) -> Answer:
    total, facets = 0, defaultdict(dict)
    for _, number, grouped, value in rows:
        if grouped == _TOTAL:
            total = number
        elif value:
            facets[_SETS[grouped]][value] = number
    return Answer(
        [pk for pk, *_ in rows if pk is not None], total, {name: first_values(facets[name]) for name in FACETS}
    )


def _heads(wanted: tuple[tuple[str, ...], ...]) -> tuple[str | None, str | None]:
    """Which documents come first, by title, names and handles: with a word of each group, then with one of some."""
    groups = [any_of(group) for group in wanted]
    return (" & ".join(groups), " | ".join(groups)) if groups else (None, None)


@contextmanager
def in_time() -> Iterator[None]:
    """Bound each statement of a block within a transaction; raises OutOfTime for one that was stopped, and that
    transaction is over.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = {int(SECONDS * 1000)}")
        try:
            yield
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") == "57014":
                raise OutOfTime from error
            raise
        # What the connection began with (caseapp.databases).
        cursor.execute("SET LOCAL statement_timeout TO DEFAULT")


# --- the tree as `search_condition` reads it


def condition(node: Node) -> list[Any]:
    """Pairs of a word and what it is of; see the migration 0004."""
    match node:
        case Everything():
            found: list[Any] = ["all"]
        case Words(words, exact):
            found = ["or", [_exactly(word) for word in words]] if exact or not words else ["words", any_of(words)]
        case Phrase(words):
            found = ["words", " <-> ".join(map(quoted, words))]
        case Prefix(start):
            found = ["words", any_of((f"{start}*",))]
        case Keys(keys):
            found = _keys(keys)
        case Among(ids):
            found = ["ids", list(ids)]
        case During(start, end):
            bounds = [["from", start.isoformat()]] if start else []
            bounds += [["before", end.isoformat()]] if end else []
            found = ["and", bounds or [["dated"]]]
        case Not(part):
            found = ["not", condition(part)]
        case And(parts):
            found = ["and", _joined(parts)]
        case Or(parts):
            found = ["or", [condition(part) for part in parts]]
        case _:
            raise TypeError(f"{type(node).__name__} is not for an engine")
    return found


def _joined(parts: tuple[Node, ...]) -> list[Any]:
    """Plain words together in one tsquery, which the index answers at once."""
    plain = [part for part in parts if isinstance(part, Prefix) or _is_plain(part)]
    others = [condition(part) for part in parts if part not in plain]
    words = (part.words if isinstance(part, Words) else (f"{part.start}*",) for part in plain)
    return [["words", " & ".join(map(any_of, words))], *others] if plain else others


def _is_plain(part: Node) -> bool:
    return isinstance(part, Words) and bool(part.words) and not part.exact


def _keys(keys: tuple[str, ...]) -> list[Any]:
    """Facts that are columns by these, all others by the keys that are stored."""
    facts: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        facts[_COLUMNS.get(key[:1], "keys")].append(key)
    found = [[name, those if name == "keys" else [key[2:] for key in those]] for name, those in facts.items()]
    return found[0] if len(found) == 1 else ["or", found]


def _exactly(word: str) -> list[Any]:
    folded, written, never = exactly(word)
    if not folded:
        return ["exact", quoted(written)]
    return ["and", [["words", quoted(folded)], ["not", ["exact", quoted(never)]]]]


def any_of(words: tuple[str, ...]) -> str:
    """A tsquery for any of these words, and of what ends in * for all that begin so."""
    return f"({' | '.join(f'{quoted(word[:-1])}:*' if word.endswith('*') else quoted(word) for word in words)})"
