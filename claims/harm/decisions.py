"""Traces of many versions with what was decided on each; a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q
from django.db.models.functions import Coalesce

from audit.canonical import parse
from cases.enums import SubjectTier
from cases.exceptions import InvalidInput
from cases.models import Case, Person
from cases.sentences import Sentence
from claims.canonical import by_version
from claims.enums import TraceKind
from claims.harm.names import NOBODY, Names, names_of
from claims.harm.payload import Found, found_in, merged
from claims.models import Allegation, ClaimVersion, Sending, TraceDecision

_KINDS = {SubjectTier.PRIVATE_INDIVIDUAL: TraceKind.NAME, SubjectTier.MINOR: TraceKind.MINOR}
# What readers are shown of a request in which a claim was put to somebody, and of each reply to it.
_OF_REQUEST = ("text", *(f"request__{name}" for name in ("party_text", "asked_by", "outcome_note", "search_note")))
_OF_REPLY = tuple(f"request__replies__{name}" for name in ("speaker", "text", "translation"))


def decisions_on(versions: Sequence[ClaimVersion]) -> dict[UUID, dict[tuple[str, str], TraceDecision]]:
    """By version the newest decision on each passage (kind, passage), for exactly the content of now."""
    rows = TraceDecision.objects.filter(version__in=versions, content_sha256=F("version__content_sha256"))
    grouped = by_version(rows.select_related("decided_by").order_by("decided_at", "pk"), "version_id")
    return {pk: {(row.kind, row.passage): row for row in found} for pk, found in grouped.items()}


def found_of(versions: Sequence[ClaimVersion], contents: Mapping[UUID, bytes]) -> dict[UUID, tuple[Found, ...]]:
    """By version what its content (canonical JSON, by version) holds, and what is told of requests and replies."""
    names = private_names({version.case_id for version in versions})
    told = _told(versions, names)
    return {
        version.pk: merged(
            [
                found_in(parse(contents[version.pk]), names=names.get(version.case_id, NOBODY)),
                *told.get(version.claim_id, []),
            ]
        )
        for version in versions
    }


def check_tells_nobody(case: Case, **words: str) -> None:
    """Raise InvalidInput, naming the field, where words that readers get at once lead to somebody, or name somebody
    whose name is withheld: nobody decides on them, and dossiers that withhold nothing show them too.
    """
    names = private_names([case.pk]).get(case.pk, NOBODY)
    for field, text in words.items():
        if found := found_in({field: text}, names=names):
            values = {"what": TraceKind(found[0].kind).label, "passage": found[0].passage}
            words = "Readers get this as it stands. %(what)s “%(passage)s”: cut it out."
            raise InvalidInput(Sentence(words, **values), field=field)


def private_names(cases: Iterable[UUID]) -> dict[UUID, Names]:
    """By case the names of its private individuals and minors, in every spelling that stands; one query."""
    people = Person.objects.filter(case__in=cases)
    standing = FilteredRelation("names", condition=Q(names__ended_at=None))
    # Whoever turned out to be somebody else counts as that one.
    survivor = Coalesce("merged_into", "pk")
    rows = people.annotate(standing=standing, survivor=survivor).values_list(
        "case_id", "subject_tier", "survivor", "label", "standing__value"
    )
    spelt: dict[UUID, set[tuple[str, str, str]]] = {}
    told: dict[UUID, set[str]] = {}
    for case, tier, person, *names in rows:
        if tier in _KINDS:
            spelt.setdefault(case, set()).update((_KINDS[tier], name, str(person)) for name in names if name)
        else:
            told.setdefault(case, set()).update(name for name in names if name)
    return {case: names_of(sorted(found), told.get(case, ())) for case, found in spelt.items()}


def _told(versions: Sequence[ClaimVersion], names: Mapping[UUID, Names]) -> dict[UUID, list[tuple[Found, ...]]]:
    """By claim what a publication tells beside it of requests that were sent or decided on, and of the answers."""
    sent = Exists(Sending.objects.filter(request=OuterRef("request")))
    rows = Allegation.objects.filter(
        sent | ~Q(request__outcome=""), version__claim__in={version.claim_id for version in versions}
    ).order_by("pk", "request__replies")
    found: dict[UUID, list[tuple[Found, ...]]] = {}
    for row in rows.values("case_id", "version__claim", "request__number", *_OF_REQUEST, *_OF_REPLY):
        number, known = row["request__number"], names.get(row["case_id"], NOBODY)
        parts = ((f"request {number}, ", _OF_REQUEST), (f"reply to request {number}, ", _OF_REPLY))
        for prefix, columns in parts:
            shown = {column.rpartition("__")[2]: row[column] or "" for column in columns}
            found.setdefault(row["version__claim"], []).append(found_in(shown, prefix, known))
    return found
