"""Sentences that are written in English, for the log and for programs, and told in the language of a page."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext


class Sentence(str):
    """A sentence with values in it, in English, that remembers how it was made: a page can say it in another language.

    `said` is the template, whose places are named, and its values; a value may be a sentence itself.
    """

    said: tuple[str, dict[str, object]]

    def __new__(cls, template: str, /, **values: object) -> "Sentence":
        made = super().__new__(cls, template % values)
        made.said = template, {name: as_said(value) for name, value in values.items()}
        return made


def as_said(value: object) -> object:
    """A value as it is stored: a sentence as [template, values], anything else as text."""
    return list(value.said) if isinstance(value, Sentence) else str(value)


def sentence_of(error: BaseException) -> str:
    """What a refusal says, in English; a `Sentence` still remembers how it was made."""
    said = error.args[0] if error.args else ""
    return said if isinstance(said, Sentence) else str(error)


def in_words(refused: BaseException | str) -> str:
    """What a refusal says, in the active language where its words are known, else as it was written."""
    said = refused if isinstance(refused, str) else sentence_of(refused)
    if isinstance(said, Sentence):
        return spoken(said.said)
    return gettext(said) if said else ""


def spoken(said: Sequence[Any]) -> str:
    """A sentence out of its template and values, in the active language."""
    template, values = said
    quoted = {name for name in values if f"“%({name})s”" in template}
    return gettext(template) % {name: value if name in quoted else _value(value) for name, value in values.items()}


def _value(value: Any) -> str:
    """A sentence within a sentence, words that the gate knows, or what somebody wrote."""
    if isinstance(value, list):
        return spoken(value)
    if (told := _word(value)) != value:
        return told
    parts = [(part, _word(part)) for part in value.split(", ")]
    return ", ".join(told for _, told in parts) if all(part != told for part, told in parts) else value


def _word(word: str) -> str:
    """A word of the gate's own or, in small letters, of a vocabulary; anything else stays."""
    told = gettext(word) if word else word
    if told != word or not word.islower():
        return told
    label = word.capitalize()
    return word if gettext(label) == label else gettext(label).lower()
