"""Asking those whom claims name for their side, and noting what came of it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop

from cases.exceptions import Conflict, InvalidInput, StaleVersion
from cases.history import record
from cases.models import Account, Case, Organisation, Person, User
from cases.reasons import check_reason, check_size
from cases.sentences import Sentence
from cases.validation import check_fields
from claims.enums import ReplyOutcome
from claims.models import Allegation, ClaimVersion, ReplyRequest
from claims.parties import substance
from claims.permissions import check_override, check_write_claims
from claims.queries import get_request_by_id
from claims.replies import LONG_REASON

_COLUMNS = {Account: "party_account", Person: "party_person", Organisation: "party_organisation"}
EDITABLE = ("language", "letter", "deadline", "urgency")
MOST_ALLEGATIONS = 50


@transaction.atomic
def ask(
    *,
    actor: User,
    case: Case,
    party: Account | Person | Organisation | str,
    allegations: Sequence[tuple[ClaimVersion, str]],
    letter: str = "",
    language: str = "en",
    deadline: datetime | None = None,
    urgency: str = "",
    asked_by: str = "",
) -> ReplyRequest:
    """Make the request that puts `allegations`, pairs of a version and the words, to one party; nothing is sent.

    `asked_by` names another newsroom whose request the record tells of: it is told to readers, and does not count.
    """
    check_write_claims(actor, case)
    _check_allegations(case, allegations)
    counter = Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    number = (ReplyRequest.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0) + 1
    request = ReplyRequest(case=counter, number=number, created_by=actor, asked_by=asked_by.strip())
    _name_party(request, party)
    _assign(request, {"letter": letter, "language": language, "deadline": deadline, "urgency": urgency})
    request.save(force_insert=True)
    Allegation.objects.bulk_create(
        Allegation(
            case=counter,
            request=request,
            version=version,
            order=order,
            text=text.strip(),
            substance=substance(version),
            public_text=version.public_text,
        )
        for order, (version, text) in enumerate(allegations)
    )
    put = [{"version": str(version.pk), "text": text.strip()} for version, text in allegations]
    after = {"party": party_name(request), "allegations": put, "asked_by": request.asked_by} | _written(request)
    record(actor, "reply_requested", request, after=after)
    return request


@transaction.atomic
def edit_request(
    *, actor: User, request: ReplyRequest, expected_version: int, changes: Mapping[str, Any]
) -> ReplyRequest:
    """Change the letter or the deadline of a request that was not sent yet.

    Raises StaleVersion, carrying the stored request, when somebody saved first.
    """
    request = locked(actor, request)
    _check_unsent(request, gettext_noop("be changed"))
    if request.edit_version != expected_version:
        raise StaleVersion("Somebody changed this request in the meantime.", current=request)
    before = _written(request)
    _assign(request, changes)
    after = _written(request)
    if after != before:
        request.edit_version += 1
        request.save()
        record(actor, "reply_request_changed", request, before=before, after=after)
    return request


@transaction.atomic
def discard_request(*, actor: User, request: ReplyRequest, reason: str = "") -> None:
    """Throw away a request that was neither sent nor decided on; the log keeps what it said."""
    request = locked(actor, request)
    _check_unsent(request, gettext_noop("be thrown away"))
    record(actor, "reply_request_discarded", request, before=_written(request), reason=reason)
    request.delete()


@transaction.atomic
def close_request(*, actor: User, request: ReplyRequest, outcome: str, note: str = "") -> ReplyRequest:
    """Note what came of a request that nobody answered: declined, no response, or unreachable over two channels.

    That a party declined ends the wait for it: `note` says who did so, when and in which words; readers are told.
    """
    request = locked(actor, request)
    if outcome not in (ReplyOutcome.DECLINED, ReplyOutcome.NO_RESPONSE, ReplyOutcome.UNREACHABLE):
        raise InvalidInput("Say whether the party declined, did not respond, or could not be reached.", field="outcome")
    if request.outcome:
        raise Conflict(Sentence("%(request)s is closed already.", request=request))
    channels = set(request.sendings.values_list("channel", flat=True))
    if not channels:
        raise Conflict("Nothing was sent to this party: nobody can say that it did not answer.")
    if outcome == ReplyOutcome.UNREACHABLE and len(channels) < 2:
        raise InvalidInput("Unreachable means that two channels were tried: try another one.", field="outcome")
    if outcome == ReplyOutcome.DECLINED:
        check_reason(note, "Say who declined, when and in which words", field="note")
    if outcome == ReplyOutcome.NO_RESPONSE and request.deadline and request.deadline > timezone.now():
        raise Conflict("The deadline that was given has not passed yet.")
    decide(actor, request, outcome, note)
    record(actor, "reply_request_closed", request, after={"outcome": outcome, "note": note.strip()})
    return request


@transaction.atomic
def withhold_request(*, actor: User, request: ReplyRequest, reason: str) -> ReplyRequest:
    """Decide, as an editor who wrote none of these claims, that a party is not asked; the reason is published."""
    request = get_request_by_id(actor, request.pk, for_update=True)
    for allegation in request.allegations.select_related("version__case"):
        check_override(actor, allegation.version)
    _check_unsent(request, gettext_noop("be withheld"))
    if len(reason.strip()) < LONG_REASON:
        raise InvalidInput(
            Sentence("Give the reason in at least %(number)s characters: it is published.", number=LONG_REASON),
            field="reason",
        )
    check_size(reason, "reason")
    decide(actor, request, ReplyOutcome.WITHHELD, reason)
    record(actor, "reply_withheld", request, after={"outcome": ReplyOutcome.WITHHELD}, reason=reason.strip())
    return request


@transaction.atomic
def note_search(*, actor: User, request: ReplyRequest, searched_on: date, note: str) -> ReplyRequest:
    """Write down that somebody looked for what the party said in public, on which day and where, and found nothing."""
    request = locked(actor, request)
    check_reason(note, "Say where you looked", field="note")
    if searched_on > timezone.now().date():
        raise InvalidInput("This day has not come yet.", field="searched_on")
    before = {"searched_on": request.searched_on.isoformat() if request.searched_on else None}
    request.searched_on, request.search_note = searched_on, note.strip()
    request.edit_version += 1
    request.save(update_fields=["searched_on", "search_note", "edit_version"])
    after = {"searched_on": searched_on.isoformat(), "note": request.search_note}
    record(actor, "public_reply_searched", request, before=before, after=after)
    return request


def party_name(request: ReplyRequest) -> str:
    """What the log and the exhibits call a party: an account by its platform's id, which outlives its handle."""
    row = request.party_account or request.party_person or request.party_organisation
    return str(row or request.party_text)


