"""The source grid: one row per citation, for the editor's spreadsheet and the court's annex."""

import csv
import io
from collections.abc import Iterator

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from cases.csv import safe_cell
from claims.exports.material import Material
from claims.exports.parts import partial, printable

HEADER = (
    *("claim", "version", "state", "statement", "likelihood", "band", "confidence", "origins_of_claim"),
    *("stance", "quote", "translation", "place", "found_in_copy", "objection"),
    *("exhibit", "title", "author", "publisher", "published", "accessed_utc", "url", "archived_url"),
    *("source", "reliability", "credibility", "access", "origin", "evidence_sha256", "region_sha256"),
)
# What one cell of a workbook holds at most (ECMA-376 names 32,767 characters).
_LONGEST_CELL = 32_767


def csv_bytes(material: Material) -> bytes:
    """The grid as CSV in UTF-8 that no spreadsheet runs."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows([safe_cell(value) for value in row] for row in rows(material))
    # The mark tells spreadsheets that the file is UTF-8.
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def xlsx_bytes(material: Material) -> bytes:
    """The grid as a workbook whose cells are text and numbers, never formulas; quotes stay as they are."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sources")
    sheet.freeze_panes = "A2"
    sheet.append(list(HEADER))
    for row in rows(material):
        sheet.append([_cell(sheet, value) for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def rows(material: Material) -> Iterator[tuple]:
    """One row per citation in the order of HEADER; a claim without a citation has one row that shows the gap."""
    for claim in material.claims:
        said = _claim(claim)
        for citation in claim["citations"]:
            yield said + _citation(citation) + _evidence(material, citation)
        if not claim["citations"]:
            yield said + ("",) * (len(HEADER) - len(said))


def _claim(claim: dict) -> tuple:
    likelihood = claim["likelihood"] or {"term": "", "band": ""}
    return (
        *(f"C-{claim['number']}", claim["version"], claim["state"], claim["statement"]),
        *(likelihood["term"], likelihood["band"], claim["confidence"], claim["origins"]["origins"]),
    )


def _citation(citation: dict) -> tuple:
    found = "yes" if citation["verified"] else "no"
    return (
        citation["stance"],
        citation["exact"],
        citation["translation"],
        _place(citation),
        found,
        citation["objection"],
    )


def _place(citation: dict) -> str:
    """Where in the exhibit: the page, the characters of the text layer, or the region."""
    if citation["region"]:
        return citation["region"]
    page = f"page {citation['page']}, " if citation["page"] else ""
    start, end = citation["start"], citation["end"]
    return f"{page}characters {start}-{end}" if start is not None else page.removesuffix(", ")


def _evidence(material: Material, citation: dict) -> tuple:
    exhibit, source = material.exhibit(citation), material.source(citation) or {}
    published = partial(exhibit["published_at"], exhibit["published_precision"]) or exhibit["no_date_reason"]
    origin = (source.get("origin") or {}).get("label", "not determined")
    return (
        *(f"E-{exhibit['exhibit']}", exhibit["title"], exhibit["author"], exhibit["publisher"], published),
        *(exhibit["captured_at"], exhibit["original_url"], exhibit["archived_url"]),
        *(source.get("name", ""), source.get("reliability", ""), citation["credibility"], citation["access"], origin),
        *(exhibit["sha256"] or "", citation["region_sha256"]),
    )


def _cell(sheet: object, value: object) -> WriteOnlyCell:
    if isinstance(value, int):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, printable(value)[:_LONGEST_CELL])
    cell.data_type = "s"
    return cell
