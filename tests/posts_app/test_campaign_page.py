"""The campaign page: what it counts, what it links to, what it lets one cite, and what it never says."""

import json
import re
from html import unescape
from unittest.mock import ANY
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from audit.models import Event
from evidence.actions.items import withdraw_item
from evidence.models import Item
from posts import campaign_tables, graphs, loading, looks
from posts.actions.analyses import make
from posts.campaigns import campaign_of
from posts.coverage import NOT_THE_PLATFORM
from posts.forms_campaign import CampaignForm
from posts.listing import Narrowing, accounts_of, posts_of
from posts.models import Analysis, Post
from posts.passages import passage
from posts.pictures import timeline_picture
from posts.states import AnalysisMethod, AnalysisState
from posts.views import campaign as campaign_views
from tests.factories.posts import CAMPAIGN, PASTED, analyse, import_posts, row, table
from tests.posts.files import write_csv
from tests.posts_app.test_pages import browser, words

pytestmark = pytest.mark.django_db

ASKED = {"zone": "UTC", "coshare": "text", "min_participation": "1"}
LINK = re.compile(r'<a class="figure" href="([^"]+)">([\d,]+)</a>')
FOLD = re.compile(r'<details class="fold" hx-get="([^"]+)"')
NUMBER = re.compile(
    r'<(?:a|span) class="figure"(?: href="([^"]*)")?>([\d.,]+)</(?:a|span)>(?: <a class="cite-one" href="([^"]+)")?'
)


@pytest.fixture
def page(room):
    return browser(room.investigator)


@pytest.fixture
def dataset(room, campaign):
    return import_posts(
        room.investigator, room.case, campaign, title="Islands", query="#islands", source_note="by twarc", gaps="a day"
    )


def address(name="campaign", *arguments, **asked):
    path = reverse(f"posts:{name}", args=["NC-2024", *arguments])
    return f"{path}?{'&'.join(f'{key}={value}' for key, value in asked.items())}" if asked else path


def whole(page, response):
    """A page with what its folds hold, once they are opened."""
    said = response.content.decode()
    opened = [page.get(unescape(url), headers={"HX-Request": "true"}) for url in FOLD.findall(said)]
    assert {one.status_code for one in opened} <= {200}
    return said + "".join(one.content.decode() for one in opened)


def keep(page, **asked):
    response = page.post(address("keep"), ASKED | asked)
    assert response.status_code == 302
    return response.url


# --- looking and keeping


def test_case_without_posts_says_what_to_do_next(room, page):
    said = page.get(address())
    assert "No posts yet" in words(said)
    assert reverse("posts:import", args=["NC-2024"]) in said.content.decode()
    viewer = browser(room.viewer).get(address())
    assert reverse("posts:import", args=["NC-2024"]) not in viewer.content.decode()


def test_page_counts_at_once_and_keeps_nothing(room, page, dataset):
    before = Event.objects.count(), Item.objects.count()
    said = words(page.get(address()))
    assert "A look. Counted just now and kept nowhere" in said
    assert "posts 5 accounts 4 originals 4 reposts 1 quotes 0 replies 0" in said
    assert "Cite" not in said
    assert (Analysis.objects.count(), Event.objects.count(), Item.objects.count()) == (0, *before)


def test_kept_page_is_of_analyses_that_say_the_same_as_the_look(room, page, dataset):
    look = words(page.get(address(**ASKED)))
    kept = words(page.get(keep(page)))
    assert "Analysis N-1 , preserved as E-2" in kept
    assert set(Analysis.objects.values_list("method", flat=True)) == {
        AnalysisMethod.CAMPAIGN, AnalysisMethod.LOCATIONS, AnalysisMethod.CREATIONS, AnalysisMethod.CLUSTERS,
        AnalysisMethod.COSHARE,
    }  # fmt: skip
    without = re.sub(r"Cite [\d,]+ [a-z ]*?(?= \S)", "", kept)
    for figures in ("5 posts", "4 accounts", "Largest", "says “Bordo”"):
        assert figures in look
        assert figures in kept or figures in without


