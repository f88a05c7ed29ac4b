"""Logging exhibits, correcting what is said of them, taking them out of use."""

import hashlib
import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from audit.models import Event
from cases.enums import CaseStatus
from cases.exceptions import Conflict, InvalidInput, NotAllowed, NotVisible, StaleVersion
from cases.models import Case, JobRun
from evidence import queries, stores
from evidence.actions import items, sources
from evidence.actions.derivatives import derive_item
from evidence.details import Details
from evidence.enums import CustodyAction, ItemKind, ItemState
from evidence.exceptions import EmptyFile, TooLarge
from evidence.models import Blob, CustodyEvent, FixityCheck, Item, TextLayer

from . import samples
from .conftest import make_case, reloaded

TEXT = b"The first exhibit.\n"


def events(action: str) -> list[Event]:
    return list(Event.objects.filter(action=action).order_by("id"))


# --- files


def test_logged_file_is_preserved_with_its_hashes_and_what_is_known_of_it(newsroom):
    item = newsroom.log(TEXT, "note.txt", title="A note", author="A. B.", original_url="https://example.org/a")
    assert item.exhibit == 1
    assert item.blob.sha256 == hashlib.sha256(TEXT).hexdigest()
    assert item.blob.sha512 == hashlib.sha512(TEXT).hexdigest()
    assert (item.blob.size, item.blob.media_type) == (len(TEXT), "text/plain")
    assert (item.title, item.author, item.file_name) == ("A note", "A. B.", "note.txt")
    assert (item.collector, item.method, item.tool) == (newsroom.investigator, "upload", "caseapp")
    with stores.vault().open(item.blob_id) as stream:
        assert stream.read() == TEXT


def test_logged_file_leaves_one_event_one_custody_event_and_one_fixity_check(newsroom):
    item = newsroom.log(TEXT)
    [event] = events("item_logged")
    assert event.object == f"item:{item.pk}"
    assert json.loads(event.entry)["evidence"] == [item.blob_id]
    [custody] = CustodyEvent.objects.all()
    assert (custody.action, custody.actor, custody.result_sha256) == (
        CustodyAction.RECEIVE,
        newsroom.investigator,
        item.blob_id,
    )
    assert FixityCheck.objects.get().state == "ok"


def test_logged_file_has_a_receipt_from_which_the_row_could_be_rebuilt(newsroom):
    item = newsroom.log(TEXT, "note.txt", original_url="https://example.org/a")
    [receipt] = stores.vault().receipts(item.blob_id)
    assert receipt["case"] == "NC-2024"
    assert receipt["name"] == "note.txt"
    assert receipt["source_url"] == "https://example.org/a"
    assert receipt["uploader"] == str(newsroom.investigator.pk)
    assert receipt["size"] == len(TEXT)


def test_logged_file_is_read_by_a_job_queued_with_it(newsroom):
    item = newsroom.log(TEXT)
    run = JobRun.objects.get()
    assert (run.task, run.arguments["item_id"]) == ("evidence.derive_item", str(item.pk))


def test_file_that_is_refused_queues_no_job(newsroom):
    with pytest.raises(EmptyFile):
        newsroom.log(b"")
    assert not JobRun.objects.exists()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (samples.picture("PNG"), ItemKind.IMAGE),
        (samples.pdf("text"), ItemKind.DOCUMENT),
        (samples.ARTICLE.encode(), ItemKind.PAGE),
        (TEXT, ItemKind.DOCUMENT),
        (samples.SVG, ItemKind.OTHER),
        (b"\0\0\0\x18ftypmp42" + bytes(20), ItemKind.VIDEO),
        (bytes(50), ItemKind.OTHER),
    ],
)
def test_kind_is_told_from_the_content_not_from_the_name(newsroom, content, kind):
    assert newsroom.log(content, "holiday.jpg").kind == kind


def test_kind_that_a_person_gives_holds(newsroom):
    assert newsroom.log(samples.picture(), kind=ItemKind.SCREENSHOT).kind == ItemKind.SCREENSHOT


def test_file_cannot_be_logged_as_a_link(newsroom):
    with pytest.raises(InvalidInput, match="not a link"):
        newsroom.log(TEXT, kind=ItemKind.LINK)


def test_title_falls_back_to_the_name_of_the_file(newsroom):
    assert newsroom.log(TEXT, "report.txt").title == "report.txt"
    assert newsroom.log(TEXT, "").title == "Untitled file"


