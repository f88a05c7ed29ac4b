"""The versioned normalisation of post texts: what is taken off before two texts are compared.

Every figure that rests on it carries VERSION; a change of any rule here is a new version, never a mend in place.
"""

import html
import re
import unicodedata

VERSION = "N1"
ELIGIBLE = 20

URL = re.compile(r"(?:https?://|www\.)\S+|\b(?:t\.co|pic\.twitter\.com)/\S+", re.IGNORECASE)
_MENTION = re.compile(r"(?<![\w@＠])[@＠]\w{1,30}")
_REPOST = re.compile(r"^\s*RT\s+[@＠]\w{1,30}\s*:\s*", re.IGNORECASE)
# Soft hyphen, joiners, Mongolian and variation selectors, zero width, bidi controls, skin tones, tag characters.
INVISIBLE = (
    "\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
    "\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f\U000e0100-\U000e01ef"
)
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_HASHTAG = re.compile(r"(?<![\w&/])[#＃]\w+")
# Without this, `İLHAM`.casefold() has six code points and never equals `ilham`.
_DOTTED_AND_DOTLESS = str.maketrans({"İ": "i", "ı": "i"})


def n1(text: str) -> str:
    """Return `text` unescaped, without `RT @user:`, URLs, mentions and invisibles, NFKC-folded, spaces collapsed.

    Steps and patterns are POSTS 4.1 in its order; what is skipped for ASCII could change nothing there.
    """
    if "&" in text:
        text = html.unescape(text)
    is_ascii = text.isascii()
    if not is_ascii:
        text = unicodedata.normalize("NFC", text)
    text = _REPOST.sub("", text)
    # Each of the two patterns needs one of these characters.
    if "." in text or ":" in text:
        text = URL.sub(" ", text)
    if "@" in text or "＠" in text:
        text = _MENTION.sub(" ", text)
    if is_ascii:
        text = text.lower()
    else:
        text = fold(_INVISIBLE.sub("", text))
    return _without_ellipsis(" ".join(text.split()))


def fold(text: str) -> str:
    """Return the form in which width, case and the Turkic i no longer tell two strings apart."""
    return unicodedata.normalize("NFKC", text).translate(_DOTTED_AND_DOTLESS).casefold()


def _without_ellipsis(text: str) -> str:
    """Drop one ellipsis at the end; NFKC has turned `…` into three dots by now."""
    return text[:-3].strip() if text.endswith("...") else text


def core(normalised: str) -> str:
    """Return a text that N1 gave without its hashtags, which rotate between copies of one text."""
    if "#" not in normalised:
        return normalised
    return " ".join(_HASHTAG.sub("", normalised).split())


def is_eligible(core_text: str) -> bool:
    """Shorter cores ("america..") would make clusters of people who have nothing in common."""
    return len(core_text) >= ELIGIBLE
