"""G-64: does anything leave the house that the house itself holds back?"""

from collections.abc import Iterator

from claims.gate.facts import ClaimFacts
from claims.gate.registry import Problem, Rule, register
from evidence.enums import Sensitivity


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
