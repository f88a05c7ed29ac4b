"""Posts and accounts of several servers in one case, and files that are read again to get their servers."""

import json

import pytest
from django.urls import reverse

from cases.exceptions import Conflict
from cases.models import Account, Observation
from evidence.actions.items import change_item, withdraw_item
from evidence.enums import Sensitivity
from posts.actions import importing
from posts.actions.importing import READER_VERSION, How, Unwatched
from posts.actions.rereading import reread, start_rereading, successor_of
from posts.actions.tracking import track_account
from posts.following import following_of
from posts.models import Dataset, FollowEntry, Post
from posts.queries import datasets_in_use, stale_ids
from tests.factories.posts import MAPPING, analyse, import_posts, record_follows, row, table
from tests.posts.files import write_lines
from tests.posts.test_names import capture, status
from tests.posts_app.commands import raises_exit, run_json
from tests.posts_app.test_pages import browser

pytestmark = pytest.mark.django_db

MASTODON = [status("a.example", "1"), status("b.example", "1", "7")]
FORKS = [capture("truthsocial.com", "1"), capture("gab.com", "1")]


def bring(room, path, *records):
    return import_posts(room.investigator, room.case, write_lines(path, *records), mapped=False)


@pytest.mark.parametrize("records", [MASTODON, FORKS], ids=["servers of Mastodon", "Truth Social and Gab"])
def test_two_servers_are_two_posts_and_two_accounts_everywhere(room, tmp_path, records):
    path = write_lines(tmp_path / "s.jsonl", *records)
    counted = run_json("import_posts", room.case.ref, str(path))
    assert [counted[name] for name in ("read", "accepted", "posts", "accounts")] == [2, 2, 2, 2]
    found = run_json("analyse_posts", room.case.ref, "D-1")
    assert [found[name] for name in ("posts", "accounts")] == [2, 2]
    assert len({one["author"] for one in found["most_active"]}) == 2
    for post in Post.objects.all():
        track_account(actor=room.investigator, case=room.case, platform=post.platform, account=post.account)
    tracked = Account.objects.values_list("platform", "instance", "platform_user_id")
    assert set(tracked) in (
        {("mastodon", "a.example", "5"), ("mastodon", "b.example", "7")},
        {("truthsocial", "", "1"), ("gab", "", "1")},
    )
    assert {one.handle for one in Observation.objects.all()} <= {"u1", "u5", "u7"}


def test_one_servers_posts_are_one_in_every_file_and_as_seen_from_elsewhere(room, tmp_path):
    bring(room, tmp_path / "a.jsonl", *MASTODON)
    again = bring(room, tmp_path / "b.jsonl", status("a.example", "1", asked="c.example"), status("a.example", "2"))
    assert Post.objects.filter(telling="").count() == 3
    assert (again.known, again.posts) == (1, 2)
    assert analyse(room.investigator, room.case).result["posts"] == 3


def test_boost_is_found_by_the_post_that_it_boosts_and_no_other_of_that_number(room, tmp_path):
    boosted = status("b.example", "1", asked="a.example")
    bring(room, tmp_path / "a.jsonl", *MASTODON, status("a.example", "9", reblog=boosted, content=""))
    shared = {one["id"]: one["reposts_here"] for one in analyse(room.investigator, room.case).result["most_shared"]}
    assert (shared["1@b.example"], shared.get("1@a.example", 0)) == (1, 0)


def test_same_handle_and_answer_on_two_servers_join_nobody(room, tmp_path):
    """Accounts of two servers that mention their own @ken and answer their own post 4 share nothing."""
    records = []
    for server in ("a.example", "b.example"):
        mention = {"id": "3", "acct": "ken", "username": "ken", "url": f"https://{server}/@ken"}
        told = {"in_reply_to_id": "4", "in_reply_to_account_id": "3", "mentions": [mention]}
        records += [status(server, str(number), str(number), **told) for number in (1, 2)]
    bring(room, tmp_path / "a.jsonl", *records)
    asked = {"coshare": ["mention", "reply"], "window": 60, "min_participation": 1}
    result = analyse(room.investigator, room.case, method="coshare", **asked).result["coshare"]
    assert (result["nodes"], result["edges"]) == (4, 2)


