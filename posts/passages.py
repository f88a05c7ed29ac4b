"""Where a number of an analysis stands in its exhibit: so that a claim cites it like any other passage."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cases.exceptions import InvalidInput
from cases.models import User
from evidence.permissions import check_read_item
from evidence.queries import text_layers
from posts.models import Analysis
from posts.states import AnalysisState

LONGEST_POINTER = 500
# One value a line, as `posts.actions.analyses.written` has it; only single values can be cited.
_LINE = re.compile(r'(?P<indent> *)(?:(?P<key>"(?:[^"\\]|\\.)*"): )?(?P<value>[^\n]*?),?$', re.MULTILINE)


@dataclass(frozen=True)
class Passage:
    """A value with its name, as it stands in the document: `exact` is `text[start:end]`."""

    exact: str
    start: int
    end: int
    value: object


def passage(actor: User, analysis: Analysis, pointer: str) -> Passage:
    """Find the value that a JSON pointer (RFC 6901) names within the result: "/posts", "/peak_day/posts".

    Raises InvalidInput where there is no such single value, NotAllowed for who may not read the analysis.
    """
    if analysis.state != AnalysisState.READY or analysis.item is None:
        raise InvalidInput(f"{analysis.label} has not been made yet.", field="analysis")
    check_read_item(actor, analysis.item)
    wanted = f"/result{pointer}"
    layers = [layer.text for layer in text_layers(analysis.item)]
    if len(pointer) > LONGEST_POINTER or not layers:
        raise InvalidInput("There is no such number.", field="pointer")
    for path, match in _values(layers[0]):
        if path == wanted:
            start = match.end("indent")
            exact = layers[0][start : match.end("value")]
            return Passage(exact, start, start + len(exact), json.loads(match["value"]))
    raise InvalidInput(f"{analysis.label} has no number {pointer[:100]!r}.", field="pointer")


def number_words(analysis: Analysis, pointer: str) -> str:
    """What a citation of the number says of it: which number, and what it rests on."""
    coverage = analysis.item.relevance_note if analysis.item else ""
    return f"{pointer} of {analysis.label}. {coverage}"


def _values(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Every single value with its pointer; the indentation tells how deep it stands."""
    names: list[str] = []
    places: list[int] = []
    for match in _LINE.finditer(text):
        value, depth = match["value"], len(match["indent"])
        if value in ("", "}", "]") or depth == 0:
            continue
        del names[depth - 1 :]
        del places[depth:]
        while len(places) < depth:
            places.append(0)
        if match["key"] is None:
            name, places[depth - 1] = str(places[depth - 1]), places[depth - 1] + 1
        else:
            name = json.loads(match["key"])
        names.append(name.replace("~", "~0").replace("/", "~1"))
        if value[0] not in "{[":
            yield "".join(f"/{name}" for name in names), match
