"""What was corrected or retracted since a publication: a dossier made afterwards says so on its first page (G-80)."""

from collections import defaultdict

from audit.log import format_time
from claims.dossier.commitments import MARK
from claims.dossier.since import LATER_FORMAT
from claims.models import Correction, Publication, PublishedVersion


def corrections_since(publication: Publication) -> list[dict]:
    """The corrections of its claims from its versions on, the oldest first, and where the new version was published."""
    released = dict(publication.entries.values_list("version__claim_id", "version__number"))
    rows = (
        Correction.objects.filter(claim__in=released)
        .select_related("claim", "from_version", "to_version")
        .order_by("corrected_at", "id")
    )
    found = [row for row in rows if row.from_version.number >= released[row.claim_id]]
    places = PublishedVersion.objects.filter(version__in=[row.to_version_id for row in found if row.to_version_id])
    numbers = dict(places.values_list("version_id", "publication__number"))
    return [told(row) | {"published_in": numbers.get(row.to_version_id)} for row in found]


def earlier_versions(publication: Publication) -> dict[int, list[tuple[int, int]]]:
    """By claim the (version, publication) numbers under which it had been published before, the newest first."""
    here = dict(publication.entries.values_list("version__claim_id", "version__number"))
    rows = PublishedVersion.objects.filter(version__claim__in=here).order_by("-version__number")
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for claim, number, version, place in rows.values_list(
        "version__claim_id", "version__claim__number", "version__number", "publication__number"
    ):
        if version < here[claim]:
            found[number].append((version, place))
    return found


def told(row: Correction) -> dict:
    """One correction or retraction as plain values."""
    return {
        "claim": row.claim.number,
        "kind": row.kind,
        "from_version": row.from_version.number,
        "to_version": row.to_version.number if row.to_version else None,
        "cause": row.cause,
        "public_note": row.public_note,
        "corrected_at": format_time(row.corrected_at),
    }


def without_words(row: dict) -> dict:
    """The same for a redacted dossier: notes that were written later may hold what it withholds."""
    return row | {"cause": MARK, "public_note": MARK}


def as_file(corrections: list[dict]) -> dict:
    """What `corrections.json` of a dossier holds."""
    return {"format": LATER_FORMAT, "corrections": corrections}
