"""The verb ladder: how plainly a text may speak, bound to the grade of its claim (G-42), in English and French.

Four rungs, after "prudence de l'expression" (French law of 29 July 1881, good faith): a fact is told flatly, a likely
thing appears so, what one origin says is that origin's word, and what nobody could confirm is called unconfirmed.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from claims import phrasing
from claims.enums import Confidence, Credibility, Likelihood
from claims.scales import rank


class Rung(StrEnum):
    """From the plainest to the most careful."""

    FLAT = "flat"
    APPEARS = "appears"
    ALLEGED = "alleged"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class Grade:
    """What decides on the rung: the claim's own grades, and what stands behind it."""

    likelihood: str
    confidence: str
    origins: int
    best_credibility: str
    is_record: bool


_DOUBTFUL = frozenset({Credibility.DOUBTFUL, Credibility.IMPROBABLE, Credibility.CANNOT_JUDGE})
_APPEARS = re.compile(
    r"\b(?:appears?|appeared|seems?|seemed|semble(?:nt)?|semblait|paraît|paraissent|(?:we|analysts) assess)\b", re.I
)
_UNCONFIRMED = re.compile(
    r"\bunconfirmed\b|\bnot (?:be |been )?(?:independently )?confirmed\b|\bunverified\b|\bnon confirmée?s?\b"
    r"|\bnot be confirmed\b|\bpas (?:été |pu être )?confirmée?s?\b|\bnon vérifiée?s?\b",
    re.I,
)
_TOO_SURE = re.compile(
    r"(?<!almost )(?<!nearly )(?<!presque )\b(certainly|undoubtedly|clearly|definitely|obviously|unquestionably"
    r"|without (?:a |any )?doubt|beyond doubt|certainement|clairement|évidemment|indéniablement|sans aucun doute)\b",
    re.I,
)
_OPERATOR = re.compile(
    r"\b(?:(?:operated|run|controlled|directed|ordered|paid|financed|steered|orchestrated) by|belongs? to"
    r"|(?:is|are|was|were|stands?) behind|on behalf of|works? for"
    r"|(?:opérée?|gérée?|dirigée?|contrôlée?|pilotée?|commandée?|payée?)s? par|pour le compte d[eu]"
    r"|appartien(?:t|nent) (?:à|au)|(?:est|sont) derrière)\b",
    re.I,
)


def rung_of(grade: Grade) -> Rung:
    """The plainest rung on which a text of this grade may stand."""
    if grade.best_credibility in _DOUBTFUL:
        return Rung.UNCONFIRMED
    if grade.is_record:
        return Rung.FLAT
    if grade.origins <= 1:
        return Rung.ALLEGED
    sure = rank(grade.likelihood) >= rank(Likelihood.VERY_LIKELY) and grade.confidence == Confidence.HIGH
    return Rung.FLAT if sure else Rung.APPEARS


def stands_on(text: str, rung: Rung) -> bool:
    """Whether a text is as careful as `rung` asks for; words in quotation marks are not its own."""
    own = phrasing.own_words(text)
    if rung == Rung.UNCONFIRMED:
        return _UNCONFIRMED.search(own) is not None
    if rung == Rung.ALLEGED:
        return any(phrasing.is_attributed(sentence) for sentence in phrasing.sentences(own))
    if rung == Rung.APPEARS:
        return (
            bool(phrasing.likelihood_terms(text)) or _APPEARS.search(own) is not None or stands_on(text, Rung.ALLEGED)
        )
    return True


def too_sure(text: str, rung: Rung) -> list[str]:
    """Words that only a flat statement may use."""
    return [] if rung == Rung.FLAT else [match[0] for match in _TOO_SURE.finditer(phrasing.own_words(text))]


def operators_named(text: str) -> list[str]:
    """Words that say who runs something, except where their sentence says that it is not known."""
    return [
        match[0]
        for sentence in phrasing.sentences(phrasing.own_words(text))
        if not phrasing.says_not_known(sentence)
        for match in _OPERATOR.finditer(sentence)
    ]


def too_sure_places(text: str, rung: Rung) -> list[re.Match[str]]:
    """Where words stand that only a flat statement may use."""
    return [] if rung == Rung.FLAT else list(_TOO_SURE.finditer(text))


_OPENERS: dict[bool, dict[Rung, tuple[str, ...]]] = {
    False: {
        Rung.FLAT: ("X is …", "X was …"),
        Rung.APPEARS: ("It is {term} that …", "X appears to …"),
        Rung.ALLEGED: ("According to …, …", "… says that …"),
        Rung.UNCONFIRMED: ("It is unconfirmed that …", "That … could not be confirmed."),
    },
    True: {
        Rung.FLAT: ("X est …", "X était …"),
        Rung.APPEARS: ("Il est {term} que …", "X semble …"),
        Rung.ALLEGED: ("Selon …, …", "… affirme que …"),
        Rung.UNCONFIRMED: ("Il n’est pas confirmé que …", "… , ce qui n’a pas pu être confirmé."),
    },
}


def openers(rung: Rung, scale: str, likelihood: str, language: str) -> list[str]:
    """How a sentence on this rung can begin, in English or French, with the term of the claim's own step."""
    step = rank(likelihood)
    term = phrasing.forms_of(scale, language)[step][0] if step >= 0 else ""
    found = _OPENERS[phrasing.is_french(language)][rung]
    return [words.format(term=term) for words in found if term or "{term}" not in words]
