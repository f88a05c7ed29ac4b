"""A follow list as its file holds it, in the child process that `evidence.parsers.sandbox` shuts in."""

from pathlib import Path
from typing import BinaryIO

from cases.exceptions import CaseworkError
from evidence.parsers.refusals import Refused
from posts.formats import follow_lists
from posts.records import Place

SHOWN_REJECTED = 100


def parse(stream: BinaryIO) -> dict:
    """The entries as lists of their values, the first refusals, the counts, and what the file says of itself."""
    try:
        found = follow_lists.read(Path(f"/proc/self/fd/{stream.fileno()}"))
    except CaseworkError as error:
        raise Refused(str(error)) from error
    told = found.told
    return {
        "entries": [[*entry[:4], *_place(entry.place)] for entry in found.entries],
        "rejections": [f"{one.place}: {one.reason}" for one in found.rejections[:SHOWN_REJECTED]],
        "rejected": len(found.rejections),
        "duplicates": found.duplicates,
        "told": {
            "platform": told.platform,
            "account": told.account,
            "direction": told.direction,
            "observed_at": told.observed_at.isoformat() if told.observed_at else "",
            "goes_on": told.goes_on,
        },
    }


def _place(place: Place) -> tuple[int, int]:
    return place.line, place.item
