"""The parts of the design in a real browser: accessible, within the security policy, and doing what they say."""

import re
from itertools import pairwise

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

GALLERY = "/gallery/"
WIDE = {"width": 1440, "height": 900}
NARROW = {"width": 390, "height": 844}


@pytest.mark.parametrize(("viewport", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow"])
def test_gallery_passes_axe_and_the_security_policy(open_page, viewport, scheme):
    watched = open_page(GALLERY, viewport=viewport, color_scheme=scheme)
    watched.page.wait_for_selector("[data-graph] canvas")
    assert watched.axe() == []
    assert watched.complaints == []
    assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_theme_button_goes_round_and_is_remembered(open_page):
    watched = open_page(GALLERY, color_scheme="light")
    page, theme = watched.page, "document.documentElement.dataset.bsTheme"
    button = page.locator("[data-theme-toggle]")
    assert page.evaluate(theme) == "light"
    button.click()
    assert button.get_attribute("aria-label") == "Theme: light"
    button.click()
    assert page.evaluate(theme) == "dark"
    page.reload()
    assert page.evaluate(theme) == "dark"
    button.click()
    assert page.evaluate(theme) == "light"
    assert page.evaluate("localStorage.getItem('theme')") is None


def test_dialog_opens_takes_the_focus_and_closes(open_page):
    page = open_page(GALLERY).page
    page.click("[data-dialog=sample-dialog]")
    assert page.evaluate("document.getElementById('sample-dialog').contains(document.activeElement)")
    page.keyboard.press("Escape")
    assert not page.locator("#sample-dialog").is_visible()


def test_graphic_media_is_blurred_until_asked_for(open_page):
    page = open_page(GALLERY).page
    blurred = "getComputedStyle(document.querySelector('.graphic img')).filter.includes('blur')"
    assert page.evaluate(blurred)
    page.click("[data-graphic-toggle]")
    assert not page.evaluate(blurred)
    page.get_by_role("button", name="Blur again").click()
    assert page.evaluate(blurred)


def test_tabs_move_by_arrow_keys(open_page):
    page = open_page(GALLERY).page
    page.focus("#t1")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "t2"
    assert page.locator("#p2").is_visible()
    assert not page.locator("#p1").is_visible()


def test_message_can_be_dismissed(open_page):
    page = open_page(GALLERY).page
    before = page.locator(".flash-success").count()
    page.locator(".flash-success [data-dismiss]").first.click()
    assert page.locator(".flash-success").count() == before - 1


def test_copy_button_copies_the_whole_value(open_page):
    watched = open_page(GALLERY, permissions=["clipboard-read", "clipboard-write"])
    watched.page.locator("[data-copy]").last.click()
    watched.page.wait_for_selector("#toasts .flash-success")
    assert re.fullmatch("[0-9a-f]{64}", watched.page.evaluate("navigator.clipboard.readText()"))


def test_graph_draws_every_node_and_edge_and_shows_a_claim(open_page):
    watched = open_page(GALLERY)
    page = watched.page
    page.wait_for_selector("[data-graph] canvas")
    page.locator(".graph-table > summary").click()
    page.locator("[data-edge=e4] a").click()
    page.wait_for_selector("#claim-panel .quote")
    assert "as of 2014" in page.locator("#claim-panel").inner_text()
    with page.expect_download() as download:
        page.click("[data-graph-png]")
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    assert watched.complaints == []


def test_desk_moves_by_keys_and_marks_the_quote(open_page):
    page = open_page(GALLERY).page
    page.keyboard.press("j")
    assert "appears to be operated" in page.evaluate("document.activeElement.innerText")
    assert page.locator("[data-citation].lit").count() == 2
    page.keyboard.press("j")
    assert page.locator("[data-citation].lit").count() == 1
    page.keyboard.press("l")
    assert page.evaluate("document.activeElement.dataset.citation") == "c1"
    marked = "[...CSS.highlights.get('focus')].map(String).join()"
    assert page.evaluate(marked).startswith("A 2014 news report")
    page.keyboard.press("j")
    assert page.evaluate(marked).startswith("None of the accounts mentioned responded")
    page.keyboard.press("h")
    assert "As of 2014" in page.evaluate("document.activeElement.innerText")


def test_desk_leaves_letters_to_those_who_type(open_page):
    page = open_page(GALLERY).page
    page.fill("#copy-find", "")
    page.focus("#copy-find")
    page.keyboard.type("jkhl?")
    assert page.input_value("#copy-find") == "jkhl?"
    assert not page.locator("#keys").is_visible()


def test_keys_are_shown_and_go_to_places(open_page):
    page = open_page(GALLERY).page
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.matches('main input')")
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    links = page.evaluate("[...document.querySelectorAll('[data-go]')].map((link) => link.dataset.go)")
    listed = page.locator("#keys").evaluate(
        "(keys) => [...keys.querySelectorAll('dt')].map((dt) => dt.innerText || dt.textContent)"
        ".map((text) => text.trim().split(/\\s+/)).filter(([key, more]) => key === 'g' && more).map(([, more]) => more)"
    )
    # The gallery has no signed-in person: nothing is their turn, or theirs to search.
    assert set(links) == set(listed) - {"t", "s"}
    page.evaluate("document.querySelector('[data-go=c]').href = '#reached'")
    page.keyboard.press("c")
    assert page.evaluate("location.hash") == ""
    page.keyboard.press("g")
    page.keyboard.press("c")
    assert page.evaluate("location.hash") == "#reached"


def test_crowded_graph_tells_its_words_where_one_points(open_page):
    page = open_page(GALLERY).page
    labels = page.evaluate(
        """async () => {
      const { graphStyle, palette } = await import('/static/js/graph-style.js');
      const lineOf = (crowded) => graphStyle(palette(), crowded).find(({ selector }) => selector === 'edge').style;
      return [lineOf(false)['source-label'], lineOf(true)['source-label']];
    }"""
    )
    assert labels == ["data(label)", ""]


def test_graph_scrolls_in_its_frame_on_a_telephone(open_page):
    page = open_page(GALLERY, viewport=NARROW).page
    page.wait_for_selector("[data-graph] canvas")
    sizes = page.locator(".graph-scroll").evaluate("(frame) => [frame.scrollWidth, frame.clientWidth, innerWidth]")
    assert sizes[0] > sizes[1]
    assert sizes[1] < sizes[2]


def test_graph_keeps_its_zoom_until_its_width_changes(open_page):
    page = open_page(GALLERY, viewport=NARROW).page
    page.wait_for_selector("[data-graph] canvas")
    # What still arrives may change the width of the column, and that draws the graph anew.
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => true)")
    width = "document.querySelector('[data-graph]').offsetWidth"
    begun = page.evaluate(width)
    page.click("[data-graph-in]")
    zoomed = page.evaluate(width)
    page.set_viewport_size({"width": NARROW["width"], "height": 700})
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate(width) == zoomed > begun
    page.set_viewport_size({"width": NARROW["width"] + 20, "height": 700})
    page.wait_for_function(f"() => {width} < {zoomed}")


# Azerbaijani, Turkish, Azerbaijani as it was once written, Russian.
LETTERS = "Səadət ƏLİ ığş Әлијев Олег Щукин"


def test_names_of_the_region_are_set_in_one_face(open_page):
    page = open_page("/accounts/login/").page
    page.evaluate(
        """(letters) => {
      document.body.innerHTML = `<strong>${letters}</strong><h2>${letters}</h2>`;
      const families = [...document.body.children].map((element) => getComputedStyle(element).fontFamily);
      return Promise.all(families.map((family) => document.fonts.load(`700 16px ${family}`, letters)));
    }""",
        LETTERS,
    )
    devtools = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        devtools.send(f"{domain}.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    for tag, face in (("strong", "Source Sans 3"), ("h2", "Source Serif 4")):
        node = devtools.send("DOM.querySelector", {"nodeId": root, "selector": tag})["nodeId"]
        used = devtools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        assert sum(font["glyphCount"] for font in used if font["isCustomFont"]) == len(LETTERS)
        assert all(font["familyName"].startswith(face) for font in used)


def test_desk_shows_its_keys(open_page):
    page = open_page(GALLERY).page
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()


def arrange(page, nodes, edges):
    """The rows that `graph-layout.js` gives to nodes, written as {"account": [ids], ...} and [(source, target)]."""
    listed = [{"id": name, "type": kind} for kind, names in nodes.items() for name in names]
    links = [{"source": source, "target": target} for source, target in edges]
    script = """async ([nodes, edges]) => {
      const { arrange } = await import('/static/js/graph-layout.js');
      return Object.fromEntries([...arrange(nodes, edges)].map(([id, { row }]) => [id, row]));
    }"""
    return page.evaluate(script, [listed, links])


def test_layout_puts_an_account_beside_the_person_it_is_linked_to(open_page):
    page = open_page(GALLERY).page
    rows = arrange(page, {"account": ["a1", "a2"], "person": ["p1", "p2"]}, [("a1", "p2"), ("a2", "p1")])
    assert (rows["a1"], rows["a2"]) == (rows["p2"], rows["p1"])


def test_layout_puts_an_organisation_amid_its_people(open_page):
    page = open_page(GALLERY).page
    nodes = {"person": ["p1", "p2", "p3"], "organisation": ["o"]}
    rows = arrange(page, nodes, [(person, "o") for person in nodes["person"]])
    assert rows["o"] == 1


def test_layout_keeps_nodes_of_a_column_apart_and_stands_alone_ones_too(open_page):
    page = open_page(GALLERY).page
    nodes = {"account": ["a1", "a2", "a3", "a4"], "person": ["p1"], "organisation": ["o1", "o2"]}
    rows = arrange(page, nodes, [("a1", "p1"), ("a2", "p1"), ("a3", "p1"), ("p1", "o1"), ("p1", "o2")])
    for names in nodes.values():
        places = sorted(rows[name] for name in names)
        assert all(after - before >= 0.999 for before, after in pairwise(places))
    assert min(rows.values()) == 0


def test_graph_leaves_out_what_is_linked_to_no_person_or_organisation(open_page):
    script = """async () => {
      const { attributionOnly } = await import('/static/js/graph-layout.js');
      const node = (id, type) => ({ id, type });
      const nodes = [node('a', 'account'), node('o', 'organisation'), node('state', 'text'), node('status', 'text')];
      const edges = [{ source: 'a', target: 'status' }, { source: 'o', target: 'state' }];
      const kept = attributionOnly({ nodes, edges });
      return [kept.nodes.map(({ id }) => id), kept.edges.length];
    }"""
    assert open_page(GALLERY).page.evaluate(script) == [["a", "o", "state"], 1]
