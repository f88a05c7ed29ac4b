"""Jobs as people meet them: lists, progress, retry and cancel, on pages and in the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.actions.job_runs import start_job
from cases.actions.users import change_flags
from cases.enums import JobState
from cases.models import JobRun
from tests.access.events import actions_since, last_number
from tests.factories.cases import make_case

pytestmark = pytest.mark.django_db

TASK = "evidence.derive_item"


@pytest.fixture
def job(people, case) -> JobRun:
    return start_job(actor=people["investigator"], task=TASK, title="Reading exhibit 7", case=case)


def set_state(job: JobRun, state: JobState) -> None:
    finished = job.created_at if state in JobState.final() else None
    JobRun.objects.filter(pk=job.pk).update(state=state, finished_at=finished, done=3, total=12)


def test_job_list_shows_progress_that_asks_for_itself(sign_in, people, case, job):
    set_state(job, JobState.RUNNING)
    page = sign_in(people["viewer"]).get(f"/cases/{case.ref}/jobs/")
    assert "Reading exhibit 7" in page.text
    assert "3 of 12" in page.text
    assert f'hx-get="/jobs/{job.pk}/progress/"' in page.text
    assert "/cancel/" not in page.text
    assert f"/jobs/{job.pk}/cancel/" in sign_in(people["editor"]).get(f"/cases/{case.ref}/jobs/").text


def test_progress_stops_asking_when_the_job_has_ended(sign_in, people, job):
    set_state(job, JobState.FAILED)
    part = sign_in(people["viewer"]).get(f"/jobs/{job.pk}/progress/").text
    assert "hx-get" not in part
    assert "Failed" in part


def test_job_list_can_be_narrowed_to_a_state(sign_in, people, case, job):
    client = sign_in(people["viewer"])
    assert "Reading exhibit 7" not in client.get(f"/cases/{case.ref}/jobs/?state=failed").text
    assert "Reading exhibit 7" in client.get(f"/cases/{case.ref}/jobs/?state=queued").text
    assert client.get(f"/cases/{case.ref}/jobs/?state=odd").status_code == 400


def test_jobs_of_foreign_cases_do_not_exist(sign_in, api, people, case, job):
    stranger, program = sign_in(people["stranger"]), api(people["stranger"])
    assert stranger.get(f"/cases/{case.ref}/jobs/").status_code == 404
    assert stranger.get(f"/jobs/{job.pk}/progress/").status_code == 404
    assert stranger.post(f"/jobs/{job.pk}/cancel/").status_code == 404
    assert "Reading exhibit 7" not in stranger.get("/jobs/").text
    assert program.get(f"/api/v1/cases/{case.ref}/jobs/{job.pk}/").status_code == 404
    other = make_case(ref="OTHER-1", investigator=people["stranger"])
    assert program.get(f"/api/v1/cases/{other.ref}/jobs/{job.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"), [("investigator", 302), ("editor", 302), ("viewer", 403), ("auditor", 403)]
)
def test_cancelling_needs_the_permission(sign_in, people, job, role, status):
    before = last_number()
    assert sign_in(people[role]).post(f"/jobs/{job.pk}/cancel/").status_code == status
    job.refresh_from_db()
    assert job.cancel_requested is (status == 302)
    assert "job_cancel_requested" in actions_since(before) or status == 403


def test_failed_job_is_tried_again_from_its_page(sign_in, people, case, job):
    set_state(job, JobState.FAILED)
    client = sign_in(people["investigator"])
    assert "Try again" in client.get(f"/cases/{case.ref}/jobs/").text
    assert client.post(f"/jobs/{job.pk}/retry/")["Location"] == f"/cases/{case.ref}/jobs/"
    job.refresh_from_db()
    assert (job.state, job.finished_at, job.done) == (JobState.QUEUED, None, 0)
    assert client.post(f"/jobs/{job.pk}/retry/").status_code == 409


def test_own_job_without_a_case_is_seen_and_managed_by_its_starter_only(sign_in, people, case):
    job = start_job(actor=people["editor"], task=TASK, title="My own")
    page = sign_in(people["editor"]).get("/jobs/").text
    assert "My own" in page
    assert f"/jobs/{job.pk}/cancel/" in page
    assert "My own" not in sign_in(people["investigator"]).get("/jobs/").text
    assert sign_in(people["investigator"]).post(f"/jobs/{job.pk}/cancel/").status_code == 404
    assert sign_in(people["editor"]).post(f"/jobs/{job.pk}/cancel/")["Location"] == "/jobs/"


def test_scheduled_job_is_seen_by_administrators(sign_in, people, case):
    start_job(actor=None, task=TASK, title="Monthly sweep")
    change_flags(actor=None, user=people["auditor"], is_staff=True)
    assert "Monthly sweep" in sign_in(people["auditor"]).get("/jobs/").text
    assert "Monthly sweep" not in sign_in(people["editor"]).get("/jobs/").text


def test_api_lists_reads_cancels_and_retries(api, people, case, job):
    program, url = api(people["investigator"]), f"/api/v1/cases/{case.ref}/jobs/"
    listed = program.get(url).json()["results"]
    assert [(row["id"], row["state"], row["percent"]) for row in listed] == [(str(job.pk), "queued", None)]
    assert program.post(f"{url}{job.pk}/cancel/").json()["cancel_requested"] is True
    assert program.post(f"{url}{job.pk}/retry/").status_code == 409
    set_state(job, JobState.CANCELLED)
    assert program.post(f"{url}{job.pk}/retry/").json()["state"] == "queued"
    assert program.get(f"{url}?state=odd").status_code == 400
    assert program.get(f"{url}?state=failed").json()["results"] == []


@pytest.mark.parametrize("role", ["viewer", "publisher"])
def test_api_refuses_roles_that_may_not_manage(api, people, case, job, role):
    answer = api(people[role]).post(f"/api/v1/cases/{case.ref}/jobs/{job.pk}/cancel/")
    assert answer.status_code == 403
    assert "retry or cancel jobs" in answer.json()["detail"]


@pytest.mark.parametrize("url", ["/cases/NC-2024/jobs/", "/jobs/", "/api/v1/cases/NC-2024/jobs/"])
def test_job_lists_take_as_many_queries_for_ten_jobs_as_for_a_thousand(sign_in, people, case, job, url):
    client = sign_in(people["viewer"])
    client.get(url)
    counts = []
    for amount in (9, 990):
        JobRun.objects.bulk_create(
            JobRun(case=case, task=TASK, title=f"Job {n}", started_by=people["editor"]) for n in range(amount)
        )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
