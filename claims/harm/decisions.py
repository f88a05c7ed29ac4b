"""Traces of many versions with what was decided on each; a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Coalesce

from audit.canonical import parse
from cases.enums import SubjectTier
from cases.models import Person
from claims.canonical import by_version
from claims.enums import TraceKind
from claims.harm.names import NOBODY, Names, names_of
from claims.harm.payload import Found, found_in, merged
from claims.models import ClaimVersion, Reply, TraceDecision

_KINDS = {SubjectTier.PRIVATE_INDIVIDUAL: TraceKind.NAME, SubjectTier.MINOR: TraceKind.MINOR}
# What a reply shows readers besides the claim's own content.
_SHOWN = ("speaker", "text", "translation")


def decisions_on(versions: Sequence[ClaimVersion]) -> dict[UUID, dict[tuple[str, str], TraceDecision]]:
    """By version the newest decision on each passage (kind, passage), for exactly the content of now."""
    rows = TraceDecision.objects.filter(version__in=versions, content_sha256=F("version__content_sha256"))
    grouped = by_version(rows.select_related("decided_by").order_by("decided_at", "pk"), "version_id")
    return {pk: {(row.kind, row.passage): row for row in found} for pk, found in grouped.items()}


def found_of(versions: Sequence[ClaimVersion], contents: Mapping[UUID, bytes]) -> dict[UUID, tuple[Found, ...]]:
    """By version what its content (canonical JSON, by version) and the replies to its claim hold."""
    names = private_names({version.case_id for version in versions})
    replies = _replies(versions, names)
    return {
        version.pk: merged(
            [
                found_in(parse(contents[version.pk]), names=names.get(version.case_id, NOBODY)),
                *replies.get(version.claim_id, []),
            ]
        )
        for version in versions
    }


def private_names(cases: Iterable[UUID]) -> dict[UUID, Names]:
    """By case the names of its private individuals and minors, in every spelling that stands; one query."""
    people = Person.objects.filter(case__in=cases, subject_tier__in=_KINDS)
    standing = FilteredRelation("names", condition=Q(names__ended_at=None))
    # Whoever turned out to be somebody else counts as that one.
    survivor = Coalesce("merged_into", "pk")
    rows = people.annotate(standing=standing, survivor=survivor).values_list(
        "case_id", "subject_tier", "survivor", "label", "standing__value"
    )
    spelt: dict[UUID, set[tuple[str, str, str]]] = {}
    for case, tier, person, *names in rows:
        spelt.setdefault(case, set()).update((_KINDS[tier], name, str(person)) for name in names if name)
    return {case: names_of(sorted(found)) for case, found in spelt.items()}


def _replies(versions: Sequence[ClaimVersion], names: Mapping[UUID, Names]) -> dict[UUID, list[tuple[Found, ...]]]:
    """By claim what stands in the answers of parties, which a publication shows beside it."""
    claims = {version.claim_id for version in versions}
    rows = Reply.objects.filter(request__allegations__version__claim__in=claims).order_by("pk").distinct()
    named = rows.annotate(claim_id=F("request__allegations__version__claim"), number=F("request__number"))
    found: dict[UUID, list[tuple[Found, ...]]] = {}
    for row in named:
        shown = {name: getattr(row, name) for name in _SHOWN}
        told = found_in(shown, f"reply to request {row.number}, ", names.get(row.case_id, NOBODY))
        found.setdefault(row.claim_id, []).append(told)
    return found
