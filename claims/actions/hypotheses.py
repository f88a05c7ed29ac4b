"""Trying other explanations: the alternatives of a draft, how its evidence fits them, and who argues against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction

from cases.exceptions import InvalidInput, StaleVersion
from cases.history import record
from cases.models import User
from cases.queries import members_of
from cases.reasons import check_size
from cases.sentences import Sentence
from cases.validation import check_fields
from claims.actions.drafts import touch
from claims.alternatives import digest_of, written_of
from claims.enums import Disposition, Fit, HypothesisKind
from claims.models import ClaimVersion, EvidenceFit, Hypothesis
from claims.permissions import check_write_claims
from claims.queries import get_version_by_id
from claims.workflow import check_editable

MOST = 12


@dataclass(frozen=True)
class Alternative:
    """One alternative as a person writes it; `fits` maps a citation's id to a Fit, and leaves out what is not rated."""

    statement: str
    kind: str = HypothesisKind.OTHER
    disposition: str = Disposition.OPEN
    note: str = ""
    fits: Mapping[UUID, str] = field(default_factory=dict)
    id: UUID | None = None


@transaction.atomic
def save_alternatives(
    *,
    actor: User,
    version: ClaimVersion,
    seen: str,
    alternatives: Sequence[Alternative],
    devils_advocate: User | None = None,
) -> ClaimVersion:
    """Replace the alternatives of a draft by these, in their order; rows whose `id` is given keep it.

    `seen` is the `digest_of` what they were when `actor` read them; raises StaleVersion when somebody saved first.
    """
    version = get_version_by_id(actor, version.pk, for_update=True)
    check_write_claims(actor, version.case)
    check_editable(version.state)
    before = written_of([version])[version.pk]
    if digest_of(before) != seen:
        raise StaleVersion("Somebody changed the alternatives in the meantime.", current=version)
    _check_advocate(version, devils_advocate)
    if len(alternatives) > MOST:
        raise InvalidInput(Sentence("Weigh at most %(number)s alternatives.", number=MOST), field="alternatives")
    version.devils_advocate = devils_advocate
    _replace(version, alternatives)
    after = written_of([version])[version.pk]
    if after != before:
        version.save(update_fields=["devils_advocate"])
        touch(version, actor)
        record(actor, "alternatives_saved", version.claim, before=before, after=after)
    return version


def _check_advocate(version: ClaimVersion, person: User | None) -> None:
    if person is None:
        return
    if person.pk == version.author_id:
        raise InvalidInput("The author cannot be the devil's advocate.", field="devils_advocate")
    if not members_of(version.case).filter(user=person).exists():
        raise InvalidInput("The devil's advocate is a member of this case.", field="devils_advocate")


def _replace(version: ClaimVersion, alternatives: Sequence[Alternative]) -> None:
    known = {row.pk: row for row in version.hypotheses.all()}
    cited = set(version.citations.values_list("pk", flat=True))
    kept = {one.id for one in alternatives if one.id}
    if kept - set(known):
        raise InvalidInput("There is no such alternative of this claim.", field="id")
    for pk in set(known) - kept:
        known[pk].delete()
    for order, one in enumerate(alternatives):
        row = known.get(one.id) or Hypothesis(case=version.case, version=version)
        row.order, row.kind, row.statement = order, one.kind, one.statement.strip()
        row.disposition, row.note = one.disposition, one.note.strip()
        check_fields(row, exclude={"case", "version"})
        check_size(row.note, "note")
        row.save()
        _rate(row, one.fits, cited)


def _rate(row: Hypothesis, fits: Mapping[UUID, str], cited: set[UUID]) -> None:
    if set(fits) - cited:
        raise InvalidInput("There is no such citation of this claim.", field="fits")
    if wrong := [fit for fit in fits.values() if fit not in Fit.values]:
        raise InvalidInput(f"{wrong[0]} is no rating: {', '.join(Fit.values)}.", field="fits")
    row.fits.all().delete()
    EvidenceFit.objects.bulk_create(
        EvidenceFit(case=row.case, hypothesis=row, citation_id=citation, fit=fit) for citation, fit in fits.items()
    )
