"""From a JSON file, whatever holds its records together, to one record after another with its own bytes."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from posts.exceptions import UnreadableFile
from posts.formats import x_api2
from posts.formats.building import Context
from posts.formats.jsons import JsonReader, elements, json_lines, loosely
from posts.formats.lines import MAX_LINE, Source
from posts.formats.refusals import Refused
from posts.formats.values import dig
from posts.records import Place

_LISTS = ("data", "posts", "statuses", "feed", "messages", "tweets", "items", "results")


class Piece(NamedTuple):
    """One record with what is known around it, or why it could not be read."""

    place: Place
    raw: bytes
    value: object
    context: Context
    refused: Refused | None = None


def in_lines(source: Source, context: Context) -> Iterator[Piece]:
    """Yield the records of a file with a JSON value on each line."""
    for item in json_lines(source):
        if item.refused and item.refused.code == "bad_json":
            text = item.raw.decode(source.encoding, _odd(source.encoding))
            yield from _in_part(item.refused, text, item.place, context, source.encoding)
        elif item.refused:
            yield Piece(item.place, item.raw, None, context, item.refused)
        else:
            yield from unfolded(item.value, item.raw, item.place, context, source.encoding)


def in_document(source: Source, context: Context) -> Iterator[Piece]:
    """Yield the records of a file that is one JSON document, or several one after another.

    A record that is whole and cannot be taken is refused alone; raises UnreadableFile where the file cannot be read on.
    """
    reader = JsonReader(source)
    try:
        while start := reader.peek():
            line = reader.line()
            if start == "[":
                for number, (value, raw, at) in enumerate(reader.items(), start=1):
                    yield from _inner(_found(value, raw, Place(at), context), number)
            elif start == "{" and source.size > MAX_LINE:
                yield from _walked(reader, context)
            else:
                value, raw = reader.attempt()
                yield from _found(value, raw, Place(line), context)
    except Refused as refused:
        raise UnreadableFile(
            f"This file cannot be read beyond byte {reader.byte():,} (line {reader.line():,}), so nothing of it is"
            f" taken: {refused}.",
            field="file",
        ) from None


def _found(value: object, raw: str, place: Place, context: Context) -> Iterator[Piece]:
    """Yield the records in one value of a document."""
    if isinstance(value, Refused):
        yield from _in_part(value, raw, place, context)
    else:
        yield from unfolded(value, raw.encode("utf-8", "surrogateescape"), place, context)


def _in_part(refused: Refused, text: str, place: Place, context: Context, encoding: str = "utf-8") -> Iterator[Piece]:
    """Yield the records in a value that cannot be taken whole: only those at fault are refused.

    Where the fault is not inside of a record of a page or a chat, all of the value is refused.
    """
    raw = text.encode(encoding, _odd(encoding))
    try:
        page = loosely(text)
        if any(_is_page(page, name) for name in _LISTS):
            yield from unfolded(page, raw, place, context, encoding)
            return
    except Refused:
        with suppress(Refused):
            if chats := list(_walked(JsonReader.of_text(text), context)):
                yield from chats
                return
    yield Piece(place, raw, None, context, refused)


def _odd(encoding: str) -> str:
    """How what no text can hold goes from bytes to text and back: halves of characters in UTF-16, wrong bytes else."""
    return "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape"


def _inner(pieces: Iterable[Piece], number: int) -> Iterator[Piece]:
    """Give records of a list their number in it, where a page within has not numbered them already."""
    for piece in pieces:
        yield piece if piece.place.item else piece._replace(place=Place(piece.place.line, number))


def unfolded(value: object, raw: bytes, place: Place, context: Context, encoding: str = "utf-8") -> Iterator[Piece]:
    """Yield the records in one value: of a page, of an answer of a stream or a search index, or itself."""
    if not isinstance(value, dict):
        shown = "text" if isinstance(value, str) else type(value).__name__
        yield Piece(place, raw, None, context, Refused("unmapped", f"no post but a JSON {shown}"))
    elif isinstance(dig(value, "chats", "list"), list):
        yield from _walked(JsonReader.of_text(raw.decode(encoding, _odd(encoding))), context)
    elif listed := next((name for name in _LISTS if _is_page(value, name)), ""):
        texts = elements(raw.decode(encoding, _odd(encoding)), listed)
        around = _with_page(value, context)
        for number, (item, text) in enumerate(zip(value[listed], texts, strict=True), start=1):
            yield _piece(Place(place.line, number), text.encode(encoding, _odd(encoding)), item, around)
    elif isinstance(value.get("_source"), dict):
        # A search index keeps the id beside the post.
        yield Piece(place, raw, {"id": value.get("_id")} | value["_source"], context)
    elif isinstance(value.get("data"), dict) and "source_platform" not in value:
        yield Piece(place, raw, value["data"], _with_page(value, context))
    else:
        yield Piece(place, raw, value, context)


def _is_page(value: dict, name: str) -> bool:
    """A post may have a list of such a name itself; a page has no text, and something in its list is a record.

    What stands between its records and is none (null, a word) is refused alone, and so is null where nothing else is.
    """
    listed = value.get(name)
    if not isinstance(listed, list) or any(key in value for key in ("text", "content", "source_platform")):
        return False
    return not listed or any(one is None or isinstance(one, dict | Refused) for one in listed)


def _piece(place: Place, raw: bytes, value: object, context: Context) -> Piece:
    """One record of a list, where a Refused stands for one that cannot be taken."""
    return Piece(place, raw, None, context, value) if isinstance(value, Refused) else Piece(place, raw, value, context)


def _with_page(value: dict, context: Context) -> Context:
    head = {name: one for name, one in value.items() if not isinstance(one, list) and name != "includes"}
    head["retrieved_at"] = dig(value, "__twarc", "retrieved_at")
    return replace(context, includes=x_api2.included(value), head=head)


def _walked(reader: JsonReader, context: Context) -> Iterator[Piece]:
    """Walk an object too long to hold: Telegram's, with `messages` behind the chat's name, or chats in a list."""
    head: dict[str, object] = {}
    for name in reader.names():
        if name in _LISTS and reader.peek() == "[":
            around = replace(context, head=dict(head))
            for number, (value, raw, line) in enumerate(reader.items(), start=1):
                yield _piece(Place(line, number), raw.encode("utf-8", "surrogateescape"), value, around)
        elif name in {"chats", "left_chats"} and reader.peek() == "{":
            yield from _chats(reader, context)
        else:
            head[name] = reader.value()[0]


def _chats(reader: JsonReader, context: Context) -> Iterator[Piece]:
    for name in reader.names():
        if name != "list" or reader.peek() != "[":
            reader.value()
            continue
        yield from _each_chat(reader, context)


def _each_chat(reader: JsonReader, context: Context) -> Iterator[Piece]:
    reader.take("[")
    while reader.peek() == "{":
        yield from _walked(reader, context)
        if reader.take(",]") == "]":
            return
    reader.take("]")
