"""Takes out of a record what no database text may hold: NUL and halves of surrogate pairs. The raw bytes keep them."""

import re
from dataclasses import fields, is_dataclass, replace

from posts.formats.refusals import Refused
from posts.records import PostRecord

_ESCAPED = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_LONE = re.compile("[\ud800-\udfff]")
NUL_REMOVED = "NUL characters were taken out of its texts"
SURROGATES_REPLACED = "halves of characters (cut emoji) were replaced in its texts"


def is_suspect(raw: bytes) -> bool:
    """Whether these bytes can give a text that has to be cleaned; most cannot."""
    return b"\x00" in raw or (b"\\u" in raw and _ESCAPED.search(raw) is not None)


def cleaned(record: PostRecord) -> PostRecord:
    """Return the record without such characters, with a note; raises Refused where an id has one."""
    for name in ("native_id", "author_id"):
        if _mended(getattr(record, name)) != getattr(record, name):
            raise Refused("id_unusable", f"{name} has a NUL or half of a character in it")
    found = _strings(record)
    notes = record.notes
    if "\x00" in found:
        notes += (NUL_REMOVED,)
    if _LONE.search(found):
        notes += (SURROGATES_REPLACED,)
    return record if notes == record.notes else replace(_clean(record), notes=notes, raw=record.raw)


def _mended(text: str) -> str:
    return _LONE.sub("\ufffd", text.replace("\x00", ""))


def _strings(value: object) -> str:
    if isinstance(value, str):
        return value
    if is_dataclass(value):
        return "".join(_strings(getattr(value, one.name)) for one in fields(value))
    if isinstance(value, dict):
        return "".join(map(_strings, value))
    return "".join(map(_strings, value)) if isinstance(value, tuple) else ""


def _clean(value):
    if isinstance(value, str):
        # A member of an enumeration is one of ours and clean.
        return _mended(value) if type(value) is str else value
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: _clean(getattr(value, one.name)) for one in fields(value)})
    if isinstance(value, dict):
        return {_clean(key): one for key, one in value.items()}
    if isinstance(value, tuple):
        parts = [_clean(one) for one in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value
