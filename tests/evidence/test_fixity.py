"""Reading originals again: damage is found, told to everybody who builds on it, and never served (A77)."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from audit.models import Event
from cases.actions.job_runs import start_job
from cases.enums import JobState
from cases.exceptions import InvalidInput, NotAllowed
from cases.models import JobRun
from evidence import queries
from evidence import stores as evidence_stores
from evidence.actions import fixity, items
from evidence.actions.reading import original
from evidence.details import Details
from evidence.enums import CustodyAction, FixityState
from evidence.exceptions import BlobChanged, BlobMissing
from evidence.jobs import schedule_sweep
from evidence.models import FixityCheck, Item

from .conftest import make_case, reloaded, run_jobs


def path_of(item: Item) -> Path:
    return evidence_stores.vault().root / "o" / item.blob_id[:2] / item.blob_id[2:4] / item.blob_id


def forge(item: Item) -> None:
    path_of(item).chmod(0o600)
    path_of(item).write_bytes(b"forged")


def test_verified_item_is_unchanged_and_says_who_checked(newsroom):
    item = newsroom.log()
    check = fixity.verify_item(actor=newsroom.auditor, item=item)
    assert (check.state, check.checked_by, check.found_sha256) == (FixityState.OK, newsroom.auditor, item.blob_id)
    custody = queries.custody_of(item).last()
    assert (custody.action, custody.actor, custody.purpose) == (
        CustodyAction.FIXITY_CHECK,
        newsroom.auditor,
        "Unchanged",
    )
    assert Event.objects.filter(action="item_verified").count() == 1


@pytest.mark.parametrize(("harm", "state"), [(forge, "changed"), (lambda item: path_of(item).unlink(), "missing")])
def test_damage_is_found_recorded_and_listed(newsroom, harm, state):
    item = newsroom.log()
    harm(item)
    assert fixity.verify_item(actor=newsroom.auditor, item=item).state == state
    assert reloaded(item).blob.fixity == state
    assert list(queries.damaged_items(newsroom.viewer, newsroom.case)) == [item]
    assert "Not the preserved original" in queries.custody_of(item).last().purpose


@pytest.mark.parametrize(
    ("harm", "refusal"), [(forge, BlobChanged), (lambda item: path_of(item).unlink(), BlobMissing)]
)
def test_damaged_original_is_refused_and_the_refusal_recorded(newsroom, harm, refusal):
    item = newsroom.log()
    harm(item)
    with pytest.raises(refusal), original(actor=newsroom.viewer, item=item):
        pytest.fail("served")
    assert reloaded(item).blob.fixity in queries.DAMAGED
    assert not queries.custody_of(item).filter(action=CustodyAction.READ).exists()


def test_link_planted_in_place_of_an_original_counts_as_changed(newsroom, tmp_path):
    item = newsroom.log()
    copy = tmp_path / "copy"
    path_of(item).rename(copy)
    path_of(item).symlink_to(copy)
    assert fixity.verify_item(actor=newsroom.auditor, item=item).state == FixityState.CHANGED


def test_damage_is_told_to_other_cases_without_saying_who_asked(newsroom):
    other = make_case("OTHER-1", {"editor": newsroom.stranger, "investigator": newsroom.investigator})
    mine, theirs = newsroom.log(), newsroom.log(case=other)
    forge(mine)
    fixity.verify_item(actor=newsroom.auditor, item=mine)
    run_jobs()
    told = queries.custody_of(theirs).last()
    assert (told.action, told.actor) == (CustodyAction.FIXITY_CHECK, None)
    assert {event.case_id for event in Event.objects.filter(action="item_damaged")} == {newsroom.case.pk, other.pk}


def test_check_without_a_change_is_not_told_to_other_cases(newsroom):
    other = make_case("OTHER-1", {"editor": newsroom.stranger, "investigator": newsroom.investigator})
    mine, theirs = newsroom.log(), newsroom.log(case=other)
    fixity.verify_item(actor=newsroom.auditor, item=mine)
    run_jobs()
    assert [row.action for row in queries.custody_of(theirs)] == [CustodyAction.RECEIVE, CustodyAction.DERIVE]


def test_missing_original_that_is_logged_again_is_whole_again(newsroom):
    item = newsroom.log()
    path_of(item).unlink()
    fixity.verify_item(actor=newsroom.auditor, item=item)
    newsroom.log()
    assert reloaded(item).blob.fixity == FixityState.OK


def test_damaged_original_that_is_logged_again_is_whole_again_and_everybody_is_told(newsroom):
    other = make_case("OTHER-1", {"editor": newsroom.stranger, "investigator": newsroom.investigator})
    theirs = newsroom.log(case=other)
    forge(theirs)
    fixity.verify_item(actor=newsroom.investigator, item=theirs)
    run_jobs()
    mine = newsroom.log()
    run_jobs()
    assert reloaded(theirs).blob.fixity == FixityState.OK
    assert (queries.custody_of(theirs).last().actor, queries.custody_of(theirs).last().purpose) == (None, "Unchanged")
    assert [row.action for row in queries.custody_of(mine)] == [CustodyAction.RECEIVE, CustodyAction.DERIVE]
    [repair] = Event.objects.filter(action="original_repaired")
    assert (repair.case_id, repair.object) == (None, f"vault:{mine.blob_id}")
    [aside] = (evidence_stores.vault().root / "q").iterdir()
    assert aside.read_bytes() == b"forged"


def test_link_cannot_be_verified(newsroom):
    link = items.log_link(
        actor=newsroom.investigator, case=newsroom.case, details=Details(original_url="https://example.org")
    )
    with pytest.raises(InvalidInput, match="no preserved copy"):
        fixity.verify_item(actor=newsroom.auditor, item=link)


def test_viewer_cannot_verify(newsroom):
    with pytest.raises(NotAllowed, match="fixity"):
        fixity.verify_item(actor=newsroom.viewer, item=newsroom.log())


# --- the sweep


def long_ago() -> None:
    Item.objects.update(fixity_checked_at=timezone.now() - timedelta(days=31))


def sweep_vault() -> None:
    start_job(actor=None, task=fixity.SWEEP_VAULT, title="Monthly fixity check of the vault")
    run_jobs()


def test_sweep_checks_what_was_not_checked_for_a_month(newsroom):
    items_ = [newsroom.log(b"%d" % number) for number in range(3)]
    sweep_vault()
    assert not FixityCheck.objects.filter(checked_by__isnull=True).exists()
    long_ago()
    forge(items_[1])
    sweep_vault()
    assert [reloaded(item).blob.fixity for item in items_] == ["ok", "changed", "ok"]
    assert FixityCheck.objects.filter(checked_by__isnull=True).count() == 3
    assert JobRun.objects.filter(task=fixity.SWEEP_VAULT).first().message == "1 damaged"


def test_sweep_leaves_one_event_and_one_for_each_damaged_exhibit(newsroom):
    items_ = [newsroom.log(b"%d" % number) for number in range(3)]
    long_ago()
    path_of(items_[2]).unlink()
    fixity.sweep(hashes=[item.blob_id for item in items_])
    assert Event.objects.filter(action="vault_swept").count() == 1
    assert Event.objects.get(action="item_damaged").object == f"item:{items_[2].pk}"


def test_sweep_of_an_empty_store_leaves_nothing(transactional_db):
    assert fixity.sweep(hashes=[]) == []
    assert not Event.objects.exists()


def test_sweep_is_scheduled_only_when_something_is_due(newsroom):
    newsroom.log()
    schedule_sweep(timestamp=0)
    assert not JobRun.objects.filter(task=fixity.SWEEP_VAULT).exists()
    long_ago()
    schedule_sweep(timestamp=0)
    assert JobRun.objects.filter(task=fixity.SWEEP_VAULT).count() == 1


def test_case_is_checked_on_demand_with_progress(newsroom):
    items_ = [newsroom.log(b"%d" % number) for number in range(3)]
    forge(items_[0])
    run = fixity.start_case_check(actor=newsroom.auditor, case=newsroom.case)
    run_jobs()
    run.refresh_from_db()
    assert (run.state, run.message, run.total) == (JobState.SUCCEEDED, "1 damaged", 3)
    assert [queries.custody_of(item).filter(actor=newsroom.auditor).count() for item in items_] == [1, 1, 1]
    with pytest.raises(NotAllowed):
        fixity.start_case_check(actor=newsroom.viewer, case=newsroom.case)


def test_orphan_is_an_original_without_a_row(newsroom):
    newsroom.log()
    lost = evidence_stores.vault().put(io.BytesIO(b"put, and then the process died before the row")).sha256
    assert list(evidence_stores.vault().orphans(queries.known_blobs)) == [lost]
