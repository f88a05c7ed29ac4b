"""Add and end the names of persons and organisations; a name is never rewritten."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from cases import history, permissions, subjects
from cases.enums import NameKind, Script
from cases.exceptions import Conflict, Duplicate, InvalidInput
from cases.models import Name, Organisation, Person, User
from cases.permissions import Permission
from cases.reasons import check_reason
from cases.scripts import LANGUAGE_TAG, guess_script
from cases.validation import check_fields
from cases.workflow import check_case_open


@dataclass(frozen=True, kw_only=True)
class Spelling:
    """One spelling of a name; an empty `script` is guessed from the characters, an empty `language` is unknown."""

    value: str
    script: str = ""
    language: str = ""
    kind: str = NameKind.ALIAS


@transaction.atomic
def add_name(*, actor: User, subject: Person | Organisation, spelling: Spelling) -> Name:
    """Add a spelling to a person or organisation. Raises Duplicate when it is there already, Conflict when merged."""
    subject = locked_subject(actor, subject)
    name = insert_name(subject, spelling)
    history.record(actor, f"{subject._meta.model_name}_name_added", subject, after=told(name))
    return name


@transaction.atomic
def end_name(*, actor: User, name: Name, reason: str) -> Name:
    """Mark a name as not, or no longer, the subject's; it stays readable. The name that the case uses cannot end."""
    name = subjects.reload_locked(actor, name)
    subject = locked_subject(actor, name.person or name.organisation)
    if name.ended_at:
        raise Conflict("This name has ended already.")
    if name.value == subject.label:
        raise Conflict("The case calls the subject by this name: give it another label first.")
    check_reason(reason, "Say why the name ends")
    name.ended_at, name.ended_by, name.end_reason = timezone.now(), actor, reason.strip()
    check_fields(name, exclude={"case", "person", "organisation", "ended_by"})
    name.save(update_fields=["ended_at", "ended_by", "end_reason"])
    history.record(actor, f"{subject._meta.model_name}_name_ended", subject, before=told(name), reason=name.end_reason)
    return name


def locked_subject(actor: User, subject: Person | Organisation) -> Person | Organisation:
    """`subject` as stored now and locked, once `actor` may write it and it was not merged away."""
    subject = subjects.reload_locked(actor, subject)
    permissions.check(actor, subject.case, Permission.SUBJECT_WRITE)
    check_case_open(subject.case)
    if subject.merged_into_id:
        raise Conflict(f"{subject.label} was merged into another entry: work on that one, or undo the merge first.")
    return subject


def insert_names(subject: Person | Organisation, label: Spelling, others: Iterable[Spelling]) -> list[Name]:
    """Store the label as the primary name, and the other spellings of a new subject."""
    return [insert_name(subject, label), *(insert_name(subject, spelling) for spelling in others)]


def insert_name(subject: Person | Organisation, spelling: Spelling) -> Name:
    """Store one spelling, in the running action; raises InvalidInput or Duplicate."""
    name = Name(
        case=subject.case,
        value=check_words(spelling.value, field="value"),
        script=spelling.script or guess_script(spelling.value),
        language=_language(spelling.language),
        kind=spelling.kind,
        **{subject._meta.model_name: subject},
    )
    check_fields(name, exclude={"case", "person", "organisation", "ended_by"})
    twin = subject.names.filter(value=name.value, ended_at__isnull=True, kind=name.kind, language=name.language).first()
    if twin:
        raise Duplicate(f"{subject.label} has the name {name.value} already.", existing=twin)
    name.save(force_insert=True)
    return name


def check_words(value: str, *, field: str) -> str:
    """Return a name without space around it; refuse an empty one, or one with line breaks or control characters."""
    value = value.strip()
    if not value:
        raise InvalidInput("Give a name.", field=field)
    if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in value):
        raise InvalidInput("A name is one line without control characters.", field=field)
    return value


def _language(tag: str) -> str:
    tag = tag.strip()
    if tag and not LANGUAGE_TAG.fullmatch(tag):
        raise InvalidInput("A language is a BCP 47 tag such as az, ru or fr.", field="language")
    return tag


def told(name: Name) -> dict[str, str]:
    """What the log is told of a name."""
    return {part: str(getattr(name, part)) for part in ("value", "script", "language", "kind")} | {"id": str(name.pk)}


def label_spelling(label: str, script: str, language: str) -> Spelling:
    """The primary name of a new subject."""
    if script and script not in Script.values:
        raise InvalidInput("Choose one of the scripts.", field="script")
    return Spelling(value=label, script=script, language=language, kind=NameKind.PRIMARY)
