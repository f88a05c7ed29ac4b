"""Say of two entries that they are the same, different, or cannot be told apart yet. Nothing is merged by it."""

from django.db import transaction

from cases import history, permissions
from cases.exceptions import Conflict, InvalidInput
from cases.models import User
from cases.permissions import Permission
from cases.queries import get_case
from cases.reasons import check_reason
from cases.subjects import NOT_IN_CASE, Subject, reload_locked
from cases.workflow import check_case_open
from search.enums import Verdict
from search.likeness import OTHERS, alike, kind_of
from search.models import Likeness


@transaction.atomic
def decide(*, actor: User, subject: Subject, other: Subject, verdict: str, note: str) -> Likeness:
    """Keep a decision with a note of at least ten characters; an earlier one of the pair stays readable under it.

    Raises InvalidInput for another case's entry, an unknown verdict or a short note; Conflict for what cannot be one:
    an entry and itself, a person and an organisation, an entry that was merged.
    """
    case = get_case(actor, subject.case.ref)
    permissions.check(actor, case, Permission.SUBJECT_WRITE)
    check_case_open(case)
    if other.case_id != case.pk:
        raise InvalidInput(NOT_IN_CASE, field="other")
    if verdict not in Verdict.values:
        raise InvalidInput(f"Choose one of: {', '.join(Verdict.values)}.", field="verdict")
    check_reason(note, "Say how you know", field="note")
    pair = sorted((reload_locked(actor, subject), reload_locked(actor, other)), key=lambda row: row.pk)
    _check_pair(*pair)
    left, right = pair
    why = next((one.why for one in alike(actor, subject) if one.id == other.pk), "")
    row = Likeness.objects.create(
        case=case,
        left_kind=kind_of(left),
        left_id=left.pk,
        right_kind=kind_of(right),
        right_id=right.pk,
        verdict=verdict,
        note=note.strip(),
        why=why,
        decided_by=actor,
    )
    for one, two in (pair, pair[::-1]):
        after = {"other": history.object_string(two), "verdict": verdict, "why": why, "likeness": str(row.pk)}
        history.record(actor, "likeness_decided", one, after=after, reason=row.note)
    return row


def _check_pair(left: Subject, right: Subject) -> None:
    if left.pk == right.pk:
        raise Conflict("An entry is the same as itself.")
    if kind_of(right) not in OTHERS[kind_of(left)]:
        raise Conflict("A person and an organisation are never one.")
    if left.merged_into_id or right.merged_into_id:
        raise Conflict("One of the two was merged into another entry: decide about that one.")
