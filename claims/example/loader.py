"""The example case, walked to its end through the same actions that people use."""

import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from cases.actions.accounts import Seen, create_account, record_observation, record_reuse_check
from cases.actions.cases import create_case
from cases.actions.members import add_member
from cases.actions.names import Spelling
from cases.actions.organisations import create_organisation
from cases.actions.people import create_person
from cases.actions.users import create_user
from cases.enums import Role
from cases.models import Account, Case, Organisation, Person, User
from claims.actions.citations import cite, grade_citation
from claims.actions.data_protection import write_record
from claims.actions.drafts import create_claim, link_claims
from claims.actions.gate import run_gate
from claims.actions.hypotheses import Alternative, save_alternatives
from claims.actions.legal import sign_off
from claims.actions.letters import note_reply, note_sending
from claims.actions.publications import publish
from claims.actions.replies import ask, close_request, note_search, withhold_request
from claims.actions.reviews import approve, check_sentence, request_changes, submit
from claims.alternatives import digest_of
from claims.canonical import cited
from claims.checking import checked_sentences, near
from claims.enums import Channel, ReviewStage, Verdict
from claims.models import Claim, ClaimVersion, Publication
from claims.queries import get_version
from evidence.actions.items import log_text
from evidence.actions.origin_groups import join_sources
from evidence.actions.sources import create_source, grade_source
from evidence.details import Details
from evidence.models import Item, OriginGroup, Source

FILE = Path(__file__).with_name("new_caledonia.toml")
# Invented people: the newsroom of the example, one per role, and two editors because four eyes are two people.
NEWSROOM = {
    "ines": ("Ines Investigator", Role.INVESTIGATOR),
    "frida": ("Frida Factcheck", Role.EDITOR),
    "edgar": ("Edgar Editor", Role.EDITOR),
    "paula": ("Paula Publisher", Role.PUBLISHER),
    # An auditor of the case, who as its lawyer gives the legal sign-off.
    "anton": ("Anton Auditor", Role.AUDITOR),
    "vera": ("Vera Viewer", Role.VIEWER),
}
LEAD = "edgar"
ENDS = {Account: "account", Person: "person", Organisation: "organisation"}
ORIGIN_REASON = "Set when the example was made: who reported this first, as far as the notes tell."
_OWN_FIELDS = {"key", "stage", "comment", "subject", "object", "rests_on", "citations", "alternatives"}


@dataclass
class Example:
    """What was made, by the short names of the file."""

    case: Case
    people: dict[str, User]
    passwords: dict[str, str]
    rows: dict[str, Any] = field(default_factory=dict)
    publication: Publication | None = None

    @property
    def author(self) -> User:
        return self.people["ines"]


@transaction.atomic
def load(told: dict[str, Any] | None = None) -> Example:
    """Make the newsroom and the case, all of it or nothing; returns when the publication is under a checkpoint."""
    told = told or tomllib.loads(FILE.read_text(encoding="utf-8"))
    example = _newsroom(told["case"])
    _subjects(example, told)
    write_record(actor=example.author, case=example.case, **told["data_protection"] | {"review_at": in_a_year()})
    _evidence(example, told)
    _accounts(example, told)
    versions = {claim["key"]: _draft(example, claim) for claim in told["claims"]}
    for request in told["requests"]:
        _request(example, request, versions)
    approved = [version for claim in told["claims"] if (version := _advance(example, claim, versions[claim["key"]]))]
    example.publication = publish(
        actor=example.people["paula"],
        case=example.case,
        versions=approved,
        title="What the suspended accounts posted, and what they say of themselves",
        note="Links between accounts and persons wait for a second, independent source.",
    )
    return example


def _newsroom(told: dict[str, Any]) -> Example:
    made = {
        username: create_user(
            actor=None,
            username=username,
            display_name=name,
            email=f"{username}@newsroom.example",
            can_create_cases=username == LEAD,
        )
        for username, (name, _) in NEWSROOM.items()
    }
    people = {username: user for username, (user, _) in made.items()}
    case = create_case(actor=people[LEAD], **told)
    for username, (_, role) in NEWSROOM.items():
        if username != LEAD:
            add_member(actor=people[LEAD], case=case, user=people[username], role=role)
    return Example(case=case, people=people, passwords={username: password for username, (_, password) in made.items()})


def _subjects(example: Example, told: dict[str, Any]) -> None:
    for kind, create in (("organisations", create_organisation), ("people", create_person)):
        for entry in told[kind]:
            names = [Spelling(**name) for name in entry["names"] if name["value"] != entry["label"]]
            rest = {name: value for name, value in entry.items() if name not in ("key", "names")}
            example.rows[entry["key"]] = create(actor=example.author, case=example.case, names=names, **rest)


def _evidence(example: Example, told: dict[str, Any]) -> None:
    groups: dict[str, OriginGroup] = {}
    for entry in told["sources"]:
        example.rows[entry["key"]] = _source(example, entry, groups)
    for entry in told["items"]:
        example.rows[entry["key"]] = _item(example, entry)


def _source(example: Example, entry: dict[str, Any], groups: dict[str, OriginGroup]) -> Source:
    described = {name: entry[name] for name in ("name", "kind", "country", "url") if name in entry}
    source = create_source(actor=example.author, case=example.case, **described)
    grade_source(actor=example.author, source=source, reliability=entry["reliability"], rationale=entry["rationale"])
    origin = entry["origin"]
    groups[origin] = join_sources(
        actor=example.people[LEAD], sources=[source], reason=ORIGIN_REASON, group=groups.get(origin), label=origin
    )
    source.refresh_from_db()
    return source


