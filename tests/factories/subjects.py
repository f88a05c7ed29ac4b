"""Accounts, observations, persons and organisations, made through the real actions."""

from datetime import UTC, datetime
from itertools import count

from cases.actions.accounts import Seen, create_account, record_observation
from cases.actions.organisations import create_organisation
from cases.actions.people import create_person
from cases.models import Account, Case, Observation, Organisation, Person, User

_numbers = count(1)
SEEN_AT = datetime(2024, 5, 16, 12, 21, tzinfo=UTC)


def make_account(
    *, case: Case, actor: User | None = None, handle: str = "", status: str = "active", **fields
) -> Account:
    """An account on X with a platform id and, unless `handle` is None, one observation on 16 May 2024."""
    number = next(_numbers)
    fields = {"platform": "x", "platform_user_id": str(10**9 + number)} | fields
    account = create_account(actor=actor or case.lead, case=case, **fields)
    if handle is not None:
        make_observation(account=account, actor=actor, handle=handle or f"account{number}", status=status)
    return account


def make_observation(*, account: Account, actor: User | None = None, **seen) -> Observation:
    """What was seen of `account`, on 16 May 2024 unless said otherwise."""
    seen = {"observed_at": SEEN_AT} | seen
    return record_observation(actor=actor or account.case.lead, account=account, seen=Seen(**seen))


def make_person(*, case: Case, actor: User | None = None, label: str = "", **fields) -> Person:
    """An official under an invented name: whom claims may name."""
    described = {"label": label or f"Person {next(_numbers)}", "subject_tier": "official"} | fields
    return create_person(actor=actor or case.lead, case=case, **described)


def make_organisation(*, case: Case, actor: User | None = None, label: str = "", **fields) -> Organisation:
    """An organisation under an invented name."""
    label = label or f"Organisation {next(_numbers)}"
    return create_organisation(actor=actor or case.lead, case=case, label=label, **fields)
