"""Hashtags of a raw text, as platforms read them, folded so that spellings of one tag count as one."""

import html
from collections.abc import Iterable
from functools import lru_cache

import regex

from posts.texts.normalisation import URL, fold

# `re` would cut #नमस्ते at its vowel sign and take &#39; and http://x/#frag for tags.
_HASHTAG = regex.compile(
    r"(?<![\w&/])[#＃]([\p{L}\p{M}\p{N}_\u200c\u200d\u00b7]*[\p{L}\p{M}_][\p{L}\p{M}\p{N}_\u200c\u200d\u00b7]*)"
)


def tags(text: str) -> list[str]:
    """Return the hashtags of `text` without their sign, folded, each once, in their order (POSTS 4.2)."""
    if "&" in text:
        text = html.unescape(text)
    if "#" not in text and "＃" not in text:
        return []
    return list(dict.fromkeys(map(_folded, _HASHTAG.findall(URL.sub(" ", text)))))


def folded(names: Iterable[str]) -> list[str]:
    """Return tags that a platform lists itself in the same form: folded, without sign, each once."""
    found = dict.fromkeys(map(_folded, names))
    found.pop("", None)
    return list(found)


@lru_cache(maxsize=50_000)
def _folded(name: str) -> str:
    return fold(name.strip().lstrip("#＃"))
