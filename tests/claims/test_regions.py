"""A region of a picture, cited by the hash of its pixels, and a passage of a document, cited with its page."""

import io

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.html import escape
from PIL import Image

from claims.actions.citations import cite, edit_citation
from claims.queries import gate_report
from evidence.actions.derivatives import derive_item
from evidence.actions.items import log_file
from evidence.actions.pictures import scan_blob
from evidence.details import Details
from evidence.models import Item, WaitingForMatches
from evidence.regions import region_sha256
from tests.claims.test_walls import sql
from tests.evidence.samples import pdf
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


FORGERIES = {
    "hash of other pixels": "UPDATE claims_citation SET region_sha256 = repeat('a', 64) WHERE id = %s",
    "other place": "UPDATE claims_citation SET region = 'xywh=percent:60,0,40,100' WHERE id = %s",
    "no place at all": "UPDATE claims_citation SET region = 'xywh=percent:0' WHERE id = %s",
}


@pytest.mark.parametrize("way", FORGERIES)
def test_region_whose_pixels_have_another_hash_does_not_count(world, picture, way):
    """The gate looks at the picture itself, not only at what the citation says that somebody saw there."""
    version = make_draft(world, cited=False)
    drawn = cite(actor=world.author, version=version, item=picture, region="xywh=percent:0,0,40,100")
    sql(FORGERIES[way], drawn.pk)
    report = gate_report(world.newest(version))
    assert report.facts.counted == ()
    assert "G-02" in {entry.rule.id for entry in report.missing}


def test_region_of_a_text_does_not_count(world):
    """There are no pixels in a text, whatever hash is written beside it: neither for the gate nor for PostgreSQL."""
    version = make_draft(world, cited=False)
    found = cite(actor=world.author, version=version, item=world.radio_text, exact="@esmirak")
    sql(
        "UPDATE claims_citation SET selector_type = 'region', exact = '', region = 'xywh=percent:0,0,40,100',"
        " region_sha256 = repeat('a', 64) WHERE id = %s",
        found.pk,
    )
    assert gate_report(world.newest(version)).facts.counted == ()
    with connection.cursor() as cursor:
        cursor.execute("SELECT claims_citation_counts(c) FROM claims_citation c WHERE id = %s", [found.pk])
        assert cursor.fetchone() == (False,)


@pytest.fixture
def report(world) -> Item:
    """A document whose second page is one picture, red on the left and blue on the right."""
    pages = [Image.new("RGB", (400, 200), "white"), Image.new("RGB", (400, 200), "red")]
    pages[1].paste("blue", (200, 0, 400, 200))
    content = io.BytesIO()
    pages[0].save(content, "PDF", save_all=True, append_images=pages[1:])
    content.seek(0)
    details = Details(title="The report", source=world.radio, language="en", no_date_reason="Undated.", publisher="X")
    item = log_file(actor=world.author, case=world.case, stream=content, file_name="report.pdf", details=details)
    scan_blob(item.blob)
    WaitingForMatches.objects.filter(item=item).delete()
    return derive_item(actor=world.author, item=item)


def counts(citation) -> bool:
    """What PostgreSQL says of a citation, which holds against whoever writes rows past the gate."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT claims_citation_counts(c) FROM claims_citation c WHERE id = %s", [citation.pk])
        return cursor.fetchone()[0]


@pytest.mark.parametrize("part", ["page=2", "page=2&picture=2"])
def test_region_of_a_picture_in_a_document_is_bound_to_its_pixels(world, report, part):
    version = make_draft(world, cited=False)
    left, right = (
        cite(actor=world.author, version=version, item=report, region=f"{part}&xywh=percent:{x},10,30,80")
        for x in (5, 65)
    )
    assert (left.verified, right.verified, left.part) == (True, True, part)
    assert left.region_sha256 != right.region_sha256
    assert (counts(left), counts(right)) == (True, True)
    assert {one.region for one in gate_report(world.newest(version)).facts.counted} == {left.region, right.region}


@pytest.mark.parametrize("part", ["", "page=3&", "t=1&"])
def test_region_of_a_picture_that_the_document_does_not_hold_is_not_verified(world, report, part):
    version = make_draft(world, cited=False)
    drawn = cite(actor=world.author, version=version, item=report, region=f"{part}xywh=percent:0,0,40,100")
    assert (drawn.verified, drawn.region_sha256) == (False, "")
    sql("UPDATE claims_citation SET verified = true, region_sha256 = repeat('a', 64) WHERE id = %s", drawn.pk)
    assert gate_report(world.newest(version)).facts.counted == ()
    assert counts(drawn) == part.startswith("page=")


def test_picture_that_was_not_read_for_this_exhibit_yet_is_not_there(world, report):
    """Somebody else's reading of the same bytes would tell that they have them."""
    WaitingForMatches.objects.create(item=report, case=world.case)
    drawn = cite(
        actor=world.author, version=make_draft(world, cited=False), item=report, region="page=2&xywh=percent:5,10,30,80"
    )
    assert not drawn.verified


def test_pictures_of_a_document_are_offered_and_drawn_on(world, report, client):
    version = make_draft(world, cited=False)
    drawn = cite(actor=world.author, version=version, item=report, region="page=2&xywh=percent:5,10,30,80")
    client.force_login(world.author)
    address = reverse("claims:cite", args=[world.case.ref, report.exhibit])
    plain = client.get(address).content.decode()
    assert 'href="?picture=page%3D2"' in plain
    assert "data-region-cite" not in plain
    page = client.get(address, {"picture": "page=2"}).content.decode()
    assert 'data-part="page=2"' in page
    assert f"/evidence/{report.exhibit}/pictures/page-1.webp" in page
    mending = client.get(reverse("claims:citation", args=[world.case.ref, drawn.pk])).content.decode()
    assert 'data-part="page=2"' in mending
    assert f'data-region="{escape(drawn.region)}"' in mending


def test_passage_of_a_document_is_cited_with_its_page(world):
    pages = ("The committee met in May.", "The account was suspended by the platform.")
    details = Details(title="The report", source=world.radio, language="en", no_date_reason="Undated.", publisher="X")
    stream = io.BytesIO(pdf(*pages))
    item = log_file(actor=world.author, case=world.case, stream=stream, file_name="report.pdf", details=details)
    item = derive_item(actor=world.author, item=item)
    version = make_draft(world, cited=False)
    for exact, page in ((pages[1], 2), ("committee met in May", 1)):
        found = cite(actor=world.author, version=version, item=item, exact=exact)
        assert (found.verified, found.page) == (True, page)
    missed = cite(actor=world.author, version=version, item=item, exact="The account was suspended by its platform.")
    assert (missed.verified, missed.page, missed.nearest) == (False, None, pages[1])


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
