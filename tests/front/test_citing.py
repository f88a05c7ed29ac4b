"""Selecting passages and regions: what reaches the form is what stands in the copy, counted in code points."""

import pytest

from caseapp.gallery import COPY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GALLERY = "/gallery/"
SELECT = """([from, to]) => {
  const node = document.querySelector('#copy pre').firstChild;
  document.getSelection().setBaseAndExtent(node, node.data.indexOf(from), node, node.data.indexOf(to) + to.length);
}"""
CITE = "Cite this passage"
REGION = "[data-region-cite]"


def cited(page):
    names = ("selector_type", "item", "exact", "prefix", "suffix", "start", "end", "region")
    return {name: page.input_value(f"#cite [name={name}]") for name in names}


def cite(page, first, last):
    page.evaluate(SELECT, [first, last])
    page.get_by_role("button", name=CITE).click()
    return cited(page)


def test_selected_passage_reaches_the_form_with_its_selectors(open_page):
    page = open_page(GALLERY).page
    values = cite(page, "linked the", "although")
    assert values["exact"].startswith("linked the account")
    assert values["exact"].endswith("although")
    assert (values["selector_type"], values["item"]) == ("quote", "2")


def test_offsets_count_code_points_after_an_emoji(open_page):
    values = cite(open_page(GALLERY).page, "A 2014 news", "committee.")
    start, end = int(values["start"]), int(values["end"])
    assert COPY[start:end] == values["exact"]
    assert COPY[start - 32 : start] == values["prefix"]
    assert COPY[end : end + 32] == values["suffix"]


def test_emoji_itself_can_be_cited(open_page):
    values = cite(open_page(GALLERY).page, "🛰️", "The newsroom")
    assert COPY[int(values["start"]) : int(values["end"])] == values["exact"]
    assert values["exact"].startswith("🛰️")


def test_cited_passage_stays_marked_and_the_popover_is_gone(open_page):
    page = open_page(GALLERY).page
    values = cite(page, "A 2014 news", "committee.")
    assert page.evaluate("[...CSS.highlights.get('focus')].map(String)") == [values["exact"]]
    page.evaluate("window.dispatchEvent(new Event('resize'))")
    assert not page.get_by_role("button", name=CITE).is_visible()


def test_white_space_around_a_selection_is_left_out(open_page):
    values = cite(open_page(GALLERY).page, " A 2014"[1:], "committee. ")
    assert values["exact"] == values["exact"].strip()


def test_selection_that_runs_out_of_the_copy_is_cut_at_its_end(open_page):
    page = open_page(GALLERY).page
    page.evaluate(
        """() => {
          const node = document.querySelector('#copy pre').firstChild;
          const out = document.querySelector('#cite h3').firstChild;
          document.getSelection().setBaseAndExtent(node, node.data.indexOf('were deleted'), out, 3);
        }"""
    )
    page.get_by_role("button", name=CITE).click()
    assert cited(page)["exact"] == "were deleted by their holders."


def test_selection_elsewhere_offers_nothing(open_page):
    page = open_page(GALLERY).page
    page.evaluate("document.getSelection().selectAllChildren(document.querySelector('h1'))")
    page.wait_for_function("() => document.getSelection().toString().length > 0")
    assert not page.get_by_role("button", name=CITE).is_visible()


def test_passage_found_by_words_is_cited_without_a_mouse(open_page):
    page = open_page(GALLERY).page
    page.fill("#copy-find", "2014 news report")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    assert cited(page)["exact"] == "2014 news report described her"
    assert page.evaluate("document.activeElement.id") == "cite-stance"


def test_words_that_are_not_in_the_copy_are_said_not_to_be(open_page):
    page = open_page(GALLERY).page
    page.fill("#copy-find", "no such words")
    page.keyboard.press("Enter")
    assert page.get_attribute("#copy-find", "aria-invalid") == "true"


def test_passage_in_the_address_is_marked(open_page):
    page = open_page(GALLERY + "#q=her%20exact%20position&s=0").page
    assert page.evaluate("[...CSS.highlights.get('focus')].map(String)") == ["her exact position"]


def test_repeated_words_are_told_apart_by_what_stands_around_them(open_page):
    page = open_page(GALLERY).page
    found = page.evaluate(
        """async () => {
          const { locate } = await import('/static/js/selectors.js');
          const layer = document.getElementById('copy');
          const exact = 'None of the accounts mentioned';
          return [
            locate(layer, { exact, suffix: ' responded to' }),
            locate(layer, { exact, suffix: ' were deleted' }),
            locate(layer, { exact, start: 9999 }),
            locate(layer, { exact: 'absent words' }),
          ];
        }"""
    )
    first, last = COPY.index("None of"), COPY.rindex("None of")
    assert [hit and hit["start"] for hit in found] == [first, last, last, None]


