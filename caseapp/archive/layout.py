"""The files of a case archive, and the one byte form of what is in them.

    case.json               format, case, people, and of each other file its size and SHA-256
    tables/<table>.jsonl    a row a line, canonical JSON, in the order of the primary key
    originals/<sha256>      the preserved originals, byte for byte
    audit/log.jsonl         an entry of the log a line, with its payload and its proof
    audit/vkey              the log's public keys, the first one first
    audit/imported/<n>.*    logs of installations that the case came through before

The content of the case is `case.json` without the audit files: two archives hold the same case where its `content` is
the same hash.
"""

import hashlib
import json
import re
from typing import Any

FORMAT = "caseapp-case/1"
CASE = "case.json"
LOG, VKEY = "audit/log.jsonl", "audit/vkey"
SAFE_NAME = re.compile(
    r"case\.json|tables/[a-z_]{1,60}\.jsonl|originals/[0-9a-f]{64}|audit/(?:log\.jsonl|vkey)"
    r"|audit/imported/[1-9][0-9]{0,3}\.(?:jsonl|vkey)"
)


class ArchiveError(Exception):
    """Why an archive cannot be made or is refused, for a person to read; `name` is the file, where one is to blame."""

    def __init__(self, message: str, *, name: str = "") -> None:
        super().__init__(f"{name}: {message}" if name else message)
        self.name = name


def canonical(value: Any) -> bytes:
    """The one byte form; unlike the log's it takes any key and number that PostgreSQL keeps."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def content_digest(manifest: dict) -> str:
    """SHA-256 over all of the case but its logs, which go on in every house it comes to."""
    files = {name: about for name, about in manifest["files"].items() if not name.startswith("audit/")}
    return hashlib.sha256(
        canonical({"case": manifest["case"], "people": manifest["people"], "files": files})
    ).hexdigest()
