"""The one door to cases, members and people: loads, checks access and, for writes, locks."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf

from cases.exceptions import InvalidInput, NotVisible
from cases.models import ApiToken, Case, JobRun, Membership, User
from cases.permissions import Permission, roles_with
from cases.validation import check_text, is_storable


def the_one(rows: QuerySet, what: str, *, for_update: bool = False, parts: Sequence[str] = ()):
    """The first of the `rows` that somebody may see, with its `parts`, locked where it is to be changed.

    Raises NotVisible, which calls it `what`, where there is none: alike for what is foreign and for what is not there.
    """
    rows = rows.select_related(*parts) if parts else rows
    # What names one row needs no order of its model's, and Django takes a fifth of the time to work it out.
    rows = rows if rows.query.order_by else rows.order_by()
    for found in (rows.select_for_update(of=("self",)) if for_update else rows)[:1]:
        return found
    raise NotVisible(f"There is no such {what}.")


def get_case(actor: User, ref: str, *, for_update: bool = False) -> Case:
    """The case called `ref` if `actor` is a member; raises NotVisible alike for foreign and for unknown ones."""
    cases = Case.objects.visible_to(actor)
    if for_update:
        cases = cases.select_for_update(of=("self",))
    try:
        return cases.get(ref=ref)
    except Case.DoesNotExist as error:
        raise NotVisible from error


def find_case(ref: str) -> Case:
    """The case called `ref`, for commands of the operator, who is no member; raises InvalidInput when there is none."""
    check_text(case=ref)
    case = Case.objects.filter(ref=ref).select_related("lead").first()
    if case is None:
        raise InvalidInput(f"There is no case {ref}.", field="case")
    return case


def cases_of(actor: User) -> QuerySet[Case]:
    """The cases that `actor` is a member of, each with its lead and the actor's own roles."""
    own = Membership.objects.filter(user=actor, ended_at__isnull=True)
    return Case.objects.visible_to(actor).select_related("lead").prefetch_related(Prefetch("memberships", own))


def cases_with(actor: User, permission: Permission) -> QuerySet[Case]:
    """Those cases of `actor` in which one of their roles has `permission`."""
    roles = roles_with(actor, permission)
    holding = Membership.objects.filter(user=actor, ended_at__isnull=True, role__in=roles)
    return cases_of(actor).filter(pk__in=holding.values("case"))


def get_membership(actor: User, case: Case, membership_id: UUID, *, for_update: bool = False) -> Membership:
    """An open membership of `case`; ended ones are history and cannot be acted upon."""
    memberships = Membership.objects.visible_to(actor).filter(case=case, ended_at__isnull=True)
    if for_update:
        memberships = memberships.select_for_update(of=("self",))
    try:
        return memberships.select_related("user").get(pk=membership_id)
    except Membership.DoesNotExist as error:
        raise NotVisible from error


def members_of(case: Case) -> QuerySet[Membership]:
    """Open memberships, one row per person and role; `shown_name` is what pages call the person, in small letters."""
    shown = Lower(Coalesce(NullIf(F("user__display_name"), Value("")), F("user__username")))
    rows = case.memberships.filter(ended_at__isnull=True).select_related("user", "added_by")
    return rows.annotate(shown_name=shown)


def roles_of(actor: User, case: Case) -> list[str]:
    """The open roles of `actor` in `case`, in the order of the role table."""
    return list(case.memberships.filter(user=actor, ended_at__isnull=True).values_list("role", flat=True))


def find_user(identifier: str) -> User:
    """The active person with exactly this username or e-mail address; never a list to choose from.

    Raises InvalidInput when nobody, or more than one person, matches.
    """
    wanted = identifier.strip()
    named = Q(username=wanted) | Q(email__iexact=wanted)
    found = User.objects.filter(named, is_active=True) if wanted and is_storable(wanted) else []
    if len(found) != 1:
        raise InvalidInput("Nobody has exactly this username or e-mail address.", field="user")
    return found[0]


def find_for_sign_in(name: str) -> User | None:
    """The one active person who may sign in as `name`, a username or an e-mail address in any case."""
    wanted = name.strip()
    matching = Q(username__iexact=wanted) | Q(email__iexact=wanted)
    found = list(User.objects.filter(matching, is_active=True)[:2]) if wanted and is_storable(wanted) else []
    return found[0] if len(found) == 1 else None


def get_token(actor: User, token_id: UUID, *, for_update: bool = False) -> ApiToken:
    """A token of `actor`'s own; other people's do not exist for them."""
    tokens = ApiToken.objects.filter(owner=actor)
    if for_update:
        tokens = tokens.select_for_update()
    try:
        return tokens.get(pk=token_id)
    except ApiToken.DoesNotExist as error:
        raise NotVisible from error


def tokens_of(actor: User) -> QuerySet[ApiToken]:
    """`actor`'s own tokens, revoked ones included."""
    return ApiToken.objects.filter(owner=actor)


def get_job(actor: User, run_id: UUID, *, for_update: bool = False) -> JobRun:
    """A job of one of the actor's cases, or one that the actor started."""
    runs = JobRun.objects.visible_to(actor)
    if for_update:
        runs = runs.select_for_update(of=("self",))
    try:
        return runs.select_related("case", "started_by").get(pk=run_id)
    except JobRun.DoesNotExist as error:
        raise NotVisible from error


def jobs_of(actor: User, case: Case | None = None) -> QuerySet[JobRun]:
    """Jobs the actor may watch: of `case`, or of all their cases."""
    runs = JobRun.objects.visible_to(actor).select_related("case", "started_by")
    return runs if case is None else runs.filter(case=case)
