"""What the gate may know of the pictures that a claim is about, in a fixed number of queries."""

from collections.abc import Sequence

from django.db.models import Q

from claims.enums import Predicate
from claims.gate.facts import MediaFacts, PartFacts
from claims.models import ClaimVersion
from evidence.enums import ItemState, MatchVerdict
from evidence.models import Frame, Item, Match, MediaFinding, WaitingForMatches

ABOUT_MEDIA = (Predicate.MEDIA_COMPOSED_OF, Predicate.MEDIA_REUSED_IN)


def media_facts(version: ClaimVersion) -> tuple[MediaFacts, ...]:
    """The exhibits on both ends of a claim about media; nothing for other claims.

    Only matches within the case count: what lies in another case is not for everybody who reads the gate's report.
    """
    items = [item for item in (version.subject_item, version.object_item) if item]
    if version.predicate not in ABOUT_MEDIA or not items:
        return ()
    frames = dict(Frame.objects.filter(blob__in=[item.blob_id for item in items]).values_list("pk", "blob"))
    named = Q(query__in=frames) | Q(stored__in=frames)
    matches = list(
        Match.objects.filter(named, case=version.case_id, other_case=None, ignored=None).select_related(
            "query", "stored"
        )
    )
    waiting = set(WaitingForMatches.objects.filter(item__in=items).values_list("item", flat=True))
    findings = {one.item_id: one for one in MediaFinding.objects.filter(item__in=items).order_by("found_at", "id")}
    earliest = _earliest(version, matches)
    return tuple(
        MediaFacts(
            exhibit=item.exhibit,
            is_subject=item.pk == version.subject_item_id,
            waiting=item.pk in waiting,
            unjudged=sum(match.verdict == MatchVerdict.SUGGESTED for match in _of(item, matches)),
            authenticity=findings[item.pk].authenticity if item.pk in findings else "",
            original_search=findings[item.pk].original_search if item.pk in findings else "",
            parts=_parts(item, matches, earliest),
        )
        for item in items
    )


def _of(item: Item, matches: Sequence[Match]) -> list[Match]:
    return [match for match in matches if item.blob_id in (match.query.blob_id, match.stored.blob_id)]


def _parts(item: Item, matches: Sequence[Match], earliest: dict[str, PartFacts]) -> tuple[PartFacts, ...]:
    """The pictures that confirmed matches name beside the item's own."""
    confirmed = [match for match in _of(item, matches) if match.verdict == MatchVerdict.CONFIRMED]
    blobs = {blob for match in confirmed for blob in (match.query.blob_id, match.stored.blob_id)} - {item.blob_id}
    return tuple(sorted((earliest[blob] for blob in blobs if blob in earliest), key=lambda part: part.exhibit))


def _earliest(version: ClaimVersion, matches: Sequence[Match]) -> dict[str, PartFacts]:
    """By blob the exhibit that was observed first, with the earliest date that any of them claims."""
    blobs = {blob for match in matches for blob in (match.query.blob_id, match.stored.blob_id)}
    rows = Item.objects.filter(case=version.case_id, blob__in=blobs, state=ItemState.ACTIVE)
    found: dict[str, PartFacts] = {}
    for item in rows.order_by("captured_at", "exhibit"):
        known = found.get(item.blob_id)
        if known is None:
            found[item.blob_id] = PartFacts(item.exhibit, item.captured_at, item.published_at)
        elif item.published_at and (known.claimed_at is None or item.published_at < known.claimed_at):
            found[item.blob_id] = PartFacts(known.exhibit, known.observed_at, item.published_at)
    return found
