"""What a frozen snapshot says, put into the language of the reader: a snapshot itself is always in English.

Everything here is made again from plain values (dates with their precision, names, outcomes), never by translating a
sentence; call it under `translation.override`.
"""

from datetime import date, datetime

from django.utils.translation import gettext as _

from cases.enums import Precision
from cases.moments import in_words
from claims.dossier.commitments import MARK
from claims.enums import Likelihood
from claims.phrasing import forms_of, is_french
from claims.replies import outcome_words
from claims.wording import PERIODS, bound_words, end_words, link_words, sentence


def said(words: str) -> str:
    """Words that are kept as a value (a label, a title, a band), in the active language; none stay none."""
    return _(words) if words else ""


def moment(text: str | None, precision: str = Precision.SECOND) -> str:
    """A point of time of a snapshot as a person reads it, always with its zone."""
    return in_words(datetime.fromisoformat(text), precision, with_time=True) if text else ""


def step_words(step: dict | None, language: str) -> dict | None:
    """A step of the scale with the term that a text of this language uses for it."""
    if step is None or not is_french(language):
        return step
    # The seven steps stand for the same bands whichever scale a case has.
    term = forms_of("", language)[Likelihood.values.index(step["value"])][0]
    return {**step, "term": term, "band": said(step["band"])}


def shown_end(end: dict | None) -> str:
    """What stands at one side of a claim: an account with its platform, an exhibit with its title, or a name."""
    return end_words(end["type"], end["label"], end.get("platform", "")) if end else ""


def period_of(claim: dict) -> str:
    """When the claim holds in the world; as it was frozen, where a part of its dates is withheld."""
    if MARK in "".join(claim.get(name) or "" for name in PERIODS):
        return claim["period"]
    dates = {name: date.fromisoformat(claim[name]) for name in PERIODS if claim.get(name)}
    return " ".join(bound_words(name, at, claim[f"{name}_precision"]) for name, at in dates.items())


def link_of(claim: dict) -> str:
    """What a claim says of its subject."""
    return link_words(claim["predicate"], claim["role_title"])


def statement_of(claim: dict) -> str:
    """The whole claim as one sentence without a full stop."""
    return sentence(shown_end(claim["subject"]), link_of(claim), shown_end(claim["object"]), period_of(claim))


def reply_words(told: dict) -> dict:
    """One request for reply with its sentences; its dates are put into words anew, unless one is withheld."""
    moments = [told.get("searched_on"), *(one.get("at") for one in (*told["sent"], *told["replies"]))]
    if any(MARK in at for at in moments if at):
        return told
    searched = told.get("searched_on")
    known = {**told, "searched_words": in_words(date.fromisoformat(searched), Precision.DAY) if searched else ""}
    replies = [
        {**reply, "received_words": moment(reply["at"], reply["precision"]) if reply.get("at") else ""}
        for reply in told["replies"]
    ]
    return {**known, "words": outcome_words(known), "replies": replies}
