"""The lines of a file as bytes and text, one at a time: no line, however long, is held in memory whole.

A line that cannot be a record (too long, not in the file's encoding) arrives with the reason in place of its text.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import BinaryIO

from posts.exceptions import UnreadableFile
from posts.formats.refusals import Refused

MAX_LINE = 16 * 1024 * 1024
_CHUNK = 64 * 1024
# X's own archive of an account keeps each list as a script: window.YTD.following.part0 = [ ... ]
_SCRIPT = re.compile(rb"window\.YTD\.\w{1,60}\s*\.part\d{1,6}\s*=\s*(?=\[)")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(slots=True)
class Line:
    """`text` has its line end; where `refused` is set, it is "" and `raw` only the line's beginning."""

    number: int
    raw: bytes
    text: str
    refused: Refused | None = None


class Source:
    """A file open for reading; `position` is for progress bars. The encoding is the BOM's, the one asked for, UTF-8."""

    def __init__(self, path: Path, encoding: str = ""):
        chosen = _known(encoding or "utf-8")
        self.size = path.stat().st_size
        self._file: BinaryIO = path.open("rb")
        start = self._file.read(200)
        bom, found = next(((bom, name) for bom, name in _BOMS if start.startswith(bom)), (b"", ""))
        script = _SCRIPT.match(start)
        self._file.seek(script.end() if script else len(bom))
        self.encoding = found or chosen

    @property
    def position(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()

    def read(self, size: int) -> bytes:
        """Return the next bytes as they are."""
        return self._file.read(size)

    def lines(self) -> Iterator[Line]:
        """Yield every line from here on."""
        if self.encoding.startswith("utf-16"):
            yield from self._wide_lines()
            return
        number = 0
        while raw := self._file.readline(MAX_LINE + 1):
            number += 1
            if len(raw) > MAX_LINE:
                self._skip_rest(raw)
                yield Line(number, raw[:2_000], "", too_long(MAX_LINE))
            else:
                yield _decoded(number, raw, self.encoding)

    def _skip_rest(self, raw: bytes) -> None:
        while raw and not raw.endswith(b"\n"):
            raw = self._file.readline(MAX_LINE)

    def _wide_lines(self) -> Iterator[Line]:
        for number, text in enumerate(self._wide_texts(), start=1):
            if len(text) > MAX_LINE:
                yield Line(number, text[:1_000].encode(self.encoding, "surrogatepass"), "", too_long(MAX_LINE))
            else:
                yield Line(number, text.encode(self.encoding, "surrogatepass"), text)

    def _wide_texts(self) -> Iterator[str]:
        """UTF-16 has line feeds of two bytes, which readline does not know; nothing else ends a line in UTF-8 either.

        Of a line beyond the limit only the beginning is kept.
        """
        decode = codecs.getincrementaldecoder(self.encoding)("surrogatepass").decode
        parts: list[str] = []
        held = 0
        while chunk := self._file.read(_CHUNK):
            for part in StringIO(decode(chunk), newline="\n"):
                if held <= MAX_LINE:
                    parts.append(part)
                    held += len(part)
                if part.endswith("\n"):
                    yield "".join(parts)
                    parts, held = [], 0
        if parts:
            yield "".join(parts)


def too_long(limit: int) -> Refused:
    """Return the refusal of a line or record beyond what is read at once."""
    return Refused("too_long", f"longer than {limit // 1024 // 1024} MB, which no single post is")


def _decoded(number: int, raw: bytes, encoding: str) -> Line:
    try:
        return Line(number, raw, raw.decode(encoding))
    except UnicodeDecodeError as error:
        reason = f"not {encoding.upper()}: byte 0x{raw[error.start]:02X} at position {error.start + 1} of the line"
        return Line(number, raw, raw.decode(encoding, "replace"), Refused("encoding", reason))


def _known(encoding: str) -> str:
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        raise UnreadableFile(f"{encoding!r:.40} is not an encoding.", field="encoding") from None
    if not getattr(codecs.lookup(encoding), "_is_text_encoding", True) or name.startswith(("utf-16", "utf-32")):
        raise UnreadableFile(f"{encoding!r:.40} is not an encoding that can be chosen.", field="encoding")
    return name
