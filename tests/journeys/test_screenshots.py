"""Every page as a picture, at a desk and on a telephone; `make screenshots` keeps them in docs/screenshots."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import AXE, AXE_RUN
from tests.journeys.people import at_browser

pytestmark = pytest.mark.browser

CASE = "/cases/NC-2024"
WIDTHS = (1440, 390)
PAGES = {
    "my-turn": "/",
    "cases": "/cases/",
    "case-overview": f"{CASE}/",
    "timeline": f"{CASE}/timeline/",
    "evidence-wall": f"{CASE}/evidence/",
    "exhibit": f"{CASE}/evidence/1/",
    "upload": f"{CASE}/evidence/upload/",
    "sources": f"{CASE}/sources/",
    "accounts": f"{CASE}/accounts/",
    "people": f"{CASE}/people/",
    "organisations": f"{CASE}/organisations/",
    "claims": f"{CASE}/claims/",
    "claim": f"{CASE}/claims/2/",
    "claim-edit": f"{CASE}/claims/18/edit/",
    "cite": f"{CASE}/evidence/1/cite/",
    "desk": f"{CASE}/desk/9/",
    "publications": f"{CASE}/publications/",
    "publication": f"{CASE}/publications/1/",
    "members": f"{CASE}/members/",
    "audit": f"{CASE}/audit/",
    "jobs": f"{CASE}/jobs/",
    "settings": f"{CASE}/settings/",
    "tokens": "/account/tokens/",
}
# A phone scrolls down, never sideways; a screenshot taller than this shows nothing more.
TALLEST = 3000
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def test_every_page_fits_both_widths_and_passes_axe(newsroom, browser, tmp_path):
    """Frida looks at the example case, page by page, on a wide screen and on a telephone, in light and in dark."""
    folder = Path(os.environ.get("SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    with at_browser(browser, newsroom.address, "frida") as frida:
        frida.sign_in(newsroom.passwords["frida"], "a page is worth looking at")
        for name, path in PAGES.items():
            frida.open(path)
            for width in WIDTHS:
                photograph(frida.page, folder / f"{name}-{width}.png", width)
                if frida.page.evaluate(OVERFLOW) > 0:
                    wrong.append(f"{name} scrolls sideways at {width} px")
            wrong += [f"{name}: {line}" for line in complaints_of_axe(frida.page)]
    assert wrong == [], "\n".join(wrong)
    assert len(list(folder.glob("*.png"))) >= len(PAGES) * len(WIDTHS)


def photograph(page: Page, file: Path, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_load_state("networkidle")
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    page.screenshot(path=file, full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})


def complaints_of_axe(page: Page) -> list[str]:
    """What axe finds at the telephone's width, in both colour schemes."""
    found = []
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += [f"{scheme} {line}" for line in page.evaluate(AXE_RUN)]
    page.emulate_media(color_scheme="light")
    return found
