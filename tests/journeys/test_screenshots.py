"""Every page at a desk and on a telephone, in light and in dark; `make screenshots` keeps docs/screenshots."""

import json
import os
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import AXE, AXE_RUN, AXE_RUN_COLOURS, DARKENED
from tests.evidence import samples
from tests.factories.posts import MAPPING, PASTED, row, table
from tests.journeys.pages import (
    CASE,
    DARK,
    LINKED,
    OF_OTHERS,
    PAGES,
    QUIET,
    QUIET_BESIDE,
    QUIET_LINKED,
    QUIET_UNDER,
    UNDER,
)
from tests.journeys.people import Person, at_browser
from tests.journeys.photographs import WIDTHS, photograph

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

PASSWORD = "a page is worth looking at"
# How far a page is wider than the window, once it has had some frames to follow a new width.
OVERFLOW = """async () => {
  const over = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
  for (let frame = 0; frame < 120 && over() > 0; frame += 1) await new Promise(requestAnimationFrame);
  return over();
}"""
FIRST_LINK = """(pattern) => [...document.querySelectorAll("main a[href]")]
  .map((link) => link.pathname).find((path) => new RegExp(pattern).test(path))"""


class Album:
    """Looks at pages: complaints of layout and axe always, pictures only where somebody asked for a folder."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.wrong: list[str] = []

    def look(self, page: Page, name: str) -> None:
        if self.folder:
            page.wait_for_load_state("networkidle")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if self.folder:
                photograph(page, self.folder, name, width)
            if page.evaluate(OVERFLOW) > 0:
                self.wrong.append(f"{name} scrolls sideways at {width} px")
        page.evaluate(AXE)
        self.wrong += [f"{name}: {line}" for line in page.evaluate(AXE_RUN)]
        page.emulate_media(color_scheme="dark")
        page.evaluate(DARKENED)
        self.wrong += [f"{name} in the dark: {line}" for line in page.evaluate(AXE_RUN_COLOURS)]
        if self.folder and name in DARK:
            photograph(page, self.folder, f"{name}-dark", WIDTHS[0])
        page.emulate_media(color_scheme="light")


@pytest.fixture
def album() -> Album:
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
    return Album(Path(folder) if folder else None)


@pytest.fixture
def exhibits(newsroom, tmp_path) -> None:
    """A second case of the editor's with one exhibit of each kind; all of it is invented."""
    files = {
        "A photograph that says where it was taken.jpg": samples.photo_with_gps((1200, 800)),
        "A report of two pages.pdf": samples.pdf("An invented report.", "Its second page."),
        "An article as a web page.html": samples.ARTICLE.encode(),
    }
    (tmp_path / "files").mkdir()
    for name, content in files.items():
        (tmp_path / "files" / name).write_bytes(content)
    scene = tmp_path / "A scene that is blurred until asked for.png"
    scene.write_bytes(samples.picture("PNG", (1200, 800)))
    newsroom.commands(
        ("create_case", "SAMPLES", "--title", "Samples of exhibits", "--lead", "frida"),
        ("log_evidence", "SAMPLES", str(tmp_path / "files"), "--url", "https://news.example/1"),
        ("log_evidence", "SAMPLES", str(scene), "--graphic"),
        *_posts(tmp_path),
    )


def _posts(folder: Path) -> list[tuple[str, ...]]:
    """A campaign of some accounts in the second case, counted as its page asks."""
    rows = [row(n, n % 9, f"{PASTED} #{'Islands' if n % 2 else 'Now'}", minutes=n * 7) for n in range(1, 60)]
    mapping = folder / "mapping.json"
    mapping.write_text(json.dumps(MAPPING | {"platform": "x"}))
    posts = str(table(folder / "posts.csv", rows))
    return [
        ("import_posts", "SAMPLES", posts, "--mapping", str(mapping)),
        ("analyse_posts", "SAMPLES", "--coshare", "text"),
    ]


