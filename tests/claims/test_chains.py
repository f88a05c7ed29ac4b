"""Chains from an account over a person to a role: which there are, a page at a time, for a case and for one claim."""

from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.exceptions import InvalidInput
from cases.history import record
from cases.models import Account, Person
from claims.actions.corrections import retract
from claims.chains import Chain, chain_page, chains_with, count_chains
from claims.enums import Predicate, VersionState
from claims.models import Claim, ClaimVersion
from tests.factories.claims import World, make_draft, make_published, make_role_draft
from tests.factories.subjects import make_person

_numbers = count(5000)


def numbers(chains: list[Chain]) -> list[tuple[int, ...]]:
    return [tuple(link.claim.number for link in chain.links) for chain in chains]


def all_pages(world: World, size: int) -> list[list[tuple[int, ...]]]:
    """The chains of the case as somebody reads them who follows every cursor."""
    page = chain_page(world.case, size=size)
    read = [numbers(page.rows)]
    while page.next:
        page = chain_page(world.case, cursor=page.next, size=size)
        read.append(numbers(page.rows))
    return read


def grow(world: World, rows: int) -> None:
    """Add `rows` chains of two claims, each with a rival for the first: straight into the tables."""
    case, by = world.case, world.author
    record(by, "case_grown", case, after={"rows": rows})
    accounts = Account.objects.bulk_create(
        Account(case=case, platform="x", platform_user_id=str(next(_numbers)), created_by=by) for _ in range(rows)
    )
    people = Person.objects.bulk_create(Person(case=case, label=f"Person {n}", created_by=by) for n in range(rows))
    operated = {"predicate": Predicate.ACCOUNT_OPERATED_BY}
    role = {"predicate": Predicate.PERSON_HOLDS_ROLE, "object_organisation": world.committee}
    ends = [
        end
        for account, person, other in zip(accounts, people, [people[-1], *people], strict=False)
        for end in (
            operated | {"subject_account": account, "object_person": person},
            operated | {"subject_account": account, "object_person": other},
            role | {"subject_person": person},
        )
    ]
    claims = Claim.objects.bulk_create(Claim(case=case, number=next(_numbers), created_by=by) for _ in ends)
    ClaimVersion.objects.bulk_create(
        ClaimVersion(case=case, claim=claim, number=1, author=by, **end)
        for claim, end in zip(claims, ends, strict=True)
    )


# --- which chains there are


def test_each_claim_about_an_operator_is_chained_to_each_role_of_the_person(world):
    for _ in range(2):
        make_draft(world, cited=False), make_role_draft(world, cited=False)
    assert numbers(chain_page(world.case).rows) == [(1, 2), (1, 4), (3, 2), (3, 4)]
    assert count_chains(world.case) == 4


def test_operator_without_a_role_is_a_chain_of_one_link(world):
    make_draft(world, cited=False)
    make_draft(world, cited=False, object_person=None, object_text="Somebody in the press service")
    make_role_draft(world, cited=False, subject_person=make_person(case=world.case, actor=world.author))
    page = chain_page(world.case)
    assert numbers(page.rows) == [(1,), (2,)]
    assert [chain.role for chain in page.rows] == [None, None]
    assert count_chains(world.case) == 2


def test_chain_is_no_more_certain_than_its_weakest_link(world):
    make_draft(world, cited=False)
    make_role_draft(world, cited=False, likelihood="likely", analytic_confidence="high")
    [chain] = chain_page(world.case).rows
    assert (chain.likelihood, chain.analytic_confidence) == ("likely", "moderate")
    assert not chain.is_published


def test_chain_names_the_claims_that_give_the_account_to_somebody_else(world):
    make_draft(world, cited=False), make_draft(world, cited=False)
    make_draft(world, cited=False, object_person=make_person(case=world.case, actor=world.author))
    rivals = [[rival.claim.number for rival in chain.rivals] for chain in chain_page(world.case).rows]
    assert rivals == [[3], [3], [1, 2]]


