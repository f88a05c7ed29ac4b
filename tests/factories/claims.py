"""A case with claims in any state, walked there through the real actions."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from django.db import connection
from django.utils import timezone

from cases.actions.accounts import record_reuse_check
from cases.models import Account, Case, Organisation, Person, User
from claims.actions.citations import cite, grade_citation
from claims.actions.data_protection import write_record
from claims.actions.drafts import create_claim
from claims.actions.hypotheses import Alternative, save_alternatives
from claims.actions.legal import sign_off
from claims.actions.letters import note_sending
from claims.actions.publications import publish
from claims.actions.replies import ask, close_request
from claims.actions.reviews import approve, check_sentence, submit
from claims.alternatives import MINIMUM, STATEMENTS, digest_of, written_of
from claims.enums import Disposition, HypothesisKind, VersionState
from claims.models import Citation, ClaimVersion, DataProtectionRecord, Publication, ReplyRequest, Review
from claims.parties import Party, parties_of
from claims.phrasing import sentences
from claims.queries import get_version, get_version_by_id
from evidence.actions.items import log_text
from evidence.actions.origin_groups import split_source
from evidence.actions.sources import create_source, grade_source
from evidence.details import Details
from evidence.models import Item, Source
from tests.factories.cases import make_case
from tests.factories.subjects import make_account, make_observation, make_organisation, make_person
from tests.factories.users import make_user

RADIO = (
    "The account @esmirak was suspended after sharing the picture. The radio linked it to Esmira Xalil, who is "
    "currently employed at the State Committee. A 2014 news report described her as the head of the press service "
    "of the committee. The viral post was first published by an account belonging to @esmirak."
)
GAZETTE = "Staff list of the State Committee, 2024: Esmira Xalil, head of the press service; her account is @esmirak."
PROFILE = "Esmira Xalil. Working at the State Committee."
OPERATED = "account_operated_by"
SUSPENDED_AT = datetime(2024, 5, 30, 9, 0, tzinfo=UTC)
_PARTY_MODELS = {"account": Account, "person": Person, "organisation": Organisation}
REASONS = {
    "confidence_information_base": "Two documents from independent sources.",
    "confidence_rigour": "Each passage was read in the preserved copy.",
    "confidence_volatility": "Staff lists change rarely.",
    "source_summary": "Neither source spoke to the persons named.",
    "model_use": "none",
    "public_interest": "An office of state is meant to be run in the open.",
    "who_is_harmed": "Whoever is named; more so if the account was taken over.",
    "proportionality": "Only the link is told, and nothing of private life.",
    "gentler_ways": "Leaving the name out would put the whole staff under suspicion.",
}
TOLD_APART = {
    "identifying_specifics": ["Employed at the State Committee.", "The same picture as on its page."],
    "namesake_search": "Staff list and two directories, 3 June 2024: nobody else of that name.",
}


@dataclass
class World:
    """One case, its people, its subjects and two independent sources with a text of each, by short names."""

    case: Case
    author: User
    checker: User
    editor: User
    publisher: User
    lawyer: User
    radio: Source
    gazette: Source
    radio_text: Item
    gazette_text: Item
    account: Account
    person: Person
    committee: Organisation
    citations: list[Citation] = field(default_factory=list)

    def newest(self, version: ClaimVersion) -> ClaimVersion:
        """The version as the database holds it now."""
        return get_version_by_id(self.author, version.pk)


def make_world(**case_fields: str | User) -> World:
    """The people and the evidence; nothing is claimed yet."""
    author, checker, publisher = make_user(), make_user(), make_user()
    editor = make_user(can_create_cases=True)
    others = {"auditor": make_user()} | case_fields
    case = make_case(lead=editor, investigator=author, editor=checker, publisher=publisher, **others)
    make_record(case, author)
    radio, gazette = (make_source(case, author, editor, name=name) for name in ("Radio", "Gazette"))
    account = make_account(case=case, actor=author, handle="esmirak", platform_user_id="1001")
    make_observation(account=account, actor=author, handle="esmirak", status="suspended", observed_at=SUSPENDED_AT)
    account = record_reuse_check(actor=author, account=account, note="Nobody else uses the handle.")
    return World(
        case=case,
        author=author,
        checker=checker,
        editor=editor,
        publisher=publisher,
        lawyer=others["auditor"],
        radio=radio,
        gazette=gazette,
        radio_text=make_text(case, author, RADIO, radio),
        gazette_text=make_text(case, author, GAZETTE, gazette),
        account=account,
        person=make_person(case=case, actor=author, label="Esmira Xalil", subject_tier="official"),
        committee=make_organisation(case=case, actor=author, label="State Committee"),
    )


def next_year() -> date:
    """A day on which a data-protection record can be looked at again."""
    return timezone.now().date() + timedelta(days=365)


def make_record(case: Case, author: User, **fields) -> DataProtectionRecord:
    """Why the case handles data about people, to be looked at again in a year; `fields` override."""
    described = {
        "purpose": "To tell the public who runs accounts that take part in politics under another name.",
        "lawful_basis": "legitimate_interests",
        "special_ground": "journalism",
        "special_reasoning": "Who speaks for a party in public is told, and nothing of private conviction.",
        "has_criminal_data": False,
        "retention": "archive",
        "review_at": next_year(),
        "transparency": "Everybody named is asked first; objections are answered within a month.",
        "contact": "privacy@paper.example",
    }
    return write_record(actor=author, case=case, **described | fields)


def make_source(
    case: Case,
    author: User,
    editor: User,
    *,
    name: str,
    kind: str = "news",
    origin: bool = True,
    reliability: str = "B",
) -> Source:
    """A graded source; with `origin`, an editor has declared it an origin of its own."""
    source = create_source(actor=author, case=case, name=name, kind=kind)
    grade_source(actor=author, source=source, reliability=reliability, rationale="It has been right before.")
    if origin:
        split_source(actor=editor, source=source, reason="It does its own reporting.")
    source.refresh_from_db()
    return source


def make_text(case: Case, author: User, text: str, source: Source, /, **details) -> Item:
    """A preserved text with all that G-05 asks for."""
    described = {
        "title": f"What {source.name} wrote",
        "publisher": source.name,
        "published_at": datetime(2024, 5, 20, tzinfo=UTC),
        "language": "en",
        "source": source,
    }
    return log_text(actor=author, case=case, text=text, details=Details(**described | details))


def make_claim(world: World, **fields) -> ClaimVersion:
    """The first draft of a claim, without a citation."""
    claim = create_claim(actor=world.author, case=world.case, **fields)
    return get_version(world.author, world.case.ref, claim.number)


def make_draft(world: World, *, cited: bool = True, **fields) -> ClaimVersion:
    """A claim about who operates the account that meets every rule up to the review; `fields` override."""
    described = {
        "predicate": "account_operated_by",
        "subject_account": world.account,
        "object_person": world.person,
        "likelihood": "very_likely",
        "analytic_confidence": "moderate",
        "public_text": "It is very likely that Esmira Xalil operates the account @esmirak.",
        **REASONS,
        **TOLD_APART,
    } | fields
    version = make_claim(world, **described)
    if cited:
        linked = "The radio linked it to Esmira Xalil"
        # Of other kinds of claims these say nothing.
        report, page = ("named_in_report", "named_by_organisation") if version.predicate == OPERATED else ("", "")
        add_citation(world, version, world.radio_text, linked, indicator=report)
        add_citation(world, version, world.gazette_text, "her account is @esmirak", indicator=page)
        meet_rules(world, version)
    return world.newest(version)


def meet_rules(world: World, version: ClaimVersion) -> ClaimVersion:
    """Other explanations are tried, and everybody named was asked by telephone and kept silent for two days."""
    kinds = MINIMUM.get(version.predicate, (HypothesisKind.OTHER,))
    save_alternatives(
        actor=world.author,
        version=version,
        seen=digest_of(written_of([version])[version.pk]),
        alternatives=[
            Alternative(STATEMENTS.get(kind, "Chance."), kind, Disposition.LESS_LIKELY, "Nothing points to it.")
            for kind in kinds
        ],
        devils_advocate=world.checker,
    )
    for party in parties_of(version):
        make_request(world, version, party=party)
    return world.newest(version)


def make_request(
    world: World, version: ClaimVersion, *, party: Party | None = None, outcome: str = "no_response", **fields
) -> ReplyRequest:
    """A party of the claim was asked three days ago; an empty `outcome` leaves it waiting for its outcome."""
    kind, _, key = (party or parties_of(version)[0]).key.partition(":")
    row = key if kind == "text" else _PARTY_MODELS[kind].objects.get(pk=key)
    described = {"party": row, "allegations": [(version, version.public_text or "What is alleged.")]}
    request = ask(actor=world.author, case=world.case, **described | fields)
    note_sending(actor=world.author, request=request, channel="phone", sent_at=timezone.now() - timedelta(days=3))
    if outcome:
        close_request(actor=world.author, request=request, outcome=outcome)
    return request


def make_role_draft(world: World, *, cited: bool = True, **fields) -> ClaimVersion:
    """A claim about the role of the person that meets every rule up to the review."""
    described = {
        "predicate": "person_holds_role",
        "subject_account": None,
        "object_person": None,
        "subject_person": world.person,
        "object_organisation": world.committee,
        "role_title": "head of the press service",
        "as_of": date(2024, 1, 1),
        "as_of_precision": "year",
        "conduct_date": date(2024, 5, 16),
        "public_text": "It is very likely that Esmira Xalil headed the press service of the committee in 2024.",
    } | fields
    version = make_draft(world, cited=False, **described)
    if cited:
        add_citation(world, version, world.radio_text, "the head of the press service of the committee")
        add_citation(world, version, world.gazette_text, "Esmira Xalil, head of the press service")
        meet_rules(world, version)
    return world.newest(version)


def add_citation(
    world: World,
    version: ClaimVersion,
    item: Item,
    exact: str,
    *,
    credibility: str = "2",
    access: str = "first_hand",
    **fields,
) -> Citation:
    """A graded citation of a passage."""
    citation = cite(actor=world.author, version=version, item=item, exact=exact, access=access, **fields)
    citation = grade_citation(
        actor=world.author, citation=citation, credibility=credibility, rationale="It fits what is known."
    )
    world.citations.append(citation)
    return citation


def make_submitted(world: World, version: ClaimVersion | None = None, *, ticked: bool = True) -> ClaimVersion:
    """Submitted and, unless told otherwise, held against its citations sentence by sentence by the fact-checker.

    A draft that has no alternatives gets them, and its parties are asked.
    """
    version = version or make_draft(world)
    if version.adverse and not version.hypotheses.exists():
        version = meet_rules(world, version)
    version = submit(actor=world.author, version=version)
    if ticked:
        tick_all(world.checker, version)
    return version


def tick_all(person: User, version: ClaimVersion) -> None:
    """Each sentence of the public text, held against all citations."""
    cited = list(version.citations.values_list("pk", flat=True))
    for position, _ in enumerate(sentences(version.public_text) if cited else (), start=1):
        content = version.content_sha256
        check_sentence(actor=person, version=version, position=position, citations=cited, content_sha256=content)


def make_checked(world: World, version: ClaimVersion | None = None, *, comment: str = "") -> ClaimVersion:
    """Submitted, unless it is already, approved by the fact-checker and, where it could do harm, signed off."""
    if version is None or version.state != VersionState.SUBMITTED:
        version = make_submitted(world, version)
    elif not version.sentence_checks.exists():
        tick_all(world.checker, version)
    _approve(world.checker, version, "fact_check", comment)
    if version.adverse:
        clear(world, version)
    return version


def make_approved(world: World, version: ClaimVersion | None = None, *, comment: str = "") -> ClaimVersion:
    version = make_checked(world, version, comment=comment)
    _approve(world.editor, version, "editor", comment)
    judge_now()
    return world.newest(version)


def clear(world: World, version: ClaimVersion, **fields) -> Review:
    """The lawyer signs off the content of now, under the law of France."""
    said = {"verdict": "approved", "jurisdictions": ["FR"], "content_sha256": version.content_sha256} | fields
    return sign_off(actor=world.lawyer, version=version, **said)


def _approve(person: User, version: ClaimVersion, stage: str, comment: str) -> None:
    approve(actor=person, version=version, content_sha256=version.content_sha256, stage=stage, comment=comment)


def make_publication(
    world: World, *versions: ClaimVersion, title: str = "Who is behind the account", note: str = ""
) -> Publication:
    """Approved versions (one, if none is given) leave the house."""
    versions = versions or (make_approved(world),)
    publication = publish(actor=world.publisher, case=world.case, versions=versions, title=title, note=note)
    judge_now()
    return publication


def judge_now() -> None:
    """Let the database judge what was released, as its commit does outside tests that are one transaction."""
    if connection.in_atomic_block:
        connection.check_constraints()


def make_published(world: World, version: ClaimVersion | None = None) -> ClaimVersion:
    approved = make_approved(world, version)
    make_publication(world, approved)
    return world.newest(approved)
