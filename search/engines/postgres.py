"""PostgreSQL full text: documents are searched in the table where they stand.

The tree is asked as a value of the function `search_found`, which holds row security itself: under a policy PostgreSQL
would not use the indexes (migration 0004).
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection

from search.ast import Among, And, During, Everything, Keys, Node, Not, Or, Phrase, Words
from search.engines.base import FACETS, LONG_TEXTS, SECONDS, Answer, OutOfTime, Question, first_values
from search.tokens import exactly
from search.vectors import quoted

# What GROUPING() says of each set: a bit is 0 where the column is grouped by.
_TOTAL = 0b111111
_SETS = {
    _TOTAL ^ (1 << place): name for place, name in enumerate(("date", "language", "platform", "status", "case", "type"))
}
# The hits are found once, counted, and one page of them sorted out.
_ASKED = """
    WITH hits AS MATERIALIZED (
        SELECT id, case_id, kind, status, platform, lang, at, {tier} AS tier
        FROM search_found(%s::jsonb, %s::text[], %s::uuid[])
    ), page AS (
        SELECT id, place FROM unnest(ARRAY(
            SELECT id FROM hits
            ORDER BY array_position(%s::bigint[], id), tier DESC, (kind = ANY (%s)), at DESC NULLS LAST, id DESC
            OFFSET %s LIMIT %s
        )) WITH ORDINALITY AS found(id, place)
    ), counted AS ({counted})
    SELECT grouped, value, number, NULL::bigint FROM counted
    UNION ALL SELECT NULL, NULL, id, place FROM page"""
_TOTAL_ALONE = "SELECT b'111111'::int AS grouped, NULL AS value, count(*) AS number FROM hits"
_COUNTED = """
        SELECT GROUPING(kind, case_id, status, platform, language, year) AS grouped,
            COALESCE(kind, case_id::text, status, platform, language, lpad(year::text, 4, '0')) AS value,
            COALESCE(sum(number), 0)::bigint AS number
        FROM (
            SELECT kind, case_id, status, platform, split_part(lower(lang), '-', 1) AS language, year, number FROM (
                SELECT kind, case_id, status, platform, lang, date_part('year', at AT TIME ZONE 'UTC')::int AS year,
                    count(*) AS number
                FROM hits GROUP BY 1, 2, 3, 4, 5, 6
            ) alike
        ) named GROUP BY GROUPING SETS ((), (kind), (case_id), (status), (platform), (language), (year))"""


class Postgres:
    """The engine of several web nodes, and the one that answers while the embedded index cannot."""

    name = "postgres"

    def ask(self, question: Question) -> Answer:
        """One page and all numbers, in one statement."""
        tier, words = _tier(question.wanted)
        counted = _COUNTED if question.facets else _TOTAL_ALONE
        statement = _ASKED.format(tier=tier, counted=counted)
        values = [
            *words,
            *(json.dumps(condition(question.tree)), list(question.audiences), list(question.hidden)),
            *(list(question.first), list(LONG_TEXTS), question.offset, question.size),
        ]
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            rows = cursor.fetchall()
        return _answer(rows)


def _answer(rows: list[tuple]) -> Answer:
    total, facets = 0, defaultdict(dict)
    page = sorted((place, number) for _, _, number, place in rows if place is not None)
    for grouped, value, number, place in rows:
        if place is None and grouped == _TOTAL:
            total = number
        elif place is None and value:
            facets[_SETS[grouped]][value] = number
    named = {name: first_values(facets[name]) for name in FACETS} if facets else {}
    return Answer([number for _, number in page], total, named)


def _tier(wanted: tuple[tuple[str, ...], ...]) -> tuple[str, list[str]]:
    """2 where title, names and handles have a word of each group, 1 where they have one of some, else 0."""
    if not wanted:
        return "0", []
    groups = [any_of(group) for group in wanted]
    return "(heads @@ %s::tsquery)::int + (heads @@ %s::tsquery)::int", [" & ".join(groups), " | ".join(groups)]


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
        case Keys(keys):
            found = ["keys", list(keys)]
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
    plain = [part for part in parts if isinstance(part, Words) and part.words and not part.exact]
    others = [condition(part) for part in parts if part not in plain]
    return [["words", " & ".join(any_of(part.words) for part in plain)], *others] if plain else others


def _exactly(word: str) -> list[Any]:
    folded, written, never = exactly(word)
    if not folded:
        return ["exact", quoted(written)]
    return ["and", [["words", quoted(folded)], ["not", ["exact", quoted(never)]]]]


def any_of(words: tuple[str, ...]) -> str:
    """A tsquery for any of these words."""
    return f"({' | '.join(map(quoted, words))})"
