"""Whom a claim names to their harm: the parties that are asked for their side before it is published (G-50)."""

import hashlib
from dataclasses import dataclass

from audit.canonical import canonical
from claims.enums import Predicate, SubjectType
from claims.models import ClaimVersion, ReplyRequest
from claims.shapes import ATTRIBUTIONS
from claims.wording import Labels, ends

RECORDS = (SubjectType.ACCOUNT, SubjectType.PERSON, SubjectType.ORGANISATION)


@dataclass(frozen=True)
class Party:
    """Somebody named: "person:<id>" or "text:<words>" as the key, and how pages call them."""

    key: str
    label: str


def parties_of(version: ClaimVersion, labels: Labels | None = None) -> list[Party]:
    """Accounts, persons and organisations that `version` names, where it could harm somebody's standing.

    An account and whoever is said to operate it are one party: whoever is named answers for both.
    """
    if not version.adverse:
        return []
    labels = labels or Labels([version])
    found = {}
    for side in ("subject", "object"):
        kind, row = ends(version, side)
        if kind in RECORDS:
            found[side] = Party(f"{kind}:{row.pk}", labels.of(version, side))
        elif kind == SubjectType.TEXT and side == "object" and version.predicate in ATTRIBUTIONS:
            found[side] = Party(f"text:{row}", row)
    if version.predicate == Predicate.ACCOUNT_OPERATED_BY and "object" in found:
        del found["subject"]
    return list(dict.fromkeys(found.values()))


def party_key(request: ReplyRequest) -> str:
    """The key of whom a request asks, as `parties_of` gives it."""
    for kind in RECORDS:
        if found := getattr(request, f"party_{kind}_id"):
            return f"{kind}:{found}"
    return f"text:{request.party_text}"


def party_label(request: ReplyRequest, labels: Labels) -> str:
    """What pages call the party of a request."""
    if request.party_account:
        return labels.account(request.party_account)
    return str(request.party_person or request.party_organisation or request.party_text)


def substance(version: ClaimVersion) -> str:
    """The SHA-256 of what is alleged of whom: whatever changes it has to be put to the party anew; wording has not."""
    said = [version.predicate, version.role_title]
    for side in ("subject", "object"):
        kind, row = ends(version, side)
        said += [kind, str(getattr(row, "pk", row) or "")]
    return hashlib.sha256(canonical(said)).hexdigest()
