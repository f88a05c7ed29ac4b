"""Which traces of people stand in what a publication would show, and where; pure functions over its JSON."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from claims.dossier.commitments import leaves
from claims.dossier.redaction import stretches
from claims.enums import TraceKind
from claims.harm.names import NOBODY, Names
from claims.harm.traces import Trace, emails, traces

# Ids, hashes, vocabularies and moments: nobody wrote them, and digits in them mean nothing.
_TECHNICAL = re.compile(
    r"/(id|ref|item|sha256|sha512|\w+_sha256|salt|author|\w+_by|\w+_at|platform_user_id|media_type|tool|tool_version|"
    r"selector|selector_type|region|collector|format|citation|version_id|date)$|/gate/(?!results/\d+/exception$)|"
    r"/data_protection/contact$"
)
_ADDRESS_OF_PAGE = re.compile(r"/(\w*url)$")
_ID = re.compile(r"user:\d+|(?:\w+:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, order=True)
class Found:
    """A passage that leads to somebody, with the places of the payload in which it stands, in words."""

    kind: str
    passage: str
    places: tuple[str, ...]
    person: str = ""


def found_in(payload: Mapping, prefix: str = "", names: Names = NOBODY) -> tuple[Found, ...]:
    """Every trace in a payload, and each of `names`; each passage once, in the order in which they stand."""
    places: dict[tuple[str, str, str], list[str]] = {}
    for pointer, text in _texts(payload):
        written = emails(text) if _ADDRESS_OF_PAGE.search(pointer) else traces(text)
        named = list(names.traces(text))
        for one in (*(trace for trace in written if not _is_unnamed(trace, named)), *named):
            places.setdefault((one.kind, one.passage, one.person), []).append(prefix + place_of(pointer))
    for text, parts in stretches(payload) if names.pattern else ():
        for one in names.traces(text) if len(parts) > 1 else ():
            # Its places are told already, unless it stands across an edge of a quote.
            places.setdefault((one.kind, one.passage, one.person), [prefix + place_of(parts[1][0])])
    return _told(places)


def _is_unnamed(trace: Trace, named: Iterable[Trace]) -> bool:
    """Whether it is a relative whose name is withheld anyway."""
    return trace.kind == TraceKind.FAMILY and any(trace.start <= name.start < trace.end for name in named)


def merged(groups: Iterable[Iterable[Found]]) -> tuple[Found, ...]:
    """Several findings as one: each passage once, with all its places."""
    places: dict[tuple[str, str, str], list[str]] = {}
    for group in groups:
        for one in group:
            places.setdefault((one.kind, one.passage, one.person), []).extend(one.places)
    return _told(places)


def _told(places: Mapping[tuple[str, str, str], list[str]]) -> tuple[Found, ...]:
    return tuple(
        Found(kind, passage, tuple(dict.fromkeys(each)), person) for (kind, passage, person), each in places.items()
    )


def _texts(payload: Mapping) -> Iterator[tuple[str, str]]:
    """Texts that somebody wrote. Who wrote a page (`author`) is a text, the author of a claim is an id."""
    for pointer, value in leaves(payload):
        if not isinstance(value, str) or not value or _ID.fullmatch(value):
            continue
        if not _TECHNICAL.search(pointer) or pointer.endswith("/author"):
            yield pointer, value


def place_of(pointer: str) -> str:
    """A JSON pointer as a person reads it: "citation 2, exact"; positions count from one."""
    words: list[str] = []
    for part in pointer.split("/")[1:]:
        if part.isdigit() and words:
            words[-1] = f"{words[-1].removesuffix('s')} {int(part) + 1}"
        else:
            words.append(part.replace("_", " "))
    return ", ".join(words)
