"""G-30 to G-32: technical signs of coordination are not yet a campaign, and a campaign is not yet somebody's."""

from collections.abc import Iterator
from itertools import combinations

from claims import ladder
from claims.enums import AttributedAs, Indicator, Predicate
from claims.gate.facts import CitationFacts, ClaimFacts
from claims.gate.registry import Problem, Rule, Sentence, register
from claims.origins import count_origins


@register
class CoordinationIsShown(Rule):
    """Coordination comes with its method, its parameters, the hash of the data, and what the same method finds among
    accounts that nobody suspects. The text names no operator: that accounts act together does not show for whom."""

    id = "G-30"
    title = "Coordination can be found again"
    basis = "technical is not political attribution"

    def applies(self, facts: ClaimFacts) -> bool:
        return facts.predicate == Predicate.ACCOUNTS_COORDINATED

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        needed = {
            "Say by which method coordination was found.": facts.method,
            "Give the parameters of the method: thresholds and time windows.": facts.parameters,
            "Give the SHA-256 of the data in which it was found.": facts.dataset_sha256,
            "Say what the same method finds among accounts that nobody suspects.": facts.false_positive_check,
        }
        yield from (Problem(text, "version") for text, value in needed.items() if not value.strip())
        for words in ladder.operators_named(facts.public_text):
            yield Problem(
                Sentence(
                    "“%(words)s” names an operator: that is another claim, with evidence of its own.", words=words
                ),
                "version",
            )


@register
class MoreThanSharing(Rule):
    """That an account took part in a campaign never rests on shared links, hashtags and pictures or on the same story
    alone: whoever agrees does that too."""

    id = "G-31"
    title = "Sharing alone makes nobody part of a campaign"
    basis = "Meta; EEAS third report, p. 14"

    def applies(self, facts: ClaimFacts) -> bool:
        return facts.predicate == Predicate.ACCOUNT_IN_CAMPAIGN

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        signs = {citation.indicator for citation in facts.counted if citation.indicator}
        if not signs:
            yield Problem("No counted citation says what sort of sign of taking part it shows.", "citations")
        elif signs <= Indicator.of_sharing():
            yield Problem(
                "Everything cited is that the same was shared or told: cite a sign that ordinary users do not give.",
                "citations",
            )


@register
class AttributionIsComplete(Rule):
    """A campaign is attributed by independent indicators through two of three lenses: technical, behavioural and
    contextual. The claim says which part is attributed (operator, organiser, beneficiary or sponsor), how far a state
    is responsible and which category of the EEAS fits; that either is not known is an answer. The text says no more
    than the part that is attributed."""

    id = "G-32"
    title = "A campaign is attributed through two lenses"
    basis = "IIAF; Healey, spectrum of state responsibility"

    def applies(self, facts: ClaimFacts) -> bool:
        return facts.predicate == Predicate.CAMPAIGN_ATTRIBUTED_TO

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        looks = [citation for citation in facts.counted if citation.indicator in Indicator.lenses()]
        if not any(_are_two_lenses(one, other) for one, other in combinations(looks, 2)):
            yield Problem(
                "Cite independent indicators of two sorts: technical, behavioural, contextual, each of its own origin.",
                "citations",
            )
        needed = {
            "Say which part is attributed: operator, organiser, beneficiary or sponsor.": facts.attributed_as,
            "Say how far a state is responsible, or that it is not known.": facts.state_responsibility,
            "Choose the category of the EEAS, or that it is not known.": facts.eeas_category,
        }
        yield from (Problem(text, "version") for text, value in needed.items() if not value)
        if facts.attributed_as in (AttributedAs.BENEFICIARY, AttributedAs.SPONSOR):
            for words in ladder.operators_named(facts.public_text):
                part = AttributedAs(facts.attributed_as).name.lower()
                yield Problem(
                    Sentence("“%(words)s” says more than that this is the %(part)s.", words=words, part=part), "version"
                )


def _are_two_lenses(one: CitationFacts, other: CitationFacts) -> bool:
    pairs = [(citation.origin, citation.item.sha256) for citation in (one, other)]
    return one.indicator != other.indicator and count_origins(pairs) == 2
