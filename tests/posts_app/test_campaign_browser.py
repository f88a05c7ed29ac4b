"""The campaign page in a real browser: the brush narrows all, texts open their differences, and axe finds nothing."""

import io
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from PIL import Image

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


# Whether a bar stands over each of these moments, at half the height of the plot.
BARS = """async ([unit, names, moments]) => {
  const { TimelinePlot } = await import('/static/js/timeline-plot.js');
  const frame = document.createElement('div');
  frame.style.width = '900px';
  document.body.append(frame);
  const series = { [unit]: names.map((name) => [name, 2, 0]) };
  const drawn = new TimelinePlot(frame, { zone: 'Etc/UTC', unit, series, stretch: [null, null] });
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const { ctx, bbox } = drawn.plot;
  const { data } = ctx.getImageData(0, Math.round(bbox.top + bbox.height * 0.7), ctx.canvas.width, 1);
  const placeOf = (moment) => Math.round(drawn.plot.valToPos(Date.parse(moment) / 1000, 'x', true));
  const found = moments.map((moment) => data[4 * placeOf(moment) + 3] > 0);
  frame.remove();
  return found;
}"""
STRETCHES = """async () => {
  const { bucketAt, stretchBetween, startOf } = await import('/static/js/buckets.js');
  const days = ['2024-05-01', '2024-05-11'];
  const between = (from, to) => stretchBetween(days, 'day', startOf(from), startOf(to));
  const held = (moment) => bucketAt(days.map(startOf), 86400, Date.parse(moment) / 1000);
  return [
    between('2024-05-02', '2024-05-10'), between('2024-05-01T18:00Z', '2024-05-11T01:00Z'),
    held('2024-05-01T23:00Z'), held('2024-05-02T00:00Z'), held('2024-05-11T12:00Z'),
  ];
}"""


def saved(page, control):
    """What a control of the page offers as a file."""
    with page.expect_download() as taken:
        page.locator(control).click()
    return Path(taken.value.path()).read_bytes()


def check_bars_are_as_wide_as_their_buckets(page):
    days = ["2024-05-01", "2024-05-11", "2024-05-21", "2024-05-31"]
    noons = [f"2024-05-{day:02}T12:00Z" for day in (1, 2, 10, 11, 12, 31)]
    assert page.evaluate(BARS, ["day", days, noons]) == [True, False, False, True, False, True]
    minutes = ["2024-05-01T10:00+00:00", "2024-05-01T10:06+00:00"]
    halves = [f"2024-05-01T10:{minute:02}:30Z" for minute in (0, 1, 3, 5, 6)]
    assert page.evaluate(BARS, ["minute", minutes, halves]) == [True, False, False, False, True]
    nothing, whole, *held = page.evaluate(STRETCHES)
    assert (nothing, whole) == (None, {"start": "2024-05-01", "end": "2024-05-12"})
    assert held == [0, -1, 1]


def check_pictures_have_their_captions(page):
    drawing = saved(page, "[data-network-svg]").decode()
    told = " ".join(" ".join(ElementTree.fromstring(drawing).itertext()).split())
    assert "NC-2024. Asked: from 2024-05-15, before 2024-05-16. Time zone: UTC. 8 posts counted" in told
    high = page.evaluate("document.querySelector('.uplot canvas').height")
    for control, least in (("[data-plot-png]", high), ("[data-network-png]", 100)):
        assert Image.open(io.BytesIO(saved(page, control))).height > least


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
    check_pictures_have_their_captions(page)
    check_bars_are_as_wide_as_their_buckets(page)
    page.locator(".cluster-row:visible a[hx-get]").first.click()
    page.wait_for_selector(".cluster-behind ins")
    assert page.evaluate(WIDER) == 0
    assert watched.axe() == []

    page.go_back()
    page.wait_for_selector("#figures:not(:has(.standing-brush))")
    assert page.locator("#figures .totals dd").first.inner_text() == "12"
