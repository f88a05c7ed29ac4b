"""What is made from originals: texts and renditions, always again, never instead."""

import json

import pytest
from PIL import Image

from audit.models import Event
from cases.enums import JobState
from cases.exceptions import NotAllowed
from cases.models import JobRun
from evidence import queries
from evidence import stores as evidence_stores
from evidence.actions.derivatives import derive_item
from evidence.enums import CustodyAction, DerivativeOperation
from evidence.exceptions import BlobChanged
from evidence.models import Derivative, Item, TextLayer
from evidence.stores import DerivativeStore

from . import samples
from .conftest import make_case, reloaded, run_jobs


def test_text_file_gets_a_text_layer_that_can_be_cited(newsroom):
    item = newsroom.log("Nouméa\r\n".encode(), derive=True)
    layer = queries.readable_text(newsroom.viewer, item)
    assert layer.text == "Nouméa\n"
    assert layer.pages == [[0, 7]]
    assert reloaded(item).derived_at is not None
    assert reloaded(item).parse_problem == ""


def test_web_page_gets_its_visible_text_first_and_its_article_beside_it(newsroom):
    item = newsroom.log(samples.ARTICLE.encode(), "page.html", derive=True)
    visible, main = queries.text_layers(item)
    assert "Mentions légales" in visible.text
    assert "Mentions légales" not in main.text
    assert reloaded(item).exif["about"]["author"] == "Ada Reporter"


def test_pdf_gets_a_text_layer_by_page(newsroom):
    item = newsroom.log(samples.pdf("one", "two"), "report.pdf", derive=True)
    [layer] = queries.text_layers(item)
    assert [layer.text[start:end].strip() for start, end in layer.pages] == ["one", "two"]


def test_picture_gets_rendition_and_thumbnail_without_metadata(newsroom):
    item = reloaded(newsroom.log(samples.photo_with_gps(), "photo.jpg", derive=True))
    assert (item.width, item.height, item.has_gps) == (40, 80, True)
    assert item.exif["gps"]["latitude"] == "-22.275000"
    for operation in DerivativeOperation.values:
        derivative = queries.derivative_of(item, operation)
        with evidence_stores.derivatives().open(derivative.sha256) as stream, Image.open(stream) as image:
            assert image.size == (40, 80) == (derivative.width, derivative.height)
            assert not dict(image.getexif())


def test_original_of_a_picture_keeps_its_gps(newsroom):
    content = samples.photo_with_gps()
    item = newsroom.log(content, derive=True)
    with evidence_stores.vault().open(item.blob_id) as stream:
        assert stream.read() == content


def test_deriving_leaves_one_event_and_a_custody_event_for_each_result(newsroom):
    item = newsroom.log(samples.picture(), derive=True)
    [event] = Event.objects.filter(action="item_derived")
    assert event.object == f"item:{item.pk}"
    derived = item.custody.filter(action=CustodyAction.DERIVE)
    assert {row.result_sha256 for row in derived} == set(Derivative.objects.values_list("sha256", flat=True))
    assert {row.actor for row in derived} == {newsroom.investigator}


def test_deriving_again_makes_no_second_layer(newsroom):
    item = newsroom.log(derive=True)
    derive_item(actor=newsroom.editor, item=item)
    assert TextLayer.objects.count() == 1


def test_second_case_with_the_same_bytes_gets_custody_of_its_own(newsroom):
    newsroom.log(derive=True)
    other = make_case("OTHER-1", {"editor": newsroom.editor, "investigator": newsroom.investigator})
    item = newsroom.log(case=other, derive=True)
    assert [row.action for row in queries.custody_of(item)] == ["receive", "derive"]
    assert len(queries.text_layers(item)) == 1


@pytest.mark.parametrize(
    "content",
    [
        samples.SVG,
        b"PK\x03\x04" + bytes(40),
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"8BPS\0\1" + bytes(20),
        b"II*\0" + bytes(20),
        bytes(100),
    ],
)
def test_what_no_parser_takes_is_inert(newsroom, content):
    item = reloaded(newsroom.log(content, derive=True))
    assert item.derived_at is not None
    assert queries.text_layers(item) == []
    assert not Derivative.objects.exists()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (samples.picture()[:60], "damaged"),
        (samples.png_claiming(30_000, 30_000, body=False), "50,000,000 pixels"),
        (samples.pdf("x")[:90], "damaged"),
        (("Ильхам Алиев " * 50).encode("cp1251"), "not valid utf-8"),
        ("Noumea".encode("utf-16-le") * 30, ""),
    ],
)
def test_what_a_parser_refuses_is_kept_inert_with_the_reason(newsroom, content, problem):
    item = reloaded(newsroom.log(content, "file", derive=True))
    assert problem in item.parse_problem
    assert queries.text_layers(item) == []
    assert evidence_stores.vault().verify(item.blob_id).ok


