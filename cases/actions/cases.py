"""Open a case, change its settings, hand over its lead."""

from django.db import IntegrityError, transaction

from cases import history, permissions, queries
from cases.enums import LikelihoodScale, Role, Tlp
from cases.exceptions import Conflict, InvalidInput
from cases.models import Case, Membership, User
from cases.permissions import Permission
from cases.policies import house_level
from cases.validation import check_fields
from cases.versions import check_version

SETTINGS = ("title", "scope", "tlp", "likelihood_scale")
RESERVED_REFS = {"new"}


@transaction.atomic
def create_case(
    *,
    actor: User,
    ref: str,
    title: str,
    scope: str = "",
    tlp: str = Tlp.AMBER,
    likelihood_scale: str = LikelihoodScale.ICD203_ROW1,
    policy: str = "",
    on_command_line: bool = False,
) -> Case:
    """Open a case with `actor` as its lead and editor; its `policy` is the house's unless another is named.

    The operator's command line opens cases for people who may not do so themselves. Raises InvalidInput for a bad or
    taken `ref`.
    """
    if not on_command_line:
        permissions.check_create_case(actor)
    case = Case(
        ref=ref,
        title=title.strip(),
        scope=scope,
        tlp=tlp,
        likelihood_scale=likelihood_scale,
        policy=policy or house_level(),
        lead=actor,
    )
    check_fields(case, exclude={"lead"})
    _insert(case)
    Membership.objects.create(case=case, user=actor, role=Role.EDITOR, added_by=actor)
    history.record(
        actor,
        "case_created",
        case,
        after={"ref": case.ref, "lead": str(actor.pk), "policy": str(case.policy)} | _settings(case),
        reason="opened on the command line" if on_command_line else "",
    )
    return case


def _insert(case: Case) -> None:
    if case.ref.lower() in RESERVED_REFS:
        raise InvalidInput("This reference is taken; choose another one.", field="ref")
    try:
        # The database alone knows which references are taken: a person sees those of their own cases.
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError as error:
        raise InvalidInput("This reference is taken; choose another one.", field="ref") from error


@transaction.atomic
def update_case(*, actor: User, case: Case, expected_version: int, **changes: str) -> Case:
    """Change settings (title, scope, tlp, likelihood_scale) of the version that `actor` saw.

    Raises StaleVersion when somebody saved first. Changes nothing, and leaves no event, when nothing differs.
    """
    case = queries.get_case(actor, case.ref, for_update=True)
    permissions.check(actor, case, Permission.CASE_EDIT)
    check_version(case, expected_version)
    unknown = set(changes) - set(SETTINGS)
    if unknown:
        raise InvalidInput("This setting does not exist.", field=min(unknown))
    before = _settings(case)
    for name, value in changes.items():
        setattr(case, name, value.strip() if name == "title" else value)
    check_fields(case, exclude={"lead", "ref"})
    after = _settings(case)
    if after != before:
        case.version += 1
        case.save(update_fields=[*SETTINGS, "version"])
        changed = [name for name in SETTINGS if before[name] != after[name]]
        history.record(
            actor,
            "case_changed",
            case,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed} | {"version": case.version},
        )
    return case


@transaction.atomic
def transfer_lead(*, actor: User, case: Case, to: User) -> Case:
    """Make `to`, an editor of the case, its lead; only the lead can hand it over."""
    case = queries.get_case(actor, case.ref, for_update=True)
    permissions.check(actor, case, Permission.MEMBER_MANAGE)
    permissions.check_lead(actor, case)
    if not case.memberships.filter(user=to, role=Role.EDITOR, ended_at__isnull=True).exists():
        raise Conflict("Only an editor of this case can become its lead: give the role first.")
    before = {"lead": str(case.lead_id)}
    case.lead = to
    case.version += 1
    case.save(update_fields=["lead", "version"])
    history.record(actor, "case_lead_changed", case, before=before, after={"lead": str(to.pk)})
    return case


def _settings(case: Case) -> dict[str, str]:
    return {name: str(getattr(case, name)) for name in SETTINGS}
