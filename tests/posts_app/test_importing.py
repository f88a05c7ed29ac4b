"""A file becomes posts of a case: counted, kept byte for byte, once only, and wholly or not at all."""

import random
import re
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.ids import uuid7
from audit.models import Event
from cases.enums import JobState
from cases.exceptions import InvalidInput, NotAllowed
from cases.models import JobRun
from cases.progress import JobCancelled, Progress
from evidence.actions import items
from evidence.details import Details
from posts import jobs
from posts.actions import importing
from posts.actions.importing import About, How, Unwatched, import_file, start_import
from posts.exceptions import NotPosts, UnknownFormat
from posts.identity import post_id
from posts.models import AuthorSnapshot, Dataset, Post, RejectedRecord, SharedObject, Sighting
from posts.records import Tally
from posts.staging import sweep
from posts.states import DatasetState
from tests.factories.posts import CAMPAIGN, PASTED, import_posts, mapping, row, table

pytestmark = pytest.mark.django_db


def counts(dataset):
    assert dataset.read == dataset.accepted + dataset.duplicate + dataset.rejected
    return dataset.read, dataset.accepted, dataset.duplicate, dataset.rejected


def staged():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM posts_waiting")
        return cursor.fetchone()[0]


def stored(case):
    """What the case knows of its posts, whichever file told of them first."""
    names = ("native_id", "account", "text", "kind", "at", "hashtags", "repost_of")
    return sorted(Post.objects.filter(case=case).values_list(*names))


def test_file_becomes_posts_with_every_part(room, campaign):
    dataset = import_posts(
        room.investigator, room.case, campaign, query="#islands", source_note="The desk's own export"
    )
    assert counts(dataset) == (5, 5, 0, 0)
    assert (dataset.posts, dataset.accounts, dataset.state) == (5, 4, DatasetState.READY)
    assert dataset.kinds == {"original": 4, "repost": 1, "quote": 0, "reply": 0}
    assert dataset.first_at < dataset.last_at
    post = Post.objects.get(native_id="102")
    assert post.id == post_id(room.case.pk, "x", "102")
    assert (post.account, post.handle, post.hashtags) == ("2", "user2", ["islands", "now"])
    assert post.text == f"{PASTED} #islands #Now"
    sighting = Sighting.objects.get(post=post)
    assert bytes(sighting.raw).rstrip(b"\r\n") == campaign.read_bytes().split(b"\r\n")[2]
    assert (sighting.line, sighting.metrics) == (3, {"likes": 3})
    assert AuthorSnapshot.objects.get(account="3").bio == "I am number 3"
    assert AuthorSnapshot.objects.get(account="1").times_seen == 2


def test_file_is_an_exhibit_and_the_import_stands_in_the_log(room, campaign):
    dataset = import_posts(room.investigator, room.case, campaign)
    assert (dataset.item.kind, dataset.item.file_name) == ("dataset", "campaign.csv")
    event = Event.objects.get(action="dataset_imported")
    assert event.object == f"dataset:{dataset.pk}"
    assert dataset.item.blob_id in event.entry.tobytes().decode() if hasattr(event.entry, "tobytes") else True
    assert not Event.objects.filter(action="row_changed").exists()


def test_same_file_again_changes_nothing_and_says_so(room, campaign):
    first = import_posts(room.investigator, room.case, campaign)
    before = stored(room.case)
    again = import_posts(room.investigator, room.case, campaign)
    assert counts(again) == (5, 0, 5, 0)
    assert (again.pk, again.posts, again.accounts, again.known) == (first.pk, 5, 4, 5)
    assert stored(room.case) == before
    assert Dataset.objects.count() == 1
    assert counts(Dataset.objects.get()) == (5, 5, 0, 0)


def test_file_that_overlaps_adds_what_is_new(room, campaign, tmp_path):
    import_posts(room.investigator, room.case, campaign)
    more = table(tmp_path / "more.csv", [*CAMPAIGN[3:], row(106, 6, "Another voice that joins in much later #islands")])
    second = import_posts(room.investigator, room.case, more)
    assert counts(second) == (3, 1, 2, 0)
    assert (second.posts, second.known, second.label) == (3, 2, "D-2")
    assert Post.objects.filter(case=room.case).count() == 6
    assert Sighting.objects.filter(post__native_id="105").count() == 2


def test_duplicate_within_a_file_is_counted_once(room, tmp_path):
    dataset = import_posts(room.investigator, room.case, table(tmp_path / "twice.csv", [*CAMPAIGN, *CAMPAIGN[:2]]))
    assert counts(dataset) == (7, 5, 2, 0)
    assert dataset.known == 0


