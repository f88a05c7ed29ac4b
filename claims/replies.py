"""What a request for reply needs and what it amounts to: whether a channel reached, and the words for it.

The words are the same on the claim's page, in the dossier and in the letter's reminder: nobody is said not to have
responded whom nobody asked (G-51).
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from cases.enums import AccountStatus, Precision
from cases.moments import in_words
from claims.enums import Channel, ReplyOutcome

SOON = timedelta(hours=24)
LONG_REASON = 40
# A message to such an account reaches nobody.
GONE = frozenset({AccountStatus.SUSPENDED, AccountStatus.DEACTIVATED, AccountStatus.DELETED, AccountStatus.NOT_FOUND})


def latest_moment(at: datetime, precision: str) -> datetime:
    """The last moment that "2024", "May 2024" or a day can mean; nothing has elapsed before it."""
    at = at.astimezone(UTC)
    if precision == Precision.SECOND:
        return at
    if precision == Precision.DAY:
        return at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    year, month = (at.year, at.month + 1) if precision == Precision.MONTH else (at.year + 1, 1)
    return datetime(year + (month > 12), month % 12 or 12, 1, tzinfo=UTC)


def joined(words: Iterable[str]) -> str:
    """ "e-mail, telephone and letter by post", each once."""
    *first, last = list(dict.fromkeys(words)) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def outcome_words(told: dict) -> str:
    """What a reader is told of one request, as a sentence or two; `told` is a request as `claims.telling` gives it."""
    party, sent = told["party"], told["sent"]
    channels = joined(Channel(one["channel"]).label.lower() for one in sent if one["channel"] != Channel.NOT_SAID)
    asker = told["asked_by"] or "We"
    asked = f"{asker} asked {party} for a reply" + (f" by {channels}" if channels else "")
    asked += f" ({_when(sent[0], 'at')})." if sent else "."
    match told["outcome"]:
        case ReplyOutcome.RESPONDED:
            return f"{asked} {party} responded."
        case ReplyOutcome.DECLINED:
            return f"{asked} {party} declined to answer."
        case ReplyOutcome.NO_RESPONSE:
            return f"{asked} {party} did not respond."
        case ReplyOutcome.UNREACHABLE:
            return f"{party} could not be reached by {channels}. {_public(told)}"
        case ReplyOutcome.WITHHELD:
            return f"{party} was not asked before publication: {told['reason']} {_public(told)}"
    return f"{asked} No answer is on record yet." if sent else f"{party} has not been asked yet."


def _public(told: dict) -> str:
    if not told["searched_on"]:
        return ""
    return f"No public response found (searched on {told['searched_words']})."


def _when(sent: dict, key: str) -> str:
    return in_words(datetime.fromisoformat(sent[key]), sent["precision"])
