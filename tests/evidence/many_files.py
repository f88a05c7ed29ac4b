"""Stands in for a parser inside of the real child: reads many files, each with the parser that its bytes call for."""

import base64
import io
import json
from typing import BinaryIO

from evidence.parsers import images, media_types, pdfs, texts
from evidence.parsers.refusals import Refused

READERS = dict.fromkeys(media_types.PICTURES, images) | {media_types.PDF: pdfs, media_types.TEXT: texts}


def parse(stream: BinaryIO) -> dict:
    """One outcome for each file of a JSON list in Base64: read, declined, or what went wrong."""
    return {"outcomes": [_outcome(base64.b64decode(content)) for content in json.load(stream)]}


def _outcome(content: bytes) -> str:
    reader = READERS.get(media_types.detect(content[: media_types.HEAD]))
    try:
        return "read" if reader and reader.parse(io.BytesIO(content)) else "declined"
    except Refused:
        return "declined"
    except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
        return repr(error)
