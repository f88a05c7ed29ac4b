"""Template tags of claims: text from outside shown so that it cannot mislead, and the words of grades and scales."""

import re
import unicodedata

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_SHORT = 24  # shorter contexts end where the text ends, and are shown whole

# Characters that hide or reorder their neighbours: zero width, bidirectional controls, other format characters.
_DECEPTIVE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)


@register.filter
def plain(value) -> SafeString:
    """Text from outside: escaped, isolated from the writing direction around it, hidden characters made visible."""
    text = str(value or "")
    parts, position = [], 0
    for found in _DECEPTIVE.finditer(text):
        parts += [conditional_escape(text[position : found.start()]), _shown(found.group())]
        position = found.end()
    parts.append(conditional_escape(text[position:]))
    return format_html("<bdi>{}</bdi>", format_html_join("", "{}", ((part,) for part in parts)))


def _shown(character: str) -> SafeString:
    name = unicodedata.name(character, "control character").lower()
    return format_html('<span class="hidden-char" title="{}">U+{}</span>', name, f"{ord(character):04X}")


@register.filter
def spelled_out(text: str) -> str:
    """The same for places that hold text alone, as in a drawing: hidden characters are named by their numbers."""
    return _DECEPTIVE.sub(lambda found: f"[U+{ord(found.group()):04X}]", str(text or ""))


@register.filter
def quoted(citation) -> SafeString:
    """A cited passage: the words around it, and the cited words marked. Takes a row or a part of a snapshot."""
    read = citation.get if isinstance(citation, dict) else lambda key: getattr(citation, key)
    before, after = read("prefix"), read("suffix")
    return mark_safe(  # noqa: S308 - each part was escaped by `plain`
        f'<span class="around">{plain(_from_a_word(before))}</span><mark>{plain(read("exact"))}</mark>'
        f'<span class="around">{plain(_to_a_word(after))}</span>'
    )


def _from_a_word(text: str) -> str:
    """The words before a quote without the first, which the selector may have cut."""
    _, space, rest = text.partition(" ")
    return f"… {rest}" if space and rest and len(text) > _SHORT else text


def _to_a_word(text: str) -> str:
    rest, space, _ = text.rpartition(" ")
    return f"{rest} …" if space and rest and len(text) > _SHORT else text
