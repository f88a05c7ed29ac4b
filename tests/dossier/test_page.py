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


REPLY = {
    "speaker": "Her lawyer",
    "text": "O, mənim deyil.\n<b>Heç vaxt.</b>",
    "verbatim": False,
    "language": "az",
    "translation": "It is not mine. Never.",
    "translator": "L. Translator",
    "received_words": "3 June 2024",
    "exhibit": 7,
}


def test_page_sets_replies_and_other_explanations_beside_their_claim(dossier):
    snapshot = checks.parse(dossier.files, checks.CLAIMS)
    claim = next(claim for claim in snapshot["claims"] if claim["predicate"] == "account_operated_by")
    assert [told["party"] for told in claim["replies"]] == ["Esmira Xalil"]
    claim["replies"][0] |= {"outcome": "responded", "words": "Esmira Xalil responded.", "replies": [REPLY]}
    claim["alternatives"][0]["disposition"] = "not_excluded"
    text = page(snapshot, published_at="2024-06-03T09:00:00.000000Z")
    _, _, own = text.partition(f'id="c-{claim["number"]}"')
    own, _, _ = own.partition("</article>")
    assert "What those named say" in own
    assert "Esmira Xalil responded." in own
    assert "O, mənim deyil.<br>&lt;b&gt;Heç vaxt.&lt;/b&gt;" in own
    assert "It is not mine. Never." in own
    assert "as reported, not word for word" in own
    assert "What else would explain it" in own
    assert "Another explanation cannot be ruled out" in own


def test_publication_tells_no_address_of_a_party(dossier):
    """What the house knows of how to reach somebody stays in the house."""
    snapshot = checks.parse(dossier.files, checks.CLAIMS)
    sent = [one for claim in snapshot["claims"] for told in claim["replies"] for one in told["sent"]]
    assert sent
    assert all(set(one) == {"kind", "channel", "at", "precision", "exhibit"} for one in sent)


def test_publication_from_before_there_were_replies_opens(dossier):
    snapshot = checks.parse(dossier.files, checks.CLAIMS)
    for claim in snapshot["claims"]:
        for name in ("replies", "alternatives", "devils_advocate"):
            del claim[name]
    assert "What those named say" not in page(snapshot, published_at="2024-06-03T09:00:00.000000Z")
