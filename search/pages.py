"""Pages of hits: a cursor says how many came before. What changes between two pages may show twice, or not."""

import base64
import binascii

from cases.exceptions import InvalidInput

FURTHEST = 10_000


def offset_of(cursor: str) -> int:
    """Raises InvalidInput for a cursor that no page gave out."""
    if not cursor:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise _refusal() from error
    if not text.isdecimal() or len(text) > 5 or int(text) > FURTHEST:
        raise _refusal()
    return int(text)


def cursor_after(offset: int, total: int) -> str:
    """The cursor of the page that begins at `offset`; "" where there is none, or one should rather narrow."""
    if offset >= min(total, FURTHEST):
        return ""
    return base64.urlsafe_b64encode(str(offset).encode()).decode().rstrip("=")


def _refusal() -> InvalidInput:
    return InvalidInput("This cursor is not one that this search gave out.", field="cursor")
