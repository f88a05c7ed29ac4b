"""PDF documents: the text of each page with its place in the whole, and what the document says about itself.

Scripts, launch actions and embedded files in a document are neither run nor followed: only text is read.
"""

from typing import BinaryIO

import pypdfium2

from evidence.parsers.refusals import Refused
from evidence.parsers.texts import LONGEST, clean

MOST_PAGES = 2_000
BETWEEN_PAGES = "\n\n"
UNPRINTED = {ord("\x02"): "-", 0xFFFE: "-", 0xFFFF: None}


def parse(stream: BinaryIO) -> dict:
    """The text, `pages` as [start, end] into it, the number of pages, and the document's own title, author, dates."""
    document = open_document(stream)
    total = len(document)
    if not total:
        raise Refused("The document has no pages.")
    text, pages, problems = _text(document, min(total, MOST_PAGES))
    if total > len(pages):
        problems.append(f"Only the first {len(pages):,} of {total:,} pages were read.")
    if not text.strip():
        problems.append("The document holds no text: its pages are pictures.")
    about = {key.lower(): value[:500] for key, value in document.get_metadata_dict(skip_empty=True).items()}
    return {"text": text, "pages": pages, "page_count": total, "problems": problems, "about": about}


def open_document(stream: BinaryIO) -> pypdfium2.PdfDocument:
    """The document; raises Refused when it is locked or damaged."""
    try:
        return pypdfium2.PdfDocument(stream)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Refused("The document is locked by a password.") from error
        raise Refused("The document is damaged: it cannot be opened as a PDF.") from error


def _text(document: pypdfium2.PdfDocument, count: int) -> tuple[str, list[list[int]], list[str]]:
    pieces, pages, problems, start = [], [], [], 0
    for number in range(count):
        piece = _page(document, number, problems)
        pieces.append(piece)
        pages.append([start, start + len(piece)])
        start += len(piece) + len(BETWEEN_PAGES)
        if start > LONGEST:
            problems.append(f"Reading stopped after page {number + 1:,}: more than {LONGEST:,} characters.")
            break
    return BETWEEN_PAGES.join(pieces), pages, problems


def _page(document: pypdfium2.PdfDocument, number: int, problems: list[str]) -> str:
    try:
        page = document[number]
        text = page.get_textpage().get_text_range()
    except pypdfium2.PdfiumError:
        problems.append(f"Page {number + 1:,} is damaged and could not be read.")
        return ""
    text, found = clean(text.translate(UNPRINTED).encode("utf-8", "replace").decode("utf-8"))
    problems.extend(f"Page {number + 1:,}: {problem}" for problem in found)
    return text