def test_rejected_rows_are_kept_with_line_and_reason(room, tmp_path):
    path = table(tmp_path / "cut.csv", [*CAMPAIGN[:2], ["9.06E+17", *row(1, 9, "An id that Excel has rounded")[1:]]])
    dataset = import_posts(room.investigator, room.case, path)
    assert counts(dataset) == (3, 2, 0, 1)
    refused = RejectedRecord.objects.get(dataset=dataset)
    assert refused.line == 4
    assert refused.code in dataset.reasons
    assert "9.06E+17" in refused.reason
    assert b"9.06E+17" in bytes(refused.raw)


def test_file_without_posts_leaves_nothing_at_all(room, tmp_path):
    path = table(tmp_path / "none.csv", [["", "", "", "", ""]])
    with pytest.raises(NotPosts):
        import_posts(room.investigator, room.case, path)
    assert not Dataset.objects.exists()
    assert not room.case.items.exists()
    assert staged() == 0


def test_unknown_format_names_the_columns(room, campaign):
    path = campaign.with_name("other.csv")
    path.write_text("colour,weight\nred,3\n")
    with pytest.raises(UnknownFormat, match="colour, weight"):
        import_posts(room.investigator, room.case, path, mapped=False)


def test_viewer_imports_nothing(room, campaign):
    with pytest.raises(NotAllowed):
        import_posts(room.viewer, room.case, campaign)
    assert not Post.objects.exists()


def test_two_objects_of_one_post_are_two_records_and_one_post(room, tmp_path):
    path = tmp_path / "shared.csv"
    path.write_text(
        "object_id,account_id,content_id,timestamp_share\no1,a,c1,1700000000\no2,a,c1,1700000000\no1,b,c2,1700000020\n"
    )
    dataset = import_posts(room.investigator, room.case, path, mapped=False)
    assert counts(dataset) == (3, 3, 0, 0)
    assert (dataset.posts, dataset.accounts) == (2, 2)
    assert SharedObject.objects.count() == 3
    other = tmp_path / "again.csv"
    other.write_text(path.read_text() + "o3,b,c2,1700000020\n")
    second = import_posts(room.investigator, room.case, other, mapped=False)
    assert counts(second) == (4, 1, 3, 0)


def test_ids_keep_every_digit(room, tmp_path):
    ids = ["1790000000000000001", "9007199254740993", "at://did:plc:x/app.bsky.feed.post/3k"]
    rows = [[one, *row(0, 5, f"A text that is long enough for number {n}")[1:]] for n, one in enumerate(ids)]
    import_posts(room.investigator, room.case, table(tmp_path / "ids.csv", rows))
    assert set(Post.objects.values_list("native_id", flat=True)) == set(ids)


# --- what never changes


@pytest.mark.parametrize("change", ["UPDATE posts_post SET text = 'x'", "DELETE FROM posts_sighting"])
def test_posts_refuse_to_change(room, campaign, change):
    import_posts(room.investigator, room.case, campaign)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert Sighting.objects.count() == 5


def test_counts_of_a_dataset_refuse_to_change(room, campaign):
    dataset = import_posts(room.investigator, room.case, campaign)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        Dataset.objects.filter(pk=dataset.pk).update(posts=1413)


def test_post_under_a_made_up_key_is_refused(room, campaign):
    import_posts(room.investigator, room.case, campaign)
    with pytest.raises(DatabaseError, match="post_id_is_made_of_native_id"), transaction.atomic():
        Post.objects.create(id=uuid4(), case=room.case, platform="x", native_id="102", account="9", kind="original")


@pytest.mark.django_db(transaction=True)
def test_posts_written_past_the_application_stand_in_the_log(room):
    with transaction.atomic():
        key = post_id(room.case.pk, "x", "1")
        Post.objects.create(id=key, case=room.case, platform="x", native_id="1", account="9", kind="original")
    event = Event.objects.get(action="row_changed")
    assert event.object.startswith("bulkwrite:")


# --- in a job


def begun(room, campaign, **how):
    with campaign.open("rb") as stream:
        item = items.log_file(
            actor=room.investigator, case=room.case, stream=stream, file_name=campaign.name, details=Details()
        )
    how = How(**({"format": "mapping", "mapping": mapping(), "platform": "x"} | how))
    return start_import(actor=room.investigator, item=item, how=how, about=About(query="#islands"))


def perform(dataset):
    run = JobRun.objects.get(pk=dataset.run_id)
    JobRun.objects.filter(pk=run.pk).update(state=JobState.RUNNING)
    jobs.importing.read_dataset(actor=dataset.created_by, dataset=dataset, watcher=Progress(run.pk))
    dataset.refresh_from_db()
    return dataset


