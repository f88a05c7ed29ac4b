"""G-74: was the picture that a claim is about looked at by a person, and is it known where its parts come from?"""

from collections.abc import Iterator

from claims.enums import Predicate
from claims.gate.facts import ClaimFacts, MediaFacts
from claims.gate.registry import Problem, Rule, Sentence, register


@register
class MediaReviewed(Rule):
    """A claim about a picture rests on a person's eyes: each match that was suggested for it is confirmed or rejected,
    its kind (MediaReview's mediaAuthenticityCategory) is set, its original is located or noted as not found, and a
    composite names at least one confirmed component with its earliest known appearance. Of a picture that is not among
    the exhibits, and only told of in words, there is nothing to compare: the rules on sources judge who tells of it."""

    id = "G-74"
    title = "Pictures were compared by a person"
    basis = "MediaReview; schema.org"

    def applies(self, facts: ClaimFacts) -> bool:
        return bool(facts.media)  # loaded only for claims about media

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        if not any(media.is_subject for media in facts.media):
            yield Problem("Name the exhibit whose picture the claim is about.", "version")
        for media in facts.media:
            for text in self._missing(facts, media):
                yield Problem(text, f"item:{media.exhibit}")

    def _missing(self, facts: ClaimFacts, media: MediaFacts) -> Iterator[str]:
        name = f"E-{media.exhibit}"
        if media.waiting:
            yield Sentence("The pictures of %(name)s have not been compared yet.", name=name)
        if media.unjudged:
            yield Sentence(
                "Suggestions for %(name)s wait for a verdict: %(unjudged)s.", name=name, unjudged=media.unjudged
            )
        if not media.is_subject:
            return
        if not media.authenticity:
            yield Sentence("Say what kind of picture %(name)s is, beside its hints.", name=name)
        if not media.original_search:
            yield Sentence(
                "Say whether the original of %(name)s was located, or where it was looked for in vain.", name=name
            )
        if facts.predicate == Predicate.MEDIA_COMPOSED_OF and not media.parts:
            yield Sentence(
                "No component of %(name)s is confirmed: compare it with its origin and confirm the match.", name=name
            )
