"""The way into an export: look at it, then read it record by record.

`examine` says what a file is, shows its first posts and what it cannot show. `read` yields every record as a post, a
duplicate or a rejection; each is counted once, so that read = accepted + duplicate + rejected.
"""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path

from posts.exceptions import BadMapping, UnknownFormat
from posts.formats import cleaning, mapping
from posts.formats.building import Context
from posts.formats.items import Piece
from posts.formats.mapping import Mapping
from posts.formats.opening import Opened, OpenedTable, converter, open_file
from posts.formats.refusals import Refused
from posts.formats.registry import FORMATS, Convert, Format, JsonFormat, TableFormat
from posts.formats.rounding import check_whole
from posts.formats.tables import named_twice, own_columns
from posts.formats.times import order_shown, zone_named
from posts.records import Duplicate, PostRecord, Rejection, Tally

AUTO, MAPPED = "auto", "mapping"
SHOWN = 20

Outcome = PostRecord | Duplicate | Rejection


@dataclass(frozen=True)
class Options:
    """`zone` is for times without one, `platform` for tables that name none, `encoding` for files without a BOM.

    `server` is whose ids those are that name none. A mapping that has a zone or a platform of its own is read by these.
    `read_at` is when the file is read: only to flag posts that claim to be later.
    """

    zone: str = "UTC"
    platform: str = "other"
    encoding: str = ""
    mapping: Mapping | None = None
    server: str = ""
    read_at: datetime | None = None

    def context(self) -> Context:
        """Return what readers need to know; raises UnknownZone."""
        around = Context(zone=zone_named(self.zone), platform=self.platform, server=self.server, read_at=self.read_at)
        if self.mapping is None:
            return around
        zone = zone_named(self.mapping.zone) if self.mapping.zone else around.zone
        return replace(around, zone=zone, day_order=self.mapping.day_order)


@dataclass
class Examination:
    """What a file is: its format or, unknown, the columns and the mapping they suggest; its first posts.

    `dates` are times of the first rows whose day and month only a person can tell apart, where a mapping reads them.
    """

    format: str
    label: str
    columns: list[str]
    proposal: Mapping
    rows: list[dict] = field(default_factory=list)
    posts: list[PostRecord] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)


class Reading:
    """One file being read; iterate it once. `tally` counts, `position` of `size` bytes are done."""

    def __init__(self, known: Format, opened: Opened, convert: Convert, context: Context):
        self.format = known.name
        self.label = known.label
        self.lacks = known.lacks
        self.tally = Tally()
        self.size = opened.size
        self._opened = opened
        self._convert = convert
        self._context = context
        self._seen: set[tuple] = set()

    @property
    def position(self) -> int:
        return self._opened.position

    def __iter__(self) -> Iterator[Outcome]:
        try:
            for piece in self._opened.pieces(self._context):
                yield self._outcome(piece)
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._opened.close()

    def _outcome(self, piece: Piece) -> Outcome:
        if piece.refused:
            # Raised, it would hold on to the whole record by its traceback until the collector comes by.
            return self._rejected(piece, piece.refused)
        try:
            if not isinstance(piece.value, dict):
                raise Refused("unmapped", "no post but a list or a single value")
            record = self._convert(piece.value, piece.context)
            if self._opened.rounded:
                check_whole(record, piece.value, self._opened.rounded)
            record.raw, record.place = piece.raw, piece.place
            if cleaning.is_suspect(piece.raw):
                record = cleaning.cleaned(record)
        except Refused as refused:
            return self._rejected(piece, refused)
        key = record.key
        if key in self._seen:
            self.tally.duplicate += 1
            return Duplicate(record)
        self._seen.add(key)
        self.tally.accepted += 1
        return record

    def _rejected(self, piece: Piece, refused: Refused) -> Rejection:
        self.tally.rejected += 1
        self.tally.reasons[refused.code] += 1
        return Rejection(piece.place, refused.code, str(refused), piece.raw)


