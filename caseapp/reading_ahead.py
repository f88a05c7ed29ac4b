"""Slow senders wait before Django begins: they hold a thread of the web server, and no database connection (F15).

A proxy that buffers requests, as production has, does the same; the machine that `make run` serves has none.
"""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from django.conf import settings

# Forms and JSON. Files are streams, read by the views that store them.
READ_AHEAD = {"application/json", "application/x-www-form-urlencoded"}
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def read_ahead(application: Application) -> Application:
    """`application` behind the reading of small bodies; one that breaks off is answered with 400, unseen by Django."""

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if length := _small_length(environ):
            body = _read(environ["wsgi.input"], length)
            if len(body) < length:
                start_response("400 Bad Request", [("Content-Type", "text/plain"), ("Content-Length", "0")])
                return [b""]
            environ["wsgi.input"] = BytesIO(body)
        return application(environ, start_response)

    return serve


def _small_length(environ: dict[str, Any]) -> int:
    """How much to read ahead: nothing of streams, nor of what is refused for its size anyway."""
    length = environ.get("CONTENT_LENGTH") or ""
    media_type = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if media_type not in READ_AHEAD or not (length.isascii() and length.isdigit()):
        return 0
    return int(length) if int(length) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE else 0


def _read(stream: Any, length: int) -> bytes:
    body = bytearray()
    try:
        while len(body) < length and (block := stream.read(length - len(body))):
            body += block
    except OSError:  # the client left
        pass
    return bytes(body)
