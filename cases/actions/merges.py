"""Say that two entries are one: both stay readable, one points to the other, and it can be undone.

Merges are one level deep. Nothing is copied or moved: an entry's rows are its own and those of what was merged into it.
"""

from django.db import transaction
from django.utils import timezone

from cases import history, permissions, subjects
from cases.exceptions import Conflict, InvalidInput
from cases.models import Account, Organisation, User
from cases.permissions import Permission
from cases.queries import get_case
from cases.reasons import check_reason
from cases.subjects import Subject
from cases.workflow import check_case_open

MERGE_FIELDS = ["merged_into", "merged_at", "merged_by", "merge_reason", "version"]


@transaction.atomic
def merge(*, actor: User, duplicate: Subject, into: Subject, reason: str) -> Subject:
    """Make `duplicate` point to `into`, with a reason of at least ten characters; returns the duplicate.

    Raises Conflict for what is not one thing: other kinds, other cases, accounts with two platform ids, an entry that
    has been merged or that others were merged into.
    """
    case = get_case(actor, duplicate.case.ref, for_update=True)
    permissions.check(actor, case, Permission.SUBJECT_MERGE)
    check_case_open(case)
    if type(duplicate) is not type(into):
        raise Conflict("Only two accounts, two persons or two organisations can be one.")
    if duplicate.case_id != into.case_id:
        raise InvalidInput(subjects.NOT_IN_CASE, field="into")
    duplicate, into = subjects.reload_locked(actor, duplicate), subjects.reload_locked(actor, into)
    check_reason(reason, "Say how you know that the two are one")
    _check_one_thing(duplicate, into)
    duplicate.merged_into, duplicate.merged_at = into, timezone.now()
    duplicate.merged_by, duplicate.merge_reason = actor, reason.strip()
    duplicate.version += 1
    duplicate.save(update_fields=MERGE_FIELDS)
    kind = duplicate._meta.model_name
    history.record(
        actor, f"{kind}_merged", duplicate, after={"into": f"{kind}:{into.pk}"}, reason=duplicate.merge_reason
    )
    return duplicate


@transaction.atomic
def unmerge(*, actor: User, duplicate: Subject, reason: str) -> Subject:
    """Undo a merge, with a reason of at least ten characters; the merge itself stays in the audit trail."""
    case = get_case(actor, duplicate.case.ref, for_update=True)
    permissions.check(actor, case, Permission.SUBJECT_MERGE)
    check_case_open(case)
    duplicate = subjects.reload_locked(actor, duplicate)
    if not duplicate.merged_into_id:
        raise Conflict("This entry is not merged into another one.")
    check_reason(reason, "Say why the two are not one")
    kind = duplicate._meta.model_name
    before = {"into": f"{kind}:{duplicate.merged_into_id}", "reason": duplicate.merge_reason}
    duplicate.merged_into = duplicate.merged_at = duplicate.merged_by = None
    duplicate.merge_reason = ""
    duplicate.version += 1
    duplicate.save(update_fields=MERGE_FIELDS)
    history.record(actor, f"{kind}_unmerged", duplicate, before=before, reason=reason.strip())
    return duplicate


def _check_one_thing(duplicate: Subject, into: Subject) -> None:
    if duplicate.pk == into.pk:
        raise Conflict("An entry cannot be merged into itself.")
    if duplicate.merged_into_id:
        raise Conflict("This entry is merged already: undo that merge first.")
    if into.merged_into_id:
        raise Conflict("The other entry was itself merged: merge into the one it points to.")
    if duplicate.merged_from.exists():
        raise Conflict(
            "Other entries were merged into this one: merge the other way round, or undo those merges first."
        )
    if isinstance(duplicate, Account):
        _check_one_account(duplicate, into)
    if isinstance(duplicate, Organisation) and duplicate.pk in _above(into):
        raise Conflict(f"{into.label} belongs to {duplicate.label}: a part is not the whole.")


def _check_one_account(duplicate: Account, into: Account) -> None:
    if (duplicate.platform, duplicate.instance) != (into.platform, into.instance):
        raise Conflict("Accounts on two platforms are two accounts; that one person runs both is a claim.")
    if duplicate.platform_user_id and into.platform_user_id:
        raise Conflict("Two platform ids are two accounts, even under one handle: handles are passed on, ids are not.")
    if duplicate.platform_user_id:
        raise Conflict("Merge the account without a platform id into the one with it, not the other way round.")


def _above(organisation: Organisation) -> set:
    parents = dict(Organisation.objects.filter(case=organisation.case).values_list("pk", "parent_id"))
    found, step = set(), organisation.parent_id
    while step is not None and step not in found:
        found.add(step)
        step = parents.get(step)
    return found
