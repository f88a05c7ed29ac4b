"""Records of one post that differ: all are kept, one counts, and no order of rows or files decides which."""

import json
import random

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.actions.items import withdraw_item
from evidence.details import Details
from posts.actions.analyses import recompute
from posts.actions.importing import About, How, Unwatched, import_file
from posts.figures import posts_named
from posts.formats.mapping import Mapping
from posts.identity import post_id
from posts.listing import Narrowing, posts_of
from posts.models import Dataset, Post, Sighting
from tests.factories.posts import MAPPING, analyse, import_posts, row, table
from tests.posts_app.test_pages import words

pytestmark = pytest.mark.django_db

TEXT = "Recognise the islands at once, say all of us together"


def told(number, *, text=TEXT, reposts=None, day="", user=None, name="u"):
    """One record of twarc's; `day` of May 2024 is when it was collected."""
    record = {
        "id": str(number),
        "author_id": str(user or number),
        "text": text,
        "created_at": f"2024-05-16T09:{number:02d}:00Z",
        "author": {"id": str(user or number), "username": name, "name": name, "location": "Bordo", "description": ""},
    }
    if reposts is not None:
        record["public_metrics"] = {"retweet_count": reposts}
    if day:
        record["__twarc"] = {"retrieved_at": f"2024-05-{day}T00:00:00Z"}
    return record


def bring(room, path, *records, zone="UTC"):
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    dataset, _ = import_file(
        actor=room.investigator,
        case=room.case,
        path=path,
        how=How(zone=zone),
        about=About(),
        details=Details(),
        watcher=Unwatched(),
    )
    return dataset


def test_video_without_a_time_is_kept_flagged_and_neither_first_nor_a_peak(room, tmp_path):
    videos = [
        {"id": str(number), "desc": f"video {number}", "createTime": at, "author": {"id": str(number), "uniqueId": "u"}}
        for number, at in ((1, 0), (2, 1_715_000_000))
    ]
    bring(room, tmp_path / "videos.jsonl", *videos)
    result = analyse(room.investigator, room.case).result
    assert [result[name] for name in ("posts", "undated", "flagged")] == [2, 1, 1]
    assert (result["first"]["id"], result["peak_day"]["bucket"]) == ("2", "2024-05-06")
    assert [one["bucket"] for one in result["timeline"]["day"]] == ["2024-05-06"]
    kept = Post.objects.get(native_id="1")
    assert (kept.claimed_text, kept.clock_flags) == ("0", ["claimed_implausible"])


def texts(room, **asked):
    rows = posts_of(room.viewer, room.case, Narrowing.of(asked))
    return list(rows.order_by("at", "pk").values_list("text", flat=True))


RECORDS = [
    told(1, reposts=5, day="17"),
    told(1, text=f"{TEXT} #edited", reposts=500, day="18"),
    told(1, text=f"{TEXT} #undated", reposts=900),
    told(2, reposts=7),
    told(2, reposts=9),
    told(2, text=f"{TEXT} and more of it", reposts=8, name="renamed"),
    told(3, text=f"{TEXT} #now", user=2, day="17"),
    told(3, text=f"{TEXT} #Now", user=2, day="17"),
]


# The fixtures hold no state of an example: each undoes what it did.
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000), cut=st.integers(1, 7))
def test_no_order_of_rows_or_files_changes_what_comes_out(room, tmp_path, seed, cut):
    asked = {"coshare": ["text", "hashtag"], "window": 3600, "min_participation": 1}
    with transaction.atomic():
        bring(room, tmp_path / "whole.jsonl", *RECORDS)
        expected = [analyse(room.investigator, room.case, **asked), profiles(room)]
        transaction.set_rollback(True)
    records = random.Random(seed).sample(RECORDS, len(RECORDS))
    with transaction.atomic():
        for number, part in enumerate((records[:cut], records[cut:], records[: cut + 1])):
            bring(room, tmp_path / f"{number}.jsonl", *part)
        found = [analyse(room.investigator, room.case, **asked), profiles(room)]
        transaction.set_rollback(True)
    assert [one.result for one in found] == [one.result for one in expected]
    assert [one.input_sha256 for one in found] == [one.input_sha256 for one in expected]


def profiles(room):
    return analyse(room.investigator, room.case, method="locations")