def test_page_without_a_question_shows_what_was_asked_last(room, page, dataset):
    keep(page, tag="birds", zone="Asia/Baku")
    said = page.get(address()).content.decode()
    assert 'value="birds"' in said
    assert 'value="Asia/Baku"' in said
    assert "posts 1 Cite 1 posts accounts 1" in words(page.get(address()))


def test_file_that_comes_later_makes_the_kept_numbers_stale_until_counted_anew(room, page, dataset, tmp_path):
    kept = keep(page)
    assert keep(page) == kept
    assert Analysis.objects.count() == 5
    import_posts(room.investigator, room.case, table(tmp_path / "more.csv", [row(300, 9, "something else #islands")]))
    said = words(page.get(kept))
    assert "Stale Posts were added to the case" in said
    assert "Count anew" in said
    # These numbers are not of the file that came later.
    assert "D-2 more.csv · UTC" not in said
    assert "posts, 15 May 2024" in said
    anew = words(page.get(keep(page)))
    assert "Stale" not in anew
    assert "D-2 more.csv · UTC" in anew
    assert "Analysis N-6" in anew


def test_viewer_reads_the_page_but_cannot_keep_or_cite(room, page, dataset):
    kept = keep(page)
    said = browser(room.viewer).get(kept).content.decode()
    assert "cite-one" not in said
    assert "Track" not in said
    assert browser(room.viewer).post(address("keep"), ASKED).status_code == 403


def test_more_posts_than_a_page_counts_are_left_to_a_job(room, page, dataset, monkeypatch):
    whole_look = words(page.get(address(**ASKED)))
    monkeypatch.setattr(looks, "LOOKED_AT", 3)
    first_look = words(page.get(address(**ASKED)))
    assert "A first look." in first_look
    for heading, end in (("Posts per", "Texts that"), ("Hashtags", "Most active"), ("Most active", "The same")):
        shown = whole_look[whole_look.index(heading) :][:200].split(end)[0]
        assert shown in first_look
    assert "Count the rest" in first_look
    assert "Count the rest" not in words(browser(room.viewer).get(address(**ASKED)))
    exporter = browser(room.editor)
    assert exporter.get(address("table_csv", "hashtags", **ASKED)).status_code == 200
    assert exporter.get(address("table_csv", "clusters", **ASKED)).status_code == 400
    narrow = words(page.get(address(**ASKED, tag="birds")))
    assert "A look." in narrow
    monkeypatch.setattr("posts.actions.analyses.INLINE_POSTS", 1)
    keep(page)
    watched = page.get(address("waiting"))
    assert "Analysis N-1" in words(watched)
    assert "HX-Refresh" not in watched
    meanwhile = words(page.get(address(**ASKED)))
    assert "It is being counted: see above." in meanwhile
    assert "posts 5 accounts 4" in meanwhile
    for analysis in Analysis.objects.filter(state=AnalysisState.WAITING):
        make(actor=room.investigator, analysis=analysis)
    assert page.get(address("waiting"))["HX-Refresh"] == "true"


# --- every number leads to what it counts, and can be cited


def test_every_number_leads_to_its_posts_and_is_cited_as_it_stands_in_its_analysis(room, page, dataset):
    """Those in sentences too: of the whole page there is no number of the analysis that leads nowhere."""
    said = "".join(whole(page, page.get(keep(page, phrase="number", tag=tag))) for tag in ("", "then"))
    found = [tuple(map(unescape, parts)) for parts in NUMBER.findall(said)]
    assert len(found) > 100
    assert {href for href, *_ in found} != {""}
    assert not re.findall(r'<td class="n"[^>]*>\s*[\d.,]+\s*<', said)
    for href, shown, cite in found:
        assert href, (shown, cite)
        pointer = check_cited(room, shown, cite)
        counted = check_posts_are_there(room, page, href)
        if pointer.endswith(("/posts", "/reposts", "/originals", "/quotes", "/replies")):
            assert counted == (int(shown), ANY), href
        if pointer.endswith("/accounts") and "/list/" in href:
            assert counted == (ANY, int(shown)), href


