"""Claims as FollowTheMoney entities, one JSON object a line, for Aleph, OpenSanctions and `ftm` (STANDARDS 4.1 and 9).

Left out by default, as STANDARDS asks: credentials, addresses of machines, `Person.political` and accusing topics.
An account has an `owner` only where the claim that says so is published.
"""

import json
from collections.abc import Iterator

from cases.enums import OrganisationKind
from claims.enums import Predicate, Stance, SubjectType, VersionState
from claims.exports.material import Material
from claims.exports.parts import handle_of, partial, user_id_of

_PUBLIC = frozenset({OrganisationKind.STATE_BODY})
_MEMBERS = frozenset({OrganisationKind.PARTY})
_BODIES = ("Organization", "PublicBody")


def lines(material: Material) -> bytes:
    """The entities as JSON lines; those that several claims name stand once, before what links them."""
    made = _Entities(material)
    links = [entity for claim in material.claims for entity in made.of_claim(claim)]
    rows = [*made.things.values(), *links]
    return b"".join(json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n" for row in rows)


class _Entities:
    """The entities of one export; `things` holds those that several claims name, by their ids."""

    def __init__(self, material: Material) -> None:
        self.material = material
        self.things: dict[str, dict] = {}

    def of_claim(self, claim: dict) -> Iterator[dict]:
        """What a claim adds: its link, or a note where it links no two things; and a note for each denial."""
        subject, target = self._end(claim, "subject"), self._end(claim, "object")
        proofs = [self._document(citation) for citation in claim["citations"] if citation["stance"] == Stance.SUPPORTS]
        told = self._told(claim, proofs)
        if subject and target:
            yield self._link(claim, subject, target, told)
        else:
            about = [end for end in (subject, target) if end]
            yield _entity(f"claim-{claim['id']}", "Note", entity=about, name=[claim["statement"]], **_only_thing(told))
        yield from self._denials(claim, [end for end in (subject, target) if end])

    # --- things

    def _end(self, claim: dict, side: str) -> str | None:
        end = claim[side]
        if not end:
            return None
        if end["type"] == SubjectType.ACCOUNT:
            return self._account(end)
        if end["type"] == SubjectType.PERSON:
            return self._add(_entity(f"person-{end['id']}", "Person", name=[end["label"]]))
        if end["type"] == SubjectType.ORGANISATION:
            return self._add(_entity(f"organisation-{end['id']}", self._schema(end), name=[end["label"]]))
        if end["type"] == SubjectType.TEXT:
            return self._add(_entity(f"named-{claim['id']}-{side}", "Project", name=[end["label"]]))
        exhibit = next((row for row in self.material.exhibits.values() if row["item"] == end["id"]), None)
        return self._exhibit(exhibit) if exhibit else None

    def _account(self, end: dict) -> str:
        username = handle_of(end) or user_id_of(end) or end["label"]
        notes = [f"Platform id {user_id_of(end)}"] if end["platform_user_id"] else []
        if end.get("status"):
            seen = partial(end["status_seen_at"][:10], end["status_seen_precision"])
            notes.append(f"Seen as {end['status'].lower()} on {seen}")
        return self._add(
            _entity(f"account-{end['id']}", "UserAccount", username=[username], service=[end["platform"]], notes=notes)
        )

    def _schema(self, end: dict) -> str:
        return "PublicBody" if self.material.organisation_kinds.get(end["id"]) in _PUBLIC else "Organization"

    def _document(self, citation: dict) -> str:
        return self._exhibit(self.material.exhibit(citation))

    def _exhibit(self, exhibit: dict) -> str:
        published = partial(exhibit["published_at"], exhibit["published_precision"])
        return self._add(
            _entity(
                f"exhibit-{exhibit['item']}",
                "Document",
                # The library asks for it; the sender's own name for the file stays in the house.
                fileName=[f"E-{exhibit['exhibit']}"],
                title=[exhibit["title"]],
                author=[exhibit["author"]],
                publisher=[exhibit["publisher"]],
                publishedAt=[published],
                retrievedAt=[exhibit["captured_at"][:19]],
                sourceUrl=[exhibit["original_url"], exhibit["archived_url"]],
                mimeType=[exhibit["media_type"].partition(";")[0]],
                notes=[f"SHA-256 {exhibit['sha256']}"] if exhibit["sha256"] else [],
            )
        )

    def _add(self, entity: dict) -> str:
        self.things.setdefault(entity["id"], entity)
        return entity["id"]

    # --- links

    def _link(self, claim: dict, subject: str, target: str, told: dict) -> dict:
        predicate = claim["predicate"]
        ends = self.things[subject]["schema"], self.things[target]["schema"]
        if predicate == Predicate.PERSON_HOLDS_ROLE and ends[0] == "Person" and ends[1] in _BODIES:
            return self._role(claim, subject, target, told)
        published = claim["state"] == VersionState.PUBLISHED
        if predicate == Predicate.ACCOUNT_OPERATED_BY and published and ends[1] in ("Person", *_BODIES):
            owners = self.things[subject]["properties"].setdefault("owner", [])
            owners += [target] if target not in owners else []
        role = Predicate(predicate).label
        return _entity(f"claim-{claim['id']}", "UnknownLink", subject=[subject], object=[target], role=[role], **told)

    def _role(self, claim: dict, person: str, body: str, told: dict) -> dict:
        """A public post, a membership of a party, or employment elsewhere."""
        key, title = f"claim-{claim['id']}", claim["role_title"]
        kind = self.material.organisation_kinds.get(claim["object"]["id"])
        if kind in _PUBLIC and title:
            post = self._add(_entity(f"position-{claim['id']}", "Position", name=[title], organization=[body]))
            return _entity(key, "Occupancy", holder=[person], post=[post], **told)
        if kind in _MEMBERS:
            return _entity(key, "Membership", member=[person], organization=[body], role=[title], **told)
        return _entity(key, "Employment", employee=[person], employer=[body], role=[title], **told)

    def _told(self, claim: dict, proofs: list[str]) -> dict:
        """What every link says of its claim: dates, proof, and both axes of the grade in words."""
        dates = {"startDate": "valid_from", "endDate": "valid_to", "date": "as_of"}
        grade = [claim["likelihood"]["term"]] if claim["likelihood"] else []
        grade += [f"{claim['confidence']} confidence"] if claim["confidence"] else []
        # Likelihood and confidence never share a sentence (ICD 203).
        graded = "".join(f" {part[0].upper()}{part[1:]}." for part in grade)
        return {
            **{name: [partial(claim[field], claim[f"{field}_precision"])] for name, field in dates.items()},
            "summary": [claim["public_text"]],
            "description": [f"C-{claim['number']}, {claim['state']}.{graded} {claim['scope_note']}".strip()],
            "recordId": [claim["content_sha256"]],
            "proof": list(dict.fromkeys(proofs)),
        }

    def _denials(self, claim: dict, about: list[str]) -> Iterator[dict]:
        for citation in claim["citations"]:
            if citation["stance"] == Stance.CONTRADICTS:
                source = self.material.source(citation)
                name = f"Contradicts C-{claim['number']}: {source['name'] if source else 'source not named'}"
                yield _entity(
                    f"citation-{citation['id']}",
                    "Note",
                    entity=about,
                    name=[name],
                    description=[citation["exact"]],
                    proof=[self._document(citation)],
                )


def _only_thing(told: dict) -> dict:
    """Of what a link says, what a note can say too."""
    return {name: told[name] for name in ("summary", "description", "proof")}


def _entity(key: str, schema: str, **properties: list) -> dict:
    found = {name: [value for value in values if value] for name, values in properties.items()}
    return {"id": key, "schema": schema, "properties": {name: values for name, values in found.items() if values}}
