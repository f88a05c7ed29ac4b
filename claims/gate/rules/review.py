"""G-70 to G-72: did enough different people read exactly this, what did they say of it, and is it still this?"""

from collections.abc import Iterator

from claims.enums import CitationVerdict, ReviewStage, SentenceVerdict
from claims.gate.facts import ClaimFacts
from claims.gate.registry import Problem, Rule, Sentence, register
from claims.phrasing import shortened


@register
class FourEyes(Rule):
    """Author, fact-checker and approving editor are three people; two suffice for a claim that harms nobody's standing.
    Nobody who wrote part of the version approves it, nor does the editor who granted an exception for it, nor the
    lawyer who signed it off, and whoever collected evidence that counts is not the only one to approve."""

    id = "G-70"
    title = "Different people write, check and approve"
    basis = "OCCRP, GIJN"
    version = 4

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        outside = [approval for approval in facts.approvals if approval.reviewer not in facts.writers]
        editors = {approval.reviewer for approval in outside if approval.stage == ReviewStage.EDITOR}
        if editors & facts.granters:
            yield Problem("An editor who granted an exception for it approved it too: ask another editor.", "review")
        if facts.granters & facts.writers:
            yield Problem("Somebody who wrote part of it granted an exception for it: take that back.", "review")
        lawyers = {approval.reviewer for approval in outside if approval.stage == ReviewStage.LEGAL}
        if editors & lawyers:
            yield Problem("The lawyer who signed it off approved it as an editor too: ask another editor.", "review")
        editors -= facts.granters | lawyers
        checkers = {approval.reviewer for approval in outside if approval.stage == ReviewStage.FACT_CHECK}
        if not editors:
            yield Problem("No editor who did not write it has approved this version.", "review")
        if facts.adverse and not any(checkers - {editor} for editor in editors or {""}):
            yield Problem(
                "A claim that could harm somebody needs a fact-checker besides the author and the editor.", "review"
            )
        collectors = {citation.item.collector for citation in facts.counted}
        if editors and not (editors | checkers) - collectors:
            yield Problem("Everybody who approved also collected the evidence: ask somebody else.", "review")


@register
class LineByLine(Rule):
    """A checker holds each sentence of the public text against citations, and ticks it; a change of the sentence, or of
    what these citations point at, unticks it, and so does its checker who writes part of the version afterwards. A
    citation that a checker found not to support the claim, or has a question about, is no support: it blocks until a
    checker gives another verdict, or the author removes it or explains, with a note for readers, why it is shown."""

    id = "G-71"
    title = "Each sentence and each citation was checked"
    basis = "OCCRP, GIJN, line-by-line check"

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        yield from self._sentences(facts)
        yield from self._citations(facts)

    def _sentences(self, facts: ClaimFacts) -> Iterator[Problem]:
        # What speaks against the claim shows the sentence that says so.
        standing = {citation.id for citation in facts.citations if citation.stands}
        for sentence in facts.sentences:
            named = Sentence(
                "Sentence %(position)s (“%(text)s”)", position=sentence.position, text=shortened(sentence.text)
            )
            if sentence.verdict == SentenceVerdict.QUESTION:
                yield Problem(Sentence("%(named)s: a checker asks the author about it.", named=named), "review")
            elif sentence.verdict != SentenceVerdict.TICKED:
                yield Problem(Sentence("%(named)s is not ticked by a checker as it stands now.", named=named), "review")
            elif not standing.intersection(sentence.citations):
                yield Problem(
                    Sentence("%(named)s was ticked against citations of which none stands now.", named=named), "review"
                )

    def _citations(self, facts: ClaimFacts) -> Iterator[Problem]:
        for citation in facts.citations:
            explained = citation.disposition == "explained" and citation.disposition_note.strip()
            if citation.is_objected_to and not explained:
                words = CitationVerdict(citation.verdict).label.lower()
                yield Problem(
                    Sentence(
                        "%(label)s was judged by a checker: %(words)s. Ask for another, remove or explain it.",
                        label=citation.label,
                        words=words,
                    ),
                    f"citation:{citation.id}",
                )


@register
class ApprovalIsBound(Rule):
    """An approval is bound to the SHA-256 of the canonical JSON of claim, citations, evidence hashes, grades and public
    text. Any change voids it."""

    id = "G-72"
    title = "What was approved is what stands here"
    basis = "audit"

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        if not facts.content_sha256:
            yield Problem("Submit the version: only a frozen text can be approved.", "review")
        elif not facts.content_intact:
            yield Problem("The frozen content does not have its hash.", "review")
        elif not facts.content_current:
            yield Problem("Something changed since the version was submitted: reopen and submit it again.", "review")
