"""Pictures of pages that come out alike each time: no clock of today, no hash or id that was drawn by lot."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

WIDTHS = (1440, 390)
# A phone scrolls down, never sideways; a picture taller than this shows nothing more.
TALLEST = 3000
# What a changed size sets going is drawn one frame later, and a canvas reaches the screen in the frame after that.
DRAWN = """() => document.fonts.ready.then(() => new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)))))"""
# Words of today become the same day and time always, digits drawn by lot the same digits. Only what shows is changed.
STEADY = r"""() => {
  const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const days = [0, 1].map((back) => new Date(Date.now() - back * 86400000));
  const today = days.map((day) => `${day.getUTCDate()} ${months[day.getUTCMonth()]} ${day.getUTCFullYear()}`).join("|");
  const when = new RegExp(`\\b(?:${today})(, )?(\\d\\d:\\d\\d)?(:\\d\\d)?`, "g");
  const digits = "9f2b6c1e5d7a40c28b6e0f4bb1e4c1d6f0a57f4d8b2c93a1e7d6054c3b2a1908".repeat(4);
  const told = (_, comma, clock, seconds) => ["12 Jun 2024", comma, clock && "09:30", seconds && ":00"].join("");
  const steady = (text) => text
    .replace(when, told)
    .replace(/(caseapp\.local\+)\S+/g, (_, name) => `${name}5d7a40c2+AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGh`)
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{10,128}\b|(?<=…)[0-9a-f]{6}\b/g,
      (found) => digits.slice(0, found.length));
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const next = steady(node.data);
    if (next !== node.data) node.data = next;
  }
  for (const image of document.querySelectorAll("img.qr")) image.style.filter = "blur(12px)";
  for (const secret of document.querySelectorAll("#authenticator_secret")) secret.value = "SHOWN TO ITS OWNER ONLY";
}"""


def photograph(page: Page, folder: Path, name: str, width: int) -> None:
    """Keep the page at this width as `<name>-<width>.png`."""
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_load_state("networkidle")
    page.evaluate(STEADY)
    page.evaluate(DRAWN)
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    if page.locator("canvas").count():
        # Of a canvas, Chromium captures only what lies within the window. Other pages would change with a taller one.
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(DRAWN)
    shot = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
    # A page has few colours: a palette keeps it as sharp at half the bytes; by coverage, so that rare ones stay.
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    small = picture.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    small.save(folder / f"{name}-{width}.png", optimize=True)
