"""G-01 to G-06: is each statement cited, from a preserved copy, described and graded?"""

import re
from collections.abc import Iterator
from datetime import timedelta

from claims.enums import SelectorType, Stance
from claims.gate.facts import CitationFacts, ClaimFacts, SourceFacts
from claims.gate.registry import Problem, Rule, Sentence, register
from evidence.enums import FixityState, ItemKind, ItemState, SourceKind

FROM_THE_WEB = frozenset({ItemKind.PAGE, ItemKind.POST, ItemKind.LINK})
_REGION = re.compile(r"(?:(?:page=\d+(?:&picture=\d+)?|t=[\d.]+)&)?xywh=percent:[\d.,]+")


def has_locator(citation: CitationFacts) -> bool:
    """Whether a reader can find the passage: a quote with its place in the text, or a region."""
    if citation.selector_type == SelectorType.REGION:
        return _REGION.fullmatch(citation.region) is not None
    return bool(citation.exact.strip())


def _of_citation(citation: CitationFacts, text: str) -> Problem:
    return Problem(Sentence("%(label)s %(text)s", label=citation.label, text=text), f"citation:{citation.id}")


@register
class CitedWithLocator(Rule):
    """At least one citation supports the claim, and each citation says where: a quote, or a region of an image."""

    id = "G-01"
    title = "At least one citation, each with its place"
    basis = "ICD 206, OCCRP"

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        if not any(citation.stance == Stance.SUPPORTS for citation in facts.citations):
            yield Problem("No citation supports this claim: cite a passage of an exhibit.", "citations")
        for citation in facts.citations:
            if not has_locator(citation):
                yield _of_citation(citation, "does not say where: quote the passage or draw the region.")


@register
class QuoteStandsInCopy(Rule):
    """Each quote stands in the text of the preserved copy, and each region has the hash of its pixels."""

    id = "G-02"
    title = "Each quote is found in the preserved copy"
    basis = "GIJN, OCCRP"

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        for citation in facts.citations:
            if citation.selector_type == SelectorType.REGION and not (citation.verified and citation.found):
                yield _of_citation(citation, "shows a region that was not found in the preserved image.")
            elif not (citation.verified and citation.found):
                yield _of_citation(citation, "quotes words that are not in the preserved copy: correct the quote.")
        supporting = [citation for citation in facts.citations if citation.stance == Stance.SUPPORTS]
        if supporting and not facts.counted:
            yield Problem("None of the supporting citations counts: see what each of them lacks.", "citations")


@register
class CopyIsPreserved(Rule):
    """Each citation's exhibit is in use and has a copy with its SHA-256, the time of capture, collector, tool with
    version, its original address (pages, posts and links), and a fixity check passed within the days that the
    policy sets (30, unless it says otherwise)."""

    id = "G-03"
    title = "The evidence is preserved and unchanged"
    basis = "Berkeley Protocol 155, 167–172"

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        for citation in facts.citations:
            for text in self._missing(citation, facts):
                yield Problem(
                    Sentence("%(label)s %(text)s", label=citation.item.label, text=text),
                    f"item:{citation.item.exhibit}",
                )

    def _missing(self, citation: CitationFacts, facts: ClaimFacts) -> Iterator[str]:
        item = citation.item
        if item.state != ItemState.ACTIVE:
            yield Sentence("is %(label)s: cite other evidence.", label=ItemState(item.state).label.lower())
        if not item.sha256:
            yield "has no preserved copy: preserve what the link shows."
            return
        if item.fixity != FixityState.OK or item.fixity_checked_at is None:
            yield Sentence(
                "is not proven unchanged (%(label)s): run a fixity check.", label=FixityState(item.fixity).label.lower()
            )
        elif facts.now - item.fixity_checked_at > timedelta(days=facts.fixity_days):
            yield Sentence(
                "was last checked more than %(fixity_days)s days ago: run a fixity check.",
                fixity_days=facts.fixity_days,
            )
        if not (item.collector and item.tool and item.tool_version and item.method):
            yield "does not say who collected it how: name collector, method and tool."
        if item.kind in FROM_THE_WEB and not item.original_url:
            yield "has no original address."


