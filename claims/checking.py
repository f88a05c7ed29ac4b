"""The public text sentence by sentence, with what a checker found of each: for the gate, the desk and programs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from audit.canonical import canonical
from claims.canonical import by_version, sha256_of
from claims.enums import SentenceVerdict
from claims.models import Citation, ClaimVersion, SentenceCheck
from claims.permissions import wrote_part_of
from claims.phrasing import sentences

_POINTS_AT = ("exact", "region", "region_sha256", "stance")


@dataclass(frozen=True)
class Sentence:
    """One sentence of the public text, and the newest check that still holds: its words and citations are unchanged."""

    position: int
    text: str
    check: SentenceCheck | None

    @property
    def is_ticked(self) -> bool:
        return self.check is not None and self.check.verdict == SentenceVerdict.TICKED

    @property
    def is_questioned(self) -> bool:
        return self.check is not None and self.check.verdict == SentenceVerdict.QUESTION


def checks_of(versions: Sequence[ClaimVersion]) -> dict[UUID, list[SentenceCheck]]:
    """All checks of the sentences of `versions`, oldest first, by the version's id; one query for all."""
    rows = SentenceCheck.objects.filter(version__in=versions).select_related("reviewed_by")
    return by_version(rows.order_by("reviewed_at", "pk"), "version_id")


def checked_sentences(
    version: ClaimVersion, citations: Sequence[Citation], checks: Iterable[SentenceCheck] | None = None
) -> list[Sentence]:
    """The sentences of `version`, whose citations (with their items, and all words) are `citations`; one query, unless
    its `checks` were read before.

    A tick of somebody who has written part of the version since is none (G-70); their question stays asked.
    """
    by_id = {str(citation.pk): citation for citation in citations}
    holds: dict[str, SentenceCheck] = {}
    for check in checks_of([version]).get(version.pk, []) if checks is None else checks:
        if check.verdict == SentenceVerdict.TICKED and wrote_part_of(check.reviewed_by, version):
            continue
        known = [by_id[pk] for pk in check.citations if pk in by_id]
        if len(known) == len(check.citations) and check.basis_sha256 == basis(check.sentence, known):
            holds[check.sentence] = check
    texts = sentences(version.public_text)
    return [Sentence(position, text, holds.get(text)) for position, text in enumerate(texts, start=1)]


def basis(sentence: str, citations: Iterable[Citation]) -> str:
    """The SHA-256 of what a check is bound to: the words, and where the citations point in which bytes."""
    places = [
        {"id": str(one.pk), "sha256": one.item.blob_id or ""} | {name: getattr(one, name) for name in _POINTS_AT}
        for one in citations
    ]
    return sha256_of(canonical({"sentence": sentence, "citations": sorted(places, key=lambda place: place["id"])}))


def near(sentence: str, citations: Iterable[Citation]) -> list[Citation]:
    """The citations that share two of the longer words of a sentence, so that the eye finds them; all where none do."""
    citations = list(citations)
    words = _words(sentence)
    return [one for one in citations if len(words & _words(one.exact)) >= 2] or citations


def _words(text: str) -> set[str]:
    return {word.casefold().strip(".,;:“”\"'()") for word in text.split() if len(word) > 4}


def progress(lines: Sequence[Sentence]) -> dict[str, int]:
    """How many sentences there are, and how many of them are ticked."""
    return {"sentences": len(lines), "ticked": sum(line.is_ticked for line in lines)}
