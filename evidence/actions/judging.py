"""What people say of matches: verdicts, what is ignored from now on, and that a notice was read."""

from django.db import transaction
from django.utils import timezone

from cases.exceptions import Conflict, InvalidInput
from cases.history import record
from cases.models import Case, User
from cases.reasons import check_reason, check_size
from evidence import ignoring
from evidence.enums import Authenticity, IgnoreReason, MatchVerdict, MediaSearchResult
from evidence.media.rectangles import overlap
from evidence.models import Frame, IgnoredPicture, Item, Match, MatchJudgement, MatchNotice, MediaFinding
from evidence.permissions import check_judge_match, check_match_media
from evidence.reuse import get_ignored, get_match, get_notice, region_in


@transaction.atomic
def judge_match(*, actor: User, match: Match, verdict: str, note: str) -> Match:
    """Confirm or reject a match, or take a verdict back; the earlier verdicts stay in its history."""
    match = get_match(actor, match.pk, for_update=True)
    check_judge_match(actor, match)
    if verdict not in MatchVerdict.values:
        raise InvalidInput(f"{verdict[:40]!r} is not one of {', '.join(MatchVerdict.values)}.", field="verdict")
    if verdict == match.verdict:
        raise Conflict(f"This match is {match.get_verdict_display().lower()} already.")
    check_reason(note, "Say what you saw", field="note")
    before, match.verdict = match.verdict, verdict
    match.save(update_fields=["verdict"])
    MatchJudgement.objects.create(match=match, verdict=verdict, note=note.strip(), judged_by=actor)
    record(
        actor,
        "match_judged",
        match,
        before={"verdict": before},
        after={"verdict": verdict},
        reason=note.strip(),
        evidence=sorted({match.query.blob_id, match.stored.blob_id}),
    )
    ignoring.apply(match.case)
    return match


@transaction.atomic
def ignore_picture(
    *, actor: User, case: Case, frame: Frame, reason: str, note: str = "", region: list[float] | None = None
) -> IgnoredPicture:
    """Let a picture, or a region of one, suggest nothing in this case from now on. `frame` is of an exhibit of it."""
    check_match_media(actor, case)
    if reason not in IgnoreReason.values:
        raise InvalidInput(f"{reason[:40]!r} is not one of {', '.join(IgnoreReason.values)}.", field="reason")
    check_size(note, "note")
    if reason == IgnoreReason.OTHER:
        check_reason(note, "Say why this says nothing", field="note")
    region = region_in(region)
    same = IgnoredPicture.objects.filter(case=case, frame=frame, ended_at=None)
    if any(_same(entry.region, region) for entry in same):
        raise Conflict("This is on the ignore list already.")
    entry = IgnoredPicture.objects.create(
        case=case, frame=frame, region=region, reason=reason, note=note.strip(), added_by=actor
    )
    # The log holds no fractions.
    after = {"reason": reason, "region": [str(side) for side in region or []]}
    record(actor, "picture_ignored", entry, after=after, reason=note.strip(), evidence=[frame.blob_id])
    ignoring.apply(case)
    return entry


def _same(one: list[float] | None, other: list[float] | None) -> bool:
    left, right = ignoring.region_of(one), ignoring.region_of(other)
    return overlap(left, right) >= 0.95 * max(left.area, right.area)


@transaction.atomic
def end_ignoring(*, actor: User, entry: IgnoredPicture, reason: str) -> IgnoredPicture:
    """Let a picture suggest matches again."""
    entry = get_ignored(actor, entry.pk, for_update=True)
    check_match_media(actor, entry.case)
    if entry.ended_at is not None:
        raise Conflict("This entry of the ignore list has ended already.")
    check_reason(reason, "Say why it matters after all")
    entry.ended_at, entry.ended_by = timezone.now(), actor
    entry.save(update_fields=["ended_at", "ended_by"])
    record(actor, "picture_no_longer_ignored", entry, reason=reason.strip(), evidence=[entry.frame.blob_id])
    ignoring.apply(entry.case)
    return entry


@transaction.atomic
def note_finding(*, actor: User, item: Item, authenticity: str, original_search: str, note: str) -> MediaFinding:
    """Write down what kind of picture an exhibit shows, and whether its original was located (G-74)."""
    check_match_media(actor, item.case)
    for name, value, choices in (
        ("authenticity", authenticity, Authenticity.values),
        ("original_search", original_search, MediaSearchResult.values),
    ):
        if value not in choices:
            raise InvalidInput(f"{value[:40]!r} is not one of {', '.join(choices)}.", field=name)
    check_reason(note, "Say where the original was found, or where you looked", field="note")
    values = {"authenticity": authenticity, "original_search": original_search, "note": note.strip()}
    finding = MediaFinding.objects.create(case=item.case, item=item, found_by=actor, **values)
    record(actor, "media_finding_noted", item, after=values, evidence=[item.blob_id] if item.blob_id else [])
    return finding


@transaction.atomic
def note_seen(*, actor: User, notice: MatchNotice) -> MatchNotice:
    """Put a notice away."""
    notice = get_notice(actor, notice.pk, for_update=True)
    if notice.seen_at is None:
        notice.seen_at = timezone.now()
        notice.save(update_fields=["seen_at"])
        record(actor, "match_notice_seen", notice)
    return notice
