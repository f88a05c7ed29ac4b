"""What the gate found, in the language of a page: stored sentences are English and remember how they were made."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext


def in_words(problem: Mapping[str, Any]) -> str:
    """The sentence of a stored problem in the active language; runs from before sentences remembered stay English."""
    said = problem.get("said")
    return _spoken(said) if said else gettext(problem["text"])


def _spoken(said: Sequence[Any]) -> str:
    template, values = said
    quoted = {name for name in values if f"“%({name})s”" in template}
    return gettext(template) % {name: value if name in quoted else _value(value) for name, value in values.items()}


def _value(value: Any) -> str:
    """A sentence within a sentence, words that the gate knows, or what somebody wrote."""
    if isinstance(value, list):
        return _spoken(value)
    if (spoken := _word(value)) != value:
        return spoken
    parts = [(part, _word(part)) for part in value.split(", ")]
    return ", ".join(spoken for _, spoken in parts) if all(part != spoken for part, spoken in parts) else value


def _word(word: str) -> str:
    """A word of the gate's own or, in small letters, of a vocabulary; anything else stays."""
    spoken = gettext(word) if word else word
    if spoken != word or not word.islower():
        return spoken
    label = word.capitalize()
    return word if gettext(label) == label else gettext(label).lower()
