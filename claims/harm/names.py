"""Names of private individuals and minors in what would be published: withheld there by default (G-60)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from claims.enums import TraceKind
from claims.harm.traces import Trace

NAMES = frozenset({TraceKind.NAME, TraceKind.MINOR})
# Shorter ones stand in every other word.
SHORTEST_NAME = 3


@dataclass(frozen=True)
class Names:
    """The recorded spellings of a case's private people: how they are found; which kind, name and person each means."""

    pattern: re.Pattern | None
    by_form: dict[str, tuple[str, str, str]]

    def traces(self, text: str) -> Iterator[Trace]:
        """Each name that stands in `text`, told as it is recorded."""
        for match in self.pattern.finditer(text) if self.pattern else ():
            yield Trace(match.start(1), match.end(1), *self.by_form[_plain(match.group(1))])


NOBODY = Names(None, {})


def names_of(spellings: Iterable[tuple[str, str, str]]) -> Names:
    """`spellings` are (kind, name, id of the person). Names of one word stand alone; longer ones may have an ending."""
    by_form = {
        _plain(name): (kind, name, person) for kind, name, person in spellings if len(name.strip()) >= SHORTEST_NAME
    }
    if not by_form:
        return NOBODY
    forms = sorted(by_form, key=lambda form: (-len(form), form))
    parts = (r"\s+".join(map(re.escape, form.split())) + (r"(?!\w)" if " " not in form else "") for form in forms)
    return Names(re.compile(rf"(?<!\w)({'|'.join(parts)})", re.IGNORECASE), by_form)


def _plain(name: str) -> str:
    return " ".join(name.split()).lower()