def test_record_collected_last_counts_with_its_text_tags_and_number(room, tmp_path):
    bring(room, tmp_path / "a.jsonl", *RECORDS)
    result = analyse(room.investigator, room.case).result
    assert (result["posts"], result["accounts"], result["retold"]) == (3, 2, 3)
    assert {one["tag"] for one in result["hashtags"]} == {"edited", "now"}
    counted = {one["id"]: (one["platform_reposts"], one["stated_at"]) for one in result["most_shared"]}
    assert counted["1"] == (500, "2024-05-18T00:00:00+00:00")
    # Nobody says when: the highest, whichever text stood beside it; of the texts the longest.
    assert counted["2"] == (9, None)
    assert f"{TEXT} and more of it" in texts(room)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_list_has_each_post_once_as_it_counts(room, tmp_path, order):
    for place in order:
        bring(room, tmp_path / f"{place}.jsonl", RECORDS[place])
    assert texts(room) == [f"{TEXT} #edited"]
    assert texts(room, tag="edited") == texts(room, retold="1") == texts(room)
    assert texts(room, tag="undated") == []
    only = [text for one in Dataset.objects.all() for text in texts(room, dataset=one.label)]
    assert sorted(only) == sorted(record["text"] for record in RECORDS[:3])
    named = posts_named(room.case, Dataset.objects.values_list("pk", flat=True), ["1"])
    assert named["1"].text == f"{TEXT} #edited"


def test_every_record_that_says_something_else_is_kept_and_no_other(room, tmp_path):
    dataset = bring(room, tmp_path / "a.jsonl", RECORDS[0], RECORDS[0], RECORDS[1], told(1, reposts=6, day="19"))
    assert (dataset.read, dataset.accepted, dataset.duplicate, dataset.posts) == (4, 1, 3, 1)
    kept = Sighting.objects.filter(dataset=dataset).order_by("line")
    assert [(one.line, one.metrics["reposts"]) for one in kept] == [(1, 5), (3, 500), (4, 6)]
    assert [json.loads(bytes(one.raw))["__twarc"]["retrieved_at"][8:10] for one in kept] == ["17", "18", "19"]
    again = bring(room, tmp_path / "b.jsonl", RECORDS[1], told(4))
    assert (again.accepted, again.duplicate, again.known) == (1, 1, 1)
    assert Post.objects.filter(case=room.case, native_id="1").count() == 2


def test_analysis_of_named_files_stays_what_it_was_when_others_tell_it_otherwise(room, tmp_path):
    first = bring(room, tmp_path / "a.jsonl", RECORDS[0])
    made = analyse(room.investigator, room.case, [first], method="hashtags")
    bring(room, tmp_path / "b.jsonl", RECORDS[1])
    assert made.result["hashtags"] == []
    assert recompute(actor=room.investigator, analysis=made).same
    whole = analyse(room.investigator, room.case, method="hashtags")
    assert [one["tag"] for one in whole.result["hashtags"]] == ["edited"]


def test_file_read_again_in_another_zone_is_told_anew(room, tmp_path):
    naive = [[*row(1, 1, TEXT)[:4], "2024-05-16 23:30:00", *row(1, 1, TEXT)[5:]]]
    path = table(tmp_path / "local.csv", naive)
    wrong = import_posts(room.investigator, room.case, path, title="In the wrong zone")
    from_baku = {**MAPPING, "platform": "x", "zone": "Asia/Baku"}
    path.write_text(path.read_text() + "\n")
    import_file(
        actor=room.investigator,
        case=room.case,
        path=path,
        how=How(format="mapping", platform="x", mapping=Mapping.from_json(from_baku)),
        about=About(),
        details=Details(),
        watcher=Unwatched(),
    )
    withdraw_item(actor=room.editor, item=wrong.item, reason="Read in the wrong zone.")
    assert analyse(room.investigator, room.case).result["first"]["at"] == "2024-05-16T19:30:00+00:00"
    assert posts_of(room.viewer, room.case).get().at.hour == 19


def test_page_of_a_post_shows_its_tellings_and_which_counts(room, tmp_path, settings):
    settings.REQUIRE_MFA = False
    bring(room, tmp_path / "a.jsonl", *RECORDS[:3])
    client = Client()
    client.force_login(room.viewer)
    older = Post.objects.get(text=TEXT)
    said = client.get(reverse("posts:post", args=[room.case.ref, older.pk])).content.decode()
    assert "Told in several ways" in said
    assert said.count("(other: text, hashtags)") == 2
    assert said.count(">counts<") == 1
    assert said.index(">counts<") < said.index("#edited")
    for number in ("reposts 5", "reposts 500", "reposts 900"):
        assert number in said
    page = words(client.get(reverse("posts:campaign", args=[room.case.ref])))
    assert "1 post is told in several ways: the record that was collected last counts." in page


def test_id_of_a_telling_is_checked_by_the_database(room):
    key = post_id(room.case.pk, "x", "1")
    with pytest.raises(IntegrityError, match="post_id_is_made"), transaction.atomic():
        Post.objects.create(
            id=key, case=room.case, platform="x", native_id="1", telling="a" * 64, account="9", kind="original"
        )
