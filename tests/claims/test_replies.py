"""Asking for a reply: what the actions refuse, what the database refuses, and what a reply does to the claims."""

import smtplib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from audit.models import Event
from cases.enums import Precision
from cases.exceptions import Conflict, InvalidInput, NotAllowed, NotVisible, StaleVersion
from claims.actions.drafts import edit_version
from claims.actions.letters import note_reply, note_sending, send_by_email
from claims.actions.replies import ask, close_request, discard_request, edit_request, note_search, withhold_request
from claims.canonical import content_of
from claims.gate import evaluation
from claims.letters import letter, reminder
from claims.models import Reply, ReplyRequest, Sending
from claims.parties import parties_of, substance
from claims.phrasing import says_no_answer, says_no_public_response
from claims.queries import get_request_by_id, get_version_by_id, my_requests, requests_of
from claims.replies import latest_moment
from claims.telling import told_of_claims
from evidence.models import Item
from tests.factories.claims import make_approved, make_draft, make_published, make_request, make_role_draft
from tests.factories.subjects import make_observation
from tests.factories.users import make_user

WHY = "Asking would tell the person that a witness spoke to us, who is in danger."


@pytest.fixture
def version(world):
    """A draft with its citations, whose party nobody asked."""
    return make_draft(world, cited=False)


@pytest.fixture
def request_(world, version):
    return ask(
        actor=world.author,
        case=world.case,
        party=world.person,
        allegations=[(version, "That she operates the account @esmirak.")],
        letter="Dear Sir or Madam",
    )


def send(world, request, **fields):
    known = {"channel": "email", "sent_at": timezone.now() - timedelta(hours=1)}
    return note_sending(actor=world.author, request=request, **known | fields)


def reply(world, request, **fields):
    known = {"text": "I do not use it.", "language": "en", "received_at": timezone.now()}
    return note_reply(actor=world.author, request=request, **known | fields)


def now(world, request) -> ReplyRequest:
    return get_request_by_id(world.author, request.pk)


def missing(version, rule: str) -> list[str]:
    entry = next(one for one in evaluation.evaluate(version).entries if one.rule.id == rule)
    return [problem.text for problem in entry.problems]


def raises_in_the_database(act) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        act()


def test_letter_puts_each_allegation_word_for_word_in_both_languages():
    deadline = datetime(2024, 6, 5, 12, 30, tzinfo=UTC)
    words = {"party": "R & D <b>", "allegations": ["First.", "Second."], "deadline": deadline, "sender": "Ines"}
    english, french = (letter(language=language, **words) for language in ("en", "fr-CH"))
    for text in (english, french):
        assert "1. First." in text
        assert "2. Second." in text
        assert "R & D <b>" in text
        assert text.rstrip().endswith("Ines")
    assert "5 June 2024 12:30 UTC" in english
    assert "5 juin 2024 à 12 h 30 (UTC)" in french
    assert letter(language="az", **words) == english


def test_reminder_carries_the_letter(request_):
    assert "Dear Sir or Madam" in reminder(request_, party="Esmira Xalil", sender="Ines")


def test_first_message_gives_the_window_of_the_policy(world, request_):
    sent_at = timezone.now() - timedelta(hours=3)
    send(world, request_, sent_at=sent_at)
    assert now(world, request_).deadline == sent_at + timedelta(hours=48)


def test_a_shorter_deadline_needs_its_urgency_said(world, request_):
    soon = timezone.now() + timedelta(hours=3)
    changes = {"deadline": soon}
    edit_request(actor=world.author, request=request_, expected_version=1, changes=changes)
    with pytest.raises(InvalidInput, match="urgent") as refused:
        send(world, request_)
    assert refused.value.field == "urgency"
    edit_request(actor=world.author, request=request_, expected_version=2, changes={"urgency": WHY})
    send(world, request_)
    assert now(world, request_).deadline == soon


def test_deadline_before_the_sending_is_none_that_anybody_could_meet(world, request_):
    changes = {"deadline": timezone.now() - timedelta(days=3), "urgency": WHY}
    edit_request(actor=world.author, request=request_, expected_version=1, changes=changes)
    with pytest.raises(InvalidInput, match="before the request was sent") as refused:
        send(world, request_)
    assert refused.value.field == "deadline"


