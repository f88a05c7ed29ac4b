"""What turns a function into a queued job: retries, progress, cancelling, and survival of a killed worker.

A package's jobs live in its own `jobs.py`:

    @job_task("evidence.verify_vault")
    def verify_vault(progress: Progress, *, case_id: str) -> None: ...

and begin by `cases.actions.job_runs.start_job`, in the transaction of the row they serve.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from types import TracebackType
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from audit import time_stamps
from audit.context import request_context
from audit.waiting import wait_for_inclusion
from cases.actions.idempotency_keys import forget_old_answers
from cases.actions.time_stamps import TIME_STAMP, ask_for_due
from cases.enums import JobState
from cases.exceptions import CaseworkError
from cases.models import JobRun
from cases.progress import JobAlreadyFinished, JobCancelled, Progress, finish

MOST_ATTEMPTS = 3
SEALED_WITHIN = 30.0  # seconds; a job may wait longer than a page
FIRST_PAUSE = timedelta(seconds=5)
UNEXPECTED = "It failed for a reason that is in the server's log."

logger = logging.getLogger(__name__)


class RetryUnexpected(BaseRetryStrategy):
    """Try again after 5 and 25 seconds; not when the job itself says why it cannot be done."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, CaseworkError) or job.attempts + 1 >= MOST_ATTEMPTS:
            return None
        return RetryDecision(retry_at=timezone.now() + FIRST_PAUSE * 5**job.attempts)


def job_task(name: str, *, queue: str = "default"):
    """Register `function(progress, **arguments)` as the job `name`."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        @app.task(name=name, queue=queue, retry=RetryUnexpected())
        def run(run_id: str) -> None:
            perform(UUID(run_id), function)

        return function

    return register


def perform(run_id: UUID, function: Callable[..., None]) -> None:
    """Run `function` for a queued run, unless it has ended already."""
    run = _claim(run_id)
    if run is None:
        return
    progress = Progress(run_id)
    with request_context(request_id=f"job-{run_id}"), _Outcome(run_id):
        function(progress, **run.arguments)
        with progress.finishing():
            pass  # a job without an effect of its own to protect ends here; others ended inside the function


@transaction.atomic
def _claim(run_id: UUID) -> JobRun | None:
    run = JobRun.objects.select_for_update(of=("self",)).get(pk=run_id)
    if run.is_final:
        return None
    if run.cancel_requested:
        finish(run, JobState.CANCELLED, "Cancelled before it began.")
        return None
    run.state, run.attempts, run.message = JobState.RUNNING, run.attempts + 1, ""
    run.started_at = run.started_at or timezone.now()
    run.save(update_fields=["state", "attempts", "message", "started_at"])
    return run


class _Outcome(AbstractContextManager):
    """Writes down how a run ended; a failure still reaches the queue, which decides about another try."""

    def __init__(self, run_id: UUID) -> None:
        self.run_id = run_id

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if isinstance(error, JobAlreadyFinished):
            return True
        if isinstance(error, JobCancelled):
            _end(self.run_id, JobState.CANCELLED, "Cancelled.")
            return True
        if isinstance(error, CaseworkError):
            _end(self.run_id, JobState.FAILED, str(error))
        elif error is not None:
            _note_failure(self.run_id)
        return False


@transaction.atomic
def _end(run_id: UUID, state: JobState, message: str) -> None:
    run = JobRun.objects.select_for_update(of=("self",)).get(pk=run_id)
    if not run.is_final:
        finish(run, state, message)


@transaction.atomic
def _note_failure(run_id: UUID) -> None:
    run = JobRun.objects.select_for_update(of=("self",)).get(pk=run_id)
    if run.is_final:
        return
    if run.attempts >= MOST_ATTEMPTS:
        finish(run, JobState.FAILED, UNEXPECTED)
        return
    run.state, run.message = JobState.QUEUED, f"{UNEXPECTED} It will be tried again."
    run.save(update_fields=["state", "message"])


async def rescue(worker_app: App) -> int:
    """Queue again what a killed worker held; give up what killed its worker every time. Returns how many there were."""
    stalled = list(
        await worker_app.job_manager.get_stalled_jobs(seconds_since_heartbeat=settings.WORKER_STALLED_SECONDS)
    )
    for job in stalled:
        logger.warning("Job %s lost its worker", job.id)
        if job.attempts + 1 < MOST_ATTEMPTS:
            await worker_app.job_manager.retry_job(job)
        else:
            await worker_app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
            await sync_to_async(_give_up)(job.task_kwargs.get("run_id"))
    return len(stalled)


def _give_up(run_id: object) -> None:
    if isinstance(run_id, str):
        _end(UUID(run_id), JobState.FAILED, "Its worker was killed each time.")


@job_task(TIME_STAMP)
def time_stamp(progress: Progress, *, event_id: str = "") -> None:
    """Have the checkpoints of releases and of each day stamped; while the authority is silent, work goes on (F28)."""
    if event_id:
        wait_for_inclusion([UUID(event_id)], timeout=SEALED_WITHIN)
    stamped = time_stamps.stamp_due()
    with progress.finishing(f"{stamped} checkpoints stamped"):
        pass


@app.periodic(cron="23 * * * *")
@app.task(name="cases.schedule_time_stamps", queueing_lock="cases.schedule_time_stamps")
def schedule_time_stamps(timestamp: int) -> None:
    """Hourly: what the authority missed is asked for again, and each day has its stamp."""
    ask_for_due()


@app.periodic(cron="41 3 * * *")
@app.task(name="cases.forget_old_answers")
def forget_answers(timestamp: int) -> None:
    """Nightly: drop what `Idempotency-Key` kept for a week."""
    forget_old_answers()
