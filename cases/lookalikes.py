"""Characters that deceive the eye: what is odd in a text, and what it would be mistaken for.

Marks are shown beside the text and never change it; two texts with one skeleton look alike and are still two texts.
The look-alikes are those of UTS 39 that occur in handles and in names written in Latin letters; the whole Unicode
table would also tell that "rn" looks like "m", which marks half of all names.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

ZERO_WIDTH = frozenset(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff\u3164\uffa0"
)
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Zero-width joiners are part of the spelling in these scripts, and of most emoji.
JOINED_SCRIPTS = frozenset({"ARABIC", "DEVANAGARI", "BENGALI", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA"})

_CYRILLIC = dict(zip("асеоіјһԁԛѕԝхуАВСЕНІЈКМОРЅТХУрԌѴⅼ", "aceoijhdqswxyABCEHIJKMOPSTXYpGVl", strict=True))
_GREEK = dict(zip("ονραιυκΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ovpaiukABEZHIKMNOPTYX", strict=True))
_ARMENIAN = dict(zip("օսցհոք", "oughnp", strict=True))
_LATIN = dict(zip("ıɩɡɑ", "iiga", strict=True))
_LOOKS_LIKE = {**_CYRILLIC, **_GREEK, **_ARMENIAN, **_LATIN}
# After lower-casing, the strokes that fonts draw alike fall together.
_SAME_STROKE = str.maketrans({"1": "l", "i": "l", "|": "l", "0": "o"})


@dataclass(frozen=True)
class Mark:
    """One odd character: where it stands (counted in characters from 0), what it is, and why it is marked."""

    position: int
    character: str
    kind: str
    reason: str

    @property
    def code(self) -> str:
        """The character as Unicode names it, e.g. "U+200B ZERO WIDTH SPACE"."""
        return code_of(self.character)


def code_of(character: str) -> str:
    """Return how Unicode names a character; unnamed ones get their number only."""
    name = unicodedata.name(character, "")
    return f"U+{ord(character):04X} {name}".strip()


def script_word(character: str) -> str:
    """Return the first word of a letter's Unicode name, which is its script ("LATIN"); "" for what is no letter."""
    if not character.isalpha():
        return ""
    return unicodedata.name(character, "").split(" ", 1)[0]


def marks(text: str) -> tuple[Mark, ...]:
    """Return what is odd in `text`: invisible and direction-changing characters, and letters that pose as Latin."""
    found = [mark for position, character in enumerate(text) if (mark := _invisible(text, position, character))]
    return tuple(sorted([*found, *_posing(text)], key=lambda mark: mark.position))


def deceiving(text: str) -> Iterator[Mark]:
    """Of the marks of `text` those that make a reader read something else: letters that nobody sees, and letters that
    look like the Latin one which their Latin neighbour makes of them. Two alphabets side by side deceive nobody.
    """
    if text.isascii():
        return
    for mark in marks(text):
        beside = text[max(mark.position - 1, 0) : mark.position + 2]
        is_read_as_latin = mark.character in _LOOKS_LIKE and any(script_word(c) == "LATIN" for c in beside)
        if mark.kind != "homoglyph" or is_read_as_latin:
            yield mark


def as_read(text: str) -> tuple[str, Sequence[int]]:
    """`text` as the eye reads it, and where each of its characters stands in `text`."""
    odd = {mark.position: _LOOKS_LIKE.get(mark.character, "") for mark in deceiving(text)}
    if not odd:
        return text, range(len(text))
    read = [(odd.get(position, character), position) for position, character in enumerate(text)]
    kept = [(character, position) for character, position in read if character]
    return "".join(character for character, _ in kept), [position for _, position in kept]


def skeleton(text: str) -> str:
    """Return what the eye takes `text` for; equal skeletons look alike, which never means that they are the same."""
    plain = unicodedata.normalize("NFKC", text)
    seen = "".join(_LOOKS_LIKE.get(c, c) for c in plain if c not in ZERO_WIDTH and c not in BIDI)
    folded = "".join(_LOOKS_LIKE.get(c, c) for c in seen.casefold())
    bare = "".join(c for c in unicodedata.normalize("NFD", folded) if not unicodedata.combining(c))
    return bare.translate(_SAME_STROKE)


def _invisible(text: str, position: int, character: str) -> Mark | None:
    if character in BIDI:
        return Mark(position, character, "bidi", "changes the direction of the text around it")
    if character not in ZERO_WIDTH or _belongs_there(text, position, character):
        return None
    return Mark(position, character, "zero_width", "is invisible")


def _belongs_there(text: str, position: int, character: str) -> bool:
    """Whether a joiner stands where spelling needs one: between letters of a joining script, or in an emoji."""
    if character not in "\u200c\u200d" or not 0 < position < len(text) - 1:
        return False
    before = text[position - 1]
    return script_word(before) in JOINED_SCRIPTS or unicodedata.category(before) in {"So", "Sk", "Mn"}


def _posing(text: str) -> list[Mark]:
    """Mark letters of another script inside a word that also has Latin letters."""
    found, start = [], 0
    for word in text.split(" "):
        if any(script_word(c) == "LATIN" for c in word):
            found += [_poser(start + i, c) for i, c in enumerate(word) if script_word(c) not in {"", "LATIN"}]
        start += len(word) + 1
    return found


def _poser(position: int, character: str) -> Mark:
    like = _LOOKS_LIKE.get(character)
    reason = f"looks like the Latin letter {like}" if like else "is of another script than its word"
    return Mark(position, character, "homoglyph", reason)