def test_own_request_says_by_what_it_went(world, request_):
    with pytest.raises(InvalidInput, match="by what you reached them") as refused:
        send(world, request_, channel="not_said")
    assert refused.value.field == "channel"


def test_nobody_answers_before_they_are_asked(world, request_):
    sent_at = datetime(2024, 5, 20, 12, 0, tzinfo=UTC)
    send(world, request_, sent_at=sent_at)
    with pytest.raises(InvalidInput, match="before they are asked") as refused:
        reply(world, request_, received_at=sent_at - timedelta(hours=1))
    assert refused.value.field == "received_at"
    # On the same day, as far as it is known, is not before.
    assert reply(world, request_, received_at=datetime(2024, 5, 20, tzinfo=UTC), received_precision="day")


def test_who_declined_said_so_in_words_that_are_kept(world, request_):
    send(world, request_)
    for note in ("", "No."):
        with pytest.raises(InvalidInput, match="who declined") as refused:
            close_request(actor=world.author, request=request_, outcome="declined", note=note)
        assert refused.value.field == "note"
    said = "Her office, by telephone: “We do not comment.”"
    assert close_request(actor=world.author, request=request_, outcome="declined", note=said).outcome_note == said


def test_letter_and_reply_are_preserved_as_exhibits(world, request_):
    before = Item.objects.count()
    sending = send(world, request_)
    answer = reply(world, request_)
    assert Item.objects.count() == before + 2
    assert sending.item.title.startswith("Request for reply R-")
    assert answer.item.blob.size == len("I do not use it.")
    logged = Event.objects.filter(object=f"replyrequest:{request_.pk}").values_list("action", flat=True)
    assert set(logged) == {"reply_requested", "reply_request_sent", "reply_received"}


def test_letter_that_was_sent_is_not_written_on(world, request_):
    send(world, request_)
    with pytest.raises(Conflict, match="was sent"):
        edit_request(actor=world.author, request=request_, expected_version=1, changes={"letter": "Another."})
    with pytest.raises(Conflict, match="was sent"):
        discard_request(actor=world.author, request=request_)
    raises_in_the_database(lambda: ReplyRequest.objects.filter(pk=request_.pk).update(letter="Another."))
    raises_in_the_database(lambda: ReplyRequest.objects.filter(pk=request_.pk).delete())
    raises_in_the_database(lambda: Sending.objects.update(channel="post"))
    raises_in_the_database(lambda: request_.allegations.update(text="Something else."))


def test_second_to_save_learns_of_the_first(world, request_):
    edit_request(actor=world.author, request=request_, expected_version=1, changes={"letter": "First."})
    with pytest.raises(StaleVersion) as refused:
        edit_request(actor=world.editor, request=request_, expected_version=1, changes={"letter": "Second."})
    assert refused.value.current.letter == "First."


def test_unsent_request_can_be_thrown_away(world, request_):
    discard_request(actor=world.author, request=request_, reason="Wrong person.")
    assert not ReplyRequest.objects.filter(pk=request_.pk).exists()


@pytest.mark.parametrize(
    ("outcome", "channels", "why"),
    [
        ("no_response", [], "Nothing was sent"),
        ("no_response", ["email"], "not passed"),
        ("unreachable", ["email"], "two channels"),
        ("responded", ["email"], "declined"),
        ("withheld", ["email"], "declined"),
    ],
)
def test_outcome_says_no_more_than_what_was_sent(world, request_, outcome, channels, why):
    for channel in channels:
        send(world, request_, channel=channel)
    with pytest.raises((Conflict, InvalidInput), match=why):
        close_request(actor=world.author, request=request_, outcome=outcome)


@pytest.mark.parametrize("outcome", ["responded", "unreachable", "no_response", "declined"])
def test_database_takes_no_outcome_that_nothing_shows(world, request_, outcome):
    row = ReplyRequest.objects.filter(pk=request_.pk)
    raises_in_the_database(lambda: row.update(outcome=outcome, decided_by=world.author, decided_at=timezone.now()))


