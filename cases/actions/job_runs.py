"""Starting queued work, trying it again and asking it to stop."""

from typing import Any
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from audit import log
from cases import history, permissions, queries
from cases.enums import JobState
from cases.exceptions import Conflict
from cases.models import Case, JobRun, User

SYSTEM = "system:scheduler"


@transaction.atomic
def start_job(
    *, actor: User | None, task: str, title: str, case: Case | None = None, arguments: dict[str, Any] | None = None
) -> JobRun:
    """Queue `task`; it runs only if the caller's transaction commits. `actor` is None for scheduled work."""
    run = JobRun.objects.create(case=case, task=task, title=title, arguments=arguments or {}, started_by=actor)
    _enqueue(run)
    _record(actor, "job_queued", run)
    return run


@transaction.atomic
def retry_job(*, actor: User, run_id: UUID) -> JobRun:
    """Queue a failed or cancelled run again; it keeps its number and what people wrote about it."""
    run = queries.get_job(actor, run_id, for_update=True)
    permissions.check_manage_job(actor, run)
    if run.state not in {JobState.FAILED, JobState.CANCELLED}:
        raise Conflict("Only a failed or cancelled job can be tried again.")
    run.state, run.cancel_requested, run.finished_at = JobState.QUEUED, False, None
    run.done, run.attempts, run.message = 0, 0, ""
    run.save()
    _enqueue(run)
    _record(actor, "job_retried", run)
    return run


@transaction.atomic
def cancel_job(*, actor: User, run_id: UUID) -> JobRun:
    """Ask a run to stop: it ends before it begins, or at its next step."""
    run = queries.get_job(actor, run_id, for_update=True)
    permissions.check_manage_job(actor, run)
    if run.is_final:
        raise Conflict("This job has ended already.")
    if not run.cancel_requested:
        run.cancel_requested = True
        run.save(update_fields=["cancel_requested"])
        _record(actor, "job_cancel_requested", run)
    return run


def _enqueue(run: JobRun) -> None:
    # By name: the module with the task's code belongs to a package that this one must not import.
    run.queue_id = app.configure_task(run.task).defer(run_id=str(run.pk))
    run.save(update_fields=["queue_id"])


def _record(actor: User | None, action: str, run: JobRun) -> None:
    after = {"task": run.task, "title": run.title, "state": str(run.state)}
    if actor is not None:
        history.record(actor, action, run, after=after)
    else:
        log.record(actor=SYSTEM, action=action, obj=history.object_string(run), case_id=run.case_id, after=after)
