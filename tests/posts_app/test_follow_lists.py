"""A follow list comes in as a file, tells of its day and no more, and its number is cited like any other."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, InternalError, connection, transaction
from django.urls import reverse

from audit.models import Event
from cases.actions.accounts import create_account
from cases.exceptions import CaseworkError, InvalidInput, NotAllowed, NotVisible
from claims.actions.citations import cite_number
from evidence.actions.items import change_item, withdraw_item
from evidence.enums import CustodyAction, Sensitivity
from posts.actions.analyses import ask_and_answer, recompute
from posts.following import following_of
from posts.models import Analysis, FollowEntry, FollowList
from posts.passages import passage
from posts.queries import analyses_of, follow_lists_of, get_follow_list, stale_ids
from posts.questions import Question
from tests.factories.claims import make_draft, make_world
from tests.factories.posts import record_follows
from tests.posts.files import write_lines
from tests.posts.test_follow_lists import api2_page, user
from tests.posts_app.test_pages import browser, words

pytestmark = pytest.mark.django_db
FOLLOWS = Question("follows")


@pytest.fixture
def record_(room, tmp_path):
    """Keep ids as a list of the case, by its investigator."""

    def keep(*ids, actor=None, **said):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.csv"
        return record_follows(actor or room.investigator, room.case, path, ids, **said)

    return keep


def track(room, number):
    return create_account(actor=room.investigator, case=room.case, platform="x", platform_user_id=number)


def address(name, *arguments):
    return reverse(f"posts:{name}", args=["NC-2024", *arguments])


# --- what is kept


def test_list_is_kept_as_of_its_day_and_says_no_more(room, record_):
    kept = record_("12", "13", "12", "14", observed_at="2024-05", source_note="by hand")
    assert kept.label == "F-1"
    assert kept.words == "follows 3 accounts, as of May 2024"
    assert (kept.read, kept.members, kept.duplicates, kept.rejected) == (4, 3, 1, 0)
    assert [entry.account for entry in kept.entries.all()] == ["12", "13", "14"]
    assert kept.item.custody.filter(action=CustodyAction.DERIVE).exists()
    event = Event.objects.get(action="follow_list_recorded")
    assert event.object == f"followlist:{kept.pk}"


def test_partial_list_says_at_least(record_):
    assert record_("12", is_complete=False).words == "follows at least 1 account, as of 16 May 2024"
    followers = record_("12", "13", is_complete=False, direction="followers")
    assert followers.words == "is followed by at least 2 accounts, as of 16 May 2024"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"account": ""}, "account"),
        ({"account": "@ana"}, "account"),
        ({"account": "7@not a server", "platform": "mastodon"}, "account"),
        ({"account": "@ana@a.example", "platform": "mastodon"}, "account"),
        ({"platform": ""}, "platform"),
        ({"direction": "sideways"}, "direction"),
        ({"observed_at": ""}, "observed_at"),
        ({"observed_at": "2099-01-01"}, "observed_at"),
        ({"observed_at": "yesterday"}, "observed_at"),
        ({"gaps": "x" * 20_001}, "gaps"),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_nothing_is_kept(record_, said, field):
    with pytest.raises(InvalidInput) as caught:
        record_("12", **said)
    assert caught.value.field == field
    assert not FollowList.objects.exists()


def test_list_with_a_refused_record_cannot_be_called_complete(record_):
    with pytest.raises(InvalidInput, match="line 3") as caught:
        record_("12", "9.06E+17")
    assert caught.value.field == "is_complete"
    assert record_("12", "9.06E+17", is_complete=False).rejected == 1


@pytest.mark.parametrize("change", ["UPDATE posts_followentry SET account = '1'", "DELETE FROM posts_followlist",
                                    "UPDATE posts_followlist SET members = 2"])  # fmt: skip
def test_list_never_changes(record_, change):
    record_("12")
    with pytest.raises((InternalError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


# --- the page, the command, the program


def test_person_sends_a_file_confirms_what_it_says_and_finds_it_on_the_list(room):
    page = browser(room.investigator)
    content = "".join(
        f"{json.dumps(one)}\n" for one in (api2_page(user(12, "ana"), token="t"), api2_page(user(13, "b")))
    )
    sent = page.post(address("follow_lists"), {"file": SimpleUploadedFile("f.jsonl", content.encode())})
    shown = words(page.get(sent.url))
    assert "2 accounts stand in this file" in shown
    form = page.get(sent.url).context["form"].initial
    assert (form["account"], form["direction"]) == ("783214", "following")
    wrong = page.post(sent.url, form | {"account": "99", "is_complete": "1"})
    assert "The file itself says 783214." in words(wrong, 400)
    kept = page.post(sent.url, form | {"is_complete": "1", "source_note": "twarc"})
    said = words(page.get(kept.url))
    assert "F-1: account 783214 follows 2 accounts, as of 16 May 2024 10:00 UTC" in said
    assert "2 records read = 2 accounts + 0 named again + 0 refused." in said
    assert "@ana" in said
    assert "follows 2 accounts" in words(page.get(address("follow_lists")))


def test_file_of_profiles_is_refused_as_posts_and_leads_to_the_lists(room, tmp_path):
    page = browser(room.investigator)
    path = write_lines(tmp_path / "users.jsonl", user(12, "ana"))
    sent = page.post(address("import"), {"file": SimpleUploadedFile("users.jsonl", path.read_bytes())})
    refused = page.get(sent.url)
    assert "holds profiles of accounts, and no posts" in words(refused)
    assert address("follow_record", 1) in refused.content.decode()


def test_file_that_is_no_list_is_told_and_not_kept(room):
    page = browser(room.investigator)
    sent = page.post(address("follow_lists"), {"file": SimpleUploadedFile("f.csv", b"colour,size\nred,3\n")})
    assert "This file lists no accounts." in words(page.get(sent.url))
    assert "This file lists no accounts." in words(page.post(sent.url, {"account": "7"}), 400)
    assert not FollowList.objects.exists()


def test_command_keeps_what_the_file_says(room, tmp_path, capsys):
    path = write_lines(tmp_path / "f.jsonl", api2_page(user(12, "ana"), user(13, "ben")))
    call_command("import_follows", "NC-2024", str(path), "--complete", "--json")
    told = json.loads(capsys.readouterr().out)
    assert (told["list"], told["members"], told["account"], told["is_complete"]) == ("F-1", 2, "783214", True)
    broken = write_lines(tmp_path / "g.jsonl", api2_page(user(12, "ana"), token="more"))
    with pytest.raises(CommandError, match="breaks off"):
        call_command("import_follows", "NC-2024", str(broken), "--complete")


def test_program_records_reads_and_asks(room, record_):
    item = record_("12", "13").item
    page = browser(room.investigator)
    lists = "/api/v1/cases/NC-2024/follow-lists/"
    body = {"exhibit": item.exhibit, "platform": "x", "account": "8", "direction": "followers", "is_complete": False}
    refused = page.post(lists, body, content_type="application/json")
    assert refused.status_code == 400
    assert "observed_at" in refused.content.decode()
    made = page.post(lists, body | {"observed_at": "2024-05-17"}, content_type="application/json")
    assert made.status_code == 201, made.content
    assert made.json()["words"] == "is followed by at least 2 accounts, as of 17 May 2024"
    entries = page.get(f"/api/v1/cases/NC-2024/follow-entries/?list={made.json()['id']}").json()["results"]
    assert [one["account"] for one in entries] == ["12", "13"]
    asked = {"method": "follows", "lists": [made.json()["id"]]}
    answer = page.post("/api/v1/cases/NC-2024/analyses/", asked, content_type="application/json")
    assert answer.status_code == 201, answer.content
    assert answer.json()["result"]["lists"][0]["in_this_list"] == 2


# --- the number


def test_number_of_a_list_is_cited_with_its_coverage(tmp_path):
    world = make_world()
    kept = record_follows(world.author, world.case, tmp_path / "f.csv", ["12", "13", "14"], source_note="twarc")
    analysis = ask_and_answer(actor=world.author, case=world.case, question=FOLLOWS, lists=[kept])
    found = passage(world.author, analysis, "/lists/0/in_this_list")
    assert (found.exact, found.value) == ('"in_this_list": 3', 3)
    citation = cite_number(
        actor=world.author, version=make_draft(world, cited=False), analysis=analysis, pointer="/lists/0/in_this_list"
    )
    assert citation.verified
    assert (
        "F-1 X (Twitter) account 7 follows 3 accounts, as of 16 May 2024 (twarc): complete list." in citation.descriptor
    )


def test_button_on_a_list_makes_the_analysis_that_can_be_cited(room, record_):
    kept = record_("12", "13")
    page = browser(room.investigator)
    made = page.post(address("follow_count", kept.number))
    shown = words(page.get(made.url))
    assert "whom accounts follow, in dated lists" in shown
    assert "chosen lists" in shown
    assert Analysis.objects.get().datasets == []


def test_analysis_of_lists_is_made_again_alike_and_grows_stale(room, record_):
    record_("12", "13")
    record_("12", account="8")
    analysis = ask_and_answer(actor=room.investigator, case=room.case, question=FOLLOWS)
    assert analysis.result["overlap"] == [{"a": "F-1", "b": "F-2", "in_both": 1, "members": ["12"]}]
    assert recompute(actor=room.auditor, analysis=analysis).same
    assert stale_ids(room.case, [analysis]) == set()
    later = record_("14", account="9")
    assert stale_ids(room.case, [analysis]) == {analysis.pk}
    withdraw_item(actor=room.editor, item=later.item, reason="A mistake")
    assert stale_ids(room.case, [analysis]) == set()


@pytest.mark.parametrize("question", [FOLLOWS, Question("timeline")])
def test_there_is_nothing_to_ask_where_nothing_is(room, question):
    with pytest.raises(InvalidInput, match="in this case yet"):
        ask_and_answer(actor=room.investigator, case=room.case, question=question)


def test_lists_answer_no_question_to_posts(room, record_):
    with pytest.raises(InvalidInput, match="F-1 is nothing that this analysis looks at"):
        ask_and_answer(actor=room.investigator, case=room.case, question=Question("timeline"), lists=[record_("12")])


# --- the account's page


def test_page_of_an_account_tells_its_lists_who_stands_in_them_and_what_they_share(room, record_):
    account, other, third = track(room, "7"), track(room, "8"), track(room, "12")
    record_("1", observed_at="2023-01-01")
    record_("12", "13", "@ana")
    record_("13", "14", account="8")
    record_("7", account="9", direction="followers")
    found = following_of(room.viewer, account)
    assert [one.label for one in found.own] == ["F-2", "F-1"]
    assert [(one.account, [kept.label for kept in one.lists]) for one in found.known] == [(third, ["F-2"])]
    assert [one.label for one in found.stands_in] == ["F-4"]
    assert [(one.own.label, one.other.label, one.in_both) for one in found.overlaps] == [("F-2", "F-3", 1)]
    page = browser(room.viewer)
    said = words(page.get(address("follows_of", account.pk)))
    assert "F-2 follows 3 accounts, as of 16 May 2024" in said
    assert "1 in both F-2 and F-3" in said
    assert (
        address("follows_of", account.pk)
        in page.get(reverse("cases:account", args=["NC-2024", account.pk])).content.decode()
    )
    assert "F-3 follows 2 accounts" in words(page.get(address("follows_of", other.pk)))


def test_account_without_a_platform_id_is_matched_with_nothing(room, record_):
    record_("12")
    account = create_account(actor=room.investigator, case=room.case, platform="x", id_unknown_reason="Gone")
    assert "The platform's id of this account is unknown." in words(
        browser(room.viewer).get(address("follows_of", account.pk))
    )


def test_lists_are_chosen_where_questions_are_asked(room, record_):
    record_("12", "13")
    record_("13", "14", account="8")
    page, path = browser(room.investigator), address("analyses")
    form = page.get(path).content.decode()
    assert all(f"F-{number} follows" in form for number in (1, 2))
    assert 'name="datasets"' not in form
    for chosen, numbers in ((["2"], [2]), ([], [1, 2])):
        assert page.post(path, {"method": "follows", "zone": "UTC", "lists": chosen}).status_code == 302
        analysis = Analysis.objects.latest("number")
        assert [FollowList.objects.get(pk=pk).number for pk in analysis.lists] == numbers
        assert analysis.of_whole_case is (chosen == [])
    assert page.post(path, {"method": "timeline", "zone": "UTC", "unit": "day", "lists": ["1"]}).status_code == 400


def test_account_of_mastodon_is_matched_by_its_number_on_its_server(room, record_):
    on_a, on_b = (
        create_account(
            actor=room.investigator, case=room.case, platform="mastodon", instance=server, platform_user_id="7"
        )
        for server in ("a.example", "b.example")
    )
    record_("12", platform="mastodon", account="7@A.example")
    record_("7", platform="mastodon", account="9@b.example")
    assert [one.label for one in following_of(room.viewer, on_a).own] == ["F-1"]
    assert following_of(room.viewer, on_a).stands_in == []
    assert [one.label for one in following_of(room.viewer, on_b).stands_in] == ["F-2"]
    page = browser(room.viewer)
    assert "F-1 follows 1 account" in words(page.get(address("follows_of", on_a.pk)))
    shown = page.get(address("follow_list", 2)).content.decode()
    assert reverse("cases:account", args=["NC-2024", on_b.pk]) in shown
    assert reverse("cases:account", args=["NC-2024", on_a.pk]) not in shown


def test_export_of_mastodon_means_its_own_server_where_it_names_none(room, tmp_path):
    path = tmp_path / "following_accounts.csv"
    path.write_text("Account address,Show boosts\nben,true\nben@a.example,true\nana@b.example,true\n")
    said = ["--platform", "mastodon", "--direction", "following", "--as-of", "2024-05-16", "--complete"]
    with pytest.raises(CommandError, match=r"13179@mastodon\.social"):
        call_command("import_follows", "NC-2024", str(path), *said, "--account", "7")
    call_command("import_follows", "NC-2024", str(path), *said, "--account", "7@a.example")
    kept = FollowList.objects.get()
    assert kept.account == "7@a.example"
    assert [(one.account, one.handle, one.author_id) for one in kept.entries.all()] == [
        ("@ben@a.example", "ben@a.example", ""), ("@ana@b.example", "ana@b.example", ""),
    ]  # fmt: skip
    assert (kept.read, kept.members, kept.by_handle_only, kept.duplicates) == (3, 2, 2, 1)


# --- who sees what


def test_sensitive_list_is_there_for_some_only_and_its_readings_are_written_down(room, record_):
    account = track(room, "7")
    kept = record_("12")
    analysis = ask_and_answer(actor=room.investigator, case=room.case, question=FOLLOWS)
    changes = {"sensitivity": Sensitivity.SENSITIVE}
    kept.item.refresh_from_db()
    change_item(actor=room.investigator, item=kept.item, version=kept.item.version, changes=changes, reason="A source")
    assert list(follow_lists_of(room.viewer, room.case)) == []
    assert analysis not in analyses_of(room.viewer, room.case)
    assert following_of(room.viewer, account).own == []
    with pytest.raises(NotVisible):
        get_follow_list(room.viewer, room.case, kept.number)
    page = browser(room.investigator)
    page.get(address("follow_list", kept.number))
    assert kept.item.custody.filter(action=CustodyAction.READ, purpose="Read as F-1").count() == 1


def test_stranger_and_reader_record_nothing(room, record_):
    for person in (room.viewer, room.stranger):
        with pytest.raises((NotAllowed, NotVisible, CaseworkError)):
            record_("12", actor=person)
    assert not FollowEntry.objects.exists()
