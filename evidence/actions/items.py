"""Logging exhibits, describing them, and taking them out of use; an exhibit is never deleted."""

import io
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone

from audit import log
from cases.exceptions import InvalidInput, StaleVersion
from cases.history import record
from cases.models import Case, User
from evidence import custody, dependents, quotas, stores
from evidence.actions.comparing import await_comparison
from evidence.actions.derivatives import defer_derivation, keep_text
from evidence.actions.fixity import tell_all
from evidence.details import Details, checked
from evidence.enums import CustodyAction, FixityState, ItemKind, ItemState, Sensitivity
from evidence.filenames import LONGEST, kept, shown
from evidence.models import Blob, FixityCheck, Item
from evidence.parsers import media_types
from evidence.permissions import check_log_evidence, check_lower_sensitivity, check_withdraw_item
from evidence.queries import DAMAGED, get_item_by_id
from evidence.vault import Stored
from evidence.workflow import check_case_open, check_item_becomes

STORE = "system:evidence_store"
TOOL = "caseapp"
TOOL_VERSION = "0.1.0"
PASTED = "text (pasted)"
LONGEST_PASTE = 5_000_000
EDITABLE = (
    "title",
    "author",
    "publisher",
    "original_url",
    "archived_url",
    "published_at",
    "published_precision",
    "no_date_reason",
    "language",
    "relevance_note",
    "kind",
    "sensitivity",
    "graphic",
    "source",
)


@dataclass(frozen=True)
class Preserved:
    """A file in the store: its hashes, and its kind as its bytes tell it."""

    stored: Stored
    media_type: str


@dataclass(frozen=True)
class Arrival:
    """One thing that can be entered: a preserved file with its name, or only an address."""

    details: Details
    file_name: str = ""
    preserved: Preserved | None = None


def log_file(
    *,
    actor: User,
    case: Case,
    stream: BinaryIO,
    file_name: str = "",
    details: Details | None = None,
    method: str = "upload",
) -> Item:
    """Preserve a file and give it the next exhibit number.

    The bytes are on the disk before the row is written, so a crash leaves at most an orphan in the store. The text and
    the renditions follow in a job. Raises a VaultError (TooLarge, EmptyFile, VaultFull ...) or InvalidInput.
    """
    check_log_evidence(actor, case)
    check_case_open(case)
    file_name = kept(file_name)
    details = describe_file(case, details or Details(), file_name)
    quotas.check_room(actor, case, _length(stream))
    preserved = preserve(actor=actor, case=case, stream=stream, file_name=file_name, details=details, method=method)
    return log_preserved(
        actor=actor, case=case, preserved=preserved, file_name=file_name, details=details, method=method
    )


def log_preserved(
    *, actor: User, case: Case, preserved: Preserved, file_name: str, details: Details, method: str
) -> Item:
    """Enter a file that the store already holds; the second half of log_file, for files that came in pieces."""
    return log_all(actor=actor, case=case, arrivals=[Arrival(details, file_name, preserved)], method=method)[0]


@transaction.atomic
def log_all(*, actor: User, case: Case, arrivals: Sequence[Arrival], method: str) -> list[Item]:
    """Enter files that the store holds, and links, as consecutive exhibits: all of them or none.

    Their numbers are taken in one step. Ten thousand changes of the case's one row in a transaction would make each
    look at it, of which every new row takes some, walk through ten thousand versions.
    """
    number = _take_numbers(case, len(arrivals))
    return [_arrive(actor, case, one, method, exhibit) for exhibit, one in enumerate(arrivals, number)]


def _arrive(actor: User, case: Case, one: Arrival, method: str, exhibit: int) -> Item:
    if one.preserved is None:
        return _enter(actor, case, _of_link(case, one.details), exhibit=exhibit, method="link")
    blob = _blob(actor, one.preserved.stored, one.preserved.media_type)
    details = replace(one.details, kind=one.details.kind or kind_of(one.preserved.media_type))
    item = _enter(actor, case, details, exhibit=exhibit, blob=blob, file_name=one.file_name, method=method)
    defer_derivation(item, actor)
    await_comparison(item)
    return item


def log_text(*, actor: User, case: Case, text: str, details: Details) -> Item:
    """Preserve pasted text as a file of its own; it can be cited at once."""
    check_log_evidence(actor, case)
    check_case_open(case)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise InvalidInput("There is no text.", field="text")
    if "\0" in text or len(text) > LONGEST_PASTE:
        raise InvalidInput(f"Text may have up to {LONGEST_PASTE:,} characters and no zero bytes.", field="text")
    if not details.title.strip():
        raise InvalidInput("A pasted text needs a title.", field="title")
    details = checked(replace(details, kind=details.kind or ItemKind.TEXT))
    _check_source(case, details)
    content = io.BytesIO(text.encode("utf-8", "replace"))
    quotas.check_room(actor, case, _length(content))
    preserved = preserve(actor=actor, case=case, stream=content, file_name="", details=details, method="paste")
    return _log_pasted(actor=actor, case=case, stored=preserved.stored, text=text, details=details)


