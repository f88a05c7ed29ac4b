"""What the log shows to the world, when it warns, and that its time stamps are asked for in the queue."""

import pytest
from django.db import connections

from audit import keys, queries
from audit.exceptions import NotStamped
from audit.models import Event, TimeStamp
from audit.notes import open_checkpoint
from audit.sequencer import Sequencer
from caseapp.roles import connect_as_login
from cases import jobs
from cases.actions.time_stamps import ask_after, ask_for_due
from cases.enums import JobState
from cases.models import JobRun
from tests.authority import make_authority, serving
from tests.factories.cases import make_case
from tests.factories.users import make_user

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "sequencer"]),
    pytest.mark.xdist_group("public log"),
]


@pytest.fixture
def sequencer(settings, tmp_path) -> Sequencer:
    settings.DATA_DIR = tmp_path
    return Sequencer()


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    with serving(make_authority(tmp_path_factory.mktemp("tsa"))) as made:
        yield made


@pytest.fixture
def stamping(authority, settings):
    authority.answer = None
    settings.AUDIT_TSA_URL, settings.AUDIT_TSA_ROOTS = authority.url, str(authority.roots)
    return authority


@pytest.fixture
def auditor():
    return make_user("anton")


@pytest.fixture
def case(auditor):
    return make_case(ref="NC-1", lead=make_user("lead", can_create_cases=True), auditor=auditor)


def grow_old(hours=1) -> None:
    with connect_as_login(connections.settings["owner"]) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE audit_event SET recorded_at = recorded_at - make_interval(hours => %s)", [hours])
        connection.execute(
            "UPDATE audit_checkpoint SET published_at = published_at - make_interval(hours => %s)", [hours]
        )


def test_checkpoint_and_keys_are_read_without_signing_in(client, case, sequencer):
    count = sequencer.run_all()
    answer = client.get("/audit/checkpoint")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    vkeys = client.get("/audit/vkey").text.splitlines()
    assert vkeys == keys.trusted_vkeys()
    assert open_checkpoint(answer.text, vkeys)[0] == count


def test_log_without_a_key_shows_none(client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert [client.get(f"/audit/{name}").status_code for name in ("checkpoint", "vkey")] == [404, 404]


def test_audit_page_warns_when_sealing_lags(client, case, auditor, sequencer):
    """F29: pending grows, and after a minute it shows."""
    client.force_login(auditor)
    assert "wait to be sealed" not in client.get("/cases/NC-1/audit/").text
    grow_old()
    assert "wait to be sealed" in client.get("/cases/NC-1/audit/").text
    sequencer.run_all()
    assert queries.delays() == []


def test_audit_page_warns_when_the_authority_is_silent(client, case, auditor, sequencer, stamping):
    sequencer.run_all()
    grow_old(hours=27)
    client.force_login(auditor)
    assert "has not stamped the log" in client.get("/cases/NC-1/audit/").text


def test_release_is_stamped_by_a_job(case, sequencer, stamping):
    event = Event.objects.latest("pk")
    ask_after(event)
    sequencer.run_all()
    run = JobRun.objects.get()
    jobs.perform(run.pk, jobs.time_stamp)
    run.refresh_from_db()
    assert (run.state, run.message) == (JobState.SUCCEEDED, "1 checkpoints stamped")
    assert TimeStamp.objects.count() == 1


def test_silent_authority_leaves_the_job_for_another_try(case, sequencer, stamping):
    """F28."""
    sequencer.run_all()
    stamping.answer = (503, b"")
    ask_for_due()
    run = JobRun.objects.get()
    with pytest.raises(NotStamped):
        jobs.perform(run.pk, jobs.time_stamp)
    run.refresh_from_db()
    assert (run.state, run.attempts) == (JobState.QUEUED, 1)
    ask_for_due()
    assert JobRun.objects.count() == 1
    stamping.answer = None
    jobs.perform(run.pk, jobs.time_stamp)
    assert TimeStamp.objects.count() == 1


def test_nothing_is_asked_without_an_authority_or_need(case, sequencer, stamping, settings):
    sequencer.run_all()
    settings.AUDIT_TSA_URL = ""
    ask_for_due()
    ask_after(Event.objects.latest("pk"))
    assert not JobRun.objects.exists()
    settings.AUDIT_TSA_URL = stamping.url
    jobs.schedule_time_stamps(0)
    jobs.perform(JobRun.objects.get().pk, jobs.time_stamp)
    jobs.schedule_time_stamps(0)
    assert JobRun.objects.count() == 1