def test_title_from_a_name_shows_what_turns_text_around(newsroom):
    """As it was kept, "\u202egpj.exe" reads "exe.jpg" at the head of every page of the exhibit."""
    item = newsroom.log(TEXT, "\u202egpj.exe")
    assert (item.title, item.file_name) == ("⟨U+202E⟩gpj.exe", "\u202egpj.exe")
    assert len(newsroom.log(TEXT, "\u202e" * 255).title) == 255


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\x\\y.txt", "a\0b", "a\r\nb", "\u202egpj.exe", "x" * 600, "🌴"]
)
def test_name_of_a_file_is_only_metadata(newsroom, stores, name):
    item = newsroom.log(TEXT, name)
    assert len(item.file_name) <= 255
    assert "\0" not in item.file_name
    assert {path.name for path in (stores / "vault" / "o").rglob("*") if path.is_file()} == {item.blob_id}


def test_empty_file_is_refused_and_nothing_is_kept(newsroom):
    with pytest.raises(EmptyFile):
        newsroom.log(b"")
    assert not Item.objects.exists()
    assert list(stores.vault().originals()) == []


def test_file_over_the_limit_is_refused_and_nothing_is_kept(newsroom, settings):
    settings.MAX_EVIDENCE_BYTES = 1000
    with pytest.raises(TooLarge, match="1,000 bytes"):
        newsroom.log(bytes(1001))
    assert not Blob.objects.exists()
    assert stores.vault().leftovers() == []
    assert newsroom.log(bytes(1000)).exhibit == 1


# --- the same bytes


def test_same_bytes_twice_are_one_blob_two_items_and_two_custody_events(newsroom):
    first, second = newsroom.log(TEXT), newsroom.log(TEXT, "again.txt")
    assert first.blob_id == second.blob_id
    assert (first.exhibit, second.exhibit) == (1, 2)
    assert Blob.objects.count() == 1
    assert CustodyEvent.objects.filter(action=CustodyAction.RECEIVE).count() == 2
    assert len(stores.vault().receipts(first.blob_id)) == 2


def test_same_bytes_in_a_secret_case_are_not_revealed(newsroom):
    """A55: the answer, the rows that can be seen and the text that can be read are those of new bytes."""
    secret = make_case("SECRET-1", {"editor": newsroom.stranger})
    theirs = items.log_file(actor=newsroom.stranger, case=secret, stream=io.BytesIO(TEXT), file_name="secret.txt")
    derive_item(actor=newsroom.stranger, item=theirs)
    mine, fresh = newsroom.log(TEXT), newsroom.log(b"quite new")
    for item in (mine, fresh):
        assert queries.text_layers(item) == []
        assert [event.action for event in queries.custody_of(item)] == [CustodyAction.RECEIVE]
        assert reloaded(item).derived_at is None
    assert not queries.items_of(newsroom.investigator, secret).exists()


@pytest.mark.django_db(transaction=True)
def test_same_bytes_at_the_same_moment_are_one_blob(newsroom):
    def log(number: int) -> int:
        try:
            return newsroom.log(TEXT, f"{number}.txt").exhibit
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        exhibits = sorted(pool.map(log, range(8)))
    assert exhibits == list(range(1, 9))
    assert Blob.objects.count() == 1


def test_exhibit_numbers_have_no_gap_after_a_refusal(newsroom):
    newsroom.log(TEXT)
    with pytest.raises(InvalidInput):
        newsroom.log(TEXT, original_url="javascript:alert(1)")
    with pytest.raises(EmptyFile):
        newsroom.log(b"")
    assert newsroom.log(b"second").exhibit == 2
    assert Case.objects.get(pk=newsroom.case.pk).last_exhibit == 2


def test_exhibit_numbers_count_per_case(newsroom):
    other = make_case("OTHER-1", {"editor": newsroom.editor, "investigator": newsroom.investigator})
    assert newsroom.log(TEXT).exhibit == newsroom.log(TEXT, case=other).exhibit == 1


# --- text and links


def test_pasted_text_is_preserved_and_can_be_cited_at_once(newsroom):
    item = items.log_text(
        actor=newsroom.investigator, case=newsroom.case, text="One.\r\nTwo é.\r", details=Details(title="Statement")
    )
    assert item.kind == ItemKind.TEXT
    layer = queries.readable_text(newsroom.viewer, item)
    assert layer.text == "One.\nTwo é.\n"
    assert layer.sha256 == item.blob_id == hashlib.sha256("One.\nTwo é.\n".encode()).hexdigest()
    assert len(events("item_logged")) == 1


