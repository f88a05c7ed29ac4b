"""Proving what a redacted dossier still shows, and that what it withholds was there: salted commitments (ADR 0020).

Python's standard library only, for Python 3.8 and later: below its import block this file is copied as it stands into
each dossier's `verify.py`.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from claims.dossier.files import Damaged, canonical, parse, sha256

# --- copied into verify.py from here on

REDACTION_FORMAT = "caseapp-redaction/1"
REDACTIONS = "redactions.json"
COMMITTED = "publication_committed"
# Stands in the place of each word that is withheld.
MARK = "\u25ae\u25ae\u25ae"
# What may stand instead of a name: a pseudonym, and the marks of the sentence around it.
_PSEUDONYM = re.compile(r"[^\w\s]*\[(?:Person|Personne) [A-Z]{1,3}\][^\w\s]*")
_MARKS = re.compile(r"[^\w\s]*")
# Blanks are pieces too: a name of eight words.
MOST_UNDER_ONE = 15
_SALT = re.compile("[0-9a-f]{64}")
_PIECES = re.compile("[ \n]+|[^ \n]+")


def pieces_of(text):
    """Words and the blanks between them; together they are `text` again."""
    return _PIECES.findall(text) or [""]


def leaves(value, pointer=""):
    """Yield (JSON pointer, value) of everything that holds no other: texts, numbers, nothing, empty lists."""
    if isinstance(value, dict) and value:
        for key in sorted(value):
            yield from leaves(value[key], "{}/{}".format(pointer, key.replace("~", "~0").replace("/", "~1")))
    elif isinstance(value, list) and value:
        for index, part in enumerate(value):
            yield from leaves(part, f"{pointer}/{index}")
    else:
        yield pointer, value


def kind_and_pieces(value):
    """A text is committed word by word; anything else as one piece, its JSON."""
    if isinstance(value, str):
        return "text", pieces_of(value)
    return "json", [canonical(value).decode()]


def salt_of(seed, index):
    """The salt of one piece, from the 32 bytes that are kept for its leaf."""
    return hmac.new(seed, b"%d" % index, hashlib.sha256).digest()


def commit(salt, piece):
    """SHA-256 over 32 secret bytes and the piece: without them nobody can try out what the piece was."""
    return sha256(salt + piece.encode())


def leaf_of(pointer, kind, commitments):
    return sha256(canonical([pointer, kind, commitments]))


def whole_leaf(pointer, value, seed):
    kind, pieces = kind_and_pieces(value)
    return leaf_of(pointer, kind, [commit(salt_of(seed, index), piece) for index, piece in enumerate(pieces)])


def root_of(found):
    """One hash over all leaves of a publication by their pointers; the log holds it from the day of publication."""
    return sha256(canonical(sorted(found.items())))


def read_redactions(files, snapshot):
    """Return (pointers of what is withheld, root of the commitments); (none, "") when nothing is.

    Each leaf of claims.json has its place in the root, and what is shown of it fits its commitment.
    """
    if REDACTIONS not in files:
        return frozenset(), ""
    said = parse(files, REDACTIONS)
    try:
        if said["format"] != REDACTION_FORMAT:
            raise Damaged(REDACTIONS, "is of a format that this program does not know")
        seeds, hidden = said["seeds"], said["hidden"]
        shown = dict(leaves(snapshot))
        for pointer in sorted(set(shown) ^ (set(seeds) | set(hidden))) + sorted(set(seeds) & set(hidden)):
            raise Damaged(REDACTIONS, f"does not fit claims.json at {pointer}")
        found = {pointer: whole_leaf(pointer, shown[pointer], _salt(seeds[pointer])) for pointer in seeds}
        found.update((pointer, _open(pointer, shown[pointer], hidden[pointer])) for pointer in hidden)
        return frozenset(hidden), root_of(found)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Damaged(REDACTIONS, f"lacks a part that every redaction has: {error!r}") from error


def check_commitment(opened, seal, hidden, root):
    """What is withheld was committed to in the log, with all else that stands here, for this publication."""
    if not root:
        return []
    its = [entry for _, entry, _ in opened if entry["action"] == COMMITTED and entry["object"] == seal["object"]]
    made = [entry["recorded_at"] for entry in its if root in entry["evidence"]]
    if not made:
        raise Damaged(REDACTIONS, "withholds what was never committed to: the log does not hold these commitments")
    return [f"{len(hidden)} places are withheld, in whole or in part; the log holds commitments to all from {made[0]}"]


def _open(pointer, shown, told):
    """The commitment of a leaf of which some pieces are withheld, each of them at its place."""
    opened, under = [], 0
    for salt, piece, *instead in told["pieces"]:
        if salt:
            opened.append((commit(_salt(salt), piece), piece))
            under = 0
            continue
        words = instead[0] if instead else MARK
        under = _under(words, under)
        opened.append((_digest(piece), words))
    if shown != "".join(words for _, words in opened):
        raise Damaged(REDACTIONS, f"tells other words than claims.json at {pointer}")
    return leaf_of(pointer, told["kind"], [digest for digest, _ in opened])


def _under(words, under):
    """How many pieces the last pseudonym stands for, this one included; only a pseudonym says nothing further on."""
    if words == MARK:
        return 0
    if _PSEUDONYM.fullmatch(words):
        return 1
    if not under or under >= MOST_UNDER_ONE or not _MARKS.fullmatch(words):
        raise ValueError("what stands in the place of a name is a pseudonym")
    return under + 1


def _digest(text):
    if not _SALT.fullmatch(text):
        raise ValueError("a commitment is 64 hexadecimal digits")
    return text


def _salt(text):
    return bytes.fromhex(_digest(text))
