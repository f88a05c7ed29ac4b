"""What readers are told of requests and replies: the same plain values on the claim's page and in a publication.

Addresses are left out: whom an e-mail went to is the house's own record, not the reader's.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from audit.log import format_time
from cases.models import Case, User
from cases.moments import in_words
from cases.permissions import Permission, can
from claims.models import Allegation, Reply, ReplyRequest, Sending
from claims.parties import party_label
from claims.replies import outcome_words
from claims.wording import Labels
from evidence.actions.reading import note_look
from evidence.enums import Sensitivity
from evidence.models import Item

PARTIES = ("party_account", "party_person", "party_organisation")


def with_parts(requests: QuerySet[ReplyRequest]) -> QuerySet[ReplyRequest]:
    """With all that is shown of each, in a fixed number of queries."""
    return requests.select_related("case", "decided_by", "created_by", *PARTIES).prefetch_related(
        Prefetch("allegations", Allegation.objects.select_related("version__claim").order_by("order")),
        Prefetch("sendings", Sending.objects.select_related("item", "sent_by", "account").order_by("sent_at", "id")),
        Prefetch("replies", Reply.objects.select_related("item", "recorded_by").order_by("received_at", "id")),
    )


def labels_of(requests: Iterable[ReplyRequest]) -> Labels:
    """The names of their parties, with one query for the handles of all accounts."""
    return Labels([], accounts={request.party_account_id for request in requests if request.party_account_id})


def told_of_claims(claims: Iterable[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """By claim the requests in which it was put to somebody, that were sent or decided on, each as `told`."""
    claims = set(claims)
    requests = ReplyRequest.objects.filter(allegations__version__claim__in=claims).distinct().order_by("number")
    found = [one for one in with_parts(requests) if one.sendings.all() or one.outcome]
    labels = labels_of(found)
    by_claim: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for request in found:
        for allegation in request.allegations.all():
            if allegation.version.claim_id in claims:
                shown = told(request, party_label(request, labels))
                by_claim[allegation.version.claim_id].append(shown | {"allegation": allegation.text})
    return by_claim


def readable_replies(actor: User, case: Case, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same as `actor` may read it: a reply is as sensitive as the exhibit that preserves it, and who reads one in
    a sensitive exhibit is written down.
    """
    opens = can(actor, case, Permission.EVIDENCE_READ_SENSITIVE)
    hidden = {reply["exhibit"] for one in told for reply in one["replies"] if reply["is_sensitive"]}
    for item in Item.objects.filter(case=case, exhibit__in=hidden) if opens and hidden else ():
        note_look(actor=actor, item=item, purpose="Read in replies")
    return [
        one | {"replies": [reply for reply in one["replies"] if opens or not reply["is_sensitive"]]} for one in told
    ]


def told(request: ReplyRequest, party: str) -> dict[str, Any]:
    """One request as plain values, with the sentence that says what came of it."""
    shown = {
        "number": request.number,
        "party": party,
        "asked_by": request.asked_by,
        "outcome": request.outcome,
        "reason": request.outcome_note,
        "deadline": _time(request.deadline),
        "searched_on": request.searched_on.isoformat() if request.searched_on else None,
        "searched_words": in_words(request.searched_on, "day"),
        "search_note": request.search_note,
        "sent": [_sent(one) for one in request.sendings.all()],
        "replies": [_reply(one) for one in request.replies.all()],
    }
    return shown | {"words": outcome_words(shown)}


def _sent(sending: Sending) -> dict[str, Any]:
    return {
        "kind": sending.kind,
        "channel": sending.channel,
        "at": format_time(sending.sent_at),
        "precision": sending.sent_precision,
        "exhibit": sending.item.exhibit if sending.item else None,
    }


def _reply(reply: Reply) -> dict[str, Any]:
    return {
        "speaker": reply.speaker,
        "text": reply.text,
        "verbatim": reply.verbatim,
        "language": reply.language,
        "translation": reply.translation,
        "translator": reply.translator,
        "at": format_time(reply.received_at),
        "precision": reply.received_precision,
        "received_words": in_words(reply.received_at, reply.received_precision),
        "exhibit": reply.item.exhibit,
        "is_sensitive": reply.item.sensitivity == Sensitivity.SENSITIVE,
    }


def _time(at: datetime | None) -> str | None:
    return format_time(at) if at else None
