"""The only doors to matches and what belongs to them; nothing here leaves the cases that the actor is in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from cases.exceptions import InvalidInput, NotVisible
from cases.models import Case, User
from cases.permissions import Permission, permissions_by_case
from evidence.enums import FrameKind, ItemState, MatchVerdict
from evidence.models import Frame, IgnoredPicture, Item, LookUp, Match, MatchNotice, MediaReport, WaitingForMatches
from evidence.permissions import needed_to_read
from evidence.queries import one_visible

MATCH_PARTS = ("case", "query", "stored", "ignored")
LEAST_SIDE = 0.005
# What stands among an item's readings when aids were made for it.
AIDS = "aids"


# --- one row


def get_match(actor: User, match_id: UUID | str, *, for_update: bool = False) -> Match:
    """The match of that id, for people who are in all cases that it names."""
    return one_visible(Match.objects.filter(pk=match_id), actor, "match", for_update, MATCH_PARTS)


def get_ignored(actor: User, entry_id: UUID | str, *, for_update: bool = False) -> IgnoredPicture:
    """The entry of an ignore list."""
    return one_visible(IgnoredPicture.objects.filter(pk=entry_id), actor, "entry", for_update, ("case", "frame"))


def get_notice(actor: User, notice_id: UUID | str, *, for_update: bool = False) -> MatchNotice:
    """A notice, for the lead of its case and nobody else."""
    rows = MatchNotice.objects.filter(pk=notice_id, case__lead=actor)
    return one_visible(rows, actor, "notice", for_update, ("case", "frame", "contact"))


def get_look_up(actor: User, case: Case, look_up_id: UUID | str) -> LookUp:
    """A look-up of one's own in a case."""
    return one_visible(LookUp.objects.filter(pk=look_up_id, case=case, actor=actor), actor, "look-up", False, ("case",))


def frames_of(item: Item) -> list[Frame]:
    """The pictures of an exhibit, once they were read for it: another case's reading of the same bytes is not told."""
    if item.blob_id is None or WaitingForMatches.objects.filter(item=item).exists():
        return []
    return list(Frame.objects.filter(blob=item.blob_id).order_by("kind", "position"))


def report_of(item: Item) -> MediaReport | None:
    """The aids of an exhibit, once they were made for it."""
    made = item.blob_id is not None and AIDS in item.readings
    return MediaReport.objects.filter(blob=item.blob_id).first() if made else None


def get_frame(item: Item, kind: str, position: int) -> Frame:
    """A picture of an exhibit that the caller has got through its door."""
    frame = next((one for one in frames_of(item) if (one.kind, one.position) == (kind, position)), None)
    if frame is None:
        raise NotVisible("There is no such picture in this exhibit.")
    return frame


# --- lists


def matches_of(actor: User, case: Case) -> QuerySet[Match]:
    """The matches that a case has part in, without those that its ignore list explains."""
    rows = Match.objects.visible_to(actor).of_case(case).filter(ignored=None)
    return rows.select_related("query", "stored", "case", "other_case")


def matches_of_frames(actor: User, case: Case, frames: Sequence[Frame]) -> QuerySet[Match]:
    """Those of them in which one of these pictures is, rejected ones left out, the best first."""
    rows = matches_of(actor, case).exclude(verdict=MatchVerdict.REJECTED)
    return rows.filter(Q(query__in=frames) | Q(stored__in=frames)).order_by("-score", "id")


def waiting_in(actor: User, case: Case) -> int:
    """How many exhibits of a case have not been compared yet."""
    return WaitingForMatches.objects.visible_to(actor).filter(case=case).count()