@pytest.mark.django_db(transaction=True)
def test_exhibit_is_read_in_a_job_that_tells_how_far_it_is(room, campaign, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    dataset = begun(room, campaign)
    assert (dataset.state, dataset.title) == (DatasetState.WAITING, "campaign.csv")
    told = []
    monkeypatch.setattr(Progress, "advance", lambda self, done, **more: told.append((done, more)))
    perform(dataset)
    assert counts(dataset) == (5, 5, 0, 0)
    assert dataset.run.state == JobState.SUCCEEDED
    messages = [more["message"] for _, more in told]
    assert [message.split(",")[0] for message in messages] == ["2 records", "4 records", "5 records read; storing them"]
    assert all(re.fullmatch(r"\d records, [\d,]+ a second", message) for message in messages[:2])
    assert all(done <= more["total"] for done, more in told)


def test_time_left_is_told_from_the_bytes_that_are_left():
    reading = SimpleNamespace(tally=Tally(accepted=9_000, rejected=1_000), position=250, size=1_000)
    assert importing._so_far(reading, 4.0) == "10,000 records, 2,500 a second, about 12 s left"


@pytest.mark.django_db(transaction=True)
def test_cancelled_import_leaves_nothing(room, campaign, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    dataset = begun(room, campaign)
    JobRun.objects.filter(pk=dataset.run_id).update(cancel_requested=True)
    with pytest.raises(JobCancelled):
        perform(dataset)
    assert not Post.objects.exists()
    assert staged() == 0


@pytest.mark.django_db(transaction=True)
def test_import_whose_end_fails_leaves_nothing_and_can_be_done_again(room, campaign, monkeypatch):
    dataset = begun(room, campaign)
    settle = importing.settle

    def broken(*arguments, **named):
        settle(*arguments, **named)
        raise RuntimeError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr(importing, "settle", broken)
        with pytest.raises(RuntimeError):
            perform(dataset)
    assert not Post.objects.exists()
    assert not Sighting.objects.exists()
    assert counts(perform(dataset)) == (5, 5, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_attempt_after_a_killed_one_starts_clean(room, campaign):
    dataset = begun(room, campaign)
    killed = importing.Staging(dataset.pk, room.case.pk)
    importing.stage(campaign, How.of(dataset), killed, Unwatched())
    assert staged() == 5
    assert counts(perform(dataset)) == (5, 5, 0, 0)
    assert staged() == 0


def test_what_a_killed_command_left_is_swept_after_a_day(room, campaign):
    importing.stage(
        campaign, How(format="mapping", mapping=mapping()), importing.Staging(uuid7(), room.case.pk), Unwatched()
    )
    assert sweep(timezone.now()) == 0
    assert staged() == 5
    assert sweep(timezone.now() + timedelta(days=2)) > 5
    assert staged() == 0


def test_unknown_zone_is_refused_before_anything_is_queued(room, campaign):
    with pytest.raises(InvalidInput):
        begun(room, campaign, mapping=None, format="auto", zone="Mars/Olympus")
    assert not Dataset.objects.exists()


def test_person_sees_nothing_of_what_is_staged(room, campaign):
    staging = importing.Staging(uuid4(), room.case.pk)
    importing.stage(campaign, How(format="mapping", mapping=mapping()), staging, Unwatched())
    assert staged() == 5
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.uid', %s, true)", [str(room.investigator.pk)])
        assert staged() == 0
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute("SELECT * FROM posts_staged")
        cursor.execute("SELECT set_config('app.uid', 'system', true)")
    staging.clear()
    assert staged() == 0


# --- whatever the order


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), cut=st.integers(1, 4))
def test_order_and_splitting_change_nothing(room, tmp_path, seed, cut):
    rows = random.Random(seed).sample(CAMPAIGN, len(CAMPAIGN))
    with transaction.atomic():
        for number, part in enumerate((rows[:cut], rows[cut:], rows[:cut])):
            import_posts(room.investigator, room.case, table(tmp_path / f"{seed}-{number}.csv", part))
        found = stored(room.case)
        transaction.set_rollback(True)
    with transaction.atomic():
        import_posts(room.investigator, room.case, table(tmp_path / "whole.csv"))
        assert stored(room.case) == found
        transaction.set_rollback(True)


def test_import_file_asks_for_a_way_of_reading(room, campaign):
    with pytest.raises(UnknownFormat):
        import_file(
            actor=room.investigator,
            case=room.case,
            path=campaign,
            how=How(format="no-such-format"),
            about=About(),
            details=Details(),
            watcher=Unwatched(),
        )
