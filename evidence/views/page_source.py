"""The source of a preserved page, as text to read: what hides in it is seen, and nothing of it runs (AUDIT 3, A53)."""

import re

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cases.exceptions import InvalidInput
from evidence import queries
from evidence.actions.reading import original
from evidence.filenames import shown
from evidence.parsers import media_types

MARKUP = (media_types.HTML, media_types.SVG)
SHOWN_BYTES = 1024**2
# Its hash is checked before anything is shown, and nobody waits for that of a film that begins like a page.
LONGEST_BYTES = 50 * 1024**2
UNUSUAL = re.compile(r"[^\t\n\r -~]+")


# Outside the request's transaction, as all reading of originals: the record of a damaged one outlives the refusal.
@transaction.non_atomic_requests
@require_GET
def page_source(request: HttpRequest, ref: str, exhibit: int) -> HttpResponse:
    """The checked bytes of a page or drawing as escaped text; the reading goes into the chain of custody."""
    item = queries.get_item(request.user, ref, exhibit)
    if item.blob is None or item.blob.media_type not in MARKUP:
        raise InvalidInput("Only preserved pages and drawings have a source to show.")
    if item.blob.size > LONGEST_BYTES:
        raise InvalidInput("This page is too long to be shown: download the original.")
    with original(actor=request.user, item=item, purpose="Read its source") as stream:
        content = stream.read(SHOWN_BYTES)
    context = {
        "case": item.case,
        "nav": "evidence",
        "item": item,
        "source": as_text(content),
        "shown": len(content),
    }
    return render(request, "evidence/page_source.html", context)


def as_text(content: bytes) -> str:
    r"""`content` as UTF-8, or as the UTF-16 that its mark announces; any other byte is written out, as \xe9.

    Characters that hide or turn text around are named (Boucher and Anderson, "Trojan Source", 2021).
    """
    encoding = "utf-16" if content.startswith(media_types.BYTE_ORDER_MARKS[1:]) else "utf-8-sig"
    return UNUSUAL.sub(lambda found: shown(found[0]), content.decode(encoding, "backslashreplace"))
