"""How much may come in: of one file, from one person, into one case, in one request (A45, A46)."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from audit.models import Event
from cases.actions.tokens import create_token
from cases.enums import TokenScope
from evidence import stores
from evidence.actions import items, uploads
from evidence.details import Details
from evidence.exceptions import QuotaExceeded
from evidence.models import Item, Upload

from .conftest import make_case

TWO_GIB = 2 * 1024**3


def raises_quota(newsroom, size: int) -> None:
    """Neither an upload nor a whole file of that size is taken, and nothing of it stays."""
    stored = list(stores.vault().originals())
    who = {"actor": newsroom.investigator, "case": newsroom.case}
    with pytest.raises(QuotaExceeded):
        uploads.start_upload(file_name="x", size=size, **who)
    with pytest.raises(QuotaExceeded):
        items.log_file(stream=io.BytesIO(b"x" * size), file_name="x", **who)
    with pytest.raises(QuotaExceeded):
        items.log_text(text="x" * size, details=Details(title="Pasted"), **who)
    assert list(stores.vault().originals()) == stored


@pytest.mark.parametrize("setting", ["CASE_QUOTA_BYTES", "PERSON_QUOTA_BYTES"])
def test_quota_counts_what_is_logged_and_what_was_announced(newsroom, settings, setting):
    setattr(settings, setting, 100)
    newsroom.log(b"x" * 60)
    raises_quota(newsroom, 41)
    upload = uploads.start_upload(actor=newsroom.investigator, case=newsroom.case, file_name="x", size=30)
    raises_quota(newsroom, 11)
    uploads.cancel_upload(actor=newsroom.investigator, upload=upload)
    assert newsroom.log(b"y" * 40).exhibit == 2


def test_file_that_fits_exactly_is_completed(newsroom, settings):
    settings.CASE_QUOTA_BYTES = settings.PERSON_QUOTA_BYTES = 40
    upload = uploads.start_upload(actor=newsroom.investigator, case=newsroom.case, file_name="x", size=40)
    uploads.append_piece(actor=newsroom.investigator, upload=upload, offset=0, stream=io.BytesIO(b"x" * 40))
    assert uploads.complete_upload(actor=newsroom.investigator, upload=upload).blob.size == 40


def test_quota_of_a_case_is_not_that_of_another_one(newsroom, settings):
    settings.CASE_QUOTA_BYTES, settings.PERSON_QUOTA_BYTES = 50, 0
    other = make_case("OTHER-1", {"editor": newsroom.stranger, "investigator": newsroom.investigator})
    newsroom.log(b"x" * 50)
    assert newsroom.log(b"x" * 50, case=other).exhibit == 1
    raises_quota(newsroom, 1)


def test_quota_counts_bytes_that_somebody_else_has_too(newsroom, settings):
    """Otherwise the room that is left would tell what a foreign case holds (A55)."""
    settings.CASE_QUOTA_BYTES = 50
    other = make_case("OTHER-1", {"editor": newsroom.stranger, "investigator": newsroom.investigator})
    newsroom.log(b"x" * 40, case=other)
    newsroom.log(b"x" * 40)
    raises_quota(newsroom, 11)


def test_command_counts_all_its_files_before_the_first_is_stored(newsroom, settings, tmp_path):
    settings.CASE_QUOTA_BYTES = 15
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"0123456789" + name.encode())
    with pytest.raises(CommandError, match="22 more do not fit") as refusal:
        call_command("log_evidence", "NC-2024", str(tmp_path))
    assert refusal.value.returncode == 2
    assert list(stores.vault().originals()) == []


# --- over HTTP


class Announced(io.BytesIO):
    """A body that is never read as far as it was announced."""


def multipart(size: int) -> dict:
    """A request that announces `size` bytes of form."""
    return {
        "data": Announced(b""),
        "content_type": "multipart/form-data; boundary=b",
        "CONTENT_LENGTH": str(size),
        "wsgi.input": Announced(b"--b\r\n"),
    }


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def post_announced(client: Client, address: str, size: int, **more):
    request = client._base_environ(PATH_INFO=address, REQUEST_METHOD="POST", **multipart(size), **more)
    request.pop("data")
    request["CONTENT_TYPE"] = request.pop("content_type")
    return client.request(**request)


@pytest.mark.parametrize("size", [TWO_GIB * 2, 10**13])
def test_form_that_announces_more_than_one_file_may_have_is_413_before_it_is_read(newsroom, size):
    response = post_announced(client_of(newsroom.investigator), "/cases/NC-2024/evidence/upload/", size)
    assert response.status_code == 413
    assert b"larger than what is accepted" in response.content
    assert not Item.objects.exists()


def test_api_form_that_announces_too_much_is_a_413_problem(newsroom):
    secret = create_token(actor=newsroom.investigator, name="t", scopes=list(TokenScope))[1]
    more = {"HTTP_AUTHORIZATION": f"Bearer {secret}", "HTTP_IDEMPOTENCY_KEY": "k"}
    response = post_announced(Client(), "/api/v1/cases/NC-2024/items/", TWO_GIB * 2, **more)
    assert (response.status_code, response["Content-Type"]) == (413, "application/problem+json")


def form_with_file(size: int) -> bytes:
    """The body of a form whose one file has `size` bytes."""
    head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    return head + b"x" * size + b"\r\n--b--\r\n"


def post_form(client: Client, address: str, body: io.BytesIO):
    size = len(body.getvalue())
    request = client._base_environ(PATH_INFO=address, REQUEST_METHOD="POST", CONTENT_LENGTH=str(size))
    request |= {"CONTENT_TYPE": "multipart/form-data; boundary=b", "wsgi.input": body}
    return client.request(**request)


@pytest.fixture
def small_limit(settings, tmp_path):
    """One file may have 100,000 bytes; files of forms go to a folder that is looked at."""
    settings.MAX_EVIDENCE_BYTES, settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100_000, 0
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "forms")
    (tmp_path / "forms").mkdir()
    return tmp_path / "forms"


@pytest.mark.usefixtures("small_limit")
@pytest.mark.parametrize("checks_csrf", [True, False], ids=["read by the middleware", "read by the view"])
def test_file_of_a_form_ends_with_the_piece_that_passes_the_limit(newsroom, settings, monkeypatch, checks_csrf):
    """A form has room for fields beside its file, so a file may be longer than allowed and the form not."""
    kept = []
    monkeypatch.setattr(
        TemporaryFileUploadHandler, "receive_data_chunk", lambda _, piece, start: kept.append((start, len(piece)))
    )
    client = Client(enforce_csrf_checks=checks_csrf)
    client.force_login(newsroom.investigator)
    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32
    body = io.BytesIO(form_with_file(1_000_000))
    response = post_form(client, "/cases/NC-2024/evidence/upload/", body)
    assert response.status_code == 413
    assert "larger than the limit of 100,000 bytes; nothing of it was kept" in response.text
    assert body.tell() < 300_000
    assert sum(length for _, length in kept) <= 100_000
    assert not Item.objects.exists()


def test_refused_file_of_a_form_leaves_nothing_on_the_disk(newsroom, small_limit):
    client = client_of(newsroom.investigator)
    assert post_form(client, "/cases/NC-2024/evidence/upload/", io.BytesIO(form_with_file(200_000))).status_code == 413
    assert list(small_limit.iterdir()) == []
    assert list(stores.vault().originals()) == []


def test_file_of_a_form_that_fits_exactly_is_taken(newsroom, small_limit):
    body = io.BytesIO(form_with_file(100_000))
    post_form(client_of(newsroom.investigator), "/cases/NC-2024/evidence/upload/", body)
    assert Item.objects.get().blob.size == 100_000


def test_api_names_the_limit_that_a_file_of_a_form_passed(newsroom, small_limit):
    secret = create_token(actor=newsroom.investigator, name="t", scopes=list(TokenScope))[1]
    client = Client(headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "k"})
    response = post_form(client, "/api/v1/cases/NC-2024/items/", io.BytesIO(form_with_file(100_001)))
    assert (response.status_code, response["Content-Type"]) == (413, "application/problem+json")
    assert "limit of 100,000 bytes" in response.json()["detail"]


def test_stranger_can_put_no_file_on_the_disk(newsroom):
    """The sign-in form is open to everybody, and a form is read before it is known whose it is."""
    response = post_announced(Client(), reverse("account_login"), 3 * 1024**2)
    assert response.status_code == 413


@pytest.mark.django_db(transaction=True)
def test_page_and_api_say_413_for_a_full_quota(newsroom, settings):
    settings.CASE_QUOTA_BYTES = 10
    client = client_of(newsroom.investigator)
    page = client.post("/cases/NC-2024/evidence/upload/", {"files": SimpleUploadedFile("a.txt", b"x" * 11)})
    assert page.status_code == 400
    assert "11 more do not fit" in page.content.decode()
    answer = client.post(reverse("upload-list", args=["NC-2024"]), {"file_name": "a", "size": 11}, "application/json")
    assert answer.status_code == 413
    assert not Upload.objects.exists()
    assert not Event.objects.filter(action="item_logged").exists()