def read(path: Path, *, format: str = AUTO, options: Options | None = None) -> Reading:
    """Open an export. Raises NotPosts, UnknownFormat, UnreadableFile or BadMapping, each with a sentence."""
    options = options or Options()
    if format not in {AUTO, MAPPED, *FORMATS}:
        raise UnknownFormat(f"{format!r:.40} is no known format; there are {', '.join(FORMATS)}.")
    if format == MAPPED and options.mapping is None:
        raise BadMapping("Reading by a mapping needs the mapping.", field="mapping")
    context = options.context()
    with ExitStack() as unless_it_works:
        opened = open_file(path, options.encoding)
        unless_it_works.callback(opened.close)
        known, convert = _chosen(opened, format, options.mapping)
        unless_it_works.pop_all()
    return Reading(known, opened, convert, context)


def _chosen(opened: Opened, format: str, chosen: Mapping | None) -> tuple[Format, Convert]:
    """Return the format and who reads it: the one asked for, the one that is recognised, the mapping."""
    known = opened.known() if format == AUTO else FORMATS.get(format)
    if known is not None:
        return known, _checked(known, opened)
    if chosen is None:
        raise UnknownFormat(
            "This is not an export that is known here. Say which column holds what. There are: "
            + ", ".join(opened.columns[:40])
        )
    chosen.check(opened.columns)
    chosen.check_order(opened.sample)
    return Format(MAPPED, "by a mapping", partial(mapping.convert, chosen)), partial(mapping.convert, chosen)


def _checked(known: Format, opened: Opened) -> Convert:
    """Raise UnknownFormat where a format was asked for that this file cannot be."""
    if isinstance(known, TableFormat):
        _check_columns(known, opened)
    if isinstance(known, JsonFormat) and isinstance(opened, OpenedTable):
        raise UnknownFormat(f"This is no {known.label}: it is a table, not JSON.")
    return converter(known)


def _check_columns(known: TableFormat, opened: Opened) -> None:
    """Raise UnknownFormat where a column that the format needs is not there, or there twice."""
    if missing := known.needs - frozenset(opened.columns):
        raise UnknownFormat(f"This is no {known.label}: it has no column {min(missing)}.")
    begin = 0
    if known.start:
        opened.columns, begin = own_columns(opened.columns, known.start)
    if twice := named_twice(opened.columns, begin, known.needs):
        raise UnknownFormat(
            f"The header names the column {twice} more than once, and only one of them can be that of {known.label}. "
            "Rename the other in the file, or say which column holds what."
        )


def examine(path: Path, *, format: str = AUTO, options: Options | None = None) -> Examination:
    """Look at a file's beginning. Raises NotPosts and UnreadableFile; an unknown format is told, not raised."""
    options = options or Options()
    with closing(open_file(path, options.encoding)) as opened:
        columns, rows = opened.columns, opened.sample[:SHOWN]
        known = opened.known() if format in {AUTO, MAPPED} else FORMATS.get(format)
    proposal = options.mapping or mapping.propose(columns, options.platform, options.zone)
    dates = [] if known and format != MAPPED else proposal.dates(rows)
    proposal = replace(proposal, day_order=proposal.day_order or order_shown(dates))
    is_undecided = bool(dates) and not (options.mapping and options.mapping.day_order)
    if is_undecided or (known is None and options.mapping is None):
        return Examination(
            MAPPED, "not a known export", columns, proposal, rows, lost=proposal.lost(columns), dates=dates
        )
    with closing(read(path, format=format, options=options)) as reading:
        found = list(islice(reading, SHOWN))
    posts = [one for one in found if isinstance(one, PostRecord)]
    rejections = [one for one in found if isinstance(one, Rejection)]
    lost = proposal.lost(columns) if reading.format == MAPPED else list(reading.lacks)
    return Examination(reading.format, reading.label, columns, proposal, rows, posts, rejections, lost, dates)