def test_every_page_fits_both_widths_and_passes_axe(newsroom, exhibits, browser, album, tmp_path):
    """Frida looks at the example case, page by page, on a wide screen and on a telephone, in the light and the dark."""
    with at_browser(browser, newsroom.address, "frida") as frida:
        frida.page.goto(f"{newsroom.address}/accounts/login/")
        album.look(frida.page, "sign-in")
        frida.sign_in(newsroom.passwords["frida"], PASSWORD)
        for name, path in (PAGES | (QUIET if album.folder else {})).items():
            album.look(frida.open(path), name)
        _look_at_linked_pages(frida, album)
        _look_at_the_desk_at_work(frida, album)
        _look_at_the_merge_view(frida, album)
        _look_at_an_error(frida, album)
        _look_at_the_dossier(frida, album, tmp_path)
    if album.folder:
        _look_at_pages_of_others(newsroom, browser, album)
    assert album.wrong == [], "\n".join(album.wrong)


def _look_at_pages_of_others(newsroom, browser: Browser, album: Album) -> None:
    for username, paths in OF_OTHERS.items():
        with at_browser(browser, newsroom.address, username) as person:
            person.sign_in(newsroom.passwords[username], PASSWORD)
            for name, path in paths.items():
                album.look(person.open(path), name)


def _look_at_linked_pages(frida: Person, album: Album) -> None:
    found = {}
    for name, (start, pattern) in (LINKED | (QUIET_LINKED if album.folder else {})).items():
        found[name] = frida.open(start).evaluate(FIRST_LINK, pattern)
        assert found[name], f"{start} links to no {name}"
        album.look(frida.open(found[name]), name)
    for name, (parent, step) in (UNDER | (QUIET_UNDER if album.folder else {})).items():
        album.look(frida.open(found[parent] + step), name)
    for name, (parent, path) in (QUIET_BESIDE if album.folder else {}).items():
        album.look(frida.open(path.format(found[parent].split("/")[-2])), name)


def _look_at_the_desk_at_work(frida: Person, album: Album) -> None:
    """The first citation has its verdict, the first sentence its tick, the second is being read."""
    page = frida.open(f"{CASE}/desk/9/")
    verdict = page.locator("[id^=verdict-]").first
    verdict.get_by_label("Comment").fill("Read beside the preserved copy.")
    verdict.get_by_role("button", name=re.compile("Note it")).click()
    page.locator(".judged").first.wait_for()
    page.keyboard.press("Escape")
    page.locator("[data-desk-item]").first.focus()
    page.keyboard.press("x")
    page.locator("#sentence-2:focus").wait_for()
    page.wait_for_load_state("networkidle")
    album.look(page, "desk")


def _look_at_the_merge_view(frida: Person, album: Album) -> None:
    """She has one draft open twice; what she saves last meets what she saved first."""
    address = f"{frida.address}{CASE}/claims/19/edit/"
    # Pages of their own: the refusal (412) is an error to the browser's console, and is wanted here.
    first, second = frida.page.context.new_page(), frida.page.context.new_page()
    for page in (first, second):
        page.goto(address)
    for page, words in ((first, "It may be his own."), (second, "It is perhaps his own, by his biography.")):
        page.locator("main [name=scope_note]").fill(words)
        page.get_by_role("button", name="Save the draft").click()
    second.get_by_text("Your version is kept in the form below").wait_for()
    album.look(second, "merge-view")
    first.close()
    second.close()


def _look_at_an_error(frida: Person, album: Album) -> None:
    page = frida.page.context.new_page()
    assert page.goto(f"{frida.address}/cases/NOBODY-KNOWS/").status == 404
    album.look(page, "error-404")
    page.close()


def _look_at_the_dossier(frida: Person, album: Album, folder: Path) -> None:
    """What a reader opens from the disk."""
    page = frida.open(f"{CASE}/publications/1/")
    with page.expect_download() as download:
        frida.click("Download the dossier")
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extractall(folder)
    [index] = folder.rglob("index.html")
    reader = page.context.new_page()
    reader.goto(index.as_uri())
    album.look(reader, "dossier")
    reader.close()
