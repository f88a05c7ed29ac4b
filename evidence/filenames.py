"""Names that files arrived with: kept and shown as something a stranger wrote, never used to build a path.

Bidirectional and control characters are how "gpj.exe" is made to read "exe.jpg"; they are shown by their number.
"""

import re
import unicodedata

from django.utils.http import content_disposition_header

LONGEST = 255
DOWNLOAD_LONGEST = 120
MARKED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


def kept(name: str, longest: int | None = LONGEST) -> str:
    """The text as it can be stored: what PostgreSQL cannot hold is replaced, and its length is bounded."""
    return "".join("\ufffd" if char == "\0" or unicodedata.category(char) == "Cs" else char for char in name)[:longest]


def shown(name: str) -> str:
    """The name as a person reads it: characters that hide or turn text around appear as ⟨U+202E⟩."""
    return "".join(f"⟨U+{ord(char):04X}⟩" if unicodedata.category(char) in MARKED else char for char in name)


def suspicious(name: str) -> bool:
    """Whether a reader could be misled by how this name looks."""
    return shown(name) != name


def for_download(name: str, fallback: str) -> str:
    """A name that is harmless on any system: no folders, no control characters, no device names, of bounded length."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join("_" if unicodedata.category(char) in MARKED or char in '<>:"|?*' else char for char in last)
    plain = plain.strip(" .")
    stem, dot, ending = plain.rpartition(".")
    stem, ending = (stem, dot + ending) if stem and len(ending) <= 10 else (plain, "")
    if not stem or RESERVED.match(stem.split(".")[0].strip()):
        return fallback
    return stem[: DOWNLOAD_LONGEST - len(ending)] + ending


def attachment_header(name: str, fallback: str) -> str:
    """The Content-Disposition of a download, encoded as RFC 6266 asks."""
    return content_disposition_header(True, for_download(name, fallback)) or "attachment"