def test_two_channels_make_somebody_unreachable_and_the_search_is_told(world, version, request_):
    send(world, request_)
    send(world, request_, channel="post")
    close_request(actor=world.author, request=request_, outcome="unreachable")
    assert any("look for what they said" in text for text in missing(version, "G-51"))
    note_search(actor=world.author, request=request_, searched_on=date(2024, 6, 3), note="The committee's website.")
    assert missing(version, "G-51") == []
    [told] = told_of_claims([version.claim_id])[version.claim_id]
    assert "could not be reached by e-mail and letter by post" in told["words"]
    assert "No public response found (searched on 3 June 2024)." in told["words"]


def test_editor_who_wrote_none_of_it_decides_that_nobody_is_asked(world, version, request_):
    with pytest.raises(NotAllowed):
        withhold_request(actor=world.author, request=request_, reason=WHY)
    with pytest.raises(InvalidInput, match="40"):
        withhold_request(actor=world.editor, request=request_, reason="Not now.")
    withhold_request(actor=world.editor, request=request_, reason=WHY)
    assert missing(version, "G-50") == []
    with pytest.raises(Conflict, match="not to ask"):
        send(world, request_)


def test_message_to_a_suspended_account_does_not_count(world, version, request_):
    send(world, request_, channel="message", account=world.account, sent_at=timezone.now() - timedelta(days=3))
    close_request(actor=world.author, request=request_, outcome="no_response")
    assert any("suspended" in text for text in missing(version, "G-50"))
    send(world, request_, channel="email", sent_at=timezone.now() - timedelta(days=3))
    assert missing(version, "G-50") == []


def test_account_that_stood_when_the_message_went_out_could_be_reached(world, version, request_):
    moment = timezone.now() - timedelta(days=4)
    make_observation(account=world.account, actor=world.author, handle="esmirak", status="active", observed_at=moment)
    send(world, request_, channel="message", account=world.account, sent_at=timezone.now() - timedelta(days=3))
    close_request(actor=world.author, request=request_, outcome="no_response")
    assert missing(version, "G-50") == []


def test_message_on_a_platform_names_its_account(world, request_):
    with pytest.raises(InvalidInput) as refused:
        send(world, request_, channel="message")
    assert refused.value.field == "account"


def test_what_another_newsroom_asked_is_told_and_does_not_count(world, version):
    made = make_request(world, version, asked_by="The radio")
    assert any("Nobody asked" in text for text in missing(version, "G-50"))
    [told] = told_of_claims([version.claim_id])[version.claim_id]
    assert told["words"].startswith("The radio asked Esmira Xalil")
    assert now(world, made).deadline is None


def test_claim_that_says_something_else_is_put_to_them_again(world, version):
    make_request(world, version)
    assert missing(version, "G-50") == []
    changes = {"public_text": "In other words, it is very likely hers."}
    version = edit_version(actor=world.author, version=version, expected_version=1, changes=changes)
    assert missing(version, "G-50") == []
    changes = {"object_person": None, "object_organisation": world.committee}
    version = edit_version(actor=world.author, version=version, expected_version=2, changes=changes)
    assert any("Nobody asked" in text for text in missing(version, "G-50"))


def test_reply_takes_an_approved_claim_back_and_flags_a_published_one(world):
    approved, published = make_approved(world), make_published(world, make_role_draft(world))
    for version in (approved, published):
        request = ReplyRequest.objects.filter(allegations__version=version).first()
        reply(world, request)
    assert world.newest(approved).state == "changes_requested"
    assert "replied" in world.newest(published).needs_attention
    assert now(world, request).outcome == "responded"


def test_sending_and_outcome_leave_an_approval_as_it_is(world):
    approved = make_approved(world)
    make_request(world, approved)
    assert world.newest(approved).state == "approved"
    assert content_of(approved) == bytes(approved.content)


def test_reply_in_another_language_needs_its_translation(world, version, request_):
    send(world, request_)
    with pytest.raises(InvalidInput, match="translator"):
        reply(world, request_, language="az", translation="No.")
    reply(world, request_, language="az")
    assert any("not translated" in text for text in missing(version, "G-51"))
    reply(world, request_, language="az", translation="It is not so.", translator="L. Translator")
    assert len(told_of_claims([version.claim_id])[version.claim_id][0]["replies"]) == 2