def test_retracted_claims_are_no_links(world):
    published = make_published(world)
    make_role_draft(world, cited=False)
    assert count_chains(world.case) == 1
    retract(actor=world.publisher, claim=published.claim, cause="It was wrong.", public_note="We retract this.")
    assert chain_page(world.case).rows == []
    assert count_chains(world.case) == 0
    assert chains_with(ClaimVersion.objects.get(predicate=Predicate.PERSON_HOLDS_ROLE), most=9) == []


def test_chain_takes_the_version_that_stands(world):
    published = make_published(world)
    [chain] = chain_page(world.case).rows
    assert chain.operated == published
    assert chain.operated.state == VersionState.PUBLISHED
    assert chain.is_published


# --- pages


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_pages_hold_every_chain_once_in_order(world, size):
    """Also where a page ends between two roles of one person."""
    other = make_person(case=world.case, actor=world.author)
    make_draft(world, cited=False)
    make_role_draft(world, cited=False), make_role_draft(world, cited=False)
    make_draft(world, cited=False, object_person=other)
    make_draft(world, cited=False)
    expected = [(1, 2), (1, 3), (4,), (5, 2), (5, 3)]
    pages = all_pages(world, size)
    assert [chain for page in pages for chain in page] == expected
    assert all(len(page) == size for page in pages[:-1])
    assert count_chains(world.case) == len(expected)


@pytest.mark.parametrize("cursor", ["x", "1", "1.2.3", "-1.0", "1.x", "١.٢", "1." + "9" * 11, "."])
def test_cursor_of_another_list_is_refused(world, cursor):
    with pytest.raises(InvalidInput) as refusal:
        chain_page(world.case, cursor=cursor)
    assert refusal.value.field == "cursor"


def test_cursor_beyond_the_end_gives_an_empty_page(world):
    make_draft(world, cited=False)
    assert chain_page(world.case, cursor="9999999999.0").rows == []


def test_api_lists_chains_a_page_at_a_time(world, api):
    for _ in range(2):
        make_draft(world, cited=False)
    make_role_draft(world, cited=False)
    client = api(world.author)
    first = client.get(f"/api/v1/cases/{world.case.ref}/chains/?page_size=1").json()
    second = client.get(first["next"]).json()
    assert [chain["claims"] for chain in (*first["results"], *second["results"])] == [[1, 3], [2, 3]]
    assert second["next"] is None
    assert client.get(f"/api/v1/cases/{world.case.ref}/chains/?cursor=x").status_code == 400


# --- one claim


def test_claim_knows_the_chains_of_which_it_is_a_link(world):
    operated, role = make_draft(world, cited=False), make_role_draft(world, cited=False)
    again = make_draft(world, cited=False)
    alone = make_draft(world, cited=False, object_person=make_person(case=world.case, actor=world.author))
    assert numbers(chains_with(operated, most=9)) == [(1, 2)]
    assert numbers(chains_with(role, most=9)) == [(1, 2), (3, 2)]
    assert numbers(chains_with(role, most=1)) == [(1, 2)]
    assert chains_with(alone, most=9) == []
    [chain] = chains_with(again, most=9)
    assert [rival.claim.number for rival in chain.rivals] == [4]


def test_chains_take_as_many_queries_with_1000_rows_as_with_10(world):
    def asked() -> list[int]:
        questions = (
            lambda: chain_page(world.case, size=60),
            lambda: count_chains(world.case),
            lambda: chains_with(version, most=20),
        )
        found = []
        for question in questions:
            with CaptureQueriesContext(connection) as captured:
                assert question()
            found.append(len(captured))
        return found

    grow(world, 10)
    roles = ClaimVersion.objects.filter(predicate=Predicate.PERSON_HOLDS_ROLE).select_related("case")
    version = roles.order_by("claim__number").last()
    few = asked()
    assert count_chains(world.case) == 20
    grow(world, 990)
    assert count_chains(world.case) == 2000
    assert asked() == few
    assert len(chain_page(world.case, size=60).rows) == 60
