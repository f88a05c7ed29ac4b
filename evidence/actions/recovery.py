"""Rows made again from the store: each original has receipts beside it that say which case it arrived in, and how."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cases.models import Case, User
from evidence import stores
from evidence.actions.items import Preserved, log_preserved
from evidence.details import Details
from evidence.exceptions import BlobChanged
from evidence.filenames import LONGEST, kept, shown
from evidence.models import Item
from evidence.parsers import media_types
from evidence.permissions import check_log_evidence
from evidence.workflow import check_case_open

METHOD = "recovery"


@dataclass(frozen=True)
class Lost:
    """An original that arrived in a case whose exhibits do not know it, and what its first receipt for it says."""

    sha256: str
    receipt: dict


def lost_originals(case: Case) -> Iterator[Lost]:
    """The originals whose receipts name this case and of which it has no exhibit, in the order of their hashes."""
    vault = stores.vault()
    have = set(Item.objects.filter(case=case, blob__isnull=False).values_list("blob_id", flat=True))
    for sha256 in vault.originals():
        receipt = next((note for note in _receipts(sha256) if note.get("case") == case.ref), None)
        if receipt and sha256 not in have:
            yield Lost(sha256, receipt)


def recover_original(*, actor: User, case: Case, lost: Lost) -> Item:
    """Enter a lost original as an exhibit again, under a new number, with what its receipt says of it.

    Raises BlobChanged or BlobMissing where the store no longer holds what arrived.
    """
    check_log_evidence(actor, case)
    check_case_open(case)
    vault = stores.vault()
    stored = vault.measure(lost.sha256)
    if (stored.sha512, stored.size) != (lost.receipt.get("sha512"), lost.receipt.get("size")):
        raise BlobChanged(lost.sha256, "its receipt says something else")
    media_type = media_types.detect(vault.head(lost.sha256, media_types.HEAD))
    name = kept(str(lost.receipt.get("name", "")))
    details = Details(
        title=shown(name)[:LONGEST] or "Recovered original",
        original_url=str(lost.receipt.get("source_url", "")),
        captured_at=_moment(lost.receipt.get("captured_at")),
        relevance_note=_story(lost.receipt),
    )
    preserved = Preserved(stored, media_type)
    return log_preserved(actor=actor, case=case, preserved=preserved, file_name=name, details=details, method=METHOD)


def _story(receipt: dict) -> str:
    names = {str(pk): name for pk, name in User.objects.values_list("pk", "username")}
    who = names.get(receipt.get("uploader"), "somebody unknown")
    when, how = receipt.get("received_at", "at an unknown time"), receipt.get("method", "means unknown")
    return f"Recovered from the store. It was received {when} from {who} by {how}."


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None


def _receipts(sha256: str) -> list[dict]:
    try:
        return stores.vault().receipts(sha256)
    except json.JSONDecodeError:
        return []
