"""Record organisations and what they belong to; nothing belongs to itself, however many steps apart."""

from collections.abc import Sequence

from django.db import transaction

from cases import history, permissions, subjects
from cases.actions.names import Spelling, check_words, insert_names, label_spelling, locked_subject, told
from cases.actions.people import NOT_TYPED, save_changes
from cases.enums import OrganisationKind
from cases.exceptions import Conflict, InvalidInput
from cases.models import Case, Organisation, User
from cases.permissions import Permission
from cases.queries import get_case
from cases.reasons import check_size
from cases.validation import check_fields
from cases.versions import check_version
from cases.workflow import check_case_open

EDITABLE = ("label", "kind", "parent", "note")


@transaction.atomic
def create_organisation(
    *,
    actor: User,
    case: Case,
    label: str,
    kind: str = OrganisationKind.OTHER,
    parent: Organisation | None = None,
    note: str = "",
    script: str = "",
    language: str = "",
    names: Sequence[Spelling] = (),
) -> Organisation:
    """Record an organisation under the name the case uses, and under other spellings and acronyms."""
    case = get_case(actor, case.ref, for_update=True)
    permissions.check(actor, case, Permission.SUBJECT_WRITE)
    check_case_open(case)
    organisation = Organisation(
        case=case, label=check_words(label, field="label"), kind=kind, note=note, created_by=actor
    )
    organisation.parent = parent
    _check(organisation)
    organisation.save(force_insert=True)
    spellings = insert_names(organisation, label_spelling(organisation.label, script, language), names)
    after = {
        "label": organisation.label,
        "kind": organisation.kind,
        "parent": str(organisation.parent_id) if organisation.parent_id else None,
        "note": organisation.note,
        "names": [told(name) for name in spellings],
    }
    history.record(actor, "organisation_created", organisation, after=after)
    return organisation


@transaction.atomic
def update_organisation(
    *, actor: User, organisation: Organisation, expected_version: int, **changes: object
) -> Organisation:
    """Change label, kind, parent or note of the version that `actor` saw. Raises StaleVersion, Conflict for a cycle."""
    # The tree is one thing: two moves at once could close a circle that neither of them sees.
    get_case(actor, organisation.case.ref, for_update=True)
    organisation = locked_subject(actor, organisation)
    check_version(organisation, expected_version)
    return save_changes(actor, organisation, changes, EDITABLE, _check)


def _check(organisation: Organisation) -> None:
    check_size(organisation.note, "note")
    check_fields(organisation, exclude=NOT_TYPED | {"parent"})
    if organisation.parent is not None:
        _check_parent(organisation)


def _check_parent(organisation: Organisation) -> None:
    if organisation.parent.case_id != organisation.case_id:
        raise InvalidInput(subjects.NOT_IN_CASE, field="parent")
    if organisation.parent.merged_into_id:
        raise Conflict(f"{organisation.parent.label} was merged into another organisation: choose that one.")
    above: dict = dict(Organisation.objects.filter(case=organisation.case).values_list("pk", "parent_id"))
    step = organisation.parent_id
    while step is not None:
        if step == organisation.pk:
            raise Conflict(f"{organisation.label} cannot belong to {organisation.parent.label}, which belongs to it.")
        step = above.get(step)
