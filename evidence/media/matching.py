"""Finds which stored pictures, or parts of them, are in a query; and which part of the query is from none of them.

`look_up` is all that the rest of the product calls. It reads the index, asks `load` for the few stored pictures that
need a closer look, and changes nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from evidence.media import correlation, decisions, explanation, geometry, hypotheses, index, renditions, tones
from evidence.media.decisions import Evidence, Kind, Match
from evidence.media.fingerprints import Fingerprint, PartHash, StoredPrint
from evidence.media.hashes import ORIENTATIONS
from evidence.media.outlines import Outline, outline
from evidence.media.rectangles import WHOLE, Rectangle, likeness, overlap

HASH_RADIUS = 47
MOST_HASHED = 40
MOST_BY_FEATURES = 45
MOST_SEEDS = 80
LEAST_CELLS = 2.0
SAME_REGION = 0.6
MOSTLY_INSIDE = 0.8
SAME_PLACE = 4.0

Load = Callable[[list[int]], dict[int, StoredPrint]]


@dataclass(frozen=True, eq=False)
class Report:
    """`matches` at or above the threshold, best first; `unexplained` rectangles of the query that none of them covers.

    `origins` groups the matches by the region of the query they explain: lists of positions in `matches`, best first.
    """

    matches: list[Match]
    unexplained: list[Rectangle]
    origins: list[list[int]]


def look_up(
    query: Fingerprint,
    segments: list[index.Segment],
    load: Load,
    *,
    exact: frozenset[int] = frozenset(),
    ignored: frozenset[int] = frozenset(),
    threshold: float = decisions.THRESHOLD,
) -> Report:
    """Match a query; `exact` are pictures of the same SHA-256, `ignored` those on the ignore list (logos, stock).

    Raises BadRendition where a stored row is damaged.
    """
    found = [_exact(number) for number in sorted(exact - ignored)]
    if not query.blank:
        found += _inexact(query, segments, load, exact | ignored)
    kept = sorted((match for match in found if match.score >= threshold), key=_rank)
    return Report(kept, explanation.unexplained(query, kept), explanation.origins(kept))


def _rank(match: Match) -> tuple:
    return (-match.score, list(Kind).index(match.kind), -match.query_region.area, match.number)


def _exact(number: int) -> Match:
    return Match(number, Kind.EXACT, False, WHOLE, WHOLE, 1.0, np.eye(3), Evidence(0, 1, 0, 1, 0))


def _inexact(query: Fingerprint, segments: list[index.Segment], load: Load, without: frozenset[int]) -> list[Match]:
    both = hypotheses.views(query)
    hashed = _by_hashes(query, segments, without)
    opposite = _by_hashes(query, segments, without | hashed.keys(), negative=True)
    paired = [
        index.near_features(segments, view.asked, MOST_BY_FEATURES) if len(query.features) else {} for view in both
    ]
    # Hardly ever asked for, and then once.
    negative = cache(lambda: hypotheses.negative(query))
    numbers = sorted((set(hashed) | set(opposite) | set(paired[0]) | set(paired[1])) - without)
    prints = load(numbers)
    closer = [_Closer(query, number, prints[number]) for number in numbers if number in prints]
    for looked in closer:
        for view, pairs in zip(both, paired, strict=True):
            hits = [hit for hit in hashed.get(looked.number, []) if hit.mirrored == view.mirrored]
            looked.judge(view, hits, pairs.get(looked.number))
        if looked.number in opposite:
            looked.judge(negative(), opposite[looked.number], None)
    _look_again(closer)
    return [match for looked in closer for match in looked.matches]


def _look_again(closer: list["_Closer"]) -> None:
    """Start from the strongest single pairs of the pictures in which nothing was found."""
    left = [(seed, looked) for looked in closer for seed in looked.seeds()]
    left.sort(key=lambda pair: -pair[0].strength)
    for seed, looked in left[:MOST_SEEDS]:
        looked.start_from(seed)


@dataclass(frozen=True)
class _Hashed:
    part: int
    region: Rectangle
    mirrored: bool
    turns: int
    distance: int


def _by_hashes(
    query: Fingerprint, segments: list[index.Segment], without: frozenset[int], *, negative: bool = False
) -> dict[int, list[_Hashed]]:
    """The nearest stored hashes of each part of the query in each orientation, by picture."""
    found: dict[int, list[_Hashed]] = {}
    for part in [*query.parts, *query.crops]:
        for bits, mirrored, turns in _orientations(part, negative=negative):
            region = _flipped(part.region) if mirrored else part.region
            for hit in index.near_hashes(segments, bits, HASH_RADIUS)[:MOST_HASHED]:
                if hit.number not in without:
                    found.setdefault(hit.number, []).append(_Hashed(hit.part, region, mirrored, turns, hit.distance))
    return {number: sorted(hits, key=lambda hit: hit.distance)[:4] for number, hits in found.items()}


def _orientations(part: PartHash, *, negative: bool) -> Iterator[tuple[bytes, bool, int]]:
    """The hashes to look for, whether in the mirror, and the quarters turned.

    In a negative every coefficient changes its sign, so its hash is that of the picture with all bits exchanged; it is
    looked for as it stands, not in the mirror.
    """
    for bits, (mirrored, turns) in zip(part.variants, ORIENTATIONS, strict=True):
        if not negative:
            yield bits, mirrored, turns
        elif not mirrored:
            yield bytes(byte ^ 0xFF for byte in bits), mirrored, turns


def _flipped(region: Rectangle) -> Rectangle:
    return Rectangle(1 - region.x - region.w, region.y, region.w, region.h)


@dataclass(frozen=True, eq=False)
class _Confirmed:
    """A match and what agreed pixel by pixel, in a view of the query of that `shape` (h, w)."""

    match: Match
    agreement: correlation.Agreement
    shape: tuple[int, int]

    def explains(self, other: Match) -> bool:
        """Whether the region of the other match lies within this one, and agrees with this map as well as with its."""
        region = other.query_region
        if overlap(region, self.match.query_region) < MOSTLY_INSIDE * region.area:
            return False
        seen = _flipped(region) if self.match.mirrored else region
        height, width = self.shape
        bounds = seen.x * width, seen.y * height, (seen.x + seen.w) * width, (seen.y + seen.h) * height
        return self.agreement.share_within(*bounds) >= other.evidence.purity


class _Closer:
    """One stored picture held against the query: the regions that pixels confirm, each once."""

    def __init__(self, query: Fingerprint, number: int, kept: StoredPrint) -> None:
        self.query = query
        self.number = number
        self.kept = kept
        self.panels = [region for region, _ in kept.hashes]
        self.confirmed: list[_Confirmed] = []
        self.paired: list[tuple[hypotheses.Sides, index.FeaturePairs]] = []

    @property
    def matches(self) -> list[Match]:
        """The regions that were confirmed, without those that a surer one explains.

        A façade has the same windows in every storey: where the whole of it was found, a storey that fits the next one
        is no second region. A piece that was copied within one picture is: there the map of the whole does not hold.
        """
        surest = sorted(self.confirmed, key=lambda one: -one.match.score)
        kept: list[_Confirmed] = []
        for one in surest:
            if not any(other.explains(one.match) for other in kept):
                kept.append(one)
        return [one.match for one in kept]

    @cached_property
    def grey(self) -> np.ndarray:
        return renditions.unpack(self.kept.rendition)

    def judge(self, view: hypotheses.View, hits: list[_Hashed], pairs: index.FeaturePairs | None) -> None:
        sides = hypotheses.beside(view, self.kept)
        self._try(sides, self._guesses(sides, hits, pairs))
        if pairs is not None:
            self.paired.append((sides, pairs))

    def seeds(self) -> Iterator[hypotheses.Seed]:
        if all(one.match.score < decisions.THRESHOLD for one in self.confirmed):
            for sides, pairs in self.paired:
                yield from hypotheses.seeds(sides, pairs)

    def start_from(self, seed: hypotheses.Seed) -> None:
        self._try(seed.sides, hypotheses.from_seed(seed))

    def _try(self, sides: hypotheses.Sides, guesses: Iterator[np.ndarray]) -> None:
        view, tried = sides.view, list[np.ndarray]()
        for guess in guesses:
            ends = geometry.apply(guess, geometry.corners(sides.shape))
            if any(np.abs(ends - other).max() < SAME_PLACE for other in tried):
                continue
            tried.append(ends)
            agreement = correlation.compare(view.grey, self.grey, guess)
            if agreement is not None and agreement.cells >= LEAST_CELLS:
                self._weigh(sides, agreement)

    def _weigh(self, sides: hypotheses.Sides, agreement: correlation.Agreement) -> None:
        found = outline(agreement, sides.view.grey.shape, sides.shape)
        if found is not None:
            made = self._match(sides.view, agreement.matrix, found, _evidence(sides, agreement, found))
            self._keep(_Confirmed(made, agreement, sides.view.grey.shape))

    def _guesses(self, sides, hits, pairs) -> Iterator[np.ndarray]:
        if pairs is not None:
            yield from hypotheses.from_features(sides, pairs)
        for hit in hits:
            yield hypotheses.from_hash(sides, hit.region, hit.turns, self.kept.hashes[hit.part][0])

    def _match(self, view: hypotheses.View, matrix: np.ndarray, found: Outline, evidence: Evidence) -> Match:
        if view.mirrored:
            found = found._replace(query=_flipped(found.query))
        return Match(
            number=self.number,
            kind=decisions.kind_of(found, self.query.panels, self.panels),
            mirrored=view.mirrored,
            query_region=found.query,
            stored_region=found.stored,
            score=decisions.score(evidence),
            matrix=self._in_fractions(matrix, view),
            evidence=evidence,
        )

    def _keep(self, made: _Confirmed) -> None:
        """Keep a match unless a surer one has the same region of the query."""
        region = made.match.query_region
        rivals = [one for one in self.confirmed if likeness(one.match.query_region, region) > SAME_REGION]
        if all(made.match.score > rival.match.score for rival in rivals):
            self.confirmed = [one for one in self.confirmed if one not in rivals] + [made]

    def _in_fractions(self, matrix: np.ndarray, view: hypotheses.View) -> np.ndarray:
        (height, width), (rows, columns) = view.grey.shape, renditions.shape(self.kept.rendition)
        placed = geometry.diagonal(1 / width, 1 / height) @ matrix @ geometry.diagonal(columns, rows)
        return geometry.mirror(1.0) @ placed if view.mirrored else placed


def _evidence(sides: hypotheses.Sides, agreement: correlation.Agreement, found: Outline) -> Evidence:
    """All that speaks for a match; what costs more is asked only where it can change something."""
    support, share = hypotheses.support(sides, agreement.matrix, found.query, found.stored)
    few, lettered = support < decisions.FEW, decisions.may_be_lettering(found, support)
    return Evidence(
        cells=found.cells,
        purity=found.purity,
        support=support,
        share=share,
        narrow=found.narrow,
        contrary=found.contrary,
        settled=not (few and correlation.fits_better_moved(agreement, found.where)),
        beyond=tones.beyond(agreement, found.where) if lettered else 1.0,
    )