def check_cited(room, shown, cite):
    """The number stands in the analysis where its mark says; returns where."""
    pointer = parse_qs(urlsplit(cite).query)["number"][0]
    analysis = Analysis.objects.get(item__exhibit=int(re.search(r"/evidence/(\d+)/cite/", cite)[1]))
    value = passage(room.investigator, analysis, pointer).value
    expected = 100 * value if pointer.endswith("/top_share") else value
    assert float(shown.replace(",", "")) == pytest.approx(expected, abs=0.06), cite
    return pointer


def check_posts_are_there(room, page, href):
    """How many posts and accounts a number leads to; a page that shows the posts of one entry counts no accounts."""
    if "/posts/list/" in href:
        rows = posts_of(room.investigator, room.case, Narrowing.of(dict(parse_qsl(urlsplit(href).query))))
        return rows.count(), accounts_of(rows)
    return page.get(href).context.get("count", 1), None


def check_numbers_lead_to_as_many_posts(room, said, *, accounts):
    found = [(unescape(href), int(count.replace(",", ""))) for href, count in LINK.findall(said)]
    lists = [(href, count) for href, count in found if "/posts/list/" in href]
    assert len(lists) > 15
    for href, count in lists:
        rows = posts_of(room.investigator, room.case, Narrowing.of(dict(parse_qsl(urlsplit(href).query))))
        assert count in (rows.count(), accounts_of(rows)), href
    assert (address("list"), accounts) in lists


def test_posts_behind_a_total_are_told_in_its_words_and_turned_page_by_page(room, page, dataset, monkeypatch):
    monkeypatch.setattr(campaign_views, "BEHIND", 2)
    first = page.get(address("behind", "L2-all", 0, **ASKED))
    assert "L2: 1 text in common Posts 1 to 2 of 4, the earliest first" in words(first)
    following = unescape(re.search(r'href="([^"]+)"[^>]*>The next ones', first.content.decode())[1])
    second = page.get(following)
    assert "Posts 3 to 4 of 4, the earliest first" in words(second)
    assert "The next ones" not in words(second)
    seen = [re.findall(r"/posts/post/([0-9a-f-]+)/", one.content.decode()) for one in (first, second)]
    assert len({*seen[0], *seen[1]}) == 4
    assert "seconds apart on average" not in words(first)
    assert page.get(address("behind", "L2-all", 2, **ASKED)).status_code == 404


def test_cite_this_fills_the_form_with_the_number_and_what_it_rests_on(room, page, dataset):
    keep(page)
    exhibit = Analysis.objects.get(method="campaign").item.exhibit
    form = page.get(f"{reverse('claims:cite', args=['NC-2024', exhibit])}?number=/peak_day/posts").context["form"]
    assert form["exact"].value() == '"posts": 4'
    assert form["descriptor"].value().startswith("/peak_day/posts of N-1. D-1 Islands (by twarc) for “#islands”: 5")
    refused = page.get(f"{reverse('claims:cite', args=['NC-2024', exhibit])}?number=/nothing")
    assert "has no number" in words(refused, 400)


# --- narrowing


def test_brush_narrows_every_figure_and_keeps_the_whole_timeline(room, page, dataset):
    response = page.get(address(**ASKED, start="2024-05-15", end="2024-05-16"))
    said = words(response)
    assert "Only posts from 2024-05-15 before 2024-05-16 (UTC)" in said
    assert "posts 4 accounts 3" in said
    assert "#birds" not in said.split("Hashtags")[1]
    plot = response.context["plot"]
    assert [bucket for bucket, _, _ in plot["series"]["day"]] == ["2024-05-15", "2024-05-16"]
    assert plot["stretch"] == [1715731200.0, 1715817600.0]


