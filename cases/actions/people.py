"""Record persons: how the case calls them, how public they are, and what tells namesakes apart."""

from collections.abc import Sequence

from django.db import transaction

from cases import history, permissions
from cases.actions.names import Spelling, check_words, insert_name, insert_names, label_spelling, locked_subject, told
from cases.enums import NameKind, SubjectTier
from cases.exceptions import InvalidInput
from cases.models import Case, Person, User
from cases.permissions import Permission
from cases.queries import get_case
from cases.reasons import check_size
from cases.validation import check_fields
from cases.versions import check_version
from cases.workflow import check_case_open

EDITABLE = ("label", "subject_tier", "disambiguation", "note")
NOT_TYPED = {"case", "created_by", "merged_into", "merged_by"}


@transaction.atomic
def create_person(
    *,
    actor: User,
    case: Case,
    label: str,
    subject_tier: str = SubjectTier.PRIVATE_INDIVIDUAL,
    disambiguation: str = "",
    note: str = "",
    script: str = "",
    language: str = "",
    names: Sequence[Spelling] = (),
) -> Person:
    """Record a person under the name the case uses, and under other spellings; namesakes are separate persons."""
    case = get_case(actor, case.ref)
    permissions.check(actor, case, Permission.SUBJECT_WRITE)
    check_case_open(case)
    person = Person(
        case=case,
        label=check_words(label, field="label"),
        subject_tier=subject_tier,
        disambiguation=disambiguation,
        note=note,
        created_by=actor,
    )
    _check(person)
    person.save(force_insert=True)
    spellings = insert_names(person, label_spelling(person.label, script, language), names)
    after = _state(person) | {"names": [told(name) for name in spellings]}
    history.record(actor, "person_created", person, after=after)
    return person


@transaction.atomic
def update_person(*, actor: User, person: Person, expected_version: int, **changes: str) -> Person:
    """Change label, subject_tier, disambiguation or note of the version that `actor` saw.

    A new label becomes the primary name and the former one stays as an alias. Raises StaleVersion.
    """
    person = locked_subject(actor, person)
    check_version(person, expected_version)
    return save_changes(actor, person, changes, EDITABLE, _check)


def save_changes(actor, subject, changes, editable, check):
    """Apply `changes` to a locked person or organisation, move its primary name along, and write one event."""
    if unknown := set(changes) - set(editable):
        raise InvalidInput("This cannot be changed.", field=min(unknown))
    before = {name: _plain(getattr(subject, name)) for name in editable}
    for name, value in changes.items():
        setattr(subject, name, check_words(value, field="label") if name == "label" else value)
    check(subject)
    after = {name: _plain(getattr(subject, name)) for name in editable}
    if after == before:
        return subject
    subject.version += 1
    subject.save(update_fields=[*editable, "version"])
    if after["label"] != before["label"]:
        _move_primary(subject)
    changed = [name for name in editable if before[name] != after[name]]
    history.record(
        actor,
        f"{subject._meta.model_name}_changed",
        subject,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed} | {"version": subject.version},
    )
    return subject


def _move_primary(subject) -> None:
    subject.names.filter(kind=NameKind.PRIMARY, ended_at__isnull=True).update(kind=NameKind.ALIAS)
    same = subject.names.filter(value=subject.label, ended_at__isnull=True).first()
    if same is None:
        insert_name(subject, Spelling(value=subject.label, kind=NameKind.PRIMARY))
        return
    same.kind = NameKind.PRIMARY
    same.save(update_fields=["kind"])


def _plain(value: object) -> object:
    return str(value.pk) if hasattr(value, "pk") else value


def _check(person: Person) -> None:
    check_size(person.disambiguation, "disambiguation")
    check_size(person.note, "note")
    check_fields(person, exclude=NOT_TYPED)


def _state(person: Person) -> dict[str, object]:
    return {name: getattr(person, name) for name in EDITABLE}
