"""What is to be found of one row, before it is stored: its words and its keys.

Keys are the facts that a query can narrow by, each with a letter in front:

    h:handle  t:#tag  t:@mention  b:ines  f:radio                  handle seen, as typed, by whom, word of the source
    ns:...  nl:...  nj:...                                         name keys: strict, loose, of several parts as one
    k:person  c:<case>  s:suspended  l:fr  p:x  y:2024  o:<row>    kind, case, status, language, platform, year, row
    a:<case>  a:<case>!                                            who may find it: members; those who open sensitive

Those of the last two lines are columns of a document, and stored as keys only where there are no columns.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from search import names
from search.tokens import BORDER, Token, fold_word, spellings, tokens

# A change of what is told of a row, or of what is made of that: everything is read again.
RULES = "5"
VERSION = f"{RULES}-{names.VERSION}"
MOST_WORDS = 2_000  # of one document of a longer text
LONGEST = 15_000  # words of any document: PostgreSQL counts positions to 16,383


@dataclass(frozen=True, kw_only=True)
class Draft:
    """One thing that a person may find. `place` says where to go beyond the row's own page."""

    kind: str
    object_id: UUID
    case_id: UUID
    title: str
    text: str = ""
    part: int = 0
    at: datetime | None = None
    lang: str = ""
    platform: str = ""
    status: str = ""
    by: tuple[str, ...] = ()
    source: str = ""
    handles: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    sensitive: bool = False
    place: dict[str, Any] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Changes with anything of it."""
        told = json.dumps(asdict(self), default=str, sort_keys=True)
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Content:
    """What the engines store of a draft: words in order, `search.tokens.spellings`, words of heads, and keys."""

    words: list[str]
    exact: list[str]
    heads: list[str]
    keys: list[str]


def content_of(draft: Draft) -> Content:
    """Words in order, the title's first, and keys."""
    head = [list(tokens(text)) for text in (draft.title, *draft.names, *draft.handles)]
    body = list(islice(tokens(draft.text), LONGEST))
    found = [token for part in (*head, body) for token in part]
    return Content(
        words=_with_borders([*head, body]),
        exact=spellings(found),
        heads=sorted({token.folded for part in head for token in part}),
        keys=sorted(_keys(draft, found)),
    )


def _with_borders(parts: list[list[Token]]) -> list[str]:
    words: list[str] = []
    for part in parts:
        words += [BORDER] * bool(words and part)
        words += [token.folded for token in part]
    return words


def _keys(draft: Draft, found: list[Token]) -> set[str]:
    keys = {f"h:{handle_of(handle)}" for handle in draft.handles}
    keys |= {f"b:{word}" for name in draft.by if (word := fold_word(name))}
    keys |= {f"b:{token.folded}" for name in draft.by for token in tokens(name)}
    keys |= {f"f:{token.folded}" for token in tokens(draft.source)}
    keys |= {f"t:{token.sign}{token.folded}" for token in found if token.sign}
    return keys | name_tokens(draft.names, draft.handles)


def facts_of(
    *,
    kind: str,
    case_id: UUID,
    object_id: UUID,
    sensitive: bool,
    status: str,
    platform: str,
    lang: str,
    at: datetime | None,
) -> list[str]:
    """The keys that columns of a document are."""
    year = f"{at.astimezone(UTC).year:04}" if at else ""
    told = {"s": status, "l": language_of(lang), "p": platform, "y": year}
    row = [f"k:{kind}", f"c:{case_id}", f"o:{object_id}", audience(case_id, sensitive)]
    return row + [f"{letter}:{value}" for letter, value in told.items() if value]


def name_tokens(people: tuple[str, ...], handles: tuple[str, ...]) -> set[str]:
    """The keys under which spellings of a name or a handle meet; those that half of all names have are left out."""
    found = [names.name_keys(name) for name in people] + [names.handle_keys(handle) for handle in handles]
    keys = {f"ns:{key}" for one in found for key in one.strict}
    keys |= {f"nl:{key}" for one in found for key in one.loose if len(key) > 1}
    return keys | {f"nj:{key}" for one in found for key in one.joined if len(key) > 1}


def audience(case_id: UUID, sensitive: bool) -> str:
    return f"a:{case_id}!" if sensitive else f"a:{case_id}"


def handle_of(handle: str) -> str:
    """A handle as it is looked for: without @, case and marks aside."""
    return names.fold(handle.strip().removeprefix("@"))


def language_of(tag: str) -> str:
    """The language of a BCP 47 tag, without region and script."""
    return tag.partition("-")[0].lower()
