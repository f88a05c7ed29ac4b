"""Pages of lists: complete, in order, and such that an index can give the order."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F

from cases.exceptions import InvalidInput
from cases.models import Account
from cases.paging import keyset_page
from tests.factories.cases import make_case

pytestmark = pytest.mark.django_db
START = datetime(2024, 5, 16, tzinfo=UTC)


@pytest.fixture
def accounts() -> list[Account]:
    """Six accounts, two of them made at the same moment, three with a date on the platform that is not known."""
    case = make_case()
    return [
        Account.objects.create(
            case=case,
            platform="x",
            platform_user_id=str(number),
            created_by=case.lead,
            created_at_platform=None if number % 2 else START + timedelta(days=number // 4),
        )
        for number in range(6)
    ]


def read(order: str, size: int) -> list[Account]:
    rows = Account.objects.annotate(named=F("platform_user_id"))
    page = keyset_page(rows, order=order, size=size)
    found = list(page.rows)
    while page.next:
        page = keyset_page(rows, order=order, cursor=page.next, size=size)
        found += page.rows
    return found


@pytest.mark.parametrize("order", ["pk", "created_at", "created_at_platform", "case__ref", "named"])
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("size", [1, 2, 6])
def test_pages_hold_every_row_once_in_order(accounts, order, sign, size):
    found = read(sign + order, size)
    assert (len(found), set(found)) == (len(accounts), set(accounts))
    dates = [row.created_at_platform for row in found]
    if order == "created_at_platform":
        known = [date for date in dates if date]
        assert known == sorted(known, reverse=bool(sign))
        assert dates[len(known) :] == [None] * 3
    in_order = {"pk": sorted(accounts, key=lambda row: row.pk), "created_at": accounts, "named": accounts}
    if order in in_order:
        assert found == in_order[order][:: -1 if sign else 1]


def test_column_that_is_never_empty_is_ordered_as_its_index_is(accounts):
    """PostgreSQL reads no index backwards for "nulls last"."""
    page = keyset_page(Account.objects.all(), order="-created_at", size=2)
    after = keyset_page(Account.objects.all(), order="-created_at", cursor=page.next, size=2)
    assert after.rows == accounts[3:1:-1]
    with pytest.raises(InvalidInput):
        keyset_page(Account.objects.all(), order="-created_at", cursor="x")


def test_nulls_are_named_only_where_there_can_be_some(accounts, django_assert_num_queries):
    for order, named in (("-created_at", False), ("-created_at_platform", True), ("-case__ref", False)):
        with django_assert_num_queries(1) as asked:
            keyset_page(Account.objects.select_related("case"), order=order)
        assert ("NULLS LAST" in asked[0]["sql"]) is named
