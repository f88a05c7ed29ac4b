"""A real Chromium on a live server, for the behaviour of pages."""

import os
import shutil
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, sync_playwright

KNOWN = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, KNOWN)), "chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = {"width": 1440, "height": 900}
AXE = (Path(__file__).parent / "front" / "vendor" / "axe.min.js").read_text()
AXE_RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.flatMap(
  (violation) => violation.nodes.map((node) => `${violation.id}: ${node.target.join(" ")} ${node.failureSummary}`))"""
# Colours are all that dark changes.
AXE_RUN_COLOURS = AXE_RUN.replace("{", "{runOnly: ['color-contrast'], ", 1)
# When a page has followed the system into the dark.
DARKENED = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  while (document.documentElement.dataset.bsTheme === "light") await frame();
}"""


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests of a process."""
    # Playwright keeps an event loop in this thread, beside which the ORM would refuse to run.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


class Profiles:
    """Browser profiles of this process. A window has one to itself, and leaves nothing in it but the browser's cache.

    The cache is what a person at a desk has too; without it every test would load and compile all scripts again.
    """

    FORGOTTEN = "local_storage,indexeddb,cache_storage,service_workers"

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[str, list[BrowserContext]] = {}

    def take(self, **options) -> BrowserContext:
        free = self._free.setdefault(repr(sorted(options.items())), [])
        return free.pop() if free else self._browser.new_context(**options)

    def give_back(self, profile: BrowserContext, address: str, **options) -> None:
        page = profile.new_page()
        profile.new_cdp_session(page).send(
            "Storage.clearDataForOrigin", {"origin": address, "storageTypes": self.FORGOTTEN}
        )
        for opened in profile.pages:
            opened.close()
        profile.clear_cookies()
        self._free[repr(sorted(options.items()))].append(profile)


@pytest.fixture(scope="session")
def profiles(browser) -> Profiles:
    return Profiles(browser)


class Watched:
    """A page that remembers what the browser complained of: errors of scripts, and breaches of the security policy."""

    def __init__(self, context: BrowserContext, address: str, viewport: dict = WIDE, color_scheme: str = "light"):
        self.context = context
        self.page = context.new_page()
        self.page.set_viewport_size(viewport)
        self.page.emulate_media(color_scheme=color_scheme)
        self.address = address
        self.complaints = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)

    def _listen(self, message):
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def sign_in(self, user) -> None:
        """As the sign-in page does; that page has tests of its own."""
        client = Client()
        client.force_login(user)
        self.context.add_cookies(
            [{"name": name, "value": cookie.value, "url": self.address} for name, cookie in client.cookies.items()]
        )

    def open(self, path):
        """Go to a path of the live server; modules have run when the page has loaded."""
        self.page.goto(self.address + path)
        return self.page

    def axe(self):
        """What axe finds wrong on the page, one line each."""
        self.page.evaluate(AXE)
        return self.page.evaluate(AXE_RUN)


@pytest.fixture
def window(profiles, live_server):
    """Opens watched windows: `window(user=..., color_scheme="dark", viewport=...)`; closes them after the test."""
    opened = []

    def open_one(user=None, viewport=WIDE, color_scheme="light", **options):
        profile = profiles.take(**options)
        watched = Watched(profile, live_server.url, viewport, color_scheme)
        opened.append((watched, options))
        if user:
            watched.sign_in(user)
        return watched

    yield open_one
    for watched, options in opened:
        profiles.give_back(watched.context, live_server.url, **options)


@pytest.fixture
def open_page(window):
    """A window that has gone to a page: `open_page("/gallery/", user=..., color_scheme="dark")`."""

    def open_one(path, **options):
        watched = window(**options)
        watched.open(path)
        return watched

    return open_one
