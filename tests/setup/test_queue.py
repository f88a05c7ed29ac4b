"""Queued work through real worker processes: progress, retry, cancel, and kill -9 at every point."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.db import connections, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from audit.models import Event
from cases.actions.job_runs import cancel_job, retry_job, start_job
from cases.enums import JobState
from cases.exceptions import Conflict
from cases.jobs import MOST_ATTEMPTS, RetryUnexpected
from cases.models import JobRun, User
from tests.waiting import PATIENCE, wait_until

ROOT = Path(__file__).resolve().parents[2]
STALLED_SECONDS = 2

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def actor() -> User:
    return User.objects.create_user("ada")


def worker_environment() -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
        "DATABASE_NAME": connections["default"].settings_dict["NAME"],
        "WORKER_STALLED_SECONDS": str(STALLED_SECONDS),
    }


@contextmanager
def worker(*arguments: str) -> Iterator[subprocess.Popen]:
    command = [sys.executable, "manage.py", "run_worker", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=worker_environment(), stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def work_off() -> None:
    """Let a worker do all that is queued, and end."""
    command = [sys.executable, "manage.py", "run_worker", "--once"]
    subprocess.run(command, cwd=ROOT, env=worker_environment(), check=True, timeout=PATIENCE, capture_output=True)


def start(actor: User, folder: Path, stop_at: str = "") -> JobRun:
    arguments = {"folder": str(folder), "name": "made by a job", "stop_at": stop_at}
    return start_job(actor=actor, task="slow_jobs.add_group", title="Adding a group", arguments=arguments)


@pytest.mark.parametrize("point", ["before", "inside", "after"])
def test_job_takes_effect_once_when_its_worker_is_killed(actor, tmp_path, point):
    run = start(actor, tmp_path, stop_at=point)
    with worker() as first:
        wait_until((tmp_path / point).exists)
        first.send_signal(signal.SIGKILL)
        first.wait()
    with worker():
        wait_until(lambda: ProcrastinateJob.objects.get(pk=run.queue_id).status == "succeeded")
    run.refresh_from_db()
    assert (run.state, run.message, run.percent) == (JobState.SUCCEEDED, "all of it", 100)
    assert Group.objects.filter(name__startswith="made by a job").count() == 1
    assert Event.objects.filter(object=f"jobrun:{run.pk}", action="job_succeeded").count() == 1


def test_job_that_kills_every_worker_is_given_up(actor, tmp_path):
    run = start(actor, tmp_path)
    queued = ProcrastinateJob.objects.filter(pk=run.queue_id)
    with connections["default"].cursor() as cursor:
        # As two killed workers leave it: taken a third time, by a worker that is gone.
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = %s, worker_id = NULL WHERE id = %s",
            [MOST_ATTEMPTS - 1, run.queue_id],
        )
    with worker():
        wait_until(lambda: queued.get().status == "failed" and JobRun.objects.get(pk=run.pk).is_final)
    run.refresh_from_db()
    assert (run.state, run.message) == (JobState.FAILED, "Its worker was killed each time.")
    assert not Group.objects.exists()


def test_job_is_queued_only_with_the_row_it_serves(actor, tmp_path):
    with transaction.atomic():
        start(actor, tmp_path)
        transaction.set_rollback(True)
    assert not JobRun.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_job_shows_progress_and_stops_when_asked(actor, tmp_path):
    run = start(actor, tmp_path, stop_at="before")
    with worker():
        wait_until((tmp_path / "before").exists)
        run.refresh_from_db()
        assert (run.state, run.percent, run.message) == (JobState.RUNNING, 50, "half of it")
        cancel_job(actor=actor, run_id=run.pk)
        (tmp_path / "go").touch()
        wait_until(lambda: JobRun.objects.get(pk=run.pk).is_final)
    run.refresh_from_db()
    assert run.state == JobState.CANCELLED
    assert not Group.objects.exists()


def test_job_cancelled_before_it_begins_never_runs(actor, tmp_path):
    run = start(actor, tmp_path)
    cancel_job(actor=actor, run_id=run.pk)
    work_off()
    run.refresh_from_db()
    assert (run.state, run.attempts) == (JobState.CANCELLED, 0)


def test_cancelled_job_can_be_tried_again(actor, tmp_path):
    run = start(actor, tmp_path)
    cancel_job(actor=actor, run_id=run.pk)
    work_off()
    retry_job(actor=actor, run_id=run.pk)
    work_off()
    run.refresh_from_db()
    assert (run.state, run.attempts) == (JobState.SUCCEEDED, 1)
    with pytest.raises(Conflict):
        retry_job(actor=actor, run_id=run.pk)
    with pytest.raises(Conflict):
        cancel_job(actor=actor, run_id=run.pk)


def test_job_that_says_why_it_cannot_be_done_is_not_retried(actor):
    run = start_job(actor=actor, task="slow_jobs.refuse", title="Refusing")
    work_off()
    run.refresh_from_db()
    assert (run.state, run.message, run.attempts) == (JobState.FAILED, "The file is empty.", 1)


def test_job_that_breaks_down_waits_for_its_next_try_without_telling_details(actor):
    run = start_job(actor=None, task="slow_jobs.break_down", title="Breaking")
    work_off()
    run.refresh_from_db()
    assert (run.state, run.attempts) == (JobState.QUEUED, 1)
    assert "secret" not in run.message
    queued = ProcrastinateJob.objects.get(pk=run.queue_id)
    assert (queued.status, queued.attempts) == ("todo", 1)


def test_retries_wait_longer_and_end():
    common = {"id": 1, "queue": "default", "lock": None, "queueing_lock": None, "task_name": "any"}
    decide = RetryUnexpected().get_retry_decision
    first, second, third = (decide(exception=OSError(), job=Job(**common, attempts=n)) for n in range(3))
    assert second.retry_at - first.retry_at > timedelta(seconds=19)
    assert third is None


def test_every_step_a_person_takes_leaves_one_event(actor, tmp_path):
    run = start(actor, tmp_path)
    cancel_job(actor=actor, run_id=run.pk)
    cancel_job(actor=actor, run_id=run.pk)
    events = Event.objects.filter(object=f"jobrun:{run.pk}")
    assert list(events.values_list("action", "actor")) == [
        ("job_queued", f"user:{actor.pk}"),
        ("job_cancel_requested", f"user:{actor.pk}"),
    ]
