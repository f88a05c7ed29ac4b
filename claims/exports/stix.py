"""Claims as a STIX 2.1 bundle, for threat-intelligence platforms (STANDARDS 4.2 and 9).

Accounts are `user-account`, people and organisations `identity`, campaigns `campaign`; a claim that links two of them
is a `relationship`, another one a `note`; evidence against a claim is an `opinion`. What STIX has no field for
(both axes of the grade, origins, the hash of what was approved) is in one property extension.
"""

import hashlib
import json
from collections.abc import Iterator
from uuid import UUID, uuid5

from cases.enums import AccountStatus, Tlp
from claims.enums import Predicate, Stance, SubjectType
from claims.exports.material import Material, Scope
from claims.exports.parts import confidence_of, first_moment, handle_of, last_moment, platform_of, user_id_of

# STIX 2.1, section 2.9: identifiers of cyber-observable objects are UUIDv5 of this namespace and their key properties.
_NAMESPACE = UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
_EXTENSION = "extension-definition--4e8d0a1c-7a59-4d0e-9f0c-6a6b5f1f2c31"
_EXTENSION_MADE = "2026-11-26T00:00:00.000Z"
_PLATFORM_TYPES = {"x": "twitter"}
_CAMPAIGNS = frozenset(
    {Predicate.ACCOUNT_IN_CAMPAIGN, Predicate.CAMPAIGN_ATTRIBUTED_TO, Predicate.ACCOUNTS_COORDINATED}
)
# The four marks that every STIX 2.1 program knows; TLP 2.0's AMBER+STRICT is kept no less closely as RED.
_MARKS = {
    "white": "613f2e26-407d-48c7-9eca-b8e91df99dc9",
    "green": "34098fce-860f-48ae-8e50-ebd3cc5e41da",
    "amber": "f88d31f6-486f-44da-b317-01333bde0b82",
    "red": "5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
}
_COLOURS = {Tlp.CLEAR: "white", Tlp.GREEN: "green", Tlp.AMBER: "amber", Tlp.AMBER_STRICT: "red", Tlp.RED: "red"}
_MARKS_MADE = "2017-01-20T00:00:00.000Z"


def bundle(material: Material) -> bytes:
    """The bundle as JSON; the same claims give the same bytes."""
    objects = list(_Bundle(material).objects())
    whole = {"type": "bundle", "id": lasting_id("bundle", f"{material.case.pk}:{_digest(objects)}"), "objects": objects}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def observable_id(kind: str, properties: dict) -> str:
    """The id that STIX gives an observable with these id-contributing properties, the same in every program."""
    return f"{kind}--{uuid5(_NAMESPACE, _canonical(properties))}"


def lasting_id(kind: str, key: str) -> str:
    """An id in the form of a UUIDv4 that is the same in every export, out of our own name for the object.

    A hash, because the ids of rows are UUIDv7 and would tell when the row was made.
    """
    digest = hashlib.sha256(f"caseapp:stix:{kind}:{key}".encode()).digest()
    return f"{kind}--{UUID(bytes=digest[:16], version=4)}"


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _digest(value: object) -> str:
    return hashlib.sha256(_canonical(value).encode()).hexdigest()