# --- steps


def locked(actor: User, request: ReplyRequest) -> ReplyRequest:
    """The request as it is now, held by whoever may write in its case."""
    request = get_request_by_id(actor, request.pk, for_update=True)
    check_write_claims(actor, request.case)
    return request


def _check_unsent(request: ReplyRequest, what: str) -> None:
    if request.outcome:
        raise Conflict(Sentence("%(request)s is closed and can no longer %(what)s.", request=request, what=what))
    if request.sendings.exists():
        raise Conflict(Sentence("%(request)s was sent and can no longer %(what)s.", request=request, what=what))


def _check_allegations(case: Case, allegations: Sequence[tuple[ClaimVersion, str]]) -> None:
    if not allegations:
        raise InvalidInput("Choose at least one claim: a party answers to something.", field="claims")
    if len(allegations) > MOST_ALLEGATIONS:
        raise InvalidInput(
            Sentence("Put at most %(number)s claims into one request.", number=MOST_ALLEGATIONS), field="claims"
        )
    for version, text in allegations:
        if version.case_id != case.pk:
            raise InvalidInput("There is no such claim in this case.", field="claims")
        if not text.strip():
            raise InvalidInput(
                Sentence("Say in words what %(claim)s alleges.", claim=version.claim), field="allegation"
            )
        check_size(text, "allegation")
    if len({version.claim_id for version, _ in allegations}) < len(allegations):
        raise InvalidInput("Put each claim to a party once.", field="claims")


def _name_party(request: ReplyRequest, party: Account | Person | Organisation | str) -> None:
    if isinstance(party, str):
        request.party_text = party.strip()
        if not request.party_text:
            raise InvalidInput("Say who is asked.", field="party")
        return
    if party.case_id != request.case_id:
        raise InvalidInput("There is no such party in this case.", field="party")
    setattr(request, _COLUMNS[type(party)], party)


def _assign(request: ReplyRequest, values: Mapping[str, Any]) -> None:
    if unknown := sorted(set(values) - set(EDITABLE)):
        raise InvalidInput(f"{unknown[0]} is not a part of a request that can be written.", field=unknown[0])
    for name, value in values.items():
        setattr(request, name, value.strip() if isinstance(value, str) else value)
    check_size(request.letter, "letter")
    check_fields(
        request,
        exclude={"case", "created_by", "decided_by", "party_account", "party_person", "party_organisation"},
    )


def decide(actor: User, request: ReplyRequest, outcome: str, note: str) -> None:
    """Sign an outcome."""
    request.outcome, request.outcome_note = outcome, note.strip()
    request.decided_by, request.decided_at = actor, timezone.now()
    request.edit_version += 1
    request.save(update_fields=["outcome", "outcome_note", "decided_by", "decided_at", "edit_version"])


def _written(request: ReplyRequest) -> dict[str, Any]:
    return {
        "language": request.language,
        "letter": request.letter,
        "deadline": iso(request.deadline),
        "urgency": request.urgency,
    }


def iso(at: datetime | None) -> str | None:
    """A moment as the log holds it."""
    return at.isoformat() if at else None