def test_text_in_another_encoding_is_read_when_a_person_declares_it(newsroom):
    item = newsroom.log(("Баку " * 50).encode("cp1251"), derive=True)
    again = derive_item(actor=newsroom.investigator, item=item, charset="windows-1251")
    assert again.parse_problem == ""
    assert queries.readable_text(newsroom.viewer, again).text.startswith("Баку")
    assert queries.custody_of(item).last().purpose == "Read again as windows-1251"


def test_damaged_original_is_not_parsed_but_reported(newsroom):
    item = newsroom.log()
    path = next(evidence_stores.vault().root.glob(f"o/*/*/{item.blob_id}"))
    path.chmod(0o600)
    path.write_bytes(b"forged")
    with pytest.raises(BlobChanged):
        derive_item(actor=newsroom.investigator, item=item)
    assert reloaded(item).blob.fixity == "changed"
    assert queries.text_layers(reloaded(item)) == []


def test_job_reads_the_item_in_the_background(newsroom):
    item = newsroom.log()
    run = JobRun.objects.get()
    assert (run.title, run.case, run.started_by) == ("Read E-1", newsroom.case, newsroom.investigator)
    run_jobs()
    run.refresh_from_db()
    assert run.state == JobState.SUCCEEDED
    assert queries.readable_text(newsroom.viewer, reloaded(item)).text == "The first exhibit.\n"


def test_job_over_a_missing_original_fails_with_the_reason_and_is_not_tried_again(newsroom):
    item = newsroom.log()
    next(evidence_stores.vault().root.glob(f"o/*/*/{item.blob_id}")).unlink()
    run_jobs()
    run = JobRun.objects.get(task="evidence.derive_item")
    assert (run.state, run.attempts) == (JobState.FAILED, 1)
    assert "missing" in run.message
    assert reloaded(item).blob.fixity == "missing"


def test_viewer_cannot_derive(newsroom):
    with pytest.raises(NotAllowed):
        derive_item(actor=newsroom.viewer, item=newsroom.log())


def test_derived_event_names_what_was_made(newsroom):
    newsroom.log(derive=True)
    event = Event.objects.get(action="item_derived")
    assert json.loads(event.entry)["payload_sha256"]


# --- the store of derivatives


def test_derivative_that_was_changed_or_lost_is_none(tmp_path):
    store = DerivativeStore(tmp_path / "derivatives")
    source = tmp_path / "made"
    source.write_bytes(b"pixels")
    sha256, size = store.put(source)
    assert size == 6
    with store.open(sha256) as stream:
        assert stream.read() == b"pixels"
    path = tmp_path / "derivatives" / sha256[:2] / sha256
    path.chmod(0o600)
    path.write_bytes(b"<svg onload=...>")
    assert store.open(sha256) is None
    path.unlink()
    path.symlink_to(source)
    assert store.open(sha256) is None


def test_derivative_is_found_by_a_hash_only(tmp_path):
    with pytest.raises(ValueError, match="hexadecimal"):
        DerivativeStore(tmp_path).open("../../etc/passwd")


def test_derivative_put_again_replaces_a_damaged_one(tmp_path):
    store = DerivativeStore(tmp_path / "derivatives")
    source = tmp_path / "made"
    source.write_bytes(b"pixels")
    sha256, _ = store.put(source)
    path = tmp_path / "derivatives" / sha256[:2] / sha256
    path.chmod(0o600)
    path.write_bytes(b"damaged")
    store.put(source)
    with store.open(sha256) as stream:
        assert stream.read() == b"pixels"


def test_item_without_bytes_has_nothing_to_derive_from(newsroom):
    item = Item(case=newsroom.case, derived_at=None)
    assert queries.text_layers(item) == []
    assert queries.derivative_of(item, DerivativeOperation.THUMBNAIL) is None
