"""Whom a name or handle may mean, in any spelling: documents that share a name key with it, held against it one by one.

A lead for a person to look at, never a merge and never a claim.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from search.ast import And, Keys
from search.drafts import name_tokens
from search.engines.postgres import condition
from search.names import compare
from search.rights import Reach

MOST_COMPARED = 200
MOST_SHOWN = 50
LONGEST = 300  # characters of a name, as the case writes them
SHORT = 100  # characters of nearly every name; of a longer one, which takes longer to compare, fewer are compared
MOST_COMPARED_LONG = 20
MATCH, DIFFERENT = "match", "different"
# Those who share rare keys first: a name written as one word, or a part that few have, says more than several parts
# that hundreds have. How rare a key is, these documents tell by themselves, as each that has it is among them.
_CANDIDATES = """
    WITH shared AS (
        SELECT d.id, 1.0 / count(*) OVER (PARTITION BY key) AS rare
        FROM search_found(%(tree)s::jsonb, %(opened)s::uuid[], %(closed)s::uuid[], '{}') f
        JOIN search_document d USING (id), unnest(d.keys) key WHERE key = ANY (%(keys)s::text[])
    ), best AS (SELECT id FROM shared GROUP BY id ORDER BY sum(rare) DESC, id LIMIT %(most)s)
    SELECT w.document_id, w.names, w.handles FROM search_wording w JOIN best ON best.id = w.document_id
    ORDER BY w.document_id"""


@dataclass(frozen=True)
class Namesake:
    """A document one of whose names or handles fits: how well (0 to 1), which one, why; and all that it goes by."""

    document_id: int
    score: float
    verdict: str
    as_written: str
    why: str
    names: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()

    @property
    def is_match(self) -> bool:
        return self.verdict == MATCH


def namesakes(name: str, reach: Reach, kinds: Iterable[str]) -> list[Namesake]:
    """Who in reach may be called `name`, the best first; nobody by what is longer than LONGEST."""
    keys = sorted(name_tokens((name,), () if " " in name.strip() else (name,))) if len(name) <= LONGEST else []
    if not keys:
        return []
    tree = condition(And((Keys(tuple(keys)), Keys(tuple(f"k:{kind}" for kind in kinds)))))
    opened, closed = reach.arrays
    asked = {"tree": json.dumps(tree), "opened": opened, "closed": closed, "keys": keys}
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, asked | {"most": MOST_COMPARED if len(name) <= SHORT else MOST_COMPARED_LONG})
        rows = cursor.fetchall()
    found = [_best(name, *row) for row in rows]
    likely = [one for one in found if one is not None and one.verdict != DIFFERENT]
    return sorted(likely, key=lambda one: (-one.score, one.document_id))[:MOST_SHOWN]


def _best(name: str, document_id: int, names: list[str], handles: list[str]) -> Namesake | None:
    written = [*names, *(f"@{handle}" for handle in handles)]
    # A single word may be a handle that was typed without its sign.
    asked = {name} if name.startswith("@") or " " in name else {name, f"@{name}"}
    found = [(compare(one, other), other) for one in sorted(asked) for other in written]
    if not found:
        return None
    best, other = max(found, key=lambda pair: pair[0].score)
    return Namesake(document_id, best.score, str(best.verdict), other, str(best.why), tuple(names), tuple(handles))
