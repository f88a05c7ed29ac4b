"""Plain text: which encoding it is in, or the plain admission that nobody said and it cannot be known."""

import codecs
import re
from typing import BinaryIO

import charset_normalizer

from evidence.parsers.refusals import Refused

LONGEST_BYTES = 20 * 1024**2
LONGEST = 5_000_000
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
TWICE_ENCODED = re.compile("[\u00c2\u00c3\u00d0\u00d1][\u0080-\u00bf]|\u00e2\u20ac[\u2122\u0153\u009d\u201c\u201d]")


def parse(stream: BinaryIO, *, charset: str = "") -> dict:
    """The text of a plain file; `charset` is what a person or the server that sent it declared."""
    content, cut = bounded(stream)
    text, encoding = decode(content, charset, cut=cut)
    text, problems = clean(text)
    if cut:
        problems.append(f"Only the first {LONGEST_BYTES // 1024**2} MB of the text were read.")
    return {"text": text, "encoding": encoding, "problems": problems, "pages": [[0, len(text)]]}


def bounded(stream: BinaryIO) -> tuple[bytes, bool]:
    """As much of the stream as is read, and whether that is less than all."""
    content = stream.read(LONGEST_BYTES + 1)
    return content[:LONGEST_BYTES], len(content) > LONGEST_BYTES


def decode(content: bytes, charset: str = "", *, cut: bool = False) -> tuple[str, str]:
    """Decode strictly: by byte order mark, else as declared, else as UTF-8. Never guesses; raises Refused instead."""
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), charset or "utf-8")
    try:
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        text = decoder.decode(content, final=not cut)
    except LookupError as error:
        raise Refused(f"The declared encoding {encoding!r} does not exist.") from error
    except UnicodeDecodeError as error:
        raise Refused(_undecodable(content, encoding, error.start)) from error
    if encoding == "utf-8" and text.count("\0") > len(text) // 10:
        raise Refused("Every second byte is zero, as in UTF-16 without a byte order mark; say which encoding it is.")
    return text, encoding


def is_encoding(name: str) -> bool:
    """Whether Python knows an encoding of text by that name."""
    try:
        return codecs.lookup(name)._is_text_encoding
    except (LookupError, ValueError):
        return False


def _undecodable(content: bytes, encoding: str, position: int) -> str:
    looks = charset_normalizer.from_bytes(content[:100_000]).best()
    hint = f" It looks like {looks.encoding}; a person must say so." if looks else ""
    return f"The text is not valid {encoding} at byte {position + 1:,}, and no other encoding is known.{hint}"


def clean(text: str) -> tuple[str, list[str]]:
    """The text as it can be stored and selected in a page (line ends as one \\n), and what a reader must know of it."""
    problems = []
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        problems.append("The text holds zero bytes; each is shown as \ufffd.")
        text = text.replace("\0", "\ufffd")
    if TWICE_ENCODED.search(text):
        problems.append("The text looks as if it had been encoded twice before it reached us (for example Ã© for é).")
    if len(text) > LONGEST:
        problems.append(f"Only the first {LONGEST:,} characters were kept.")
        text = text[:LONGEST]
    return text, problems
