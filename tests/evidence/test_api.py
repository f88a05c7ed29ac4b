"""The API of evidence: the same actions as the pages, in pieces, with keys, versions and scopes (A01-A08, A45, F09)."""

import io
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from audit.models import Event
from cases.actions.tokens import create_token
from cases.enums import TokenScope
from cases.models import JobRun
from evidence.actions import sources
from evidence.actions.fixity import CHECK_CASE
from evidence.enums import CustodyAction, Sensitivity
from evidence.models import Item, Source, Upload

from . import samples
from .conftest import make_case, run_jobs
from .test_fixity import forge
from .test_pages import grow

# A refused request of the API rolls back all that its transaction holds.
pytestmark = pytest.mark.django_db(transaction=True)

BASE = "/api/v1/cases/NC-2024"
TEXT = b"The first exhibit.\n"
PIECE = "application/offset+octet-stream"
CYRILLIC = ("Баку " * 50).encode("cp1251")


@pytest.fixture
def api(newsroom):
    """A program in the hands of one of the people."""

    def client(role: str) -> APIClient:
        made = APIClient()
        made.force_login(getattr(newsroom, role))
        return made

    return client


def upload(client: APIClient, content: bytes, name: str = "film.mp4", **more) -> dict:
    place = client.post(f"{BASE}/uploads/", {"file_name": name, "size": len(content), **more}, format="json")
    assert place.status_code == 201, place.content
    return place.json()


def send(client: APIClient, place: dict, content: bytes, offset: int):
    return client.generic("PATCH", place["url"], content, content_type=PIECE, HTTP_UPLOAD_OFFSET=str(offset))


# --- items


def test_file_is_logged_read_and_quoted_through_the_api(newsroom, api):
    client = api("investigator")
    made = client.post(f"{BASE}/items/", {"file": SimpleUploadedFile("a.txt", TEXT), "title": "A"}, format="multipart")
    assert made.status_code == 201
    body = made.json()
    assert (body["exhibit"], body["sha256"], body["media_type"]) == (1, newsroom.log(TEXT).blob_id, "text/plain")
    run_jobs()
    [layer] = client.get(f"{BASE}/items/{body['id']}/text/").json()["results"]
    assert layer["text"] == "The first exhibit.\n"


def test_text_and_link_are_logged(newsroom, api):
    client = api("investigator")
    text = client.post(f"{BASE}/items/", {"text": " We deny it.\n", "title": "Statement"}, format="json").json()
    link = client.post(f"{BASE}/items/", {"original_url": "https://example.org/"}, format="json").json()
    assert (text["kind"], text["bytes"]) == ("text", 13)
    assert (link["kind"], link["sha256"]) == ("link", None)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "original_url"),
        ({"text": "x"}, "title"),
        ({"text": "x", "title": "T", "published_at": "soon"}, "published_at"),
        ({"text": "x", "title": "T", "sha256": "0" * 64}, "sha256"),
        ({"text": "x", "title": "T", "exhibit": 7}, "exhibit"),
        ({"text": "x", "title": "T", "state": "withdrawn"}, "state"),
        ({"text": "x", "title": "T", "collector": "me"}, "collector"),
        ({"original_url": "javascript:alert(1)"}, "original_url"),
        ({"text": "x", "title": "T", "source": "00000000-0000-0000-0000-000000000000"}, "source"),
    ],
)
def test_item_that_cannot_be_is_refused_by_field(newsroom, api, body, field):
    answer = api("investigator").post(f"{BASE}/items/", body, format="json")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert field in {error["field"] for error in answer.json()["errors"]}
    assert not Item.objects.exists()


def test_empty_file_is_refused(newsroom, api):
    answer = api("investigator").post(f"{BASE}/items/", {"file": SimpleUploadedFile("a", b"")}, format="multipart")
    assert (answer.status_code, "empty" in answer.json()["detail"]) == (400, True)


def test_file_over_the_limit_is_413_and_nothing_is_kept(newsroom, api, settings):
    settings.MAX_EVIDENCE_BYTES = 100
    client = api("investigator")
    answer = client.post(f"{BASE}/items/", {"file": SimpleUploadedFile("a", bytes(101))}, format="multipart")
    assert answer.status_code == 413
    announced = client.post(f"{BASE}/uploads/", {"file_name": "a", "size": 101}, format="json")
    assert announced.status_code == 413
    assert not Item.objects.exists()