class _Bundle:
    """The objects of one bundle: `known` holds those that several claims name, each once."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.known: dict[str, dict] = {}
        colour = "white" if material.scope == Scope.PUBLISHED else _COLOURS[material.case.tlp]
        self.mark = f"marking-definition--{_MARKS[colour]}"
        self.colour = colour

    def objects(self) -> Iterator[dict]:
        """All objects, the report that names them last."""
        said = [made for claim in self.material.claims for made in self._claim(claim)]
        yield self._marking()
        yield self._maker()
        yield self._extension()
        yield from self.known.values()
        yield from said
        yield self._report([*self.known, *(made["id"] for made in said)])

    # --- what claims are about

    def _end(self, claim: dict, side: str) -> str | None:
        """The id of the object at one side of a claim; None for words that are no campaign."""
        end = claim[side]
        if not end:
            return None
        if end["type"] == SubjectType.ACCOUNT:
            return self._account(end)
        if end["type"] == SubjectType.ITEM:
            return self._file(end)
        if end["type"] == SubjectType.TEXT:
            if claim["predicate"] not in _CAMPAIGNS:
                return None
            key = f"{self.material.case.pk}:{end['label'].casefold()}"
            return self._add(self._domain("campaign", key, claim["recorded_at"], name=end["label"]))
        kind = "individual" if end["type"] == SubjectType.PERSON else "organization"
        made = self._domain("identity", end["id"], claim["recorded_at"], name=end["label"], identity_class=kind)
        return self._add(made)

    def _account(self, end: dict) -> str:
        platform = platform_of(end)
        key = {"account_type": _PLATFORM_TYPES.get(platform, platform)}
        if end["platform_user_id"]:
            key["user_id"] = user_id_of(end)
        if handle := handle_of(end):
            key["account_login"] = handle
        if len(key) == 1:
            # STIX asks for one of id, login and name; what is known of it is how a reader tells it apart.
            key["account_login"] = end["label"]
        made = self._observable("user-account", key, key)
        if end.get("status"):
            made["is_disabled"] = end["status"] == AccountStatus.SUSPENDED.label
            self._add(self._observed(end, made["id"]))
        return self._add(made)

    def _observed(self, end: dict, account: str) -> dict:
        """What was last seen of an account, as an observation at its moment."""
        at = end["status_seen_at"]
        return self._domain(
            "observed-data",
            f"{end['id']}:{at}",
            at,
            first_observed=at,
            last_observed=at,
            number_observed=1,
            object_refs=[account],
        )

    def _file(self, end: dict) -> str | None:
        """An exhibit as a file by its hash; one that nothing else in the bundle describes stays words."""
        exhibit = next((row for row in self.material.exhibits.values() if row["item"] == end["id"]), None)
        if exhibit is None or not exhibit["sha256"]:
            return None
        key = {"hashes": {"SHA-256": exhibit["sha256"]}}
        more = {"size": exhibit["size"], "mime_type": exhibit["media_type"]}
        return self._add(self._observable("file", key, key | {name: value for name, value in more.items() if value}))

    # --- what claims say

    def _claim(self, claim: dict) -> Iterator[dict]:
        source, target = self._end(claim, "subject"), self._end(claim, "object")
        if source and target:
            made = list(self._links(claim, source, target))
        else:
            about = [end for end in (source, target) if end] or [self._case()]
            made = [self._said(claim, "note", content=_words(claim), abstract=claim["statement"], object_refs=about)]
        yield from made
        for citation in claim["citations"]:
            if citation["stance"] == Stance.CONTRADICTS:
                yield self._opinion(claim, citation, made[0]["id"])

    def _links(self, claim: dict, source: str, target: str) -> Iterator[dict]:
        """The relationship of a claim; a campaign that the gate lets be attributed goes through a threat actor."""
        attributes = claim["predicate"] == Predicate.CAMPAIGN_ATTRIBUTED_TO and _passed(claim)
        if not (attributes and source.startswith("campaign--") and target.startswith("identity--")):
            yield self._relationship(claim, "related-to", source, target)
            return
        name = self.known[target]["name"]
        actor = self._add(self._domain("threat-actor", target, claim["recorded_at"], name=name))
        yield self._relationship(claim, "attributed-to", source, actor)
        yield self._relationship(claim, "attributed-to", actor, target, part="actor")

    def _relationship(self, claim: dict, kind: str, source: str, target: str, part: str = "") -> dict:
        start, stop = first_moment(claim, "valid_from"), last_moment(claim, "valid_to")
        fields = {"relationship_type": kind, "source_ref": source, "target_ref": target, "description": _words(claim)}
        fields |= {"start_time": start} if start else {}
        fields |= {"stop_time": stop} if stop and (not start or start < stop) else {}
        return self._said(claim, "relationship", part=part, **fields)

    def _said(self, claim: dict, kind: str, part: str = "", **fields: object) -> dict:
        """An object that a claim makes: graded, referenced, and with the grades that STIX has no field for."""
        made = self._domain(kind, f"{claim['id']}{part}", claim["recorded_at"], **fields)
        made["modified"] = max(claim["published_at"] or claim["recorded_at"], claim["recorded_at"])
        if (confidence := confidence_of(claim)) is not None:
            made["confidence"] = confidence
        made["lang"] = claim["language"]
        if references := [self._reference(citation) for citation in claim["citations"]]:
            made["external_references"] = references
        made["extensions"] = {_EXTENSION: {"extension_type": "property-extension"} | self._grades(claim)}
        return made

    def _grades(self, claim: dict) -> dict:
        likelihood = claim["likelihood"] or {}
        found = {
            "claim": f"C-{claim['number']}",
            "claim_version": claim["version"],
            "claim_type": claim["predicate"],
            "claim_kind": claim["kind"],
            "state": claim["state"],
            "likelihood": likelihood.get("value"),
            "likelihood_term": likelihood.get("term"),
            "likelihood_band": likelihood.get("band"),
            "analytic_confidence": claim["confidence"],
            "admiralty": [self._admiralty(citation) for citation in claim["citations"]],
            "origins": claim["origins"]["origins"],
            "rests_on": [f"C-{other['number']}" for other in claim["rests_on"]],
            "scope_note": claim["scope_note"],
            "role": claim["role_title"],
            "gate_version": (claim["gate"] or {}).get("gate_version"),
            "content_sha256": claim["content_sha256"],
        }
        return {name: value for name, value in found.items() if value not in (None, "", [])}

    def _admiralty(self, citation: dict) -> str:
        source = self.material.source(citation)
        return f"{(source or {}).get('reliability') or '-'}{citation['credibility'] or '-'}"

    def _reference(self, citation: dict) -> dict:
        exhibit, source = self.material.exhibit(citation), self.material.source(citation)
        name = (source or {}).get("name") or exhibit["publisher"] or f"Exhibit E-{exhibit['exhibit']}"
        found = {"source_name": name, "external_id": f"E-{exhibit['exhibit']}"}
        if words := citation["exact"] or citation["region"]:
            found["description"] = f"{citation['stance']}: {words}"
        if url := exhibit["original_url"] or exhibit["archived_url"]:
            found["url"] = url
            if exhibit["sha256"]:
                found["hashes"] = {"SHA-256": exhibit["sha256"]}
        return found

    def _opinion(self, claim: dict, citation: dict, about: str) -> dict:
        source = self.material.source(citation)
        made = self._domain("opinion", citation["id"], claim["recorded_at"], opinion="disagree", object_refs=[about])
        made["explanation"] = citation["exact"] or f"Region {citation['region']} of E-{citation['exhibit']}"
        if source:
            made["authors"] = [source["name"]]
        made["external_references"] = [self._reference(citation)]
        return made

    # --- what stands around them

    def _report(self, members: list[str]) -> dict:
        case, at = self.material.case, self.material.changed_at
        return self._domain(
            "report",
            f"{case.pk}:{self.material.scope}",
            min(claim["recorded_at"] for claim in self.material.claims),
            modified=at,
            name=f"{case.ref}: {self.material.title}",
            description=f"{Scope(self.material.scope).label}; likelihood on the scale {self.material.scale['name']}.",
            report_types=["campaign"],
            published=at,
            object_refs=list(dict.fromkeys(members)),
        )

    def _case(self) -> str:
        """What a claim is about that names nothing but words: the investigation itself."""
        case, first = self.material.case, min(claim["recorded_at"] for claim in self.material.claims)
        made = self._domain("grouping", str(case.pk), first, name=self.material.title, context="unspecified")
        made["object_refs"] = [_MAKER]
        return self._add(made)

    def _marking(self) -> dict:
        return {
            "type": "marking-definition",
            "spec_version": "2.1",
            "id": self.mark,
            "created": _MARKS_MADE,
            "definition_type": "tlp",
            "name": f"TLP:{self.colour.upper()}",
            "definition": {"tlp": self.colour},
        }

    def _maker(self) -> dict:
        made = self._domain("identity", "maker", _EXTENSION_MADE, name="caseapp", identity_class="system")
        return {name: value for name, value in made.items() if name != "created_by_ref"}

    def _extension(self) -> dict:
        return {
            "type": "extension-definition",
            "spec_version": "2.1",
            "id": _EXTENSION,
            "created_by_ref": _MAKER,
            "created": _EXTENSION_MADE,
            "modified": _EXTENSION_MADE,
            "name": "caseapp claim",
            "description": "Grades of a claim: likelihood and confidence apart, origins, hash of what was approved.",
            "schema": "docs/exports.md",
            "version": "1.0.0",
            "extension_types": ["property-extension"],
        }

    def _domain(self, kind: str, key: str, created: str, **fields: object) -> dict:
        return {
            "type": kind,
            "spec_version": "2.1",
            "id": lasting_id(kind, key),
            "created_by_ref": _MAKER,
            "created": created,
            "modified": created,
            "object_marking_refs": [self.mark],
        } | fields

    def _observable(self, kind: str, key: dict, fields: dict) -> dict:
        marks = {"object_marking_refs": [self.mark]}
        return {"type": kind, "spec_version": "2.1", "id": observable_id(kind, key)} | fields | marks

    def _add(self, made: dict) -> str:
        """Keep an object that others name; of one named twice the earlier account of it stands."""
        self.known.setdefault(made["id"], made)
        return made["id"]


_MAKER = lasting_id("identity", "maker")


def _words(claim: dict) -> str:
    return claim["public_text"] or claim["statement"]


def _passed(claim: dict) -> bool:
    """Whether the gate, with its rule on attributions (G-32), let the claim pass."""
    return bool(claim["gate"] and claim["gate"]["passed"])
