"""The canonical form of a claim version: what is submitted, read, approved and published, byte for byte (G-72).

`content_of` puts into one JSON object all that a reviewer judges: the claim, its citations with the hashes and the
bibliography of their evidence, the grades, the source with its origin, the links and the public text. Whatever of it
changes afterwards changes the hash, and every review is bound to the hash.
"""

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from django.db.models import Model, QuerySet

from audit.canonical import canonical, parse
from audit.log import format_time
from cases.models import Account
from claims.alternatives import written_of
from claims.enums import SubjectType
from claims.models import Citation, ClaimLink, ClaimVersion
from claims.scales import step
from claims.shapes import PARTICULARS
from claims.wording import Labels, ends

FORMAT = "caseapp-claim/1"
_TEXTS = (
    "predicate",
    "role_title",
    "role_title_en",
    "scope_note",
    "kind",
    "adverse",
    "analytic_confidence",
    "confidence_information_base",
    "confidence_rigour",
    "confidence_volatility",
    "public_text",
    "language",
    "single_source_label",
    "single_source_reason",
    "correction_cause",
    "correction_note",
)
_PERIODS = ("valid_from", "valid_to", "as_of")
_LOCATORS = ("selector_type", "exact", "prefix", "suffix", "start", "end", "page", "region", "region_sha256")
_CITATION = (
    "order",
    "stance",
    "access",
    *_LOCATORS,
    "translation",
    "translator",
    "descriptor",
    "credibility",
    "credibility_rationale",
    "verified",
    "disposition",
    "disposition_note",
)
_ITEM = (
    "exhibit",
    "kind",
    "state",
    "title",
    "author",
    "publisher",
    "original_url",
    "archived_url",
    "published_precision",
    "no_date_reason",
    "language",
    "method",
    "tool",
    "tool_version",
)


def content_of(version: ClaimVersion, *, salt: str | None = None) -> bytes:
    """The canonical bytes of `version` as the database holds it now; a fixed number of queries.

    `salt` is what a submission adds (`new_salt`); without it the one of the frozen content is used.
    """
    read = {"labels": Labels([version]), "links": links_of([version]), "alternatives": written_of([version])}
    salts = {} if salt is None else {version.pk: salt}
    return contents_of([version], by_version(cited(version), "version_id"), **read, salts=salts)[version.pk]


def new_salt() -> str:
    """32 random bytes: the hash of a content stands in the log, and must not let anybody try out what it held."""
    return secrets.token_hex(32)


def contents_of(
    versions: Sequence[ClaimVersion],
    citations: Mapping[UUID, list[Citation]],
    *,
    labels: Labels,
    links: Mapping[UUID, list[ClaimLink]],
    alternatives: Mapping[UUID, dict],
    salts: Mapping[UUID, str] = MappingProxyType({}),
) -> dict[UUID, bytes]:
    """The same of many versions, by their ids; no query.

    `citations` were read as `cited` does, `links` as `links_of` and `alternatives` as `written_of`.
    """
    return {
        version.pk: _content(
            version,
            citations.get(version.pk, []),
            links.get(version.pk, []),
            labels,
            alternatives[version.pk] | _salt(version, salts),
        )
        for version in versions
    }


def _salt(version: ClaimVersion, salts: Mapping[UUID, str]) -> dict[str, str]:
    """No key in content from before there were salts."""
    salt = salts.get(version.pk) or read(version).get("salt")
    return {"salt": salt} if salt else {}


def links_of(versions: Sequence[ClaimVersion]) -> dict[UUID, list[ClaimLink]]:
    """By version the claims on which it rests, in their order; one query."""
    rows = ClaimLink.objects.filter(composite__in=versions).select_related("component")
    return by_version(rows.order_by("order", "component_id"), "composite_id")


