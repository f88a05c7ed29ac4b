"""How evidence leaves the house: as a file to save, never as a page that runs (AUDIT 3, ATTACKS A34, A35, A53)."""

from collections.abc import Iterator
from contextlib import ExitStack

from django.http import FileResponse, StreamingHttpResponse

from cases.models import User
from evidence.actions.reading import note_look, original
from evidence.enums import DerivativeOperation
from evidence.filenames import attachment_header
from evidence.files import BLOCK
from evidence.models import Item
from evidence.parsers import media_types
from evidence.permissions import check_read_item
from evidence.queries import derivative_of
from evidence.stores import derivatives

# What a browser may be told of an original. Everything else, markup above all, is just bytes to it.
TOLD = {*media_types.PICTURES, media_types.PDF}
TEXT = "text/plain; charset=utf-8"
TYPES = sorted({*TOLD, media_types.TEXT, media_types.UNKNOWN})
SANDBOX = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-site",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "private, no-store",
}


def original_response(actor: User, item: Item) -> StreamingHttpResponse:
    """The checked original as a download, a block at a time; the reading is on record before the first byte leaves."""
    stack = ExitStack()
    stream = stack.enter_context(original(actor=actor, item=item))

    def body() -> Iterator[bytes]:
        with stack:
            while block := stream.read(BLOCK):
                yield block

    response = StreamingHttpResponse(body(), content_type=told_type(item.blob.media_type))
    response._resource_closers.append(stack.close)
    response["Content-Length"] = str(item.blob.size)
    response["Content-Disposition"] = attachment_header(item.file_name, f"{item.case.ref}-E-{item.exhibit}.bin")
    response["Digest"] = f"sha-256={item.blob_id}"
    return _sandboxed(response)


def told_type(media_type: str) -> str:
    """The content type of an original: our own short table, else a bare stream of bytes."""
    if media_type == media_types.TEXT:
        return TEXT
    return media_type if media_type in TOLD else media_types.UNKNOWN


def picture_response(actor: User, item: Item, operation: str) -> FileResponse | None:
    """A rendition or thumbnail, which our own parser wrote, to be shown in a page; None where there is none."""
    check_read_item(actor, item)
    made = derivative_of(item, DerivativeOperation(operation))
    stream = derivatives().open(made.sha256) if made else None
    if stream is None:
        return None
    note_look(actor=actor, item=item, purpose="Looked at its picture")
    response = FileResponse(stream, content_type=made.media_type)
    return _sandboxed(response)


def made_response(actor: User, item: Item, sha256: str) -> FileResponse | None:
    """A picture that our own parser made of a part of an exhibit, under its hash; None where there is none."""
    check_read_item(actor, item)
    stream = derivatives().open(sha256) if sha256 else None
    return _sandboxed(FileResponse(stream, content_type="image/webp")) if stream else None


def _sandboxed(response):
    for name, value in SANDBOX.items():
        response[name] = value
    return response
