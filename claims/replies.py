"""What a request for reply needs and what it amounts to: whether a channel reached, and the words for it.

The words are the same on the claim's page, in the dossier and in the letter's reminder: nobody is said not to have
responded whom nobody asked (G-51).
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cases.enums import AccountStatus, Precision
from cases.moments import in_words
from claims.enums import Channel, ReplyOutcome

SOON = timedelta(hours=24)
LONG_REASON = 40
# A message to such an account reaches nobody.
GONE = frozenset({AccountStatus.SUSPENDED, AccountStatus.DEACTIVATED, AccountStatus.DELETED, AccountStatus.NOT_FOUND})

_ANSWERS = {
    ReplyOutcome.RESPONDED: gettext_noop("%(party)s responded."),
    ReplyOutcome.DECLINED: gettext_noop("%(party)s declined to answer."),
    ReplyOutcome.NO_RESPONSE: gettext_noop("%(party)s did not respond."),
    "": gettext_noop("No answer is on record yet."),
}


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
    return _("%(first)s and %(last)s") % {"first": ", ".join(first), "last": last} if first else last


def outcome_words(told: dict) -> str:
    """What a reader is told of one request, as a sentence or two, in the active language; `told` is a request as
    `claims.telling` gives it.
    """
    said = {"party": told["party"], "asker": told["asked_by"] or _("We"), "public": _public(told)}
    said |= {"reason": told["reason"], "channels": _channels(told["sent"])}
    match told["outcome"]:
        case ReplyOutcome.UNREACHABLE:
            return _("%(party)s could not be reached by %(channels)s. %(public)s") % said
        case ReplyOutcome.WITHHELD:
            return _("%(party)s was not asked before publication: %(reason)s %(public)s") % said
        case "" if not told["sent"]:
            return _("%(party)s has not been asked yet.") % said
    return f"{_asked(told['sent'], said)} {_(_ANSWERS[told['outcome']]) % said}"


def _channels(sent: Iterable[dict]) -> str:
    return joined(_(str(Channel(one["channel"]).label)).lower() for one in sent if one["channel"] != Channel.NOT_SAID)


def _asked(sent: list[dict], said: dict) -> str:
    """Who asked whom, by what and when, as far as each is known."""
    named = {**said, "when": _when(sent[0], "at")} if sent else said
    if not sent:
        return _("%(asker)s asked %(party)s for a reply.") % named
    if said["channels"]:
        return _("%(asker)s asked %(party)s for a reply by %(channels)s (%(when)s).") % named
    return _("%(asker)s asked %(party)s for a reply (%(when)s).") % named


def _public(told: dict) -> str:
    if not told["searched_on"]:
        return ""
    return _("No public response found (searched on %(day)s).") % {"day": told["searched_words"]}


def _when(sent: dict, key: str) -> str:
    return in_words(datetime.fromisoformat(sent[key]), sent["precision"])
