"""The frozen snapshot of a publication: all that a reader may know, in one canonical form, and nothing else.

Only the versions being published go in, with what they cite. Left out on purpose: unpublished claims, review comments,
names of colleagues (ids stand for them), file names, EXIF and GPS, working notes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Model
from django.utils import translation

from audit.canonical import canonical, parse
from audit.log import format_time
from cases.models import Case, Observation
from claims.alternatives import written_of
from claims.canonical import new_salt, read
from claims.dossier.checks import SNAPSHOT_FORMAT
from claims.dossier.exhibits import exhibits_of, grouped, sources_of, time_or_none
from claims.dossier.later import told
from claims.enums import CitationVerdict, Settled, VersionState
from claims.harm.decisions import decisions_on
from claims.models import Citation, ClaimLink, ClaimVersion, Correction, GateEvaluation, Review, TraceDecision
from claims.origins import count_origins, origin_of
from claims.scales import step, steps
from claims.telling import told_of_claims
from claims.wording import Labels, ends, period_words

_SUBJECTS = [
    f"{side}_{kind}" for side in ("subject", "object") for kind in ("account", "person", "organisation", "item")
]


def freeze(
    *, case: Case, number: int, title: str, note: str, versions: Iterable[ClaimVersion], language: str = "en"
) -> bytes:
    """Return the canonical JSON of what a publication of these frozen versions shows; a fixed number of queries.

    `language` is that of the page around the claims; the snapshot itself is always in English. A salt makes its hash,
    which stands in the log, useless for trying out what a redacted dossier withholds.
    """
    shown = describe(case=case, number=number, title=title, note=note, versions=versions)
    shown["publication"]["language"] = language
    return canonical(shown | {"salt": new_salt()})


@translation.override("en")
def describe(*, case: Case, number: int, title: str, note: str, versions: Iterable[ClaimVersion]) -> dict:
    """Return what `freeze` writes; of a version that was never submitted, `content` is empty."""
    ids = [version.pk for version in versions]
    chosen = list(ClaimVersion.objects.filter(pk__in=ids).select_related("claim", *_SUBJECTS).order_by("claim__number"))
    citations = list(
        Citation.objects.with_verdicts()
        .filter(version__in=ids)
        .select_related("item__source__origin_group", "item__blob")
    )
    items = sorted({citation.item for citation in citations}, key=lambda item: item.exhibit)
    return {
        "format": SNAPSHOT_FORMAT,
        "case": {"ref": case.ref, "title": case.title},
        "publication": {"number": number, "title": title, "note": note},
        "scale": {
            "name": case.get_likelihood_scale_display(),
            "steps": [{"value": s.value, "term": s.term, "band": s.band} for s in steps(case.likelihood_scale)],
        },
        "claims": _claims(case, chosen, citations),
        "exhibits": exhibits_of(items, citations),
        "sources": sources_of({item.source for item in items if item.source}),
        "corrections": _corrections([version.claim_id for version in chosen]),
        "data_protection": _data_protection(case),
    }


def thaw(snapshot: bytes) -> dict:
    """Return what a snapshot holds; raise NotCanonical when it is not one byte for byte."""
    return parse(bytes(snapshot))


def _claims(case: Case, chosen: Sequence[ClaimVersion], citations: Sequence[Citation]) -> list[dict]:
    of_version = grouped(citations, "version_id")
    links = _links(chosen)
    labels = Labels([*chosen, *(component for components in links.values() for component in components)])
    accounts = _accounts(chosen)
    gates = {
        found.version_id: found
        for found in GateEvaluation.objects.filter(version__in=chosen).order_by("evaluated_at", "id")
    }
    reviews = grouped(Review.objects.filter(version__in=chosen), "version_id")
    replies = told_of_claims([version.claim_id for version in chosen])
    alternatives, decided = written_of(chosen), decisions_on(chosen)
    return [
        {
            **_identity(version, labels),
            **_grades(case, version),
            "subject": _end(version, "subject", labels, accounts),
            "object": _end(version, "object", labels, accounts),
            "citations": [_citation(citation) for citation in of_version[version.pk]],
            "origins": _origins(of_version[version.pk]),
            "rests_on": [_component(case, component, labels) for component in links[version.pk]],
            "replies": replies.get(version.claim_id, []),
            "alternatives": alternatives[version.pk].get("alternatives", []),
            "devils_advocate": alternatives[version.pk].get("devils_advocate"),
            "rivals": [other.claim.number for other in chosen if _are_rivals(version, other)],
            "gate": _gate(gates.get(version.pk)),
            "waivers": _waivers(decided.get(version.pk, {})),
            "reviews": [_review(review) for review in reviews[version.pk]],
        }
        for version in chosen
    ]


def _identity(version: ClaimVersion, labels: Labels) -> dict:
    return {
        "id": str(version.claim_id),
        "number": version.claim.number,
        "version": version.number,
        "version_id": str(version.pk),
        "content_sha256": version.content_sha256,
        "content": read(version),
        "statement": labels.statement(version),
        "predicate": version.predicate,
        "kind": version.kind,
        "public_text": version.public_text,
        "language": version.language,
        "role_title": version.role_title,
        "role_title_en": version.role_title_en,
        "period": period_words(version),
        "valid_from": _date(version.valid_from),
        "valid_from_precision": version.valid_from_precision,
        "valid_to": _date(version.valid_to),
        "valid_to_precision": version.valid_to_precision,
        "as_of": _date(version.as_of),
        "as_of_precision": version.as_of_precision,
        "conduct_date": _date(version.conduct_date),
        "scope_note": version.scope_note,
        "recorded_at": format_time(version.recorded_at),
        "submitted_at": time_or_none(version.submitted_at),
        "author": f"user:{version.author_id}",
    }


def _grades(case: Case, version: ClaimVersion) -> dict:
    found = step(case.likelihood_scale, version.likelihood)
    return {
        "likelihood": {"value": found.value, "term": found.term, "band": found.band} if found else None,
        "confidence": version.analytic_confidence,
        "confidence_factors": {
            "information_base": version.confidence_information_base,
            "rigour": version.confidence_rigour,
            "volatility": version.confidence_volatility,
        },
        "key_assumptions": list(version.key_assumptions),
        "single_source": version.single_source_label,
        "single_source_reason": version.single_source_reason,
    }


def _accounts(chosen: Sequence[ClaimVersion]) -> dict[UUID, Observation]:
    """The last observation of each account that the versions name."""
    ids = {pk for version in chosen for pk in (version.subject_account_id, version.object_account_id) if pk}
    latest = Observation.objects.filter(account__in=ids).newest_first("account_id")
    return {seen.account_id: seen for seen in latest.distinct("account_id")}


def _end(version: ClaimVersion, side: str, labels: Labels, accounts: dict[UUID, Observation]) -> dict | None:
    kind, row = ends(version, side)
    if not kind:
        return None
    shown = {"type": kind, "label": labels.of(version, side)}
    if not isinstance(row, Model):
        return shown
    shown["id"] = str(row.pk)
    if kind == "account":
        shown |= {
            "platform": row.get_platform_display(),
            "platform_user_id": row.platform_user_id,
            "id_unknown_reason": row.id_unknown_reason,
        }
        shown |= {"instance": row.instance} if row.instance else {}
        if seen := accounts.get(row.pk):
            shown |= {
                "status": seen.get_status_display(),
                "status_seen_at": format_time(seen.observed_at),
                "status_seen_precision": seen.observed_precision,
            }
    return shown


def _citation(citation: Citation) -> dict:
    return {
        "id": str(citation.pk),
        "exhibit": citation.item.exhibit,
        "stance": citation.stance,
        "access": citation.access,
        "selector": citation.selector_type,
        "exact": citation.exact,
        "prefix": citation.prefix,
        "suffix": citation.suffix,
        "start": citation.start,
        "end": citation.end,
        "page": citation.page,
        "region": citation.region,
        "region_sha256": citation.region_sha256,
        "translation": citation.translation,
        "translator": citation.translator,
        "descriptor": citation.descriptor,
        "credibility": citation.credibility,
        "credibility_rationale": citation.credibility_rationale,
        "graded_by": f"user:{citation.graded_by_id}" if citation.graded_by_id else None,
        "verified": citation.verified,
        "objection": CitationVerdict(citation.newest_verdict).label if citation.is_objected_to else "",
        "disposition": citation.disposition,
        "disposition_note": citation.disposition_note,
    }


def _origins(citations: Sequence[Citation]) -> dict:
    counted = [citation for citation in citations if citation.is_shown_as_support]
    pairs = [origin_of(citation) for citation in counted]
    return {
        "citations": len(counted),
        "origins": count_origins(pairs),
        "undetermined": sum(not origin for origin, _ in pairs),
    }


def _links(chosen: Sequence[ClaimVersion]) -> dict[UUID, list[ClaimVersion]]:
    """For each version the published versions of the claims it rests on, in order; others are not told of."""
    links = list(ClaimLink.objects.filter(composite__in=chosen))
    released = {version.claim_id: version for version in chosen}
    # A claim has one published version; the corrected ones before it no longer stand.
    standing = ClaimVersion.objects.filter(
        claim__in=[link.component_id for link in links], state=VersionState.PUBLISHED
    ).select_related("claim", *_SUBJECTS)
    for version in standing:
        released.setdefault(version.claim_id, version)
    found: dict[UUID, list[ClaimVersion]] = defaultdict(list)
    for link in links:
        if link.component_id in released:
            found[link.composite_id].append(released[link.component_id])
    return found


def _component(case: Case, version: ClaimVersion, labels: Labels) -> dict:
    return {
        "number": version.claim.number,
        "statement": labels.statement(version),
        "content_sha256": version.content_sha256,
        **{key: value for key, value in _grades(case, version).items() if key in ("likelihood", "confidence")},
    }


def _are_rivals(one: ClaimVersion, other: ClaimVersion) -> bool:
    """Whether two versions answer the same question (same predicate, same subject) differently."""
    if one.claim_id == other.claim_id or one.predicate != other.predicate:
        return False
    return _side(one, "subject") == _side(other, "subject") and _side(one, "object") != _side(other, "object")


def _side(version: ClaimVersion, side: str) -> tuple:
    kind, row = ends(version, side)
    return kind, getattr(row, "pk", row)


def _gate(found: GateEvaluation | None) -> dict | None:
    if not found:
        return None
    return {
        "gate_version": found.gate_version,
        "passed": found.passed,
        "evaluated_at": format_time(found.evaluated_at),
        "inputs_sha256": found.inputs_sha256,
        "results": found.results,
    }


def _waivers(decided: Mapping[tuple[str, str], TraceDecision]) -> list[dict]:
    """What leads to a person and an editor let be published: of which kind, by whom and when, never why."""
    return [
        {"kind": row.kind, "decided_by": f"user:{row.decided_by_id}", "decided_at": format_time(row.decided_at)}
        for row in decided.values()
        if row.settled == Settled.WAIVED
    ]


def _data_protection(case: Case) -> dict | None:
    """The record that speaks for everybody in the case; who wrote it stays inside."""
    row = case.data_protection_records.filter(person=None).last()
    if row is None:
        return None
    return {
        "purpose": row.purpose,
        "lawful_basis": row.lawful_basis,
        "special_ground": row.special_ground,
        "special_reasoning": row.special_reasoning,
        "has_criminal_data": row.has_criminal_data,
        "criminal_reasoning": row.criminal_reasoning,
        "retention": row.retention,
        "review_at": row.review_at.isoformat(),
        "transparency": row.transparency,
        "contact": row.contact,
    }


def _review(review: Review) -> dict:
    return {
        "stage": review.stage,
        "verdict": review.verdict,
        "content_sha256": review.content_sha256,
        "reviewed_by": f"user:{review.reviewed_by_id}",
        "reviewed_at": format_time(review.reviewed_at),
        **({"jurisdictions": list(review.jurisdictions)} if review.jurisdictions else {}),
    }


def _corrections(claims: Sequence[UUID]) -> list[dict]:
    rows = Correction.objects.filter(claim__in=claims).select_related("claim", "from_version", "to_version")
    return [told(row) for row in rows.order_by("corrected_at", "id")]


def _date(value: date | None) -> str | None:
    return value.isoformat() if value else None
