"""A region of a picture, cited by the hash of its pixels."""

import io

import pytest
from PIL import Image

from claims.actions.citations import cite, edit_citation
from claims.queries import gate_report
from evidence.actions.derivatives import derive_item
from evidence.actions.items import log_file
from evidence.details import Details
from evidence.models import Item
from evidence.regions import region_sha256
from tests.factories.claims import World, make_draft


def make_picture(world: World) -> Item:
    """A picture whose left half is red and whose right half is blue."""
    picture = Image.new("RGB", (200, 100), "red")
    picture.paste("blue", (100, 0, 200, 100))
    content = io.BytesIO()
    picture.save(content, "PNG")
    content.seek(0)
    details = Details(title="The montage", source=world.radio, language="en", no_date_reason="Undated.", publisher="X")
    item = log_file(actor=world.author, case=world.case, stream=content, file_name="montage.png", details=details)
    return derive_item(actor=world.author, item=item)


@pytest.fixture
def picture(world) -> Item:
    return make_picture(world)


def test_region_is_bound_to_its_pixels(world, picture):
    version = make_draft(world, cited=False)
    left = cite(actor=world.author, version=version, item=picture, region="xywh=percent:0,0,40,100")
    right = cite(actor=world.author, version=version, item=picture, region="xywh=percent:60,0,40,100")
    assert left.verified
    assert right.verified
    assert len(left.region_sha256) == 64
    assert left.region_sha256 != right.region_sha256
    assert left.region_sha256 == region_sha256(picture, x=0, y=0, w=40, h=100)
    assert "G-02" not in {entry.rule.id for entry in gate_report(world.newest(version)).missing}


def test_moved_region_gets_another_hash(world, picture):
    version = make_draft(world, cited=False)
    drawn = cite(actor=world.author, version=version, item=picture, region="xywh=percent:0,0,40,100")
    before = drawn.region_sha256
    moved = edit_citation(
        actor=world.author, citation=drawn, expected_version=1, changes={"region": "xywh=percent:60,0,40,100"}
    )
    assert (moved.verified, moved.region) == (True, "xywh=percent:60,0,40,100")
    assert moved.region_sha256 != before


def test_smallest_region_has_at_least_one_pixel(picture):
    assert region_sha256(picture, x=99.9, y=99.9, w=0.05, h=0.05)


def test_quote_replaces_a_region_and_the_other_way_round(world, picture):
    version = make_draft(world, cited=False)
    found = cite(actor=world.author, version=version, item=world.radio_text, exact="@esmirak")
    drawn = edit_citation(
        actor=world.author, citation=found, expected_version=1, changes={"region": "xywh=percent:0,0,40,100"}
    )
    assert (drawn.selector_type, drawn.exact, drawn.verified) == ("region", "", False)
    quoted = edit_citation(actor=world.author, citation=drawn, expected_version=2, changes={"exact": "@esmirak"})
    assert (quoted.selector_type, quoted.region, quoted.verified) == ("quote", "", True)