@register
class EvidenceIsOlder(Rule):
    """The evidence was captured, and stood in the audit log, before the approval: good faith needs proof that existed
    before publication."""

    id = "G-04"
    title = "The evidence existed before the approval"
    basis = "French law of 29 July 1881, good faith"

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        for citation in facts.citations:
            item = citation.item
            if item.logged_at is None:
                yield Problem(
                    Sentence("%(label)s has no entry in the audit log.", label=item.label), f"item:{item.exhibit}"
                )
            elif max(item.logged_at, item.captured_at) > facts.approved_at:
                yield Problem(
                    Sentence("%(label)s is younger than the approval: review again.", label=item.label), "review"
                )


@register
class Described(Rule):
    """Each citation names author or publisher, title, date of publication (or why there is none), date of access, kind
    of source, language, and, where readers do not read that language, a translation and its translator."""

    id = "G-05"
    title = "Each source is described"
    basis = "ICS 206-01"

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        for citation in facts.citations:
            item = citation.item
            if missing := list(self._missing(citation)):
                yield Problem(
                    Sentence("%(label)s lacks %(missing)s.", label=item.label, missing=", ".join(missing)),
                    f"item:{item.exhibit}",
                )
            if self._needs_translation(citation, facts) and not (citation.translation and citation.translator):
                yield _of_citation(citation, "needs a translation and the name of its translator.")

    def _missing(self, citation: CitationFacts) -> Iterator[str]:
        item = citation.item
        checks = {
            "an author or publisher": item.author or item.publisher,
            "a title": item.title,
            "a date of publication, or the reason why there is none": item.published_at or item.no_date_reason,
            "a date of access": item.captured_at,
            "a source with its kind": citation.source and citation.source.kind,
            "a language": item.language,
        }
        yield from (name for name, value in checks.items() if not value)

    def _needs_translation(self, citation: CitationFacts, facts: ClaimFacts) -> bool:
        quoted = citation.selector_type == SelectorType.QUOTE and citation.item.language
        return bool(quoted) and primary(citation.item.language) != primary(facts.language)


def primary(language: str) -> str:
    """The primary subtag of a BCP 47 code."""
    return language.partition("-")[0].lower()


@register
class Graded(Rule):
    """Each source has a reliability from A to F and each citation a credibility from 1 to 6, given by a named person
    with a rationale. Whoever brought in a witness or an anonymous source, or took down what it said, does not grade it
    alone."""

    id = "G-06"
    title = "Sources and information are graded"
    basis = "Admiralty system, FM 2-22.3"
    version = 2

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        for citation in facts.citations:
            if not (citation.credibility and citation.credibility_rationale.strip() and citation.graded_by):
                yield _of_citation(citation, "has no credibility with a rationale: grade it from 1 to 6.")
        sources = {citation.source.id: citation.source for citation in facts.citations if citation.source}
        for source in sources.values():
            target = f"source:{source.id}"
            if not (source.reliability and source.rationale.strip() and source.graders):
                yield Problem(
                    Sentence("%(name)s has no reliability with a rationale: grade it from A to F.", name=source.name),
                    target,
                )
            elif source.kind in _INTERVIEWED and set(source.graders) <= _heard(facts, source):
                yield Problem(
                    Sentence(
                        "%(name)s was graded only by whoever brought it in or took it down: ask a second grader.",
                        name=source.name,
                    ),
                    target,
                )


_INTERVIEWED = frozenset({SourceKind.WITNESS, SourceKind.ANONYMOUS})


def _heard(facts: ClaimFacts, source: SourceFacts) -> set[str]:
    """Who brought a source in, and who collected what is cited of it."""
    own = (citation.item for citation in facts.citations if citation.source and citation.source.id == source.id)
    return {source.created_by, *(item.collector for item in own)}
