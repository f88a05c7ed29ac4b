"""Load the facts of versions in a fixed number of queries, whatever their number and that of their citations."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, ExpressionWrapper, F, Func, JSONField, Min, OuterRef, QuerySet
from django.db.models.functions import Length, Substr
from django.utils import timezone

from audit.models import Event
from cases.exceptions import InvalidInput
from cases.models import User
from cases.policies import Thresholds, thresholds_of
from claims.alternatives import written_of
from claims.canonical import by_version, cited, contents_of, links_of, sha256_of
from claims.checking import Sentence, checked_sentences, checks_of
from claims.enums import SelectorType
from claims.gate.circumstances import (
    accounts,
    approvals,
    components,
    exceptions,
    id_or_empty,
    is_being_signed,
    releases,
    sensitive_ends,
    traces,
    withheld_then,
)
from claims.gate.facts import (
    AccountFacts,
    CitationFacts,
    ClaimFacts,
    ComponentFacts,
    ExceptionFacts,
    ItemFacts,
    RecordFacts,
    ReleaseFacts,
    ReviewFacts,
    SentenceFacts,
    SourceFacts,
    TraceFacts,
)
from claims.gate.media import media_facts
from claims.gate.other_side import HypothesisFacts, PartyFacts, RequestFacts
from claims.gate.people import Named, full_names, named_in, names_a_party, people_of, records
from claims.gate.replies import hypothesis_facts, party_facts, request_facts
from claims.models import Citation, ClaimVersion
from claims.selectors import parse_region
from claims.shapes import ATTRIBUTIONS
from claims.wording import Labels
from evidence.models import Item, OriginChange, Source, SourceGrade, TextLayer
from evidence.regions import Renditions

# What the rules read as the version says it.
_AS_WRITTEN = (
    "state", "predicate", "kind", "adverse", "role_title", "valid_from", "valid_to", "as_of", "valid_from_precision",
    "valid_to_precision", "as_of_precision", "conduct_date", "likelihood", "analytic_confidence", "public_text",
    "language", "single_source_label", "single_source_reason", "content_sha256", "namesake_search", "method",
    "parameters", "dataset_sha256", "false_positive_check", "attributed_as", "state_responsibility", "eeas_category",
    "public_interest", "who_is_harmed", "proportionality", "gentler_ways", "source_summary", "model_use",
    "model_name", "model_version", "model_task", "correction_cause", "correction_note",
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
    return load_many([version], approving=approving, released_with=released_with, now=now)[0]


def load_many(
    versions: Sequence[ClaimVersion],
    *,
    approving: User | None = None,
    released_with: Iterable[UUID] = (),
    now: datetime | None = None,
) -> list[ClaimFacts]:
    """The facts of many versions of cases, in their order; a fixed number of queries for all, beside those that look
    for pictures (`media_facts`) of the claims about media.
    """
    now = now or timezone.now()
    rows = by_version(_with_found(cited(*versions)), "version_id")
    labels, links, written = Labels(versions), links_of(versions), written_of(versions)
    contents = contents_of(versions, rows, labels=labels, links=links, alternatives=written)
    parts = _Parts(
        now=now,
        contents=contents,
        traces=traces(versions, contents),
        withheld_then=withheld_then(versions),
        citations=_citations(rows),
        sentences=_sentences(versions, rows),
        accounts=accounts(versions),
        components=components(links, set(released_with)),
        approvals=approvals(versions, approving, now),
        log_is_signed=is_being_signed(now),
        thresholds=thresholds_of(version.case_id for version in versions),
        releases=releases(versions),
        exceptions=exceptions(versions),
        hypotheses={pk: hypothesis_facts(said) for pk, said in written.items()},
        parties=party_facts(versions, labels),
        requests=request_facts(versions, labels),
        names=full_names(versions),
        records=records(version.case_id for version in versions),
    )
    return [_facts(version, parts) for version in versions]


@dataclass(frozen=True)
class _Parts:
    """What was read for all versions at once, by the version's id."""

    now: datetime
    contents: dict[UUID, bytes]
    traces: dict[UUID, tuple[TraceFacts, ...]]
    withheld_then: dict[UUID, tuple[str, ...]]
    citations: dict[UUID, tuple[CitationFacts, ...]]
    sentences: dict[UUID, tuple[SentenceFacts, ...]]
    accounts: dict[UUID, AccountFacts]
    components: dict[UUID, tuple[ComponentFacts, ...]]
    approvals: dict[UUID, tuple[ReviewFacts, ...]]
    log_is_signed: bool
    thresholds: dict[UUID, Thresholds]
    releases: dict[UUID, ReleaseFacts]
    exceptions: dict[UUID, tuple[ExceptionFacts, ...]]
    hypotheses: dict[UUID, tuple[HypothesisFacts, ...]]
    parties: dict[UUID, tuple[PartyFacts, ...]]
    requests: dict[UUID, tuple[RequestFacts, ...]]
    names: dict[UUID, Named]
    records: dict[UUID, RecordFacts]