@pytest.mark.parametrize(
    ("text", "title", "field"), [("", "T", "text"), (" \n", "T", "text"), ("a\0b", "T", "text"), ("text", " ", "title")]
)
def test_pasted_text_that_cannot_be_kept_is_refused(newsroom, text, title, field):
    with pytest.raises(InvalidInput) as refusal:
        items.log_text(actor=newsroom.investigator, case=newsroom.case, text=text, details=Details(title=title))
    assert refusal.value.field == field
    assert not Item.objects.exists()


def test_link_is_noted_without_a_copy(newsroom):
    item = items.log_link(
        actor=newsroom.investigator, case=newsroom.case, details=Details(original_url="https://example.org/x")
    )
    assert (item.kind, item.blob, item.title) == (ItemKind.LINK, None, "https://example.org/x")
    assert item.custody.get().action == CustodyAction.COLLECT


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "//example.org",
        "https://",
        "https://a b.org",
        "https://user:pass@example.org/",
        "https://example.org/\r\nX: y",
        "https://[::1",
        "https://e.org/" + "x" * 2000,
    ],
)
def test_link_that_is_no_web_address_is_refused(newsroom, url):
    with pytest.raises(InvalidInput) as refusal:
        items.log_link(actor=newsroom.investigator, case=newsroom.case, details=Details(original_url=url, title="x"))
    assert refusal.value.field == "original_url"


# --- what is said of an item


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"title": "x" * 501}, "title"),
        ({"author": "x" * 301}, "author"),
        ({"language": "french!"}, "language"),
        ({"published_at": datetime(2024, 5, 16)}, "published_at"),
        ({"published_at": timezone.now() + timedelta(days=1)}, "published_at"),
        ({"captured_at": timezone.now() + timedelta(days=1)}, "captured_at"),
        ({"published_precision": "century"}, "published_precision"),
        ({"sensitivity": "secret"}, "sensitivity"),
        ({"kind": "rumour"}, "kind"),
        ({"archived_url": "ftp://example.org"}, "archived_url"),
    ],
)
def test_details_that_cannot_be_are_refused_by_field(newsroom, details, field):
    with pytest.raises(InvalidInput) as refusal:
        newsroom.log(TEXT, **details)
    assert refusal.value.field == field
    assert list(stores.vault().originals()) == []


def test_source_of_another_case_is_refused_like_one_that_does_not_exist(newsroom):
    other = make_case("OTHER-1", {"editor": newsroom.editor, "investigator": newsroom.investigator})
    source = sources.create_source(actor=newsroom.investigator, case=other, name="RFE/RL", kind="news")
    with pytest.raises(InvalidInput, match="no such source"):
        newsroom.log(TEXT, source=source)


def test_changed_item_keeps_before_and_after(newsroom):
    item = newsroom.log(TEXT, title="Wrong")
    changes = {"title": "Right", "published_at": datetime(2024, 5, 16, tzinfo=UTC)}
    changed = items.change_item(actor=newsroom.investigator, item=item, version=1, changes=changes, reason="misread")
    assert (changed.title, changed.version) == ("Right", 2)
    [event] = events("item_changed")
    assert json.loads(event.entry)["reason"] == "misread"


def test_change_that_changes_nothing_leaves_no_event(newsroom):
    item = newsroom.log(TEXT, title="Same")
    assert items.change_item(actor=newsroom.editor, item=item, version=1, changes={"title": "Same"}).version == 1
    assert events("item_changed") == []


def test_change_of_an_old_version_is_refused_with_what_is_stored_now(newsroom):
    item = newsroom.log(TEXT)
    items.change_item(actor=newsroom.editor, item=item, version=1, changes={"title": "Theirs"})
    with pytest.raises(StaleVersion) as stale:
        items.change_item(actor=newsroom.investigator, item=item, version=1, changes={"title": "Mine"})
    assert stale.value.current.title == "Theirs"


@pytest.mark.parametrize("name", ["blob", "exhibit", "case", "captured_at", "collector", "state", "sha256", "path"])
def test_change_of_what_was_preserved_is_refused(newsroom, name):
    item = newsroom.log(TEXT)
    with pytest.raises(InvalidInput, match="cannot be changed"):
        items.change_item(actor=newsroom.editor, item=item, version=1, changes={name: "x"})


# --- out of use


def test_withdrawn_item_keeps_its_bytes_number_and_history(newsroom):
    item = newsroom.log(TEXT)
    withdrawn = items.withdraw_item(actor=newsroom.editor, item=item, reason="Forgery")
    assert withdrawn.state == ItemState.WITHDRAWN
    assert stores.vault().verify(item.blob_id).ok
    assert item.custody.last().action == CustodyAction.WITHDRAW
    assert len(events("item_withdrawn")) == 1
    assert newsroom.log(b"next").exhibit == 2


