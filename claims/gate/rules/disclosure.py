"""G-43 and G-73: are readers told what the sources lack, and where a model helped?"""

from collections.abc import Iterator

from claims.enums import ModelUse
from claims.gate.facts import CitationFacts, ClaimFacts
from claims.gate.registry import Problem, Rule, Sentence, register


@register
class SourcesAreSummed(Rule):
    """Readers are told what the sources of a claim lack: their main weaknesses, and what was looked for and not found.
    How many there are of which kind, their origins and what rests on one of them is counted in the dossier."""

    id = "G-43"
    title = "The sources are summed up"
    basis = "ICD 206, source summary statement"

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        if not facts.source_summary.strip():
            yield Problem("Tell readers the weaknesses and gaps of the sources.", "version")


@register
class ModelsAreDisclosed(Rule):
    """Each claim says whether a model helped; where one did, which, in which version, and what it did. What a model
    says is never a source."""

    id = "G-73"
    title = "Help of models is disclosed"
    basis = "ICS 206-01"

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        if not facts.model_use:
            yield Problem("Say whether a language or image model helped with this claim.", "version")
        if facts.model_use != ModelUse.USED:
            return
        needed = {"the model": facts.model_name, "its version": facts.model_version, "what it did": facts.model_task}
        if missing := [words for words, value in needed.items() if not value.strip()]:
            yield Problem(Sentence("Name %(missing)s.", missing=", ".join(missing)), "version")
        for citation in facts.counted:
            if _is_output_of(citation, facts.model_name.strip().casefold()):
                text = Sentence(
                    "%(label)s is what the model said: it is no source. Cite what it was made from.",
                    label=citation.label,
                )
                yield Problem(text, f"citation:{citation.id}")


def _is_output_of(citation: CitationFacts, model: str) -> bool:
    """Whether the exhibit says of itself that the model made it."""
    made_by = (citation.item.tool, citation.item.author, citation.item.publisher)
    source = citation.source.name if citation.source else ""
    return bool(model) and any(words.strip().casefold() == model for words in (*made_by, source))
