"""Reuse told as a whole: which pictures hang together, what a composite was put together from, and who showed it first.

Earliest known is said twice, because the clocks differ: by when somebody of ours observed it, and by when its publisher
claims to have shown it. When it was logged proves nothing about either.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from evidence.enums import MatchVerdict
from evidence.media.explanation import SAME_ORIGIN, unexplained
from evidence.media.rectangles import Rectangle, likeness
from evidence.media.renditions import unpack
from evidence.models import Fingerprint, Frame, Match, PackedPrint
from evidence.prints import VERSION
from evidence.reuse import Appearance, Shown

WHOLE = [0.0, 0.0, 1.0, 1.0]


@dataclass(frozen=True)
class Origin:
    """One other picture that shows a region: the match, which side of it the composite is, and the region on both."""

    match: Match
    other: int
    here: list[float]
    there: list[float]


@dataclass(frozen=True)
class Explained:
    """A region of a picture and the pictures that show it too, best first."""

    number: int
    region: list[float]
    origins: tuple[Origin, ...]

    @property
    def confirmed(self) -> bool:
        return any(origin.match.verdict == MatchVerdict.CONFIRMED for origin in self.origins)


def origins_of(frame_id: int, matches: Iterable[Match]) -> list[Explained]:
    """The regions of a picture with the origins of each, as its matches tell; the best match takes its region first."""
    groups: list[list[Origin]] = []
    for origin in _sided(frame_id, matches):
        for group in groups:
            if likeness(Rectangle(*group[0].here), Rectangle(*origin.here)) >= SAME_ORIGIN:
                group.append(origin)
                break
        else:
            groups.append([origin])
    return [Explained(number, group[0].here, tuple(group)) for number, group in enumerate(groups, 1)]


def _sided(frame_id: int, matches: Iterable[Match]) -> list[Origin]:
    found = []
    for match in matches:
        if match.query_id == match.stored_id:
            continue
        here, there, other = ("query", "stored", match.stored_id)
        if match.query_id != frame_id:
            here, there, other = ("stored", "query", match.query_id)
        for region in match.regions:
            found.append((region["score"], Origin(match, other, region[here], region[there])))
    return [origin for _, origin in sorted(found, key=lambda pair: -pair[0])]


def without_origin(frame: Frame, explained: Sequence[Explained]) -> list[list[float]]:
    """The regions of a picture that no match explains; computed from what the person sees and nothing else."""
    packed = PackedPrint.objects.filter(frame=frame, version=VERSION).first()
    if packed is None or not explained:
        return []
    panels = Fingerprint.objects.filter(frame=frame, algorithm="pdq").exclude(region=None)
    picture = SimpleNamespace(
        panels=[Rectangle(*sides) for sides in panels.values_list("region", flat=True)],
        grey=unpack(bytes(packed.rendition)),
    )
    matches = [SimpleNamespace(query_region=Rectangle(*one.region)) for one in explained]
    return [[round(float(side), 5) for side in region] for region in unexplained(picture, matches)]


# --- who was first


@dataclass(frozen=True)
class Earliest:
    """The earliest known appearance by each clock; `claimed` is None where nobody claims a date."""

    observed: Appearance | None
    claimed: Appearance | None


def earliest(pictures: Iterable[Shown]) -> Earliest:
    """The earliest appearance of any of these pictures."""
    appearances = [appearance for picture in pictures for appearance in picture.appearances]
    observed = min(appearances, key=lambda one: (one.observed_at, one.label), default=None)
    dated = [one for one in appearances if one.claimed_at]
    return Earliest(observed, min(dated, key=lambda one: (one.claimed_at, one.label), default=None))


# --- clusters


def clusters_of(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The frames that hang together through pairs (query, stored), the largest cluster first, frames in order."""
    leader: dict[int, int] = {}

    def find(frame: int) -> int:
        leader.setdefault(frame, frame)
        while leader[frame] != frame:
            leader[frame] = leader[leader[frame]]
            frame = leader[frame]
        return frame

    for query, stored in pairs:
        one, other = find(query), find(stored)
        leader[max(one, other)] = min(one, other)
    members: dict[int, list[int]] = defaultdict(list)
    for frame in sorted(leader):
        members[find(frame)].append(frame)
    return sorted(members.values(), key=lambda frames: (-len(frames), frames[0]))
