"""What the state of an item, an upload or a case allows; who may is `permissions.py`."""

from cases.enums import CaseStatus
from cases.exceptions import Conflict
from cases.models import Case
from evidence.enums import ItemState, UploadState
from evidence.models import Item, Upload

ITEM_TRANSITIONS: dict[str, frozenset[str]] = {
    ItemState.ACTIVE: frozenset({ItemState.WITHDRAWN, ItemState.SUPERSEDED}),
    ItemState.WITHDRAWN: frozenset({ItemState.ACTIVE}),
    ItemState.SUPERSEDED: frozenset({ItemState.ACTIVE}),
}
UPLOAD_TRANSITIONS: dict[str, frozenset[str]] = {
    UploadState.OPEN: frozenset({UploadState.COMPLETE, UploadState.CANCELLED}),
    UploadState.COMPLETE: frozenset(),
    UploadState.CANCELLED: frozenset(),
}


def check_case_open(case: Case) -> None:
    """Nothing is added to a closed case."""
    if case.status == CaseStatus.CLOSED:
        raise Conflict(f"{case.ref} is closed; reopen it before adding evidence.")


def check_item_becomes(item: Item, state: str) -> None:
    """Raise `Conflict` where an item in its present state cannot take the next one."""
    if state not in ITEM_TRANSITIONS[item.state]:
        raise Conflict(f"E-{item.exhibit} is {item.get_state_display().lower()} and cannot become {state}.")


def check_upload_becomes(upload: Upload, state: str) -> None:
    """Raise `Conflict` where an upload is already over."""
    if state not in UPLOAD_TRANSITIONS[upload.state]:
        raise Conflict(f"This upload is already {upload.get_state_display().lower()}.")
