"""Comparing the pictures of new exhibits with all that is stored, by the queue.

Who learns of what is found: docs/adr/0011-who-learns-of-matches.md.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from audit import log
from cases.actions.job_runs import start_job
from cases.enums import JobState
from cases.history import object_string
from cases.models import Case, JobRun, Membership
from evidence import ignoring
from evidence.actions.pictures import scan_blob
from evidence.enums import ItemState, MatchVerdict
from evidence.media.index import Segment
from evidence.media.matching import look_up
from evidence.models import Blob, Frame, Item, Match, MatchNotice, MediaScan, WaitingForMatches
from evidence.parsers import media_types
from evidence.prints import VERSION, FoundFrame, Print, has_pictures, load_prints
from evidence.reuse_index import segments_of
from evidence.reuse_report import FoundMatch, found_matches

COMPARE = "evidence.compare_waiting"
TITLE = "Compare new pictures with the stored ones"
MOST_QUEUED = 4
BATCH = 32
LEASE = timedelta(minutes=15)
MOST_ATTEMPTS = 3
SYSTEM = "system:media"


def await_comparison(item: Item) -> None:
    """Have the pictures of an exhibit compared, in the transaction that logs it."""
    if item.blob is not None and has_pictures(item.blob.media_type):
        WaitingForMatches.objects.get_or_create(item=item, defaults={"case_id": item.case_id})
        start_comparing()


def start_comparing() -> None:
    """Queue the comparison unless enough of it is queued: each run takes whatever waits, and there is nothing to lose
    by one too many. It belongs to no case, so that nobody learns anything by its duration."""
    if JobRun.objects.filter(task=COMPARE, state=JobState.QUEUED).count() < MOST_QUEUED:
        start_job(actor=None, task=COMPARE, title=TITLE)


@transaction.atomic
def await_those_behind(most: int) -> int:
    """Have exhibits compared that were logged before there were fingerprints, or under another version of them.

    What people said of their pictures stays: the frames stay the same rows. Returns how many were found.
    """
    pictures = Q(blob__media_type__in=[*media_types.PICTURES, media_types.PDF]) | Q(
        blob__media_type__startswith="video/"
    )
    behind = Item.objects.filter(pictures, waiting_for_matches=None).exclude(blob__media_scan__version=VERSION)
    found = list(behind.order_by("pk").values_list("pk", "case")[:most])
    WaitingForMatches.objects.bulk_create(
        (WaitingForMatches(item_id=item_id, case_id=case_id) for item_id, case_id in found), ignore_conflicts=True
    )
    if found:
        start_comparing()
    return len(found)


@transaction.atomic
def take_waiting(most: int = BATCH) -> list[Item]:
    """Exhibits to compare now, which no other worker will take for a while, the longest waiting first."""
    now = timezone.now()
    free = Q(taken_at=None) | Q(taken_at__lt=now - LEASE)
    due = WaitingForMatches.objects.filter(free).order_by("attempts", "since", "pk")
    taken = [row.pk for row in due.select_for_update(skip_locked=True)[:most]]
    WaitingForMatches.objects.filter(pk__in=taken).update(taken_at=now, attempts=F("attempts") + 1)
    _give_up(taken)
    return list(Item.objects.filter(waiting_for_matches__in=taken).select_related("blob", "case"))


def _give_up(taken: list[UUID]) -> None:
    """What ended its worker each time is left alone, and says so."""
    hopeless = WaitingForMatches.objects.filter(pk__in=taken, attempts__gt=MOST_ATTEMPTS)
    for blob in Item.objects.filter(waiting_for_matches__in=hopeless).values_list("blob", flat=True):
        facts = {"version": VERSION, "problem": "Its pictures could not be compared: each attempt broke off."}
        MediaScan.objects.update_or_create(blob_id=blob, defaults=facts)
    hopeless.delete()


def compare_items(items: Sequence[Item]) -> None:
    """Fingerprint these exhibits, then hold each against the stored pictures, those of the others included.

    Copies of one file within a case are read and looked up once: only that case's own people could tell by the time.
    """
    copies: dict[tuple[Case, Blob], list[Item]] = defaultdict(list)
    for item in items:
        copies[item.case, item.blob].append(item)
    scanned = {(case, blob): scan_blob(blob) for case, blob in copies}
    everywhere = list(Case.objects.values_list("pk", flat=True))
    for case in {case for case, _ in copies}:
        here, elsewhere = segments_of([case.pk]), segments_of([pk for pk in everywhere if pk != case.pk])
        for (home, blob), same in copies.items():
            if home == case:
                compare_copies(items=same, frames=scanned[case, blob], here=here, elsewhere=elsewhere)
        ignoring.apply(case)


def compare_copies(
    *, items: Sequence[Item], frames: Sequence[tuple[Frame, FoundFrame]], here: list[Segment], elsewhere: list[Segment]
) -> None:
    """Suggest what the pictures of one file match in its own case; elsewhere, tell whom it concerns."""
    asked = [(row, found.made) for row, found in frames if not found.made.blank]
    own = [(row, one) for row, made in asked for one in matches_in(made, here, without={row.pk})]
    foreign = [(row, one) for row, made in asked for one in matches_in(made, elsewhere)]
    for item in items:
        _enter(item, len(frames), own, foreign)


@transaction.atomic
def _enter(
    item: Item, pictures: int, own: Sequence[tuple[Frame, FoundMatch]], foreign: Sequence[tuple[Frame, FoundMatch]]
) -> None:
    if item.state == ItemState.ACTIVE:
        _suggest_copies(item)
        for row, one in own:
            _suggest(item.case_id, None, row, one)
        _suggest_elsewhere(item.case, foreign)
    WaitingForMatches.objects.filter(pk=item.pk).delete()
    # Of the item's own case alone: members read this.
    after = {"pictures": pictures, "matches": len(own), "version": VERSION}
    about = {"obj": object_string(item), "case_id": item.case_id, "evidence": [item.blob_id]}
    log.record(actor=SYSTEM, action="pictures_compared", after=after, **about)


def matches_in(made: Print, segments: list[Segment], *, without: Collection[int] = ()) -> list[FoundMatch]:
    """What a picture matches among the pictures of these segments, and of no others, best first."""
    return found_matches(look_up(made, segments, load_prints, ignored=frozenset(without))) if segments else []


# --- what becomes of them


def _suggest_copies(item: Item) -> None:
    """The same file logged twice in a case is one match of its picture with itself."""
    active = Item.objects.filter(case=item.case_id, blob=item.blob_id, state=ItemState.ACTIVE)
    if not active.exclude(pk=item.pk).exists():
        return
    for row in Frame.objects.filter(blob=item.blob_id, blank=False):
        facts = {"kind": "exact", "score": 1.0, "version": VERSION, "regions": []}
        Match.objects.get_or_create(case_id=item.case_id, other_case=None, query=row, stored=row, defaults=facts)


def _suggest(case_id: UUID, other_case_id: UUID | None, row: Frame, one: FoundMatch) -> None:
    """Enter a match once for each pair of contents, whichever was asked first; a judged one stays as it was judged."""
    pair = Q(query=row, stored=one.number) | Q(query=one.number, stored=row)
    here = Q(case=case_id, other_case=other_case_id)
    if other_case_id is not None:
        here |= Q(case=other_case_id, other_case=case_id)
    known = Match.objects.filter(here, pair).select_for_update().first()
    if known is not None and _turned(known, row):
        known.delete()
        known = None
    if known is None:
        Match.objects.create(
            case_id=case_id, other_case_id=other_case_id, query=row, stored_id=one.number, **one.columns()
        )
    elif known.verdict == MatchVerdict.SUGGESTED and known.query_id == row.pk:
        for name, value in one.columns().items():
            setattr(known, name, value)
        known.save(update_fields=list(one.columns()))
    elif known.verdict == MatchVerdict.SUGGESTED and known.version != VERSION:
        known.version = VERSION
        known.save(update_fields=["version"])


def _turned(known: Match, row: Frame) -> bool:
    """Whether nobody has looked at the match yet, and its query is the picture that was there first."""
    untouched = known.verdict == MatchVerdict.SUGGESTED and not known.judgements.exists()
    return untouched and known.stored_id == row.pk and row.pk > known.query_id


def _suggest_elsewhere(case: Case, found: Sequence[tuple[Frame, FoundMatch]]) -> None:
    homes = homes_of({one.number for _, one in found})
    for row, one in found:
        same = replace(one, kind="exact", score=1.0) if one.number == row.pk else one
        for case_id in homes.get(one.number, set()) - {case.pk}:
            _suggest(case.pk, case_id, row, same)
    tell_leads(case, {(home, number) for number, cases in homes.items() for home in cases - {case.pk}})


def homes_of(numbers: Collection[int]) -> dict[int, set[UUID]]:
    """The cases that hold each of these frames in an exhibit in use."""
    homes: dict[int, set[UUID]] = defaultdict(set)
    held = Frame.objects.filter(pk__in=numbers, blob__items__state=ItemState.ACTIVE)
    for number, case_id in held.order_by().values_list("pk", "blob__items__case").distinct():
        homes[number].add(case_id)
    return homes


def tell_leads(case: Case, found: set[tuple[UUID, int]]) -> None:
    """Tell the leads of the cases in which a picture of `case` was found, unless they see `case` for themselves."""
    leads = dict(Case.objects.filter(pk__in={case_id for case_id, _ in found}).values_list("pk", "lead"))
    members = set(Membership.objects.filter(case=case, ended_at=None).values_list("user", flat=True))
    MatchNotice.objects.bulk_create(
        (
            MatchNotice(case_id=case_id, frame_id=number, contact_id=case.lead_id)
            for case_id, number in sorted(found, key=str)
            if leads[case_id] not in members
        ),
        ignore_conflicts=True,
    )