def test_reply_comes_after_a_message_and_is_never_changed(world, request_):
    with pytest.raises(Conflict, match="Nothing was sent"):
        reply(world, request_)
    send(world, request_)
    reply(world, request_)
    raises_in_the_database(lambda: Reply.objects.update(text="Yes, it is mine."))
    raises_in_the_database(lambda: Reply.objects.all().delete())


def test_late_reply_changes_what_was_noted(world, version):
    made = make_request(world, version)
    reply(world, made)
    assert now(world, made).outcome == "responded"
    with pytest.raises(Conflict, match="closed already"):
        close_request(actor=world.author, request=made, outcome="declined")


def test_mail_goes_out_only_by_a_click_and_where_it_is_set_up(world, request_, settings):
    with pytest.raises(Conflict, match="sends no e-mail"):
        send_by_email(actor=world.author, request=request_, address="x@committee.example", subject="Request")
    settings.MAIL_FROM = "desk@newsroom.example"
    for address, subject in (("nobody", "Request"), ("x@committee.example", "Two\nlines")):
        with pytest.raises(InvalidInput):
            send_by_email(actor=world.author, request=request_, address=address, subject=subject)
    assert mail.outbox == []
    sending = send_by_email(actor=world.author, request=request_, address="x@committee.example", subject="Request")
    [sent] = mail.outbox
    assert (sent.to, sent.from_email, sent.body) == (["x@committee.example"], settings.MAIL_FROM, "Dear Sir or Madam")
    assert sent.extra_headers["Message-ID"] == sending.message_id


def test_what_the_mail_server_refuses_was_not_sent(world, request_, settings, monkeypatch):
    settings.MAIL_FROM = "desk@newsroom.example"

    def refuse(*_):
        raise smtplib.SMTPRecipientsRefused({})

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    with pytest.raises(Conflict, match="nothing was sent"):
        send_by_email(actor=world.author, request=request_, address="x@committee.example", subject="Request")
    assert not request_.sendings.exists()


def test_strangers_see_no_request_and_readers_write_none(world, version, request_):
    with pytest.raises(NotVisible):
        get_request_by_id(make_user(), request_.pk)
    with pytest.raises(NotAllowed):
        ask(actor=world.publisher, case=world.case, party=world.person, allegations=[(version, "x")])


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"allegations": []}, "claims"),
        ({"party": " "}, "party"),
        ({"urgency": "x" * 20_001}, ""),
        ({"letter": "x" * 20_001}, "letter"),
        ({"language": "x" * 40}, "language"),
    ],
)
def test_request_is_refused_by_the_field_at_fault(world, version, fields, field):
    known = {"party": world.person, "allegations": [(version, "What is alleged.")]}
    if not field:
        ask(actor=world.author, case=world.case, **known | fields)
        return
    with pytest.raises(InvalidInput) as refused:
        ask(actor=world.author, case=world.case, **known | fields)
    assert refused.value.field == field


def test_text_that_was_rewritten_since_they_were_asked_is_warned_about_until_they_are_asked_again(world, version):
    def put():
        allegations = [(get_version_by_id(world.author, version.pk), "That she operates the account @esmirak.")]
        send(world, ask(actor=world.author, case=world.case, party=world.person, allegations=allegations))

    put()
    assert missing(version, "G-53") == []
    rewritten = edit_version(
        actor=world.author,
        version=version,
        expected_version=version.edit_version,
        changes={"public_text": f"{version.public_text} She was paid for it."},
    )
    assert missing(rewritten, "G-53") == [
        "The text was rewritten since R-1 put it to Esmira Xalil: ask again if it says more now."
    ]
    put()
    assert missing(rewritten, "G-53") == []


def test_parties_are_those_the_claim_could_harm(world, version):
    [party] = parties_of(version)
    assert party.key == f"person:{world.person.pk}"
    harmless = make_role_draft(world, cited=False, adverse=False)
    assert parties_of(harmless) == []
    assert {one.label for one in parties_of(make_role_draft(world, cited=False))} == {"Esmira Xalil", "State Committee"}
    words = make_draft(world, cited=False, object_person=None, object_text="a troll farm")
    assert [one.key for one in parties_of(words)] == ["text:a troll farm"]
    assert substance(words) != substance(version)


