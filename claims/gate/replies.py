"""What the gate may know of a claim's parties, of what was put to them, and of its alternatives; few fixed queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch

from cases.enums import AccountStatus
from cases.models import Observation
from claims.enums import SendingKind
from claims.gate.other_side import HypothesisFacts, PartyFacts, ReplyFacts, RequestFacts, SendingFacts
from claims.models import Allegation, ClaimVersion, Reply, Sending
from claims.parties import parties_of, party_key, party_label, substance
from claims.replies import GONE, latest_moment
from claims.wording import Labels
from evidence.enums import Sensitivity

_PARTS = ("request__party_account", "request__party_person", "request__party_organisation")


def party_facts(versions: Sequence[ClaimVersion], labels: Labels) -> dict[UUID, tuple[PartyFacts, ...]]:
    """By version whom it names to their harm."""
    return {
        version.pk: tuple(PartyFacts(party.key, party.label) for party in parties_of(version, labels))
        for version in versions
    }


def request_facts(versions: Sequence[ClaimVersion], labels: Labels) -> dict[UUID, tuple[RequestFacts, ...]]:
    """By version the requests in which its claim, in whichever version, was put to somebody.

    `labels` know the accounts at the ends of `versions`, which are those that are asked.
    """
    allegations = list(
        Allegation.objects.filter(version__claim__in={version.claim_id for version in versions})
        .select_related("version", *_PARTS)
        .defer("version__content")
        .prefetch_related(
            Prefetch("request__sendings", Sending.objects.order_by("sent_at", "id")),
            Prefetch("request__replies", Reply.objects.select_related("item").order_by("received_at", "id")),
        )
        .order_by("request__number", "-version__number")
    )
    gone = _gone([sending for one in allegations for sending in one.request.sendings.all()])
    of_claim: dict[UUID, list[Allegation]] = defaultdict(list)
    for one in allegations:
        of_claim[one.version.claim_id].append(one)
    return {
        version.pk: tuple(_request(one, version, labels, gone) for one in of_claim.get(version.claim_id, ()))
        for version in versions
    }


def _request(allegation: Allegation, version: ClaimVersion, labels: Labels, gone: dict[UUID, str]) -> RequestFacts:
    request = allegation.request
    return RequestFacts(
        number=request.number,
        party=party_key(request),
        party_label=party_label(request, labels),
        asked_by=request.asked_by,
        is_same_allegation=allegation.substance == substance(version),
        is_same_text=allegation.public_text == version.public_text,
        deadline=request.deadline,
        urgency=request.urgency,
        outcome=request.outcome,
        outcome_note=request.outcome_note,
        decided_by=str(request.decided_by_id or ""),
        searched_on=request.searched_on,
        sendings=tuple(
            SendingFacts(
                channel=one.channel,
                at=latest_moment(one.sent_at, one.sent_precision),
                is_reminder=one.kind == SendingKind.REMINDER,
                obstacle=gone.get(one.pk, ""),
                noted_at=one.recorded_at,
                is_shown=one.item_id is not None,
            )
            for one in request.sendings.all()
        ),
        replies=tuple(
            ReplyFacts(
                language=one.language,
                translation=one.translation,
                exhibit=one.item.exhibit,
                is_sensitive=one.item.sensitivity == Sensitivity.SENSITIVE,
            )
            for one in request.replies.all()
        ),
    )


def _gone(sendings: Sequence[Sending]) -> dict[UUID, str]:
    """By sending the status for which its account could not be reached, as it was last seen before."""
    through = [sending for sending in sendings if sending.account_id]
    if not through:
        return {}
    seen: dict[UUID, list[tuple[datetime, str]]] = {}
    rows = Observation.objects.filter(account__in={sending.account_id for sending in through})
    for account, at, status in rows.order_by("observed_at", "recorded_at").values_list(
        "account_id", "observed_at", "status"
    ):
        seen.setdefault(account, []).append((at, status))
    return {one.pk: word for one in through if (word := _obstacle(one, seen.get(one.account_id, [])))}


def _obstacle(sending: Sending, seen: list[tuple[datetime, str]]) -> str:
    until = latest_moment(sending.sent_at, sending.sent_precision)
    known = [status for at, status in seen if at <= until and status != AccountStatus.UNKNOWN]
    return known[-1] if known and known[-1] in GONE else ""


def hypothesis_facts(written: Mapping[str, Any]) -> tuple[HypothesisFacts, ...]:
    """The alternatives of a version, as `written_of` tells them, with how each citation fits them."""
    return tuple(
        HypothesisFacts(**one | {"fits": tuple((fit["citation"], fit["fit"]) for fit in one["fits"])})
        for one in written.get("alternatives", ())
    )
