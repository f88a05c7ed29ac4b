"""The page of a dossier as a reader opens it: from disk, on a wide and a narrow screen, in light and dark."""

import pytest

from claims.dossier import checks
from claims.dossier.render import page
from tests.browser import Watched

pytestmark = pytest.mark.xdist_group("dossier")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_page_opens_from_disk_without_a_complaint(browser, folder, width, scheme):
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme}
    watched = Watched(browser.new_context(), folder.as_uri(), **options)
    asked = []
    watched.page.on("request", lambda request: asked.append(request.url))
    opened = watched.open("/index.html")
    opened.wait_for_load_state("networkidle")
    assert {url.rpartition("/")[2] for url in asked} == {"index.html", "dossier.css"}
    assert all(url.startswith("file://") for url in asked)
    assert watched.complaints == []
    assert opened.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert opened.evaluate("getComputedStyle(document.body).backgroundColor") != "rgba(0, 0, 0, 0)"
    assert watched.axe() == []
    watched.context.close()


@pytest.mark.parametrize(
    ("precision", "words"),
    [
        ("year", "2024"),
        ("month", "May 2024"),
        ("day", "30 May 2024"),
        ("second", "30 May 2024 09:00 UTC"),
    ],
)
def test_page_dates_a_status_no_more_precisely_than_it_is_known(dossier, precision, words):
    snapshot = checks.parse(dossier.files, checks.CLAIMS)
    claim = next(claim for claim in snapshot["claims"] if (claim["subject"] or {}).get("status"))
    claim["subject"] |= {"status_seen_at": "2024-05-30T09:00:00.000000Z", "status_seen_precision": precision}
    assert f"suspended, seen {words}." in page(snapshot, published_at="2024-06-03T09:00:00.000000Z")
