"""Which matches say nothing, because what they share is on the ignore list: logos, flags, interfaces of platforms."""

from collections.abc import Sequence

from cases.models import Case
from evidence.enums import MatchVerdict
from evidence.media.rectangles import WHOLE, Rectangle, overlap
from evidence.models import IgnoredPicture, Match

# Of the matched region, how much must lie on what is ignored.
COVERED = 0.7


def apply(case: Case) -> None:
    """Mark the case's suggestions that are explained by its ignore list, and free those that no longer are."""
    entries = list(IgnoredPicture.objects.filter(case=case, ended_at=None))
    if not entries:
        Match.objects.filter(case=case).exclude(ignored=None).update(ignored=None)
        return
    known = _where_found(case, entries)
    changed = []
    for match in Match.objects.filter(case=case).exclude(verdict=MatchVerdict.CONFIRMED):
        entry = _explained(match, known)
        if match.ignored_id != (entry and entry.pk):
            match.ignored = entry
            changed.append(match)
    Match.objects.bulk_update(changed, ["ignored"], batch_size=500)


def _where_found(case: Case, entries: Sequence[IgnoredPicture]) -> dict[int, list[tuple[Rectangle, IgnoredPicture]]]:
    """For each frame the regions of it that show something ignored: the entries themselves, and what matches them."""
    places: dict[int, list[tuple[Rectangle, IgnoredPicture]]] = {}
    by_frame: dict[int, list[IgnoredPicture]] = {}
    for entry in entries:
        by_frame.setdefault(entry.frame_id, []).append(entry)
        places.setdefault(entry.frame_id, []).append((region_of(entry.region), entry))
    frames = list(by_frame)
    for side, other in (("query", "stored"), ("stored", "query")):
        for match in Match.objects.filter(case=case, **{f"{side}__in": frames}):
            for entry in by_frame[getattr(match, f"{side}_id")]:
                for region in match.regions:
                    if _covers(region_of(entry.region), Rectangle(*region[side])):
                        found = Rectangle(*region[other]), entry
                        places.setdefault(getattr(match, f"{other}_id"), []).append(found)
    return places


def _explained(match: Match, places: dict[int, list[tuple[Rectangle, IgnoredPicture]]]) -> IgnoredPicture | None:
    """The entry on which all matched regions of one side lie."""
    for side in ("query", "stored"):
        regions = [Rectangle(*region[side]) for region in match.regions] or [WHOLE]
        hits = [
            next((entry for place, entry in places.get(getattr(match, f"{side}_id"), []) if _covers(place, one)), None)
            for one in regions
        ]
        if all(hits):
            return hits[0]
    return None


def region_of(sides: list[float] | None) -> Rectangle:
    """The region of an entry; without one, the whole."""
    return Rectangle(*sides) if sides else WHOLE


def _covers(place: Rectangle, region: Rectangle) -> bool:
    return overlap(place, region) >= COVERED * region.area