def test_service_that_is_no_platform_is_kept_apart_by_the_server_that_is_said(room, tmp_path):
    path = table(tmp_path / "t.csv", [row(1, 5, "One of a service that has no name here")])
    mapping = tmp_path / "m.json"
    mapping.write_text(json.dumps(MAPPING))
    options = ("--mapping", str(mapping), "--platform", "other")
    for server in ("weibo.com", "OK.ru", "weibo.com"):
        counted = run_json("import_posts", room.case.ref, str(path), *options, "--server", server)
    assert (counted["accepted"], counted["duplicate"]) == (0, 1)
    assert set(Post.objects.values_list("native_id", "account", "handle")) == {
        ("1@weibo.com", "5@weibo.com", "user5@weibo.com"),
        ("1@ok.ru", "5@ok.ru", "user5@ok.ru"),
    }
    assert set(Dataset.objects.values_list("server", flat=True)) == {"weibo.com", "ok.ru"}
    account, added = track_account(actor=room.investigator, case=room.case, platform="other", account="5@ok.ru")
    assert (account.instance, account.platform_user_id, added) == ("ok.ru", "5", 1)
    assert account.observations.get().handle == "user5"
    assert track_account(actor=room.investigator, case=room.case, platform="other", account="5@ok.ru") == (account, 0)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (["--platform", "x", "--server", "a.example"], "no servers of its own"),
        (["--platform", "mastodon", "--server", "a b"], "domain name"),
        (["--platform", "mastodon"], "say which server"),
    ],
)
def test_server_that_cannot_be_or_is_missing_is_told_and_nothing_kept(room, tmp_path, said, words):
    path = table(tmp_path / "t.csv", [row(1, 5, "A post whose server nobody knows")])
    (tmp_path / "m.json").write_text(json.dumps(MAPPING))
    assert words in raises_exit(2, "import_posts", "NC-2024", str(path), "--mapping", str(tmp_path / "m.json"), *said)
    assert not Dataset.objects.exists()


def test_mapping_may_say_the_server_and_the_command_must_not_say_another(room, tmp_path):
    path = table(tmp_path / "t.csv", [row(1, 5, "A post of a server that the mapping names")])
    (tmp_path / "m.json").write_text(json.dumps(MAPPING | {"platform": "mastodon", "server": "a.example"}))
    options = ("NC-2024", str(path), "--mapping", str(tmp_path / "m.json"))
    assert "server is a.example" in raises_exit(2, "import_posts", *options, "--server", "b.example")
    run_json("import_posts", *options)
    assert (Post.objects.get().native_id, Dataset.objects.get().server) == ("1@a.example", "a.example")


def test_list_of_another_service_means_that_service_and_finds_its_tracked_account(room, tmp_path):
    rows = table(tmp_path / "t.csv", [row(1, 5, "By an account of ok.ru")])
    import_posts(room.investigator, room.case, rows, platform="other", server="ok.ru")
    account, _ = track_account(actor=room.investigator, case=room.case, platform="other", account="5@ok.ru")
    record_follows(room.investigator, room.case, tmp_path / "f.csv", ["5", "6"], platform="other", account="7@ok.ru")
    record_follows(room.investigator, room.case, tmp_path / "g.csv", ["5"], platform="other", account="7@weibo.com")
    assert list(FollowEntry.objects.values_list("account", flat=True)) == ["5@ok.ru", "6@ok.ru", "5@weibo.com"]
    assert [one.number for one in following_of(room.investigator, account).stands_in] == [1]


# --- read again


@pytest.fixture
def old(room, tmp_path, monkeypatch):
    """A dataset that an older reader read, of posts that it gave no server."""
    path = table(tmp_path / "t.csv", [row(1, 5, "One of two posts of a service"), row(2, 6, "The other one of them")])
    with monkeypatch.context() as patched:
        patched.setattr(importing, "READER_VERSION", "R4")
        return import_posts(room.investigator, room.case, path, platform="other", title="Old", gaps="Much")


def test_file_is_read_again_in_place_of_what_an_older_reader_made_of_it(room, old):
    kept = analyse(room.investigator, room.case)
    made, reasons = reread(actor=room.investigator, dataset=old, watcher=Unwatched(), server="ok.ru")
    assert (made.label, made.item, made.replaces, made.reader_version) == ("D-2", old.item, old, READER_VERSION)
    assert (made.title, made.gaps, made.server, reasons) == ("Old", "Much", "ok.ru", [])
    assert datasets_in_use(room.investigator, room.case) == [made]
    assert analyse(room.investigator, room.case).result["posts"] == 2
    assert stale_ids(room.case, [kept]) == {kept.pk}
    assert analyse(room.investigator, room.case, [old]).result["first"]["id"] == "1"
    assert set(Post.objects.values_list("native_id", flat=True)) == {"1", "2", "1@ok.ru", "2@ok.ru"}
    for dataset in (old, made):
        with pytest.raises(Conflict):
            reread(actor=room.investigator, dataset=dataset, watcher=Unwatched())


