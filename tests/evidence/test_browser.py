"""An investigator at work in a real browser: files in, a passage selected, a region drawn, no stranger asked."""

from pathlib import Path

import pytest

from evidence.models import Item

from . import samples
from .conftest import run_jobs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WALL = "/cases/NC-2024/evidence/"


@pytest.fixture
def at_work(newsroom, live_server, window):
    """A watched page of the investigator; every request that leaves the house is remembered."""

    def open_one(path: str, **options):
        watched = window(user=newsroom.investigator, **options)
        watched.foreign = []
        watched.page.on("response", lambda answer: answer.status >= 400 and watched.foreign.append(answer.url))
        watched.page.on(
            "request", lambda request: request.url.startswith(live_server.url) or watched.foreign.append(request.url)
        )
        watched.open(path)
        return watched

    return open_one


def test_files_are_dropped_in_read_and_cited(newsroom, at_work, tmp_path: Path):
    (tmp_path / "page.html").write_text(samples.ARTICLE)
    (tmp_path / "photo.png").write_bytes(samples.picture("PNG", (800, 400)))
    watched = at_work(WALL + "upload/")
    page = watched.page
    page.fill("#id_publisher", "Le Journal")
    page.set_input_files("#dropzone-files", [tmp_path / "page.html", tmp_path / "photo.png"])
    page.wait_for_selector(".upload-item[data-state=done] >> nth=1")
    assert [item.publisher for item in Item.objects.order_by("exhibit")] == ["Le Journal", "Le Journal"]
    run_jobs()

    watched.open(WALL + "1/")
    page.fill("#copy-find", "plus de 5 000")
    page.press("#copy-find", "Enter")
    page.click(".cite-popover button")
    assert page.locator("#cite [name=exact]").input_value() == "plus de 5 000"
    assert page.locator("#cite").is_visible()

    watched.open(WALL + "2/")
    page.click("text=Mark a region")
    page.keyboard.press("Enter")
    assert page.locator("#cite [name=region]").input_value().startswith("xywh=percent:")
    assert watched.foreign == []
    assert watched.complaints == []
