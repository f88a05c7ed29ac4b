"""Names of private individuals and minors in what would be published: withheld there by default (G-60)."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from cases.lookalikes import as_read
from claims.dossier.redaction import SHORTEST_IN_ONE, orders_of_name, pattern_of_name, spelt, words_of_name
from claims.enums import TraceKind
from claims.harm.traces import Trace

NAMES = frozenset({TraceKind.NAME, TraceKind.MINOR})
# Shorter ones stand in every other word.
SHORTEST_NAME = 3
_LETTERS = re.compile(r"[^\W\d_]+")
_TITLES = r"MM?\.|Mr\.?|Mrs\.?|Ms\.?|Miss|Mmes?|Mlles?|Madame|Monsieur|Mademoiselle|Dr\.?|Prof\.?|Ma[îi]tre|Me"


@dataclass(frozen=True)
class Names:
    """The recorded spellings of a case's private people as (kind, name, person), how they are found, and by their plain
    letters which of them is meant.

    `begin` holds how each of them can begin: nearly no text has any of that, and none of those is looked through.
    `by_family` has those whose family name stands for nobody else in the case: with a title, an initial or a second
    name it tells who is meant.
    """

    known: tuple[tuple[str, str, str], ...]
    pattern: re.Pattern | None
    by_form: dict[str, tuple[str, str, str]]
    begin: frozenset[str]
    by_family: dict[str, list[tuple[str, str, str]]]

    def traces(self, text: str) -> Iterator[Trace]:
        """Each name that stands in `text`, told as it is recorded."""
        if self.pattern is None:
            return
        read, at = as_read(text)
        for words, places in {text: range(len(text)), read: at}.items():
            for start, stop, one in sorted({*self._whole(words), *self._short(words)}):
                yield Trace(places[start], places[stop - 1] + 1, *one)

    def _whole(self, text: str) -> Iterator[tuple[int, int, tuple[str, str, str]]]:
        if self.begin.isdisjoint(_beginnings(text)):
            return
        for match in self.pattern.finditer(text):
            yield match.start(1), match.end(1), self.by_form[_plain(unquote(match.group(1)))]

    def _short(self, text: str) -> Iterator[tuple[int, int, tuple[str, str, str]]]:
        for family in self.by_family.keys() & set(_runs(text)):
            for one in self.by_family[family]:
                for match in _short_forms(one[1]).finditer(text):
                    yield *match.span(), one


NOBODY = Names((), None, {}, frozenset(), {})


def names_of(spellings: Iterable[tuple[str, str, str]], told: Iterable[str] = ()) -> Names:
    """`spellings` are (kind, name, id of the person). Names of one word stand alone; longer ones may have an ending.

    `told` are the names of people who are not withheld: who shares a family name with them is meant by the whole name.
    """
    known = tuple(one for one in spellings if len(one[1].strip()) >= SHORTEST_NAME)
    if not known:
        return NOBODY
    names = sorted({name for _kind, name, _person in known}, key=lambda name: (-len(name), name))
    patterns = (pattern_of_name(name) + (r"(?!\w)" if len(words_of_name(name)) == 1 else "") for name in names)
    # An underscore or a digit before it is a part of an address or a handle.
    found = re.compile(rf"(?<![^\W\d_])({'|'.join(f'(?:{one})' for one in patterns)})", re.IGNORECASE)
    orders = [(" ".join(order), one) for one in known for order in orders_of_name(one[1])]
    by_form = {_plain(order): one for order, one in orders}
    begin = {run for order, _ in orders for run in _runs(order)[:1]}
    begin |= {form[:SHORTEST_IN_ONE] for form in by_form if len(form) >= SHORTEST_IN_ONE}
    return Names(known, found, by_form, frozenset(begin), _by_family(known, told))


def _by_family(known: Iterable[tuple[str, str, str]], told: Iterable[str]) -> dict[str, list[tuple[str, str, str]]]:
    shared = {_bare(words_of_name(name)[-1]) for name in told}
    found: dict[str, list[tuple[str, str, str]]] = {}
    for one in known:
        words = words_of_name(one[1])
        family = _bare(words[-1])
        if len(words) > 1 and family not in shared:
            found.setdefault(family, []).append(one)
    return found


@lru_cache(maxsize=4096)
def _short_forms(name: str) -> re.Pattern:
    """Finds the family name of a person after a title or the right initial, and the whole name with others in it."""
    first, *_, last = words_of_name(name)
    family, letters = spelt(last), {first[:1].upper(), _bare(first)[:1].upper()}
    initial = rf"[{re.escape(''.join(sorted(letters)))}]\.(?:[\s-]?\w\.){{0,2}}"
    more = r"(?:\s+\(?(?:n[ée]e?|(?-i:[^\W\d_a-z])[\w’'.-]*)\)?){1,3}"
    forms = (
        rf"(?:{_TITLES})\s+{family}",
        rf"{initial}\s*{family}",
        rf"{family},?\s+{initial}",
        rf"{spelt(first)}{more}\s+{family}",
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)", re.IGNORECASE)


def _beginnings(text: str) -> set[str]:
    """What a name that stands in `text` can begin with: a word of it, or the first letters of a longer one."""
    runs = _runs(unquote(text))
    return {*runs, *(run[:SHORTEST_IN_ONE] for run in runs)}


def _runs(text: str) -> list[str]:
    """The unbroken runs of letters of a text, plain."""
    return _LETTERS.findall(_bare(text))


def _plain(name: str) -> str:
    """The letters of a name without accents, blanks and hyphens, as all ways to write it have them in common."""
    return _bare("".join(words_of_name(name)))


def _bare(text: str) -> str:
    """A text in small letters without accents; to a pattern in either case the dotless letter of Turkish is an "i"."""
    if text.isascii():
        return text.casefold()
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold().replace("ı", "i")