def test_reading_that_fails_leaves_the_earlier_one_in_use_and_may_be_tried_again(room, old):
    waiting = start_rereading(actor=room.investigator, dataset=old)
    assert (successor_of(old), datasets_in_use(room.investigator, room.case)) == (waiting, [old])
    importing.give_up(actor=room.investigator, dataset=waiting, problem="The disk is full")
    assert successor_of(old) is None
    made = importing.read_dataset(
        actor=room.investigator, dataset=start_rereading(actor=room.investigator, dataset=old), watcher=Unwatched()
    )
    assert datasets_in_use(room.investigator, room.case) == [made]
    withdraw_item(actor=room.editor, item=made.item, reason="Not ours")
    assert datasets_in_use(room.investigator, room.case) == []


def test_same_bytes_sent_again_take_the_place_of_an_older_reading(room, old, tmp_path):
    again = import_posts(room.investigator, room.case, tmp_path / "t.csv", platform="other")
    assert (again.replaces, again.known, again.accepted) == (old, 2, 0)
    assert datasets_in_use(room.investigator, room.case) == [again]
    withdraw_item(actor=room.editor, item=again.item, reason="Sent twice")
    assert datasets_in_use(room.investigator, room.case) == [old]
    made, _ = reread(actor=room.investigator, dataset=old, watcher=Unwatched())
    assert datasets_in_use(room.investigator, room.case) == [made]


def test_reading_of_a_sensitive_exhibit_is_not_replaced_by_one_of_the_same_bytes_that_is_none(room, old, tmp_path):
    changes = {"sensitivity": Sensitivity.SENSITIVE}
    change_item(actor=room.investigator, item=old.item, version=old.item.version, changes=changes)
    again = import_posts(room.investigator, room.case, tmp_path / "t.csv", platform="other")
    assert (again.replaces, datasets_in_use(room.investigator, room.case)) == (None, [old, again])


def test_person_reads_a_file_again_by_the_button_on_its_page(room, old):
    page, where = browser(room.investigator), reverse("posts:dataset", args=[room.case.ref, old.number])
    assert "Read again with the present reader" in page.get(where).content.decode()
    assert "by an older reader" in page.get(reverse("posts:datasets", args=[room.case.ref])).content.decode()
    assert "Read again with" not in browser(room.viewer).get(where).content.decode()
    again = reverse("posts:read_again", args=[room.case.ref, old.number])
    assert page.post(again, {"server": "no server"}).status_code == 400
    assert not old.replaced_by.exists()
    answer = page.post(again, {"server": "ok.ru"})
    made = old.replaced_by.get()
    assert answer.url == reverse("posts:dataset", args=[room.case.ref, made.number])
    importing.read_dataset(actor=room.investigator, dataset=made, watcher=Unwatched())
    made.refresh_from_db()
    assert (made.posts, made.server) == (2, "ok.ru")
    assert made.label in page.get(where).content.decode()
    assert old.label in page.get(answer.url).content.decode()
    assert page.post(again).status_code == 409


def test_command_reads_again(room, old):
    found = run_json("import_posts", room.case.ref, "--again", "D-1", "--server", "ok.ru")
    assert (found["dataset"], found["posts"], found["accepted"]) == ("D-2", 2, 2)
    for said, words in (
        (["D-1"], "later reading"),
        (["D-2"], "present reader"),
        (["D-9"], "no such dataset"),
        (["x"], "is no dataset"),
        (["D-1", "--tz", "UTC"], "leave out zone"),
    ):
        assert words in raises_exit(2, "import_posts", room.case.ref, "--again", *said).replace("There is n", "n")
    assert How.of(Dataset.objects.get(number=2)).server == "ok.ru"


def test_program_says_a_server_and_reads_again(room, old):
    page, datasets = browser(room.investigator), f"/api/v1/cases/{room.case.ref}/datasets/"
    body = {"exhibit": old.item.exhibit, "platform": "x", "server": "ok.ru", "format": "mapping", "mapping": MAPPING}
    refused = page.post(datasets, body, content_type="application/json")
    assert (refused.status_code, "no servers of its own" in refused.content.decode()) == (400, True)
    made = page.post(datasets, body | {"platform": "other"}, content_type="application/json")
    assert (made.status_code, made.json()["server"], made.json()["replaces"]) == (201, "ok.ru", None)
    again = page.post(f"{datasets}{old.pk}/read-again/", {"server": "vk.ru"}, content_type="application/json")
    assert again.status_code == 201, again.content
    assert (again.json()["replaces"], again.json()["server"]) == (str(old.pk), "vk.ru")
    assert page.post(f"{datasets}{old.pk}/read-again/", {}, content_type="application/json").status_code == 409
    assert page.get(f"{datasets}{old.pk}/").json()["reader_version"] == "R4"
