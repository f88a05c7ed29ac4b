"""From a logged article to a dossier that verifies itself, in three persons' hands."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.factories.claims import next_year
from tests.journeys.people import Person, at_browser

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

CASE = "/cases/JOURNEY-1"
PASSWORD = "three persons, one dossier"


def test_article_becomes_a_published_claim_that_an_outsider_verifies(newsroom, browser, article, tmp_path):
    """Edgar opens a case and takes in Ines, who investigates, and Paula, who publishes.

    Ines says why the case handles data about people, names the source, uploads the article, records the account and
    what was seen of it, claims that it was suspended, and cites the sentence that says so by selecting it with the
    mouse. The gate has one question left, which only an editor may answer: Edgar declares the source an origin of its
    own, reads the claim at the desk and
    approves it. Paula publishes it and takes the dossier. Somebody with plain Python and no network checks it.
    """
    with (
        at_browser(browser, newsroom.address, "edgar") as edgar,
        at_browser(browser, newsroom.address, "ines") as ines,
        at_browser(browser, newsroom.address, "paula") as paula,
    ):
        for person in (edgar, ines, paula):
            person.sign_in(newsroom.passwords[person.username], PASSWORD)
        open_case(edgar)
        say_why(ines)
        name_source(ines)
        upload(ines, article)
        record_account(ines)
        claim_and_cite(ines)
        separate_origin(edgar)
        submit(ines)
        approve(edgar)
        dossier = publish(paula, tmp_path)
        read_trail(edgar)
    assert verify(dossier, tmp_path / "unpacked").returncode == 0
    assert newsroom.command("verify_dossier", str(dossier))["ok"] is True
    assert newsroom.command("verify_audit")["ok"] is True


def open_case(edgar: Person) -> None:
    edgar.open("/cases/new/")
    edgar.fill(ref="JOURNEY-1", title="An account that was suspended")
    edgar.click("Open the case")
    edgar.sees("is open. Add the people who work on it.")
    for username, role in (("ines", "investigator"), ("paula", "publisher")):
        page = edgar.open(f"{CASE}/members/")
        form = page.locator("form", has=page.get_by_role("button", name="Add", exact=True))
        form.locator("[name=user]").fill(username)
        form.locator("[name=role]").select_option(role)
        edgar.click("Add")


def say_why(ines: Person) -> None:
    ines.open(f"{CASE}/data-protection/")
    ines.fill(
        purpose="To tell the public which accounts a platform took down, and when it did so.",
        review_at=next_year().isoformat(),
        transparency="Whoever is meant can write to us, and is answered within a month.",
        contact="privacy@courier.example",
    )
    ines.click("Keep it")
    ines.sees("the one that holds")


def name_source(ines: Person) -> None:
    ines.open(f"{CASE}/sources/new/")
    ines.fill(name="The Invented Courier", kind="news")
    ines.click("Save")
    ines.fill(reliability="B", rationale="It has been right before, and says how it knows.")
    ines.click("Grade")
    ines.sees("Usually reliable")


def upload(ines: Person, article: Path) -> None:
    ines.open(f"{CASE}/evidence/upload/")
    ines.fill(
        source="The Invented Courier",
        title="Accounts suspended",
        publisher="The Invented Courier",
        author="A. Reporter",
        published_at="2024-05-31",
        language="en",
        original_url="https://courier.example/accounts-suspended",
    )
    ines.page.locator("input[type=file]").set_input_files(article)
    ines.page.locator(".upload-item a").click()
    ines.sees("Fixity verified")


def record_account(ines: Person) -> None:
    ines.open(f"{CASE}/accounts/new/")
    ines.fill(
        handle="https://x.com/invented_handle",
        status="suspended",
        observed_on="2024-05-30",
        id_unknown_reason="The account is suspended and the article gives no number.",
    )
    ines.click("Record it")
    ines.sees("@invented_handle")
    ines.page.get_by_text("Sign the check").click()
    form = ines.page.locator("form[action$='/reuse-check/']")
    form.locator("[name=note]").fill("No other account has used this handle in the archives that were looked at.")
    form.get_by_role("button", name="Sign").click()
    ines.sees("Checked by Ines Investigator")


def claim_and_cite(ines: Person) -> None:
    page = ines.open(f"{CASE}/claims/new/?predicate=account_status")
    ines.fill(
        subject="@invented_handle on X (Twitter)",
        object_text="suspended",
        as_of="2024-05-30",
        kind="fact",
        public_text="According to the Courier it is very likely that X suspended @invented_handle by 30 May 2024.",
        likelihood="very_likely",
        analytic_confidence="moderate",
        confidence_information_base="One newsroom that saw the notice.",
        confidence_rigour="Read off, not inferred.",
        confidence_volatility="A suspension can be lifted.",
        source_summary="One newsroom; the notice itself was not preserved.",
        model_use="none",
    )
    page.locator("main [name=adverse]").uncheck()
    ines.click("Save the draft")
    ines.open(f"{CASE}/evidence/1/cite/")
    ines.cite_selection("The platform suspended", "30 May 2024")
    ines.fill(access="first_hand", credibility="2", rationale="The newsroom looked for itself.")
    ines.click("Add the citation")
    ines.open(f"{CASE}/claims/1/")
    ines.sees("Quote verified")


def separate_origin(edgar: Person) -> None:
    edgar.open(f"{CASE}/sources/")
    edgar.follow("The Invented Courier")
    edgar.follow("Its own origin")
    edgar.fill(reason="Its reporter saw the notice herself.")
    edgar.page.locator("main button[type=submit]").click()
    edgar.sees("go back to 1 origin")


def submit(ines: Person) -> None:
    ines.open(f"{CASE}/claims/1/")
    ines.click("Submit for review")
    ines.sees("In review")


def approve(edgar: Person) -> None:
    edgar.open("/")
    edgar.page.get_by_role("listitem").filter(has_text="JOURNEY-1").get_by_role("link", name="Review").click()
    expect(edgar.page.locator("mark").first).to_contain_text("The platform suspended the account")
    # The desk takes keys once its script has put its items in the order of the tabulator.
    edgar.page.locator("[data-desk-item][tabindex='0']").first.wait_for()
    edgar.page.keyboard.press("j")
    edgar.page.keyboard.press("x")
    expect(edgar.page.locator("#desk-progress")).to_contain_text("1 of 1 sentence ticked")
    edgar.click("Approve")
    edgar.sees("Approved")


def publish(paula: Person, folder: Path) -> Path:
    page = paula.open(f"{CASE}/publications/new/")
    paula.fill(title="One account was suspended")
    page.locator("[name=claims]").check()
    paula.click("Publish")
    paula.sees("How anybody verifies it")
    with page.expect_download() as download:
        paula.click("Download the dossier")
    file = folder / "dossier.zip"
    download.value.save_as(file)
    return file


def read_trail(edgar: Person) -> None:
    edgar.open(f"{CASE}/audit/")
    edgar.sees("Publication made")


def verify(dossier: Path, folder: Path) -> subprocess.CompletedProcess:
    with zipfile.ZipFile(dossier) as archive:
        archive.extractall(folder)
    (program,) = folder.rglob("verify.py")
    return subprocess.run(
        [sys.executable, "-I", "-S", program.name], cwd=program.parent, capture_output=True, text=True, check=False
    )
