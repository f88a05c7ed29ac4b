"""Holding pictures against the store without logging them. Their bytes are not kept; that somebody looked is."""

import hashlib
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from audit import log
from cases.actions.job_runs import start_job
from cases.exceptions import InvalidInput
from cases.history import object_string, record
from cases.models import Case, User
from evidence.actions.comparing import SYSTEM, homes_of, matches_in, start_comparing, tell_leads
from evidence.actions.pictures import keep_frames, look_at
from evidence.ahead import ahead
from evidence.enums import FrameKind, ItemState
from evidence.files import BLOCK
from evidence.media.decisions import Match as Found
from evidence.media.index import Segment
from evidence.media.matching import look_up
from evidence.models import Blob, Frame, Item, LookUp
from evidence.parsers import media_types
from evidence.parsers.sandbox import ParserFailed
from evidence.permissions import check_match_media
from evidence.prints import VERSION, FoundFrame, frozen, has_pictures, load_prints, read_frames, thawed
from evidence.reuse_index import segments_of
from evidence.reuse_report import found_matches, plain

LOOK_UP = "evidence.answer_look_up"
NO_PICTURE = "No pictures are looked for in this kind of file."
# An entry of the log has at most 64 kB.
MOST_HASHES = 500


@dataclass
class Queried:
    """A file that is asked about: its hash and its pictures, or why there are none. `other` is for the other cases."""

    sha256: str
    frames: list[FoundFrame] = field(default_factory=list)
    problem: str = ""


def query_file(path: Path) -> Queried:
    """Read the pictures of a file on disk; writes nothing."""
    # Unbuffered: the child gets the handle itself, which must stand at the beginning.
    with path.open("rb", buffering=0) as stream:
        head = stream.read(media_types.HEAD)
        digest = hashlib.sha256(head)
        while block := stream.read(BLOCK):
            digest.update(block)
        stream.seek(0)
        sha256, media_type = digest.hexdigest(), media_types.detect(head)
        if not has_pictures(media_type):
            return Queried(sha256, problem=NO_PICTURE)
        try:
            frames, problem = read_frames(stream, media_type)
        except ParserFailed as failure:
            return Queried(sha256, problem=failure.reason)
    return Queried(sha256, frames, problem)


def catch_up(case_ids: Sequence[UUID]) -> None:
    """Fingerprint what was logged in these cases and not yet read: what is asked must not depend on the queue."""
    held = Item.objects.filter(case__in=case_ids, state=ItemState.ACTIVE).values("blob")
    behind = Blob.objects.filter(pk__in=held).exclude(media_scan__version=VERSION).order_by("pk")
    blobs = [blob for blob in behind if has_pictures(blob.media_type)]
    for blob, (frames, problem) in ahead(look_at, blobs):
        keep_frames(blob, frames, problem)


def searched(query: Queried, case: Case, visible: Sequence[UUID], segments: list[Segment]) -> dict[str, Any]:
    """What the pictures of a file match in the cases `visible`, best first, and which regions match nothing.

    A file of several pictures says of each match in which of them it is (`part`).
    """
    exact = _same_file(query.sha256, visible)
    matches: list[dict[str, Any]] = []
    unexplained: list[dict[str, Any] | list[float]] = []
    for found in query.frames:
        numbers = exact.get((found.kind, found.sha256), frozenset())
        report = look_up(found.made, segments, load_prints, exact=numbers)
        exhibits = _exhibits({match.number for match in report.matches}, case, visible)
        part = _part(found)
        for match in report.matches:
            matches += [_line(match, label, sha256) | part for label, sha256 in exhibits.get(match.number, ())]
        unexplained += [{"region": plain(one)} | part if part else plain(one) for one in report.unexplained]
    matches.sort(key=lambda match: -match["score"])
    problem = {"problem": query.problem} if query.problem else {}
    return {"matches": matches, "unexplained": unexplained} | problem


def _line(match: Found, label: str, sha256: str) -> dict[str, Any]:
    return {
        "item": label,
        "sha256": sha256,
        "kind": match.kind.value,
        "mirrored": match.mirrored,
        "query_region": plain(match.query_region),
        "stored_region": plain(match.stored_region),
        "score": round(match.score, 4),
    }


def _part(found: FoundFrame) -> dict[str, str]:
    if found.kind == FrameKind.IMAGE:
        return {}
    return {"part": f"{found.second:g} s" if found.kind == FrameKind.KEYFRAME else f"page {found.page}, {found.kind}"}


def _same_file(sha256: str, visible: Sequence[UUID]) -> dict[tuple[str, str], frozenset[int]]:
    """The frames of the same bytes, where an exhibit of these cases has them."""
    if not Item.objects.filter(blob=sha256, case__in=visible, state=ItemState.ACTIVE).exists():
        return {}
    found: dict[tuple[str, str], frozenset[int]] = {}
    for row in Frame.objects.filter(blob=sha256):
        found[row.kind, row.sha256] = found.get((row.kind, row.sha256), frozenset()) | {row.pk}
    return found


