"""The letters to those whom claims name, in English and French, made from templates; a person edits and sends them."""

from collections.abc import Sequence
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation

from cases.enums import Precision
from cases.moments import in_words
from claims.models import ReplyRequest

LANGUAGES = (("en", "English"), ("fr", "French"))


def letter(*, language: str, party: str, allegations: Sequence[str], deadline: datetime | None, sender: str) -> str:
    """The first letter: what is alleged, word for word, until when an answer is awaited, and what becomes of it."""
    return _render("request", language, party=party, allegations=allegations, deadline=deadline, sender=sender)


def reminder(request: ReplyRequest, *, party: str, sender: str) -> str:
    """The reminder of a letter that has no answer yet, with the letter below it."""
    context = {"party": party, "deadline": request.deadline, "sender": sender, "letter": request.letter}
    return _render("reminder", request.language, **context)


def subject(request: ReplyRequest) -> str:
    """The subject of the e-mail."""
    return f"Demande de réponse ({request})" if _known(request.language) == "fr" else f"Request for reply ({request})"


def _render(name: str, language: str, *, deadline: datetime | None, **context: object) -> str:
    known = _known(language)
    context |= {"deadline": _in_words(deadline, known)}
    return render_to_string(f"claims/letters/{name}_{known}.txt", context).strip() + "\n"


def _known(language: str) -> str:
    """The template's language; English for one that has none, to be translated by whoever sends it."""
    primary = language.partition("-")[0].lower()
    return primary if primary in dict(LANGUAGES) else "en"


def _in_words(deadline: datetime | None, language: str) -> str:
    if deadline is None:
        return ""
    with translation.override(language):
        if language == "fr":
            return f"{in_words(deadline, Precision.DAY)} à {deadline:%H h %M} (UTC)"
        return in_words(deadline, Precision.SECOND, with_time=True)
