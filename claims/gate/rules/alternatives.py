"""G-10 and G-11: is what speaks against the claim dealt with, and was another explanation tried in earnest?"""

from collections.abc import Iterator

from claims.alternatives import MINIMUM
from claims.enums import ClaimKind, Disposition, Fit, HypothesisKind, Stance
from claims.gate.facts import ClaimFacts
from claims.gate.other_side import HypothesisFacts
from claims.gate.registry import Problem, Rule, Sentence, register

TARGET = "hypotheses"


@register
class ContradictionsAreDealtWith(Rule):
    """Whatever is cited against the claim is accepted, explained, or shown as disputed, each with a note for readers.
    An alternative is ruled out only where some evidence is inconsistent with it."""

    id = "G-10"
    title = "What speaks against it is dealt with"
    basis = "ICD 203 standard 4, GIJN checkpoint 1"

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        for citation in facts.citations:
            if citation.stance == Stance.CONTRADICTS and not (
                citation.disposition and citation.disposition_note.strip()
            ):
                yield Problem(
                    Sentence(
                        "%(label)s speaks against the claim: accept it, explain it or show it as disputed, with a "
                        "note for readers.",
                        label=citation.label,
                    ),
                    f"citation:{citation.id}",
                )
        for hypothesis in facts.hypotheses:
            if hypothesis.disposition == Disposition.RULED_OUT and not _against(hypothesis):
                yield Problem(
                    Sentence(
                        "“%(statement)s” is ruled out, but no evidence is rated inconsistent with it.",
                        statement=hypothesis.statement,
                    ),
                    TARGET,
                )


@register
class AlternativesWereTried(Rule):
    """At least one other explanation is recorded with what became of it and why, and somebody who is not the author
    argued against it to the end. Who operates an account: impersonation or parody, a shared or sold account, a
    namesake, a compromised account. Coordination: organic fan activity, a platform-native trend. Only a plain fact that
    harms nobody goes without. An alternative at least as likely as the claim stops it."""

    id = "G-11"
    title = "Other explanations were tried"
    basis = "ICD 203 standard 4, GIJN checkpoint 1"

    def applies(self, facts: ClaimFacts) -> bool:
        return facts.adverse or facts.needs_two_origins or facts.kind != ClaimKind.FACT

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        if not facts.devils_advocate:
            yield Problem("Name a devil's advocate: somebody who argues against the claim to the end.", TARGET)
        elif facts.devils_advocate == facts.author:
            yield Problem("The author cannot be the devil's advocate of their own claim.", TARGET)
        if not facts.hypotheses:
            yield Problem("Record at least one other explanation, and what became of it.", TARGET)
        known = {hypothesis.kind for hypothesis in facts.hypotheses}
        for kind in MINIMUM.get(facts.predicate, ()):
            if kind not in known:
                yield Problem(
                    Sentence("Try this explanation too: %(label)s.", label=HypothesisKind(kind).label.lower()), TARGET
                )
        for hypothesis in facts.hypotheses:
            yield from self._unjudged(hypothesis)

    def _unjudged(self, hypothesis: HypothesisFacts) -> Iterator[Problem]:
        if hypothesis.disposition == Disposition.OPEN:
            yield Problem(Sentence("Nobody judged “%(statement)s” yet.", statement=hypothesis.statement), TARGET)
        elif not hypothesis.note.strip():
            yield Problem(Sentence("Say why “%(statement)s” is judged so.", statement=hypothesis.statement), TARGET)
        if hypothesis.disposition == Disposition.AS_LIKELY:
            yield Problem(
                Sentence("“%(statement)s” is at least as likely as the claim.", statement=hypothesis.statement), TARGET
            )


def _against(hypothesis: HypothesisFacts) -> int:
    return sum(fit == Fit.INCONSISTENT for _, fit in hypothesis.fits)