def _facts(version: ClaimVersion, parts: _Parts) -> ClaimFacts:
    content = bytes(version.content) if version.content else b""
    ends = (version.subject_account_id, version.object_account_id)
    return ClaimFacts(
        version_id=str(version.pk),
        label=str(version),
        scale=version.case.likelihood_scale,
        policy=version.case.policy,
        subject_person=id_or_empty(version.subject_person_id),
        object_person=id_or_empty(version.object_person_id),
        has_object=bool(version.object_organisation_id or version.object_text),
        object_organisation=id_or_empty(version.object_organisation_id),
        confidence_factors=(
            version.confidence_information_base,
            version.confidence_rigour,
            version.confidence_volatility,
        ),
        single_source_by=id_or_empty(version.single_source_by_id),
        author=str(version.author_id),
        writers=frozenset(str(pk) for pk in (version.author_id, version.submitted_by_id, *version.contributors) if pk),
        content_intact=bool(content) and sha256_of(content) == version.content_sha256,
        content_current=bool(content) and parts.contents[version.pk] == content,
        now=parts.now,
        citations=parts.citations.get(version.pk, ()),
        sentences=parts.sentences[version.pk],
        accounts=tuple(parts.accounts[pk] for pk in ends if pk),
        components=parts.components.get(version.pk, ()),
        approvals=parts.approvals.get(version.pk, ()),
        media=media_facts(version),
        ends_in_words=tuple(filter(None, (version.subject_text, version.object_text))),
        blamed_in_words=version.object_text if version.predicate in ATTRIBUTIONS else "",
        sensitive_ends=sensitive_ends(version),
        people=people_of(version),
        named=named_in(version, parts.names.get(version.case_id, {})),
        names_a_party=names_a_party(version),
        record=parts.records.get(version.case_id),
        traces=parts.traces[version.pk],
        withheld_then=parts.withheld_then.get(version.pk, ()),
        devils_advocate=id_or_empty(version.devils_advocate_id),
        hypotheses=parts.hypotheses[version.pk],
        parties=parts.parties[version.pk],
        requests=parts.requests[version.pk],
        key_assumptions=tuple(version.key_assumptions),
        identifying_specifics=tuple(version.identifying_specifics),
        supersedes=id_or_empty(version.supersedes_id),
        log_is_signed=parts.log_is_signed,
        release=parts.releases.get(version.pk),
        exceptions=parts.exceptions.get(version.pk, ()),
        **asdict(parts.thresholds[version.case_id]),
        **{name: getattr(version, name) for name in _AS_WRITTEN},
    )


# --- citations and their evidence


def _citations(rows: dict[UUID, list[Citation]]) -> dict[UUID, tuple[CitationFacts, ...]]:
    every = [row for found in rows.values() for row in found]
    items = {row.item_id: row.item for row in every}
    sources = _sources({item.source for item in items.values() if item.source})
    logged = _first_events(items)
    regions = _regions_found(every)
    facts = {pk: _item(item, logged.get(f"item:{pk}")) for pk, item in items.items()}
    return {
        version: tuple(
            _citation(row, position, facts[row.item_id], sources.get(row.item.source_id), row.pk in regions)
            for position, row in enumerate(found, start=1)
        )
        for version, found in rows.items()
    }


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
        graded_by=id_or_empty(row.graded_by_id),
        disposition=row.disposition,
        disposition_note=row.disposition_note,
        added_by=str(row.added_by_id),
        item=item,
        source=source,
        verdict=row.newest_verdict or "",
        indicator=row.indicator,
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
        origin=id_or_empty(source.origin_group_id),
        origin_decided_by=str(change.changed_by_id) if decided else "",
        origin_reason=change.reason if decided else "",
    )


# --- the text, sentence by sentence


def _sentences(
    versions: Sequence[ClaimVersion], rows: dict[UUID, list[Citation]]
) -> dict[UUID, tuple[SentenceFacts, ...]]:
    checks = checks_of(versions)
    return {
        version.pk: tuple(
            map(_sentence, checked_sentences(version, rows.get(version.pk, []), checks.get(version.pk, [])))
        )
        for version in versions
    }


def _sentence(line: Sentence) -> SentenceFacts:
    if line.check is None:
        return SentenceFacts(line.position, line.text)
    check = line.check
    checker = id_or_empty(check.reviewed_by_id)
    return SentenceFacts(line.position, line.text, check.verdict, checker, tuple(check.citations))
