"""Writing claims: the first draft, its edits, and what other claims it rests on."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from cases.exceptions import InvalidInput, StaleVersion
from cases.history import record
from cases.models import Account, Case, Organisation, Person, User
from cases.sentences import Sentence
from cases.validation import check_fields
from claims.enums import Predicate, SubjectType
from claims.models import Claim, ClaimLink, ClaimVersion
from claims.permissions import check_write_claims
from claims.queries import ENDS, get_version_by_id
from claims.shapes import PARTICULARS, SHAPES, accuses
from claims.workflow import check_editable
from evidence.models import Item

SUBJECT_MODELS = {
    SubjectType.ACCOUNT: Account,
    SubjectType.PERSON: Person,
    SubjectType.ORGANISATION: Organisation,
    SubjectType.ITEM: Item,
}
# What a person writes; everything else about a version is set by the actions of its life.
FIELDS = (
    "predicate",
    *ENDS,
    "subject_text",
    "object_text",
    "role_title",
    "role_title_en",
    "valid_from",
    "valid_from_precision",
    "valid_to",
    "valid_to_precision",
    "as_of",
    "as_of_precision",
    "conduct_date",
    "scope_note",
    "kind",
    "adverse",
    "likelihood",
    "analytic_confidence",
    "confidence_information_base",
    "confidence_rigour",
    "confidence_volatility",
    "key_assumptions",
    *PARTICULARS,
    "public_text",
    "language",
)
CORRECTION_FIELDS = ("correction_cause", "correction_note")


@transaction.atomic
def create_claim(*, actor: User, case: Case, predicate: str, **fields: Any) -> Claim:
    """Open the next claim of a case with its first draft; `fields` are those of FIELDS.

    Subjects and objects are given as rows (`subject_account=...`) or in words (`subject_text=...`).
    """
    check_write_claims(actor, case)
    counter = Case.objects.select_for_update().get(pk=case.pk)
    version = ClaimVersion(case=case, number=1, author=actor, contributors=[actor.pk])
    _assign(version, {"predicate": predicate} | fields, FIELDS)
    _check(version)
    counter.last_claim += 1
    counter.save(update_fields=["last_claim"])
    version.claim = Claim.objects.create(case=case, number=counter.last_claim, created_by=actor)
    version.save(force_insert=True)
    record(actor, "claim_created", version.claim, after={"version": 1} | _written(version))
    return version.claim


@transaction.atomic
def edit_version(
    *, actor: User, version: ClaimVersion, expected_version: int, changes: Mapping[str, Any]
) -> ClaimVersion:
    """Change a draft, based on the `edit_version` that `actor` saw; whoever edits becomes one of its writers.

    Raises StaleVersion, carrying the stored version, when somebody saved first: nothing of either text is lost.
    """
    version = get_version_by_id(actor, version.pk, for_update=True)
    check_write_claims(actor, version.case)
    check_editable(version.state)
    check_fresh(version, expected_version)
    names = FIELDS + CORRECTION_FIELDS * bool(version.supersedes_id)
    before = _written(version)
    _assign(version, changes, names)
    _check(version)
    after = _written(version)
    changed = [name for name in after if before[name] != after[name]]
    if changed:
        note_writer(version, actor)
        version.edit_version += 1
        version.save()
        record(
            actor,
            "claim_edited",
            version.claim,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed} | {"version": version.number},
        )
    return version


@transaction.atomic
def link_claims(*, actor: User, version: ClaimVersion, components: Sequence[Claim]) -> ClaimVersion:
    """Say on which claims this version rests, in order; replaces what was said before (G-23)."""
    version = get_version_by_id(actor, version.pk, for_update=True)
    check_write_claims(actor, version.case)
    check_editable(version.state)
    if any(component.case_id != version.case_id for component in components):
        raise InvalidInput("A claim rests on claims of its own case.", field="components")
    if version.claim_id in {component.pk for component in components} or len(set(components)) < len(components):
        raise InvalidInput("A claim rests on other claims, on each of them once.", field="components")
    before = list(version.component_links.values_list("component__number", flat=True))
    version.component_links.all().delete()
    ClaimLink.objects.bulk_create(
        ClaimLink(case=version.case, composite=version, component=component, order=order)
        for order, component in enumerate(components)
    )
    touch(version, actor)
    after = [component.number for component in components]
    record(actor, "claim_linked", version.claim, before={"rests_on": before}, after={"rests_on": after})
    return version


def check_fresh(version: ClaimVersion, expected_version: int) -> None:
    """Raise StaleVersion unless the locked `version` is still the one that was seen."""
    if version.edit_version != expected_version:
        raise StaleVersion(
            Sentence(
                "Somebody saved edit %(saved)s of %(version)s while you were working on edit %(yours)s. Both texts are "
                "kept: compare them and save again.",
                saved=version.edit_version,
                version=version,
                yours=expected_version,
            ),
            current=version,
        )


def note_writer(version: ClaimVersion, actor: User) -> None:
    """Everybody who wrote part of a version is bound not to approve it (G-70)."""
    if actor.pk not in version.contributors:
        version.contributors = [*version.contributors, actor.pk]


def touch(version: ClaimVersion, actor: User) -> None:
    """Note that a part of the version beside its own columns was written."""
    note_writer(version, actor)
    version.save(update_fields=["contributors", "edited_at"])


def _assign(version: ClaimVersion, values: Mapping[str, Any], names: Sequence[str]) -> None:
    if unknown := sorted(set(values) - set(names)):
        raise InvalidInput(f"{unknown[0]} is not a part of a claim that can be written.", field=unknown[0])
    for name, value in values.items():
        setattr(version, name, value.strip() if isinstance(value, str) else value)


def _check(version: ClaimVersion) -> None:
    check_fields(version, exclude={"claim", "case", "author", "submitted_by", "single_source_by", "supersedes", *ENDS})
    for side in ("subject", "object"):
        _check_end(version, side)
    if version.valid_from and version.valid_to and version.valid_to < version.valid_from:
        raise InvalidInput("The end lies before the beginning.", field="valid_to")
    names_somebody = bool(version.object_person_id or version.object_text)
    if not version.adverse and accuses(version.predicate, names_somebody=names_somebody):
        raise InvalidInput("A claim of this kind accuses whoever it names: it counts as harmful.", field="adverse")


def _check_end(version: ClaimVersion, side: str) -> None:
    given = [f"{side}_{kind}" for kind in SUBJECT_MODELS if getattr(version, f"{side}_{kind}_id")]
    given += [f"{side}_text"] * bool(getattr(version, f"{side}_text"))
    if len(given) > 1:
        raise InvalidInput(f"A claim has one {side}.", field=given[1])
    kinds = getattr(SHAPES[version.predicate], side)
    if not given and side == "subject":
        raise InvalidInput("Say whom or what the claim is about.", field=f"subject_{kinds[0]}")
    if given and given[0].removeprefix(f"{side}_") not in kinds:
        words = " or ".join(SubjectType(kind).label.lower() for kind in kinds)
        link = Predicate(version.predicate).label
        raise InvalidInput(f"The {side} of a claim that reads “{link}” is: {words}.", field=given[0])
    row = getattr(version, given[0]) if given else None
    if getattr(row, "case_id", version.case_id) != version.case_id:
        raise InvalidInput("There is no such record in this case.", field=given[0])


def _written(version: ClaimVersion) -> dict[str, Any]:
    """What people wrote, as plain values for the log."""
    return {
        name: _plain(getattr(version, f"{name}_id" if name in ENDS else name)) for name in FIELDS + CORRECTION_FIELDS
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | str | list):
        return str(value) if isinstance(value, str) else value
    return str(value)
