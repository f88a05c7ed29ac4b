"""FollowTheMoney, schema.org, PROV, the source grid and the document, each read back by somebody else's program."""

import csv
import dataclasses
import io
import json
import zipfile

import pytest
from docx import Document
from followthemoney import model
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook
from prov.model import ProvDocument

from claims.enums import VersionState
from claims.exports.formats import FORMATS
from claims.exports.ftm import lines
from claims.exports.grid import HEADER, csv_bytes, rows, xlsx_bytes
from claims.exports.jsonld import graph
from claims.exports.material import Material, gather
from claims.exports.parts import handle_of, printable
from claims.exports.provenance import document
from claims.exports.report import docx_bytes
from tests.exports.test_stix import only_claim
from tests.factories.story import HOSTILE

pytestmark = pytest.mark.xdist_group("exports")

INSIDE = ("for colleagues only", "working note, not for readers", "Person1", "user:Person", "@newsroom.example")


def entities(material: Material) -> list[dict]:
    return [json.loads(line) for line in lines(material).splitlines()]


def check_entity(data: dict) -> None:
    """Raise unless the library takes the entity as it stands: schema, required properties, and each value."""
    schema = model.get(data["schema"])
    assert not schema.abstract, data["schema"]
    schema.validate(data)
    for name, values in data["properties"].items():
        prop = schema.get(name)
        assert not prop.stub, f"{data['schema']}.{name}"
        for value in values:
            assert prop.type.clean(value) is not None, f"{data['schema']}.{name}: {value!r}"


# --- FollowTheMoney


@pytest.mark.parametrize("scope", ["published", "case"])
def test_entities_are_valid_by_the_library(story, scope):
    made = entities(gather(story.case, scope))
    for entity in made:
        check_entity(entity)
    known = {entity["id"]: model.get(entity["schema"]) for entity in made}
    for entity in made:
        for name, values in entity["properties"].items():
            wanted = model.get(entity["schema"]).get(name).range
            assert all(wanted is None or known[value].is_a(wanted) for value in values), (entity["id"], name)


def test_account_has_an_owner_only_where_that_is_published(published, working):
    def owners(material: Material) -> list:
        return [row["properties"].get("owner") for row in entities(material) if row["schema"] == "UserAccount"]

    assert sum(owner is not None for owner in owners(published)) == 1
    drafted = dataclasses.replace(working, claims=[claim | {"state": "draft"} for claim in working.claims])
    assert owners(drafted) == [None, None]


@pytest.mark.parametrize(
    ("kind", "schema"), [("state_body", "Occupancy"), ("party", "Membership"), ("company", "Employment")]
)
def test_role_is_a_post_a_membership_or_employment(published, kind, schema):
    body = published.claims[1]["object"]["id"]
    made = entities(dataclasses.replace(published, organisation_kinds={body: kind}))
    (role,) = [row for row in made if row["schema"] in ("Occupancy", "Membership", "Employment")]
    assert role["schema"] == schema
    for entity in made:
        check_entity(entity)


# --- schema.org


def test_reviews_are_of_published_claims_and_rate_the_likelihood(story, working):
    found = json.loads(graph(working))["@graph"]
    assert [review["claimReviewed"] for review in found] == [
        claim["statement"] for claim in working.claims if claim["state"] == VersionState.PUBLISHED
    ]
    first = found[0]
    assert first["@type"] == "ClaimReview"
    assert (first["reviewRating"]["ratingValue"], first["reviewRating"]["bestRating"]) == (5, 7)
    assert len(first["itemReviewed"]["appearance"]) == 3
    assert [work["name"] for work in first["itemReviewed"]["contradictedBy"]] == ["A denial"]


@pytest.mark.parametrize(
    ("predicate", "category"),
    [("media_composed_of", "TransformedContent"), ("media_reused_in", "DecontextualizedContent")],
)
def test_claims_about_pictures_have_a_media_review(published, predicate, category):
    exhibit = published.exhibits[1]
    subject = {"type": "item", "id": exhibit["item"], "label": "Exhibit E-1"}
    material = only_claim(published, 1, predicate=predicate, subject=subject)
    claim_review, media = json.loads(graph(material))["@graph"]
    assert (claim_review["@type"], media["@type"]) == ("ClaimReview", "MediaReview")
    assert (media["mediaAuthenticityCategory"], media["itemReviewed"]["sha256"]) == (category, exhibit["sha256"])


# --- PROV


def read_prov(material: Material) -> ProvDocument:
    return ProvDocument.deserialize(content=document(material).decode(), format="json")


