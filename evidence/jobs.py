"""Work on evidence that the queue does: reading new exhibits, and reading originals again."""

from datetime import datetime

from django.utils import timezone
from procrastinate.contrib.django import app

from cases.actions.job_runs import start_job
from cases.jobs import job_task
from cases.models import User
from cases.progress import Progress
from evidence.actions.aids import MAKE_AIDS, has_aids, make_aids
from evidence.actions.comparing import COMPARE, await_those_behind, compare_items, start_comparing, take_waiting
from evidence.actions.derivatives import DERIVE
from evidence.actions.derivatives import derive_item as derive
from evidence.actions.fixity import CHECK_CASE, SWEEP_VAULT, TELL_DAMAGE, sweep, verify_item
from evidence.actions.looking_up import LOOK_UP, answer_look_up, ask_elsewhere
from evidence.actions.sweeping import sweep_leftovers
from evidence.models import LookUp, WaitingForMatches
from evidence.queries import FIXITY_INTERVAL, due_for_fixity, get_item_by_id

SWEEP_BATCH = 20
MOST_COMPARED = 320
MOST_BEHIND = 1_000


@job_task(DERIVE)
def derive_item(progress: Progress, *, item_id: str, actor_id: str, charset: str = "") -> None:
    """Read one exhibit. Done twice, it leaves the same rows; what a parser refuses is no failure of the job."""
    actor = User.objects.get(pk=actor_id)
    progress.advance(0, total=1, message="Reading")
    item = get_item_by_id(actor, item_id)
    # The command that logged it may have read it already.
    if item.derived_at is None or charset:
        derive(actor=actor, item=item, charset=charset)
        if has_aids(item):
            make_aids(actor=actor, item=item)
    progress.advance(1)


@job_task(MAKE_AIDS)
def make_aids_of(progress: Progress, *, item_id: str, actor_id: str) -> None:
    """Make the aids of one exhibit at a person's wish."""
    actor = User.objects.get(pk=actor_id)
    make_aids(actor=actor, item=get_item_by_id(actor, item_id))


@job_task(CHECK_CASE)
def check_case(progress: Progress, *, item_ids: list[str], actor_id: str) -> None:
    """Read the originals of a case again, at a person's wish."""
    actor = User.objects.get(pk=actor_id)
    damaged = 0
    for number, item_id in enumerate(item_ids):
        progress.advance(number, total=len(item_ids), message=_so_far(damaged))
        damaged += verify_item(actor=actor, item=get_item_by_id(actor, item_id)).state != "ok"
    with progress.finishing(_so_far(damaged)):
        pass


@job_task(TELL_DAMAGE)
def tell_damage(progress: Progress, *, sha256: str, unread_since: str) -> None:
    """Check an original that somebody found changed, or whole again, for every case that builds on it."""
    sweep(hashes=[sha256], unread_since=datetime.fromisoformat(unread_since))


@app.periodic(cron="17 3 * * *")
@app.task(name="evidence.schedule_sweep", queueing_lock="evidence.schedule_sweep")
def schedule_sweep(timestamp: int) -> None:
    """Each night, look whether some original was not read for a month (AUDIT 3)."""
    if due_for_fixity(timezone.now(), 1):
        start_job(actor=None, task=SWEEP_VAULT, title="Monthly fixity check of the vault")


@app.periodic(cron="47 3 * * *")
@app.task(name="evidence.sweep_leftovers", queueing_lock="evidence.sweep_leftovers")
def sweep_nightly(timestamp: int) -> None:
    """Each night, take away what crashes and lost connections left a week ago (F02)."""
    sweep_leftovers(now=timezone.now())


@job_task(SWEEP_VAULT)
def sweep_vault(progress: Progress) -> None:
    """Check every original that was not checked for a month."""
    began, checked, damaged = timezone.now(), 0, 0
    while batch := due_for_fixity(began, SWEEP_BATCH):
        checks = sweep(hashes=batch, unread_since=began - FIXITY_INTERVAL)
        damaged += sum(check.state != "ok" for check in checks)
        checked += len(batch)
        progress.advance(checked, message=_so_far(damaged))
    with progress.finishing(_so_far(damaged)):
        pass


@job_task(COMPARE)
def compare_waiting(progress: Progress) -> None:
    """Compare new pictures until none waits, or others should have their turn."""
    compared = 0
    while compared < MOST_COMPARED and (items := take_waiting()):
        compare_items(items)
        compared += len(items)
        progress.advance(compared)
    ask_elsewhere()
    with progress.finishing(f"{compared} exhibits"):
        if WaitingForMatches.objects.filter(taken_at=None).exists():
            start_comparing()


@job_task(LOOK_UP)
def look_up(progress: Progress, *, look_up_id: str) -> None:
    """Answer one look-up."""
    answer_look_up(look_up_id)


@app.periodic(cron="* * * * *")
@app.task(name="evidence.resume_comparing", queueing_lock="evidence.resume_comparing")
def resume_comparing(timestamp: int) -> None:
    """Each minute, look for exhibits that came in just when the last run found none, whose worker died, or that were
    read by another version of the fingerprints."""
    await_those_behind(MOST_BEHIND)
    unasked = LookUp.objects.filter(result__isnull=False, prints__isnull=False)
    if WaitingForMatches.objects.exists() or unasked.exists():
        start_comparing()


def _so_far(damaged: int) -> str:
    return f"{damaged} damaged" if damaged else "All unchanged"
