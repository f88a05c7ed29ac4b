"""The chain of custody of an exhibit: who handled it, what for, with which result (Berkeley Protocol 167)."""

from cases.models import User
from evidence.models import CustodyEvent, Item

PURPOSE_LONGEST = CustodyEvent._meta.get_field("purpose").max_length


def note(item: Item, action: str, actor: User | None, *, purpose: str = "", result_sha256: str = "") -> CustodyEvent:
    """Add one handling, in the transaction of the action that does it. Only the scheduled sweep has no person."""
    return CustodyEvent.objects.create(
        case_id=item.case_id,
        item=item,
        action=action,
        actor=actor,
        purpose=purpose[:PURPOSE_LONGEST],
        result_sha256=result_sha256,
    )
