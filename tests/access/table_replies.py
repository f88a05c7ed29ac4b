"""Rows for requests for reply and alternatives; their world is built by table_claims."""

from typing import Any

from django.utils import timezone

from tests.access.table import Row, World, inside, only
from tests.access.table_claim_pages import EMPTY, EXPORTERS
from tests.access.table_claims import CASE, DRAFT, WRITERS

UNSENT = {"ref": "ref", "number": "unsent"}
SENT = {"ref": "ref", "number": "sent"}
LONG = "Asking would tell the person that a witness spoke to us, who is in danger."


def letter(world: World) -> dict[str, str]:
    return {"language": "en", "letter": "Dear Sir or Madam", "edit_version": "1"}


def replied(world: World) -> dict[str, str]:
    return {"text": "It is not so.", "language": "en", "received_at": timezone.now().date().isoformat()}


def new_request(world: World) -> dict[str, Any]:
    allegations = [{"claim": world.objects["draft"], "text": "What is alleged."}]
    return {"person": str(world.objects["person"]), "allegations": allegations}


def sending(world: World) -> dict[str, Any]:
    return {"channel": "phone", "sent_at": "2024-05-20T10:00:00Z"}


def email(world: World) -> dict[str, Any]:
    return {"address": "x@committee.example", "subject": "Request for reply"}


def reply(world: World) -> dict[str, Any]:
    return {"text": "It is not so.", "language": "en", "received_at": timezone.now().isoformat()}


def search(world: World) -> dict[str, Any]:
    return {"searched_on": "2024-06-03", "note": "Their own website."}


ROWS = [
    Row("claims:requests", "GET", inside(200), CASE),
    Row("claims:requests_csv", "GET", only(200, *EXPORTERS), CASE),
    Row("claims:ask", "GET", only(200, *WRITERS), CASE),
    Row("claims:ask", "POST", only(200, *WRITERS), CASE, body=EMPTY),
    Row("claims:request", "GET", inside(200), SENT),
    Row("claims:request_letter", "POST", only(302, *WRITERS), UNSENT, body=letter),
    Row("claims:request_sending", "POST", only(400, *WRITERS), UNSENT, body=EMPTY),
    Row("claims:request_email", "POST", only(400, *WRITERS), UNSENT, body=EMPTY),
    Row("claims:request_reply", "POST", only(302, *WRITERS), SENT, body=replied),
    Row("claims:request_close", "POST", only(302, *WRITERS), SENT, body={"outcome": "no_response"}),
    Row("claims:request_withhold", "POST", only(302, "editor", investigator=403), UNSENT, body={"reason": LONG}),
    Row("claims:request_search", "POST", only(400, *WRITERS), SENT, body=EMPTY),
    Row("claims:request_discard", "POST", only(302, *WRITERS), UNSENT),
    Row("reply-request-list", "GET", inside(200), CASE),
    Row("reply-request-list", "POST", only(201, *WRITERS), CASE, body=new_request),
    Row("reply-request-detail", "GET", inside(200), SENT),
    Row(
        "reply-request-detail", "PATCH", only(412, *WRITERS), UNSENT, body={"letter": "x"}, headers={"If-Match": '"9"'}
    ),
    Row("reply-request-detail", "DELETE", only(204, *WRITERS), UNSENT),
    Row("reply-request-sending", "POST", only(200, *WRITERS), UNSENT, body=sending),
    Row("reply-request-email", "POST", only(409, *WRITERS), UNSENT, body=email),
    Row("reply-request-reply", "POST", only(200, *WRITERS), SENT, body=reply),
    Row("reply-request-close", "POST", only(200, *WRITERS), SENT, body={"outcome": "no_response"}),
    Row("reply-request-withhold", "POST", only(200, "editor"), UNSENT, body={"reason": LONG}),
    Row("reply-request-search", "POST", only(200, *WRITERS), SENT, body=search),
    Row("claim-alternatives", "GET", inside(200), DRAFT),
    Row("claim-save-alternatives", "POST", only(412, *WRITERS), DRAFT, body={"seen": "0" * 64, "alternatives": []}),
    Row("claims:alternatives", "GET", inside(200), DRAFT),
    Row("claims:alternatives", "POST", only(400, *WRITERS), DRAFT, body=EMPTY),
]