def test_stretch_of_a_large_case_is_counted_at_once_without_reading_the_rest(room, page, dataset, monkeypatch):
    monkeypatch.setattr(looks, "LOOKED_AT", 4)
    monkeypatch.setattr(looks, "LOOKED_THROUGH", 4)
    assert "A first look." in words(page.get(address(**ASKED)))
    assert "A first look." in words(page.get(address(**ASKED, query="islands")))
    response = page.get(address(**ASKED, start="2024-05-15", end="2024-05-16"))
    assert "posts 4 accounts 3" in words(response)
    shown = response.context["found"].shown
    assert AnalysisMethod.EARLIER_TAGS not in shown, "what lies before would have to be read through"
    assert AnalysisMethod.LOCATIONS in shown
    assert "posts 3 accounts 2" in words(page.get(address(**ASKED, tag="islands")))


def test_few_posts_get_what_many_get_of_files_and_profiles(room, page, dataset, monkeypatch):
    asked = address(**ASKED, start="2024-05-15", end="2024-05-16")
    few = words(page.get(asked))
    monkeypatch.setattr(loading, "FEW", 0)
    assert words(page.get(asked)) == few


def test_files_of_a_brushed_page_hold_the_chosen_part_alone(room, dataset):
    asked = ASKED | {"start": "2024-05-15", "end": "2024-05-16", "unit": "day"}
    lines = b"".join(browser(room.editor).get(address("table_csv", "timeline", **asked)).streaming_content)
    assert lines.decode("utf-8-sig").splitlines() == ["day,posts,reposts", "2024-05-15,4,1"]
    picture = browser(room.editor).get(address("timeline_svg", **asked)).content.decode()
    assert "<title>2024-05-16" not in picture


def test_tracking_an_account_leads_back_to_the_page_that_was_asked(room, page, dataset):
    asked = ASKED | {"start": "2024-05-15", "end": "2024-05-16"}
    buttons = re.findall(r'formaction="([^"]+)"', page.get(address(**asked)).content.decode())
    response = page.post(unescape(buttons[0]))
    back = urlsplit(response.url)
    assert (response.status_code, back.path, back.netloc) == (302, reverse("posts:campaign", args=["NC-2024"]), "")
    assert dict(parse_qsl(back.query)).items() >= asked.items()
    said = page.get(response.url)
    assert "Tracked, with" in words(said)
    assert len(re.findall("formaction=", said.content.decode())) < len(buttons)


def test_days_are_those_of_the_zone(room, page, dataset):
    assert page.get(address(**ASKED)).context["peaks"][0]["bucket"] == "2024-05-15"
    baku = page.get(address(**ASKED | {"zone": "Asia/Baku"}))
    assert baku.context["peaks"][0]["bucket"] == "2024-05-16"
    assert "16 May 2024, 01:30:00 +04" in words(baku)


REFUSED = [
    ({"zone": "Asia/Nowhere"}, "Time zone: 'Asia/Nowhere' is no time zone"),
    ({"zone": "UTC", "start": "yesterday"}, "From: 'yesterday' is no day or time"),
    ({"zone": "UTC", "start": "2024-05-17", "end": "2024-05-16"}, "Before: The end lies before the start."),
    ({"zone": "UTC", "threshold": "0.1"}, "Likeness of near-duplicates:"),
    ({"zone": "UTC", "coshare": "shoes"}, "Accounts are joined by:"),
]


def test_question_that_means_nothing_is_refused_beside_its_field(page, dataset):
    for asked, complaint in REFUSED:
        assert complaint in unescape(words(page.get(address(**asked)), 400))


def test_units_are_days_hours_and_minutes_of_few_posts(page, dataset, monkeypatch):
    assert page.get(address(**ASKED, unit="minute")).context["found"].unit == "minute"
    monkeypatch.setattr("posts.methods.MOST_MINUTES", 2)
    monkeypatch.setattr("posts.looks.MOST_MINUTES", 2)
    response = page.get(address(**ASKED, unit="minute"))
    assert response.context["found"].unit != "minute"
    assert "Minutes show once a shorter stretch is chosen" in response.content.decode()


