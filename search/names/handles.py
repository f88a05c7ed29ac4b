"""Read a handle as the name it may be made of."""

import re
import unicodedata

from search.names.vocabulary import ADDED_TO_HANDLES

_AT = re.compile(r"^(?:https?://)?(?:www\.)?(?:[\w.-]+\.(?:com|org|net|me)/)?@?")
_INSTANCE = re.compile(r"(?<=.)@[\w-]+\.[\w.-]+$")
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_POSING_DIGIT = re.compile(r"(?<=[^\W\d_])[01345](?=[^\W\d_])")
_LEAST_LEFT = 6


def is_handle(text: str) -> bool:
    """Whether `text` is written as a handle: one word that begins with @."""
    text = text.strip()
    return text.startswith("@") and len(text) > 1 and not re.search(r"\s", text)


def handle_words(handle: str) -> list[str]:
    """Return the words of a handle, parted at _ . - digits and capitals; without what people add to a name."""
    bare = _bare(handle)
    pieces = [piece for run in _NOT_LETTERS.split(bare) for piece in _HUMP.split(run) if piece]
    kept = [piece for piece in pieces if piece.lower() not in ADDED_TO_HANDLES]
    return kept or pieces


def plain_handles(handle: str) -> set[str]:
    """Return all words of a handle as one, and also without what people add to a name at its start or end."""
    whole = "".join(handle_words(handle)).lower()
    found = {whole}
    for added in ADDED_TO_HANDLES:
        for rest in (whole.removeprefix(added), whole.removesuffix(added)):
            if len(rest) >= _LEAST_LEFT and len(added) > 1:
                found.add(rest)
    return found


def _bare(handle: str) -> str:
    bare = _INSTANCE.sub("", unicodedata.normalize("NFKC", handle).strip())
    return _POSING_DIGIT.sub(lambda found: "oieas"["01345".index(found[0])], _AT.sub("", bare))
