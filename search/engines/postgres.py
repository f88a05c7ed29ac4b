"""PostgreSQL full text: documents are searched in the table where they stand, under the table's own row security."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction

from search.ast import Among, And, During, Everything, Keys, Node, Not, Or, Phrase, Words
from search.engines.base import FACETS, LONG_TEXTS, MOST_VALUES, SECONDS, Answer, OutOfTime, Question
from search.vectors import quoted

_HITS = "SELECT d.* FROM search_document d WHERE d.live AND d.keys && %s::text[] AND ({where})"
_PAGE = """
    WITH hits AS ({hits})
    SELECT id FROM hits
    ORDER BY array_position(%s::bigint[], id), {tier} DESC, (kind = ANY (%s)), at DESC NULLS LAST, id DESC
    OFFSET %s LIMIT %s"""
_FACETS = """
    WITH hits AS ({hits}), counted AS (
        SELECT GROUPING(kind, case_id, status, platform, lang, year) AS grouped,
            COALESCE(kind, case_id::text, status, platform, lang, year) AS value, count(*) AS number
        FROM (SELECT kind, case_id, status, platform, split_part(lower(lang), '-', 1) AS lang,
                lpad(extract(year FROM at AT TIME ZONE 'UTC')::text, 4, '0') AS year FROM hits) named
        GROUP BY GROUPING SETS ((), (kind), (case_id), (status), (platform), (lang), (year))
    )
    SELECT grouped, value, number FROM counted"""
# What GROUPING() says of each set: a bit is 0 where the column is grouped by.
_TOTAL = 0b111111
_SETS = {
    _TOTAL ^ (1 << place): name for place, name in enumerate(("date", "language", "platform", "status", "case", "type"))
}
Clause = tuple[str, list[Any]]


class Postgres:
    """The engine of several web nodes, and the one that answers while the embedded index cannot."""

    name = "postgres"

    def ask(self, question: Question) -> Answer:
        """One page; two statements, or one where no facets are asked for and the page tells the total."""
        where, values = _where(question)
        hits = _HITS.format(where=where)
        given = [list(question.audiences), *values]
        with _in_time():
            total, facets = _counted(hits, given) if question.facets else (0, {})
            ids = _page(hits, given, question)
        return Answer(ids, total, facets)


def _where(question: Question) -> Clause:
    where, values = clause(question.tree)
    if question.hidden:
        where, values = f"({where}) AND NOT d.object_id = ANY (%s::uuid[])", [*values, list(question.hidden)]
    return where, values


def _page(hits: str, given: list[Any], question: Question) -> list[int]:
    tier, asked = _tier(question.wanted)
    values = [*given, list(question.first), *asked, list(LONG_TEXTS), question.offset, question.size]
    with connection.cursor() as cursor:
        cursor.execute(_PAGE.format(hits=hits, tier=tier), values)
        return [pk for (pk,) in cursor.fetchall()]


def _tier(wanted: tuple[tuple[str, ...], ...]) -> Clause:
    """2 where title, names and handles have a word of each group, 1 where they have one of some, else 0."""
    if not wanted:
        return "live::int", []
    groups = [any_of(group) for group in wanted]
    return "(heads @@ %s::tsquery)::int + (heads @@ %s::tsquery)::int", [" & ".join(groups), " | ".join(groups)]


def _counted(hits: str, given: list[Any]) -> tuple[int, dict[str, dict[str, int]]]:
    total, facets = 0, defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(_FACETS.format(hits=hits), given)
        for grouped, value, number in cursor.fetchall():
            if grouped == _TOTAL:
                total = number
            elif value:
                facets[_SETS[grouped]][value] = number
    return total, {name: first_values(facets[name]) for name in FACETS}


def first_values(numbers: dict[str, int]) -> dict[str, int]:
    """The values with most hits, the most frequent first."""
    ordered = sorted(numbers.items(), key=lambda pair: (-pair[1], pair[0]))
    return dict(ordered[:MOST_VALUES])


@contextmanager
def _in_time() -> Iterator[None]:
    """Bound the statements of a block; the transaction around it stays usable."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('statement_timeout')")
            before = cursor.fetchone()[0]
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(int(SECONDS * 1000))])
            yield
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") == "57014":
            raise OutOfTime from error
        raise


# --- the tree in SQL


def clause(node: Node) -> Clause:
    """A condition on `search_document d`, with its values."""
    match node:
        case Everything():
            found: Clause = ("true", [])
        case Words(words, exact) | Phrase(words, exact):
            by_words = any_of(words) if isinstance(node, Words) else " <-> ".join(map(quoted, words))
            found = f"d.{'exact' if exact else 'words'} @@ %s::tsquery", [by_words]
        case Keys(keys):
            found = "d.keys && %s::text[]", [list(keys)]
        case Among(ids):
            found = "d.id = ANY (%s::bigint[])", [list(ids)]
        case During(start, end):
            found = _during(start, end)
        case Not(part):
            where, values = clause(part)
            # Unknown is no: a document without a time is not within one, and so it is outside.
            found = f"({where}) IS NOT TRUE", values
        case And(parts):
            found = _all(parts)
        case Or(parts):
            found = _joined([clause(part) for part in parts], " OR ", "false")
        case _:
            raise TypeError(f"{type(node).__name__} is not for an engine")
    return found


def _all(parts: tuple[Node, ...]) -> Clause:
    """Plain words together in one tsquery, which the index answers at once."""
    plain = [part for part in parts if isinstance(part, Words) and not part.exact]
    others = [clause(part) for part in parts if part not in plain]
    if plain:
        query = " & ".join(any_of(part.words) for part in plain)
        others.insert(0, ("d.words @@ %s::tsquery", [query]))
    return _joined(others, " AND ", "true")


def _joined(clauses: list[Clause], by: str, empty: str) -> Clause:
    if not clauses:
        return empty, []
    return by.join(f"({where})" for where, _ in clauses), [value for _, values in clauses for value in values]


def _during(start: Any, end: Any) -> Clause:
    bounds = [("d.at >= %s", start), ("d.at < %s", end)]
    return _joined([(where, [value]) for where, value in bounds if value is not None], " AND ", "d.at IS NOT NULL")


def any_of(words: tuple[str, ...]) -> str:
    """A tsquery for any of these words."""
    return f"({' | '.join(map(quoted, words))})"
