"""The pages of evidence: what each person sees, what leaves the house and how (A34, A35, A43, A53, A57)."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Event
from evidence import stores as evidence_stores
from evidence.actions import items, origin_groups, sources
from evidence.details import Details
from evidence.enums import CustodyAction, Sensitivity
from evidence.models import CustodyEvent, DownloadTicket, Item, OriginChange, Source
from tests.access.events import payload_of

from . import samples
from .conftest import reloaded, run_jobs
from .test_fixity import forge

TEXT = "Le parti a démenti. 🛰️\nToute participation.\n".encode()
REF = "NC-2024"


@pytest.fixture
def sign_in(newsroom):
    """A browser in the hands of one of the people."""

    def open_browser(role: str) -> Client:
        client = Client()
        client.force_login(getattr(newsroom, role))
        return client

    return open_browser


def page(client: Client, name: str, *arguments, status: int = 200, **query) -> str:
    response = client.get(reverse(f"evidence:{name}", args=[REF, *arguments]), query)
    assert response.status_code == status
    return response.content.decode()


def post(client: Client, step: str, /, *arguments, **data):
    return client.post(reverse(f"evidence:{step}", args=[REF, *arguments]), data)


# --- the wall


def test_empty_wall_says_what_to_do_next(sign_in):
    assert "Upload files" in page(sign_in("investigator"), "list")
    assert "An investigator of this case logs the first exhibit" in page(sign_in("viewer"), "list")


def test_wall_shows_cards_with_thumbnail_and_words(newsroom, sign_in):
    newsroom.log(TEXT, title="A statement", derive=True)
    newsroom.log(samples.picture(), "photo.png", graphic=True, derive=True)
    wall = page(sign_in("viewer"), "list")
    assert "A statement" in wall
    assert "Le parti a démenti." in wall
    assert reverse("evidence:picture", args=[REF, 2, "thumbnail"]) in wall
    assert "blurred" in wall


def test_wall_shows_neither_words_nor_picture_of_sensitive_exhibits(newsroom, sign_in):
    newsroom.log(TEXT, title="Secret note", sensitivity=Sensitivity.SENSITIVE, derive=True)
    newsroom.log(samples.picture(), title="Secret photo", sensitivity=Sensitivity.SENSITIVE, derive=True)
    wall = page(sign_in("editor"), "list")
    assert "Secret note" in wall
    assert "démenti" not in wall
    assert "thumbnail" not in wall


def test_wall_filters_orders_and_counts(newsroom, sign_in):
    for number in range(3):
        newsroom.log(b"%d" % number, title=f"Note {number}")
    newsroom.log(samples.picture(), title="A picture")
    client = sign_in("viewer")
    assert "A picture" not in page(client, "list", kind="document")
    assert "Note 1" in page(client, "list", q="note 1")
    assert "No exhibit matches" in page(client, "list", q="nothing like it")
    first = page(client, "list", order="title")
    assert first.index("A picture") < first.index("Note 0") < first.index("Note 2")


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "x"},
        {"order": "case__ref"},
        {"cursor": "forged"},
        {"q": "a\0b"},
        {"source": "x"},
        {"published_after": "never"},
        {"case__ref": "X"},
    ],
)
def test_wall_with_odd_queries_never_fails(newsroom, sign_in, query):
    newsroom.log(TEXT)
    response = sign_in("viewer").get(reverse("evidence:list", args=[REF]), query)
    assert response.status_code in (200, 400)


def test_wall_of_a_foreign_case_is_not_there(newsroom, sign_in):
    newsroom.log(TEXT)
    page(sign_in("stranger"), "list", status=404)
    page(sign_in("stranger"), "item", 1, status=404)


def test_wall_is_exported_as_csv_with_formulas_defused_and_an_event(newsroom, sign_in):
    newsroom.log(TEXT, title="=HYPERLINK('x')", author="@who")
    response = sign_in("editor").get(reverse("evidence:csv", args=[REF]))
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert rows[0]["exhibit"] == "E-1"
    assert rows[0]["title"] == "'=HYPERLINK('x')"
    assert rows[0]["author"] == "'@who"
    assert Event.objects.filter(action="case_exported").count() == 1
    assert sign_in("viewer").get(reverse("evidence:csv", args=[REF])).status_code == 403


def test_wall_takes_a_constant_number_of_queries(newsroom, sign_in):
    client = sign_in("editor")
    url = reverse("evidence:list", args=[REF])
    item = newsroom.log(samples.picture(), derive=True)
    counts = []
    for target in (10, 1000):
        grow(item, target)
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25


def grow(like: Item, target: int) -> None:
    """Rows enough for counting queries, copied from one that was made through the actions."""
    rows = []
    for number in range(Item.objects.count() + 1, target + 1):
        copy = Item.objects.get(pk=like.pk)
        copy.pk = Item._meta.pk.get_default()
        copy.exhibit, copy._state.adding = number, True
        rows.append(copy)
    Item.objects.bulk_create(rows)


# --- one exhibit


def test_page_of_a_text_shows_the_copy_with_exact_offsets(newsroom, sign_in):
    newsroom.log(TEXT, title="A statement", derive=True)
    shown = page(sign_in("investigator"), "item", 1)
    assert "data-text-layer" in shown
    found = re.search(r'<pre data-text data-page="1" data-start="0">\n(.*?)</pre>', shown, re.DOTALL)
    assert found.group(1) == TEXT.decode()


def test_page_of_a_pdf_shows_pages_that_follow_on_each_other(newsroom, sign_in):
    newsroom.log(samples.pdf("one", "two", "three"), "report.pdf", derive=True)
    shown = page(sign_in("viewer"), "item", 1)
    pages = re.findall(r'data-page="(\d)" data-start="(\d+)">\n(.*?)</pre>', shown, re.DOTALL)
    assert [number for number, _, _ in pages] == ["1", "2", "3"]
    assert [int(start) for _, start, _ in pages] == [0, len(pages[0][2]), len(pages[0][2]) + len(pages[1][2])]


def test_long_text_is_shown_in_parts_that_keep_their_offsets(newsroom, sign_in, monkeypatch):
    monkeypatch.setattr("evidence.views.items.WINDOW", 10)
    newsroom.log(b"0123456789abcdefghij0123", derive=True)
    client = sign_in("viewer")
    assert 'data-start="10">\nabcdefghij</pre>' in page(client, "item", 1, **{"from": "10"})
    assert 'data-start="20">\n0123</pre>' in page(client, "item", 1, **{"from": "29"})
    for odd in ("-1", "x", "9" * 20):
        assert 'data-start="0">' in page(client, "item", 1, **{"from": odd})


def test_page_of_a_web_page_shows_escaped_text_and_asks_for_nothing_outside(newsroom, sign_in):
    """A53: every address that the page of an exhibit makes a browser fetch is our own."""
    evil = samples.ARTICLE.replace("Le parti", "&lt;script&gt;alert(1)&lt;/script&gt; Le parti")
    newsroom.log(evil.encode(), "page.html", original_url="https://troll.example/x", derive=True)
    shown = page(sign_in("investigator"), "item", 1)
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)" in shown
    fetched = re.findall(r'(?:src|href|action|srcset|data|poster|hx-get)="([^"]*)"', shown)
    assert fetched
    assert not [address for address in fetched if re.match(r"(https?:)?//", address)]
    assert "https://troll.example/x" in shown


def test_page_escapes_what_people_typed(newsroom, sign_in):
    newsroom.log(
        TEXT, "<b>.txt", title="<img src=x onerror=alert(1)>", author="{{ 7|add:7 }}", relevance_note="<b>x</b>"
    )
    shown = page(sign_in("investigator"), "item", 1)
    assert "<img src=x" not in shown
    assert "{{ 7|add:7 }}" in shown
    assert "<b>x</b>" not in shown


def test_page_of_a_photo_warns_of_gps_and_shows_the_rendition(newsroom, sign_in):
    newsroom.log(samples.photo_with_gps(), "photo.jpg", derive=True)
    shown = page(sign_in("investigator"), "item", 1)
    assert "where it was taken: -22.275000, 166.450000" in shown
    assert "data-region-cite" in shown
    assert "Kamera" in shown


def test_graphic_picture_is_blurred_until_asked_for(newsroom, sign_in):
    newsroom.log(samples.picture(), graphic=True, derive=True)
    client = sign_in("investigator")
    assert "data-graphic-toggle" in page(client, "item", 1)
    assert "data-region-cite" not in page(client, "item", 1)
    assert "data-region-cite" in page(client, "item", 1, region="1")


def test_name_of_a_file_that_misleads_is_marked(newsroom, sign_in):
    newsroom.log(TEXT, "photo\u202egpj.exe")
    shown = page(sign_in("viewer"), "item", 1)
    assert "⟨U+202E⟩" in shown
    assert "\u202e" not in shown.replace("photo\u202egpj.exe</h1>", "").split("Name of the file")[1]


def test_viewer_is_offered_no_steps(newsroom, sign_in):
    newsroom.log(TEXT, derive=True)
    shown = page(sign_in("viewer"), "item", 1)
    for step in ("edit/", "withdraw/", "verify/", 'data-cite-form="'):
        assert step not in shown


def test_look_at_a_sensitive_exhibit_is_on_record(newsroom, sign_in):
    item = newsroom.log(TEXT, sensitivity=Sensitivity.SENSITIVE, derive=True)
    assert "démenti" in page(sign_in("editor"), "item", 1)
    assert item.custody.filter(action=CustodyAction.READ, actor=newsroom.editor).count() == 1
    hidden = page(sign_in("viewer"), "item", 1)
    assert "démenti" not in hidden
    assert "Your role in this case does not let you open it" in hidden
    assert item.custody.filter(action=CustodyAction.READ).count() == 1


def test_unread_exhibit_says_so(newsroom, sign_in):
    newsroom.log(TEXT)
    assert "Being read" in page(sign_in("viewer"), "item", 1)
    newsroom.log(samples.SVG, derive=True)
    assert "No preview" in page(sign_in("viewer"), "item", 2)


def test_text_that_could_not_be_decoded_is_read_again_from_its_page(newsroom, sign_in):
    newsroom.log(("Баку " * 50).encode("cp1251"), derive=True)
    client = sign_in("investigator")
    assert "not valid utf-8" in page(client, "item", 1)
    assert post(client, "read_again", 1, charset="windows-1251").status_code == 302
    waiting = page(client, "item", 1)
    assert "Read E-1 again as windows-1251" in waiting
    run_jobs()
    done = page(client, "item", 1)
    assert "Баку Баку" in done
    assert "Read E-1 again" not in done
    assert "not valid utf-8" not in done


@pytest.mark.parametrize("exhibit", [0, 2, 10**9])
def test_exhibit_that_is_none_is_not_there(newsroom, sign_in, exhibit):
    newsroom.log(TEXT)
    page(sign_in("viewer"), "item", exhibit, status=404)


# --- originals


def test_original_is_fetched_once_by_a_ticket(newsroom, sign_in):
    item = newsroom.log(samples.ARTICLE.encode(), "Nouméa.html")
    client = sign_in("viewer")
    answer = post(client, "download", 1)
    assert answer.status_code == 302
    response = client.get(answer["Location"])
    assert b"".join(response.streaming_content) == samples.ARTICLE.encode()
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''Noum%C3%A9a.html"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cross-Origin-Resource-Policy"] == "same-site"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Length"] == str(item.blob.size)
    assert client.get(answer["Location"]).status_code == 404
    assert item.custody.get(action=CustodyAction.READ).actor == newsroom.viewer


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (samples.picture("PNG"), "image/png"),
        (samples.pdf("x"), "application/pdf"),
        (TEXT, "text/plain; charset=utf-8"),
        (samples.SVG, "application/octet-stream"),
        (b"<html><script>", "application/octet-stream"),
        (b"PK\x03\x04" + bytes(40), "application/octet-stream"),
    ],
)
def test_original_is_called_only_what_our_own_table_says(newsroom, sign_in, content, told):
    newsroom.log(content, "x.html")
    client = sign_in("viewer")
    response = client.get(post(client, "download", 1)["Location"])
    assert response["Content-Type"] == told
    assert response["Content-Disposition"].startswith("attachment")
    response.close()


def test_ticket_is_worth_nothing_to_another_session_or_person(newsroom, sign_in):
    newsroom.log(TEXT)
    address = post(sign_in("viewer"), "download", 1)["Location"]
    for role in ("viewer", "editor", "stranger"):
        assert sign_in(role).get(address).status_code == 404
    assert not CustodyEvent.objects.filter(action=CustodyAction.READ).exists()


def test_looking_at_the_head_of_a_download_does_not_use_it_up(newsroom, sign_in):
    newsroom.log(TEXT)
    client = sign_in("viewer")
    address = post(client, "download", 1)["Location"]
    assert client.head(address).status_code in (404, 405)
    assert DownloadTicket.objects.get().used_at is None


def test_download_asks_for_a_post(newsroom, sign_in):
    newsroom.log(TEXT)
    for step in ("download", "verify", "withdraw", "restore", "supersede", "read_again"):
        assert sign_in("editor").get(reverse(f"evidence:{step}", args=[REF, 1])).status_code == 405


def test_damaged_original_is_never_served_and_shown_as_such(newsroom, sign_in):
    item = newsroom.log(TEXT, derive=True)
    client = sign_in("editor")
    address = post(client, "download", 1)["Location"]
    forge(item)
    response = client.get(address)
    assert response.status_code == 409
    assert b"forged" not in response.content
    assert "not the original that was preserved" in page(client, "item", 1)
    assert "Download original" not in page(client, "item", 1)
    for place in ("list", "damage"):
        assert "damaged" in page(client, place)


def test_damage_banner_is_empty_when_all_is_well(newsroom, sign_in):
    newsroom.log(TEXT)
    assert "damaged" not in page(sign_in("viewer"), "damage")


def test_rendition_is_shown_inline_and_the_original_never(newsroom, sign_in):
    newsroom.log(samples.photo_with_gps(), derive=True)
    client = sign_in("viewer")
    response = client.get(reverse("evidence:picture", args=[REF, 1, "rendition"]))
    content = b"".join(response.streaming_content)
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"Kamera" not in content
    for operation in ("original", "x"):
        assert client.get(reverse("evidence:picture", args=[REF, 1, operation])).status_code == 404
    foreign = sign_in("stranger").get(reverse("evidence:picture", args=[REF, 1, "rendition"]))
    assert foreign.status_code == 404


def test_rendition_that_was_lost_is_not_there(newsroom, sign_in):
    newsroom.log(samples.picture(), derive=True)
    for path in evidence_stores.derivatives().root.rglob("*"):
        if path.is_file():
            path.unlink()
    assert sign_in("viewer").get(reverse("evidence:picture", args=[REF, 1, "thumbnail"])).status_code == 404


def test_rendition_of_a_sensitive_exhibit_asks_for_more(newsroom, sign_in):
    newsroom.log(samples.picture(), sensitivity=Sensitivity.SENSITIVE, derive=True)
    address = reverse("evidence:picture", args=[REF, 1, "rendition"])
    assert sign_in("viewer").get(address).status_code == 403
    response = sign_in("editor").get(address)
    assert response.status_code == 200
    response.close()


# --- adding


def test_files_are_uploaded_by_the_plain_form(newsroom, sign_in):
    files = [SimpleUploadedFile("a.txt", b"one", "text/html"), SimpleUploadedFile("../b.png", samples.picture())]
    client = sign_in("investigator")
    assert "data-upload" in page(client, "upload")
    assert post(client, "upload", files=files, publisher="Le Journal").status_code == 302
    first, second = Item.objects.order_by("exhibit")
    assert (first.blob.media_type, second.blob.media_type) == ("text/plain", "image/png")
    assert (first.publisher, second.file_name) == ("Le Journal", "b.png")


@pytest.mark.parametrize(
    ("files", "words"),
    [([], "Choose at least one file"), ([SimpleUploadedFile("empty.txt", b"")], "is empty")],
)
def test_form_without_content_says_what_is_wrong(newsroom, sign_in, files, words):
    response = post(sign_in("investigator"), "upload", files=files)
    assert response.status_code == 400
    assert words in response.content.decode()
    assert not Item.objects.exists()


def test_text_is_pasted(newsroom, sign_in):
    client = sign_in("investigator")
    assert post(client, "paste", title="Statement", text="  We deny it.\r\n", published_at="2024-05").status_code == 302
    item = Item.objects.get()
    with evidence_stores.vault().open(item.blob_id) as stream:
        assert stream.read() == b"  We deny it.\n"
    assert item.published_precision == "month"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"title": "", "text": "x"}, "This field is required"),
        ({"title": "T", "text": "x", "published_at": "soon"}, "is not a date"),
        ({"title": "T", "text": "x", "original_url": "javascript:alert(1)"}, "web address"),
        ({"title": "T", "text": "x", "source": "x"}, "Select a valid choice"),
    ],
)
def test_pasted_text_with_wrong_details_says_what_to_mend(newsroom, sign_in, data, words):
    response = post(sign_in("investigator"), "paste", **data)
    assert response.status_code == 400
    assert words in response.content.decode()
    assert not Item.objects.exists()


def test_link_is_noted_and_shown_as_text(newsroom, sign_in):
    client = sign_in("investigator")
    assert post(client, "link", original_url="https://troll.example/", title="Profile").status_code == 302
    shown = page(client, "item", 1)
    assert "Only the address is known" in shown
    assert 'href="https://troll.example/' not in shown


@pytest.mark.parametrize("name", ["upload", "paste", "link"])
@pytest.mark.parametrize("role", ["viewer", "auditor", "publisher"])
def test_adding_asks_for_the_right_to_log(newsroom, sign_in, name, role):
    assert sign_in(role).get(reverse(f"evidence:{name}", args=[REF])).status_code == 403


# --- steps


def test_description_is_edited(newsroom, sign_in):
    newsroom.log(TEXT, title="Wrong")
    client = sign_in("investigator")
    assert 'value="Wrong"' in page(client, "edit", 1)
    answer = post(client, "edit", 1, title="Right", kind="document", version=1, published_at="2024-05-16")
    assert answer.status_code == 302
    assert Item.objects.get().title == "Right"


def test_editing_after_somebody_else_shows_both_and_loses_nothing(newsroom, sign_in):
    item = newsroom.log(TEXT, title="First")
    items.change_item(actor=newsroom.editor, item=item, version=1, changes={"title": "Theirs"})
    client = sign_in("investigator")
    response = post(client, "edit", 1, title="Mine", kind="document", version=1)
    shown = response.content.decode()
    assert response.status_code == 412
    assert "Theirs" in shown
    assert 'value="Mine"' in shown
    assert post(client, "edit", 1, title="Mine", kind="document", version=2).status_code == 302
    assert Item.objects.get().title == "Mine"


def test_exhibit_is_withdrawn_restored_and_superseded(newsroom, sign_in):
    newsroom.log(TEXT)
    newsroom.log(b"better")
    client = sign_in("editor")
    assert post(client, "withdraw", 1).status_code == 400
    assert post(client, "withdraw", 1, reason="Forgery").status_code == 302
    assert "it supports nothing any more" in page(client, "item", 1)
    assert post(client, "restore", 1, reason="No forgery").status_code == 302
    assert post(client, "supersede", 1, by=2, reason="Better copy").status_code == 302
    assert Item.objects.get(exhibit=1).superseded_by.exhibit == 2
    assert post(client, "supersede", 2, by="x", reason="Better").status_code == 400
    assert post(sign_in("investigator"), "withdraw", 2, reason="Because").status_code == 403


def test_original_is_verified_from_its_page(newsroom, sign_in):
    item = newsroom.log(TEXT)
    client = sign_in("auditor")
    assert post(client, "verify", 1).status_code == 302
    assert "The original is unchanged" in page(client, "item", 1)
    forge(item)
    post(client, "verify", 1)
    assert "The original is not what was preserved" in page(client, "item", 1)
    assert reloaded(item).blob.fixity == "changed"
    assert post(client, "check").status_code == 302


# --- sources


def test_sources_are_gathered_by_origin(newsroom, sign_in):
    client = sign_in("editor")
    assert "No sources yet" in page(client, "sources")
    for name in ("AFP", "Le Journal", "Blog"):
        assert post(client, "source_new", name=name, kind="news").status_code == 302
    chosen = [str(source.pk) for source in Source.objects.filter(name__in=["AFP", "Le Journal"])]
    assert post(client, "join", sources=chosen, label="AFP wire", reason="Wire copy").status_code == 302
    shown = page(client, "sources")
    assert "3 sources that go back to 2 origins" in shown
    assert shown.index("AFP wire") < shown.index("Origin undetermined") < shown.index("Blog")


@pytest.fixture
def three_sources(newsroom):
    """An agency of known worth and owner, a paper that nobody has graded, and a blog."""
    named = {"AFP": {"kind": "news", "owner": "The State"}, "Gazette": {"kind": "news"}, "Blog": {"kind": "anonymous"}}
    made = {
        name: sources.create_source(actor=newsroom.investigator, case=newsroom.case, name=name, **given)
        for name, given in named.items()
    }
    for name, letter in (("AFP", "A"), ("Blog", "E")):
        sources.grade_source(actor=newsroom.editor, source=made[name], reliability=letter, rationale="Track record")
    newsroom.log(TEXT, title="A statement", source=made["Gazette"])


def sources_as_csv(client: Client, **query) -> list[dict[str, str]]:
    response = client.get(reverse("evidence:sources_csv", args=[REF]), query)
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["AFP", "Blog", "Gazette"]),
        ({"q": "state"}, ["AFP"]),
        ({"kind": "news"}, ["AFP", "Gazette"]),
        ({"reliability": "E"}, ["Blog"]),
        ({"reliability": "none"}, ["Gazette"]),
        ({"order": "reliability"}, ["AFP", "Blog", "Gazette"]),
        ({"order": "-item_count"}, ["Gazette", "AFP", "Blog"]),
        ({"order": "-pk"}, ["Blog", "Gazette", "AFP"]),
        ({"q": "nobody"}, []),
    ],
)
def test_sources_are_narrowed_and_ordered_alike_on_the_page_and_in_csv(three_sources, sign_in, query, names):
    client = sign_in("editor")
    shown = page(client, "sources", **query)
    assert re.findall(r'<th scope="row"><a [^>]+>(\w+)</a>', shown) == names
    assert f"<strong>{len(names)}</strong> sources" in shown
    assert "3 sources that go back to 1 origin" in shown
    assert [row["name"] for row in sources_as_csv(client, **query)] == names


def test_csv_of_sources_tells_grade_and_exhibits_and_is_an_event(three_sources, sign_in):
    rows = {row["name"]: row for row in sources_as_csv(sign_in("auditor"), q="a")}
    assert (rows["AFP"]["grade"], rows["AFP"]["owner"], rows["Gazette"]["exhibits"]) == ("A", "The State", "1")
    assert payload_of("case_exported")["after"] == {"what": "sources", "filters": "q=a"}


def test_unknown_order_of_sources_is_refused_by_name(three_sources, sign_in):
    assert "Order: Select a valid choice" in page(sign_in("editor"), "sources", order="secret", status=400)


def test_source_is_graded_split_released_and_edited(newsroom, sign_in):
    source = sources.create_source(actor=newsroom.investigator, case=newsroom.case, name="AFP", kind="news")
    newsroom.log(TEXT, title="A statement", source=source)
    client = sign_in("editor")
    assert post(client, "source_grade", source.pk, reliability="B", rationale="Track record").status_code == 302
    assert post(client, "source_split", source.pk, reason="Own reporting").status_code == 302
    assert post(client, "source_release", source.pk, reason="Too early").status_code == 302
    shown = page(client, "source", source.pk)
    for words in ("Track record", "Own reporting", "A statement", "Usually reliable"):
        assert words in shown
    assert OriginChange.objects.count() == 2
    source.refresh_from_db()
    edit = {"name": "AFP", "kind": "news", "owner": "State", "version": source.version}
    assert post(client, "source_edit", source.pk, **edit).status_code == 302
    assert post(client, "source_edit", source.pk, **edit).status_code == 412


def test_form_of_a_grade_begins_with_no_letter(newsroom, sign_in):
    source = sources.create_source(actor=newsroom.investigator, case=newsroom.case, name="Gazette", kind="news")
    for name in ("source", "source_grade"):
        form = page(sign_in("editor"), name, source.pk)
        assert re.search(r'<select name="reliability"[^>]*>\s*<option value="" selected', form), name


@pytest.mark.parametrize(("reliability", "rationale"), [("Z", "because"), ("B", ""), ("", "because")])
def test_grade_that_cannot_be_is_refused_on_its_page(newsroom, sign_in, reliability, rationale):
    source = sources.create_source(actor=newsroom.investigator, case=newsroom.case, name="AFP", kind="news")
    answer = post(sign_in("editor"), "source_grade", source.pk, reliability=reliability, rationale=rationale)
    assert answer.status_code == 400


def test_source_of_another_case_is_not_there(newsroom, sign_in):
    source = sources.create_source(actor=newsroom.investigator, case=newsroom.case, name="AFP", kind="news")
    for name in ("source", "source_edit", "source_grade", "source_split"):
        assert sign_in("stranger").get(reverse(f"evidence:{name}", args=[REF, source.pk])).status_code == 404


def test_only_an_editor_may_regroup(newsroom, sign_in):
    source = sources.create_source(actor=newsroom.investigator, case=newsroom.case, name="AFP", kind="news")
    client = sign_in("investigator")
    assert post(client, "source_split", source.pk, reason="because").status_code == 403
    assert post(client, "join", sources=[str(source.pk)], reason="because").status_code == 403


def test_sources_page_takes_a_constant_number_of_queries(newsroom, sign_in):
    client = sign_in("editor")
    url = reverse("evidence:sources", args=[REF])
    counts = []
    for total in (10, 1000):
        Source.objects.bulk_create(
            Source(case=newsroom.case, name=f"S{total}-{number}", kind="news", created_by=newsroom.editor)
            for number in range(Source.objects.count(), total)
        )
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20


def test_item_page_takes_a_constant_number_of_queries(newsroom, sign_in):
    item = newsroom.log(TEXT, derive=True)
    client = sign_in("editor")
    url = reverse("evidence:item", args=[REF, 1])
    counts = []
    for total in (10, 1000):
        CustodyEvent.objects.bulk_create(
            CustodyEvent(case=newsroom.case, item=item, action="read", actor=newsroom.viewer)
            for _ in range(item.custody.count(), total)
        )
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25


def test_anonymous_visitor_is_sent_to_sign_in(newsroom):
    newsroom.log(TEXT)
    for name, arguments in (("list", []), ("item", [1]), ("upload", []), ("sources", [])):
        assert Client().get(reverse(f"evidence:{name}", args=[REF, *arguments])).status_code == 302


def test_groups_shown_are_those_with_sources(newsroom, sign_in):
    source = sources.create_source(actor=newsroom.investigator, case=newsroom.case, name="AFP", kind="news")
    origin_groups.split_source(actor=newsroom.editor, source=source, reason="Own reporting", label="Old name")
    origin_groups.release_source(actor=newsroom.editor, source=source, reason="Too early")
    assert "Old name" not in page(sign_in("viewer"), "sources")


def test_link_item_with_details_object_is_described(newsroom, sign_in):
    items.log_link(
        actor=newsroom.investigator,
        case=newsroom.case,
        details=Details(original_url="https://example.org", no_date_reason="Undated profile"),
    )
    assert "n.d. (Undated profile)" in page(sign_in("viewer"), "item", 1)


def test_wall_shows_a_date_no_more_precisely_than_it_is_known(newsroom, sign_in):
    details = Details(title="A note", published_at=datetime(2024, 5, 27, tzinfo=UTC), published_precision="year")
    items.log_text(actor=newsroom.investigator, case=newsroom.case, text="A note.", details=details)
    wall = page(sign_in("investigator"), "list")
    assert ">2024</time>" in wall
    assert "27 May 2024" not in wall
