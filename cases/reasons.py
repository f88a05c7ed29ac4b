"""Sentences that people owe: reasons and notes."""

from cases.exceptions import InvalidInput
from cases.sentences import Sentence

MIN_REASON = 10
MAX_TEXT = 20_000


def check_reason(reason: str, what: str, *, field: str = "reason") -> None:
    """Raise InvalidInput unless `reason` has at least ten characters; `what` begins the sentence."""
    if len(reason.strip()) < MIN_REASON:
        raise InvalidInput(
            Sentence("%(what)s, in at least %(number)s characters.", what=what, number=MIN_REASON), field=field
        )
    check_size(reason, field)


def check_reason_of(reason: str, least: int) -> None:
    """Raise InvalidInput unless `reason` has at least so many characters."""
    if len(reason.strip()) < least:
        raise InvalidInput(Sentence("Give the reason in at least %(number)s characters.", number=least), field="reason")


def check_size(text: str, field: str) -> None:
    """Raise InvalidInput for a text longer than 20,000 characters."""
    if len(text) > MAX_TEXT:
        values = {"number": MAX_TEXT, "length": len(text)}
        raise InvalidInput(Sentence("At most %(number)s characters; this has %(length)s.", **values), field=field)
