"""Load the facts of one version in a fixed number of queries, whatever the number of its citations."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, ExpressionWrapper, F, Func, JSONField, Min, OuterRef, QuerySet
from django.db.models.functions import Length, Substr
from django.utils import timezone

from audit.models import Event
from cases.exceptions import InvalidInput
from cases.models import Account, Observation, User
from claims.canonical import cited, content_of, sha256_of
from claims.checking import Sentence, checked_sentences
from claims.enums import ReviewStage, SelectorType, Verdict, VersionState
from claims.gate.facts import (
    AccountFacts,
    CitationFacts,
    ClaimFacts,
    ComponentFacts,
    ItemFacts,
    ReviewFacts,
    SentenceFacts,
    SourceFacts,
)
from claims.gate.media import media_facts
from claims.gate.replies import hypothesis_facts, party_facts, request_facts
from claims.models import Citation, ClaimLink, ClaimVersion, Review
from claims.selectors import parse_region
from evidence.enums import Sensitivity
from evidence.models import Item, OriginChange, Source, SourceGrade, TextLayer
from evidence.regions import Renditions

_BEST_FIRST = (
    VersionState.PUBLISHED,
    VersionState.APPROVED,
    VersionState.SUBMITTED,
    VersionState.CHANGES_REQUESTED,
    VersionState.DRAFT,
    VersionState.RETRACTED,
    VersionState.CORRECTED,
)
# What the rules read as the version says it.
_AS_WRITTEN = (
    "state", "predicate", "kind", "adverse", "role_title", "valid_from", "valid_to", "as_of", "valid_from_precision",
    "valid_to_precision", "as_of_precision", "conduct_date", "likelihood", "analytic_confidence", "public_text",
    "language", "single_source_label", "single_source_reason", "content_sha256",
)  # fmt: skip


def load_facts(
    version: ClaimVersion,
    *,
    approving: User | None = None,
    released_with: Iterable[UUID] = (),
    now: datetime | None = None,
) -> ClaimFacts:
    """What the gate may know of `version`.

    `approving` counts as an editor's approval that is being given at this moment; claims in `released_with` count as
    published, because they leave the house in the same publication.
    """
    now = now or timezone.now()
    rows = list(_with_found(cited(version)))
    content = bytes(version.content) if version.content else b""
    return ClaimFacts(
        version_id=str(version.pk),
        label=str(version),
        scale=version.case.likelihood_scale,
        policy=version.case.policy,
        subject_person=_id(version.subject_person_id),
        object_person=_id(version.object_person_id),
        has_object=bool(version.object_organisation_id or version.object_text),
        object_organisation=_id(version.object_organisation_id),
        confidence_factors=(
            version.confidence_information_base,
            version.confidence_rigour,
            version.confidence_volatility,
        ),
        single_source_by=_id(version.single_source_by_id),
        author=str(version.author_id),
        writers=frozenset(str(pk) for pk in (version.author_id, version.submitted_by_id, *version.contributors) if pk),
        content_intact=bool(content) and sha256_of(content) == version.content_sha256,
        content_current=bool(content) and content_of(version) == content,
        now=now,
        citations=_citations(rows),
        sentences=tuple(map(_sentence, checked_sentences(version, rows))),
        accounts=_accounts(version),
        components=_components(version, set(released_with)),
        approvals=_approvals(version, approving, now),
        media=media_facts(version),
        ends_in_words=tuple(filter(None, (version.subject_text, version.object_text))),
        sensitive_ends=_sensitive_ends(version),
        devils_advocate=_id(version.devils_advocate_id),
        hypotheses=hypothesis_facts([version])[version.pk],
        parties=party_facts([version])[version.pk],
        requests=request_facts([version])[version.pk],
        **{name: getattr(version, name) for name in _AS_WRITTEN},
    )


# --- citations and their evidence


def _citations(rows: list[Citation]) -> tuple[CitationFacts, ...]:
    items = {row.item_id: row.item for row in rows}
    sources = _sources({item.source for item in items.values() if item.source})
    logged = _first_events(items)
    regions = _regions_found(rows)
    facts = {pk: _item(item, logged.get(f"item:{pk}")) for pk, item in items.items()}
    return tuple(
        _citation(row, position, facts[row.item_id], sources.get(row.item.source_id), row.pk in regions)
        for position, row in enumerate(rows, start=1)
    )


def _with_found(rows: QuerySet[Citation]) -> QuerySet[Citation]:
    """With `found`: the passage stands at its offsets, at this moment, in a text that was read for the exhibit.

    What another case read in the same bytes is none of this one's.
    """
    layers = TextLayer.objects.filter(blob=OuterRef("item__blob")).annotate(
        passage=Substr("text", OuterRef("start") + 1, Length(OuterRef("exact"))),
        readings=ExpressionWrapper(OuterRef("item__readings"), output_field=JSONField()),
    )
    own = layers.filter(readings__contains=Func(F("tool"), function="to_jsonb", output_field=JSONField()))
    return rows.annotate(found=Exists(own.filter(passage=OuterRef("exact"))))


def _regions_found(rows: Iterable[Citation]) -> set[UUID]:
    """Citations of a region whose hash the pixels of the preserved picture have at this moment."""
    drawn = [row for row in rows if row.selector_type == SelectorType.REGION]
    renditions = Renditions([row.item for row in drawn])
    return {row.pk for row in drawn if row.region_sha256 in _hashes(renditions, row)}


def _hashes(renditions: Renditions, row: Citation) -> set[str]:
    try:
        region = parse_region(row.region)
    except InvalidInput:
        return set()
    return renditions.hashes(row.item, part=region.part, x=region.x, y=region.y, w=region.w, h=region.h)


def _citation(
    row: Citation, position: int, item: ItemFacts, source: SourceFacts | None, is_drawn: bool
) -> CitationFacts:
    return CitationFacts(
        id=str(row.pk),
        position=position,
        stance=row.stance,
        access=row.access,
        selector_type=row.selector_type,
        exact=row.exact,
        prefix=row.prefix,
        suffix=row.suffix,
        start=row.start,
        end=row.end,
        region=row.region,
        region_sha256=row.region_sha256,
        verified=row.verified,
        found=is_drawn if row.selector_type == SelectorType.REGION else row.found,
        translation=row.translation,
        translator=row.translator,
        credibility=row.credibility,
        credibility_rationale=row.credibility_rationale,
        graded_by=_id(row.graded_by_id),
        disposition=row.disposition,
        disposition_note=row.disposition_note,
        added_by=str(row.added_by_id),
        item=item,
        source=source,
        verdict=row.newest_verdict or "",
    )


def _item(item: Item, logged_at: datetime | None) -> ItemFacts:
    blob = item.blob
    same = (
        "exhibit", "state", "captured_at", "recorded_at", "method", "tool", "tool_version", "original_url",
        "archived_url", "kind", "title", "author", "publisher", "published_at", "published_precision",
        "no_date_reason", "language", "sensitivity",
    )  # fmt: skip
    return ItemFacts(
        id=str(item.pk),
        sha256=blob.sha256 if blob else "",
        fixity=blob.fixity if blob else "",
        fixity_checked_at=item.fixity_checked_at,
        logged_at=logged_at,
        collector=str(item.collector_id),
        **{name: getattr(item, name) for name in same},
    )


def _first_events(items: Iterable[UUID]) -> dict[str, datetime]:
    """When each item first stood in the audit log."""
    names = [f"item:{pk}" for pk in items]
    rows = Event.objects.filter(object__in=names).values("object").annotate(first=Min("recorded_at")).order_by()
    return {row["object"]: row["first"] for row in rows}


def _sources(sources: set[Source]) -> dict[UUID, SourceFacts]:
    grades: dict[UUID, list[SourceGrade]] = defaultdict(list)
    for grade in SourceGrade.objects.filter(source__in=sources).order_by("graded_at"):
        grades[grade.source_id].append(grade)
    changes = {
        change.source_id: change for change in OriginChange.objects.filter(source__in=sources).order_by("changed_at")
    }
    return {source.pk: _source(source, grades[source.pk], changes.get(source.pk)) for source in sources}


def _source(source: Source, grades: list[SourceGrade], change: OriginChange | None) -> SourceFacts:
    matching = [grade for grade in grades if grade.reliability == source.reliability]
    decided = change is not None and change.to_group_id == source.origin_group_id
    return SourceFacts(
        id=str(source.pk),
        name=source.name,
        kind=source.kind,
        reliability=source.reliability,
        graders=tuple(sorted({str(grade.graded_by_id) for grade in matching})),
        rationale=matching[-1].rationale if matching else "",
        created_by=str(source.created_by_id),
        origin=_id(source.origin_group_id),
        origin_decided_by=str(change.changed_by_id) if decided else "",
        origin_reason=change.reason if decided else "",
    )


# --- subjects, components, approvals


def _sentence(line: Sentence) -> SentenceFacts:
    if line.check is None:
        return SentenceFacts(line.position, line.text)
    check = line.check
    return SentenceFacts(line.position, line.text, check.verdict, _id(check.reviewed_by_id), tuple(check.citations))


def _sensitive_ends(version: ClaimVersion) -> tuple[int, ...]:
    items = (version.subject_item, version.object_item)
    return tuple(item.exhibit for item in items if item and item.sensitivity == Sensitivity.SENSITIVE)


def _accounts(version: ClaimVersion) -> tuple[AccountFacts, ...]:
    accounts = [account for account in (version.subject_account, version.object_account) if account]
    seen: dict[UUID, list[Observation]] = defaultdict(list)
    for observation in Observation.objects.filter(account__in=accounts).order_by("observed_at", "recorded_at"):
        seen[observation.account_id].append(observation)
    return tuple(_account(account, seen[account.pk]) for account in accounts)


def _account(account: Account, seen: list[Observation]) -> AccountFacts:
    handles = tuple(dict.fromkeys(observation.handle for observation in seen if observation.handle))
    return AccountFacts(
        id=str(account.pk),
        label=f"@{handles[-1]}" if handles else str(account),
        platform=account.platform,
        platform_user_id=account.platform_user_id,
        id_unknown_reason=account.id_unknown_reason,
        handles=handles,
        statuses=tuple(sorted({observation.status for observation in seen})),
        first_observed_at=seen[0].observed_at if seen else None,
        last_observed_at=seen[-1].observed_at if seen else None,
        reuse_checked_at=account.handle_reuse_checked_at,
        reuse_checked_by=_id(account.handle_reuse_checked_by_id),
    )


def _components(version: ClaimVersion, released_with: set[UUID]) -> tuple[ComponentFacts, ...]:
    links = list(ClaimLink.objects.filter(composite=version).select_related("component").order_by("order"))
    best: dict[UUID, ClaimVersion] = {}
    for found in ClaimVersion.objects.filter(claim__in=[link.component_id for link in links]).order_by("number"):
        known = best.get(found.claim_id)
        if known is None or _BEST_FIRST.index(found.state) <= _BEST_FIRST.index(known.state):
            best[found.claim_id] = found
    return tuple(_component(link, best.get(link.component_id), released_with) for link in links)


def _component(link: ClaimLink, found: ClaimVersion | None, released_with: set[UUID]) -> ComponentFacts:
    if found is None:
        return ComponentFacts(str(link.component_id), link.component.number)
    return ComponentFacts(
        claim=str(link.component_id),
        number=link.component.number,
        predicate=found.predicate,
        state=VersionState.PUBLISHED if found.pk in released_with else found.state,
        likelihood=found.likelihood,
        analytic_confidence=found.analytic_confidence,
        subject_person=_id(found.subject_person_id),
        object_person=_id(found.object_person_id),
    )


def _approvals(version: ClaimVersion, approving: User | None, now: datetime) -> tuple[ReviewFacts, ...]:
    given = [
        ReviewFacts(review.stage, str(review.reviewed_by_id), review.reviewed_at)
        for review in Review.objects.filter(
            version=version, verdict=Verdict.APPROVED, content_sha256=version.content_sha256
        ).exclude(content_sha256="")
    ]
    if approving is not None:
        given.append(ReviewFacts(ReviewStage.EDITOR, str(approving.pk), now))
    return tuple(given)


def _id(value: object) -> str:
    return str(value) if value else ""
