"""What is searchable: one registry, from the name that triggers note to what makes documents of the rows.

A new kind is a function here in `cases.py`, `evidence.py` or `claims.py` and a line in a migration that has its tables
note their changes (`search.triggers`).
"""

from typing import NamedTuple

from search.kinds.base import Searchable
from search.kinds.cases import ACCOUNTS, CASES, OBSERVATIONS, ORGANISATIONS, PEOPLE
from search.kinds.claims import CITATIONS, CLAIMS, CORRECTIONS, PUBLICATIONS, REPLIES, REVIEWS, VERDICTS
from search.kinds.evidence import ITEMS, SOURCES

SEARCHABLES: dict[str, Searchable] = {
    one.what: one
    for one in (
        *(CASES, ACCOUNTS, OBSERVATIONS, PEOPLE, ORGANISATIONS),
        *(ITEMS, SOURCES),
        *(CLAIMS, CITATIONS, REVIEWS, VERDICTS, PUBLICATIONS, CORRECTIONS, REPLIES),
    )
}


class Words(NamedTuple):
    """What pages call a kind: one of it, all of them, and the icon of both."""

    one: str
    many: str
    icon: str


# As people type them after `type:`.
KINDS: dict[str, Words] = {
    "case": Words("Case", "Cases", "folder"),
    "account": Words("Account", "Accounts", "at"),
    "observation": Words("Observation", "Observations", "eye"),
    "person": Words("Person", "People", "user"),
    "organisation": Words("Organisation", "Organisations", "building"),
    "role": Words("Role", "Roles", "users"),
    "claim": Words("Claim", "Claims", "flag"),
    "citation": Words("Citation", "Citations", "quote"),
    "exhibit": Words("Exhibit", "Exhibits", "paperclip"),
    "text": Words("Evidence text", "Evidence text", "file-text"),
    "source": Words("Source", "Sources", "book-2"),
    "review": Words("Review", "Reviews", "checks"),
    "verdict": Words("Verdict on a citation", "Verdicts on citations", "scale"),
    "publication": Words("Publication", "Publications", "world"),
    "correction": Words("Correction", "Corrections", "pencil"),
    "reply": Words("Reply", "Replies", "message-circle"),
    "post": Words("Post", "Posts", "message-circle"),
}
# Who may be meant by a name: looked for in any spelling, and shown first.
NAMED = ("account", "person", "organisation")
