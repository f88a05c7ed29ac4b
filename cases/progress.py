"""How a running job tells where it is, hears that it is to stop, and makes its effect happen once."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit import log
from cases.enums import JobState
from cases.models import JobRun

WORKER = "system:worker"


class JobCancelled(Exception):
    """Somebody asked the job to stop; what it did so far stays."""


class JobAlreadyFinished(Exception):
    """Another worker finished this job first; nothing is left to do."""


class Progress:
    """Handed to every job; `run_id` names the row that people watch."""

    def __init__(self, run_id: UUID) -> None:
        self.run_id = run_id

    def advance(self, done: int, *, total: int | None = None, message: str = "") -> None:
        """Show `done` of `total`; raises JobCancelled when somebody asked to stop.

        Call it between the job's transactions: inside one nobody would see it before the end.
        """
        changes = {"done": done, "message": message[:500]} | ({} if total is None else {"total": total})
        running = JobRun.objects.filter(pk=self.run_id, state=JobState.RUNNING)
        if not running.filter(cancel_requested=False).update(**changes):
            raise JobCancelled if running.exists() else JobAlreadyFinished

    @contextmanager
    def finishing(self, message: str = "") -> Iterator[JobRun]:
        """The transaction in which the job takes effect: it ends as done, or nothing happened.

        Two workers may hold the same job for a moment (one was taken for dead): the row's lock lets one of them in.
        """
        with transaction.atomic():
            run = JobRun.objects.select_for_update(of=("self",)).get(pk=self.run_id)
            if run.is_final:
                raise JobAlreadyFinished
            yield run
            finish(run, JobState.SUCCEEDED, message)


def finish(run: JobRun, state: JobState, message: str) -> None:
    """Set the end of a locked run and record it; one that succeeded has done all that it counted."""
    run.state, run.message, run.finished_at = state, message[:500], timezone.now()
    if state == JobState.SUCCEEDED and run.total:
        run.done = run.total
    run.save(update_fields=["state", "message", "finished_at", "done"])
    log.record(
        actor=WORKER,
        action=f"job_{state.value}",
        obj=f"jobrun:{run.pk}",
        case_id=run.case_id,
        after={"state": state.value, "attempts": run.attempts},
    )