def test_requests_are_unsent_then_wait_then_are_due_then_closed(world, version, request_):
    def stage(at=None):
        return requests_of(world.author, world.case, now=at or timezone.now()).get(pk=request_.pk).stage

    assert stage() == "unsent"
    send(world, request_)
    assert stage() == "waiting"
    later = timezone.now() + timedelta(hours=49)
    assert stage(later) == "due"
    assert request_ in my_requests(world.author, now=later)
    assert request_ not in my_requests(world.author, now=timezone.now())
    assert request_ in my_requests(world.author, now=timezone.now() + timedelta(hours=30))
    assert request_ not in my_requests(world.editor, now=later)
    reply(world, request_)
    assert stage(later) == "closed"


@pytest.mark.parametrize(
    "text",
    [
        "She did not respond.",
        "They have not answered our questions.",
        "The party declined to comment.",
        "He didn’t reply.",
        "The letters went unanswered.",
        "There was no response.",
        "Elle n’a pas répondu.",
        "Ils ont refusé de répondre.",
        "She could not be reached.",
        "The committee failed to respond.",
        "He would not comment.",
        "She never replied.",
        "They did not get back to us.",
        "No comment was received.",
        "None of the accounts mentioned responded to requests for comment.",
        "She ignored our questions.",
        "The party has yet to answer.",
        "Le parti a décliné.",
        "Elle est restée silencieuse.",
        "Aucun des comptes cités n’a répondu.",
    ],
)
def test_silence_is_told_apart_from_a_search_that_found_nothing(text):
    assert says_no_answer(text)
    assert not says_no_answer(f"It said: “{text}”")
    assert not says_no_public_response(text)


@pytest.mark.parametrize("text", ["No public response found (searched on 3 June 2024).", "Aucune réponse publique."])
def test_search_that_found_nothing_says_nobody_was_silent(text):
    assert says_no_public_response(text)
    assert not says_no_answer(text)


@given(st.integers(631_152_000, 4_102_444_800), st.sampled_from(Precision))
def test_latest_moment_is_the_end_of_what_is_known(seconds, precision):
    at = datetime.fromtimestamp(seconds, UTC)
    latest = latest_moment(at, precision)
    assert latest >= at
    parts = {Precision.YEAR: 1, Precision.MONTH: 2, Precision.DAY: 3}.get(precision)
    if parts is None:
        assert latest == at
    else:
        before = latest - timedelta(microseconds=1)
        assert before.timetuple()[:parts] == at.timetuple()[:parts]
        assert latest.timetuple()[:parts] != at.timetuple()[:parts]


def test_database_takes_no_refusal_without_its_words_and_moves_no_deadline_that_was_given(world, request_):
    send(world, request_)
    row = ReplyRequest.objects.filter(pk=request_.pk)
    signed = {"outcome": "declined", "decided_by": world.author, "decided_at": timezone.now()}
    raises_in_the_database(lambda: row.update(**signed))
    raises_in_the_database(lambda: row.update(deadline=timezone.now()))
    raises_in_the_database(lambda: row.update(urgency=WHY))
    nowhere = {"case": world.case, "request": request_, "sent_by": world.author, "sent_at": timezone.now()}
    raises_in_the_database(lambda: Sending.objects.create(channel="not_said", **nowhere))
    row.update(**signed, outcome_note="Her lawyer wrote on Monday: no.")
    assert now(world, request_).outcome == "declined"


def test_what_is_told_of_a_request_is_looked_through_before_it_leaves(world):
    version = make_draft(world)
    request = version.put_to_parties.get().request
    note = "Called her office on +994 12 598 19 08, nothing found."
    note_search(actor=world.author, request=request, searched_on=date(2024, 6, 3), note=note)
    [problem] = missing(world.newest(version), "G-61")
    assert problem == "Telephone number “+994 12 598 19 08” stands in: request 1, search note."
