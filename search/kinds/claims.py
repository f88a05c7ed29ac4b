"""Claims, what they cite, what was judged of them, and what left the house."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from uuid import UUID

from claims.enums import Predicate, VersionState
from claims.models import Citation, CitationReview, Claim, ClaimVersion, Correction, Publication, Reply, Review
from claims.queries import ENDS
from claims.wording import Labels
from evidence.enums import Sensitivity
from search.drafts import Draft
from search.kinds.base import Searchable, joined, signed


def _claims(ids: Sequence[UUID]) -> Iterator[Draft]:
    """A claim as its newest version has it, with what of it was published; roles are a kind of their own."""
    versions = defaultdict(list)
    rows = ClaimVersion.objects.filter(claim__in=ids).select_related("claim", "author").prefetch_related(*ENDS)
    for version in rows.order_by("number").defer("content"):
        versions[version.claim_id].append(version)
    labels = Labels(chain.from_iterable(versions.values()))
    for of_claim in versions.values():
        newest = of_claim[-1]
        told = [one for one in of_claim if one is newest or one.state == VersionState.PUBLISHED]
        yield Draft(
            kind="role" if newest.predicate == Predicate.PERSON_HOLDS_ROLE else "claim",
            object_id=newest.claim_id,
            case_id=newest.case_id,
            title=f"{newest.claim} {labels.statement(newest)}",
            text=joined(*dict.fromkeys(text for one in reversed(told) for text in _told(one))),
            at=newest.edited_at,
            lang=newest.language,
            status=newest.state,
            by=signed(newest.author),
            place={"claim": newest.claim.number},
        )


def _told(version: ClaimVersion) -> tuple[str, ...]:
    texts = (version.public_text, version.scope_note, version.role_title, version.role_title_en)
    reasons = (version.confidence_information_base, version.confidence_rigour, version.confidence_volatility)
    return (*texts, *reasons, *version.key_assumptions, version.correction_note)


def _citations(ids: Sequence[UUID]) -> Iterator[Draft]:
    """A quote is as sensitive as the exhibit that it is from."""
    rows = Citation.objects.filter(pk__in=ids).select_related("version__claim", "item__source", "added_by")
    for citation in rows:
        item, claim = citation.item, citation.version.claim
        yield Draft(
            kind="citation",
            object_id=citation.pk,
            case_id=citation.case_id,
            title=f"{claim} cites E-{item.exhibit}",
            text=joined(citation.exact, citation.translation, citation.descriptor),
            at=citation.added_at,
            lang=item.language,
            status=citation.stance,
            by=signed(citation.added_by),
            source=item.source.name if item.source else "",
            sensitive=item.sensitivity == Sensitivity.SENSITIVE,
            place={"claim": claim.number, "exhibit": item.exhibit, "start": citation.start},
        )


def _reviews(ids: Sequence[UUID]) -> Iterator[Draft]:
    for review in Review.objects.filter(pk__in=ids).select_related("version__claim", "reviewed_by"):
        verdict = f"{review.get_verdict_display()} ({review.get_stage_display().lower()})"
        yield _judgement(review, "review", verdict, sensitive=False)


def _verdicts(ids: Sequence[UUID]) -> Iterator[Draft]:
    """What was said of one quote; it may outlive the citation, and is as sensitive as what may have been quoted."""
    rows = CitationReview.objects.filter(pk__in=ids).select_related("version__claim", "reviewed_by")
    sensitive = dict(
        Citation.objects.filter(pk__in=rows.values("citation_id")).values_list("pk", "item__sensitivity"),
    )
    for review in rows:
        hidden = sensitive.get(review.citation_id, Sensitivity.SENSITIVE) == Sensitivity.SENSITIVE
        yield _judgement(review, "verdict", review.get_verdict_display(), sensitive=hidden)


def _judgement(review: Review | CitationReview, kind: str, verdict: str, *, sensitive: bool) -> Draft:
    return Draft(
        kind=kind,
        object_id=review.pk,
        case_id=review.case_id,
        title=f"{review.version}: {verdict}",
        text=review.comment,
        at=review.reviewed_at,
        status=review.verdict,
        by=signed(review.reviewed_by),
        sensitive=sensitive,
        place={"claim": review.version.claim.number},
    )


def _publications(ids: Sequence[UUID]) -> Iterator[Draft]:
    rows = Publication.objects.filter(pk__in=ids).select_related("published_by").defer("snapshot")
    for publication in rows:
        yield Draft(
            kind="publication",
            object_id=publication.pk,
            case_id=publication.case_id,
            title=f"Publication {publication.number}: {publication.title}",
            text=publication.note,
            at=publication.published_at,
            by=signed(publication.published_by),
            place={"publication": publication.number},
        )


def _corrections(ids: Sequence[UUID]) -> Iterator[Draft]:
    for correction in Correction.objects.filter(pk__in=ids).select_related("claim", "corrected_by"):
        yield Draft(
            kind="correction",
            object_id=correction.pk,
            case_id=correction.case_id,
            title=f"{correction.claim}: {correction.get_kind_display().lower()}",
            text=joined(correction.public_note, correction.cause),
            at=correction.corrected_at,
            status=correction.kind,
            by=signed(correction.corrected_by),
            place={"claim": correction.claim.number},
        )


def _replies(ids: Sequence[UUID]) -> Iterator[Draft]:
    """What a party answered; as sensitive as the exhibit that preserves it."""
    for reply in Reply.objects.filter(pk__in=ids).select_related("request", "item", "recorded_by"):
        yield Draft(
            kind="reply",
            object_id=reply.pk,
            case_id=reply.case_id,
            title=f"{reply.request}: reply" + (f" of {reply.speaker}" if reply.speaker else ""),
            text=joined(reply.text, reply.translation),
            at=reply.received_at,
            lang=reply.language,
            status=reply.request.outcome,
            by=signed(reply.recorded_by),
            sensitive=reply.item.sensitivity == Sensitivity.SENSITIVE,
            place={"request": reply.request.number},
        )


CLAIMS = Searchable("claim", Claim, ("claim", "role"), _claims)
CITATIONS = Searchable("citation", Citation, ("citation",), _citations)
REVIEWS = Searchable("review", Review, ("review",), _reviews)
VERDICTS = Searchable("verdict", CitationReview, ("verdict",), _verdicts)
PUBLICATIONS = Searchable("publication", Publication, ("publication",), _publications)
CORRECTIONS = Searchable("correction", Correction, ("correction",), _corrections)
REPLIES = Searchable("reply", Reply, ("reply",), _replies)