def by_version(rows: Iterable[Model], key: str) -> dict[UUID, list]:
    """`rows` in their order, under the version that each belongs to."""
    found: dict[UUID, list] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _content(
    version: ClaimVersion, citations: Iterable[Citation], links: Iterable[ClaimLink], labels: Labels, besides: dict
) -> bytes:
    return canonical(
        {
            "format": FORMAT,
            "case": {"id": str(version.case_id), "ref": version.case.ref},
            "claim": {"id": str(version.claim_id), "number": version.claim.number},
            "version": {
                "id": str(version.pk),
                "number": version.number,
                "revision": version.edit_version,
                "supersedes": _id(version.supersedes_id),
            },
            "author": _user(version.author_id),
            "subject": _end(version, "subject", labels),
            "object": _end(version, "object", labels),
            **{name: getattr(version, name) for name in _TEXTS},
            **{name: _dated(version, name) for name in _PERIODS},
            "conduct_date": _day(version.conduct_date),
            "likelihood": _likelihood(version),
            "key_assumptions": list(version.key_assumptions),
            **besides,
            "single_source_by": _user(version.single_source_by_id),
            **_besides(version),
            "citations": [_citation(citation) for citation in citations],
            "rests_on": [{"id": str(link.component_id), "number": link.component.number} for link in links],
        }
    )


def cited(*versions: ClaimVersion) -> QuerySet[Citation]:
    """The citations of versions in their order, with all that is said of their evidence."""
    return (
        Citation.objects.with_verdicts()
        .filter(version__in=versions)
        .select_related("case", "item__blob", "item__source__origin_group")
        .order_by("order", "id")
    )


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def read(version: ClaimVersion) -> dict:
    """What was frozen when `version` was last submitted; empty before."""
    return parse(bytes(version.content)) if version.content else {}


def _end(version: ClaimVersion, side: str, labels: Labels) -> dict | None:
    kind, row = ends(version, side)
    if not kind:
        return None
    if kind == SubjectType.TEXT:
        return {"type": kind, "label": row}
    shown = {"type": kind, "id": str(row.pk), "label": labels.of(version, side)}
    if isinstance(row, Account):
        shown |= {
            "platform": row.platform,
            "platform_user_id": row.platform_user_id,
            "id_unknown_reason": row.id_unknown_reason,
        }
        # Of the others nothing may change: reviews are bound to the hash.
        shown |= {"instance": row.instance} if row.instance else {}
    return shown


def _likelihood(version: ClaimVersion) -> dict | None:
    found = step(version.case.likelihood_scale, version.likelihood)
    if found is None:
        return None
    return {"scale": version.case.likelihood_scale, "value": found.value, "term": found.term, "band": found.band}


def particulars_of(version: ClaimVersion) -> dict:
    """What a version says besides, by the names of `PARTICULARS`; what is not said has no key."""
    return {name: getattr(version, name) for name in PARTICULARS if getattr(version, name)}


def _besides(version: ClaimVersion) -> dict:
    """No key where nothing is said, so that content from before these fields keeps its hash."""
    said = particulars_of(version)
    return {"particulars": said} if said else {}


def _citation(citation: Citation) -> dict:
    item = citation.item
    return {
        "id": str(citation.pk),
        **{name: getattr(citation, name) for name in _CITATION},
        **({"indicator": citation.indicator} if citation.indicator else {}),
        "graded_by": _user(citation.graded_by_id),
        "item": {
            "id": str(item.pk),
            **{name: getattr(item, name) for name in _ITEM},
            "sha256": item.blob_id,
            "published_at": _time(item.published_at),
            "captured_at": _time(item.captured_at),
            "collector": _user(item.collector_id),
        },
        "source": _source(item.source),
    }


def _source(source) -> dict | None:
    if source is None:
        return None
    group = source.origin_group
    return {
        "id": str(source.pk),
        "name": source.name,
        "kind": source.kind,
        "owner": source.owner,
        "reliability": source.reliability,
        "origin": {"id": str(group.pk), "label": group.label} if group else None,
    }


def _dated(version: ClaimVersion, name: str) -> dict | None:
    value = getattr(version, name)
    return {"date": _day(value), "precision": getattr(version, f"{name}_precision")} if value else None


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _time(value: datetime | None) -> str | None:
    return format_time(value) if value else None


def _id(value: object) -> str | None:
    return str(value) if value else None


def _user(value: object) -> str | None:
    return f"user:{value}" if value else None
