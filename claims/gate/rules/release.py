"""G-80 and G-81: what follows a publication: corrections in the open, and a log that outsiders can hold us to."""

from collections.abc import Iterator

from claims.enums import Settled
from claims.gate.facts import ClaimFacts
from claims.gate.registry import Problem, Rule, Sentence, register
from claims.harm.payload import place_of

_NOTES = frozenset(map(place_of, ("/correction_cause", "/correction_note")))


@register
class CorrectedInTheOpen(Rule):
    """A version that replaces a published one says what was wrong and what readers are told of it; the old version and
    its address stay. As these notes stand in dossiers that were made before and withhold nothing, they lead to nobody
    and name nobody whose name is withheld. Where a cited source is withdrawn or changed, the claims that rest on it are
    opened again."""

    id = "G-80"
    title = "Corrections are public"
    basis = "IFCN 5; ICS 206"
    version = 2

    def applies(self, facts: ClaimFacts) -> bool:
        return bool(facts.supersedes)

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        if not facts.correction_cause.strip():
            yield Problem("Say what was wrong in the version that this one replaces.", "version")
        if not facts.correction_note.strip():
            yield Problem("Write the note to readers that goes with the correction.", "version")
        for trace in facts.traces:
            if trace.settled != Settled.WAIVED and _NOTES.intersection(trace.places):
                text = "“%(passage)s” stands in the note on the correction, which older dossiers show: cut it out."
                yield Problem(Sentence(text, passage=trace.passage), "version")


@register
class LoggedAndSigned(Rule):
    """Nothing leaves the house while the audit log is not being signed; what has left it stands in the log, under a
    signed checkpoint, from which the dossier takes its proof."""

    id = "G-81"
    title = "The publication stands in the signed log"
    basis = "transparency log"

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        if not facts.log_is_signed:
            yield Problem("The audit log is not being signed at the moment: start its sequencer.", "review")
        if facts.release and not facts.release.logged:
            yield Problem(
                Sentence("Publication %(number)s does not stand in the audit log.", number=facts.release.number),
                "review",
            )
        elif facts.release and not facts.release.covered:
            yield Problem(
                Sentence("No signed checkpoint covers publication %(number)s yet.", number=facts.release.number),
                "review",
            )
