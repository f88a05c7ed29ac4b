"""What a kind of searchable row is."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Model

from cases.models import User
from search.drafts import Draft


@dataclass(frozen=True)
class Searchable:
    """Rows of one model: `what` triggers call them, the kinds of document they give, and what makes these.

    `drafts` reads the rows of the given ids and gives nothing for those that are not there, or not to be found.
    """

    what: str
    model: type[Model]
    kinds: tuple[str, ...]
    drafts: Callable[[Sequence[UUID]], Iterable[Draft]]

    def drafts_of(self, ids: Sequence[UUID]) -> Iterator[Draft]:
        """The documents of these rows; several parts of one row follow on each other."""
        yield from self.drafts(ids)


def joined(*parts: object) -> str:
    """What there is of `parts`, each a paragraph of its own."""
    return "\n\n".join(str(part) for part in parts if part)


def signed(user: User | None) -> tuple[str, ...]:
    """The names under which somebody's work is looked for."""
    return (user.username, user.display_name) if user else ()
