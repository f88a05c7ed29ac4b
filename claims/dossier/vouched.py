"""Whether a publication is still what the log says was published.

Triggers keep the rows from changing, but for whoever owns the server. What such a hand changes, with all hashes made to
fit, is told from the entry that the log holds of the publication: `verify_audit` vouches for that.
"""

import json
from collections.abc import Iterator

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from audit.exceptions import NotCanonical
from audit.models import Event
from cases.exceptions import Conflict
from cases.history import object_string
from claims.dossier import checks
from claims.dossier.files import Damaged
from claims.dossier.snapshot import thaw
from claims.models import ClaimVersion, Publication


class NotVouchedFor(Conflict):
    """The log does not tell of this publication as it stands: nothing of it is sealed or handed out."""


def check_vouched(publication: Publication) -> None:
    """Raise NotVouchedFor, with what is different, unless the log of this house tells of exactly this publication."""
    name, own = f"Publication {publication.number}", _own_entry(publication)
    if found := _differences(publication, own or _entry_that_came(publication)):
        raise NotVouchedFor(f"{name} is not what the log says was published: {found[0]}.")
    if own is None:
        raise NotVouchedFor(f"{name} was published by another house: its dossier is the one that was made there.")


def compared(rows: QuerySet[Publication]) -> Iterator[tuple[Publication, list[str]]]:
    """Each of these publications with its differences, by case and number."""
    for row in rows.select_related("case").order_by("case__ref", "number").iterator(chunk_size=20):
        yield row, differences(row)


def differences(publication: Publication) -> list[str]:
    """What of a publication is not as the log has it, a sentence each; empty where all is.

    Of an imported case that is the log that came with it. Three queries. That each content and snapshot has the hash
    beside it is a constraint of the tables.
    """
    return _differences(publication, _own_entry(publication) or _entry_that_came(publication))


def _differences(publication: Publication, entry: dict | None) -> list[str]:
    if entry is None:
        return ["the log tells of no such publication"]
    logged = entry["evidence"]
    return [*_of_snapshot(publication, logged), *_of_rows(publication, logged)]


def _own_entry(publication: Publication) -> dict | None:
    made = Event.objects.filter(object=object_string(publication), action=checks.MADE).order_by("id").first()
    return json.loads(bytes(made.entry)) if made else None


def _entry_that_came(publication: Publication) -> dict | None:
    """The entry in a log that was imported with the case, and checked by its proof then."""
    named = object_string(publication)
    for log in publication.case.imported_logs.all():
        for line in bytes(log.lines).splitlines():
            if named.encode() in line and checks.MADE.encode() in line:
                entry = json.loads(json.loads(line)["entry"])
                if (entry["object"], entry["action"]) == (named, checks.MADE):
                    return entry
    return None


def _of_snapshot(publication: Publication, logged: list[str]) -> Iterator[str]:
    try:
        snapshot = thaw(publication.snapshot)
        checks.check_claims(snapshot)
    except (NotCanonical, Damaged) as error:
        yield f"its snapshot is damaged: {error}"
        return
    if sorted(claim["content_sha256"] for claim in snapshot["claims"]) != sorted(logged):
        yield "its snapshot holds other claims than were published"


def _of_rows(publication: Publication, logged: list[str]) -> Iterator[str]:
    for entry in publication.entries.select_related("version__claim").order_by("version__claim__number"):
        content = bytes(entry.version.content or b"")
        if entry.content_sha256 not in logged or checks.sha256(content) != entry.content_sha256:
            yield f"{entry.version} has another content than was published"
    # The wall that a release passes asks the same.
    differs = RawSQL("claims_content_describes(claims_claimversion) IS NOT TRUE", [], output_field=BooleanField())
    published = ClaimVersion.objects.filter(differs, published_in__publication=publication)
    for version in published.select_related("claim").order_by("claim__number"):
        yield f"{version} says something else than its published content"
