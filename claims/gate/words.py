"""What the gate found, in the language of a page: stored sentences are English and remember how they were made."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from cases.sentences import spoken


def in_words(problem: Mapping[str, Any]) -> str:
    """The sentence of a stored problem in the active language; runs from before sentences remembered stay English."""
    said = problem.get("said")
    return spoken(said) if said else gettext(problem["text"])
