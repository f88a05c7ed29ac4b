"""Retrieval end to end: a case of ten thousand subjects, asked as people ask, through `search` with both engines.

Eight in ten are persons, the others accounts under handles made of their names. Each is asked for in the spellings of
`names_case`; an account also by its handle. Beside them stand the people of a second set, whose spellings no rule was
made from: every third as an account that shows the name and has a handle of something else. The rank is that of the
entry among all hits of the first page.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from time import process_time

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cases import history
from cases.exceptions import InvalidInput
from cases.models import Account, Case, Observation, Person
from search.actions.indexing import keep_up
from search.actions.searching import search
from tests.bench.names_case import PEOPLE, Asked, asked, people, second_set
from tests.factories.cases import make_case

EVERY = 100
ACCOUNTS = 5  # every so-manieth is an account


def figures() -> Iterator[str]:
    """Make the case, ask."""
    case, names = make_case(), people()
    rows = [_row(case, number, name) for number, name in enumerate([*names, *second_set()])]
    for start in range(0, len(rows), 1_000):
        _store(case, rows[start : start + 1_000])
    keep_up()
    for settings.SEARCH_ENGINE in ("whoosh", "postgres"):
        yield from _found(case, names, [subject.pk for subject, _ in rows])


def _row(case: Case, number: int, name: str) -> tuple[Person | Account, Observation | None]:
    """A person, or an account and how it was seen."""
    is_second = number >= PEOPLE
    if not _is_account(number):
        return Person(case=case, label=name, created_by=case.lead), None
    account = Account(case=case, platform="x", platform_user_id=str(10**9 + number), created_by=case.lead)
    handle = f"harbour{number}" if is_second else _handle(name, number)
    seen = Observation(
        account=account,
        case=case,
        **dict.fromkeys(("handle", "handle_key", "handle_skeleton"), handle),
        display_name=name if is_second else "",
        observed_at=timezone.now(),
        recorded_by=case.lead,
    )
    return account, seen


def _is_account(number: int) -> bool:
    return number % 3 == 0 if number >= PEOPLE else number % ACCOUNTS == ACCOUNTS - 1


def _handle(name: str, number: int) -> str:
    plain = name.replace("İ", "i").lower().translate(str.maketrans("əçşğöüıxq", "acsgouixq"))
    given, family = plain.split()
    return f"{given}_{family}{number % 10}" if number % 2 else f"{given}{family}"


@transaction.atomic
def _store(case: Case, rows: list[tuple[Person | Account, Observation | None]]) -> None:
    """With an event of each batch, as every change has one."""
    subjects = [subject for subject, _ in rows]
    history.record(case.lead, "subjects_made", subjects[0], after={"rows": len(rows)})
    Person.objects.bulk_create(one for one in subjects if isinstance(one, Person))
    Account.objects.bulk_create(one for one in subjects if isinstance(one, Account))
    Observation.objects.bulk_create(seen for _, seen in rows if seen)


def _found(case: Case, names: list[str], ids: list) -> Iterator[str]:
    ranks, began, count = defaultdict(list), process_time(), 0
    for one in _questions(names):
        ranks[one.way].append(_rank(case, one.text, ids[one.person]))
        count += 1
    second = [rank for way, found in ranks.items() if way.startswith("second set") for rank in found]
    first = [rank for way, found in ranks.items() if not way.startswith("second set") for rank in found]
    ranks |= {"all but the second set": first, "all of the second set": second}
    for way, places in ranks.items():
        best = sum(place == 1 for place in places) / len(places)
        ten = sum(1 <= place <= 10 for place in places) / len(places)
        yield f"{settings.SEARCH_ENGINE:<9} {way:<32} {len(places):>5} asked  first {best:.3f}  in ten {ten:.3f}"
    yield f"one search: {(process_time() - began) / count * 1000:.0f} ms of processor time, PostgreSQL's aside"


def _questions(names: list[str]) -> Iterator[Asked]:
    for what, start in (("persons", 0), ("accounts", ACCOUNTS - 1)):
        for one in asked(names, every=EVERY, start=start):
            yield replace(one, way=f"{what}, {one.way}")
    for number in range(ACCOUNTS - 1, len(names), EVERY):
        handle = _handle(names[number], number)
        for way, text in (("own @handle", f"@{handle}"), ("own handle", handle), ("own name", names[number])):
            yield Asked(text, f"accounts, {way}", number)
    for number, spellings in enumerate(second_set().values(), PEOPLE):
        for text in spellings:
            yield Asked(text, f"second set, {'handles' if text.startswith('@') else 'names'}", number)


def _rank(case: Case, text: str, wanted) -> int:
    """1 for the first hit; 0 where it is not on the first page.

    On a machine that others keep busy a search may be stopped by the clock: it is asked once more.
    """
    try:
        found = search(actor=case.lead, query=text)
    except InvalidInput:
        found = search(actor=case.lead, query=text)
    assert found.engine == settings.SEARCH_ENGINE
    return next((place for place, hit in enumerate(found.hits, 1) if hit.document.object_id == wanted), 0)
