"""Rows for requests for reply and alternatives; their world is built by table_claims."""

from tests.access.table import Row, World, inside, only
from tests.access.table_claim_pages import EMPTY, EXPORTERS
from tests.access.table_claims import CASE, DRAFT, WRITERS

UNSENT = {"ref": "ref", "number": "unsent"}
SENT = {"ref": "ref", "number": "sent"}
LONG = "Asking would tell the person that a witness spoke to us, who is in danger."


def letter(world: World) -> dict[str, str]:
    return {"language": "en", "letter": "Dear Sir or Madam", "edit_version": "1"}


def replied(world: World) -> dict[str, str]:
    return {"text": "It is not so.", "language": "en", "received_at": "2024-05-20"}


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
    Row("claims:alternatives", "GET", inside(200), DRAFT),
    Row("claims:alternatives", "POST", only(400, *WRITERS), DRAFT, body=EMPTY),
]
