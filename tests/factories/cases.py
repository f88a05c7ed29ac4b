"""Cases with their members, made through the real actions."""

from itertools import count

from cases.actions.cases import create_case
from cases.actions.members import add_member
from cases.models import Case, User
from tests.factories.users import make_user

_numbers = count(1)


def make_case(
    *,
    ref: str = "",
    lead: User | None = None,
    investigator: User | None = None,
    editor: User | None = None,
    publisher: User | None = None,
    auditor: User | None = None,
    viewer: User | None = None,
    **settings: str,
) -> Case:
    """A case led by `lead` (a new editor if none is given), with one member per role that is given."""
    lead = lead or make_user(can_create_cases=True)
    case = create_case(
        actor=lead,
        ref=ref or f"CASE-{next(_numbers)}",
        title=settings.pop("title", "Accounts that look alike"),
        on_command_line=True,
        **settings,
    )
    roles = {
        "investigator": investigator,
        "editor": editor,
        "publisher": publisher,
        "auditor": auditor,
        "viewer": viewer,
    }
    for role, user in roles.items():
        if user is not None:
            add_member(actor=lead, case=case, user=user, role=role)
    return case
