"""Many rows beside the actions, for measuring only."""

from datetime import timedelta

from cases.models import Account, Case, Name, Observation, Organisation, Person, User
from tests.factories.subjects import SEEN_AT


def fill(case: Case, user: User, number: int) -> None:
    """So many accounts, people and organisations, with a name or an observation of each."""
    many = range(number)
    rows = Account.objects.bulk_create(
        Account(case=case, platform="x", platform_user_id=str(10**6 + n), created_by=user) for n in many
    )
    Observation.objects.bulk_create(_sighting(row, user, n) for n, row in zip(many, rows, strict=True))
    people = Person.objects.bulk_create(Person(case=case, label=f"Person {n:05}", created_by=user) for n in many)
    parts = Organisation.objects.bulk_create(
        Organisation(case=case, label=f"Organisation {n:05}", created_by=user) for n in many
    )
    Name.objects.bulk_create(Name(case=case, person=row, value=row.label) for row in people)
    Name.objects.bulk_create(Name(case=case, organisation=row, value=row.label) for row in parts)


def see(account: Account, user: User, number: int) -> None:
    """So many observations of one account, an hour apart."""
    Observation.objects.bulk_create(_sighting(account, user, n) for n in range(number))


def _sighting(account: Account, user: User, n: int) -> Observation:
    at = SEEN_AT + timedelta(hours=n)
    fields = {"case": account.case, "account": account, "recorded_by": user, "observed_at": at, "status": "active"}
    return Observation(handle=f"name{n}", handle_key=f"name{n}", handle_skeleton=f"name{n}", **fields)
