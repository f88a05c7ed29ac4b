"""Taking claims out of the house in a format of the field: each export is an event with the hash of what was taken."""

from dataclasses import dataclass

from django.db import transaction

from cases.exceptions import Conflict, InvalidInput
from cases.history import record
from cases.models import Case, User
from cases.permissions import Permission, check
from claims.canonical import sha256_of
from claims.exports.formats import Format
from claims.exports.material import Scope, gather


@dataclass(frozen=True)
class Exported:
    """One file that leaves the house."""

    name: str
    media_type: str
    content: bytes
    claims: int

    @property
    def sha256(self) -> str:
        return sha256_of(self.content)


@transaction.atomic
def export_claims(*, actor: User, case: Case, wanted: Format, scope: str) -> Exported:
    """Write the claims of `scope` in one format, and record that `actor` took them.

    Published claims are any member's to take, as their dossier is; working claims ask for EXPORT. Raises NotAllowed,
    InvalidInput where the format takes no working claims, and Conflict where there is nothing to export.
    """
    check(actor, case, Permission.CASE_VIEW if scope == Scope.PUBLISHED else Permission.EXPORT)
    if wanted.published_only and scope != Scope.PUBLISHED:
        raise InvalidInput(f"{wanted.label} holds published claims only.", field="claims")
    material = gather(case, scope)
    if not material.claims:
        missing = "is published" if scope == Scope.PUBLISHED else "stands"
        raise Conflict(f"There is nothing to export: no claim of {case.ref} {missing}.")
    content = wanted.write(material)
    name = f"{case.ref}-{scope}.{wanted.ending}"
    exported = Exported(name, wanted.media_type, content, len(material.claims))
    after = {"format": wanted.name, "scope": str(scope), "claims": len(material.claims), "bytes": len(content)}
    record(actor, "claims_exported", case, after=after, evidence=[exported.sha256])
    return exported
