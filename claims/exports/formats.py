"""The formats in which claims leave the house: what each is for, and what writes it."""

from collections.abc import Callable
from dataclasses import dataclass

from cases.exceptions import NotVisible
from claims.exports import ftm, grid, jsonld, provenance, report, stix
from claims.exports.material import Material


@dataclass(frozen=True)
class Format:
    """One format by its short name; `purpose` completes the sentence "Take it for ..."."""

    name: str
    label: str
    purpose: str
    ending: str
    media_type: str
    write: Callable[[Material], bytes]
    # A format of reviews: what was not published was not reviewed for anybody.
    published_only: bool = False


_WORD = "application/vnd.openxmlformats-officedocument"
FORMATS = (
    Format(
        "stix",
        "STIX 2.1 bundle",
        "platforms of threat intelligence such as OpenCTI or MISP: accounts, identities and graded relationships.",
        "stix.json",
        "application/stix+json;version=2.1",
        stix.bundle,
    ),
    Format(
        "ftm",
        "FollowTheMoney entities",
        "Aleph and other investigative databases: people, organisations, posts held, documents as proof.",
        "ftm.json",
        "application/json-seq",
        ftm.lines,
    ),
    Format(
        "claimreview",
        "ClaimReview and MediaReview",
        "search engines and fact-check databases: schema.org JSON-LD. It holds published claims only.",
        "jsonld",
        "application/ld+json",
        jsonld.graph,
        published_only=True,
    ),
    Format(
        "prov",
        "PROV-JSON",
        "archives and courts: who did what with which exhibit, and when, out of the audit log.",
        "prov.json",
        "application/json",
        provenance.document,
    ),
    Format(
        "grid_csv",
        "Source grid, CSV",
        "programs and spreadsheets: one row per citation with quote, place, grades, origin and hash.",
        "sources.csv",
        "text/csv; charset=utf-8",
        grid.csv_bytes,
    ),
    Format(
        "grid_xlsx",
        "Source grid, workbook",
        "the editor's spreadsheet: the same rows as an XLSX workbook without formulas.",
        "sources.xlsx",
        f"{_WORD}.spreadsheetml.sheet",
        grid.xlsx_bytes,
    ),
    Format(
        "docx",
        "Dossier as a document",
        "comments on paper and the court's annex: claims, quotes and sources as a Word document.",
        "docx",
        f"{_WORD}.wordprocessingml.document",
        report.docx_bytes,
    ),
)
_BY_NAME = {found.name: found for found in FORMATS}


def get_format(name: str) -> Format:
    """The format of that name; NotVisible, like any other address that leads nowhere, when there is none."""
    try:
        return _BY_NAME[name]
    except KeyError:
        raise NotVisible(f"There is no format {name[:40]!r}.") from None