def _item(example: Example, entry: dict[str, Any]) -> Item:
    described = {name: value for name, value in entry.items() if name not in ("key", "text", "source")}
    if "published_at" in described:
        described["published_at"] = _moment(described["published_at"])
    details = Details(source=example.rows[entry["source"]], relevance_note="Reading note of the example.", **described)
    return log_text(actor=example.author, case=example.case, text=entry["text"], details=details)


def _accounts(example: Example, told: dict[str, Any]) -> None:
    for entry in told["accounts"]:
        account = create_account(
            actor=example.author,
            case=example.case,
            platform=entry["platform"],
            id_unknown_reason=entry["id_unknown_reason"],
            note=entry.get("note", ""),
        )
        for seen in entry["observations"]:
            rest = {name: value for name, value in seen.items() if name not in ("item", "observed_at", "precision")}
            observation = Seen(
                observed_at=_moment(seen["observed_at"]),
                observed_precision=seen["precision"],
                evidence_item=example.rows[seen["item"]].pk,
                **rest,
            )
            record_observation(actor=example.author, account=account, seen=observation)
        example.rows[entry["key"]] = record_reuse_check(
            actor=example.author, account=account, note=entry["handle_reuse_note"]
        )


def _draft(example: Example, entry: dict[str, Any]) -> ClaimVersion:
    fields = {name: value for name, value in entry.items() if name not in _OWN_FIELDS}
    for side in ("subject", "object"):
        if side in entry:
            row = example.rows[entry[side]]
            fields[f"{side}_{ENDS[type(row)]}"] = row
    claim = create_claim(actor=example.author, case=example.case, **fields)
    example.rows[entry["key"]] = claim
    version = get_version(example.author, example.case.ref, claim.number)
    for told in entry["citations"]:
        _cite(example, version, told)
    if "alternatives" in entry:
        _alternatives(example, version, entry["alternatives"])
    components: list[Claim] = [example.rows[key] for key in entry.get("rests_on", [])]
    if components:
        link_claims(actor=example.author, version=version, components=components)
    return version


def _cite(example: Example, version: ClaimVersion, told: dict[str, Any]) -> None:
    fields = {name: value for name, value in told.items() if name not in ("item", "credibility", "rationale")}
    citation = cite(actor=example.author, version=version, item=example.rows[told["item"]], **fields)
    grade_citation(
        actor=example.author, citation=citation, credibility=told["credibility"], rationale=told["rationale"]
    )


def _alternatives(example: Example, version: ClaimVersion, told: list[dict[str, Any]]) -> None:
    """Frida argues against each claim; `fits` stand in the order of the citations."""
    citations = list(version.citations.order_by("order").values_list("pk", flat=True))
    save_alternatives(
        actor=example.author,
        version=version,
        seen=digest_of({}),
        alternatives=[
            Alternative(**entry | {"fits": dict(zip(citations, entry["fits"], strict=False))}) for entry in told
        ],
        devils_advocate=example.people["frida"],
    )


def _request(example: Example, entry: dict[str, Any], versions: dict[str, ClaimVersion]) -> None:
    """One party that was asked by somebody, or that the example's editor does not ask."""
    put = [
        (versions[one["claim"]], one.get("text") or versions[one["claim"]].public_text) for one in entry["allegations"]
    ]
    request = ask(
        actor=example.author,
        case=example.case,
        party=example.rows[entry["party"]],
        allegations=[(version, text or version.public_text) for version, text in put],
        asked_by=entry.get("asked_by", ""),
    )
    if "withheld" in entry:
        withhold_request(actor=example.people[LEAD], request=request, reason=entry["withheld"])
    if "searched" in entry:
        today = timezone.now().date()
        note_search(actor=example.author, request=request, searched_on=today, note=entry["searched"])
    if "sent_at" not in entry:
        return
    item, when = example.rows[entry["item"]], _moment(entry["sent_at"])
    known = {"item": item, "sent_precision": entry["sent_precision"]}
    note_sending(actor=example.author, request=request, channel=Channel.NOT_SAID, sent_at=when, **known)
    if "reply" in entry:
        known = {"item": item, "received_precision": entry["sent_precision"], "language": "en"}
        note_reply(actor=example.author, request=request, received_at=when, **known | entry["reply"])
    else:
        close_request(actor=example.author, request=request, outcome=entry["outcome"])


def _advance(example: Example, entry: dict[str, Any], version: ClaimVersion) -> ClaimVersion | None:
    """Take a draft to its stage; returns the version when it is ready to be published."""
    stage = entry["stage"]
    if stage == "draft":
        return None
    version = submit(actor=example.author, version=version)
    if stage == "changes_requested":
        request_changes(actor=example.people["frida"], version=version, comment=entry["comment"])
    if stage == "submitted":
        run_gate(actor=example.people[LEAD], version=version)
    if stage != "published":
        return None
    _tick(example.people["frida"], version)
    read = {"version": version, "content_sha256": version.content_sha256}
    if version.adverse:
        sign_off(actor=example.people["anton"], verdict=Verdict.APPROVED, jurisdictions=["FR"], **read)
    for username, step in (("frida", ReviewStage.FACT_CHECK), (LEAD, ReviewStage.EDITOR)):
        approve(actor=example.people[username], stage=step, **read)
    return version


def _tick(checker: User, version: ClaimVersion) -> None:
    """Hold each sentence against the citations that speak of the same."""
    citations = list(cited(version))
    for line in checked_sentences(version, citations):
        check_sentence(
            actor=checker,
            version=version,
            position=line.position,
            citations=[citation.pk for citation in near(line.text, citations)],
            content_sha256=version.content_sha256,
        )


def in_a_year() -> date:
    """When what was written today is looked at again."""
    return timezone.now().date() + timedelta(days=365)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
