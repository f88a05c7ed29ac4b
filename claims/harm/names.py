"""Names of private individuals and minors in what would be published: withheld there by default (G-60)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from claims.dossier.redaction import orders_of_name, pattern_of_name, words_of_name
from claims.enums import TraceKind
from claims.harm.traces import Trace

NAMES = frozenset({TraceKind.NAME, TraceKind.MINOR})
# Shorter ones stand in every other word.
SHORTEST_NAME = 3


@dataclass(frozen=True)
class Names:
    """The recorded spellings of a case's private people as (kind, name, person), how they are found, and by their plain
    letters which of them is meant."""

    known: tuple[tuple[str, str, str], ...]
    pattern: re.Pattern | None
    by_form: dict[str, tuple[str, str, str]]

    def traces(self, text: str) -> Iterator[Trace]:
        """Each name that stands in `text`, told as it is recorded."""
        for match in self.pattern.finditer(text) if self.pattern else ():
            yield Trace(match.start(1), match.end(1), *self.by_form[_plain(unquote(match.group(1)))])


NOBODY = Names((), None, {})


def names_of(spellings: Iterable[tuple[str, str, str]]) -> Names:
    """`spellings` are (kind, name, id of the person). Names of one word stand alone; longer ones may have an ending."""
    known = tuple(one for one in spellings if len(one[1].strip()) >= SHORTEST_NAME)
    if not known:
        return NOBODY
    names = sorted({name for _kind, name, _person in known}, key=lambda name: (-len(name), name))
    patterns = (pattern_of_name(name) + (r"(?!\w)" if len(words_of_name(name)) == 1 else "") for name in names)
    # An underscore or a digit before it is a part of an address or a handle.
    found = re.compile(rf"(?<![^\W\d_])({'|'.join(f'(?:{one})' for one in patterns)})", re.IGNORECASE)
    by_form = {_plain(" ".join(order)): one for one in known for order in orders_of_name(one[1])}
    return Names(known, found, by_form)


def _plain(name: str) -> str:
    """The letters of a name without accents, blanks and hyphens, as all ways to write it have them in common."""
    letters = unicodedata.normalize("NFKD", "".join(words_of_name(name)))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
    # To a pattern in either case the dotless letter of Turkish and Azerbaijani is an "i".
    return plain.replace("ı", "i")
