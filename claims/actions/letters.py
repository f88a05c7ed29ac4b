"""Letters to those whom claims name, and what they answer, each preserved as an exhibit; nothing is sent by itself."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.mail.message import make_msgid
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from cases.enums import Precision
from cases.exceptions import Conflict, InvalidInput
from cases.history import record
from cases.models import Account, User
from cases.policies import thresholds_of
from cases.reasons import check_size
from cases.sentences import Sentence
from cases.validation import check_fields
from claims.actions.cascade import reply_arrived
from claims.actions.replies import decide, iso, locked, party_name
from claims.enums import Channel, ReplyOutcome, SendingKind
from claims.models import Reply, ReplyRequest, Sending
from claims.replies import LONG_REASON, latest_moment
from evidence.actions.items import log_text
from evidence.details import Details
from evidence.models import Item


@transaction.atomic
def note_sending(
    *,
    actor: User,
    request: ReplyRequest,
    channel: str,
    sent_at: datetime,
    sent_precision: str = Precision.SECOND,
    address: str = "",
    account: Account | None = None,
    kind: str = SendingKind.REQUEST,
    item: Item | None = None,
) -> Sending:
    """Write down that the request, or a reminder of it, went out; its letter is preserved as an exhibit.

    Without a deadline the party has the policy's window from the last moment that `sent_at` can mean.
    """
    request = locked(actor, request)
    sending = Sending(channel=channel, address=address.strip(), account=account, kind=kind, item=item)
    sending.sent_at, sending.sent_precision = sent_at, sent_precision
    return _send(actor, request, sending)


@transaction.atomic
def send_by_email(
    *, actor: User, request: ReplyRequest, address: str, subject: str, kind: str = SendingKind.REQUEST, text: str = ""
) -> Sending:
    """Send the letter (or `text`, of a reminder) as an e-mail, now, because a person asked for it.

    The message is handed over last, when all rows are written: where the mail server refuses it, nothing was noted.
    """
    request = locked(actor, request)
    if not settings.MAIL_FROM:
        raise Conflict("This installation sends no e-mail: send it yourself, and note it here.")
    _check_address(address)
    if not subject.strip() or "\n" in subject or "\r" in subject:
        raise InvalidInput("Give the e-mail a subject of one line.", field="subject")
    body = text.strip() or request.letter
    if not body.strip():
        raise InvalidInput("Write the letter first.", field="letter")
    sending = Sending(channel=Channel.EMAIL, address=address.strip(), kind=kind, sent_at=timezone.now())
    sending.message_id = make_msgid(domain=settings.MAIL_FROM.rpartition("@")[2].strip("> ") or None)
    sending = _send(actor, request, sending, letter=body)
    message = EmailMessage(subject.strip(), body, settings.MAIL_FROM, [address.strip()])
    message.extra_headers["Message-ID"] = sending.message_id
    try:
        message.send()
    except OSError as error:
        raise Conflict("The mail server did not take the message; nothing was sent.") from error
    return sending


@transaction.atomic
def note_reply(
    *,
    actor: User,
    request: ReplyRequest,
    text: str,
    language: str,
    received_at: datetime,
    received_precision: str = Precision.SECOND,
    speaker: str = "",
    verbatim: bool = True,
    translation: str = "",
    translator: str = "",
    item: Item | None = None,
) -> Reply:
    """Keep what a party answered, word for word, as an exhibit of its own unless `item` already preserves it.

    Versions that were submitted, approved or published with one of the allegations are looked at again: what a party
    says belongs beside the claim that it answers.
    """
    request = locked(actor, request)
    first = request.sendings.order_by("sent_at").values_list("sent_at", flat=True).first()
    if first is None:
        raise Conflict("Nothing was sent to this party yet: note the sending first.")
    if latest_moment(received_at, received_precision) < first:
        raise InvalidInput("Nothing had been sent by then: nobody answers before they are asked.", field="received_at")
    text = text.strip()
    if not text:
        raise InvalidInput("Copy the reply, word for word.", field="text")
    check_size(text, "text")
    _check_past(received_at, "received_at")
    if bool(translation.strip()) != bool(translator.strip()):
        raise InvalidInput("A translation needs its text and its translator.", field="translation")
    reply = Reply(case=request.case, request=request, text=text, verbatim=verbatim, recorded_by=actor)
    reply.language, reply.speaker = language.strip(), speaker.strip()
    reply.translation, reply.translator = translation.strip(), translator.strip()
    reply.received_at, reply.received_precision = received_at, received_precision
    title = f"Reply of {party_name(request)} to {request}"
    details = _details(title, reply.language, received_at, received_precision)
    reply.item = _preserved(actor, request, item, text, details)
    check_fields(reply, exclude={"case", "request", "item", "recorded_by"})
    reply.save(force_insert=True)
    decide(actor, request, ReplyOutcome.RESPONDED, "")
    after = {"text": text, "language": reply.language, "exhibit": reply.item.exhibit, "verbatim": verbatim}
    digests = [reply.item.blob_id] if reply.item.blob_id else []
    record(actor, "reply_received", request, after=after, evidence=digests)
    reply_arrived(actor=actor, request=request, reason=f"{party_name(request)} replied ({request}): take it in.")
    return reply


# --- steps


def _send(actor: User, request: ReplyRequest, sending: Sending, *, letter: str = "") -> Sending:
    if request.outcome == ReplyOutcome.WITHHELD:
        raise Conflict("An editor decided not to ask this party: make a new request to ask after all.")
    if sending.kind == SendingKind.REMINDER and not request.sendings.exists():
        raise InvalidInput("A reminder follows a request: send that first.", field="kind")
    if sending.channel in Channel.on_platforms() and sending.account is None:
        raise InvalidInput("Name the account to which it went.", field="account")
    if sending.account and sending.account.case_id != request.case_id:
        raise InvalidInput("There is no such account in this case.", field="account")
    if sending.channel == Channel.NOT_SAID and not request.asked_by:
        raise InvalidInput("Say by what you reached them: only others' requests may leave that open.", field="channel")
    _check_past(sending.sent_at, "sent_at")
    sending.case, sending.request, sending.sent_by = request.case, request, actor
    _check_deadline(request, sending)
    title = f"{SendingKind(sending.kind).label} for reply {request} to {party_name(request)}"
    text = letter or request.letter
    if sending.item is not None or text:
        details = _details(title, request.language, sending.sent_at, sending.sent_precision)
        sending.item = _preserved(actor, request, sending.item, text, details)
    check_fields(sending, exclude={"case", "request", "account", "item", "sent_by"})
    sending.save(force_insert=True)
    after = {"kind": sending.kind, "channel": sending.channel, "sent_at": sending.sent_at.isoformat()}
    after |= {"exhibit": sending.item.exhibit if sending.item else None, "deadline": iso(request.deadline)}
    record(actor, "reply_request_sent", request, after=after | {"address": sending.address})
    return sending


def _check_deadline(request: ReplyRequest, sending: Sending) -> None:
    """The first own message sets the deadline, and whoever gives less than the policy's window says why."""
    if request.asked_by or sending.kind == SendingKind.REMINDER or request.sendings.exists():
        return
    hours = thresholds_of([request.case_id])[request.case_id].reply_hours
    window = latest_moment(sending.sent_at, sending.sent_precision) + timedelta(hours=hours)
    if request.deadline is not None and request.deadline <= sending.sent_at:
        raise InvalidInput("The deadline lies before the request was sent: nobody could meet it.", field="deadline")
    if request.deadline is None:
        request.deadline = window
        request.edit_version += 1
        request.save(update_fields=["deadline", "edit_version"])
    elif request.deadline < window and len(request.urgency.strip()) < LONG_REASON:
        raise InvalidInput(
            Sentence(
                "The deadline leaves less than %(hours)s hours: give a later one, or say in at least %(number)s "
                "characters why it is urgent.",
                hours=hours,
                number=LONG_REASON,
            ),
            field="urgency",
        )


def _details(title: str, language: str, at: datetime, precision: str) -> Details:
    return Details(title=title[:500], published_at=at, published_precision=precision, language=language)


def _preserved(actor: User, request: ReplyRequest, item: Item | None, text: str, details: Details) -> Item:
    """The exhibit that holds a letter: the one that was named, else a new one with its words."""
    if item is None:
        return log_text(actor=actor, case=request.case, text=text, details=details)
    if item.case_id != request.case_id:
        raise InvalidInput("There is no such exhibit in this case.", field="item")
    return item


def _check_past(at: datetime, field: str) -> None:
    if at > timezone.now() + timedelta(minutes=5):
        raise InvalidInput("This moment has not come yet.", field=field)


def _check_address(address: str) -> None:
    try:
        validate_email(address.strip())
    except ValidationError as error:
        raise InvalidInput("This is not an e-mail address.", field="address") from error
