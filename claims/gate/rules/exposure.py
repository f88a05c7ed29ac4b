"""G-33, G-60 and G-64: was it weighed what publication does to people, and does anything leave that must not?"""

from collections.abc import Iterator

from claims.enums import Settled
from claims.gate.facts import ClaimFacts
from claims.gate.registry import Problem, Rule, Sentence, register
from claims.harm.names import NAMES
from claims.shapes import accuses
from evidence.enums import Sensitivity


@register
class HarmIsWeighed(Rule):
    """Before a claim that could harm somebody is published, it is written down why the public has to know it, whom it
    harms (also if it is wrong or grows old), why it says no more than that, and which gentler ways were weighed.
    Readers can read it. A claim about a campaign, or that names the person behind an account, could always harm."""

    id = "G-33"
    title = "Public interest and harm were weighed"
    basis = "Pamment and Smith; Bellingcat, principles for data collection"
    version = 3

    def applies(self, facts: ClaimFacts) -> bool:
        return facts.adverse or self._accuses(facts)

    def _accuses(self, facts: ClaimFacts) -> bool:
        return accuses(facts.predicate, names_somebody=bool(facts.object_person or facts.blamed_in_words))

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        if not facts.adverse:
            yield Problem("A claim of this kind accuses whoever it names: say that it could harm them.", "version")
        needed = {
            "Say why the public has to know it.": facts.public_interest,
            "Say whom it harms, also if it is wrong or grows old.": facts.who_is_harmed,
            "Say why it says no more than the public has to know.": facts.proportionality,
            "Say which ways with less harm were weighed.": facts.gentler_ways,
        }
        yield from (Problem(text, "version") for text, value in needed.items() if not value.strip())


@register
class PrivatePersonsAreNotNamed(Rule):
    """Private individuals and minors leave the house under a pseudonym, in every spelling that the case knows; who is
    new to a case is a private individual until somebody says otherwise. One of them is named only by an editor's
    decision, after a data-protection record of that person says why the public has to know who it is, and with the
    legal sign-off on exactly this content after both. Whose name was withheld when the editor approved is not told
    because somebody said since that they are public, or not called so."""

    id = "G-60"
    title = "Private persons and minors are not named without a reason and the lawyer"
    basis = "SPJ; Bellingcat"
    version = 3

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        names = [trace for trace in facts.traces if trace.kind in NAMES]
        for passage in sorted(set(facts.withheld_then) - {trace.passage for trace in names}):
            yield Problem(
                Sentence(
                    "%(passage)s was not to be named when this was approved, and would be now: reopen and approve"
                    " it anew.",
                    passage=passage,
                ),
                "review",
            )
        for trace in names:
            if trace.settled != Settled.WAIVED:
                continue
            if trace.interest_since is None:
                text = Sentence(
                    "%(passage)s is to be named: first write down why the public has to know who that is.",
                    passage=trace.passage,
                )
                yield Problem(text, f"record:{trace.person}")
                continue
            since = max(trace.interest_since, trace.decided_at or trace.interest_since)
            if not any(sign_off.at >= since for sign_off in facts.sign_offs):
                yield Problem(
                    Sentence(
                        "%(passage)s is to be named: the lawyer has not signed off since that was decided.",
                        passage=trace.passage,
                    ),
                    "legal",
                )


@register
class NothingSensitive(Rule):
    """No citation points into an exhibit that is marked sensitive, and no claim is about one: a publication repeats the
    quote, its translation and the description of the exhibit for everybody. An editor lowers the mark, with the reason,
    or other evidence is cited."""

    id = "G-64"
    title = "No sensitive exhibit is published"
    basis = "SPJ, minimise harm; protection of sources"

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        sensitive = {c.item.exhibit for c in facts.citations if c.item.sensitivity == Sensitivity.SENSITIVE}
        for exhibit in sorted(sensitive | set(facts.sensitive_ends)):
            text = Sentence(
                "E-%(exhibit)s is marked sensitive: an editor must lower that first, or cite other evidence.",
                exhibit=exhibit,
            )
            yield Problem(text, f"item:{exhibit}")