def test_questions_of_one_file_leave_the_others_out(room, page, dataset, tmp_path):
    import_posts(room.investigator, room.case, table(tmp_path / "more.csv", [row(300, 9, "something else #islands")]))
    assert page.get(address(**ASKED)).context["totals"][0][1].value == 6
    one = page.get(keep(page, dataset="D-2"))
    assert one.context["totals"][0][1].value == 1
    assert "dataset=D-2" in one.context["totals"][0][1].url
    assert Analysis.objects.filter(of_whole_case=True).count() == 0


# --- what is behind


def test_platform_narrows_every_figure_and_what_a_number_leads_to(room, page, dataset, tmp_path):
    import_posts(room.investigator, room.case, table(tmp_path / "vk.csv", CAMPAIGN[:1]), platform="vk")
    assert "posts 6 accounts 5" in words(page.get(address(**ASKED)))
    said = page.get(address(**ASKED, platform="vk"))
    assert "posts 1 accounts 1" in words(said)
    lists = [unescape(url) for url, _ in LINK.findall(said.content.decode()) if "/posts/list/" in url]
    assert lists
    assert all("platform=vk" in url for url in lists)
    assert "Analysis N-1 , preserved as" in words(page.get(keep(page, platform="vk")))
    assert page.get(address(**ASKED, platform="myspace")).status_code == 400
    assert page.get(address("list", platform="myspace")).status_code == 400


def test_same_id_on_two_platforms_is_two_accounts_with_their_own_names_and_posts(room, page, dataset, tmp_path):
    theirs = [row(number, 1, f"Something else {number}", minutes=number) for number in range(7)]
    path = table(tmp_path / "vk.csv", theirs)
    path.write_text(path.read_text().replace("user1", "namesake"))
    import_posts(room.investigator, room.case, path, platform="vk")
    said = whole(page, page.get(address(**ASKED)))
    assert said.count(f"{address('track', Post.objects.get(platform='vk', native_id='0').pk)}?") >= 1
    assert {"@user1 (X)", "@namesake (VK)"} <= set(
        re.findall(r'<bdi class="who" title="(?:x|vk):1">([^<]+)</bdi>', said)
    )
    check_numbers_lead_to_as_many_posts(room, said, accounts=5)


def test_variants_of_a_text_are_told_apart_word_by_word(room, page, dataset):
    for url in (address("behind", "L2", 0, **ASKED), address("behind", "L2", 0, **parse_of(keep(page)))):
        said = page.get(url, HTTP_HX_REQUEST="true").content.decode()
        assert "<html" not in said
        assert "<del>" in said
        assert "<ins>islands #Now</ins>" in said
        assert "as the earliest" in said
    assert f"{address('list')}?group=N-1/L2/0" in said
    whole = words(page.get(address("behind", "L2", 0, **ASKED)))
    assert "3 posts of 3 accounts with one text" in whole


def parse_of(url):
    return dict(parse_qsl(urlsplit(url).query))


HEADINGS = {
    "edges": "What two accounts shared",
    "locations": "Posts of the accounts that declare this location",
    "bios": "Posts of the accounts with these words in a bio",
}


def test_pairs_locations_and_bios_show_their_posts(page, dataset):
    for entries, heading in HEADINGS.items():
        said = words(page.get(address("behind", entries, 0, **ASKED, phrase="number")))
        assert heading in said
        assert PASTED in said


def test_entry_that_is_not_there_is_not_found(page, dataset):
    for entries, place in (("L2", 99), ("shoes", 0), ("bios", 0)):
        assert page.get(address("behind", entries, place, **ASKED)).status_code == 404


# --- the network and the pictures


# --- folds: the rest of a list comes when a reader opens it


