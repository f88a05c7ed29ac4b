"""Queued work that people can watch, try again and stop."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from cases import permissions, queries
from cases.actions.job_runs import cancel_job, retry_job
from cases.enums import JobState
from cases.exceptions import InvalidInput
from cases.models import Case, JobRun
from cases.paging import keyset_page
from cases.permissions import Permission


@require_GET
def case_jobs(request: HttpRequest, ref: str) -> HttpResponse:
    """The jobs of one case, newest first."""
    case = queries.get_case(request.user, ref)
    permissions.check(request.user, case, Permission.CASE_VIEW)
    may_manage = permissions.can(request.user, case, Permission.JOB_MANAGE)
    return _page(request, case, may_manage=may_manage)


@require_GET
def own_jobs(request: HttpRequest) -> HttpResponse:
    """All jobs that concern me, of every case and of none."""
    return _page(request, None, may_manage=False)


def _page(request: HttpRequest, case: Case | None, *, may_manage: bool) -> HttpResponse:
    runs = queries.jobs_of(request.user, case)
    state = request.GET.get("state", "")
    if state:
        if state not in JobState.values:
            raise InvalidInput("There is no such state of a job.", field="state")
        runs = runs.filter(state=state)
    page = keyset_page(runs, order="-created_at", cursor=request.GET.get("cursor", ""))
    context = {
        "case": case,
        "nav": "jobs",
        "page": page,
        "may_manage": may_manage,
        "state": state,
        "states": JobState.choices,
    }
    return render(request, "cases/jobs.html", context)


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