def unjudged_of(actor: User, case_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many suggestions wait for a verdict that `actor` may give, by case; two queries."""
    rights = permissions_by_case(actor, case_ids)
    cases = [case_id for case_id, granted in rights.items() if Permission.MEDIA_MATCH in granted]
    rows = Match.objects.visible_to(actor).filter(case__in=cases, ignored=None, verdict=MatchVerdict.SUGGESTED)
    return _by_case(rows)


def unseen_notices_of(actor: User, case_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many pictures of the cases that `actor` leads turned up elsewhere and were not put away, by case."""
    rows = MatchNotice.objects.visible_to(actor).filter(case__in=case_ids, case__lead=actor, seen_at=None)
    return _by_case(rows)


def _by_case(rows: QuerySet) -> dict[UUID, int]:
    return dict(rows.order_by().values_list("case").annotate(number=Count("pk")))


def notices_of(actor: User, case: Case) -> QuerySet[MatchNotice]:
    """What the lead of a case has not put away yet; nothing for anybody else."""
    rows = MatchNotice.objects.visible_to(actor).filter(case=case, case__lead=actor, seen_at=None)
    return rows.select_related("frame", "contact")


def ignored_of(actor: User, case: Case) -> QuerySet[IgnoredPicture]:
    """The ignore list of a case, ended entries included."""
    rows = IgnoredPicture.objects.visible_to(actor).filter(case=case)
    return rows.select_related("frame", "added_by", "ended_by")


# --- showing pictures


@dataclass(frozen=True)
class Appearance:
    """One exhibit that holds a picture, with its three times."""

    label: str
    title: str
    url: str
    claimed_at: datetime | None
    claimed_precision: str
    observed_at: datetime
    recorded_at: datetime


@dataclass(frozen=True)
class Shown:
    """A picture as pages show it; where the person may not open the exhibit, not `readable` and without address."""

    frame: Frame
    item: Item
    label: str
    part: str
    url: str
    picture_url: str
    thumbnail_url: str
    readable: bool
    graphic: bool
    appearances: tuple[Appearance, ...]

    @property
    def name(self) -> str:
        return f"{self.label}{', ' + self.part if self.part else ''}"


def shown(actor: User, case: Case, frames: Iterable[Frame], others: Iterable[Case] = ()) -> dict[int, Shown]:
    """How these pictures are shown on a page of `case`, by frame, in two queries; exhibits of `others` count as well.

    A picture that no exhibit in these cases holds any more is left out.
    """
    frames = list(frames)
    case_ids = {case.pk, *(other.pk for other in others)}
    rights = permissions_by_case(actor, case_ids)
    items: dict[str, list[Item]] = {}
    blobs = {frame.blob_id for frame in frames}
    held = Item.objects.visible_to(actor).filter(case__in=case_ids, blob__in=blobs).select_related("case")
    for item in held.order_by("captured_at", "exhibit"):
        items.setdefault(item.blob_id, []).append(item)
    return {frame.pk: _shown(frame, items[frame.blob_id], case, rights) for frame in frames if frame.blob_id in items}


def _shown(frame: Frame, items: list[Item], case: Case, rights: dict) -> Shown:
    item = min(items, key=lambda one: (one.case_id != case.pk, one.state != ItemState.ACTIVE, one.exhibit))
    readable = needed_to_read(item) in rights.get(item.case_id, ())
    address = [item.case.ref, item.exhibit]
    return Shown(
        frame=frame,
        item=item,
        label=label_of(item, case),
        part=part_of(frame),
        url=reverse("evidence:item", args=address),
        picture_url=_picture_url(address, frame, "rendition") if readable else "",
        thumbnail_url=_picture_url(address, frame, "thumbnail") if readable else "",
        readable=readable,
        graphic=any(one.graphic for one in items),
        appearances=tuple(appearance_of(one, case) for one in items),
    )


def _picture_url(address: list, frame: Frame, operation: str) -> str:
    if frame.kind == FrameKind.IMAGE:
        return reverse("evidence:picture", args=[*address, operation])
    return reverse("evidence:frame", args=[*address, frame.kind, frame.position])


def label_of(item: Item, case: Case) -> str:
    """E-12, with the reference of its case before it on the pages of another one."""
    return f"E-{item.exhibit}" if item.case_id == case.pk else f"{item.case.ref} E-{item.exhibit}"


def part_of(frame: Frame) -> str:
    """Where in its file a picture is; nothing for an image."""
    if frame.kind == FrameKind.KEYFRAME:
        minutes, seconds = divmod(frame.second or 0.0, 60)
        return f"at {int(minutes)}:{seconds:04.1f}"
    if frame.kind == FrameKind.IMAGE:
        return ""
    inside = f", picture {frame.position + 1}" if frame.kind == FrameKind.EMBEDDED else ""
    return f"page {frame.page}{inside}"


def appearance_of(item: Item, case: Case) -> Appearance:
    return Appearance(
        label=label_of(item, case),
        title=item.title,
        url=reverse("evidence:item", args=[item.case.ref, item.exhibit]),
        claimed_at=item.published_at,
        claimed_precision=item.published_precision,
        observed_at=item.captured_at,
        recorded_at=item.recorded_at,
    )


def region_in(sides: list[float] | None) -> list[float] | None:
    """A region that somebody gave, [x, y, w, h] as fractions; raises InvalidInput. The whole picture is None."""
    if sides is None:
        return None
    try:
        x, y, w, h = (float(side) for side in sides)
    except (TypeError, ValueError) as error:
        raise InvalidInput("A region is x, y, width and height as fractions.", field="region") from error
    inside = x >= 0 and y >= 0 and w >= LEAST_SIDE and h >= LEAST_SIDE and x + w <= 1.0001 and y + h <= 1.0001
    if not inside:
        raise InvalidInput("The region lies outside of the picture, or is empty.", field="region")
    return None if w * h > 0.999 else [round(side, 5) for side in (x, y, w, h)]