@transaction.atomic
def _log_pasted(*, actor: User, case: Case, stored: Stored, text: str, details: Details) -> Item:
    blob = _blob(actor, stored, media_types.TEXT)
    item = _enter(actor, case, details, exhibit=_take_numbers(case, 1), blob=blob, method="paste")
    keep_text(blob, text, [[0, len(text)]], PASTED)
    item.derived_at, item.readings = timezone.now(), [PASTED]
    item.save(update_fields=["derived_at", "readings"])
    return item


def log_link(*, actor: User, case: Case, details: Details) -> Item:
    """Note an address without a preserved copy. It proves nothing until somebody preserves what it shows (G-03)."""
    check_log_evidence(actor, case)
    check_case_open(case)
    return log_all(actor=actor, case=case, arrivals=[Arrival(details)], method="link")[0]


def _of_link(case: Case, details: Details) -> Details:
    if not details.original_url.strip():
        raise InvalidInput("A link needs its address.", field="original_url")
    details = checked(replace(details, kind=ItemKind.LINK, title=details.title or details.original_url[:500]))
    _check_source(case, details)
    return details


@transaction.atomic
def change_item(*, actor: User, item: Item, version: int, changes: dict[str, Any], reason: str = "") -> Item:
    """Correct what was said about an exhibit; what was preserved and how never changes.

    `version` is the one the editor saw; StaleVersion when somebody saved in between.
    """
    item = get_item_by_id(actor, item.pk, for_update=True)
    check_log_evidence(actor, item.case)
    if item.version != version:
        raise StaleVersion(f"E-{item.exhibit} was changed by somebody else in the meantime.", current=item)
    if unknown := sorted(set(changes) - set(EDITABLE)):
        raise InvalidInput(f"{unknown[0]} cannot be changed.", field=unknown[0])
    described = {name: getattr(item, name) for name in EDITABLE}
    details = checked(Details(**(described | changes)))
    if (details.kind == ItemKind.LINK) != (item.blob_id is None):
        raise InvalidInput("An exhibit with a preserved copy is not a link, and a link is nothing else.", field="kind")
    if not details.title:
        raise InvalidInput("An exhibit needs a title.", field="title")
    _check_source(item.case, details)
    _check_sensitivity(actor, item, details, reason)
    new = {name: getattr(details, name) for name in EDITABLE}
    changed = [name for name in EDITABLE if described[name] != new[name]]
    if not changed:
        return item
    for name in changed:
        setattr(item, name, new[name])
    item.version += 1
    item.save(update_fields=[*changed, "version"])
    before, after = ({name: _plain(values[name]) for name in changed} for values in (described, new))
    record(actor, "item_changed", item, before=before, after=after, reason=reason)
    dependents.changed(actor=actor, reason=f"The description of E-{item.exhibit} was changed.", items=[item])
    return item


def _check_sensitivity(actor: User, item: Item, details: Details, reason: str) -> None:
    if item.sensitivity != Sensitivity.SENSITIVE or details.sensitivity == Sensitivity.SENSITIVE:
        return
    check_lower_sensitivity(actor, item)
    if not reason.strip():
        raise InvalidInput("Say why the exhibit is no longer sensitive.", field="reason")


@transaction.atomic
def withdraw_item(*, actor: User, item: Item, reason: str) -> Item:
    """Take an exhibit out of use. Its bytes, its number and its history stay."""
    return _retire(actor, item, ItemState.WITHDRAWN, reason, "item_withdrawn")


@transaction.atomic
def restore_item(*, actor: User, item: Item, reason: str) -> Item:
    """Put a withdrawn or superseded exhibit back into use."""
    return _retire(actor, item, ItemState.ACTIVE, reason, "item_restored")


@transaction.atomic
def supersede_item(*, actor: User, item: Item, by: Item, reason: str) -> Item:
    """Replace an exhibit by a better one of the same case, for example a link by its preserved copy."""
    if by.case_id != item.case_id or by.pk == item.pk or by.state != ItemState.ACTIVE:
        raise InvalidInput("Choose another active exhibit of the same case.", field="by")
    return _retire(actor, item, ItemState.SUPERSEDED, reason, "item_superseded", by=by)


def _retire(actor: User, item: Item, state: str, reason: str, action: str, *, by: Item | None = None) -> Item:
    item = get_item_by_id(actor, item.pk, for_update=True)
    check_withdraw_item(actor, item)
    check_item_becomes(item, state)
    if not reason.strip():
        raise InvalidInput("Say why.", field="reason")
    before, item.state, item.superseded_by = item.state, state, by
    item.version += 1
    item.save(update_fields=["state", "superseded_by", "version"])
    if state == ItemState.WITHDRAWN:
        custody.note(item, CustodyAction.WITHDRAW, actor, purpose=reason)
    after = {"state": state, "superseded_by": str(by.pk) if by else None}
    record(actor, action, item, before={"state": before}, after=after, reason=reason.strip())
    became = item.get_state_display().lower()
    dependents.changed(actor=actor, reason=f"E-{item.exhibit} is now {became}: {reason.strip()}", items=[item])
    return item


