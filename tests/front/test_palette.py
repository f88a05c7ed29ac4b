"""The palette by keyboard in a real browser: opens, offers, chooses, goes, closes; accessible, within the policy."""

import pytest

from search.actions.indexing import keep_up
from tests.factories.cases import make_case
from tests.factories.subjects import make_person
from tests.factories.users import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHOSEN = '#palette [role="option"][aria-selected="true"]'


def test_palette_goes_anywhere_by_keyboard(open_page, settings):
    settings.SEARCH_ENGINE = "postgres"
    ines = make_user("ines")
    case = make_case(ref="PALETTE-1", lead=make_user("lead"), investigator=ines)
    person = make_person(case=case, actor=ines, label="Esmira Xalil")
    keep_up()
    watched = open_page(f"/cases/{case.ref}/people/", user=ines)
    page = watched.page
    page.keyboard.press("Control+k")
    page.locator("#palette[open]").wait_for()
    assert page.evaluate("document.activeElement.id") == "palette-q"
    assert page.locator(CHOSEN).inner_text().startswith("Overview")
    page.keyboard.press("ArrowDown")
    assert page.locator(CHOSEN).get_attribute("id") == page.locator("#palette-q").get_attribute("aria-activedescendant")
    assert page.locator(CHOSEN).inner_text().startswith("Timeline")
    page.keyboard.press("Escape")
    assert not page.locator("#palette[open]").count()
    page.get_by_role("button", name="Go to").click()
    page.keyboard.type("Эсмира Халил")
    page.get_by_role("option", name="Esmira Xalil").wait_for()
    assert watched.axe() == []
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case.ref}/people/{person.pk}/")
    page.keyboard.press("Control+k")
    page.keyboard.type("accou")
    assert page.locator(CHOSEN).inner_text().startswith("Accounts")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case.ref}/accounts/")
    assert watched.complaints == []
