"""Who repeats whom in a case: all its sources beside one another, and what editors made of what was found (G-08)."""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from django.db.models import QuerySet

from cases.models import Case, User
from claims.independence import Hint, Voice, compare, matching_pictures, same_picture, shingles, voices_of
from claims.models import OriginHint
from evidence.enums import ItemState, Sensitivity
from evidence.models import Item, OriginChange, Source

# Of this many shingles in a row the one with the lowest hash is kept: texts with SHINGLE + WINDOW - 1 = 12 words in a
# row in common share one. Winnowing: Schleimer, Wilkerson, Aiken, Local Algorithms for Document Fingerprinting, 2003.
WINDOW = 5


# --- what is found


def voices_of_case(case: Case) -> list[Voice]:
    """All sources of a case with the exhibits that every member may open: what is found is shown to all of them."""
    open_to_all = Item.objects.filter(case=case, state=ItemState.ACTIVE, source__isnull=False)
    rows = open_to_all.exclude(sensitivity=Sensitivity.SENSITIVE).select_related("source").order_by("exhibit")
    return voices_of(rows)


def hints_among(case: Case, voices: Sequence[Voice]) -> Iterator[list[Hint]]:
    """What suggests that two of these are one origin: a list for each voice, of it and those after it."""
    pictures, copied = matching_pictures(case.pk, voices), _alike(voices)
    for at, first in enumerate(voices):
        found: list[Hint] = []
        for after in range(at + 1, len(voices)):
            second = voices[after]
            found += compare(first, second, read=(at, after) in copied)
            found += same_picture(first, second, pictures)
        yield found


def _alike(voices: Sequence[Voice]) -> set[tuple[int, int]]:
    """Pairs of voices, by place, that have some words in a row in common."""
    by_mark: defaultdict[int, set[int]] = defaultdict(set)
    for at, voice in enumerate(voices):
        for text in voice.texts:
            for mark in marks(text.text):
                by_mark[mark].add(at)
    return {pair for places in by_mark.values() if len(places) > 1 for pair in combinations(sorted(places), 2)}


def marks(text: str) -> set[int]:
    """Some of the hashes of its shingles, of which texts with twelve words in a row in common share one."""
    hashes = [zlib.crc32(" ".join(shingle).encode()) for shingle, _ in shingles(text)]
    if len(hashes) <= WINDOW:
        return set(hashes)
    return {min(hashes[at : at + WINDOW]) for at in range(len(hashes) - WINDOW + 1)}


# --- what is shown


@dataclass(frozen=True)
class Repeat:
    """A hint with what editors decided about its two sources; `decision` is empty while nobody has looked."""

    hint: OriginHint
    decision: str = ""
    decided: OriginChange | None = None


def hints_of(actor: User, case: Case) -> QuerySet[OriginHint]:
    """What the last look found, but for what would repeat an exhibit that has become sensitive since."""
    closed = Item.objects.filter(case=case, sensitivity=Sensitivity.SENSITIVE).values_list("exhibit", flat=True)
    rows = OriginHint.objects.visible_to(actor).filter(case=case).exclude(exhibits__overlap=list(closed))
    return rows.select_related("first__origin_group", "second__origin_group")


def decided(hints: Iterable[OriginHint]) -> list[Repeat]:
    """Each hint with the newest decision on its sources; one query."""
    hints = list(hints)
    newest: dict[UUID, OriginChange] = {}
    named = {source for hint in hints for source in (hint.first_id, hint.second_id)}
    changes = OriginChange.objects.filter(source__in=named).select_related("changed_by")
    for change in changes.order_by("changed_at", "id"):
        newest[change.source_id] = change
    return [_decided(hint, newest) for hint in hints]


def _decided(hint: OriginHint, newest: dict[UUID, OriginChange]) -> Repeat:
    groups = {hint.first.origin_group_id, hint.second.origin_group_id}
    if None in groups:
        return Repeat(hint)
    both = [newest[source] for source in (hint.first_id, hint.second_id) if source in newest]
    last = max(both, key=lambda change: change.changed_at, default=None)
    return Repeat(hint, "one" if len(groups) == 1 else "apart", last)


# --- how it is drawn


ROW, WIDEST = 40, 300  # pixels; a bow reaches three quarters of its depth


@dataclass(frozen=True)
class Line:
    """A row of the picture: the heading of an origin, or a source of it."""

    text: str
    source: Source | None = None


@dataclass(frozen=True)
class Arc:
    """A bow from one row to another, in pixels: who names whom goes from `start` to `stop`."""

    start: float
    stop: float
    repeat: Repeat
    depth: float

    @property
    def path(self) -> str:
        return f"M0 {self.start:g}C{self.depth:g} {self.start:g} {self.depth:g} {self.stop:g} 0 {self.stop:g}"


def drawn(repeats: Sequence[Repeat]) -> tuple[list[Line], list[Arc]]:
    """The sources between which something was found, by origin, and a bow for each thing that was found."""
    lines: list[Line] = []
    for label, group in _by_origin(repeats):
        lines += [Line(label), *(Line(source.name, source) for source in group)]
    place = {line.source.pk: (at + 0.5) * ROW for at, line in enumerate(lines) if line.source}
    arcs, between = [], defaultdict(int)
    for repeat in repeats:
        start, stop = place[repeat.hint.first_id], place[repeat.hint.second_id]
        between[frozenset((start, stop))] += 1
        depth = min(WIDEST, abs(stop - start) * 0.6 + 14 * between[frozenset((start, stop))])
        arcs.append(Arc(start, stop, repeat, depth))
    return lines, arcs


def _by_origin(repeats: Iterable[Repeat]) -> list[tuple[str, list[Source]]]:
    sources = {source.pk: source for one in repeats for source in (one.hint.first, one.hint.second)}
    groups: defaultdict[str, list[Source]] = defaultdict(list)
    for source in sorted(sources.values(), key=lambda source: source.name):
        groups[source.origin_group.label if source.origin_group else ""].append(source)
    # What nobody has determined comes last.
    return sorted(groups.items(), key=lambda pair: (not pair[0], pair[0]))
