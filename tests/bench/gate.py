"""The gate over a case of 2,000 claims with five citations each, as its job asks it: batch by batch, kept and sealed.

Queries are counted per claim over a quarter of the case and over all of it: the number does not grow with the case.
"""

import time
from collections.abc import Iterator

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cases.models import Case, User
from claims.actions.gate_of_case import BATCH, run_batch, versions_to_judge
from claims.models import Citation, ClaimVersion
from evidence.models import Item
from tests.bench import big_case

CLAIMS, CITATIONS = 2_000, 10_000


def figures() -> Iterator[str]:
    """Make the case, then judge a quarter of it and all of it."""
    case, actor = big_case.build(items=CITATIONS, claims=CLAIMS)
    _cite(case, actor)
    cited = Citation.objects.filter(case=case).count()
    wanted = versions_to_judge(case)
    yield f"{len(wanted):,} claims, {cited:,} citations, in batches of {BATCH}"
    for ids in (wanted[: len(wanted) // 4], wanted):
        seconds, queries, refused = _judge(case, actor, ids)
        yield (
            f"{len(ids):5,} claims: {len(ids) / seconds:,.0f} claims per processor second, "
            f"{queries / len(ids):.2f} queries per claim, {refused:,} not through"
        )


def _judge(case: Case, actor: User, ids: list) -> tuple[float, int, int]:
    """Processor seconds of this process, number of queries, and claims that are not let through."""
    queries = refused = 0
    before = time.process_time()
    for start in range(0, len(ids), BATCH):
        with CaptureQueriesContext(connection) as asked:
            refused += run_batch(actor=actor, case=case, version_ids=ids[start : start + BATCH])
        queries += len(asked)
    return time.process_time() - before, queries, refused


def _cite(case: Case, actor: User) -> None:
    """Five citations for the newest version of each claim, each of its own exhibit."""
    items = list(Item.objects.filter(case=case).order_by("exhibit"))
    versions = list(ClaimVersion.objects.filter(pk__in=versions_to_judge(case)).order_by("claim__number"))
    with big_case.no_walls(), transaction.atomic():
        Citation.objects.filter(version__in=versions).delete()
        Citation.objects.bulk_create(
            [
                _citation(case, actor, version, items[(5 * number + order) % len(items)], order)
                for number, version in enumerate(versions)
                for order in range(5)
            ],
            batch_size=big_case.BATCH,
        )


def _citation(case: Case, actor: User, version: ClaimVersion, item: Item, order: int) -> Citation:
    exact = f"Passage {item.exhibit}"
    return Citation(
        case=case,
        version=version,
        item=item,
        order=order,
        exact=exact,
        start=0,
        end=len(exact),
        verified=True,
        credibility="2",
        credibility_rationale="Bench.",
        graded_by=actor,
        added_by=actor,
    )