def test_item_is_changed_on_the_version_one_saw(newsroom, api):
    item = newsroom.log(TEXT)
    client, url = api("investigator"), f"{BASE}/items/{newsroom.case.items.get().pk}/"
    assert client.get(url)["ETag"] == '"1"'
    assert client.patch(url, {"title": "New"}, format="json").status_code == 428
    assert client.patch(url, {"title": "New"}, format="json", HTTP_IF_MATCH='"1"').json()["version"] == 2
    stale = client.patch(url, {"title": "Mine"}, format="json", HTTP_IF_MATCH='"1"')
    assert (stale.status_code, stale.json()["current"]["title"]) == (412, "New")
    assert item.pk is not None


def test_same_delivery_twice_is_one_item(newsroom, api):
    """F09, F10."""
    client = api("investigator")
    body, key = {"text": "x", "title": "T"}, {"HTTP_IDEMPOTENCY_KEY": "k1"}
    first, second = (client.post(f"{BASE}/items/", body, format="json", **key) for _ in range(2))
    assert first.json() == second.json()
    assert Item.objects.count() == 1
    assert client.post(f"{BASE}/items/", {"text": "y", "title": "T"}, format="json", **key).status_code == 422


def test_named_steps_of_an_item(newsroom, api):
    item, better = newsroom.log(TEXT), newsroom.log(b"better")
    editor, url = api("editor"), f"{BASE}/items/{item.pk}"
    assert editor.post(f"{url}/verify/").json()["fixity"] == "ok"
    assert editor.post(f"{url}/withdraw/", {"reason": "Forgery"}, format="json").json()["state"] == "withdrawn"
    assert editor.post(f"{url}/withdraw/", {"reason": "Forgery"}, format="json").status_code == 409
    assert editor.post(f"{url}/restore/", {"reason": "No"}, format="json").json()["state"] == "active"
    answer = editor.post(f"{url}/supersede/", {"reason": "Better", "by": str(better.pk)}, format="json")
    assert answer.json()["superseded_by"] == str(better.pk)
    assert editor.post(f"{url}/withdraw/", {}, format="json").status_code == 400
    assert api("investigator").post(f"{url}/restore/", {"reason": "x"}, format="json").status_code == 403


def test_superseding_by_an_exhibit_of_another_case_is_refused_like_an_unknown_one(newsroom, api):
    item = newsroom.log(TEXT)
    other = make_case("OTHER-1", {"editor": newsroom.stranger, "investigator": newsroom.investigator})
    foreign = newsroom.log(TEXT, case=other)
    answers = [
        api("editor").post(f"{BASE}/items/{item.pk}/supersede/", {"reason": "x", "by": by}, format="json").json()
        for by in (str(foreign.pk), "00000000-0000-0000-0000-000000000000")
    ]
    assert answers[0] == answers[1]


def test_text_is_read_again_in_a_declared_encoding(newsroom, api):
    item = newsroom.log(CYRILLIC, derive=True)
    url = f"{BASE}/items/{item.pk}"
    assert "not valid" in api("viewer").get(f"{url}/").json()["parse_problem"]
    answer = api("investigator").post(f"{url}/read-again/", {"charset": "windows-1251"}, format="json")
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    run_jobs()
    job = api("viewer").get(f"{BASE}/jobs/{answer.json()['id']}/").json()
    assert (job["state"], job["percent"]) == ("succeeded", 100)
    assert api("viewer").get(f"{url}/").json()["parse_problem"] == ""


@pytest.mark.parametrize("charset", ["windows-9999", "hex", "x" * 41, "", "a\0b"])
def test_encoding_that_is_none_is_refused_before_anything_is_queued(newsroom, api, charset):
    item = newsroom.log(CYRILLIC, derive=True)
    queued = JobRun.objects.count()
    answer = api("investigator").post(f"{BASE}/items/{item.pk}/read-again/", {"charset": charset}, format="json")
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["charset"]
    assert JobRun.objects.count() == queued


def test_picture_has_no_encoding_to_declare(newsroom, api):
    item = newsroom.log(samples.picture())
    answer = api("investigator").post(f"{BASE}/items/{item.pk}/read-again/", {"charset": "latin-1"}, format="json")
    assert answer.status_code == 400
    assert "Only plain text and web pages" in answer.content.decode()


