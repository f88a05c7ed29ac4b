"""A real Chromium on a live server, for the behaviour of pages."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
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
AXE = (Path(__file__).parent / "front" / "vendor" / "axe.min.js").read_text()
AXE_RUN = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations.flatMap(
  (violation) => violation.nodes.map((node) => `${violation.id}: ${node.target.join(" ")} ${node.failureSummary}`))"""


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests of a process."""
    # Playwright keeps an event loop in this thread, beside which the ORM would refuse to run.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


class Watched:
    """A page that remembers what the browser complained of: errors of scripts, and breaches of the security policy."""

    def __init__(self, browser, address, **options):
        self.context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}} | options)
        self.page = self.context.new_page()
        self.address = address
        self.complaints = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._listen)

    def _listen(self, message):
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def open(self, path):
        """Go to a path of the live server; modules have run when the page has loaded."""
        self.page.goto(self.address + path)
        return self.page

    def axe(self):
        """What axe finds wrong on the page, one line each."""
        self.page.evaluate(AXE)
        return self.page.evaluate(AXE_RUN)


@pytest.fixture
def open_page(browser, live_server):
    """Opens watched pages: `open_page("/gallery/", color_scheme="dark", viewport=...)`; closes them after the test."""
    opened = []

    def open_one(path, **options):
        watched = Watched(browser, live_server.url, **options)
        opened.append(watched)
        watched.open(path)
        return watched

    yield open_one
    for watched in opened:
        watched.context.close()
