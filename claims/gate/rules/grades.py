"""G-41 and G-42: does the evidence carry the confidence, and do the words say no more than the grade?"""

from collections.abc import Iterator

from claims import ladder
from claims.enums import Confidence
from claims.gate.facts import ClaimFacts
from claims.gate.registry import Problem, Rule, Sentence, register
from claims.gate.rules.independence import speaks_of_itself
from claims.gate.rules.language import judged_text
from claims.ladder import Rung
from claims.origins import count_origins
from evidence.enums import Reliability

MOST_ASSUMPTIONS = 2
_SOUND = frozenset({Reliability.A, Reliability.B, Reliability.C})


@register
class HighIsEarned(Rule):
    """High confidence needs two independent origins whose sources are graded C or better, no contradiction that nobody
    dealt with, and at most two key assumptions."""

    id = "G-41"
    title = "High confidence is earned"
    basis = "ICD 203; JP 2-0"

    def applies(self, facts: ClaimFacts) -> bool:
        return facts.analytic_confidence == Confidence.HIGH

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        sound = [one for one in facts.counted if one.source and one.source.reliability in _SOUND]
        if facts.origins < 2:
            yield Problem("High confidence needs two independent origins.", "origins")
        elif count_origins((one.origin, one.item.sha256) for one in sound) < 2:
            yield Problem("High confidence needs two origins whose sources are graded C or better.", "citations")
        for citation in facts.citations:
            if citation.is_open_contradiction:
                text = Sentence(
                    "%(label)s contradicts, and nobody has dealt with it: confidence is not high.", label=citation.label
                )
                yield Problem(text, f"citation:{citation.id}")
        if len(facts.key_assumptions) > MOST_ASSUMPTIONS:
            number = len(facts.key_assumptions)
            yield Problem(
                Sentence(
                    "High confidence allows %(most_assumptions)s key assumptions, not %(number)s.",
                    most_assumptions=MOST_ASSUMPTIONS,
                    number=number,
                ),
                "version",
            )


_NEEDED = {
    Rung.APPEARS: "Its grade allows no flat statement: use the term of the scale, or say that it appears so.",
    Rung.ALLEGED: "It rests on one origin: say whose word it is, e.g. “according to …”.",
    Rung.UNCONFIRMED: "Nothing cited is graded better than doubtful: the text must say that it is unconfirmed.",
}


@register
class WordsFitTheGrade(Rule):
    """The words are bound to the grade. “Is” and “was” without more are for an official record, or for what is at
    least very likely with high confidence; “appears to”, or a term of the scale, for what is less sure; “according
    to X” where there is one origin; “unconfirmed” where no cited statement is graded better than doubtful. Quotations
    of a cited passage are not judged."""

    id = "G-42"
    title = "The words say no more than the grade"
    basis = "French law of 29 July 1881, prudence in expression"
    version = 2

    def applies(self, facts: ClaimFacts) -> bool:
        return bool(facts.public_text.strip() and facts.counted)

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        rung = ladder.rung_of(grade_of(facts))
        if not ladder.stands_on(facts.public_text, rung):
            yield Problem(_NEEDED[rung], "version")
        for words in dict.fromkeys(ladder.too_sure(judged_text(facts), rung)):
            yield Problem(Sentence("“%(words)s” is surer than the grade of this claim.", words=words), "version")


def grade_of(facts: ClaimFacts) -> ladder.Grade:
    """What the verb ladder asks of a claim."""
    return ladder.Grade(
        likelihood=facts.likelihood,
        confidence=facts.analytic_confidence,
        origins=facts.origins,
        best_credibility=min((one.credibility for one in facts.counted if one.credibility), default=""),
        is_record=any(one.is_issued_record or speaks_of_itself(one, facts) for one in facts.counted),
    )
