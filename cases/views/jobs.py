"""Queued work that people can watch, try again and stop."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases import permissions, queries
from cases.actions.exports import record_export, record_export_across
from cases.actions.job_runs import cancel_job, retry_job
from cases.csv import csv_response
from cases.forms import JobFilterForm
from cases.listing import check_filter, page_of, sort_of
from cases.models import Case, JobRun
from cases.paging import in_order
from cases.permissions import Permission

SORTS = {
    "job": "title",
    "case": "case__ref",
    "by": "started_by__username",
    "queued": "created_at",
    "ended": "finished_at",
    "tries": "attempts",
}
HEADER = ["case", "job", "state", "message", "started_by", "queued_utc", "ended_utc", "tries", "id"]


@require_GET
def case_jobs(request: HttpRequest, ref: str) -> HttpResponse:
    """The jobs of one case, newest first."""
    case = queries.get_case(request.user, ref)
    rights = permissions.permissions_of(request.user, case)
    exporting = reverse("cases:jobs_csv", args=[ref]) if Permission.EXPORT in rights else ""
    return _page(request, case, may_manage=Permission.JOB_MANAGE in rights, csv_url=exporting)


@require_GET
def case_jobs_csv(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The same jobs as CSV; taking them out of the house is an event."""
    case = queries.get_case(request.user, ref)
    runs = _filtered(queries.jobs_of(request.user, case), JobFilterForm(request.GET))
    record_export(actor=request.user, case=case, what="jobs", filters=request.GET.urlencode())
    return _csv(request, runs, f"{case.ref}-jobs")


@require_GET
def own_jobs(request: HttpRequest) -> HttpResponse:
    """All jobs that concern me, of every case and of none."""
    return _page(request, None, may_manage=False, csv_url=reverse("cases:own_jobs_csv"))


@require_GET
def own_jobs_csv(request: HttpRequest) -> HttpResponseBase:
    """The same jobs as CSV, of cases that I may export and of none; an event in each case that has one among them."""
    exportable = queries.cases_with(request.user, Permission.EXPORT)
    runs = queries.jobs_of(request.user).filter(Q(case__isnull=True) | Q(case__in=exportable))
    runs = _filtered(runs, JobFilterForm(request.GET))
    cases = list(exportable.filter(pk__in=runs.values("case")))
    record_export_across(actor=request.user, cases=cases, what="own_jobs", filters=request.GET.urlencode())
    return _csv(request, runs, "jobs")


def _page(request: HttpRequest, case: Case | None, *, may_manage: bool, csv_url: str) -> HttpResponse:
    form = JobFilterForm(request.GET)
    runs = _filtered(queries.jobs_of(request.user, case), form)
    context = {
        "case": case,
        "nav": "jobs",
        "form": form,
        "page": page_of(request, runs, SORTS, "-created_at"),
        "count": runs.count(),
        "is_filtered": any(form.cleaned_data.values()),
        "csv_url": csv_url,
        "may_manage": may_manage,
    }
    return render(request, "cases/jobs.html", context)


def _filtered(runs: QuerySet[JobRun], form: JobFilterForm) -> QuerySet[JobRun]:
    wanted = check_filter(form)
    if wanted["q"]:
        runs = runs.filter(title__icontains=wanted["q"])
    return runs.filter(state=wanted["state"]) if wanted["state"] else runs


def _csv(request: HttpRequest, runs: QuerySet[JobRun], name: str) -> HttpResponseBase:
    lines = (_csv_row(run) for run in in_order(runs, sort_of(request, SORTS, "-created_at")))
    return csv_response(f"{name}-{timezone.now():%Y%m%d}.csv", HEADER, lines)


def _csv_row(run: JobRun) -> list[object]:
    started_by = run.started_by.username if run.started_by else ""
    ended = run.finished_at.isoformat() if run.finished_at else ""
    case, queued = run.case.ref if run.case else "", run.created_at.isoformat()
    return [case, run.title, run.state, run.message, started_by, queued, ended, run.attempts, run.pk]


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
