"""Opening preserved copies: who, how often, and what is written down (A09, A10)."""

import pytest
from django.core import signing
from django.utils import timezone

from audit.models import Event
from cases.actions.members import end_membership
from cases.exceptions import InvalidInput, NotAllowed, NotVisible
from cases.models import Membership
from evidence import queries
from evidence.actions import items, reading
from evidence.details import Details
from evidence.enums import CustodyAction, Sensitivity
from evidence.models import CustodyEvent, DownloadTicket

TEXT = b"The first exhibit.\n"


def reads(item) -> list[CustodyEvent]:
    return list(queries.custody_of(item).filter(action=CustodyAction.READ))


def test_original_is_read_with_custody_and_event(newsroom):
    item = newsroom.log(TEXT)
    with reading.original(actor=newsroom.viewer, item=item) as stream:
        assert stream.read() == TEXT
    [read] = reads(item)
    assert (read.actor, read.result_sha256) == (newsroom.viewer, item.blob_id)
    assert Event.objects.filter(action="item_read").count() == 1


def test_look_at_an_ordinary_exhibit_leaves_nothing(newsroom):
    item = newsroom.log(TEXT)
    reading.note_look(actor=newsroom.viewer, item=item)
    assert reads(item) == []


def test_look_at_a_sensitive_exhibit_leaves_custody_and_event(newsroom):
    item = newsroom.log(TEXT, sensitivity=Sensitivity.SENSITIVE)
    reading.note_look(actor=newsroom.editor, item=item)
    assert len(reads(item)) == 1
    assert Event.objects.filter(action="item_read").count() == 1


@pytest.mark.parametrize("read", ["look", "original", "text", "ticket"])
def test_viewer_cannot_open_a_sensitive_exhibit(newsroom, read):
    item = newsroom.log(TEXT, sensitivity=Sensitivity.SENSITIVE)
    ways = {
        "look": lambda: reading.note_look(actor=newsroom.viewer, item=item),
        "original": lambda: reading.original(actor=newsroom.viewer, item=item).__enter__(),
        "text": lambda: queries.readable_text(newsroom.viewer, item),
        "ticket": lambda: reading.issue_ticket(actor=newsroom.viewer, item=item, holder="s"),
    }
    with pytest.raises(NotAllowed, match="sensitive"):
        ways[read]()
    assert reads(item) == []


def test_ticket_fetches_once(newsroom):
    item = newsroom.log(TEXT)
    token = reading.issue_ticket(actor=newsroom.viewer, item=item, holder="s")
    assert reading.redeem_ticket(actor=newsroom.viewer, token=token, holder="s") == item
    with pytest.raises(NotVisible):
        reading.redeem_ticket(actor=newsroom.viewer, token=token, holder="s")


@pytest.mark.parametrize("who", ["session", "person"])
def test_ticket_is_bound_to_person_and_session(newsroom, who):
    token = reading.issue_ticket(actor=newsroom.viewer, item=newsroom.log(TEXT), holder="s")
    actor = newsroom.editor if who == "person" else newsroom.viewer
    with pytest.raises(NotVisible):
        reading.redeem_ticket(actor=actor, token=token, holder="other" if who == "session" else "s")


def test_ticket_ends_after_a_minute(newsroom):
    token = reading.issue_ticket(actor=newsroom.viewer, item=newsroom.log(TEXT), holder="s")
    DownloadTicket.objects.update(issued_at=timezone.now() - reading.TICKET_LIFE)
    with pytest.raises(NotVisible):
        reading.redeem_ticket(actor=newsroom.viewer, token=token, holder="s")


@pytest.mark.parametrize(
    "token",
    ["", "x", "a:b:c", signing.dumps("x", salt=reading.SALT), signing.dumps("x")],
    ids=["empty", "short", "three parts", "signed for no ticket", "signed for something else"],
)
def test_ticket_that_is_forged_is_refused(newsroom, token):
    with pytest.raises(NotVisible):
        reading.redeem_ticket(actor=newsroom.viewer, token=token, holder="s")


def test_ticket_of_a_member_who_left_is_worth_nothing(newsroom):
    token = reading.issue_ticket(actor=newsroom.viewer, item=newsroom.log(TEXT), holder="s")
    membership = Membership.objects.get(user=newsroom.viewer)
    end_membership(actor=newsroom.editor, case=newsroom.case, membership_id=membership.pk)
    with pytest.raises(NotVisible):
        reading.redeem_ticket(actor=newsroom.viewer, token=token, holder="s")


def test_link_has_nothing_to_fetch(newsroom):
    link = items.log_link(
        actor=newsroom.investigator, case=newsroom.case, details=Details(original_url="https://example.org")
    )
    with pytest.raises(InvalidInput):
        reading.issue_ticket(actor=newsroom.viewer, item=link, holder="s")
    with pytest.raises(InvalidInput), reading.original(actor=newsroom.viewer, item=link):
        pytest.fail("served")
