"""How much may come in: of one file, from one person, into one case, in one request (A45, A46)."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
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


def test_stranger_can_put_no_file_on_the_disk(newsroom):
    """The sign-in form is open to everybody, and a form is read before it is known whose it is."""
    response = post_announced(Client(), reverse("account_login"), 3 * 1024**2)
    assert response.status_code == 413


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
