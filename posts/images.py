"""Which addresses of pictures in posts show the same picture: by the exhibits that were kept of them.

An export names a picture by its address, and every upload has another one. Where the case has kept the files (exhibits
whose original address is that of the picture), equal pixels and the comparison of pictures tell which are the same.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from evidence.clusters import clusters_of
from evidence.enums import FrameKind, ItemState, MatchKind, MatchVerdict, Sensitivity
from evidence.models import Frame, Item, Match
from posts.texts.links import canonical

# A panel or a region in common is another picture.
SAME = (MatchKind.EXACT, MatchKind.WHOLE)


def picture_names(case_id: UUID, addresses: Iterable[str]) -> dict[str, str]:
    """Return for each canonical address whose file is an exhibit the first exhibit that shows the picture: "E-12".

    Rejected matches and ignored pictures join nothing; sensitive exhibits are left out, for not everybody who may see
    an analysis may see them.
    """
    wanted = frozenset(addresses)
    rows = Item.objects.filter(case=case_id, state=ItemState.ACTIVE, blob__isnull=False)
    rows = rows.exclude(original_url="").exclude(sensitivity=Sensitivity.SENSITIVE).order_by("exhibit")
    kept = rows.values_list("exhibit", "blob_id", "original_url")
    found = {address: blob for _, blob, url in kept if (address := canonical(url)) in wanted}
    first: dict[str, int] = {}
    for exhibit, blob, _ in kept:
        first.setdefault(blob, exhibit)
    groups = _groups(case_id, set(found.values()))
    return {address: f"E-{min(first[one] for one in groups[blob])}" for address, blob in sorted(found.items())}


def _groups(case_id: UUID, blobs: set[str]) -> dict[str, list[str]]:
    """Each file with the files that show the same picture, itself among them."""
    frames = dict(Frame.objects.filter(blob__in=blobs, kind=FrameKind.IMAGE).values_list("pk", "blob_id"))
    groups = {blob: [blob] for blob in blobs}
    for members in clusters_of(_same_pixels(frames) + _matched(case_id, frames)):
        own = [frames[frame] for frame in members]
        groups |= dict.fromkeys(own, own)
    return groups


def _same_pixels(frames: dict[int, str]) -> list[tuple[int, int]]:
    first: dict[str, int] = {}
    pixels = Frame.objects.filter(pk__in=frames, blank=False).order_by("pk").values_list("pk", "sha256")
    return [(frame, first.setdefault(digest, frame)) for frame, digest in pixels]


def _matched(case_id: UUID, frames: dict[int, str]) -> list[tuple[int, int]]:
    within = Q(case=case_id, other_case=None, query__in=frames, stored__in=frames)
    rows = Match.objects.filter(within, kind__in=SAME, ignored=None).exclude(verdict=MatchVerdict.REJECTED)
    return list(rows.values_list("query_id", "stored_id"))
