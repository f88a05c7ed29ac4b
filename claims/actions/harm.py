"""Deciding on what leads to a person: it may be published, or the published dossier withholds it (G-61)."""

from collections.abc import Sequence

from django.db import transaction

from cases.enums import SubjectTier
from cases.exceptions import Conflict, InvalidInput
from cases.history import record
from cases.models import Case, Organisation, Person, User
from cases.sentences import Sentence
from claims.actions.redactions import redact
from claims.canonical import content_of
from claims.dossier.render import language_of
from claims.dossier.snapshot import thaw
from claims.enums import RedactionKind, Settled, TraceKind, VersionState
from claims.gate.rules.independence import OVERRIDE_REASON
from claims.harm.decisions import decisions_on, found_of, private_names
from claims.harm.names import NAMES, NOBODY, Names
from claims.harm.payload import Found, found_in
from claims.models import ClaimVersion, Pseudonym, Publication, Redaction, TraceDecision
from claims.permissions import check_override
from claims.queries import get_version_by_id
from evidence.seals import seal_row


@transaction.atomic
def settle_trace(
    *, actor: User, version: ClaimVersion, kind: str, passage: str, settled: str, reason: str
) -> TraceDecision:
    """Decide on one passage for the content as it is submitted; a later decision on it replaces this one.

    An editor's decision, and never of what one wrote a part of. The reason stays in the house.
    """
    version = get_version_by_id(actor, version.pk, for_update=True)
    check_override(actor, version)
    if version.state not in (VersionState.SUBMITTED, VersionState.APPROVED):
        raise Conflict("A decision is for exactly the content that was submitted: submit it first.")
    _check_input(version, kind, passage, settled, reason)
    row = TraceDecision(
        case=version.case,
        version=version,
        content_sha256=version.content_sha256,
        kind=kind,
        passage=passage,
        settled=settled,
        reason=reason.strip(),
        decided_by=actor,
    )
    seal_row(row).save(force_insert=True)
    after = {"kind": kind, "passage": passage, "settled": settled, "version": version.number}
    record(actor, "trace_settled", version.claim, after=after, reason=reason, evidence=[version.content_sha256])
    return row


def _check_input(version: ClaimVersion, kind: str, passage: str, settled: str, reason: str) -> None:
    if kind not in TraceKind.values:
        raise InvalidInput(f"kind is one of: {', '.join(TraceKind.values)}.", field="kind")
    if settled not in Settled.values:
        raise InvalidInput(f"settled is one of: {', '.join(Settled.values)}.", field="settled")
    if (kind, passage) not in {(one.kind, one.passage) for one in traces_of(version)}:
        raise InvalidInput("That passage does not stand in this claim any more.", field="passage")
    if len(reason.strip()) < OVERRIDE_REASON:
        raise InvalidInput(
            Sentence("Give the reason in at least %(number)s characters.", number=OVERRIDE_REASON), field="reason"
        )


def traces_of(version: ClaimVersion) -> tuple[Found, ...]:
    """What leads to somebody in the version as it stands now, and in the replies to it."""
    return found_of([version], {version.pk: content_of(version)})[version.pk]


def withhold_as_decided(*, actor: User, publication: Publication, versions: Sequence[ClaimVersion]) -> Redaction | None:
    """Redact a new publication where editors decided so, and put pseudonyms in the place of private people whom no
    decision names; in the transaction that publishes. None where nothing is withheld.

    Raises InvalidInput for traces on which nobody decided, such as in the publication's own title and note.
    """
    decisions = [row for found in decisions_on(versions).values() for row in found.values()]
    waived = {row.passage for row in decisions if row.settled == Settled.WAIVED}
    withheld = {row.passage for row in decisions if row.settled == Settled.REDACTED}
    names = private_names([publication.case_id]).get(publication.case_id, NOBODY)
    found = found_in(thaw(publication.snapshot), names=names)
    for one in found:
        if one.kind not in NAMES and one.passage not in waived | withheld:
            values = {"what": TraceKind(one.kind).label, "passage": one.passage, "place": one.places[0]}
            raise InvalidInput(
                Sentence("%(what)s “%(passage)s” stands in %(place)s: cut it out.", **values), field="note"
            )
    told = _named_by_all(versions)
    unnamed = list(dict.fromkeys(one.person for one in found if one.kind in NAMES and one.person not in told))
    pseudonyms = _pseudonyms(publication, names, unnamed)
    withheld -= {one.passage for one in found if one.kind in NAMES}
    if not withheld and not pseudonyms:
        return None
    return redact(
        actor=actor,
        publication=publication,
        words=sorted(withheld),
        kind=RedactionKind.PRIVACY,
        reason="Decided before publication, or a private person, whose name is not told by default.",
        pseudonyms=pseudonyms,
        spared=_names_told(publication, unnamed),
    )


def _named_by_all(versions: Sequence[ClaimVersion]) -> set[str]:
    """The private people whom editors decided to name in each of the claims that speak of them."""
    decided = decisions_on(versions)
    speaking: dict[str, list[bool]] = {}
    for pk, found in found_of(versions, {version.pk: bytes(version.content) for version in versions}).items():
        waived = {one.person for one in found if _is_waived(decided.get(pk, {}).get((one.kind, one.passage)))}
        for person in {one.person for one in found if one.person}:
            speaking.setdefault(person, []).append(person in waived)
    return {person for person, waived in speaking.items() if all(waived)}


def _is_waived(decision: TraceDecision | None) -> bool:
    return decision is not None and decision.settled == Settled.WAIVED


def _pseudonyms(publication: Publication, names: Names, people: Sequence[str]) -> dict[str, str]:
    """Every spelling of the names of `people`, with the pseudonym that stands in its place."""
    letters = {person: letters_of(number) for person, number in _numbers(publication.case, people).items()}
    word = "Personne" if language_of(thaw(publication.snapshot)) == "fr" else "Person"
    return {name: f"[{word} {letters[person]}]" for _kind, name, person in names.known if person in letters}


def _numbers(case: Case, people: Sequence[str]) -> dict[str, int]:
    """The lasting number of each person's pseudonym; who has none gets the next, in the order of their appearance."""
    rows = Pseudonym.objects.filter(case=case)
    known = {str(person): number for person, number in rows.values_list("person", "number")}
    for person in people:
        if person not in known:
            known[person] = max(known.values(), default=0) + 1
            Pseudonym.objects.create(case=case, person_id=person, number=known[person])
    return {person: known[person] for person in people}


def letters_of(number: int) -> str:
    """1 is A, 26 is Z, 27 is AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _names_told(publication: Publication, unnamed: Sequence[str]) -> list[str]:
    """The names of everybody else in the case: a word that they share with somebody who is not named is told."""
    people = Person.objects.filter(case=publication.case).exclude(pk__in=unnamed).exclude(merged_into__in=unnamed)
    public = people.exclude(subject_tier__in=(SubjectTier.PRIVATE_INDIVIDUAL, SubjectTier.MINOR))
    organisations = Organisation.objects.filter(case=publication.case)
    return [*public.values_list("label", flat=True), *organisations.values_list("label", flat=True)]
