"""The same bytes twice: one blob, two exhibits, and nobody learns of the other one (A11, A55, F09)."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client

from cases.actions.job_runs import start_job
from cases.models import Case
from evidence import queries, stores
from evidence.actions import items
from evidence.actions.derivatives import derive_item
from evidence.actions.fixity import SWEEP_VAULT, verify_item
from evidence.cards import cards_of
from evidence.details import Details
from evidence.enums import CustodyAction
from evidence.models import Blob, Derivative, Item, TextLayer

from . import samples
from .conftest import make_case, reloaded, run_jobs
from .test_fixity import forge

CYRILLIC = ("Баку сообщает: " * 20).encode("cp1251")


@pytest.fixture
def secret(newsroom) -> Case:
    """A case of the stranger, in which the investigator of the first one is not."""
    return make_case("SECRET-1", {"editor": newsroom.stranger})


def log_secretly(newsroom, case: Case, content: bytes, charset: str = "") -> Item:
    """An exhibit of the secret case, read by its own people."""
    who = {"actor": newsroom.stranger}
    item = items.log_file(case=case, stream=io.BytesIO(content), file_name="secret-name.txt", **who)
    return derive_item(item=item, charset=charset, **who)


def page_of(newsroom, item: Item) -> str:
    client = Client()
    client.force_login(newsroom.investigator)
    return client.get(f"/cases/NC-2024/evidence/{item.exhibit}/").content.decode()


def test_reading_declared_in_another_case_is_not_shown(newsroom, secret):
    log_secretly(newsroom, secret, CYRILLIC, "windows-1251")
    mine = newsroom.log(CYRILLIC, derive=True)
    assert queries.text_layers(mine) == []
    page = page_of(newsroom, mine)
    assert "Баку" not in page
    assert "plain text, windows-1251" not in page
    [card] = cards_of(list(queries.items_of(newsroom.investigator, newsroom.case)))
    assert card.excerpt == ""
    derive_item(actor=newsroom.investigator, item=mine, charset="windows-1251")
    assert [layer.tool for layer in queries.text_layers(reloaded(mine))] == ["plain text, windows-1251"]
    [card] = cards_of(list(queries.items_of(newsroom.investigator, newsroom.case)))
    assert card.excerpt.startswith("Баку")
    assert TextLayer.objects.count() == 1


def test_text_that_was_pasted_in_another_case_is_not_known_in_this_one(newsroom, secret):
    text = "A passage that somebody pasted.\n"
    items.log_text(actor=newsroom.stranger, case=secret, text=text, details=Details(title="Secret"))
    mine = newsroom.log(text.encode(), derive=True)
    assert [layer.tool for layer in queries.text_layers(mine)] == ["plain text, utf-8"]
    assert "pasted" not in page_of(newsroom, mine).replace(text.strip(), "")


def test_rendition_of_an_older_tool_in_another_case_is_not_listed(newsroom, secret):
    theirs = log_secretly(newsroom, secret, samples.picture())
    Derivative.objects.filter(parent=theirs.blob).update(tool="Pillow 1.1.7")
    mine = newsroom.log(samples.picture(), derive=True)
    assert "1.1.7" not in page_of(newsroom, mine)


@pytest.mark.parametrize("content", [b"plain text\n", samples.picture(), samples.ARTICLE.encode()])
def test_exhibit_looks_the_same_whether_or_not_another_case_has_its_bytes(newsroom, secret, content):
    def told(item: Item) -> dict:
        """All that the pages of an exhibit are made of, but for numbers and times."""
        layers = [(layer.tool, layer.sha256, layer.pages) for layer in queries.text_layers(item)]
        noted = queries.custody_of(item).values_list("action", "purpose", "result_sha256")
        steps = [(action, purpose.replace("E-2", "E-1"), sha256) for action, purpose, sha256 in noted]
        facts = {"kind": item.kind, "fixity": item.blob.fixity, "exif": item.exif, "readings": item.readings}
        recent = item.fixity_checked_at >= item.captured_at
        return facts | {
            "layers": layers,
            "steps": [(a, p.replace("E-2", "E-1"), h) for a, p, h in steps],
            "new": recent,
        }

    alone = told(reloaded(newsroom.log(content, derive=True)))
    log_secretly(newsroom, secret, content)
    assert told(reloaded(newsroom.log(content, derive=True))) == alone


@pytest.mark.parametrize("known", [True, False], ids=["damage was known", "damage was not known"])
def test_damaged_bytes_of_a_secret_case_are_taken_as_new_ones(newsroom, secret, known):
    theirs = log_secretly(newsroom, secret, b"shared\n")
    forge(theirs)
    if known:
        verify_item(actor=newsroom.stranger, item=theirs)
    mine = newsroom.log(b"shared\n")
    run_jobs()
    actions = list(queries.custody_of(mine).values_list("action", flat=True))
    assert actions == [CustodyAction.RECEIVE, CustodyAction.DERIVE]
    assert stores.vault().verify(mine.blob_id).ok


@pytest.mark.parametrize("how", ["person", "upload", "schedule"])
def test_check_in_another_case_does_not_move_the_date_of_mine(newsroom, secret, how):
    mine = newsroom.log(b"shared\n")
    theirs = log_secretly(newsroom, secret, b"shared\n")
    before = reloaded(mine).fixity_checked_at
    if how == "person":
        verify_item(actor=newsroom.stranger, item=theirs)
    elif how == "upload":
        log_secretly(newsroom, secret, b"shared\n")
    else:
        Item.objects.filter(pk=theirs.pk).update(fixity_checked_at=theirs.captured_at - timedelta(days=31))
        start_job(actor=None, task=SWEEP_VAULT, title="Monthly fixity check of the vault")
        run_jobs()
        assert reloaded(theirs).fixity_checked_at > before
    assert reloaded(mine).fixity_checked_at == before
    assert not queries.custody_of(mine).filter(action=CustodyAction.FIXITY_CHECK).exists()


def test_store_reads_back_what_is_new_as_often_as_what_it_had(tmp_path, monkeypatch):
    """The time that an upload takes does not tell whether the bytes were there."""
    read: list[int] = []
    real = stores.Vault._is_linked
    monkeypatch.setattr(stores.Vault, "_is_linked", lambda *a: (read.append(1), real(*a))[1])
    vault = stores.Vault(tmp_path)
    for expected in (1, 2):
        vault.put(io.BytesIO(b"the same bytes"))
        assert len(read) == expected


def test_member_of_one_case_sees_only_that_exhibit(newsroom, secret):
    theirs = log_secretly(newsroom, secret, b"shared\n")
    mine = newsroom.log(b"shared\n", derive=True)
    assert Blob.objects.get().items.count() == 2
    assert list(Item.objects.visible_to(newsroom.investigator)) == [mine]
    assert str(theirs.pk) not in page_of(newsroom, mine)
    assert "SECRET-1" not in page_of(newsroom, mine)


@pytest.mark.django_db(transaction=True)
def test_ten_people_who_log_the_same_bytes_at_once_make_one_blob_and_ten_exhibits(newsroom):
    def log(number: int) -> int:
        try:
            return newsroom.log(b"the same bytes, at once\n", f"{number}.txt").exhibit
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as people:
        numbers = sorted(people.map(log, range(10)))
    assert numbers == list(range(1, 11))
    blob = Blob.objects.get()
    assert stores.vault().verify(blob.pk).ok
    assert len(stores.vault().receipts(blob.pk)) == 10
    assert stores.vault().leftovers() == []
