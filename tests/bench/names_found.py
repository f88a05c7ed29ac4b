"""Retrieval end to end: a case of ten thousand subjects, asked as people ask, through `search` with both engines.

Eight in ten are persons, the others accounts under handles made of their names. Each is asked for in the spellings of
`names_case`; an account also by its handle, and by the name that its handle is made of. The rank is that of the entry
among all hits of the first page.
"""

from collections import defaultdict
from collections.abc import Iterator
from time import process_time

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cases import history
from cases.models import Account, Case, Observation, Person
from search.actions.indexing import keep_up
from search.actions.searching import search
from tests.bench.names_case import asked, people
from tests.factories.cases import make_case

EVERY = 100
ACCOUNTS = 5  # every so-manieth is an account


def figures() -> Iterator[str]:
    """Make the case, ask."""
    case, names = make_case(), people()
    ids = _fill(case, names)
    keep_up()
    for settings.SEARCH_ENGINE in ("whoosh", "postgres"):
        yield from _found(case, names, ids)


def _handle(name: str, number: int) -> str:
    given, family = (part.translate(str.maketrans("əçşğöüıxq", "acsgouixq")) for part in name.lower().split())
    return f"{given}_{family}{number % 10}" if number % 2 else f"{given}{family}"


def _fill(case: Case, names: list[str]) -> list:
    """Ids in the order of the names; with an event of each batch, as every change has one."""
    ids = []
    for start in range(0, len(names), 1_000):
        with transaction.atomic():
            for number, name in enumerate(names[start : start + 1_000], start):
                row: Person | Account
                if number % ACCOUNTS == ACCOUNTS - 1:
                    row = Account(case=case, platform="x", platform_user_id=str(10**9 + number), created_by=case.lead)
                else:
                    row = Person(case=case, label=name, created_by=case.lead)
                ids.append(row)
            made = ids[start:]
            history.record(case.lead, "subjects_made", made[0], after={"rows": len(made)})
            Person.objects.bulk_create(row for row in made if isinstance(row, Person))
            accounts = {number: row for number, row in enumerate(made, start) if isinstance(row, Account)}
            Account.objects.bulk_create(accounts.values())
            now = timezone.now()
            Observation.objects.bulk_create(
                Observation(
                    account=row,
                    case=case,
                    **dict.fromkeys(("handle", "handle_key", "handle_skeleton"), _handle(names[number], number)),
                    observed_at=now,
                    recorded_by=case.lead,
                )
                for number, row in accounts.items()
            )
    return [row.pk for row in ids]


def _found(case: Case, names: list[str], ids: list) -> Iterator[str]:
    ranks, began, count = defaultdict(list), process_time(), 0
    for one in asked(names, every=EVERY):  # each of these is a person
        ranks[f"persons, {one.way}"].append(_rank(case, one.text, ids[one.person]))
        count += 1
    for number in range(ACCOUNTS - 1, len(names), EVERY):
        handle = _handle(names[number], number)
        for way, text in (("@handle", f"@{handle}"), ("handle", handle), ("by name", names[number])):
            ranks[f"accounts, {way}"].append(_rank(case, text, ids[number]))
            count += 1
    ranks["all"] = [rank for found in ranks.values() for rank in found]
    for way, places in ranks.items():
        first = sum(place == 1 for place in places) / len(places)
        ten = sum(1 <= place <= 10 for place in places) / len(places)
        yield f"{settings.SEARCH_ENGINE:<9} {way:<32} {len(places):>5} asked  first {first:.3f}  in ten {ten:.3f}"
    yield f"one search: {(process_time() - began) / count * 1000:.0f} ms of processor time, PostgreSQL's aside"


def _rank(case: Case, text: str, wanted) -> int:
    """1 for the first hit; 0 where it is not on the first page."""
    found = search(actor=case.lead, query=text)
    assert found.engine == settings.SEARCH_ENGINE
    return next((place for place, hit in enumerate(found.hits, 1) if hit.document.object_id == wanted), 0)
