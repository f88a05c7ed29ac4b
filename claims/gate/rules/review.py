"""G-70 and G-72: did enough different people read exactly this, and is it still exactly this?"""

from collections.abc import Iterator

from claims.enums import ReviewStage
from claims.gate.facts import ClaimFacts
from claims.gate.registry import Problem, Rule, register


@register
class FourEyes(Rule):
    """Author, fact-checker and approving editor are three people; two suffice for a claim that harms nobody's standing.
    Nobody who wrote part of the version approves it, and whoever collected evidence that counts is not the only one to
    approve."""

    id = "G-70"
    title = "Different people write, check and approve"
    basis = "OCCRP, GIJN"

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        outside = [approval for approval in facts.approvals if approval.reviewer not in facts.writers]
        editors = {approval.reviewer for approval in outside if approval.stage == ReviewStage.EDITOR}
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