def test_original_is_a_download_on_record_and_never_a_damaged_one(newsroom, api):
    item = newsroom.log(samples.ARTICLE.encode(), "page.html")
    response = api("viewer").get(f"{BASE}/items/{item.pk}/original/")
    assert b"".join(response.streaming_content) == samples.ARTICLE.encode()
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert item.custody.filter(action=CustodyAction.READ).count() == 1
    forge(item)
    assert api("viewer").get(f"{BASE}/items/{item.pk}/original/").status_code == 409
    assert api("viewer").get(f"{BASE}/items/{item.pk}/").json()["fixity"] == "changed"


def test_whole_case_is_checked_by_a_job_that_ends_with_all_of_it_done(newsroom, api):
    newsroom.log(b"one")
    forge(newsroom.log(b"two"))
    newsroom.log(b"three")
    run_jobs()
    client = api("auditor")
    queued = client.post(f"{BASE}/items/fixity-check/", {}, format="json")
    assert queued.status_code == 202
    run_jobs()
    job = client.get(f"{BASE}/jobs/{queued.json()['id']}/").json()
    assert (job["state"], job["done"], job["total"], job["percent"]) == ("succeeded", 3, 3, 100)
    assert job["message"] == "1 damaged"
    assert [row["fixity"] for row in client.get(f"{BASE}/items/").json()["results"]] == ["ok", "changed", "ok"]


def test_check_of_the_case_is_refused_to_viewers_and_takes_nothing(newsroom, api):
    assert api("viewer").post(f"{BASE}/items/fixity-check/", {}, format="json").status_code == 403
    wrong = api("auditor").post(f"{BASE}/items/fixity-check/", {"all": True}, format="json")
    assert wrong.status_code == 400
    assert not JobRun.objects.filter(task=CHECK_CASE).exists()


def test_sensitive_item_tells_a_viewer_little(newsroom, api):
    item = newsroom.log(samples.photo_with_gps(), sensitivity=Sensitivity.SENSITIVE, derive=True)
    viewer, url = api("viewer"), f"{BASE}/items/{item.pk}"
    assert viewer.get(f"{url}/").json()["file_metadata"] == {}
    for place in ("text", "original"):
        assert viewer.get(f"{url}/{place}/").status_code == 403
    assert api("editor").get(f"{url}/text/").status_code == 200
    assert item.custody.filter(action=CustodyAction.READ).count() == 1


