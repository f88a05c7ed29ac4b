"""The words of estimative language: one scale per case, seven steps each (STANDARDS 2.1)."""

from collections.abc import Iterable
from dataclasses import dataclass

from cases.enums import LikelihoodScale
from claims.enums import Confidence, Likelihood


@dataclass(frozen=True)
class Step:
    """One step of a scale: the term that a text uses and the band of probability it stands for."""

    value: str
    term: str
    band: str

    @property
    def words(self) -> str:
        """The term with its band, as forms and tables show it."""
        return f"{self.term} ({self.band})"


def _scale(*pairs: tuple[str, str]) -> tuple[Step, ...]:
    return tuple(Step(value.value, term, band) for value, (term, band) in zip(Likelihood, pairs, strict=True))


SCALES: dict[str, tuple[Step, ...]] = {
    LikelihoodScale.ICD203_ROW1: _scale(
        ("almost no chance", "1–5 %"),
        ("very unlikely", "5–20 %"),
        ("unlikely", "20–45 %"),
        ("roughly even chance", "45–55 %"),
        ("likely", "55–80 %"),
        ("very likely", "80–95 %"),
        ("almost certain", "95–99 %"),
    ),
    LikelihoodScale.ICD203_ROW2: _scale(
        ("remote", "1–5 %"),
        ("highly improbable", "5–20 %"),
        ("improbable", "20–45 %"),
        ("roughly even odds", "45–55 %"),
        ("probable", "55–80 %"),
        ("highly probable", "80–95 %"),
        ("nearly certain", "95–99 %"),
    ),
    LikelihoodScale.PHIA: _scale(
        ("remote chance", "above 0 to about 5 %"),
        ("highly unlikely", "about 10–20 %"),
        ("unlikely", "about 25–35 %"),
        ("realistic possibility", "about 40 to under 50 %"),
        ("likely or probable", "about 55–75 %"),
        ("highly likely", "about 80–90 %"),
        ("almost certain", "about 95 to under 100 %"),
    ),
}

# JP 2-0, as MISP's `estimative-language` quotes it.
CONFIDENCE_MEANINGS: dict[str, str] = {
    Confidence.LOW: "uncorroborated information from good or marginal sources, many assumptions, or glaring gaps",
    Confidence.MODERATE: "partially corroborated information from good sources, several assumptions, some gaps",
    Confidence.HIGH: "well-corroborated information from proven sources, minimal assumptions, no or minor gaps",
}


def steps(scale: str) -> tuple[Step, ...]:
    """The seven steps of a case's scale, from least to most likely."""
    return SCALES[scale]


def step(scale: str, value: str) -> Step | None:
    """The step that a stored likelihood stands for on this scale; none where no likelihood was given."""
    return next((found for found in SCALES[scale] if found.value == value), None)


def rank(value: str) -> int:
    """How likely, from 0 to 6, so that a chain can find its weakest link; -1 where none was given."""
    return Likelihood.values.index(value) if value else -1


def confidence_rank(value: str) -> int:
    """How sure the foundations are, from 0 (low) to 2 (high); -1 where none was given."""
    return Confidence.values.index(value) if value else -1


def weakest_likelihood(values: Iterable[str]) -> str:
    """The least of `values`; empty as soon as one link has none: a chain is only as strong as its weakest link."""
    found = list(values)
    return min(found, key=rank) if found and all(found) else ""


def weakest_confidence(values: Iterable[str]) -> str:
    """The least of `values`; empty as soon as one link has none."""
    found = list(values)
    return min(found, key=confidence_rank) if found and all(found) else ""
