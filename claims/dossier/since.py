"""What a dossier tells of corrections and retractions after its publication, held against the log.

Python's standard library only, for Python 3.8 and later: below its import block this file is copied as it stands into
each dossier's `verify.py`.
"""

from __future__ import annotations

from claims.dossier.files import Damaged, Note, parse

# --- copied into verify.py from here on

# Only in a dossier that was made after a correction or retraction.
LATER = "corrections.json"
LATER_FORMAT = "caseapp-corrections/1"
CORRECTIONS = {"claim_corrected": "correction", "claim_retracted": "retraction"}


def check_corrections(files, entries, snapshot):
    """What is told of corrections since the publication is in the log, and what the log holds of them is told."""
    numbers = {"claim:" + claim["id"]: claim["number"] for claim in snapshot["claims"]}
    steps = [entry for entry in entries if entry["action"] in CORRECTIONS and entry["object"] in numbers]
    logged = [(numbers[entry["object"]], CORRECTIONS[entry["action"]]) for entry in steps]
    later = _read_later(files)
    told = [(row["claim"], row["kind"]) for row in [*snapshot["corrections"], *later]]
    for claim, kind in sorted({(row["claim"], row["kind"]) for row in later}):
        if told.count((claim, kind)) > logged.count((claim, kind)):
            raise Damaged(LATER, f"claim C-{claim}: the log does not prove its {kind}")
        yield f"claim C-{claim}: its {kind} after publication is told, and proven to be in the log"
    for claim, kind in sorted(set(logged)):
        if logged.count((claim, kind)) > told.count((claim, kind)):
            yield Note(f"claim C-{claim}: the log holds a {kind} of which these pages do not tell")


def _read_later(files):
    if LATER not in files:
        return []
    value = parse(files, LATER)
    if not isinstance(value, dict) or value.get("format") != LATER_FORMAT or not value.get("corrections"):
        raise Damaged(LATER, "is of a format that this program does not know")
    return value["corrections"]
