"""Explanations that have to be tried before others: the minimum set of G-11, ready-made, and the matrix over them."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from audit.canonical import canonical
from claims.enums import Fit, HypothesisKind, Predicate, Stance
from claims.models import Citation, ClaimVersion, Hypothesis

_ACCOUNT = (
    HypothesisKind.IMPERSONATION,
    HypothesisKind.SHARED_OR_SOLD,
    HypothesisKind.NAMESAKE,
    HypothesisKind.COMPROMISED,
)
_COORDINATION = (HypothesisKind.ORGANIC, HypothesisKind.PLATFORM_TREND)
MINIMUM: dict[str, tuple[HypothesisKind, ...]] = {
    Predicate.ACCOUNT_OPERATED_BY: _ACCOUNT,
    Predicate.ACCOUNTS_COORDINATED: _COORDINATION,
    Predicate.ACCOUNT_IN_CAMPAIGN: _COORDINATION,
}
# As the form offers them; whoever knows more of the case says it better.
STATEMENTS: dict[str, str] = {
    HypothesisKind.IMPERSONATION: "Somebody else runs the account in this name, as an impersonation or a parody.",
    HypothesisKind.SHARED_OR_SOLD: "Several people share the account, or it was sold or handed on.",
    HypothesisKind.NAMESAKE: "The account belongs to another person of the same name.",
    HypothesisKind.COMPROMISED: "Somebody took the account over and posted without its holder.",
    HypothesisKind.ORGANIC: "Supporters posted the same of their own accord.",
    HypothesisKind.PLATFORM_TREND: "A trend or a template of the platform made the posts alike.",
}
# What a citation says of the claim itself, in the matrix's first column.
_OWN = {
    Stance.SUPPORTS: Fit.CONSISTENT,
    Stance.CONTRADICTS: Fit.INCONSISTENT,
    Stance.CONTEXT: Fit.NEUTRAL,
}


@dataclass(frozen=True)
class Column:
    """One explanation over all citations: how each fits, and how many speak against it."""

    hypothesis: Hypothesis | None
    fits: dict
    inconsistent: int


def matrix(version: ClaimVersion, citations: Sequence[Citation]) -> list[Column]:
    """The claim itself, then its alternatives in their order; two queries.

    What counts is what speaks against an explanation: evidence that fits everything tells nothing (Heuer, chapter 8).
    """
    own = {citation.pk: _OWN[citation.stance] for citation in citations}
    columns = [Column(None, own, _count(own))]
    for hypothesis in version.hypotheses.prefetch_related("fits").order_by("order", "id"):
        fits = {fit.citation_id: fit.fit for fit in hypothesis.fits.all()}
        columns.append(Column(hypothesis, fits, _count(fits)))
    return columns


def _count(fits: dict) -> int:
    return sum(fit == Fit.INCONSISTENT for fit in fits.values())


def offered(version: ClaimVersion) -> list[tuple[str, str]]:
    """Kinds and statements of the minimum set that the version does not try yet."""
    known = set(version.hypotheses.values_list("kind", flat=True))
    return [(kind, STATEMENTS[kind]) for kind in MINIMUM.get(version.predicate, ()) if kind not in known]


def written_of(versions: Iterable[ClaimVersion]) -> dict[UUID, dict[str, Any]]:
    """What is said of alternatives in each version, as plain values for the frozen content and the log; two queries.

    A version that says nothing has no keys: content that was frozen before there were alternatives stays as it was.
    """
    versions = list(versions)
    rows = Hypothesis.objects.filter(version__in=versions).prefetch_related("fits").order_by("order", "id")
    told: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        told[row.version_id].append(_plain(row))
    return {
        version.pk: ({"alternatives": told[version.pk]} if told[version.pk] else {})
        | ({"devils_advocate": f"user:{version.devils_advocate_id}"} if version.devils_advocate_id else {})
        for version in versions
    }


def digest_of(written: dict[str, Any]) -> str:
    """The SHA-256 of alternatives as `written_of` gives them: what somebody saw, to tell whether it still stands."""
    return hashlib.sha256(canonical(written)).hexdigest()


def _plain(row: Hypothesis) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "statement": row.statement,
        "disposition": row.disposition,
        "note": row.note,
        "fits": [
            {"citation": str(fit.citation_id), "fit": fit.fit}
            for fit in sorted(row.fits.all(), key=lambda fit: str(fit.citation_id))
        ],
    }
