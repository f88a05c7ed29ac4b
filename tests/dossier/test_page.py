"""The page of a dossier as a reader opens it: from disk, on a wide and a narrow screen, in light and dark."""

import html
import re

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import override

from caseapp.management.commands.messages import FRENCH
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


NOW = "2024-06-03T09:00:00.000000Z"
RETRACTION = {
    "claim": 1,
    "kind": "retraction",
    "from_version": 1,
    "to_version": None,
    "cause": "The radio took its report back.",
    "public_note": "We no longer say who ran <i>the account</i>.",
    "corrected_at": "2024-07-01T10:00:00.000000Z",
    "published_in": None,
}


def page_of(dossier, **options) -> str:
    return page(checks.parse(dossier.files, checks.CLAIMS), published_at=NOW, **options)


def part(text: str, name: str) -> str:
    """What stands between the part of that id and the next one."""
    return re.split(r'<section class="part-body', text.partition(f'id="{name}"')[2])[0]


def test_plain_words_stand_open_and_sources_a_click_deeper(dossier):
    claims = part(page_of(dossier), "claims")
    folded = "".join(re.findall(r"<details.*?</details>", claims, re.DOTALL))
    open_words = re.sub(r"<details.*?</details>", "", claims, flags=re.DOTALL)
    assert claims.count('<figure class="citation') == folded.count('<figure class="citation') == 7
    for words in ('class="public"', "How likely.", "What those named say", "What is not known", "weakest link"):
        assert words in open_words
    assert "<details open" not in claims


def test_drawing_and_table_say_the_same_of_account_person_and_role(dossier):
    links = part(page_of(dossier), "links")
    drawing, _, table = links.partition("</svg>")
    assert 'role="img" aria-labelledby="graph-title graph-desc"' in drawing
    assert re.findall(r'class="no"[^>]*>(C-\d)<', drawing) == ["C-1", "C-2"]
    for words in ("Esmira Xalil", "likely", "head of the press"):
        assert words in drawing
        assert words in table
    assert "<a href" not in drawing


def test_proof_is_explained_in_four_sentences(dossier):
    [told] = re.findall(r"<p>(.*?)</p>", part(page_of(dossier), "proof").partition("</section>")[0], re.DOTALL)
    assert len(re.findall(r"\.(?= [A-Z]|$)", told)) == 4


def test_rules_and_exceptions_are_told_with_their_reasons(dossier):
    method = part(page_of(dossier), "method")
    assert "rules applied" in method
    assert re.search(r"G-01</span> .*?blocks</td> <td>4</td>", method)
    assert "two written questions stayed unanswered" in method


def test_what_came_after_publication_is_told_first_and_at_its_claim(dossier):
    text = page_of(dossier, later=[RETRACTION])
    front, _, rest = text.partition("<main>")
    assert "Changed since this was published" in front
    assert "We no longer say who ran &lt;i&gt;the account&lt;/i&gt;." in front
    own = rest.partition('id="c-1"')[2].partition("</article>")[0]
    assert "Retraction, 1 July 2024 10:00 UTC." in own
    assert "The radio took its report back." in own
    assert "It is likely that Esmira Xalil operated the account @esmirak." in own
    assert 'class="edge gone"' in rest


def test_paper_opens_what_is_folded_and_cuts_no_quote(browser, folder, tmp_path):
    opened = browser.new_context().new_page()
    opened.emulate_media(media="print")
    opened.goto((folder / "index.html").as_uri())
    assert opened.evaluate("[...document.querySelectorAll('.citation')].every(one => one.checkVisibility())")
    parts = "[...document.querySelectorAll('.citation, .reply, .judgement, svg, h3')]"
    assert set(opened.evaluate(f"{parts}.map(one => getComputedStyle(one).breakInside)")) == {"avoid"}
    opened.context.close()


def french(dossier, **options) -> str:
    snapshot = checks.parse(dossier.files, checks.CLAIMS)
    snapshot["publication"]["language"] = "fr"
    return page(snapshot, published_at="2024-05-01T09:00:00.000000Z", **options)


@pytest.mark.parametrize(
    "words",
    [
        '<html lang="fr">',
        "Publié le 1er mai 2024 à 09:00 UTC.",
        "Dossier 1 de l’enquête",
        "Ce que disent les personnes mises en cause",
        "Nous jugeons cela <strong>probable</strong> ; sur l’échelle employée ici, cela correspond à 55–80 %.",
        "@esmirak sur X (Twitter)</bdi>",
        "est tenu par",
        "exerce la fonction «\u00a0head of the press service\u00a0» au sein de",
        "en 2014",
        "Indice de confiance",
        "Source\u00a0: habituellement fiable (<strong>B</strong>).",
        "suspendu, constaté\u00a0: 30 mai 2024",
        "fois, un rédacteur en chef",
        "maillon le plus faible",
        "presque certain",
    ],
)
def test_french_dossier_says(dossier, words):
    text = french(dossier).replace("\u202f", " ")
    assert words in text


def test_french_dossier_leaves_no_sentence_of_the_house_in_english(dossier):
    """What the case says in its own words stays as it was written; everything around it is French."""
    shown = html.unescape(re.sub(r"<[^>]*>", " ", french(dossier, later=[RETRACTION])))
    with (settings.BASE_DIR / FRENCH).open("rb") as file:
        sentences = [str(message.id) for message in read_po(file) if message.id and message.id != message.string]
    left = [one for one in sentences if len(one) > 20 and "%" not in one and one in shown]
    assert left == []


def test_page_does_not_depend_on_who_asks_for_it(dossier):
    before = page_of(dossier)
    with override("fr"):
        assert page_of(dossier) == before
