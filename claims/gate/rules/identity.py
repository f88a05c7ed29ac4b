"""G-20 and G-24: is it this account's operator, and this person and no namesake?"""

from collections.abc import Iterator

from claims.enums import Access, Indicator, Predicate
from claims.gate.facts import CitationFacts, ClaimFacts
from claims.gate.registry import Problem, Rule, Sentence, register
from claims.phrasing import reads_like_a_name

SPECIFICS = 2


@register
class TwoLinksOneFromOutside(Rule):
    """Who operates an account is named, by a record and not in words, and shown by two distinct identity links: of two
    sorts, or of two origins, in two passages. At least one of them does not come from the account itself. A name that
    matches never suffices, and a way back into the account is no link."""

    id = "G-20"
    title = "Two identity links, one of them from outside"
    basis = "EEAS, misidentification discipline"
    version = 3

    def applies(self, facts: ClaimFacts) -> bool:
        return facts.predicate == Predicate.ACCOUNT_OPERATED_BY

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        if not (facts.object_person or facts.has_object):
            yield Problem("Name who operates the account.", "version")
        if facts.blamed_in_words:
            yield _in_words_only(facts)
        for citation in facts.counted:
            if not citation.indicator:
                text = Sentence(
                    "%(label)s does not say what sort of link to the operator it shows.", label=citation.label
                )
                yield Problem(text, f"citation:{citation.id}")
        links = [citation for citation in facts.counted if citation.indicator not in ("", Indicator.NAME_MATCH)]
        sorts = {(link.indicator, link.origin or link.item.sha256) for link in links}
        passages = {(link.item.sha256, link.start, link.end, link.region) for link in links}
        if min(len(sorts), len(passages)) < 2:
            yield Problem("Cite a second, distinct link between the account and this operator.", "citations")
        if not any(_is_from_outside(link) for link in links):
            yield Problem(
                "Everything cited is what the account says of itself: cite evidence from outside.", "citations"
            )


def _is_from_outside(link: CitationFacts) -> bool:
    return link.access != Access.SELF and link.indicator not in Indicator.from_the_account()


@register
class ToldApart(Rule):
    """Whoever is named is told apart from namesakes: by at least two specifics besides the name, and a search for
    namesakes that is written down. Who is blamed by a name is a record, not words: only then is it known whether they
    are a private person."""

    id = "G-24"
    title = "The person is told apart from namesakes"
    basis = "misidentification discipline"
    version = 2

    def applies(self, facts: ClaimFacts) -> bool:
        return bool(facts.subject_person or facts.object_person or reads_like_a_name(facts.blamed_in_words))

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        if facts.blamed_in_words:
            yield _in_words_only(facts)
            return
        specifics = {words.strip().casefold() for words in facts.identifying_specifics if words.strip()}
        if len(specifics) < SPECIFICS:
            yield Problem(
                Sentence(
                    "Say by what besides the name this is the person meant: %(number)s of %(specifics)s specifics.",
                    number=len(specifics),
                    specifics=SPECIFICS,
                ),
                "version",
            )
        if not facts.namesake_search.strip():
            yield Problem("Say where and when namesakes were looked for.", "version")


def _in_words_only(facts: ClaimFacts) -> Problem:
    text = "“%(words)s” stands in words only: record the person or organisation, and choose the record."
    return Problem(Sentence(text, words=facts.blamed_in_words), "version")
