"""The dossier as a Word document, for those who comment on paper and file in court.

It shows what the dossier's page shows and proves nothing by itself: it says where the proof is.
"""

import io
from datetime import datetime

from docx import Document
from docx.document import Document as Pages

from claims.exports.material import Material, Scope
from claims.exports.parts import partial, printable
from claims.scales import CONFIDENCE_MEANINGS

_PROOF = (
    "This document is for reading. The dossier of the publication carries the proof: its verify.py checks offline "
    "that claims, quotes and log are unchanged. Compare the SHA-256 below with the claim in the dossier."
)
_WORKING = "Working paper: it holds claims that were not approved. It is not for publication."


def docx_bytes(material: Material) -> bytes:
    """The document, in the order of the claims' numbers."""
    pages = Document()
    _describe(pages, material)
    pages.add_heading(printable(material.title), level=0)
    if material.scope == Scope.CASE:
        pages.add_paragraph(_WORKING, style="Intense Quote")
    pages.add_paragraph(printable(f"{material.case.ref}. {_PROOF}"))
    for claim in material.claims:
        _add_claim(pages, material, claim)
    _add_scale(pages, material)
    _add_corrections(pages, material)
    file = io.BytesIO()
    pages.save(file)
    return file.getvalue()


def _describe(pages: Pages, material: Material) -> None:
    """Properties of the file; without an author, which would be the name of whoever pressed the button."""
    properties = pages.core_properties
    properties.title, properties.author = printable(material.title)[:255], ""
    properties.comments, properties.last_modified_by = "", ""
    properties.created = properties.modified = datetime.fromisoformat(material.changed_at)


def _add_claim(pages: Pages, material: Material, claim: dict) -> None:
    pages.add_heading(printable(f"C-{claim['number']} {claim['statement']}"), level=1)
    if claim["public_text"]:
        pages.add_paragraph(printable(claim["public_text"]))
    # Likelihood and confidence never share a sentence (ICD 203).
    for line in _grades(claim):
        pages.add_paragraph(printable(line), style="List Bullet")
    for citation in claim["citations"]:
        _add_citation(pages, material, citation)
    if claim["content_sha256"]:
        pages.add_paragraph(f"SHA-256 of what was submitted: {claim['content_sha256']}")


def _grades(claim: dict) -> list[str]:
    likelihood, counted = claim["likelihood"], claim["origins"]
    found = [f"State: {claim['state']}, version {claim['version']}."]
    found += [f"Likelihood: {likelihood['term']} ({likelihood['band']})."] if likelihood else []
    if claim["confidence"]:
        found.append(f"Analytic confidence: {claim['confidence']} ({CONFIDENCE_MEANINGS[claim['confidence']]}).")
    found.append(f"Sources: {counted['citations']} that support it, going back to {counted['origins']} origins.")
    found += [f"Within these limits: {claim['scope_note']}"] if claim["scope_note"] else []
    found += [f"It assumes: {words}" for words in claim["key_assumptions"]]
    found += [f"It rests on C-{other['number']}: {other['statement']}" for other in claim["rests_on"]]
    return found + [f"C-{number} answers the same question differently." for number in claim["rivals"]]


def _add_citation(pages: Pages, material: Material, citation: dict) -> None:
    exhibit, source = material.exhibit(citation), material.source(citation)
    quote = f"“{citation['exact']}”" if citation["exact"] else f"Region {citation['region']}"
    pages.add_paragraph(printable(quote), style="Quote")
    if citation["translation"]:
        pages.add_paragraph(printable(f"Translation: {citation['translation']} ({citation['translator']})"))
    published = partial(exhibit["published_at"], exhibit["published_precision"]) or exhibit["no_date_reason"] or "n.d."
    graded = f"{source['name']}, {source['reliability'] or '-'}" if source else "source not named, -"
    told = [
        f"{citation['stance'].capitalize()}: {graded}{citation['credibility'] or '-'}",
        f"E-{exhibit['exhibit']} {exhibit['title']}",
        *filter(None, (exhibit["author"], exhibit["publisher"], published, exhibit["original_url"])),
        f"seen {exhibit['captured_at'][:10]}",
        f"SHA-256 {exhibit['sha256']}" if exhibit["sha256"] else "no preserved copy",
    ]
    pages.add_paragraph(printable("; ".join(told) + "."))
    if citation["disposition_note"]:
        pages.add_paragraph(printable(f"The editor on it: {citation['disposition_note']}"))


def _add_scale(pages: Pages, material: Material) -> None:
    pages.add_heading("The words of likelihood", level=1)
    pages.add_paragraph(printable(f"Scale: {material.scale['name']}."))
    table = pages.add_table(rows=0, cols=2)
    table.style = "Light Grid Accent 1"
    for step in material.scale["steps"]:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = step["term"], step["band"]


def _add_corrections(pages: Pages, material: Material) -> None:
    if not material.corrections:
        return
    pages.add_heading("Corrections", level=1)
    for row in material.corrections:
        words = f"C-{row['claim']}, {row['corrected_at'][:10]}, {row['kind']}: {row['public_note']}"
        pages.add_paragraph(printable(words), style="List Bullet")
