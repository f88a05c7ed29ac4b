"""The pages of replies and alternatives: the queue, asking, one request with its steps, the matrix, my turn."""

import csv
import io
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from claims.actions.letters import note_reply, note_sending
from claims.actions.replies import ask
from claims.models import ReplyRequest
from tests.factories.story import HOSTILE

pytestmark = pytest.mark.xdist_group("claims pages")
WHY = "Asking would tell the person that a witness spoke to us, who is in danger."


@pytest.fixture
def row(story) -> ReplyRequest:
    """A request about the draft that nobody sent yet."""
    allegations = [(story.claims["draft"], "That the account was suspended.")]
    party = story.subjects["bafadar"]
    return ask(actor=story.author, case=story.case, party=party, allegations=allegations, letter=HOSTILE)


def address(row, step: str = "request") -> str:
    return reverse(f"claims:{step}", args=[row.case.ref, row.number])


def post(client, row, step: str, **said):
    return client.post(address(row, step), said)


def sent(story, row, hours: int = 50) -> None:
    at = timezone.now() - timedelta(hours=hours)
    note_sending(actor=story.author, request=row, channel="email", address="x@committee.example", sent_at=at)


def test_queue_tells_what_is_due_and_finds_it(story, row, enter):
    client, url = enter(story.author), reverse("claims:requests", args=[story.case.ref])
    sent(story, row)
    page = client.get(url, {"state": "due"}).content.decode()
    assert f"R-{row.number}" in page
    assert "@bafadar" in page
    assert f"R-{row.number}" not in client.get(url, {"state": "waiting"}).content.decode()
    assert client.get(url, {"state": "lost"}).status_code == 400
    assert "No request fits" in client.get(url, {"q": "nobody at all"}).content.decode()


def test_queue_as_csv_is_what_the_list_shows(story, row, enter):
    response = enter(story.auditor).get(reverse("claims:requests_csv", args=[story.case.ref]), {"state": "unsent"})
    text = b"".join(response.streaming_content) if response.streaming else response.content
    [head, *lines] = csv.reader(io.StringIO(text.decode("utf-8-sig")))
    assert [line[head.index("request")] for line in lines] == [f"R-{row.number}"]


def test_my_turn_counts_what_is_due(story, row, enter):
    page = enter(story.author).get(reverse("home")).content.decode()
    assert "Requests for reply" in page
    assert "Requests for reply" not in enter(story.viewer).get(reverse("home")).content.decode()


def test_asking_begins_with_the_claims_and_ends_with_a_letter(story, enter):
    client, url = enter(story.author), reverse("claims:ask", args=[story.case.ref])
    number = story.claims["draft"].claim.number
    assert f'value="{number}"' in client.get(url).content.decode()
    url = f"{url}?claim={number}"
    assert "What is put to them" not in client.get(url).content.decode()
    said = {"language": "fr", f"allegation_{number}": "Que le compte a été suspendu."}
    refused = client.post(url, said)
    assert refused.status_code == 400
    assert "Say who is asked" in refused.content.decode()
    made = client.post(url, said | {"party_text": "Le titulaire du compte"}, follow=True).content.decode()
    assert "nous préparons une publication qui met en cause Le titulaire du compte" in made
    assert client.get(url, {"claim": "x"}).status_code == 400
    assert client.get(url, {"claim": "99999"}).status_code == 404


def test_page_shows_hostile_letters_as_text(story, row, enter):
    for person in (story.author, story.viewer):
        page = enter(person).get(address(row)).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_letter_is_saved_once_and_the_second_learns_of_it(story, row, enter):
    client = enter(story.author)
    said = {"language": "en", "letter": "Dear Sir or Madam", "edit_version": "1"}
    assert post(client, row, "request_letter", **said).status_code == 302
    stale = post(client, row, "request_letter", **said | {"letter": "Mine."})
    assert stale.status_code == 412
    assert "Mine." in stale.content.decode()


def test_steps_from_sending_to_the_reply(story, row, enter):
    client = enter(story.author)
    wrong = post(client, row, "request_sending", kind="request", channel="email", sent_at="yesterday")
    assert wrong.status_code == 400
    assert "is not a date" in wrong.content.decode()
    assert (
        post(client, row, "request_sending", kind="request", channel="email", sent_at="2024-05-20").status_code == 302
    )
    assert post(client, row, "request_close", outcome="unreachable").status_code == 400
    said = {"text": "It is not so.\nNot at all.", "language": "en", "received_at": "2024-05-21", "verbatim": "on"}
    assert post(client, row, "request_reply", **said | {"item": "E-99999"}).status_code == 400
    assert post(client, row, "request_reply", **said).status_code == 302
    page = client.get(
        reverse("claims:claim", args=[story.case.ref, story.claims["draft"].claim.number])
    ).content.decode()
    assert "What those named say" in page
    assert "Not at all." in page
    assert post(client, row, "request_close", outcome="declined").status_code == 409


