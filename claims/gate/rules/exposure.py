"""G-33, G-60 and G-64: was it weighed what publication does to people, and does anything leave that must not?"""

from collections.abc import Iterator

from claims.enums import Predicate, Settled, TraceKind
from claims.gate.facts import ClaimFacts
from claims.gate.registry import Problem, Rule, register
from evidence.enums import Sensitivity

_ABOUT_CAMPAIGNS = frozenset(
    {Predicate.ACCOUNTS_COORDINATED, Predicate.ACCOUNT_IN_CAMPAIGN, Predicate.CAMPAIGN_ATTRIBUTED_TO}
)


@register
class HarmIsWeighed(Rule):
    """Before a claim that could harm somebody, or one about a campaign, is published, it is written down why the public
    has to know it, whom it harms (also if it is wrong or grows old), why it says no more than that, and which gentler
    ways were weighed. Readers can read it."""

    id = "G-33"
    title = "Public interest and harm were weighed"
    basis = "Pamment and Smith; Bellingcat, principles for data collection"

    def applies(self, facts: ClaimFacts) -> bool:
        return facts.adverse or facts.predicate in _ABOUT_CAMPAIGNS

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
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
    legal sign-off on exactly this content after both."""

    id = "G-60"
    title = "Private persons and minors are not named without a reason and the lawyer"
    basis = "SPJ; Bellingcat"
    version = 2

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        for trace in facts.traces:
            if trace.kind not in (TraceKind.NAME, TraceKind.MINOR) or trace.settled != Settled.WAIVED:
                continue
            if trace.interest_since is None:
                text = f"{trace.passage} is to be named: first write down why the public has to know who that is."
                yield Problem(text, f"record:{trace.person}")
                continue
            since = max(trace.interest_since, trace.decided_at or trace.interest_since)
            if not any(sign_off.at >= since for sign_off in facts.sign_offs):
                yield Problem(
                    f"{trace.passage} is to be named: the lawyer has not signed off since that was decided.", "legal"
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
            text = f"E-{exhibit} is marked sensitive: an editor must lower that first, or cite other evidence."
            yield Problem(text, f"item:{exhibit}")
