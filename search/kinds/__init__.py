"""What is searchable: one registry, from the name that triggers note to what makes documents of the rows.

A new kind is a function here in `cases.py`, `evidence.py` or `claims.py` and a line in a migration that has its tables
note their changes (`search.triggers`).
"""

from search.kinds.base import Searchable
from search.kinds.cases import ACCOUNTS, CASES, OBSERVATIONS, ORGANISATIONS, PEOPLE
from search.kinds.claims import CITATIONS, CLAIMS, CORRECTIONS, PUBLICATIONS, REVIEWS, VERDICTS
from search.kinds.evidence import ITEMS, SOURCES

SEARCHABLES: dict[str, Searchable] = {
    one.what: one
    for one in (
        *(CASES, ACCOUNTS, OBSERVATIONS, PEOPLE, ORGANISATIONS),
        *(ITEMS, SOURCES),
        *(CLAIMS, CITATIONS, REVIEWS, VERDICTS, PUBLICATIONS, CORRECTIONS),
    )
}

# As people type them after `type:` -> label of the facet.
LABELS: dict[str, str] = {
    "case": "Cases",
    "account": "Accounts",
    "observation": "Observations",
    "person": "People",
    "organisation": "Organisations",
    "role": "Roles",
    "claim": "Claims",
    "citation": "Citations",
    "exhibit": "Exhibits",
    "text": "Evidence text",
    "source": "Sources",
    "review": "Reviews",
    "verdict": "Verdicts on citations",
    "publication": "Publications",
    "correction": "Corrections",
    "post": "Posts",
}
# Who may be meant by a name: looked for in any spelling, and shown first.
NAMED = ("account", "person", "organisation")
