"""Reading originals again: whether each still is what was preserved, and telling everybody who builds on it if not."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from audit import log
from cases.actions.job_runs import start_job
from cases.exceptions import InvalidInput
from cases.history import object_string, record
from cases.models import Case, JobRun, User
from evidence import custody, dependents, stores
from evidence.enums import CustodyAction, FixityState
from evidence.exceptions import BlobChanged, BlobMissing
from evidence.models import Blob, FixityCheck, Item
from evidence.permissions import check_verify_evidence
from evidence.queries import DAMAGED, not_read_since
from evidence.vault import Verdict

SWEEP = "system:fixity_sweep"
SWEEP_VAULT = "evidence.sweep_vault"
CHECK_CASE = "evidence.check_case"
TELL_DAMAGE = "evidence.tell_damage"
STATES = {"ok": FixityState.OK, "missing": FixityState.MISSING}


def verify_item(*, actor: User, item: Item) -> FixityCheck:
    """Read the original of one exhibit again, at a person's wish; the outcome joins its chain of custody."""
    check_verify_evidence(actor, item.case)
    if item.blob_id is None:
        raise InvalidInput("A link has no preserved copy to verify.")
    verdict = stores.vault().verify(item.blob_id)
    return _record(verdict, actor, item)


def start_case_check(*, actor: User, case: Case) -> JobRun:
    """Queue the reading of every original of a case, with progress that the actor can watch."""
    check_verify_evidence(actor, case)
    items = Item.objects.visible_to(actor).filter(case=case, blob__isnull=False)
    arguments = {"item_ids": [str(pk) for pk in items.values_list("pk", flat=True)], "actor_id": str(actor.pk)}
    return start_job(actor=actor, task=CHECK_CASE, title="Fixity check of the case", case=case, arguments=arguments)


@contextmanager
def open_or_report(actor: User, item: Item) -> Iterator[BinaryIO]:
    """The checked original of an exhibit; when it is damaged, that is recorded before the refusal goes on its way."""
    try:
        stream = stores.vault().open(item.blob_id)
    except (BlobMissing, BlobChanged):
        _record(stores.vault().verify(item.blob_id), actor, item)
        raise
    with stream:
        yield stream


@transaction.atomic
def _record(verdict: Verdict, actor: User, item: Item) -> FixityCheck:
    check, before = _check(verdict, actor)
    if before != check.state:
        tell_all(verdict.sha256)
    _note(item, verdict, actor)
    after = {"state": check.state, "detail": verdict.detail}
    record(actor, "item_verified", item, before={"state": before}, after=after, evidence=[verdict.sha256])
    if check.state in DAMAGED:
        _tell_dependents(item, verdict)
    return check


def tell_all(sha256: str) -> None:
    """Queue a check for every exhibit of an original whose state has just changed.

    As the system: whoever found it may not see the other cases that hold these bytes, nor learn of them.
    """
    arguments = {"sha256": sha256, "unread_since": timezone.now().isoformat()}
    start_job(actor=None, task=TELL_DAMAGE, title="Check of one original", arguments=arguments)


@transaction.atomic
def sweep(*, hashes: Iterable[str], unread_since: datetime | None = None) -> list[FixityCheck]:
    """Check some originals without a person asking: one event for all, and one for each exhibit that is damaged.

    With `unread_since`, an exhibit whose original was read for it later is told only of damage.
    """
    checks = []
    for verdict in [stores.vault().verify(sha256) for sha256 in hashes]:
        check, _ = _check(verdict, None)
        _tell(verdict, check.blob, unread_since)
        checks.append(check)
    if checks:
        damaged = sorted(check.blob_id for check in checks if check.state in DAMAGED)
        after = {"checked": len(checks), "damaged": damaged}
        log.record(actor=SWEEP, action="vault_swept", obj=f"vault:{checks[-1].blob_id}", after=after)
    return checks


def _check(verdict: Verdict, actor: User | None) -> tuple[FixityCheck, str]:
    blob = Blob.objects.select_for_update().get(pk=verdict.sha256)
    before = blob.fixity
    blob.fixity = STATES.get(verdict.state, FixityState.CHANGED)
    blob.save(update_fields=["fixity"])
    facts = {"state": blob.fixity, "found_sha256": verdict.found, "checked_by": actor}
    return FixityCheck.objects.create(blob=blob, **facts), before


def _tell(verdict: Verdict, blob: Blob, unread_since: datetime | None) -> None:
    """Every exhibit of these bytes learns the outcome, and none learns that there are others."""
    items = blob.items.select_related("case")
    if unread_since is not None and verdict.ok:
        items = not_read_since(items, unread_since)
    for item in items:
        _note(item, verdict, None)
        if blob.fixity in DAMAGED:
            _report_damage(item, verdict)


def _note(item: Item, verdict: Verdict, actor: User | None) -> None:
    item.fixity_checked_at = timezone.now()
    item.save(update_fields=["fixity_checked_at"])
    purpose = "Unchanged" if verdict.ok else f"Not the preserved original: {verdict.detail}"
    custody.note(item, CustodyAction.FIXITY_CHECK, actor, purpose=purpose, result_sha256=verdict.found)


def _report_damage(item: Item, verdict: Verdict) -> None:
    log.record(
        actor=SWEEP,
        action="item_damaged",
        obj=object_string(item),
        case_id=item.case_id,
        after={"detail": verdict.detail},
        evidence=[verdict.sha256],
    )
    _tell_dependents(item, verdict)


def _tell_dependents(item: Item, verdict: Verdict) -> None:
    dependents.damaged(items=[item], reason=f"E-{item.exhibit} is not what was preserved: {verdict.detail}")
