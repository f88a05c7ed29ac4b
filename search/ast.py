"""What a query asks for, once it was understood: a tree that every engine reads, and no engine's own language.

Words stand here as `search.tokens` folds them. A key is what a document carries besides its words: `search.drafts`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Everything:
    """All documents that the person may find."""


@dataclass(frozen=True)
class Words:
    """Any one of these words; `exact`: as they are written, save for capitals."""

    words: tuple[str, ...]
    exact: bool = False


@dataclass(frozen=True)
class Phrase:
    """These words, one directly after the other."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class Prefix:
    """Any word, or key, that begins so. Of keys it is replaced by Keys before an engine sees it; of words each engine
    knows by itself, or asks the dictionary."""

    start: str


@dataclass(frozen=True)
class Name:
    """Whoever may go by this name or handle, in any spelling; replaced by Among before an engine sees it."""

    name: str


@dataclass(frozen=True)
class Keys:
    """Any one of these keys."""

    keys: tuple[str, ...]


@dataclass(frozen=True)
class During:
    """From `start` on and before `end`; None is no bound."""

    start: datetime | None
    end: datetime | None


@dataclass(frozen=True)
class Among:
    """These documents."""

    ids: tuple[int, ...]


@dataclass(frozen=True)
class And:
    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Or:
    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Not:
    part: "Node"


Node = Everything | Words | Phrase | Prefix | Name | Keys | During | Among | And | Or | Not
NOTHING = Or(())


def both(*parts: Node) -> Node:
    """All of these, without the ones that say nothing, and without brackets that are none."""
    flat = (one for part in parts for one in (part.parts if isinstance(part, And) else (part,)))
    kept = tuple(part for part in flat if not isinstance(part, Everything))
    if len(kept) == 1:
        return kept[0]
    return And(kept) if kept else Everything()


def either(*parts: Node) -> Node:
    return parts[0] if len(parts) == 1 else Or(parts)


def leaves(node: Node, *, wanted: bool = True) -> Iterator[Node]:
    """What the tree asks for at its ends; with `wanted`, without all that stands under a Not."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part, wanted=wanted)
        case Not(part):
            if not wanted:
                yield from leaves(part, wanted=wanted)
        case _:
            yield node


def wanted_words(node: Node) -> list[Words | Phrase | Prefix]:
    """The words, their beginnings, and the phrases that a hit may have, for ranking and for marking them."""
    return [leaf for leaf in leaves(node) if isinstance(leaf, Words | Phrase | Prefix)]
