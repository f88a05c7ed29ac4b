"""G-33, G-60 and G-64: was it weighed what publication does to people, and does anything leave that must not?"""

from collections.abc import Iterator

from cases.enums import SubjectTier
from claims.enums import Predicate
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
    """No private individual and no minor is named, at an end of the claim or in its text, under any spelling that the
    case knows: they are described in words. Who is named holds or held an office of some kind, and is recorded so; who
    is new to a case is a private individual until somebody says otherwise."""

    id = "G-60"
    title = "Private persons and minors are not named"
    basis = "SPJ; Bellingcat"

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        for person in facts.people:
            if person.tier in (SubjectTier.PRIVATE_INDIVIDUAL, SubjectTier.MINOR):
                what = SubjectTier(person.tier).label.lower()
                yield Problem(
                    f"{person.label} is recorded as a {what}: describe them in words, or correct the record.",
                    f"person:{person.id}",
                )
        for name in facts.private_names:
            yield Problem(f"The text names {name}, a private individual or minor: describe them instead.", "version")


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
