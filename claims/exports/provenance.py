"""Where claims come from, as W3C PROV-JSON: who did what with which exhibit and version, out of the audit log.

People are named by their ids. Of published claims only the steps that a dossier shows are told (`dossier.proofs`);
reasons, which were written for colleagues, never are.
"""

import json
from collections import defaultdict
from collections.abc import Iterable

from audit.canonical import parse
from audit.models import Event
from claims.dossier.proofs import SHOWN
from claims.enums import Access
from claims.exports.material import Material, Scope

_PREFIXES = {"case": "urn:caseapp:", "prov": "http://www.w3.org/ns/prov#", "xsd": "http://www.w3.org/2001/XMLSchema#"}
# Whoever saw it or issued the record is the primary source of what is quoted; others repeat.
_PRIMARY = frozenset({Access.FIRST_HAND, Access.ISSUER, Access.SELF})
_MADE = {"claim_submitted": "content_sha256", "item_logged": "sha256"}


def document(material: Material) -> bytes:
    """The PROV document as PROV-JSON (W3C member submission of 24 April 2013)."""
    made = _Document()
    for exhibit in material.exhibits.values():
        made.exhibit(exhibit, material.sources.get(exhibit["source"]))
    for claim in material.claims:
        made.claim(claim)
        for citation in claim["citations"]:
            made.citation(claim, citation, material.exhibit(citation))
    for event in _events(material):
        made.event(event)
    return json.dumps({"prefix": _PREFIXES} | made.records, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _events(material: Material) -> Iterable[Event]:
    objects = [f"claim:{claim['id']}" for claim in material.claims]
    objects += [f"item:{exhibit['item']}" for exhibit in material.exhibits.values()]
    rows = Event.objects.filter(object__in=objects, case_id=material.case.pk).order_by("id")
    return rows.filter(action__in=SHOWN) if material.scope == Scope.PUBLISHED else rows


class _Document:
    """The records by kind and name; `versions` and `logged` find what an event of the log speaks of."""

    def __init__(self) -> None:
        self.records: dict[str, dict] = defaultdict(dict)
        self.versions: dict[str, list[dict]] = defaultdict(list)
        self.logged: dict[str, dict] = {}

    def exhibit(self, exhibit: dict, source: dict | None) -> None:
        name = f"case:exhibit-{exhibit['item']}"
        self._entity(
            name,
            "exhibit",
            label=f"E-{exhibit['exhibit']} {exhibit['title']}",
            sha256=exhibit["sha256"],
            url=exhibit["original_url"],
            captured_at=exhibit["captured_at"],
            tool=f"{exhibit['tool']} {exhibit['tool_version']}".strip(),
        )
        self.logged[f"item:{exhibit['item']}"] = {"name": name, "sha256": exhibit["sha256"]}
        if source:
            agent = f"case:source-{source['id']}"
            self.records["agent"][agent] = {"prov:label": source["name"], "case:reliability": source["reliability"]}
            self._relate("wasAttributedTo", entity=name, agent=agent)

    def claim(self, claim: dict) -> None:
        whole, version = f"case:claim-{claim['id']}", f"case:version-{claim['version_id']}"
        self._entity(whole, "claim", label=f"C-{claim['number']}")
        self._entity(
            version,
            "claim_version",
            label=f"C-{claim['number']} version {claim['version']}: {claim['statement']}",
            state=claim["state"],
            content_sha256=claim["content_sha256"],
        )
        self.versions[f"claim:{claim['id']}"].append({"name": version, "content_sha256": claim["content_sha256"]})
        self._relate("specializationOf", specificEntity=version, generalEntity=whole)
        self._person(claim["author"])
        self._relate("wasAttributedTo", entity=version, agent=_agent(claim["author"]))

    def citation(self, claim: dict, citation: dict, exhibit: dict) -> None:
        """A quote is derived from its exhibit, and the version from the quote."""
        quote, version = f"case:citation-{citation['id']}", f"case:version-{claim['version_id']}"
        self._entity(quote, "citation", label=citation["exact"] or citation["region"], stance=citation["stance"])
        self._derive(quote, f"case:exhibit-{exhibit['item']}", "prov:Quotation")
        self._derive(version, quote, "prov:PrimarySource" if citation["access"] in _PRIMARY else "")

    def event(self, event: Event) -> None:
        """One entry of the log: an activity of its actor that made or used what it speaks of."""
        name, entry = f"case:event-{event.event_id}", parse(bytes(event.entry))
        at = entry["recorded_at"]
        self.records["activity"][name] = {
            "prov:startTime": at,
            "prov:endTime": at,
            "prov:type": _typed(event.action),
            "prov:label": event.action.replace("_", " "),
        }
        self._person(entry["actor"])
        self._relate("wasAssociatedWith", activity=name, agent=_agent(entry["actor"]))
        for found in self._spoken_of(event.object):
            made = event.action in _MADE and found[_MADE[event.action]] in entry["evidence"]
            if made and not found.get("made"):
                # An entity is generated once; whoever submits the same content again uses it.
                found["made"] = True
                self._relate("wasGeneratedBy", entity=found["name"], activity=name)
            else:
                self._relate("used", activity=name, entity=found["name"])

    def _spoken_of(self, obj: str) -> list[dict]:
        return self.versions.get(obj) or [self.logged[obj]]

    def _entity(self, name: str, kind: str, *, label: str, **fields: str | None) -> None:
        given = {f"case:{field}": value for field, value in fields.items() if value}
        self.records["entity"][name] = {"prov:type": _typed(kind), "prov:label": label} | given

    def _person(self, actor: str) -> None:
        self.records["agent"].setdefault(_agent(actor), {"prov:type": {"$": "prov:Person", "type": "xsd:QName"}})

    def _derive(self, made: str, out_of: str, kind: str) -> None:
        fields = {"generatedEntity": made, "usedEntity": out_of}
        name = self._relate("wasDerivedFrom", **fields)
        if kind:
            self.records["wasDerivedFrom"][name]["prov:type"] = {"$": kind, "type": "xsd:QName"}

    def _relate(self, kind: str, **ends: str) -> str:
        name = f"_:{kind}{len(self.records[kind]) + 1}"
        self.records[kind][name] = {f"prov:{end}": value for end, value in ends.items()}
        return name


def _agent(actor: str) -> str:
    return f"case:{actor.replace(':', '-')}"


def _typed(kind: str) -> dict[str, str]:
    return {"$": f"case:{kind}", "type": "xsd:QName"}