def test_list_filters_searches_orders_and_pages(newsroom, api):
    for number in range(5):
        newsroom.log(b"%d" % number, title=f"Note {number}")
    picture = newsroom.log(samples.picture(), title="Picture")
    client = api("viewer")
    assert [row["exhibit"] for row in client.get(f"{BASE}/items/?kind=image").json()["results"]] == [6]
    assert [row["exhibit"] for row in client.get(f"{BASE}/items/?search=note 3").json()["results"]] == [4]
    assert len(client.get(f"{BASE}/items/?sha256={picture.blob_id}").json()["results"]) == 1
    url, seen = f"{BASE}/items/?ordering=-exhibit&page_size=4", []
    while url:
        body = client.get(url).json()
        seen += [row["exhibit"] for row in body["results"]]
        url = body["next"]
    assert seen == [6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize("query", ["ordering=blob__sha512", "case__ref=X", "kind=x", "cursor=x", "page_size=0"])
def test_list_takes_only_what_it_names(newsroom, api, query):
    assert api("viewer").get(f"{BASE}/items/?{query}").status_code == 400


def test_list_takes_a_constant_number_of_queries(newsroom, api):
    item = newsroom.log(TEXT)
    client, counts = api("viewer"), []
    for total in (10, 1000):
        grow(item, total)
        client.get(f"{BASE}/items/?page_size=200")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{BASE}/items/?page_size=200").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


def test_custody_of_a_case_is_listed(newsroom, api):
    item = newsroom.log(TEXT, derive=True)
    newsroom.log(b"other")
    rows = api("auditor").get(f"{BASE}/custody/?item={item.pk}").json()["results"]
    assert [row["action"] for row in rows] == ["receive", "derive"]
    assert rows[0]["actor"] == "investigator"
    assert api("auditor").post(f"{BASE}/custody/", {}, format="json").status_code == 405


# --- who may


@pytest.mark.parametrize("place", ["items", "uploads", "sources", "origin-groups", "custody"])
def test_foreign_case_answers_like_one_that_never_was(newsroom, api, place):
    newsroom.log(TEXT)
    foreign = api("stranger").get(f"{BASE}/{place}/")
    unknown = api("stranger").get(f"/api/v1/cases/NEVER-1/{place}/")
    assert (foreign.status_code, foreign.content) == (404, unknown.content)


def test_item_of_another_case_is_not_found_under_ones_own(newsroom, api):
    other = make_case("OTHER-1", {"editor": newsroom.stranger})
    item = newsroom.log(TEXT)
    assert other.ref == "OTHER-1"
    url = f"/api/v1/cases/OTHER-1/items/{item.pk}/"
    for place in ("", "text/", "original/"):
        assert api("stranger").get(url + place).status_code == 404
    assert api("stranger").post(f"{url}verify/").status_code == 404


@pytest.mark.parametrize("role", ["viewer", "auditor", "publisher"])
def test_writing_asks_for_the_right_to_log(newsroom, api, role):
    client = api(role)
    for place, body in (("items", {"text": "x", "title": "T"}), ("uploads", {"file_name": "a", "size": 1})):
        assert client.post(f"{BASE}/{place}/", body, format="json").status_code == 403
    assert client.post(f"{BASE}/sources/", {"name": "A", "kind": "news"}, format="json").status_code == 403


def test_token_that_may_only_read_cannot_log(newsroom):
    client = APIClient()
    for scopes, status in (([TokenScope.READ], 403), ([TokenScope.READ, TokenScope.EVIDENCE], 201)):
        _, secret = create_token(actor=newsroom.investigator, name=f"t{status}", scopes=scopes)
        answer = client.post(
            f"{BASE}/items/", {"text": "x", "title": "T"}, format="json", HTTP_AUTHORIZATION=f"Bearer {secret}"
        )
        assert answer.status_code == status


def test_nobody_signed_in_gets_nothing(newsroom):
    newsroom.log(TEXT)
    assert APIClient().get(f"{BASE}/items/").status_code == 401


# --- uploads


def test_upload_in_pieces_over_a_broken_connection(newsroom, api):
    client = api("investigator")
    content = bytes(range(256)) * 40
    place = upload(client, content, title="A film", published_at="2024-05")
    assert send(client, place, content[:4000], 0).json() == {"received": 4000}
    wrong = send(client, place, content[9000:], 9000)
    assert (wrong.status_code, wrong.json()["received"]) == (409, 4000)
    assert client.get(place["url"]).json()["received"] == 4000
    assert send(client, place, content[4000:], 4000).json() == {"received": len(content)}
    done = client.post(place["complete_url"]).json()
    assert done["url"] == "/cases/NC-2024/evidence/1/"
    assert client.post(place["complete_url"]).json() == done
    item = Item.objects.get()
    assert (item.blob_id, item.title) == (newsroom.log(content).blob_id, "A film")


def test_upload_from_the_form_of_a_page_is_taken(newsroom, api):
    data = {"file_name": "a.txt", "size": "3", "title": "", "csrfmiddlewaretoken": "x", "graphic": "on"}
    answer = api("investigator").post(f"{BASE}/uploads/", io.BytesIO(_form(data)).read(), content_type=FORM)
    assert answer.status_code == 201
    assert Upload.objects.get().metadata == {"title": "", "graphic": True}


FORM = "application/x-www-form-urlencoded"


def _form(data: dict[str, str]) -> bytes:
    return "&".join(f"{name}={value}" for name, value in data.items()).encode()


@pytest.mark.parametrize("offset", ["", "x", "-1", "1.5", "9" * 30])
def test_piece_without_its_place_is_refused(newsroom, api, offset):
    client = api("investigator")
    place = upload(client, TEXT)
    answer = client.generic("PATCH", place["url"], TEXT, content_type=PIECE, HTTP_UPLOAD_OFFSET=offset)
    assert answer.status_code == 400


def test_upload_is_completed_only_when_whole(newsroom, api):
    client = api("investigator")
    place = upload(client, TEXT)
    answer = client.post(place["complete_url"])
    assert (answer.status_code, answer.json()["received"]) == (409, 0)


def test_upload_is_cancelled(newsroom, api):
    client = api("investigator")
    place = upload(client, TEXT)
    assert client.delete(place["url"]).status_code == 204
    assert send(client, place, TEXT, 0).status_code == 409


def test_upload_of_another_person_is_not_there(newsroom, api):
    place = upload(api("investigator"), TEXT)
    for role in ("editor", "stranger"):
        assert api(role).get(place["url"]).status_code == 404
        assert send(api(role), place, TEXT, 0).status_code == 404
        assert api(role).post(place["complete_url"]).status_code == 404


@pytest.mark.parametrize(
    "body", [{"file_name": "a"}, {"size": 1}, {"file_name": "a", "size": -1}, {"file_name": "a", "size": "x"}]
)
def test_upload_that_cannot_be_is_refused(newsroom, api, body):
    assert api("investigator").post(f"{BASE}/uploads/", body, format="json").status_code == 400


# --- sources


def test_source_is_made_changed_graded_and_grouped(newsroom, api):
    client = api("editor")
    made = client.post(f"{BASE}/sources/", {"name": "AFP", "kind": "news", "country": "fr"}, format="json")
    url = f"{BASE}/sources/{made.json()['id']}/"
    assert (made.status_code, made.json()["country"]) == (201, "FR")
    changed = client.patch(url, {"owner": "State"}, format="json", HTTP_IF_MATCH='"1"')
    assert changed.json()["owner"] == "State"
    assert client.patch(url, {"reliability": "A"}, format="json", HTTP_IF_MATCH='"2"').status_code == 400
    graded = client.post(f"{url}grades/", {"reliability": "B", "rationale": "Track record"}, format="json")
    assert (graded.status_code, graded.json()["reliability"]) == (201, "B")
    assert client.get(f"{url}grades/").json()["results"][0]["rationale"] == "Track record"
    other = client.post(f"{BASE}/sources/", {"name": "Blog", "kind": "anonymous"}, format="json").json()["id"]
    joined = client.post(
        f"{BASE}/origin-groups/",
        {"sources": [made.json()["id"], other], "label": "Wire", "reason": "Wire copy"},
        format="json",
    )
    assert (joined.status_code, len(joined.json()["sources"])) == (201, 2)
    assert client.post(f"{url}split/", {"reason": "Own reporting"}, format="json").json()["origin_group"]
    assert client.post(f"{url}release/", {"reason": "Too early"}, format="json").json()["origin_group"] is None
    assert len(client.get(f"{BASE}/origin-groups/").json()["results"]) == 1
    assert len(client.get(f"{BASE}/sources/?undetermined=true").json()["results"]) == 1


def test_source_named_twice_is_a_conflict(newsroom, api):
    body = {"name": "AFP", "kind": "news"}
    assert api("editor").post(f"{BASE}/sources/", body, format="json").status_code == 201
    assert api("editor").post(f"{BASE}/sources/", body, format="json").status_code == 409
    assert Source.objects.count() == 1


def test_viewer_reads_grades_and_gives_none(newsroom, api):
    source = sources.create_source(actor=newsroom.investigator, case=newsroom.case, name="AFP", kind="news")
    url = f"{BASE}/sources/{source.pk}/grades/"
    assert api("viewer").get(url).status_code == 200
    assert api("viewer").post(url, {"reliability": "B", "rationale": "because"}, format="json").status_code == 403


def test_origin_is_joined_by_editors_only_and_within_one_case(newsroom, api):
    source = sources.create_source(actor=newsroom.investigator, case=newsroom.case, name="AFP", kind="news")
    other = make_case("OTHER-1", {"editor": newsroom.stranger})
    foreign = sources.create_source(actor=newsroom.stranger, case=other, name="Secret", kind="witness")
    body = {"sources": [str(source.pk)], "reason": "because"}
    assert api("investigator").post(f"{BASE}/origin-groups/", body, format="json").status_code == 403
    mixed = {"sources": [str(source.pk), str(foreign.pk)], "reason": "because"}
    answer = api("editor").post(f"{BASE}/origin-groups/", mixed, format="json")
    assert answer.status_code == 400
    assert "Secret" not in json.dumps(answer.json())
    assert not Event.objects.filter(action="origin_joined").exists()
