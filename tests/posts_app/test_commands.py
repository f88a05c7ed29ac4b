"""The two commands: schemas, exit codes, and nothing half done."""

import json

import pytest

from evidence.models import Item
from posts.models import Analysis, Dataset, Post
from tests.factories.posts import CAMPAIGN, MAPPING, table
from tests.posts.files import SHARED, needs_real_files
from tests.posts_app.commands import raises_exit, run, run_json

pytestmark = pytest.mark.django_db


@pytest.fixture
def mapping_file(tmp_path):
    path = tmp_path / "mapping.json"
    path.write_text(json.dumps(MAPPING | {"platform": "x"}))
    return str(path)


def test_import_prints_its_counts(room, campaign, mapping_file):
    found = run_json("import_posts", room.case.ref, str(campaign), "--mapping", mapping_file)
    assert [found[name] for name in ("format", "read", "accepted", "posts", "accounts")] == ["mapping", 5, 5, 5, 4]
    again = run_json("import_posts", room.case.ref, str(campaign), "--mapping", mapping_file)
    assert [again[name] for name in ("accepted", "duplicate", "posts", "dataset")] == [0, 5, 5, found["dataset"]]


@pytest.fixture
def bare(tmp_path):
    """A row without zone or platform, and a maker of mappings that say what they are given."""
    path = tmp_path / "bare.csv"
    path.write_text("id,author,text,time\n1,7,hello there,2024-05-01 00:30\n", encoding="utf-8")
    columns = {"post_id": "id", "author_id": "author", "text": "text", "time": "time"}

    def mapped(**said):
        (tmp_path / "bare.json").write_text(json.dumps(columns | said))
        return str(path), "--mapping", str(tmp_path / "bare.json")

    return mapped


@pytest.mark.parametrize(
    ("mapped", "told"),
    [
        ({}, ("--tz", "Asia/Baku", "--platform", "vk")),
        ({"zone": "Asia/Baku"}, ("--platform", "vk")),
        ({"zone": "Asia/Baku", "platform": "vk"}, ()),
        ({"zone": "Asia/Baku", "platform": "vk"}, ("--tz", "Asia/Baku", "--platform", "vk")),
    ],
)
def test_zone_and_platform_come_from_the_mapping_or_the_command(room, bare, mapped, told):
    run("import_posts", room.case.ref, *bare(**mapped), *told)
    post = Post.objects.get()
    assert (post.platform, post.claimed_at.isoformat()) == ("vk", "2024-04-30T20:30:00+00:00")
    dataset = Dataset.objects.get()
    assert (dataset.zone, dataset.platform) == ("Asia/Baku", "vk")


def test_mapping_without_zone_and_platform_is_read_in_utc_as_other(room, bare):
    run("import_posts", room.case.ref, *bare())
    post = Post.objects.get()
    assert (post.platform, post.claimed_at.isoformat()) == ("other", "2024-05-01T00:30:00+00:00")


def test_command_that_contradicts_its_mapping_or_names_no_zone_is_refused(room, bare):
    assert "zone is Asia/Baku" in raises_exit(
        2, "import_posts", room.case.ref, *bare(zone="Asia/Baku"), "--tz", "Europe/Paris"
    )
    assert "platform is vk" in raises_exit(2, "import_posts", room.case.ref, *bare(platform="vk"), "--platform", "x")
    assert "no time zone" in raises_exit(2, "import_posts", room.case.ref, *bare(), "--tz", "Mars")
    raises_exit(2, "import_posts", room.case.ref, *bare(), "--platform", "")
    raises_exit(2, "import_posts", room.case.ref, *bare(platform="twitter"))
    assert not Item.objects.exists()


def test_import_tells_refused_rows_by_line(room, tmp_path, mapping_file):
    path = table(tmp_path / "cut.csv", [["", "", "", "", ""], CAMPAIGN[0]])
    out, err = run("import_posts", room.case.ref, str(path), "--mapping", mapping_file)
    assert err.startswith("line 2: ")
    assert "1 accepted + 0 duplicate" in out


def test_bad_input_ends_with_2_and_keeps_nothing(room, tmp_path, campaign, mapping_file):
    raises_exit(2, "import_posts", "NO-SUCH", str(campaign))
    raises_exit(2, "import_posts", room.case.ref, str(tmp_path / "nowhere.csv"))
    raises_exit(2, "import_posts", room.case.ref, str(tmp_path))
    raises_exit(2, "import_posts", room.case.ref, str(campaign), "--tz", "Mars/Olympus")
    raises_exit(2, "import_posts", room.case.ref, str(campaign), "--mapping", str(campaign))
    raises_exit(2, "import_posts", room.case.ref, str(campaign), "--format", "no-such")
    raises_exit(2, "import_posts", room.case.ref, str(campaign), "--platform", "twitter")
    raises_exit(2, "import_posts", room.case.ref, str(campaign), "--as", room.stranger.username)
    raises_exit(2, "analyse_posts", room.case.ref)
    raises_exit(2, "analyse_posts", room.case.ref, "D-9")
    assert not Item.objects.exists()
    assert not Post.objects.exists()


