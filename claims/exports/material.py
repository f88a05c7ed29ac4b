"""What every export is made from: claims as a dossier shows them, so that no format can tell more than a dossier.

Published claims are read from the frozen snapshots of their publications, never from live rows: an export of them
holds nothing that has not left the house already, and nothing that a redaction withholds. Working claims are described
in the same form, from the rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import TextChoices

from audit.log import format_time
from cases.models import Case, Organisation
from claims.dossier.redaction import without_withheld
from claims.dossier.snapshot import describe, thaw
from claims.enums import VersionState
from claims.models import ClaimVersion, Publication, Redaction
from claims.queries import standing_versions


class Scope(TextChoices):
    """Which claims an export holds."""

    PUBLISHED = "published", "Published claims"
    CASE = "case", "All standing claims, drafts too"


@dataclass(frozen=True)
class Material:
    """Claims with their exhibits by number and their sources by id, each as a publication's snapshot holds it.

    Besides the snapshot's own, each claim has its `state`, and `published_at` where it is published (else None).
    `title` is that of the case as its newest publication shows it, with what that one withholds taken out.
    """

    case: Case
    title: str
    scope: str
    scale: dict
    claims: list[dict]
    exhibits: dict[int, dict]
    sources: dict[str, dict]
    corrections: list[dict]
    organisation_kinds: dict[str, str] = field(default_factory=dict)

    @property
    def changed_at(self) -> str:
        """When the newest of its claims was published or recorded; the same material has the same moment."""
        return max(claim["published_at"] or claim["recorded_at"] for claim in self.claims)

    def exhibit(self, citation: dict) -> dict:
        return self.exhibits[citation["exhibit"]]

    def source(self, citation: dict) -> dict | None:
        """Who speaks in the cited exhibit; None where nobody was named."""
        return self.sources.get(self.exhibit(citation)["source"])

    def citations(self) -> Iterable[tuple[dict, dict]]:
        """Each citation with its claim, in the order of the claims' numbers."""
        for claim in self.claims:
            for citation in claim["citations"]:
                yield claim, citation


def gather(case: Case, scope: str) -> Material:
    """The material of `scope`; without claims where nothing is published, or nothing stands."""
    found = _working(case) if scope == Scope.CASE else _published(case)
    kinds = Organisation.objects.filter(case=case).values_list("pk", "kind")
    return Material(
        case=case,
        title=found["title"],
        scope=scope,
        scale=found["scale"],
        claims=sorted(found["claims"], key=lambda claim: claim["number"]),
        exhibits={exhibit["exhibit"]: exhibit for exhibit in found["exhibits"]},
        sources={source["id"]: source for source in found["sources"]},
        corrections=found["corrections"],
        organisation_kinds={str(pk): kind for pk, kind in kinds},
    )


def _working(case: Case) -> dict:
    versions = list(standing_versions(case))
    found = describe(case=case, number=0, title=case.title, note="", versions=versions)
    states = {str(version.pk): version.state for version in versions}
    released = {str(pk): at for pk, at in _moments(case)}
    found["title"] = case.title
    for claim in found["claims"]:
        claim["state"] = states[claim["version_id"]]
        claim["published_at"] = released.get(claim["version_id"])
    return found


def _moments(case: Case) -> Iterable[tuple[object, str]]:
    rows = ClaimVersion.objects.filter(case=case, state=VersionState.PUBLISHED)
    pairs = rows.order_by("published_in__publication__number").values_list(
        "pk", "published_in__publication__published_at"
    )
    return ((pk, format_time(at)) for pk, at in pairs)


def _published(case: Case) -> dict:
    """The published version of each claim, with exhibits and sources, out of the snapshot that first released it."""
    standing = ClaimVersion.objects.filter(case=case, state=VersionState.PUBLISHED).values_list("pk", flat=True)
    wanted = {str(pk) for pk in standing}
    found: dict = {"title": "", "scale": {"name": "", "steps": []}}
    found |= {name: [] for name in ("claims", "exhibits", "sources", "corrections")}
    withheld = {made.publication_id: made for made in Redaction.objects.filter(case=case).order_by("number")}
    for publication in Publication.objects.filter(case=case).order_by("number").iterator(chunk_size=1):
        snapshot = thaw(publication.snapshot)
        if made := withheld.get(publication.pk):
            snapshot = without_withheld(snapshot, made.hidden, made.pseudonyms)
        _add(found, snapshot, wanted, format_time(publication.published_at))
    return found


def _add(found: dict, snapshot: dict, wanted: set[str], published_at: str) -> None:
    """Move the claims that are still `wanted` over; those that later publications repeat are not wanted twice."""
    claims = [claim for claim in snapshot["claims"] if claim["version_id"] in wanted]
    wanted -= {claim["version_id"] for claim in claims}
    for claim in claims:
        found["claims"].append(claim | {"state": VersionState.PUBLISHED.value, "published_at": published_at})
    cited = {citation["exhibit"] for claim in claims for citation in claim["citations"]}
    exhibits = [exhibit for exhibit in snapshot["exhibits"] if exhibit["exhibit"] in cited]
    spoken = {exhibit["source"] for exhibit in exhibits}
    found["exhibits"] += exhibits
    found["sources"] += [source for source in snapshot["sources"] if source["id"] in spoken]
    if claims:
        found["scale"], found["title"] = snapshot["scale"], snapshot["case"]["title"]
    numbers = {claim["number"] for claim in claims}
    found["corrections"] += [row for row in snapshot["corrections"] if row["claim"] in numbers]