def test_editor_withholds_and_the_search_is_noted(story, row, enter):
    assert post(enter(story.author), row, "request_withhold", reason=WHY).status_code == 403
    client = enter(story.editor)
    assert post(client, row, "request_withhold", reason="Short.").status_code == 400
    assert post(client, row, "request_withhold", reason=WHY).status_code == 302
    assert post(client, row, "request_search", searched_on="2024-06-03", note="Their website.").status_code == 302
    assert "No public response found (searched on 3 June 2024)." in client.get(address(row)).content.decode()


def test_mail_is_offered_where_it_is_set_up_and_sent_by_a_click(story, row, enter, settings):
    client = enter(story.author)
    assert "Send it by e-mail" not in client.get(address(row)).content.decode()
    settings.MAIL_FROM = "desk@newsroom.example"
    assert "Send it by e-mail" in client.get(address(row)).content.decode()
    assert mail.outbox == []
    said = {"kind": "request", "address": "x@committee.example", "subject": "Request for reply"}
    assert post(client, row, "request_email", **said).status_code == 302
    assert post(client, row, "request_email", **said | {"kind": "reminder"}).status_code == 302
    assert [message.to for message in mail.outbox] == [["x@committee.example"]] * 2
    assert "have no answer yet" in mail.outbox[1].body


def test_address_of_a_party_is_not_shown_to_those_who_do_not_write(story, row, enter):
    sent(story, row)
    assert "x@committee.example" in enter(story.author).get(address(row)).content.decode()
    assert "x@committee.example" not in enter(story.viewer).get(address(row)).content.decode()


def test_reply_in_a_sensitive_exhibit_is_closed_to_those_who_do_not_open_it(story, row, enter):
    sent(story, row)
    reply = note_reply(
        actor=story.author, request=row, text="My address is known.", language="en", received_at=timezone.now()
    )
    type(reply.item).objects.filter(pk=reply.item_id).update(sensitivity="sensitive")
    claim = reverse("claims:claim", args=[story.case.ref, story.claims["draft"].claim.number])
    for url in (address(row), claim):
        assert "My address is known." in enter(story.author).get(url).content.decode()
        assert "My address is known." not in enter(story.viewer).get(url).content.decode()


def test_discarded_request_is_gone(story, row, enter):
    client = enter(story.author)
    assert post(client, row, "request_discard").status_code == 302
    assert client.get(address(row)).status_code == 404


def test_matrix_offers_what_must_be_tried_and_keeps_what_is_typed(story, enter):
    draft = story.claims["draft"]
    client, url = enter(story.author), reverse("claims:alternatives", args=[story.case.ref, draft.claim.number])
    page = client.get(url)
    [citation] = draft.citations.all()
    said = {
        "seen": page.context["seen"],
        "devils_advocate": str(story.checker.pk),
        "a-TOTAL_FORMS": "1",
        "a-INITIAL_FORMS": "0",
        "a-0-kind": "other",
        "a-0-statement": HOSTILE[:400],
        "a-0-disposition": "less_likely",
        "a-0-note": "Nothing points to it.",
        f"a-0-fit_{citation.pk}": "inconsistent",
    }
    assert client.post(url, said | {"devils_advocate": "nobody"}).status_code == 400
    assert client.post(url, said | {"a-0-disposition": "perhaps"}).status_code == 400
    assert client.post(url, said).status_code == 302
    stale = client.post(url, said)
    assert stale.status_code == 412
    assert "kept below" in stale.content.decode()
    for person in (story.author, story.viewer):
        shown = enter(person).get(url).content.decode()
        assert "speaks against" in shown
        assert "<script>alert" not in shown


def test_rivals_stand_beside_the_matrix(story, enter):
    url = reverse("claims:alternatives", args=[story.case.ref, story.claims["first_a"].claim.number])
    page = enter(story.viewer).get(url).content.decode()
    assert f"C-{story.claims['first_b'].claim.number}" in page
