"""The fields of the query language: what stands before the colon, and what it makes of the value."""

import re
from calendar import isleap, monthrange
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from cases.exceptions import InvalidInput
from search.ast import During, Keys, Name, Node, Prefix, Words, both
from search.drafts import handle_of, language_of
from search.kinds import KINDS
from search.tokens import Token, fold_word, tokens

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
SHORTEST_PREFIX = 3


def _handle(value: str) -> Node:
    bare = handle_of(value.removesuffix("*"))
    if not bare:
        raise _refusal("There is no handle in this to look for.")
    if value.endswith("*"):
        return prefix(bare, "h:")
    return Keys((f"h:{bare}",))


def _several(field: str, value: str) -> list[str]:
    """What stands between commas: any of it is meant."""
    if found := [one.strip() for one in value.split(",") if one.strip()]:
        return found
    raise _refusal(f"There is nothing after {field}: to look for.")


def _type(value: str) -> Node:
    kinds = [kind for kind in value.lower().split(",") if kind]
    if not kinds or not set(kinds) <= set(KINDS):
        raise _refusal(f"type: is one of {', '.join(KINDS)}.")
    return Keys(tuple(f"k:{kind}" for kind in kinds))


def _case(value: str) -> Node:
    return Keys(tuple(f"ref:{one.casefold()}" for one in _several("case", value)))


def _status(value: str) -> Node:
    states = (one.lower().replace(" ", "_").replace("-", "_") for one in _several("status", value))
    return Keys(tuple(f"s:{state}" for state in states))


def _platform(value: str) -> Node:
    return Keys(tuple(f"p:{one.lower()}" for one in _several("platform", value)))


def _language(value: str) -> Node:
    return Keys(tuple(f"l:{language_of(one)}" for one in _several("lang", value)))


def _source(value: str) -> Node:
    return both(*(Keys((f"f:{token.folded}",)) for token in _some_words("source", value)))


def _by(value: str) -> Node:
    return Keys((f"b:{fold_word(value.removeprefix('@'))}",))


def _name(value: str) -> Node:
    return Name(value)


def _exact(value: str) -> Node:
    return both(*(Words((token.exact,), exact=True) for token in _some_words("exact", value)))


def _some_words(field: str, value: str) -> list[Token]:
    """A field that has no word would narrow nothing, unseen."""
    if found := list(tokens(value)):
        return found
    raise _refusal(f"There is no word after {field}: to look for.")


def _date(value: str) -> Node:
    start, dots, end = value.partition("..")
    if not dots:
        return During(*_span(start))
    if not (start or end):
        raise _refusal("date: is a day, a month or a year, or two of them with two dots between.")
    begin, finish = _span(start)[0] if start else None, _span(end)[1] if end else None
    if begin and finish and begin >= finish:
        raise _refusal(f"date:{value} ends before it begins.")
    return During(begin, finish)


def _after(value: str) -> Node:
    return During(_span(value)[0], None)


def _before(value: str) -> Node:
    return During(None, _span(value)[0])


FIELDS: dict[str, Callable[[str], Node]] = {
    "handle": _handle,
    "from": _handle,
    "type": _type,
    "case": _case,
    "status": _status,
    "platform": _platform,
    "lang": _language,
    "date": _date,
    "after": _after,
    "before": _before,
    "source": _source,
    "by": _by,
    "name": _name,
    "exact": _exact,
}


def prefix(start: str, key: str = "") -> Node:
    """All words, or keys of one sort, that begin so; raises InvalidInput where that would be half a language."""
    if len(start) < SHORTEST_PREFIX:
        raise _refusal(f"Write at least {SHORTEST_PREFIX} letters before the *.")
    return Prefix(f"{key}{start}")


def _span(text: str) -> tuple[datetime, datetime | None]:
    """The first moment of a day, month or year (UTC), and the first after it; None after the last year there is."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise _refusal(f"{text[:20]!r} is not a date such as 2024-05-13, 2024-05 or 2024.")
    year, month, day = match[1], match[2], match[3]
    try:
        start = datetime(int(year), int(month or 1), int(day or 1), tzinfo=UTC)
    except ValueError as error:
        unit = "day" if day else "month" if month else "year"
        raise _refusal(f"There is no {unit} {text[:20]}.") from error
    days = 1 if day else monthrange(start.year, start.month)[1] if month else 366 if isleap(start.year) else 365
    try:
        return start, start + timedelta(days=days)
    except OverflowError:
        return start, None


def _refusal(sentence: str) -> InvalidInput:
    return InvalidInput(sentence, field="query")
