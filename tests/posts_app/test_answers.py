"""What analyse_posts prints is what the published schema says: for every method, with entries in its lists."""

import json

import jsonschema_rs
import pytest

from posts.states import AnalysisMethod
from tests.factories.posts import PASTED, import_posts, record_follows
from tests.posts.files import write_lines
from tests.posts_app.commands import DOCS, run, run_json

pytestmark = pytest.mark.django_db
SCHEMA = json.loads((DOCS / "analyse-posts.schema.json").read_text(encoding="utf-8"))
SETTINGS = {
    "campaign": ("--coshare", "text,hashtag", "--window", "3600", "--min-participation", "1"),
    "timeline": ("--unit", "hour", "--tz", "Asia/Baku"),
    "earlier_tags": ("--tag", "islands", "--from", "2024-05-15T21:30:20+00:00"),
    "bios": ("--phrase", "number"),
    "coshare": ("--coshare", "hashtag", "--window", "3600", "--min-participation", "1", "--shared-object", "islands"),
    "directed": ("--coshare", "hashtag", "--window", "3600"),
    "synchrony": ("--window", "3600"),
}
# What the fixture has to show of a method, or its schema would be held against nothing.
SHOWN = {
    "campaign": ("first", "peak_day", "most_active", "most_shared", "hashtags", "clusters", "timeline", "coshare"),
    "timeline": ("buckets", "peak"),
    "hashtags": ("hashtags",),
    "earlier_tags": ("first", "hashtags"),
    "first_posters": ("first", "levels"),
    "most_shared": ("most_shared", "stated_reposts"),
    "most_active": ("most_active", "concentration"),
    "locations": ("groups",),
    "bios": ("matches",),
    "creations": ("months", "peak_month", "burst"),
    "clusters": ("clusters",),
    "alike": ("alike",),
    "coshare": ("coshare",),
    "directed": ("directed",),
    "synchrony": ("moments",),
    "overlap": ("campaigns", "matrix", "pairs"),
    "follows": ("lists", "in_common", "overlap"),
}


@pytest.fixture
def filled(room, campaign, tmp_path):
    """A case with a table, an export whose accounts have dates and counts, and two follow lists that overlap."""
    import_posts(room.investigator, room.case, campaign)
    user = {"id": "1", "username": "user1", "created_at": "2023-04-01T00:00:00Z", "description": "still number 1"}
    told = {
        "id": "1700000000000000001", "author_id": "1", "text": f"{PASTED} today, they say #islands",
        "created_at": "2024-05-16T10:00:00Z", "public_metrics": {"retweet_count": 5}, "author": user,
    }  # fmt: skip
    path = write_lines(tmp_path / "told.jsonl", told, told | {"id": "1700000000000000002", "text": "Other #islands"})
    import_posts(room.investigator, room.case, path, mapped=False)
    record_follows(room.investigator, room.case, tmp_path / "7.csv", ["11", "12"])
    record_follows(room.investigator, room.case, tmp_path / "8.csv", ["12", "13"], account="8")
    return room.case


def test_every_method_prints_what_the_schema_says(filled):
    for method in AnalysisMethod.values:
        found = run_json("analyse_posts", filled.ref, "--method", method, *SETTINGS.get(method, ()))
        assert found["method"] == method
        assert [name for name in SHOWN[method] if not found[name]] == []
    assert found["in_common"]["following"][0]["account"] == "12"


def test_lists_inside_of_answers_are_not_empty(filled):
    alike = run_json("analyse_posts", filled.ref, "--method", "alike", "--threshold", "0.5")["alike"]
    assert (bool(alike["list"]), bool(alike["equal"])) == (True, True)
    shared = run_json("analyse_posts", filled.ref, "--method", "coshare", *SETTINGS["coshare"])["coshare"]
    assert (bool(shared["list"]), bool(shared["pairs_of_object"])) == (True, True)
    sent = run_json("analyse_posts", filled.ref, "--method", "directed", *SETTINGS["directed"])["directed"]
    assert sent["list"]


def test_schema_has_a_part_for_each_method_and_lets_nothing_else_through(filled):
    parts = {one["$ref"].rpartition("/")[2] for one in SCHEMA["oneOf"]}
    assert parts == {*AnalysisMethod.values, "again"}
    found = run_json("analyse_posts", filled.ref, "--method", "timeline")
    check = jsonschema_rs.validator_for(SCHEMA).is_valid
    assert check(found)
    assert not check(found | {"more": 1})
    assert not check(found | {"method": "hashtags"})
    assert not check({name: value for name, value in found.items() if name != "buckets"})
    again = json.loads(run("analyse_posts", filled.ref, "--again", "N-1", "--json")[0])
    assert check(again)
    assert not check(again | {"same": "yes"})


def test_answers_about_nothing_are_what_the_schema_says(filled):
    for method in sorted({*AnalysisMethod.values} - {"follows"}):
        settings = SETTINGS.get(method, ())
        if "--tag" not in settings:
            settings = (*settings, "--tag", "nobody-uses-it")
        assert run_json("analyse_posts", filled.ref, "--method", method, *settings)["method"] == method
