"""The program that a reader runs: what of a dossier is checked, reported and answered.

Python's standard library and `audit/offline.py` only, for Python 3.8 and later: below its import block this file is
copied as it stands into each dossier's `verify.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys

from claims.dossier.checks import check
from claims.dossier.files import Damaged, NotADossier, Note, load

# --- copied into verify.py from here on


def main(arguments=None):
    """Check the folder this file lies in, or the folder or zip file given; answer 0 whole, 1 damaged, 2 no dossier."""
    parser = argparse.ArgumentParser(description="Check a published dossier offline: files, claims, quotes, log.")
    parser.add_argument("path", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))
    parser.add_argument("--vkey", help="the log's public key, or a file with its keys, from elsewhere")
    parser.add_argument("--json", action="store_true", help="answer for programs")
    options = parser.parse_args(arguments)
    return run(options.path, options.vkey, options.json, sys.stdout, sys.stderr)


def _read_given(vkey):
    if vkey is None or not os.path.isfile(vkey):
        return vkey
    with open(vkey, encoding="utf-8", errors="replace") as file:
        return file.read()


def run(path, vkey, as_json, out, err):
    """Check `path`, print the report and return the exit code; `vkey` is a key, or a file with one per line."""
    try:
        report, bad = check(load(path), _read_given(vkey)), None
    except NotADossier as error:
        err.write(f"{error}\n")
        return 2
    except Damaged as error:
        report, bad = [], error
    if as_json:
        answer = {
            "ok": bad is None,
            "checks": [line for line in report if not isinstance(line, Note)],
            "notes": [line for line in report if isinstance(line, Note)],
            "file": bad.name if bad else None,
            "why": str(bad) if bad else "",
        }
        out.write(json.dumps(answer, sort_keys=True) + "\n")
    elif bad:
        out.write(f"DAMAGED  {bad.name}: {bad}\n")
    else:
        out.write("".join(f"{'note' if isinstance(line, Note) else 'ok':<8} {line}\n" for line in report))
        out.write("The dossier is whole.")
        out.write("\n" if vkey else " Compare the key above with the one its publisher makes known elsewhere.\n")
    return 1 if bad else 0
