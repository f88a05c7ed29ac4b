"""Accounts, people and organisations in a real browser: accessible, within the policy, and usable on a telephone."""

from datetime import UTC, datetime
from functools import partial

import pytest
from django.urls import reverse

from cases.actions.accounts import record_reuse_check
from cases.actions.merges import merge
from cases.actions.names import Spelling, add_name
from cases.models import Person
from tests.factories.cases import make_case
from tests.factories.subjects import make_account, make_observation, make_organisation, make_person
from tests.factories.users import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROW = {"width": 390, "height": 844}


@pytest.fixture
def lead():
    return make_user("ines", display_name="Inès Aliyeva-Lambert", can_create_cases=True)


@pytest.fixture
def case(lead):
    return make_case(ref="NC-2024", lead=lead, title="New Caledonia, May 2024")


@pytest.fixture
def rows(case):
    """An account with a past, its double, and people and organisations with names."""
    account = make_account(case=case, handle=None, platform_user_id="1790000000000000001")
    spring = {
        "handle": "some_handle",
        "display_name": "Some \u041dame",
        "bio": "Member of a party.\nOwn views.",
        "followers": 812,
    }
    make_observation(
        account=account,
        status="active",
        observed_at=datetime(2024, 2, 1, tzinfo=UTC),
        observed_precision="month",
        **spring,
    )
    make_observation(account=account, status="active", location="Bordo", **(spring | {"handle": "new_handle"}))
    june = {"observed_at": datetime(2024, 6, 3, tzinfo=UTC), "observed_precision": "day"}
    make_observation(account=account, status="suspended", note="As a newsroom reports it.", **june)
    make_observation(account=account, status="suspended", observed_at=datetime(2024, 7, 1, 9, 30, tzinfo=UTC))
    record_reuse_check(actor=case.lead, account=account, note="No other holder in two archives from 2021 to 2024.")
    twin = make_account(case=case, handle=None, platform_user_id="1790000000000000002")
    make_observation(account=twin, handle="some_handle", status="active", observed_at=datetime(2024, 8, 1, tzinfo=UTC))
    unknown = make_account(
        case=case,
        handle="new_handl\u0065x",
        platform_user_id="",
        id_unknown_reason="Suspended before it was looked up.",
    )
    make_account(case=case, handle=None, platform="mastodon", instance="mastodon.social", platform_user_id="13179")
    merge(actor=case.lead, duplicate=unknown, into=account, reason="The archived profile shows both.")
    person = make_person(
        case=case,
        label="Esmira Example",
        subject_tier="public_employee",
        disambiguation="Worked at a committee in 2014.",
        language="az",
    )
    add_name(
        actor=case.lead, subject=person, spelling=Spelling(value="Эсмира Пример", language="ru", kind="transliteration")
    )
    make_person(case=case, label="Esmira Example", disambiguation="A teacher in another town.")
    top = make_organisation(case=case, label="An Example Party", kind="party")
    branch = make_organisation(
        case=case,
        label="Its district branch, with a rather long name that does not fit on one line",
        kind="party",
        parent=top,
    )
    make_organisation(case=case, label="A committee of it", parent=branch)
    return {"account": account, "merged": unknown, "person": person, "organisation": branch}


@pytest.fixture
def signed_in(open_page, lead):
    return partial(open_page, user=lead)


def paths(case, rows):
    def url(name, *args):
        return reverse(f"cases:{name}", args=[case.ref, *args])

    return {
        "account": url("account", rows["account"].pk) + "?as_of=2024-05-20",
        "merged": url("account", rows["merged"].pk),
        "person": url("person", rows["person"].pk),
        "person_merge": url("person_merge", rows["person"].pk)
        + f"?into={Person.objects.exclude(pk=rows['person'].pk).get().pk}",
        "organisation": url("organisation", rows["organisation"].pk),
    }


def test_pages_full_of_history_are_accessible_and_as_wide_as_a_telephone_in_the_dark(signed_in, case, rows):
    """What the example case does not have; the walk looks at all other pages (tests/journeys/test_screenshots.py)."""
    watched = signed_in("/healthz", viewport=NARROW, color_scheme="dark")
    problems = []
    for name, path in paths(case, rows).items():
        page = watched.open(path)
        width = page.evaluate("document.documentElement.scrollWidth")
        problems += [f"{name}: {problem}" for problem in (*watched.axe(), *watched.complaints)]
        problems += [f"{name}: {width} px wide"] if width > NARROW["width"] else []
    assert problems == []


def test_an_account_is_recorded_and_observed_by_keyboard_and_mouse(signed_in, case):
    page = signed_in(reverse("cases:accounts", args=[case.ref])).page
    page.get_by_role("link", name="Record the first account").click()
    page.get_by_label("Handle or address").fill("https://x.com/some_handle")
    page.get_by_label("Platform's own id").fill("783214")
    page.get_by_label("Seen on").fill("16 May 2024")
    page.get_by_label("Status").select_option("active")
    page.get_by_role("button", name="Record it").click()
    assert "Write 2024" in page.locator(".field-invalid").inner_text()
    page.get_by_label("Seen on").fill("2024-05-16")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="@some_handle").wait_for()
    page.get_by_role("link", name="Record an observation").click()
    page.get_by_label("Seen on").fill("2024-06-03")
    page.get_by_label("Status").select_option("suspended")
    page.get_by_role("button", name="Record it").click()
    page.get_by_text("active 16 May 2024, suspended by 3 June 2024").first.wait_for()
    page.get_by_label("As of (end of the day, UTC)").fill("2024-05-20")
    page.get_by_role("button", name="Look back").click()
    assert "active, last seen 16 May 2024" in page.locator("#as-of").inner_text()
