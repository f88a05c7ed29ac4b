"""Work on evidence that the queue does: reading new exhibits, and reading all originals again once a month."""

from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from cases.models import User
from evidence.actions.derivatives import derive_item as derive
from evidence.actions.fixity import sweep
from evidence.exceptions import BlobChanged, BlobMissing
from evidence.queries import due_for_fixity, get_item_by_id

SWEEP_BATCH = 20


@app.task(queue="evidence", retry=RetryStrategy(max_attempts=3, exponential_wait=5))
def derive_item(item_id: str, actor_id: str) -> str:
    """Read one exhibit; done twice, it leaves the same rows."""
    actor = User.objects.get(pk=UUID(actor_id))
    item = get_item_by_id(actor, item_id)
    try:
        return derive(actor=actor, item=item).parse_problem or "read"
    except (BlobMissing, BlobChanged) as damage:
        # The damage is on record by now; trying again would not mend it.
        return str(damage)


@app.periodic(cron="17 3 * * *")
@app.task(queue="evidence", queueing_lock="evidence_sweep", lock="evidence_sweep")
def sweep_vault(timestamp: int = 0) -> int:
    """Check every original that was not checked for a month (AUDIT 3); returns how many were read."""
    checked = 0
    now = timezone.now()
    while batch := due_for_fixity(now, SWEEP_BATCH):
        checked += len(sweep(hashes=batch))
    return checked
