"""G-74: was the picture that a claim is about looked at by a person, and is it known where its parts come from?"""

from collections.abc import Iterator

from claims.enums import Predicate
from claims.gate.facts import ClaimFacts, MediaFacts
from claims.gate.registry import Problem, Rule, register


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
            yield f"The pictures of {name} have not been compared yet."
        if media.unjudged:
            yield f"Suggestions for {name} wait for a verdict: {media.unjudged}."
        if not media.is_subject:
            return
        if not media.authenticity:
            yield f"Say what kind of picture {name} is, beside its hints."
        if not media.original_search:
            yield f"Say whether the original of {name} was located, or where it was looked for in vain."
        if facts.predicate == Predicate.MEDIA_COMPOSED_OF and not media.parts:
            yield f"No component of {name} is confirmed: compare it with its origin and confirm the match."
