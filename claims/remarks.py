"""What stands in the way of a public text while it is written: each remark with its place in the text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims import ladder, phrasing
from claims.ladder import Grade, Rung
from claims.scales import rank, step


@dataclass(frozen=True)
class Remark:
    """Words of a text, from `start` up to `end`, and what a person is told of them."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Advice:
    """The remarks on a text in their order, how plainly it may speak, and sentences that would."""

    remarks: list[Remark]
    rung: Rung
    stands: bool
    openers: list[str]


def advise(text: str, *, scale: str, language: str, grade: Grade, cited: Iterable[str] = ()) -> Advice:
    """Read a public text as G-40 and G-42 will; words that a `cited` passage says in quotation marks are not judged."""
    rung = ladder.rung_of(grade)
    own = phrasing.masked(text, cited)
    hedged, mixed, sure = phrasing.hedge_places(own), phrasing.mixed_places(own), ladder.too_sure_places(own, rung)
    remarks = [
        *_terms(own, scale, language, grade.likelihood),
        *(_at(match, _("“%(words)s” hides how sure the text is: use a term of the scale.")) for match in hedged),
        *(_at(match, _("“%(words)s” is surer than the grade of this claim.")) for match in sure),
        *(Remark(*place, _("Likelihood and confidence stand in one sentence: say them in two.")) for place in mixed),
        *(
            _at(match, _("“%(words)s” holds %(code)s, which deceives the eye: write it anew."), code=code)
            for match, code in phrasing.deceiving_places(own)
        ),
    ]
    return Advice(
        remarks=sorted(remarks, key=lambda remark: (remark.start, -remark.end)),
        rung=rung,
        stands=ladder.stands_on(own, rung),
        openers=ladder.openers(rung, scale, grade.likelihood, language),
    )


def _terms(text: str, scale: str, language: str, likelihood: str) -> Iterator[Remark]:
    graded = step(scale, likelihood)
    for match in phrasing.term_places(text):
        found = phrasing.term_step(scale, match[0].lower(), language)
        if found is None:
            yield _at(match, _("“%(words)s” is not a term of this case's scale."))
        elif graded and found != rank(likelihood):
            told = _("“%(words)s” is another step than the likelihood chosen, “%(term)s”.")
            yield _at(match, told, term=graded.term)


def _at(match: re.Match[str], told: str, **values: str) -> Remark:
    return Remark(match.start(), match.end(), told % ({"words": match[0]} | values))


def segments(text: str, remarks: Iterable[Remark]) -> list[tuple[str, str]]:
    """`text` in pieces, each with what is said of it or ""; where remarks overlap, the first one keeps its words."""
    pieces, at = [], 0
    for remark in remarks:
        if remark.start < at:
            continue
        pieces += [(text[at : remark.start], ""), (text[remark.start : remark.end], remark.text)]
        at = remark.end
    return [piece for piece in (*pieces, (text[at:], "")) if piece[0]]
