"""G-61: does what is published lead to somebody's door?"""

from collections.abc import Iterator

from claims.enums import TraceKind
from claims.gate.facts import ClaimFacts
from claims.gate.registry import Problem, Rule, Sentence, register
from claims.harm.names import NAMES


@register
class NoTraces(Rule):
    """Text, quotes, translations, names, descriptions of exhibits, and what is told of requests and replies hold no
    e-mail address, telephone number, postal address, precise coordinates, bank account, card, number of identity
    papers, number plate or relative by name. What is found is cut out of the text, or an editor who did not write it
    decides, with the reason: it is withheld in the published dossier, or it may be published."""

    id = "G-61"
    title = "Nothing leads to anybody's door"
    basis = "minimise harm; no doxxing"

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        for trace in facts.traces:
            if not trace.settled and trace.kind not in NAMES:
                what = TraceKind(trace.kind).label
                yield Problem(
                    Sentence(
                        "%(what)s “%(passage)s” stands in: %(places)s.",
                        what=what,
                        passage=trace.passage,
                        places="; ".join(trace.places),
                    ),
                    "traces",
                )
