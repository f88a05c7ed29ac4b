"""G-07 to G-09: do independent origins stand behind the claim?"""

from collections.abc import Iterator
from itertools import combinations

from claims.enums import Access, Credibility, Predicate, VersionState
from claims.gate.facts import CitationFacts, ClaimFacts
from claims.gate.registry import Problem, Rule, Sentence, register
from claims.phrasing import SINGLE_SOURCE_LABEL, has_single_source_label
from evidence.enums import SourceKind

OVERRIDE_REASON = 40
STANDING = frozenset({VersionState.APPROVED, VersionState.PUBLISHED})


@register
class TwoOrigins(Rule):
    """Who operates an account, which role a person holds, that accounts are coordinated and to whom a campaign
    is attributed need two independent origins. One suffices only if it is an official record cited from its issuer, or
    a statement of the subject about itself (never for who operates an account; of a profile only once the claim that
    the person operates it stands), or if an editor who wrote no part of it allows it with a reason and the text says
    "single source".
    """

    id = "G-07"
    title = "Two independent origins"
    basis = "BBC 3.4.4, Reuters, IFCN"

    def applies(self, facts: ClaimFacts) -> bool:
        return facts.needs_two_origins

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        if facts.origins >= 2 or self._one_suffices(facts):
            return
        count = "no origin" if facts.origins == 0 else "one origin"
        yield Problem(
            Sentence(
                "What is cited rests on %(count)s: find a second, independent one, or determine the origin of"
                " each source.",
                count=count,
            ),
            "origins",
        )
        if any(citation.access == Access.SELF for citation in facts.counted):
            yield Problem(self._about_self(facts), "citations")
        if facts.single_source_by and not has_single_source_label(facts.public_text):
            yield Problem(
                Sentence(
                    'The public text must say "%(single_source_label)s".', single_source_label=SINGLE_SOURCE_LABEL
                ),
                "version",
            )

    def _one_suffices(self, facts: ClaimFacts) -> bool:
        if facts.origins != 1:
            return False
        if any(citation.is_issued_record or speaks_of_itself(citation, facts) for citation in facts.counted):
            return True
        return (
            facts.single_source_by not in {"", facts.author, *facts.writers}
            and facts.single_source_label
            and len(facts.single_source_reason.strip()) >= OVERRIDE_REASON
            and has_single_source_label(facts.public_text)
        )

    def _about_self(self, facts: ClaimFacts) -> str:
        if facts.predicate == Predicate.ACCOUNT_OPERATED_BY:
            return "What an account says of itself does not show who operates it."
        return "A profile speaks for a person only once the claim that the person operates it stands: link that claim."


def speaks_of_itself(citation: CitationFacts, facts: ClaimFacts) -> bool:
    """Whether a citation is the subject's own statement about itself, as far as the record shows that it is theirs."""
    if citation.access != Access.SELF or citation.source is None or facts.predicate != Predicate.PERSON_HOLDS_ROLE:
        return False
    if citation.source.kind in (SourceKind.WITNESS, SourceKind.STATE_BODY):
        return True
    return citation.source.kind == SourceKind.SOCIAL_ACCOUNT and any(
        component.predicate == Predicate.ACCOUNT_OPERATED_BY
        and component.object_person == facts.subject_person
        and component.state in STANDING
        for component in facts.components
    )


@register
class OriginsDecided(Rule):
    """Copies, pick-ups, articles that cite each other and the same bytes are one origin. Sources are dependent until a
    named editor, who wrote no part of a claim that needs them to be independent, says otherwise and why."""

    id = "G-08"
    title = "Independence is decided by an editor, with a reason"
    basis = "Reuters on plural sources, ICD 203"
    version = 2

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        sources = {citation.source.id: citation.source for citation in facts.citations if citation.source}
        for source in sources.values():
            if source.origin and not (source.origin_decided_by and source.origin_reason.strip()):
                yield Problem(
                    Sentence("Nobody gave a reason for the origin of %(name)s.", name=source.name),
                    f"source:{source.id}",
                )
        yield from self._own_word(facts)
        for one, other in combinations(facts.counted, 2):
            if one.item.sha256 == other.item.sha256 and one.origin != other.origin:
                yield Problem(
                    Sentence(
                        "%(label)s and %(label2)s are the same bytes under two origins: join them.",
                        label=one.item.label,
                        label2=other.item.label,
                    ),
                    f"source:{other.source.id}" if other.source else f"item:{other.item.exhibit}",
                )

    def _own_word(self, facts: ClaimFacts) -> Iterator[Problem]:
        """Origins that were decided by somebody who wrote part of the claim which needs two of them."""
        if not facts.needs_two_origins or facts.origins < 2:
            return
        sources = {citation.source.id: citation.source for citation in facts.counted if citation.source}
        for source in sources.values():
            if source.origin and source.origin_decided_by in facts.writers:
                yield Problem(
                    Sentence(
                        "Whoever decided the origin of %(name)s wrote part of this claim: another editor decides.",
                        name=source.name,
                    ),
                    f"source:{source.id}",
                )


@register
class ConfirmedNeedsTwoOrigins(Rule):
    """Credibility 1 means confirmed by other, independent sources: it needs two origins."""

    id = "G-09"
    title = "“Confirmed” needs two origins"
    basis = "Admiralty definition of 1"

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        for citation in facts.citations:
            if citation.credibility == Credibility.CONFIRMED and facts.origins < 2:
                yield Problem(
                    Sentence(
                        "%(label)s is graded 1, confirmed by other sources, but there is no second origin.",
                        label=citation.label,
                    ),
                    f"citation:{citation.id}",
                )