def _exhibits(numbers: set[int], case: Case, visible: Sequence[UUID]) -> dict[int, list[tuple[str, str]]]:
    """By frame the exhibits that hold it, as (label, SHA-256); one of another case carries that case's reference."""
    blobs = dict(Frame.objects.filter(pk__in=numbers).values_list("pk", "blob"))
    held: dict[str, list[tuple[str, str]]] = {}
    items = Item.objects.filter(blob__in=blobs.values(), case__in=visible, state=ItemState.ACTIVE)
    for item in items.select_related("case").order_by("exhibit"):
        label = f"E-{item.exhibit}" if item.case_id == case.pk else f"{item.case.ref}/E-{item.exhibit}"
        held.setdefault(item.blob_id, []).append((label, item.blob_id))
    return {number: held.get(blob, []) for number, blob in blobs.items()}


class Note:
    """Gathers what one run looked up, without keeping its pictures, and writes it down at the end."""

    def __init__(self, actor: User, case: Case, visible: Sequence[UUID]) -> None:
        self.actor, self.case, self.visible = actor, case, set(visible)
        others = list(Case.objects.exclude(pk__in=visible).values_list("pk", flat=True))
        self.elsewhere = segments_of(others)
        self.hashes: list[str] = []
        self.found: set[int] = set()

    def add(self, query: Queried) -> None:
        """Ask the cases that the actor does not see as well, for the sake of their leads."""
        self.hashes.append(query.sha256)
        for frame in query.frames:
            self.found |= {one.number for one in matches_in(frame.made, self.elsewhere)}

    @transaction.atomic
    def write(self) -> None:
        """Record the look-ups, and tell those leads."""
        self.tell()
        for start in range(0, len(self.hashes), MOST_HASHES):
            hashes = self.hashes[start : start + MOST_HASHES]
            record(self.actor, "media_looked_up", self.case, after={"files": len(hashes)}, evidence=hashes)

    def tell(self) -> None:
        """Tell the leads of the cases in which something was found."""
        homes = homes_of(self.found)
        tell_leads(self.case, {(home, number) for number, cases in homes.items() for home in cases - self.visible})


# --- from a page or a program, one picture at a time


def start_look_up(*, actor: User, case: Case, stream: BinaryIO, size: int) -> LookUp:
    """Fingerprint a picture, forget its bytes, and queue the search. Raises InvalidInput for too large or too many."""
    check_match_media(actor, case)
    if size > settings.MAX_LOOK_UP_BYTES:
        raise InvalidInput(f"A picture to look up may have {settings.MAX_LOOK_UP_BYTES:,} bytes.", field="file")
    _check_rate(actor)
    with tempfile.NamedTemporaryFile(prefix="look-up-") as file:
        shutil.copyfileobj(stream, file)
        file.flush()
        query = query_file(Path(file.name))
    if len(query.frames) != 1 or query.frames[0].kind != FrameKind.IMAGE:
        raise InvalidInput(query.problem or "Look up one picture at a time.", field="file")
    return _noted(actor, case, query, size)


def _check_rate(actor: User) -> None:
    recent = LookUp.objects.filter(actor=actor, at__gt=timezone.now() - timedelta(hours=1)).count()
    if recent >= settings.LOOK_UPS_PER_HOUR:
        raise InvalidInput(f"You looked up {recent} pictures within an hour; wait a while, or log them.", field="file")


@transaction.atomic
def _noted(actor: User, case: Case, query: Queried, size: int) -> LookUp:
    prints = frozen(query.frames[0].made)
    row = LookUp.objects.create(case=case, actor=actor, sha256=query.sha256, size=size, prints=prints)
    record(actor, "media_looked_up", row, after={"size": size}, evidence=[query.sha256])
    # It belongs to no case: members need not see what somebody else looks up.
    start_job(actor=actor, task=LOOK_UP, title="Look a picture up", arguments={"look_up_id": str(row.pk)})
    return row


def answer_look_up(look_up_id: UUID | str) -> None:
    """Search the cases of whoever asked, and leave the others to the comparison that nobody watches."""
    row = LookUp.objects.select_related("actor", "case").get(pk=look_up_id)
    if row.result is not None:
        return
    visible = list(Case.objects.visible_to(row.actor).values_list("pk", flat=True))
    made = thawed(bytes(row.prints))
    numbers = _same_file(row.sha256, visible).get((FrameKind.IMAGE, 0), frozenset())
    report = look_up(made, segments_of(visible), load_prints, exact=numbers)
    found = [{"frame": one.number} | one.columns() for one in found_matches(report)]
    unexplained = [plain(region) for region in report.unexplained]
    with transaction.atomic():
        row.result = {"width": made.width, "height": made.height, "matches": found, "unexplained": unexplained}
        row.save(update_fields=["result"])
        start_comparing()


def ask_elsewhere() -> None:
    """Hold answered look-ups against the cases that their askers do not see, tell the leads, and erase the prints."""
    waiting = LookUp.objects.filter(result__isnull=False, prints__isnull=False)
    for row in waiting.select_related("actor", "case").order_by("at")[:MOST_HASHES]:
        visible = list(Case.objects.visible_to(row.actor).values_list("pk", flat=True))
        note = Note(row.actor, row.case, visible)
        note.found = {one.number for one in matches_in(thawed(bytes(row.prints)), note.elsewhere)}
        with transaction.atomic():
            note.tell()
            row.prints = None
            row.save(update_fields=["prints"])
            log.record(actor=SYSTEM, action="look_up_forgotten", obj=object_string(row), case_id=None)
