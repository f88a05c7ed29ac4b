"""Sentences that people owe: reasons and notes."""

from cases.exceptions import InvalidInput

MIN_REASON = 10
MAX_TEXT = 20_000


def check_reason(reason: str, what: str, *, field: str = "reason") -> None:
    """Raise InvalidInput unless `reason` has at least ten characters; `what` begins the sentence."""
    if len(reason.strip()) < MIN_REASON:
        raise InvalidInput(f"{what}, in at least {MIN_REASON} characters.", field=field)
    check_size(reason, field)


def check_size(text: str, field: str) -> None:
    """Raise InvalidInput for a text longer than 20,000 characters."""
    if len(text) > MAX_TEXT:
        raise InvalidInput(f"At most {MAX_TEXT} characters; this has {len(text)}.", field=field)
