"""An import that a real worker process reads: killed in the middle, done by the next one; cancelled, and gone."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connections

from cases.actions.job_runs import cancel_job
from cases.enums import JobState
from cases.models import JobRun
from evidence.actions.items import log_file
from evidence.details import Details
from evidence.enums import ItemKind
from posts.actions.importing import About, How, start_import
from posts.models import Dataset, Post, RejectedRecord, Sighting
from posts.states import DatasetState
from tests.factories.posts import mapping, row, table
from tests.posts_app.test_importing import staged
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
# Some seconds of reading, in more than one batch.
ROWS = 12_000

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def dataset(room, tmp_path) -> Dataset:
    """A large file as an exhibit, whose reading is queued."""
    rows = [row(n, n % 500, f"Post number {n} of this large file #tag{n % 7}", minutes=n / 60) for n in range(ROWS)]
    with table(tmp_path / "large.csv", rows).open("rb") as stream:
        item = log_file(
            actor=room.investigator,
            case=room.case,
            stream=stream,
            file_name="large.csv",
            details=Details(kind=ItemKind.DATASET),
        )
    how = How(format="mapping", mapping=mapping(), platform="x")
    return start_import(actor=room.investigator, item=item, how=how, about=About())


@contextmanager
def worker(store):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
        "DATABASE_NAME": connections["default"].settings_dict["NAME"],
        "WORKER_STALLED_SECONDS": "2",
        "TEST_STORE": str(store),
    }
    command = [sys.executable, "manage.py", "run_worker"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def begun(dataset):
    return JobRun.objects.filter(pk=dataset.run_id, state=JobState.RUNNING, done__gt=0).exists()


def check_nothing_is_there():
    assert not any(model.objects.exists() for model in (Post, Sighting, RejectedRecord))


def test_import_survives_its_worker_and_is_cancelled_without_a_trace(dataset, room, stores):
    with worker(stores) as first:
        wait_until(lambda: begun(dataset))
        first.send_signal(signal.SIGKILL)
        first.wait()
    check_nothing_is_there()
    assert staged() > 0
    with worker(stores):
        wait_until(lambda: JobRun.objects.get(pk=dataset.run_id).is_final)
        dataset.refresh_from_db()
        assert (dataset.state, dataset.read, dataset.accepted, dataset.posts) == (DatasetState.READY, *[ROWS] * 3)
        assert (Post.objects.count(), Sighting.objects.count(), staged()) == (ROWS, ROWS, 0)

        again = start_import(
            actor=room.investigator, item=dataset.item, how=How.of(dataset), about=About(title="Once more")
        )
        wait_until(lambda: begun(again))
        cancel_job(actor=room.investigator, run_id=again.run_id)
        wait_until(lambda: JobRun.objects.get(pk=again.run_id).is_final)
    again.refresh_from_db()
    assert (again.state, again.problem) == (DatasetState.FAILED, "Cancelled.")
    assert (Post.objects.count(), Sighting.objects.count(), staged()) == (ROWS, ROWS, 0)
