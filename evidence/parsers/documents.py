"""The pictures of a PDF: those embedded in its pages, and each page that holds one as it is printed.

A page is rendered besides its embedded pictures because producers cut one picture into strips, and lay text over it.
"""

from collections.abc import Iterator
from typing import BinaryIO

import pypdfium2
from PIL import Image

from evidence.parsers.images import MOST_PIXELS
from evidence.parsers.pdfs import open_document
from evidence.parsers.pictures import Held

MOST_PAGES = 200
LEAST_SIDE = 64
PAGE_PIXELS = 1_000_000
IMAGE = pypdfium2.raw.FPDF_PAGEOBJ_IMAGE


def pictures_of_document(stream: BinaryIO) -> Iterator[Held]:
    """Page by page: the page as printed, then the pictures in it that are large enough to be one."""
    document = open_document(stream)
    for number in range(min(len(document), MOST_PAGES)):
        try:
            page = document[number]
            objects = list(page.get_objects(filter=[IMAGE], max_depth=4))
            embedded = [image for image in map(_embedded, objects) if image is not None]
            printed = _printed(page) if objects else None
        except pypdfium2.PdfiumError:
            continue
        if printed is not None:
            yield Held("page", printed, page=number + 1)
        for image in embedded:
            yield Held("embedded", image, page=number + 1)


def _printed(page: pypdfium2.PdfPage) -> Image.Image | None:
    width, height = page.get_size()
    if min(width, height) < 1:
        return None
    scale = min(4.0, (PAGE_PIXELS / (width * height)) ** 0.5)
    return page.render(scale=scale).to_pil()


def _embedded(found: pypdfium2.PdfImage) -> Image.Image | None:
    width, height = found.get_px_size()
    if min(width, height) < LEAST_SIDE or width * height > MOST_PIXELS:
        return None
    try:
        return found.get_bitmap().to_pil()
    except pypdfium2.PdfiumError:
        return None
