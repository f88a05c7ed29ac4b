"""Pages and API of accounts, people and organisations ask as many queries for ten rows as for a thousand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Account, Case, Name, Organisation, Person, User
from tests.database import analyse_tables, empty_database
from tests.factories.cases import make_case
from tests.factories.crowds import fill, see
from tests.factories.subjects import make_account, make_organisation, make_person
from tests.factories.users import make_user

# One process builds the thousand rows.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("subject counts")]

SUBJECTS = {"account": Account, "person": Person, "organisation": Organisation}


@dataclass
class Crowds:
    """A case with ten rows of each kind and one with a thousand, and an investigator of both."""

    few: Case
    many: Case
    investigator: User


@pytest.fixture(scope="module")
def crowds(django_db_setup, django_db_blocker) -> Iterator[Crowds]:
    """Committed, so that the planner has counted them; each test's own changes are rolled back."""
    with django_db_blocker.unblock():
        investigator = make_user()
        few, many = (make_case(ref=ref, investigator=investigator) for ref in ("FEW-10", "MANY-1000"))
        fill(few, investigator, 10)
        fill(many, investigator, 1000)
        analyse_tables()
    yield Crowds(few, many, investigator)
    with django_db_blocker.unblock():
        empty_database()


@pytest.fixture
def page(crowds, db) -> Callable:
    """Open a page of a case, as the investigator sees it."""
    client = Client()
    client.force_login(crowds.investigator)

    def get(case: Case, name: str, *args, **query) -> str:
        response = client.get(reverse(f"cases:{name}", args=[case.ref, *args]), query)
        assert response.status_code == 200
        return response.content.decode()

    return get


@pytest.fixture
def assert_no_more_queries(django_assert_max_num_queries) -> Callable:
    """`assert_no_more_queries(few, many)`: runs both, and fails when `many` needs more queries than `few`."""

    def compare(few: Callable, *many: Callable) -> None:
        with django_assert_max_num_queries(30) as counted:
            few()
        for read in many:
            with django_assert_max_num_queries(len(counted)):
                read()

    return compare


@pytest.mark.parametrize("name", ["accounts", "people", "organisations"])
def test_list_takes_as_many_queries_for_a_thousand_rows(page, crowds, assert_no_more_queries, name):
    assert_no_more_queries(
        lambda: page(crowds.few, name),
        lambda: page(crowds.many, name),
        lambda: page(crowds.many, name, sort="-created", search="a"),
    )


@pytest.mark.parametrize("kind", SUBJECTS)
def test_merge_page_takes_as_many_queries_for_a_thousand_candidates(page, crowds, assert_no_more_queries, kind):
    def offer(case: Case) -> str:
        first, second = SUBJECTS[kind].objects.filter(case=case)[:2]
        return page(case, f"{kind}_merge", first.pk, into=str(second.pk))

    assert_no_more_queries(lambda: offer(crowds.few), lambda: offer(crowds.many))


def test_account_page_takes_as_many_queries_for_a_thousand_observations(page, crowds, assert_no_more_queries):
    few, many = (make_account(case=crowds.few, handle=None) for _ in range(2))
    see(few, crowds.investigator, 10)
    see(many, crowds.investigator, 1000)
    assert_no_more_queries(
        lambda: page(crowds.few, "account", few.pk), lambda: page(crowds.few, "account", many.pk, all="")
    )


@pytest.mark.parametrize("kind", ["person", "organisation"])
def test_named_page_takes_as_many_queries_for_a_thousand_names(page, crowds, assert_no_more_queries, kind):
    case = crowds.few
    few, many = ({"person": make_person, "organisation": make_organisation}[kind](case=case) for _ in range(2))
    Name.objects.bulk_create(Name(case=case, value=f"Alias {n}", kind="alias", **{kind: many}) for n in range(1000))
    assert_no_more_queries(lambda: page(case, kind, few.pk), lambda: page(case, kind, many.pk))


@pytest.mark.parametrize("path", ["accounts", "observations", "people", "organisations", "names"])
def test_api_list_takes_as_many_queries_for_a_thousand_rows(program, crowds, assert_no_more_queries, path):
    client = program(crowds.investigator)

    def read(case: Case, size: int) -> int:
        return len(client.get(f"/api/v1/cases/{case.ref}/{path}/?page_size={size}").json()["results"])

    assert_no_more_queries(lambda: read(crowds.few, 200), lambda: read(crowds.many, 1_000_000))
    assert read(crowds.few, 200) >= 10
    assert read(crowds.many, 1_000_000) == 200


def test_answers_about_an_account_take_as_many_queries_for_a_thousand_observations(
    program,
    crowds,
    assert_no_more_queries,
):
    client = program(crowds.investigator)
    few, many = (make_account(case=crowds.few, handle=None) for _ in range(2))
    see(few, crowds.investigator, 10)
    see(many, crowds.investigator, 1000)

    def read(account: Account, path: str) -> None:
        assert client.get(f"/api/v1/cases/FEW-10/accounts/{account.pk}/{path}").status_code == 200

    for path in ("", "handles/", "status-as-of/"):
        assert_no_more_queries(lambda path=path: read(few, path), lambda path=path: read(many, path))
