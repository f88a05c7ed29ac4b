"""What commands that bring a file into a case are given: the case, who acts in it, and the one file."""

from pathlib import Path
from typing import Any

from django.conf import settings

from cases.exceptions import InvalidInput
from cases.models import Case, User
from cases.queries import find_case, find_user
from evidence.collecting import collect


def case_and_actor(options: dict[str, Any]) -> tuple[Case, User]:
    """The case, and who `--as` names or its lead; raises InvalidInput where that person is not in it."""
    case = find_case(options["case"])
    actor = find_user(options["user"]) if options["user"] else case.lead
    if not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
        raise InvalidInput(f"There is no case {case.ref} for {actor.username}.")
    return case, actor


def one_file(options: dict[str, Any]) -> Path:
    """The file; raises InvalidInput for an address, a folder, and what is too large."""
    found = collect([options["file"]], limit=settings.MAX_EVIDENCE_BYTES)
    if len(found) != 1 or found[0].path is None or Path(options["file"]).is_dir():
        raise InvalidInput("Give one file: addresses are not fetched, and folders hold more than one.")
    return found[0].path
