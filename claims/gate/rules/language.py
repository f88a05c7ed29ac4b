"""G-40: does the text say how sure it is, in the one scale of the case and in no other way?"""

from collections.abc import Iterator

from claims import phrasing
from claims.gate.facts import ClaimFacts
from claims.gate.registry import Problem, Rule, Sentence, register
from claims.scales import rank, step


@register
class OneScale(Rule):
    """The claim has a likelihood of the case's one scale and an analytic confidence with its three factors. The text
    does not mix both in one sentence, uses no term of another scale or of another step, and no hedge that belongs to
    no scale (may, might, could, possible, reportedly without a source, proves). Quotations of a cited passage are not
    judged. No letter of the text is invisible or poses as another one: what the eye reads is what was judged."""

    id = "G-40"
    title = "One scale, two axes, no hedges"
    basis = "ICD 203"
    version = 2

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        if not facts.likelihood:
            yield Problem("Choose how likely the claim is.", "version")
        if not facts.analytic_confidence:
            yield Problem("Choose how sound the foundation is: low, moderate or high confidence.", "version")
        if not all(factor.strip() for factor in facts.confidence_factors):
            yield Problem("Give the reasons for the confidence: information base, rigour, volatility.", "version")
        if not facts.public_text.strip():
            yield Problem("Write the public text.", "version")
        yield from self._wording(facts)

    def _wording(self, facts: ClaimFacts) -> Iterator[Problem]:
        text = judged_text(facts)
        for word, code in dict(phrasing.deceiving_words(text)).items():
            yield Problem(
                Sentence("“%(word)s” holds %(code)s, which deceives the eye: write it anew.", word=word, code=code),
                "version",
            )
        for sentence in phrasing.mixed_sentences(text):
            yield Problem(
                Sentence("Say likelihood and confidence in two sentences: “%(sentence)s”.", sentence=sentence[:120]),
                "version",
            )
        for term in dict.fromkeys(phrasing.likelihood_terms(text)):
            found = phrasing.term_step(facts.scale, term, facts.language)
            if found is None:
                yield Problem(Sentence("“%(term)s” is not a term of this case's scale.", term=term), "version")
            elif facts.likelihood and found != rank(facts.likelihood):
                graded = step(facts.scale, facts.likelihood)
                chosen = graded.term if graded else facts.likelihood
                yield Problem(
                    Sentence(
                        "The text says “%(term)s”, but the claim is graded “%(chosen)s”.", term=term, chosen=chosen
                    ),
                    "version",
                )
        for hedge in dict.fromkeys(phrasing.hedges(text)):
            yield Problem(
                Sentence("“%(hedge)s” hides how sure the text is: use a term of the scale.", hedge=hedge), "version"
            )


def judged_text(facts: ClaimFacts) -> str:
    """The public text without the marks around words that nobody cited says: those are its own."""
    cited = [words for one in facts.citations if one.found for words in (one.exact, one.translation)]
    return phrasing.with_true_quotes(facts.public_text, cited)
