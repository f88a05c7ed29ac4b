"""From what a person types to a tree:

    query   = clause { [AND | OR] clause }    clauses beside each other must all hold; OR binds weaker
    clause  = ["-" | NOT] ( "(" query ")" | field value | "phrase" | word | prefix* )
    field   = handle: from: type: case: status: platform: lang: date: after: before: source: by: name: exact:
    value   = word | "phrase" | "(" words ")"

What looks like a field and is none, an address for example, is text. `#tag` and `@handle` are looked for as typed.
AND, OR and NOT are such in capitals and without quotes.
"""

from dataclasses import dataclass

from search.ast import Everything, Keys, Node, Not, Or, Phrase, Words, both, either
from search.drafts import handle_of
from search.query.fields import FIELDS, prefix
from search.query.lexer import DEEPEST, Piece, pieces, refusal
from search.tokens import fold_word, tokens


@dataclass(frozen=True)
class Query:
    """A query that was understood. `plain` is its text where that is nothing but words beside filters: what may be
    somebody's name or handle; "" where it is not."""

    tree: Node
    plain: str


def parse(text: str) -> Query:
    """Raises InvalidInput with one sentence for what cannot be asked; an empty query asks for everything."""
    reader = _Reader(pieces(text))
    tree = reader.alternatives(0)
    if reader.rest:
        raise refusal("A bracket is closed that was not opened.")
    return Query(tree, " ".join(reader.plain) if reader.is_plain else "")


class _Reader:
    """Reads the pieces from left to right, one look ahead."""

    def __init__(self, found: list[Piece]) -> None:
        self.rest = found[::-1]
        self.plain: list[str] = []
        self.is_plain = True

    def alternatives(self, depth: int) -> Node:
        if depth > DEEPEST:
            raise refusal(f"Brackets stand at most {DEEPEST} deep in each other.")
        found = [self._together(depth, needed=depth > 0)]
        while self._next_is("OR"):
            self.rest.pop()
            self.is_plain = False
            found.append(self._together(depth, needed=True))
        # Signs alone, which are no words, are no alternative either.
        kept = tuple(part for part in found if not isinstance(part, Everything))
        return either(*kept) if kept else Everything()

    def _together(self, depth: int, *, needed: bool) -> Node:
        parts = []
        is_joined = False
        while self.rest and self.rest[-1].kind != "close" and not self._next_is("OR"):
            parts.append(self._clause(depth))
            if is_joined := self._next_is("AND"):
                self.rest.pop()
        if is_joined or (not parts and (needed or self.rest)):
            raise refusal("Something is missing beside OR, AND or NOT, or in brackets.")
        return both(*parts)

    def _next_is(self, sign: str) -> bool:
        return bool(self.rest) and self.rest[-1].kind == "sign" and self.rest[-1].text == sign

    def _clause(self, depth: int) -> Node:
        piece = self.rest.pop()
        if piece.kind == "minus" or (piece.kind == "sign" and piece.text == "NOT"):
            return self._without(depth)
        if piece.kind == "sign":
            raise refusal("Something is missing beside OR, AND or NOT, or in brackets.")
        if piece.kind == "open":
            self.is_plain = False
            return self._bracket(depth)
        if piece.kind == "field":
            return self._field(piece)
        if piece.kind == "phrase":
            self.is_plain = False
            return _phrase(piece.text)
        return self._word(piece)

    def _without(self, depth: int) -> Node:
        self.is_plain = False
        if not self.rest or self.rest[-1].kind in ("close", "minus", "sign"):
            raise refusal("After a minus or NOT stands what must not be there.")
        excluded = self._clause(depth)
        return excluded if isinstance(excluded, Everything) else Not(excluded)

    def _bracket(self, depth: int) -> Node:
        inside = self.alternatives(depth + 1)
        self._close()
        return inside

    def _close(self) -> None:
        if not self.rest or self.rest.pop().kind != "close":
            raise refusal("A bracket is opened and not closed.")

    def _field(self, piece: Piece) -> Node:
        name = piece.text[:-1].lower()
        value = self._value(piece.text)
        # Who looks for a name, or for a spelling, has said so.
        self.is_plain = self.is_plain and name not in ("name", "exact")
        return FIELDS[name](value)

    def _value(self, field: str) -> str:
        value = ""
        if self.rest and self.rest[-1].kind == "open" and not self.rest[-1].apart:
            self.rest.pop()
            words = []
            while self.rest and self.rest[-1].kind in ("word", "phrase", "minus", "field", "sign"):
                words.append(self.rest.pop().text)
            self._close()
            value = " ".join(words)
        elif self.rest and self.rest[-1].kind in ("word", "phrase", "sign") and not self.rest[-1].apart:
            value = self.rest.pop().text
        if not value.strip():
            raise refusal(f"After {field} stands what to look for, without a space between.")
        return value.strip()

    def _word(self, piece: Piece) -> Node:
        text = piece.text
        if text.endswith("*"):
            self.is_plain = False
            return _beginning(text.rstrip("*"))
        self.plain.append(text)
        return word(text)


def _beginning(text: str) -> Node:
    """What stands before a star: all words that begin so; of several words, as in `co-op*`, only the last may go on."""
    if sign := {"#": "t:#", "@": "h:"}.get(text[:1]):
        return prefix(fold_word(text.strip("#@*")), sign)
    *whole, last = [token.folded for token in tokens(text)] or [""]
    return both(*(Words((word,)) for word in whole), prefix(last))


def word(text: str) -> Node:
    """One word as typed: `#tag` and `@handle` by their keys, anything of several words as a phrase."""
    found = list(tokens(text))
    if text[0] in "@＠" and found:
        return _mention(handle_of(text[1:].rstrip(".,;:!?…")), [token.folded for token in found])
    if len(found) == 1 and found[0].sign == "#":
        return Keys((f"t:#{found[0].folded}",))
    return _phrase(text)


def _mention(handle: str, words: list[str]) -> Node:
    """Whoever goes by a handle, and texts that mention it. Of `@name.site` and `@name@site` a text has the words one
    after the other, and only the first of them with a sign."""
    if len(words) == 1:
        return Keys((f"h:{handle}", f"t:@{words[0]}"))
    name, at, site = handle.partition("@")
    there = [both(Keys((f"h:{name}",)), _phrase(site))] if at else []
    written = both(Keys((f"t:@{words[0]}",)), Phrase(tuple(words)))
    return Or((Keys((f"h:{handle}",)), *there, written))


def _phrase(text: str) -> Node:
    found = tuple(token.folded for token in tokens(text))
    if not found:
        return Everything()
    return Words(found) if len(found) == 1 else Phrase(found)
