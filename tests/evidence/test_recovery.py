"""Rows made again from the store alone: what a database lost, the receipts still tell (AUDIT 3, OCFL)."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from evidence import queries, stores
from evidence.actions.recovery import lost_originals
from evidence.models import Item

from .conftest import make_case, run_jobs
from .test_leftovers import put_without_row


def put_as(newsroom, content: bytes, **said) -> str:
    """An original with the receipt that an upload writes, and no row."""
    note = {"case": "NC-2024", "name": "page.txt", "captured_at": "2024-05-16T12:21:00+00:00", "method": "upload"}
    note |= {"source_url": "https://example.org/page", "received_at": "2024-05-17T08:00:00+00:00"}
    note |= {"uploader": str(newsroom.investigator.pk)} | said
    return stores.vault().put(io.BytesIO(content), receipt=lambda _: note).sha256


def recover(*arguments: str) -> list[dict]:
    out = io.StringIO()
    call_command("recover_evidence", "NC-2024", "--json", *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_lost_original_becomes_an_exhibit_with_what_its_receipt_says(newsroom):
    sha256 = put_as(newsroom, b"What the page said.\n")
    [row] = recover("--as", "investigator")
    item = Item.objects.get()
    assert (row["exhibit"], row["sha256"], row["problem"]) == (item.exhibit, sha256, "")
    assert (item.blob_id, item.file_name, item.title) == (sha256, "page.txt", "page.txt")
    assert (item.original_url, item.captured_at.isoformat()) == (
        "https://example.org/page",
        "2024-05-16T12:21:00+00:00",
    )
    assert (item.collector, item.method) == (newsroom.investigator, "recovery")
    assert "received 2024-05-17T08:00:00+00:00 from investigator by upload" in item.relevance_note
    run_jobs()
    assert queries.readable_text(newsroom.viewer, Item.objects.get()).text == "What the page said.\n"
    assert recover() == []


def test_original_that_is_an_exhibit_already_is_left_alone(newsroom):
    newsroom.log(b"one")
    assert list(lost_originals(newsroom.case)) == []


def test_original_of_another_case_is_lost_only_to_that_one(newsroom):
    other = make_case("OTHER-1", {"editor": newsroom.stranger})
    sha256 = put_as(newsroom, b"theirs", case="OTHER-1")
    newsroom.log(b"theirs")
    assert list(lost_originals(newsroom.case)) == []
    assert [lost.sha256 for lost in lost_originals(other)] == [sha256]


def test_dry_run_only_lists(newsroom):
    put_as(newsroom, b"one")
    assert [row["exhibit"] for row in recover("--dry-run")] == [None]
    assert not Item.objects.exists()


def spoil_bytes(path, receipt) -> None:
    path.chmod(0o600)
    path.write_bytes(b"forged")


def spoil_receipt(path, receipt) -> None:
    receipt.chmod(0o600)
    receipt.write_text(receipt.read_text().replace('"size":3', '"size":4'))


@pytest.mark.parametrize("harm", [spoil_bytes, spoil_receipt])
def test_damaged_original_is_told_and_not_entered(newsroom, harm, capsys):
    sha256 = put_as(newsroom, b"one")
    good = put_as(newsroom, b"two, which is whole")
    root = stores.vault().root
    harm(root / "o" / sha256[:2] / sha256[2:4] / sha256, root / "r" / f"{sha256}.json")
    with pytest.raises(SystemExit) as end:
        call_command("recover_evidence", "NC-2024")
    assert end.value.code == 1
    assert "cannot be trusted" in capsys.readouterr().out
    assert [item.blob_id for item in Item.objects.all()] == [good]


def test_original_without_a_readable_receipt_stays_an_orphan(newsroom):
    sha256 = put_without_row()
    note = stores.vault().root / "r" / f"{sha256}.json"
    note.chmod(0o600)
    note.write_text("{")
    assert recover() == []
    assert list(stores.vault().orphans(queries.known_blobs)) == [sha256]


@pytest.mark.parametrize("arguments", [["NO-CASE"], ["NC-2024", "--as", "nobody"], ["NC-2024", "--as", "viewer"]])
def test_wrong_argument_ends_with_two_and_nothing_done(newsroom, arguments):
    put_as(newsroom, b"one")
    with pytest.raises(CommandError) as refusal:
        call_command("recover_evidence", *arguments)
    assert refusal.value.returncode == 2
    assert not Item.objects.exists()
