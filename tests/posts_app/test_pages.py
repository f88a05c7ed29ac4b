"""A person imports, reads, asks and checks in the browser's own way: forms, links, refusals beside their fields."""

import io
import json
import re
from html import unescape
from urllib.parse import parse_qsl, unquote

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit.models import Event
from cases.actions.merges import merge
from cases.models import Account, JobRun, Observation
from evidence.actions.items import change_item, log_file
from evidence.details import Details
from evidence.enums import CustodyAction, Sensitivity
from posts import exporting, methods
from posts.actions.importing import Unwatched, read_dataset
from posts.models import Analysis, Dataset, Post
from posts.passages import passage
from tests.factories.posts import CAMPAIGN, MAPPING, analyse, import_posts, row, table
from tests.posts.files import write_lines

pytestmark = pytest.mark.django_db


DATES = ("12/05/2024 10:00", "16/05/2024 10:00")


def browser(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def page(room):
    return browser(room.investigator)


@pytest.fixture
def dataset(room, campaign):
    return import_posts(room.investigator, room.case, campaign, query="#islands")


def words(response, status=200):
    assert response.status_code == status, response.content[:2000]
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def address(name, *arguments):
    return reverse(f"posts:{name}", args=["NC-2024", *arguments])


def sent(page, content, name="export.csv"):
    response = page.post(address("import"), {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 302, words(response)
    return response.url


# --- a file comes in


def test_file_is_sent_looked_at_and_read(room, page, campaign):
    how = sent(page, campaign.read_bytes())
    shown = words(page.get(how))
    assert "No known export looks like this" in shown
    assert PASTED_START in shown
    columns = {f"column_{part}": column for part, column in MAPPING.items()}
    form = {"format": "mapping", "zone": "Asia/Baku", "platform": "x", "title": "The islands", "query": "#islands"}
    looked = words(page.post(how, form | columns | {"step": "look"}))
    assert "The first posts, as they would be read" in looked
    assert not Dataset.objects.exists()
    response = page.post(how, form | columns | {"step": "import"})
    dataset = Dataset.objects.get()
    assert response.url == address("dataset", dataset.number)
    assert "Being read" in words(page.get(address("datasets")))
    assert JobRun.objects.get(pk=dataset.run_id).task == "posts.read_dataset"
    waiting = words(page.get(response.url))
    assert "Nothing was read yet." in waiting
    assert "Cancel: nothing of it" in waiting
    assert "Cancel: nothing of it" not in words(browser(room.viewer).get(response.url))
    read_dataset(actor=room.investigator, dataset=dataset, watcher=Unwatched())
    report = words(page.get(response.url))
    assert "5 records read = 5 accepted + 0 duplicate + 0 refused." in report
    assert "#islands" in report


PASTED_START = "Recognise the islands at once"


def test_which_number_is_the_day_is_asked_with_the_dates_of_the_file(room, page, tmp_path):
    rows = [[*row(number, 1, "Long live")[:4], date, *row(number, 1, "")[5:]] for number, date in enumerate(DATES)]
    how = sent(page, table(tmp_path / "dates.csv", rows).read_bytes())
    shown = words(page.get(how))
    assert "Which of two numbers is the day?" in shown
    assert "12/05/2024 10:00 2024-05-12 2024-12-05 16/05/2024 10:00 2024-05-16 no such date" in shown
    form = {"format": "mapping", "zone": "UTC", "platform": "x", "title": "Dates"}
    form |= {f"column_{part}": column for part, column in MAPPING.items()}
    for step in ("look", "import"):
        refused = words(page.post(how, form | {"step": step}), 400)
        assert "no reading of these dates is taken without a word" in refused
    assert not Dataset.objects.exists()
    looked = words(page.post(how, form | {"step": "look", "day_order": "day"}))
    assert "2024-05-12T10:00:00+00:00" in looked
    assert page.post(how, form | {"step": "import", "day_order": "day"}).status_code == 302
    assert Dataset.objects.get().mapping["day_order"] == "day"


def test_known_export_needs_no_columns(page, tmp_path):
    post = {"uri": "at://did:plc:a/app.bsky.feed.post/1", "cid": "c",
            "author": {"did": "did:plc:a", "handle": "a.example"},
            "record": {"text": "Hello there, this is long enough", "createdAt": "2024-05-16T10:00:00Z"},
            "indexedAt": "2024-05-16T10:00:01Z"}  # fmt: skip
    path = write_lines(tmp_path / "b.ndjson", post)
    shown = words(page.get(sent(page, path.read_bytes(), "b.ndjson")))
    assert "Look at its first posts" in shown
    assert "did:plc:a @a.example" in shown


def test_workbook_is_looked_at_in_the_child(page):
    book = openpyxl.Workbook()
    for values in (["id", "user", "text", "date"], ["1790000000000000001", "u1", "A text of a workbook", "2024-05-16"]):
        book.active.append(values)
    content = io.BytesIO()
    book.save(content)
    assert "1790000000000000001" in words(page.get(sent(page, content.getvalue(), "b.xlsx")))


@pytest.mark.parametrize("content", [b"%PDF-1.7 nothing", b"\x00\x01\x02\x03" * 50, b"<html>an error page</html>"])
def test_file_that_is_no_export_is_told_beside_the_form(page, content):
    shown = words(page.get(sent(page, content, "x.csv")))
    assert "It cannot be read as posts." in shown
    assert "Traceback" not in shown


def test_mapping_without_a_time_is_refused_beside_its_field(page, campaign):
    how = sent(page, campaign.read_bytes())
    form = {"format": "mapping", "zone": "UTC", "platform": "x", "column_text": "text", "column_handle": "username"}
    response = page.post(how, form | {"step": "import"})
    shown = words(response, 400)
    assert "time" in shown
    assert not Dataset.objects.exists()


def test_empty_file_is_refused(page):
    assert "empty" in words(page.post(address("import"), {"file": SimpleUploadedFile("e.csv", b"")}), 400)


def test_bidi_and_markup_in_a_file_stay_text(room, page, tmp_path):
    rows = [row(1, 1, "<script>alert(1)</script> \u202egnp.exe and more words", bio="<b>x</b>")]
    import_posts(room.investigator, room.case, table(tmp_path / "x.csv", rows))
    listed = page.get(address("list"))
    assert b"<script>alert(1)" not in listed.content
    assert "<bdi>&lt;script&gt;" in listed.content.decode()
    post = Post.objects.get()
    assert b"<b>x</b>" not in page.get(address("post", post.pk)).content


# --- what is there


def test_list_narrows_and_pages(room, page, tmp_path, monkeypatch):
    rows = [row(n, n % 3, f"Post number {n} of the list #t{n % 2}", minutes=n) for n in range(1, 8)]
    import_posts(room.investigator, room.case, table(tmp_path / "many.csv", rows))
    monkeypatch.setattr("posts.views.listing.PAGE", 3)
    seen, url = [], address("list")
    while url:
        response = page.get(url)
        seen += re.findall(r"Post number (\d)", words(response))
        following = re.search(r'rel="next" href="([^"]+)"', response.content.decode())
        url = address("list") + following[1].replace("&amp;", "&") if following else ""
    assert seen == [str(n) for n in range(1, 8)]
    assert re.findall(r"Post number (\d)", words(page.get(address("list"), {"order": "newest"}))) == ["7", "6", "5"]
    assert re.findall(r"Post number (\d)", words(page.get(address("list"), {"tag": "#T0", "account": "2"}))) == ["2"]
    assert "No post like that" in words(page.get(address("list"), {"query": "nothing"}))
    assert words(page.get(address("list"), {"cursor": "x"}), 400)
    assert words(page.get(address("list"), {"start": "soon"}), 400)
    assert words(page.get(address("list"), {"group": "N-1/L0/0"}), 404)


def test_numbers_lead_to_lists_that_say_how_many_posts_they_are(room, page, dataset):
    analyse(room.investigator, room.case, coshare=["text"])
    figures = page.get(address("campaign"))
    for narrowed, total in (("", 5), ("repost_of=102", 1), ("account=1&kind=repost", 1), ("tag=islands", 3)):
        path = f"{address('list')}{narrowed and '?'}{narrowed}"
        assert f'href="{path.replace("&", "&amp;")}"' in figures.content.decode()
        assert "How many?" in words(page.get(path))
        counted = words(page.get(path, {"count": "1"} | dict(parse_qsl(narrowed))))
        assert f"{total} post{'' if total == 1 else 's'} " in counted
    assert "Reposts of post 102." in words(page.get(address("list"), {"repost_of": "102"}))


def test_undated_posts_come_last_on_every_page(room, page, tmp_path, monkeypatch):
    rows = [row(n, n, f"Post number {n} of the list", minutes=n) for n in range(1, 4)]
    rows += [[9, 9, "user9", "Post number 9 of the list", "not a time", "", "", "", 1, 1]]
    import_posts(room.investigator, room.case, table(tmp_path / "u.csv", rows))
    found = words(page.get(address("list")))
    if Post.objects.filter(at=None).exists():
        assert re.findall(r"Post number (\d)", found)[-1] == "9"
    assert "Post number 1" in found


def test_post_shows_clocks_record_and_profile(page, dataset):
    post = Post.objects.get(native_id="102")
    shown = words(page.get(address("post", post.pk)))
    for part in ("Claimed time", "2024-05-15T21:30:30+00:00", "D-1 , line 3", "I am number 2", "says the account"):
        assert part in shown


def test_csv_of_posts_is_safe_and_on_record(room, dataset, tmp_path):
    import_posts(room.investigator, room.case, table(tmp_path / "f.csv", [row(7, 7, "=HYPERLINK(1) and more words")]))
    response = browser(room.editor).get(address("list_csv"), {"account": "7"})
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("platform,id,account")
    assert "'=HYPERLINK(1)" in lines[1]
    assert len(lines) == 2
    assert Event.objects.filter(action="case_exported").count() == 1


def test_rejected_rows_are_downloaded_with_line_and_reason(room, tmp_path):
    path = table(tmp_path / "cut.csv", [CAMPAIGN[0], ["", "", "", "", ""]])
    dataset = import_posts(room.investigator, room.case, path)
    response = browser(room.editor).get(address("rejected", dataset.number))
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1].startswith("3,0,")


def test_author_becomes_a_tracked_account_once(room, page, tmp_path):
    rows = [row(1, 1, "The first of two posts"), row(2, 1, "The second of two posts", minutes=9, bio="I am YAP now")]
    import_posts(room.investigator, room.case, table(tmp_path / "t.csv", rows))
    post = Post.objects.get(native_id="1")
    for _ in range(2):
        assert page.post(address("track", post.pk)).status_code == 302
    account = Account.objects.get()
    assert (account.platform, account.platform_user_id) == ("x", "1")
    assert browser(room.viewer).post(address("track", post.pk)).status_code == 403


def test_accounts_of_mastodon_are_tracked_by_server_and_number_or_by_server_and_name(room, page, tmp_path):
    """A number is its server's own; from another server an account has only its name there."""
    own = {"id": "5", "acct": "ana", "url": "https://a.example/@ana"}
    namesake = {"id": "5", "acct": "ben", "url": "https://b.example/@ben"}
    remote = {"id": "991", "acct": "cem@c.example", "url": "https://c.example/@cem"}
    statuses = [
        {"id": str(n), "created_at": "2024-05-16T09:15:00Z", "content": "Hello", "account": whose, "url": whose["url"]}
        for n, whose in enumerate((own, namesake, remote, remote | {"note": "Changed"}))
    ]
    import_posts(room.investigator, room.case, write_lines(tmp_path / "m.ndjson", *statuses), mapped=False)
    for post in Post.objects.order_by("native_id"):
        assert page.post(address("track", post.pk)).status_code == 302
    found = Account.objects.order_by("instance").values_list("platform", "instance", "platform_user_id")
    assert list(found) == [
        ("mastodon", "a.example", "5"),
        ("mastodon", "b.example", "5"),
        ("mastodon", "c.example", ""),
    ]
    seen = Observation.objects.order_by("account__instance", "bio")
    assert list(seen.values_list("handle", "bio")) == [("ana", ""), ("ben", ""), ("cem", ""), ("cem", "Changed")]
    assert page.get(address("campaign")).content.decode().count('title="Tracked in this case"') >= 2


HASHED = "XE/8qxM2aTg+abcDEFghi1234567890kLmnopqrsTU="
ARCHIVE = ("tweetid", "userid", "user_display_name", "user_screen_name", "user_reported_location",
           "user_profile_description", "follower_count", "tweet_text", "tweet_time")  # fmt: skip


def archive(path, *rows):
    """A release of tweets as X made them, which does not say when it saw a profile."""
    path.write_text("".join(",".join(line) + "\n" for line in (ARCHIVE, *rows)), encoding="utf-8")
    return path


def told(user_id, number="881", handle="scr1", bio="YAP member"):
    return [number, user_id, "Disp", handle, "Baku", bio, "5", "A text of some length", "2016-03-22 10:00"]


def track_twice(page, number="881"):
    post = Post.objects.get(native_id=number)
    for _ in range(2):
        assert page.post(address("track", post.pk)).status_code == 302
    return post


@pytest.mark.parametrize("user_id", ["hash1", HASHED, "f" * 64, "9" * 120])
def test_account_whose_id_the_export_hashes_is_tracked_without_an_id_and_found_again(room, page, tmp_path, user_id):
    import_posts(
        room.investigator, room.case, archive(tmp_path / "io.csv", told(user_id, handle=user_id)), mapped=False
    )
    track_twice(page)
    account, seen = Account.objects.get(), Observation.objects.get()
    assert account.platform_user_id == ""
    assert f"“{user_id[:50]}" in account.id_unknown_reason
    assert "cannot be an id" in account.id_unknown_reason
    assert f"As D-1 shows it under the id “{user_id}”" in seen.note
    assert (seen.handle, seen.bio) == (user_id if user_id == "hash1" else "", "YAP member")
    assert 'title="Tracked in this case"' in page.get(address("campaign")).content.decode()


def test_two_hashed_ids_are_two_accounts_and_a_merged_one_stays_found(room, page, tmp_path):
    path = archive(tmp_path / "io.csv", told("hash1"), told("hash10", "882"), told("HASH1", "883"))
    import_posts(room.investigator, room.case, path, mapped=False)
    for number in ("881", "882", "883"):
        track_twice(page, number)
    first, second, third = Account.objects.order_by("pk")
    Account.objects.filter(pk=first.pk).update(id_unknown_reason="Asked the platform", note="")
    merge(actor=room.editor, duplicate=first, into=second, reason="One account under two hashes")
    track_twice(page)
    assert set(Account.objects.all()) == {first, second, third}
    assert Observation.objects.count() == 3


def test_profiles_without_a_date_were_seen_by_the_day_of_the_import(room, page, tmp_path):
    rows = (told("2893456712"), told("2893456712", "882", bio="Nobody"), told("2893456712", "883"))
    dataset = import_posts(room.investigator, room.case, archive(tmp_path / "io.csv", *rows), mapped=False)
    track_twice(page)
    assert Account.objects.get().platform_user_id == "2893456712"
    seen = Observation.objects.order_by("bio")
    assert [one.bio for one in seen] == ["Nobody", "YAP member"]
    for one in seen:
        assert (one.handle, one.location, one.followers, one.evidence_item) == ("scr1", "Baku", 5, dataset.item.pk)
        assert one.observed_at.date() == dataset.created_at.date()
        assert one.observed_precision == "by"
        assert one.note == "As D-1 shows it, which does not say when: by the time of the import."


def test_profile_that_another_file_shows_again_adds_nothing(room, page, tmp_path):
    for number in ("881", "882"):
        path = archive(tmp_path / f"{number}.csv", told("2893456712", number))
        import_posts(room.investigator, room.case, path, mapped=False)
        track_twice(page, number)
    assert Observation.objects.count() == 1


def test_names_that_deceive_the_eye_are_marked_wherever_they_stand(room, page, tmp_path):
    posing = row(1, 1, "A text of one who poses as another")
    # A Cyrillic letter in a Latin name.
    posing[2] = "n\u0430med"
    import_posts(
        room.investigator, room.case, table(tmp_path / "t.csv", [posing, row(2, 2, "A text of somebody else")])
    )
    odd = {native_id: Post.objects.get(native_id=native_id).pk for native_id in ("1", "2")}
    counts = [
        page.get(path).content.decode().count("odd letters")
        for path in (address("list"), address("post", odd["1"]), address("post", odd["2"]), address("campaign"))
    ]
    assert counts[0] == 1
    assert counts[1] >= 1
    assert counts[2] == 0
    assert counts[3] >= 1


# --- questions


def test_question_is_asked_answered_cited_and_made_again(room, page, dataset):
    asked = {"method": "campaign", "zone": "Asia/Baku", "levels": ["L0", "L2"], "coshare": ["text"], "window": "3600",
             "min_participation": "1", "datasets": ["1"]}  # fmt: skip
    response = page.post(address("analyses"), asked)
    shown = words(page.get(response.url))
    for part in ("D-1 campaign.csv", "for “#islands”", "earliest in this collection by 1", "Clusters at L2"):
        assert part in shown
    analysis = Analysis.objects.get()
    assert f'href="{address("list")}?group=N-1/L2/0"' in page.get(response.url).content.decode()
    assert page.post(address("again", 1)).status_code == 302
    assert "the same, byte for byte" in words(page.get(response.url))
    assert analysis.recomputations.get().same
    assert "N-1" in words(page.get(address("analyses")))


def test_question_that_means_nothing_is_refused_beside_its_field(page, dataset):
    shown = words(page.post(address("analyses"), {"method": "bios", "zone": "UTC", "levels": ["L0"]}), 400)
    assert "Give a phrase to look for." in shown
    assert not Analysis.objects.exists()


def test_page_of_an_analysis_cites_each_number_and_leads_to_the_page_of_its_campaign(room, page, dataset):
    analysis = analyse(room.investigator, room.case, [dataset], zone="Asia/Baku", tag="islands")
    said = page.get(address("analysis", 1)).content.decode()
    cited = re.findall(r'>([\d.,]+)</span> <a class="cite-one" href="[^"]*number=([^"]+)"', said)
    assert len(cited) > 15
    for shown, pointer in cited:
        told = passage(room.investigator, analysis, unquote(pointer)).value
        assert float(shown.replace(",", "")) == told, pointer
    campaign = unescape(re.search(r'href="([^"]+)">(?:(?!</a>).)*Its page', said)[1])
    assert "Analysis N-1 , preserved as" in words(page.get(campaign))
    assert "cite-one" not in browser(room.viewer).get(address("analysis", 1)).content.decode()


def test_stale_analysis_says_so(room, page, dataset, tmp_path):
    analyse(room.investigator, room.case, method="hashtags")
    import_posts(room.investigator, room.case, table(tmp_path / "m.csv", [row(106, 6, "Another voice")]))
    assert "Stale" in words(page.get(address("analyses")))
    assert "Files were added or withdrawn since" in words(page.get(address("analysis", 1)))


@pytest.mark.parametrize(("name", "begins"), [("edges.csv", "\ufeffSource,"), ("nodes.csv", "\ufeffId,"),
                                             ("graphml", "<?xml"), ("gexf", "<?xml")])  # fmt: skip
def test_network_is_downloaded(room, dataset, name, begins):
    analyse(room.investigator, room.case, method="coshare", coshare=["text"], window=3600, min_participation=1)
    response = browser(room.editor).get(address("network", 1, name))
    content = b"".join(response.streaming_content).decode()
    assert content.startswith(begins)
    assert content.count("Undirected") in (0, 3)
    assert words(browser(room.editor).get(address("network", 1, "exe")), 400)


def test_network_that_is_kept_whole_is_the_one_that_the_posts_give(room, dataset, monkeypatch):
    for most in (methods.MOST_EDGES, 1):
        monkeypatch.setattr(methods, "MOST_EDGES", most)
        analyse(
            room.investigator,
            room.case,
            method="coshare",
            coshare=["text", "hashtag"],
            min_participation=1,
            window=3600,
        )
    assert [one.groups.filter(name="edges").count() for one in Analysis.objects.order_by("number")] == [3, 1]
    page = browser(room.editor)
    for name in exporting.NETWORK_FILES:
        kept, made_again = (page.get(address("network", number, name)) for number in (1, 2))
        assert b"".join(kept.streaming_content) == b"".join(made_again.streaming_content)


def test_analysis_without_a_network_has_none_to_download(room, dataset):
    analyse(room.investigator, room.case, method="hashtags")
    assert words(browser(room.editor).get(address("network", 1, "gexf")), 400)


def test_posts_of_a_sensitive_file_are_unseen_by_viewers(room, page, dataset):
    post = Post.objects.first()
    item = dataset.item
    change_item(
        actor=room.investigator, item=item, version=item.version, changes={"sensitivity": Sensitivity.SENSITIVE}
    )
    viewer = browser(room.viewer)
    assert "No posts yet" in words(viewer.get(address("list")))
    assert viewer.get(address("post", post.pk)).status_code == 404
    assert viewer.get(address("dataset", 1)).status_code == 404
    assert page.get(address("post", post.pk)).status_code == 200


def test_each_reading_of_posts_of_a_sensitive_file_is_written_down(room, page, dataset, tmp_path):
    open_file = import_posts(room.investigator, room.case, table(tmp_path / "open.csv", [row(900, 9, "Open to all")]))
    analyse(room.investigator, room.case, method="hashtags")
    item = dataset.item
    change_item(
        actor=room.investigator, item=item, version=item.version, changes={"sensitivity": Sensitivity.SENSITIVE}
    )
    secret, harmless = Post.objects.get(native_id="101"), Post.objects.get(native_id="900")
    read = [
        address("list"),
        address("list") + "?dataset=D-1",
        address("post", secret.pk),
        address("campaign"),
        address("analysis", 1),
        address("dataset", 1),
        f"/api/v1/cases/NC-2024/posts/{secret.pk}/",
        "/api/v1/cases/NC-2024/posts/?tag=islands",
        "/api/v1/cases/NC-2024/analyses/",
    ]
    noted = item.custody.filter(action=CustodyAction.READ, actor=room.investigator, purpose="Read as posts of D-1")
    for number, path in enumerate(read, start=1):
        assert page.get(path).status_code == 200
        assert noted.count() == number, path
    # What is of another file alone is no reading of this one.
    for path in (address("list") + "?dataset=D-2", address("post", harmless.pk), address("dataset", 2)):
        assert page.get(path).status_code == 200
    assert browser(room.viewer).get(address("list")).status_code == 200
    assert item.custody.filter(action=CustodyAction.READ).count() == len(read)
    assert not open_file.item.custody.filter(action=CustodyAction.READ).exists()


# --- how many queries


def test_lists_ask_the_same_number_of_queries_however_long(
    room, page, tmp_path, django_assert_max_num_queries, django_assert_num_queries
):
    def counted(url):
        with django_assert_max_num_queries(60) as caught:
            assert page.get(url).status_code == 200
        return len(caught)

    urls = [address(name) for name in ("list", "datasets", "analyses")]
    import_posts(room.investigator, room.case, table(tmp_path / "0.csv", [row(1, 1, "The first of the posts")]))
    analyse(room.investigator, room.case, method="hashtags")
    for url in urls:
        page.get(url)
    few = [counted(url) for url in urls]
    for n in range(1, 5):
        import_posts(room.investigator, room.case, table(tmp_path / f"{n}.csv", [row(10 + n, n, f"Number {n} of all")]))
        analyse(room.investigator, room.case, method="hashtags")
    assert [counted(url) for url in urls] == few


# --- programs


@pytest.mark.django_db(transaction=True)
def test_program_imports_reads_asks_and_checks(room, campaign):
    client = browser(room.investigator)
    base = "/api/v1/cases/NC-2024"
    with campaign.open("rb") as stream:
        item = log_file(actor=room.investigator, case=room.case, stream=stream, file_name="c.csv", details=Details())
    body = {"exhibit": item.exhibit, "format": "mapping", "mapping": MAPPING, "platform": "x", "query": "#islands"}
    made = client.post(f"{base}/datasets/", json.dumps(body), content_type="application/json")
    assert (made.status_code, made.json()["state"]) == (201, "waiting")
    read_dataset(actor=room.investigator, dataset=Dataset.objects.get(), watcher=Unwatched())
    found = client.get(f"{base}/datasets/{made.json()['id']}/").json()
    assert found["read"] == found["accepted"] + found["duplicate"] + found["rejected"] == 5
    first = client.get(f"{base}/posts/", {"page_size": 2, "tag": "#Islands"}).json()
    assert [one["native_id"] for one in first["results"]] == ["101", "102"]
    rest = client.get(first["next"]).json()
    assert ([one["native_id"] for one in rest["results"]], rest["next"]) == (["104"], None)
    detail = client.get(f"{base}/posts/{first['results'][1]['id']}/").json()
    assert detail["sightings"][0]["line"] == 3
    assert client.get(f"{base}/posts/", {"colour": "red"}).status_code == 400
    assert client.get(f"{base}/posts/", {"kind": "rumour"}).status_code == 400
    question = {"method": "campaign", "parameters": {"zone": "Asia/Baku"}, "datasets": [found["id"]]}
    answer = client.post(f"{base}/analyses/", json.dumps(question), content_type="application/json").json()
    assert (answer["state"], answer["result"]["posts"], answer["stale"]) == ("ready", 5, False)
    again = client.post(f"{base}/analyses/{answer['id']}/recompute/", "{}", content_type="application/json").json()
    assert again["recomputations"][0]["same"] is True
    wrong = {"method": "campaign", "parameters": {"zone": "Mars"}}
    refused = client.post(f"{base}/analyses/", json.dumps(wrong), content_type="application/json")
    assert refused.status_code == 400
    assert client.get(f"{base}/rejected-records/", {"dataset": found["id"]}).json()["results"] == []