def test_analyse_narrows_and_again_gives_the_same(room, campaign, mapping_file):
    run("import_posts", room.case.ref, str(campaign), "--mapping", mapping_file)
    found = run_json("analyse_posts", room.case.ref, "D-1", "--tag", "#Islands", "--tz", "Asia/Baku")
    assert (found["posts"], found["first"]["id"], found["analysis"]) == (3, "101", "N-1")
    assert found["coverage"].startswith("D-1 campaign.csv")
    assert run_json("analyse_posts", room.case.ref, "E-1", "--query", "birds")["posts"] == 1
    assert run_json("analyse_posts", room.case.ref, "--platform", "vk")["question"]["platform"] == "vk"
    out, _ = run("analyse_posts", room.case.ref, "--again", "N-1", "--json")
    assert json.loads(out)["same"] is True
    raises_exit(2, "analyse_posts", room.case.ref, "--again", "N-7")
    raises_exit(2, "analyse_posts", room.case.ref, "--from", "soon")
    words, _ = run("analyse_posts", room.case.ref)
    assert "N-4" in words


def test_follow_lists_are_analysed_by_the_command(room, tmp_path):
    path = tmp_path / "follows.csv"
    path.write_text("id\n11\n12\n", encoding="utf-8")
    said = ("--platform", "x", "--account", "99", "--direction", "following", "--as-of", "2024-05-16", "--complete")
    run("import_follows", room.case.ref, str(path), *said)
    found = json.loads(run("analyse_posts", room.case.ref, "--method", "follows", "--json")[0])
    assert [(one["list"], one["members"]) for one in found["lists"]] == [("F-1", ["11", "12"])]
    assert "zone" in raises_exit(2, "analyse_posts", room.case.ref, "--method", "follows", "--tz", "Asia/Baku")
    other = ("--platform", "x", "--account", "98", "--direction", "following", "--as-of", "2024-05-16")
    run("import_follows", room.case.ref, str(path), *other)
    asked = ("analyse_posts", room.case.ref)
    both = ["F-1", "F-2"]
    for named, lists in ((["F-2"], ["F-2"]), (["f-1", "F-2", "1"], both), (["E-1"], ["F-1"]), ([], both)):
        found = json.loads(run(*asked, *named, "--method", "follows", "--json")[0])
        assert [one["list"] for one in found["lists"]] == lists
    for named, words in (("F-9", "no follow list 'F-9'"), ("D-1", "no follow list 'D-1'"), ("x", "no follow list 'x'")):
        assert words in raises_exit(2, *asked, named, "--method", "follows")
    assert "no dataset 'F-1'" in raises_exit(2, *asked, "F-1")


def test_again_that_differs_ends_with_1(room, campaign, mapping_file, monkeypatch):
    run("import_posts", room.case.ref, str(campaign), "--mapping", mapping_file)
    run("analyse_posts", room.case.ref)
    monkeypatch.setattr("posts.actions.analyses.CODE_VERSION", "N2 R1 A1")
    raises_exit(1, "analyse_posts", room.case.ref, "--again", "N-1")


def test_analysis_that_cannot_be_made_leaves_no_exhibit(room, campaign, mapping_file, monkeypatch):
    run("import_posts", room.case.ref, str(campaign), "--mapping", mapping_file)
    monkeypatch.setattr("posts.coshare.pairs.CAP", 1)
    exhibits = Item.objects.count()
    asked = ("--coshare", "text", "--window", "999999999")
    raises_exit(2, "analyse_posts", room.case.ref, *asked)
    assert Item.objects.count() == exhibits
    assert not Analysis.objects.filter(state="ready").exists()


@needs_real_files
def test_real_export_of_tweets(room):
    found = run_json("import_posts", room.case.ref, str(SHARED / "twarc_csv" / "flat.jsonl"))
    assert [found[name] for name in ("format", "read", "accepted", "rejected")] == ["x-api2", 100, 100, 0]
    figures = run_json("analyse_posts", room.case.ref, found["dataset"])
    assert [figures[name] for name in ("posts", "accounts", "reposts", "quotes", "replies")] == [100, 96, 47, 8, 32]


@needs_real_files
@pytest.mark.parametrize("name", ["users.jsonl", "counts.jsonl", "lists.jsonl", "users_compliance.jsonl", "empty.json"])
def test_file_without_posts_is_refused_with_a_sentence(room, name):
    raises_exit(2, "import_posts", room.case.ref, str(SHARED / "twarc_csv" / name))
    assert not Item.objects.exists()
