"""The campaign page in a real browser: the brush narrows all, texts open their differences, and axe finds nothing."""

import pytest
from django.urls import reverse

from tests.factories.cases import make_case
from tests.factories.posts import PASTED, import_posts, row, table
from tests.factories.users import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "sequencer"])]

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def watched(transactional_db, open_page, tmp_path):
    """The page of a campaign of two days, on a telephone in the dark; it must complain of nothing."""
    lead = make_user("lead", can_create_cases=True)
    case = make_case(ref="NC-2024", lead=lead)
    early = [row(n, n, f"{PASTED} #{'Islands' if n % 2 else 'Now'}", minutes=n / 4) for n in range(1, 9)]
    late = [row(100 + n, 20 + n, f"Nothing of it, only birds {n} #birds", minutes=2900 + n) for n in range(4)]
    import_posts(lead, case, table(tmp_path / "two-days.csv", early + late))
    path = f"{reverse('posts:campaign', args=['NC-2024'])}?zone=UTC&coshare=text&min_participation=1&unit=day"
    opened = open_page(path, user=lead, viewport={"width": 390, "height": 844}, color_scheme="dark")
    yield opened
    assert opened.complaints == []


def brush(page, from_share, to_share):
    box = page.locator(".u-over").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * from_share, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * to_share, middle, steps=4)
    page.mouse.up()


def test_brush_narrows_all_figures_texts_show_differences_and_nothing_is_amiss(watched):
    page = watched.page
    page.locator(".u-over").scroll_into_view_if_needed()
    assert page.locator("#figures .totals dd").first.inner_text() == "12"

    brush(page, 0.02, 0.2)
    page.wait_for_selector(".standing-brush")
    assert "start=2024-05-15" in page.url
    assert page.locator("#figures .totals dd").first.inner_text() == "8"
    assert "#birds" not in page.locator("#figures").inner_text()
    assert page.locator("#id_start").input_value() == "2024-05-15"
    assert page.locator("[data-unit=minute]").count() == 1
    assert "8" in page.locator("#plot-peak").inner_text()
    files = page.locator("#plot-files a")
    assert ["start=2024-05-15" in files.nth(place).get_attribute("href") for place in range(files.count())] == [
        True,
        True,
    ]

    page.locator("a[data-unit=hour]").click()
    page.wait_for_selector("#plot-title:text('hour')")
    assert "unit=hour" in page.url
    page.locator("#plot-table summary").click()
    page.wait_for_selector("#plot-table td")
    assert "21:00" in page.locator("#plot-table").inner_text()
    assert all("unit=hour" in files.nth(place).get_attribute("href") for place in range(files.count()))

    page.locator("[data-network] canvas").first.wait_for()
    page.locator(".cluster-row:visible a[hx-get]").first.click()
    page.wait_for_selector(".cluster-behind ins")
    assert page.evaluate(WIDER) == 0
    assert watched.axe() == []

    page.go_back()
    page.wait_for_selector("#figures:not(:has(.standing-brush))")
    assert page.locator("#figures .totals dd").first.inner_text() == "12"
