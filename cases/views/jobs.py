"""Queued work that people can watch, try again and stop."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases import permissions, queries
from cases.actions.exports import record_export
from cases.actions.job_runs import cancel_job, retry_job
from cases.csv import csv_response
from cases.enums import JobState
from cases.exceptions import InvalidInput
from cases.models import Case, JobRun
from cases.paging import keyset_page
from cases.permissions import Permission

HEADER = ["job", "state", "message", "started_by", "queued_utc", "ended_utc", "tries", "id"]


@require_GET
def case_jobs(request: HttpRequest, ref: str) -> HttpResponse:
    """The jobs of one case, newest first."""
    case = queries.get_case(request.user, ref)
    permissions.check(request.user, case, Permission.CASE_VIEW)
    may_manage = permissions.can(request.user, case, Permission.JOB_MANAGE)
    return _page(request, case, may_manage=may_manage)


@require_GET
def case_jobs_csv(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The same jobs as CSV; taking them out of the house is an event."""
    case = queries.get_case(request.user, ref)
    runs = _in_state(queries.jobs_of(request.user, case), request.GET.get("state", ""))
    record_export(actor=request.user, case=case, what="jobs", filters=request.GET.urlencode())
    lines = (_csv_row(run) for run in runs.order_by("-created_at", "-pk"))
    return csv_response(f"{case.ref}-jobs-{timezone.now():%Y%m%d}.csv", HEADER, lines)


@require_GET
def own_jobs(request: HttpRequest) -> HttpResponse:
    """All jobs that concern me, of every case and of none."""
    return _page(request, None, may_manage=False)


def _page(request: HttpRequest, case: Case | None, *, may_manage: bool) -> HttpResponse:
    state = request.GET.get("state", "")
    runs = _in_state(queries.jobs_of(request.user, case), state)
    page = keyset_page(runs, order="-created_at", cursor=request.GET.get("cursor", ""))
    context = {
        "case": case,
        "nav": "jobs",
        "page": page,
        "count": runs.count(),
        "may_export": case is not None and permissions.can(request.user, case, Permission.EXPORT),
        "may_manage": may_manage,
        "state": state,
        "states": JobState.choices,
    }
    return render(request, "cases/jobs.html", context)


def _in_state(runs: QuerySet[JobRun], state: str) -> QuerySet[JobRun]:
    if not state:
        return runs
    if state not in JobState.values:
        raise InvalidInput("There is no such state of a job.", field="state")
    return runs.filter(state=state)


def _csv_row(run: JobRun) -> list[object]:
    started_by = run.started_by.username if run.started_by else ""
    ended = run.finished_at.isoformat() if run.finished_at else ""
    return [run.title, run.state, run.message, started_by, run.created_at.isoformat(), ended, run.attempts, run.pk]


@require_GET
def job_progress(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """One job's bar, which asks for itself again until the job has ended."""
    return render(request, "cases/job_progress.html", {"run": queries.get_job(request.user, run_id)})


@require_POST
def job_retry(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Queue a failed or cancelled job again."""
    run = retry_job(actor=request.user, run_id=run_id)
    messages.success(request, f"“{run.title}” is waiting for its next try.")
    return _back(run)


@require_POST
def job_cancel(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Ask a job to stop."""
    run = cancel_job(actor=request.user, run_id=run_id)
    messages.success(request, f"“{run.title}” was asked to stop.")
    return _back(run)


def _back(run: JobRun) -> HttpResponse:
    return redirect("cases:jobs", run.case.ref) if run.case else redirect("cases:own_jobs")
