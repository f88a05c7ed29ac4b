"""The other side, as rules may look at it: other explanations, the parties named, what was put to them and answered."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class HypothesisFacts:
    """An alternative, what became of it, and by citation how the evidence fits it."""

    id: str
    kind: str
    statement: str
    disposition: str
    note: str
    fits: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PartyFacts:
    """Somebody whom the claim names to their harm."""

    key: str
    label: str


@dataclass(frozen=True)
class SendingFacts:
    """A message to a party; `obstacle` is the status of its account that kept it from arriving.

    `noted_at` is when somebody wrote it down here, `is_shown` whether an exhibit preserves it.
    """

    channel: str
    at: datetime
    is_reminder: bool = False
    obstacle: str = ""
    noted_at: datetime | None = None
    is_shown: bool = False


@dataclass(frozen=True)
class ReplyFacts:
    """What a party answered, and the exhibit that preserves it."""

    language: str
    translation: str
    exhibit: int
    is_sensitive: bool = False


@dataclass(frozen=True)
class RequestFacts:
    """A request in which this claim was put to somebody; `asked_by` is empty where this newsroom asked."""

    number: int
    party: str
    asked_by: str = ""
    is_same_allegation: bool = True
    is_same_text: bool = True
    party_label: str = ""
    deadline: datetime | None = None
    urgency: str = ""
    outcome: str = ""
    outcome_note: str = ""
    decided_by: str = ""
    searched_on: date | None = None
    sendings: tuple[SendingFacts, ...] = ()
    replies: tuple[ReplyFacts, ...] = ()
