"""The definition of N1, core and hashtags as POSTS.md gives it, step by step, for the product's to be compared with."""

import html
import re
import unicodedata

import regex

URL = re.compile(r"(?:https?://|www\.)\S+|\b(?:t\.co|pic\.twitter\.com)/\S+", re.I)
MENTION = re.compile(r"(?<![\w@＠])[@＠]\w{1,30}")
REPOST = re.compile(r"^\s*RT\s+[@＠]\w{1,30}\s*:\s*", re.I)
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
    "\U0001f3fb-\U0001f3ff\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
ELLIPSIS = re.compile(r"(?:…|\.\.\.)\s*$")
SPACE = re.compile(r"\s+")
TURKIC = str.maketrans({"İ": "i", "ı": "i"})
HASHTAG = regex.compile(
    r"(?<![\w&/])[#＃]([\p{L}\p{M}\p{N}_\u200c\u200d\u00b7]*[\p{L}\p{M}_][\p{L}\p{M}\p{N}_\u200c\u200d\u00b7]*)"
)


def n1(text: str) -> str:
    text = unicodedata.normalize("NFC", html.unescape(text))
    text = MENTION.sub(" ", URL.sub(" ", REPOST.sub("", text)))
    text = unicodedata.normalize("NFKC", INVISIBLE.sub("", text))
    text = SPACE.sub(" ", text.translate(TURKIC).casefold()).strip()
    return ELLIPSIS.sub("", text).strip()


def core(normalised: str) -> str:
    return SPACE.sub(" ", re.sub(r"(?<![\w&/])[#＃]\w+", "", normalised)).strip()


def tags(text: str) -> list[str]:
    found = []
    for tag in HASHTAG.findall(URL.sub(" ", html.unescape(text))):
        folded = unicodedata.normalize("NFKC", tag).translate(TURKIC).casefold()
        if folded not in found:
            found.append(folded)
    return found