def test_copy_that_is_replaced_leaves_no_popover_behind(open_page):
    page = open_page(GALLERY).page
    page.evaluate("document.getElementById('copy').remove()")
    page.evaluate("window.dispatchEvent(new Event('resize'))")
    assert page.locator(".cite-popover").count() == 0


def test_item_of_another_copy_is_not_looked_for_in_the_open_one(open_page):
    page = open_page(GALLERY).page
    page.evaluate("document.querySelector('[data-citation=c2]').dataset.item = '9'")
    page.locator("[data-citation=c2] blockquote").click()
    assert page.evaluate("CSS.highlights.get('focus') === undefined")
    assert not page.evaluate("document.getElementById('copy').hasAttribute('data-not-found')")


def drag(page, start, end):
    box = page.locator(".region-layer").bounding_box()
    page.mouse.move(box["x"] + box["width"] * start[0] / 100, box["y"] + box["height"] * start[1] / 100)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * end[0] / 100, box["y"] + box["height"] * end[1] / 100, steps=4)
    page.mouse.up()


def region_of(page):
    return [float(part) for part in cited(page)["region"].removeprefix("xywh=percent:").split(",")]


def test_drawn_region_reaches_the_form_in_per_cent(open_page):
    page = open_page(GALLERY).page
    page.locator(REGION).scroll_into_view_if_needed()
    drag(page, (60, 50), (20, 10))
    page.get_by_role("button", name="Cite this region").click()
    assert region_of(page) == pytest.approx([20, 10, 40, 40], abs=0.6)
    assert cited(page)["selector_type"] == "region"
    assert cited(page)["item"] == "4"


def test_region_of_a_part_of_a_file_is_drawn_on_that_part_alone(open_page):
    page = open_page(GALLERY).page
    answers = page.evaluate(
        """async () => {
          const { parseRegion, formatRegion } = await import("/static/js/regions.js");
          const region = { x: 1, y: 2, w: 3, h: 4 };
          const made = formatRegion(region, "page=3");
          return [made, parseRegion(made, "page=3"), parseRegion(made), parseRegion(made, "page=30"),
                  parseRegion(formatRegion(region), "page=3"), formatRegion(region)];
        }"""
    )
    region = {"x": 1, "y": 2, "w": 3, "h": 4}
    assert answers == ["page=3&xywh=percent:1,2,3,4", region, None, None, None, "xywh=percent:1,2,3,4"]


def test_region_is_sized_by_its_corner_and_stays_inside(open_page):
    page = open_page(GALLERY).page
    page.locator(REGION).scroll_into_view_if_needed()
    drag(page, (20, 10), (60, 50))
    drag(page, (60, 50), (70, 80))
    drag(page, (40, 40), (99, 99))
    page.keyboard.press("Enter")
    assert region_of(page) == pytest.approx([50, 30, 50, 70], abs=0.8)


def test_region_is_made_moved_and_sized_by_keyboard(open_page):
    page = open_page(GALLERY).page
    page.get_by_role("button", name="Mark a region").press("Enter")
    for key in ("ArrowRight", "Control+ArrowDown", "Shift+ArrowLeft", "Enter"):
        page.keyboard.press(key)
    assert region_of(page) == [36, 40, 29, 30]


def test_region_is_let_go_by_escape(open_page):
    page = open_page(GALLERY).page
    page.get_by_role("button", name="Mark a region").press("Enter")
    page.keyboard.press("Escape")
    assert not page.locator(".region-draft").is_visible()


def test_cited_region_is_outlined_and_lit_from_its_line(open_page):
    page = open_page(GALLERY).page
    assert page.locator(".region-cited").count() == 1
    page.focus("[data-region-of]")
    assert page.locator(".region-lit").count() == 1


def test_fragment_that_is_no_region_is_not_drawn(open_page):
    fragments = [
        "",
        "xywh=percent:1,2,3",
        "xywh=pixel:1,2,3,4",
        "xywh=percent:90,0,20,5",
        "xywh=percent:1,2,0,4",
        "xywh=percent:a,b,c,d",
    ]
    script = """async (fragments) => {
      const { parseRegion } = await import('/static/js/regions.js');
      return fragments.map(parseRegion);
    }"""
    assert open_page(GALLERY).page.evaluate(script, fragments) == [None] * len(fragments)
