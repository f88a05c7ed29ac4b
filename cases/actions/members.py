"""Who works on a case and in which role. Nobody changes their own; ended memberships stay as history."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cases import history, permissions, queries
from cases.enums import Role
from cases.exceptions import Conflict, InvalidInput
from cases.models import Case, Membership, User
from cases.permissions import Permission


@transaction.atomic
def add_member(*, actor: User, case: Case, user: User, role: str) -> Membership:
    """Give `user` a role; a person may hold several. Raises Conflict when they hold it already."""
    case = _open_for_change(actor, case, user)
    _check_role(role)
    if case.memberships.filter(user=user, role=role, ended_at__isnull=True).exists():
        raise Conflict(f"{user} has this role already.")
    membership = Membership.objects.create(case=case, user=user, role=role, added_by=actor)
    history.record(actor, "member_added", membership, after={"user": str(user.pk), "role": role})
    return membership


@transaction.atomic
def change_role(*, actor: User, case: Case, membership_id: UUID, role: str) -> Membership:
    """Replace one role of a member by another; the old membership is ended and kept."""
    _check_role(role)
    old = _membership_for_change(actor, case, membership_id)
    if old.role == role:
        return old
    if old.case.memberships.filter(user=old.user, role=role, ended_at__isnull=True).exists():
        raise Conflict(f"{old.user} has this role already.")
    _end(actor, old)
    new = Membership.objects.create(case=old.case, user=old.user, role=role, added_by=actor)
    user = str(old.user_id)
    history.record(
        actor,
        "member_role_changed",
        new,
        before={"user": user, "role": old.role, "membership": str(old.pk)},
        after={"user": user, "role": role},
    )
    return new


@transaction.atomic
def end_membership(*, actor: User, case: Case, membership_id: UUID) -> Membership:
    """Take a role away; it holds from the member's next request on."""
    membership = _membership_for_change(actor, case, membership_id)
    _end(actor, membership)
    history.record(
        actor, "member_removed", membership, before={"user": str(membership.user_id), "role": membership.role}
    )
    return membership


def _membership_for_change(actor: User, case: Case, membership_id: UUID) -> Membership:
    case = queries.get_case(actor, case.ref, for_update=True)
    permissions.check(actor, case, Permission.MEMBER_MANAGE)
    membership = queries.get_membership(actor, case, membership_id, for_update=True)
    permissions.check_not_self(actor, membership.user)
    if membership.role == Role.EDITOR and membership.user_id == case.lead_id:
        raise Conflict("The lead stays an editor: hand the lead over first.")
    return membership


def _open_for_change(actor: User, case: Case, user: User) -> Case:
    """The locked case, once `actor` may manage members and `user` is somebody else."""
    case = queries.get_case(actor, case.ref, for_update=True)
    permissions.check(actor, case, Permission.MEMBER_MANAGE)
    permissions.check_not_self(actor, user)
    return case


def _end(actor: User, membership: Membership) -> None:
    membership.ended_at, membership.ended_by = timezone.now(), actor
    membership.save(update_fields=["ended_at", "ended_by"])


def _check_role(role: str) -> None:
    if role not in Role.values:
        raise InvalidInput("Choose one of the roles.", field="role")