def test_withdrawn_item_can_be_restored_and_not_withdrawn_twice(newsroom):
    item = items.withdraw_item(actor=newsroom.editor, item=newsroom.log(TEXT), reason="Forgery")
    with pytest.raises(Conflict, match="cannot become"):
        items.withdraw_item(actor=newsroom.editor, item=item, reason="Again")
    assert items.restore_item(actor=newsroom.editor, item=item, reason="No forgery").state == ItemState.ACTIVE


def test_superseded_item_points_to_its_better(newsroom):
    link = items.log_link(
        actor=newsroom.investigator, case=newsroom.case, details=Details(original_url="https://example.org")
    )
    copy = newsroom.log(TEXT)
    old = items.supersede_item(actor=newsroom.editor, item=link, by=copy, reason="Preserved now")
    assert (old.state, old.superseded_by) == (ItemState.SUPERSEDED, copy)


def test_item_is_not_superseded_by_itself_or_by_one_of_another_case(newsroom):
    item = newsroom.log(TEXT)
    other = make_case("OTHER-1", {"editor": newsroom.editor, "investigator": newsroom.investigator})
    for better in (item, newsroom.log(TEXT, case=other)):
        with pytest.raises(InvalidInput, match="same case"):
            items.supersede_item(actor=newsroom.editor, item=item, by=better, reason="x")


@pytest.mark.parametrize("reason", ["", "  "])
def test_withdrawing_needs_a_reason(newsroom, reason):
    with pytest.raises(InvalidInput, match="Say why"):
        items.withdraw_item(actor=newsroom.editor, item=newsroom.log(TEXT), reason=reason)


# --- who may


@pytest.mark.parametrize(
    ("role", "may"), [("editor", True), ("viewer", False), ("auditor", False), ("publisher", False)]
)
def test_logging_asks_for_the_right_to_log(newsroom, role, may):
    def log():
        return items.log_file(actor=getattr(newsroom, role), case=newsroom.case, stream=io.BytesIO(TEXT), file_name="x")

    if may:
        assert log().exhibit == 1
    else:
        with pytest.raises(NotAllowed):
            log()
        assert list(stores.vault().originals()) == []


def test_investigator_cannot_withdraw(newsroom):
    with pytest.raises(NotAllowed, match="withdraw"):
        items.withdraw_item(actor=newsroom.investigator, item=newsroom.log(TEXT), reason="Because")


def test_stranger_sees_no_item_and_learns_nothing(newsroom):
    item = newsroom.log(TEXT)
    for attempt in (
        lambda: queries.get_item(newsroom.stranger, "NC-2024", 1),
        lambda: queries.get_item(newsroom.stranger, "NEVER-1", 1),
        lambda: queries.get_item_by_id(newsroom.stranger, item.pk),
    ):
        with pytest.raises(NotVisible, match=r"There is no such exhibit\."):
            attempt()


def test_closed_case_takes_no_evidence(newsroom):
    Case.objects.filter(pk=newsroom.case.pk).update(status=CaseStatus.CLOSED)
    newsroom.case.refresh_from_db()
    with pytest.raises(Conflict, match="closed"):
        newsroom.log(TEXT)


# --- what the database refuses


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evidence_blob SET size = 1",
        "UPDATE evidence_blob SET media_type = 'text/html'",
        "DELETE FROM evidence_blob",
        "UPDATE evidence_item SET exhibit = 99",
        "UPDATE evidence_item SET captured_at = now()",
        "UPDATE evidence_item SET file_name = 'x'",
        "DELETE FROM evidence_item",
        "UPDATE evidence_custodyevent SET purpose = ''",
        "DELETE FROM evidence_custodyevent",
        "UPDATE evidence_fixitycheck SET state = 'ok'",
        "DELETE FROM evidence_fixitycheck",
        "UPDATE evidence_textlayer SET text = 'forged'",
        "DELETE FROM evidence_textlayer",
    ],
)
def test_database_refuses_to_rewrite_what_was_preserved(newsroom, statement):
    newsroom.log(TEXT, derive=True)
    assert TextLayer.objects.exists()
    with pytest.raises(DatabaseError, match=r"refused|permission denied"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_raw_change_of_an_item_leaves_an_event_of_its_own(newsroom):
    item = newsroom.log(TEXT)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE evidence_item SET title = 'forged'")
    [event] = events("row_changed")
    assert event.object == f"item:{item.pk}"
    assert event.actor.startswith("db:")