# --- parts


def kind_of(media_type: str) -> str:
    """The kind of exhibit that a media type suggests, where nobody said it."""
    family = media_type.partition("/")[0]
    by_family = {"image": ItemKind.IMAGE, "video": ItemKind.VIDEO, "audio": ItemKind.AUDIO}
    by_type = {
        media_types.HTML: ItemKind.PAGE,
        media_types.TEXT: ItemKind.DOCUMENT,
        media_types.PDF: ItemKind.DOCUMENT,
        media_types.SVG: ItemKind.OTHER,
    }
    return by_type.get(media_type) or by_family.get(family, ItemKind.OTHER)


def describe_file(case: Case, details: Details, file_name: str) -> Details:
    """What is said of a file, checked, with its name as the title where no other was given, as a person reads it."""
    if not details.title.strip():
        details = replace(details, title=shown(kept(file_name))[:LONGEST] or "Untitled file")
    details = checked(details)
    if details.kind == ItemKind.LINK:
        raise InvalidInput("A file is not a link: choose another kind.", field="kind")
    _check_source(case, details)
    return details


def _check_source(case: Case, details: Details) -> None:
    if details.source is not None and details.source.case_id != case.pk:
        raise InvalidInput("There is no such source in this case.", field="source")


def preserve(*, actor: User, case: Case, stream: BinaryIO, file_name: str, details: Details, method: str) -> Preserved:
    """Put a file into the store with its receipt and tell its kind. Writes no row, so it runs outside a transaction."""
    vault = stores.vault()
    now = timezone.now()
    note = {
        "case": case.ref,
        "captured_at": (details.captured_at or now).isoformat(),
        "received_at": now.isoformat(),
        "name": file_name,
        "method": method,
        "source_url": details.original_url,
        "tool": f"{TOOL} {TOOL_VERSION}",
        "uploader": str(actor.pk),
    }
    stored = vault.put(stream, receipt=lambda _: note)
    return Preserved(stored, media_types.detect(vault.head(stored.sha256, media_types.HEAD)))


def _length(stream: BinaryIO) -> int:
    """How many bytes are to come, where the stream can tell before they are read."""
    if not stream.seekable():
        return 0
    length = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    return length


def _blob(actor: User, stored: Stored, media_type: str) -> Blob:
    facts = {"sha512": stored.sha512, "size": stored.size, "media_type": media_type}
    blob, _ = Blob.objects.get_or_create(sha256=stored.sha256, defaults=facts)
    if stored.set_aside:
        after = {"set_aside": stored.set_aside}
        log.record(actor=STORE, action="original_repaired", obj=f"vault:{stored.sha256}", after=after)
    if stored.set_aside or blob.fixity in DAMAGED:
        tell_all(stored.sha256)
    # The store has just written these bytes, or compared them one by one with what it held.
    if blob.fixity != FixityState.OK:
        blob.fixity = FixityState.OK
        blob.save(update_fields=["fixity"])
    FixityCheck.objects.create(blob=blob, state=FixityState.OK, found_sha256=stored.sha256, checked_by=actor)
    return blob


def _take_numbers(case: Case, count: int) -> int:
    """The first of so many exhibit numbers, which nobody else will have."""
    counter = Case.objects.select_for_update().get(pk=case.pk)
    check_case_open(counter)
    counter.last_exhibit += count
    counter.save(update_fields=["last_exhibit"])
    return counter.last_exhibit - count + 1


def _enter(
    actor: User,
    case: Case,
    details: Details,
    *,
    exhibit: int,
    method: str,
    blob: Blob | None = None,
    file_name: str = "",
) -> Item:
    described = {name: getattr(details, name) for name in EDITABLE}
    item = Item.objects.create(
        case=case,
        exhibit=exhibit,
        blob=blob,
        file_name=file_name,
        captured_at=details.captured_at or timezone.now(),
        fixity_checked_at=timezone.now() if blob else None,
        collector=actor,
        method=method,
        tool=TOOL,
        tool_version=TOOL_VERSION,
        **described,
    )
    sha256 = blob.sha256 if blob else ""
    action = CustodyAction.RECEIVE if blob else CustodyAction.COLLECT
    custody.note(item, action, actor, purpose=f"Logged as E-{item.exhibit} by {method}", result_sha256=sha256)
    after = {name: _plain(value) for name, value in described.items() if value not in ("", None)}
    after |= {"exhibit": item.exhibit, "size": blob.size if blob else 0, "file_name": file_name, "method": method}
    record(actor, "item_logged", item, after=after, evidence=[sha256] if blob else [])
    return item


def _plain(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "pk"):
        return str(value.pk)
    return value if isinstance(value, bool) or value is None else str(value)
