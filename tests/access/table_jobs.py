"""Rows for queued work."""

from cases.actions.job_runs import start_job
from tests.access.table import Row, World, inside, only, signed_in

CASE, JOB, API_JOB = {"ref": "ref"}, {"run_id": "job"}, {"ref": "ref", "id": "job"}
MANAGERS = ("investigator", "editor")


def build(world: World) -> None:
    job = start_job(
        actor=world.people["investigator"], task="evidence.derive_item", title="Reading an exhibit", case=world.case
    )
    world.objects["job"] = job.pk


ROWS = [
    Row("cases:jobs", "GET", inside(200), CASE),
    Row("cases:jobs_csv", "GET", only(200, "editor", "publisher", "auditor"), CASE),
    Row("cases:own_jobs", "GET", signed_in(200)),
    # What one alone may see is one's own to take; of cases, only those that one may export are in it.
    Row("cases:own_jobs_csv", "GET", signed_in(200)),
    Row("cases:job_progress", "GET", inside(200), JOB),
    Row("cases:job_retry", "POST", only(409, *MANAGERS), JOB),
    Row("cases:job_cancel", "POST", only(302, *MANAGERS), JOB),
    Row("job-list", "GET", inside(200), CASE),
    Row("job-detail", "GET", inside(200), API_JOB),
    Row("job-retry", "POST", only(409, *MANAGERS), API_JOB, body={}),
    Row("job-cancel", "POST", only(200, *MANAGERS), API_JOB, body={}),
]