def test_fold_brings_the_rest_of_its_list_and_nothing_twice(room, page, tmp_path):
    """Kept or only looked at, with scripts or as a page of its own."""
    posts = [row(n, n // 2, f"Text {n // 4} of those that accounts pasted #tag{n // 4}", minutes=n) for n in range(64)]
    import_posts(room.investigator, room.case, table(tmp_path / "many.csv", posts))
    looked = page.get(address(**ASKED))
    for answered in (looked, page.get(keep(page))):
        said = whole(page, answered)
        assert sorted(re.findall(r"<bdi>#(tag\d+)</bdi>", said)) == sorted(f"tag{n}" for n in range(16))
        assert [said.count(f" at {level}</span>") for level in ("L0", "L1", "L2")] == [16, 16, 16]
        assert len(set(re.findall(r'<bdi class="who" title="(\d+)">', said))) == 32
    (alone,) = [url for url in FOLD.findall(looked.content.decode()) if "/rows/L0/" in url]
    full = page.get(unescape(alone)).content.decode()
    assert "<h1" in full
    assert full.count(" at L0</span>") == 16


def test_fold_of_a_brushed_page_holds_the_whole_timeline_and_the_part_of_the_rest(page, dataset):
    asked = ASKED | {"start": "2024-05-16", "end": "2024-05-17"}
    rows = words(page.get(address("rows", "buckets", **asked, unit="day")))
    assert ("15 May 2024" in rows, "16 May 2024" in rows) == (True, True)
    assert "Nothing there" in words(page.get(address("rows", "L0", **asked)))


def test_fold_that_is_not_there_is_not_found(page, dataset):
    assert page.get(address("rows", "shoes", **ASKED)).status_code == 404


def test_network_is_accounts_by_name_and_pairs_with_their_place(page, dataset):
    data = json.loads(page.get(address("network_json", **ASKED)).content)
    assert {node["label"] for node in data["nodes"]} >= {"@user1", "@user2"}
    assert all(edge["source"] != edge["target"] and edge["objects"] == 1 for edge in data["edges"])
    assert data["note"] == ""


def test_network_of_too_many_accounts_is_its_largest_group(room, page, tmp_path, monkeypatch):
    texts = ["zero", "zero", "zero", "one", "one", "one", "two", "two", "two", "two"]
    rows = [row(1000 + n, n, f"The same long text for the group called {text}") for n, text in enumerate(texts)]
    import_posts(room.investigator, room.case, table(tmp_path / "groups.csv", rows))
    monkeypatch.setattr(graphs, "MOST_NODES", 5)
    data = json.loads(page.get(address("network_json", **ASKED)).content)
    assert len(data["nodes"]) == 4
    assert data["note"] == "Only the largest connected group is drawn: 4 of 10 accounts."


def test_timeline_picture_stands_alone_with_its_peak_and_what_it_rests_on(room, page, tmp_path):
    import_posts(room.investigator, room.case, table(tmp_path / "c.csv"), title="<Islands> & more", query="a > b")
    response = page.get(address("timeline_svg", **ASKED, unit="day"))
    assert response["Content-Type"] == "image/svg+xml"
    drawing = ElementTree.fromstring(response.content)
    said = " ".join(" ".join(drawing.itertext()).split())
    assert "Peak: 15 May 2024, 4 posts" in said
    assert "D-1 <Islands> & more for “a > b”: 5 posts" in said
    assert b"style=" not in response.content
    with override("fr"):
        french = " ".join(ElementTree.fromstring(timeline_picture(page_of(room, unit="day"))).itertext())
    assert "Publications par jour" in french
    assert "Les décomptes de la plateforme" in " ".join(french.split())
    assert "pic\N{NO-BREAK SPACE}: 15 mai 2024, 4 publications" in french.lower()


def page_of(room, **asked):
    return campaign_of(room.viewer, room.case, CampaignForm(room.viewer, room.case, QueryDict(urlencode(asked))).page())


def test_pictures_say_what_was_asked_of_how_many_posts_and_what_the_files_cannot_show(room, page, dataset):
    asked = ASKED | {"zone": "Asia/Baku", "tag": "islands", "query": "recognise", "start": "2024-05-16"}
    picture = ElementTree.fromstring(page.get(address("timeline_svg", **asked)).content)
    response = page.get(address(**asked))
    captions = [" ".join(" ".join(picture.itertext()).split()), response.context["net_caption"]]
    for said in captions:
        assert "NC-2024. Asked: #islands, “recognise”, from 2024-05-16. Time zone: Asia/Baku." in said
        assert "3 posts counted, of those in D-1 (5)." in said
        assert "Files: D-1 Islands (by twarc) for “#islands”: 5 posts" in said
        assert all(lack in said for lack in dataset.lacks)
        assert NOT_THE_PLATFORM in said
    assert captions[1].startswith("Joined by ")
    assert "within 60 seconds." in captions[1]
    assert "from 2024-05-16" not in response.context["plot_caption"], "the page's own picture shows the whole"
    assert f'data-caption="{response.context["plot_caption"]}"' in unescape(response.content.decode())


def test_caption_of_an_export_names_what_it_cannot_show(room, page, tmp_path):
    header = ["object_id", "account_id", "content_id", "timestamp_share"]
    path = write_csv(tmp_path / "shares.csv", header, [["o", f"a{n}", f"c{n}", 1000 + n] for n in range(2)])
    kept = import_posts(room.investigator, room.case, path, mapped=False)
    said = page.get(address(**ASKED)).context["plot_caption"]
    assert kept.lacks
    assert said.endswith("What they cannot show: " + " ".join(kept.lacks))
    assert "Asked: all posts." in said


def test_picture_taken_home_is_an_event_and_needs_the_right(room, page, dataset):
    assert browser(room.viewer).get(address("timeline_svg", **ASKED, download=1)).status_code == 403
    taken = browser(room.editor).get(address("timeline_svg", **ASKED, download=1))
    assert taken["Content-Disposition"] == 'attachment; filename="NC-2024-posts-day.svg"'
    assert Event.objects.filter(action="case_exported").count() == 1


def test_every_table_comes_as_csv(room, dataset):
    editor = browser(room.editor)
    for name in campaign_tables.TABLES:
        response = editor.get(address("table_csv", name, **ASKED, tag="islands", phrase="number"))
        lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
        assert len(lines[0].split(",")) >= 2
        # Nobody used a tag before, and the file says neither when accounts were created nor what was shared.
        assert len(lines) > 1 or name in {"earlier-hashtags", "creations", "shared"}, name


def test_table_that_is_not_there_is_not_found(room, dataset):
    assert browser(room.editor).get(address("table_csv", "shoes", **ASKED)).status_code == 404


# --- wording


def test_page_says_earliest_in_this_collection_and_judges_nobody(page, dataset):
    said = words(page.get(address(**ASKED, phrase="number"))).casefold()
    assert "earliest in this collection" in said
    assert "others may have posted earlier" in said
    for verdict in (r"\bfirst (post|to|poster)", r"\bbots?\b", r"\bcoordinated\b", r"\binauthentic\b", r"\btroll"):
        assert not re.search(verdict, said), verdict


def test_page_says_what_its_numbers_rest_on_and_that_the_platform_counts_otherwise(page, dataset):
    said = words(page.get(address(**ASKED)))
    for part in ("by twarc", "#islands", "missing: a day", "The platform's own counts are of other moments"):
        assert part in unescape(said)
    assert "Platform says" not in said or "In these files" in said


def test_declared_locations_are_what_profiles_say(page, dataset):
    said = words(page.get(address(**ASKED)))
    assert "Locations, as declared" in said
    assert "says “Bordo”" in said
    assert "not where anybody is" in said


def test_bios_show_the_words_as_they_stand_with_their_date(page, dataset):
    response = page.get(address(**ASKED, phrase="NUMBER 1"))
    assert "<mark>number 1</mark>" in response.content.decode()
    assert "no property of theirs" in words(response)


def test_handle_in_letters_that_pose_as_others_is_marked_beside_its_bio(room, page, tmp_path):
    posing = row(1, 1, PASTED)
    posing[2] = "\u0430dmin_ru"
    import_posts(room.investigator, room.case, table(tmp_path / "posing.csv", [posing, row(2, 2, PASTED)]))
    bios = page.get(address(**ASKED, phrase="number")).content.decode().split('id="bios-h"')[1]
    rows = bios.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
    assert [("\u0430dmin_ru" in one, "odd letters" in one) for one in rows] == [(True, True), (False, False)]


def test_short_texts_are_left_out_at_the_first_level_too_and_the_page_says_so(room, page, tmp_path):
    rows = [row(n, n, "short #text") for n in range(1, 4)]
    import_posts(room.investigator, room.case, table(tmp_path / "short.csv", rows))
    response = page.get(address(**ASKED))
    assert response.context["found"].report.result["clusters"]["L0"]["clusters"] == 0
    assert "leave less than 20 characters are left out at every level" in words(response)


def test_page_says_how_far_the_platforms_count_of_reposts_differs(room, page, tmp_path):
    export = [
        {"id": str(n), "author_id": str(n), "text": f"{PASTED} {n}", "created_at": "2024-05-16T09:00:00Z"}
        | {"public_metrics": {"retweet_count": 100 * n}}
        for n in (1, 2)
    ]
    path = tmp_path / "tweets.jsonl"
    path.write_text("".join(f"{json.dumps(one)}\n" for one in export))
    import_posts(room.investigator, room.case, path, mapped=False)
    assert "Of the 2 posts whose count the platform stated it knew 300 reposts; these files hold 0 ." in words(
        page.get(address(**ASKED))
    )


def test_posts_of_a_withdrawn_file_are_out_of_the_page_and_of_the_list_it_leads_to(room, page, dataset, tmp_path):
    other = import_posts(room.investigator, room.case, table(tmp_path / "b.csv", [row(106, 6, "Another voice")]))
    before = analyse(room.investigator, room.case)
    withdraw_item(actor=room.editor, item=other.item, reason="A forged export.")
    check_numbers_lead_to_as_many_posts(room, whole(page, page.get(address(**ASKED))), accounts=4)
    open_to = posts_of(room.investigator, room.case)
    assert open_to.count() == 5
    left = posts_of(room.investigator, room.case, Narrowing(dataset=other.label)).get()
    assert left.native_id == "106", "the file itself can still be read"
    assert page.get(reverse("posts:post", args=["NC-2024", left.pk])).status_code == 200
    assert before.result["posts"] == 6


# --- as many queries for many rows as for few


def queries(page, url):
    page.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert page.get(url).status_code == 200
    return len(asked)


def test_page_asks_as_much_for_a_thousand_rows_as_for_ten(room, tmp_path):
    counts = {}
    for number in (10, 1000):
        import_posts(room.investigator, room.case, table(tmp_path / f"{number}.csv", _many(number)))
        analyse(room.investigator, room.case, coshare=["text"], window=1)
        counts[number] = queries(browser(room.investigator), address())
    assert counts[10] == counts[1000]


def _many(number):
    """Posts of many accounts, two by two with one text."""
    return [
        row(10_000 * number + n, 500 + n, f"Text {n // 2} of {number} that two accounts pasted #tag{n % 60}", minutes=n)
        for n in range(number)
    ]


def test_question_that_no_post_answers_says_so(page, dataset):
    assert "No post like that" in words(page.get(address(**ASKED, tag="nothing")))
    assert "No dated posts." in page.get(address("timeline_svg", **ASKED, tag="nothing")).content.decode()


def test_page_of_another_house_is_not_there(room, dataset):
    stranger = Client()
    stranger.force_login(room.stranger)
    assert stranger.get(address()).status_code == 404
    assert len(CAMPAIGN) == 5