def test_provenance_is_read_by_the_library_and_names_every_step(published):
    found = read_prov(published)
    steps = {str(value) for record in found.records for value in record.get_asserted_types()}
    assert {"case:claim_submitted", "case:claim_approved", "case:claim_published", "prov:Quotation"} <= steps
    raw = json.loads(document(published))
    assert len(raw["entity"]) == len(published.exhibits) + 2 * len(published.claims) + len(list(published.citations()))
    generated = [row["prov:entity"] for row in raw["wasGeneratedBy"].values()]
    assert len(generated) == len(set(generated)) == len(published.exhibits) + len(published.claims)


def test_provenance_refers_to_nothing_that_it_does_not_describe(working):
    raw = json.loads(document(working))
    known = {name for kind in ("entity", "activity", "agent") for name in raw[kind]}
    relations = [row for kind, rows in raw.items() if kind.startswith(("was", "used", "spec")) for row in rows.values()]
    named = {value for row in relations for end, value in row.items() if end != "prov:type"}
    assert named <= known


def test_published_provenance_tells_no_step_that_the_dossier_hides(published, working):
    def labels(material: Material) -> set[str]:
        return {row["prov:label"] for row in json.loads(document(material))["activity"].values()}

    assert "citation graded" in labels(working) or "citation added" in labels(working)
    assert not labels(published) & {"citation graded", "citation added", "claim created"}


# --- grid


def test_grid_has_a_row_per_citation_and_shows_the_gaps(published, working):
    header, *found = csv.reader(io.StringIO(csv_bytes(published).decode("utf-8-sig")))
    assert header == list(HEADER)
    assert len(found) == len(list(published.citations()))
    first = dict(zip(header, found[0], strict=True))
    assert (first["claim"], first["quote"], first["place"]) == (
        "C-1",
        "The radio linked it to Esmira Xalil",
        "characters 62-97",
    )
    assert (first["reliability"], first["credibility"], first["origin"]) == ("B", "2", "The radio's investigation")
    assert first["evidence_sha256"] == published.exhibits[1]["sha256"]
    bare = only_claim(working, 1, citations=[])
    (gap,) = rows(bare)
    assert gap[0] == "C-1"
    assert set(gap[8:]) == {""}


def test_workbook_holds_the_same_cells_and_no_formula(working):
    sheet = load_workbook(io.BytesIO(xlsx_bytes(working))).active
    header, *found = sheet.iter_rows()
    assert [cell.value for cell in header] == list(HEADER)
    assert {cell.data_type for row in found for cell in row} <= {"s", "n", "inlineStr"}
    quotes = [row[HEADER.index("quote")].value for row in found]
    assert printable(HOSTILE) in quotes
    assert len(found) == len(list(rows(working)))


# --- document


def test_document_reads_as_the_dossier_does(published):
    pages = Document(io.BytesIO(docx_bytes(published)))
    words = "\n".join(paragraph.text for paragraph in pages.paragraphs)
    for claim in published.claims:
        assert all(claim[name] in words for name in ("statement", "public_text", "content_sha256"))
    for _, citation in published.citations():
        assert f"“{citation['exact']}”" in words
    assert [row.cells[0].text for row in pages.tables[0].rows] == [step["term"] for step in published.scale["steps"]]
    assert (pages.core_properties.author, pages.core_properties.title) == ("", published.case.title)


def test_document_of_working_claims_says_so(working, published):
    first = [Document(io.BytesIO(docx_bytes(material))).paragraphs[1].text for material in (working, published)]
    assert [words.startswith("Working paper") for words in first] == [True, False]


# --- all of them


@pytest.mark.parametrize("found", FORMATS, ids=lambda found: found.name)
def test_nothing_that_stays_inside_is_in_a_published_export(published, found):
    """The same as for the dossier: comments, notes, names of colleagues, and claims that are not published."""
    made = found.write(published)
    if found.name in ("grid_xlsx", "docx"):
        made = unpacked(made)
    text = made.decode("utf-8", "replace")
    for words in (*INSIDE, "&lt;script&gt;", "<script>", "suspended\n"):
        assert words not in text, words


def unpacked(package: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


@given(st.text())
def test_printable_text_fits_into_xml_and_only_loses_what_does_not(text):
    element = etree.Element("t")
    element.text = printable(text)
    kept = [one for one, other in zip(text, element.text, strict=True) if one == other]
    assert "".join(kept) == text.translate(dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF]))


@given(st.text(min_size=1), st.sampled_from(["X (Twitter)", "Facebook", "Other"]))
def test_handle_is_read_off_the_label_as_it_was_written(handle, platform):
    assert handle_of({"label": f"@{handle} on {platform}", "platform": platform}) == handle
    assert handle_of({"label": f"{platform} account 1001", "platform": platform}) == ""
