"""The part of a log that goes with a case, and checking it without the database it came from.

Each line holds an entry, its payload with its salt where there is one, and its proof. An entry is true to its log when
its hash leads to a root that one of the log's keys signed; its payload when its hash is the one in the entry.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator

from audit import keys, notes
from audit.canonical import parse
from audit.exceptions import NotCanonical
from audit.models import Event
from audit.offline import Refused, verify_proof
from audit.proofs import proofs_for
from caseapp.archive.layout import ArchiveError, canonical

_FIELDS = {"entry", "payload", "salt", "proof"}
_CHUNK = 500


def lines_of(case_id: object) -> Iterator[bytes]:
    """The log of a case, oldest first; raises NotIncluded while one of its entries is not under a signed checkpoint."""
    events = list(Event.objects.filter(case_id=case_id).order_by("id"))
    for start in range(0, len(events), _CHUNK):
        for proof in proofs_for(events[start : start + _CHUNK], with_payload=True):
            yield canonical(
                {
                    "entry": proof.entry.decode(),
                    "payload": None if proof.payload is None else proof.payload.decode(),
                    "salt": None if proof.salt is None else proof.salt.hex(),
                    "proof": proof.tlog_proof.decode(),
                }
            )


def vkeys_text() -> str:
    return "".join(f"{vkey}\n" for vkey in keys.trusted_vkeys())


def check_log(lines: Iterable[bytes], vkeys: list[str], *, name: str) -> Iterator[dict]:
    """Yield the fields of each entry after checking it; raise ArchiveError with the line that does not hold."""
    seen: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines, start=1):
        try:
            yield _checked(line, vkeys, seen)
        except (Refused, NotCanonical, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ArchiveError(f"line {number} is not of the log it claims to be: {error}", name=name) from error


def _checked(line: bytes, vkeys: list[str], seen: dict[str, tuple[int, str]]) -> dict:
    record = json.loads(line)
    if set(record) != _FIELDS:
        raise Refused("its parts are not those of a record")
    entry = record["entry"].encode()
    verify_proof(entry, record["proof"].encode(), vkeys, notes.check_signature)
    fields = parse(entry)
    if record["payload"] is not None:
        digest = hashlib.sha256(bytes.fromhex(record["salt"]) + record["payload"].encode()).hexdigest()
        if digest != fields["payload_sha256"]:
            raise Refused("its payload was changed")
    # Entries about one object are a chain of their own: none may be missing between two others.
    before = seen.get(fields["object"])
    if before and (fields["object_seq"], fields["object_prev"]) != (before[0] + 1, before[1]):
        raise Refused(f"an entry about {fields['object']} is missing before it")
    leaf = hashlib.sha256(b"\x00" + entry).hexdigest()
    seen[fields["object"]] = fields["object_seq"], leaf
    return fields
