"""A case with all that the pages and the dossier have to show, walked there through the real actions."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count

from cases.actions.accounts import Seen, create_account, record_observation, record_reuse_check
from cases.actions.organisations import create_organisation
from cases.actions.people import create_person
from cases.models import Case, User
from claims.actions.citations import cite as cite_passage
from claims.actions.citations import edit_citation, grade_citation
from claims.actions.drafts import create_claim, link_claims
from claims.actions.gate import allow_single_source
from claims.actions.publications import publish as publish_versions
from claims.actions.reviews import approve as approve_version
from claims.actions.reviews import submit as submit_version
from claims.models import Citation, ClaimVersion, Publication
from claims.queries import get_version, get_version_by_id
from evidence.actions.items import log_text
from evidence.actions.origin_groups import join_sources, split_source
from evidence.actions.sources import create_source, grade_source
from evidence.details import Details
from evidence.models import Item, Source
from tests.factories.cases import make_case
from tests.factories.users import make_user

RADIO = (
    "The account @esmirak was suspended after sharing the picture. The radio linked it to Esmira Xalil, who is "
    "currently employed at the State Committee. A 2014 news report described her as the head of the press service "
    "of the committee. The viral post was first published by an account belonging to @esmirak."
)
WIRE = "According to the radio, the account @esmirak belongs to Esmira Xalil, an employee of the committee."
REPORT = (
    "The picture was first posted at 12:21 by the account @bafadar. Some of 1,686 accounts repeated it. The "
    "committee's directory names @esmirak as the account of Esmira Xalil."
)
DENIAL = "The committee denied as absurd that Esmira Xalil uses the account @esmirak."
HOSTILE = "<script>alert(1)</script> {{7*7}} {% now 'Y' %} ${1} <img src=x onerror=alert(1)> \u202eevil\u202c =1+1"
GRADING = "Read in full in the preserved copy."
COMMON = {
    "likelihood": "likely",
    "analytic_confidence": "moderate",
    "confidence_information_base": "Two reports and a directory.",
    "confidence_rigour": "Each passage was read in the preserved copy.",
    "confidence_volatility": "A later record of the role would change it.",
}

_numbers = count(1)


@dataclass
class Story:
    """The people, the case and its rows by short names."""

    case: Case
    investigator: User
    checker: User
    editor: User
    publisher: User
    auditor: User
    viewer: User
    items: dict[str, Item] = field(default_factory=dict)
    claims: dict[str, ClaimVersion] = field(default_factory=dict)
    subjects: dict[str, object] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    publication: Publication | None = None

    def now(self, name: str) -> ClaimVersion:
        """A claim's version as the database holds it now."""
        return get_version_by_id(self.editor, self.claims[name].pk)


def make_story(*, published: bool = True) -> Story:
    """Four approved claims (two links of a chain, two rivals), one submitted, one draft.

    With `published` the four leave the house, which waits for the log's sequencer when the transaction commits.
    """
    number = next(_numbers)
    roles = ("investigator", "checker", "publisher", "auditor", "viewer")
    people = {role: make_user(f"{role}{number}") for role in roles}
    editor = make_user(f"editor{number}", can_create_cases=True)
    members = {role: user for role, user in people.items() if role != "checker"}
    case = make_case(lead=editor, editor=people["checker"], title="Accounts in the Pacific", **members)
    story = Story(case=case, editor=editor, **people)
    _subjects(story)
    _evidence(story)
    _claims(story)
    if published:
        publish(story, ["operated", "role", "first_a", "first_b"])
    return story


def _subjects(story: Story) -> None:
    case, by = story.case, story.investigator
    ids = {"esmirak": {"platform_user_id": "1001"}, "bafadar": {"id_unknown_reason": "The profile is gone."}}
    for handle, known in ids.items():
        account = create_account(actor=by, case=case, platform="x", **known)
        for day, status in ((16, "active"), (30, "suspended")):
            seen = Seen(observed_at=datetime(2024, 5, day, 9, tzinfo=UTC), handle=handle, status=status)
            record_observation(actor=by, account=account, seen=seen)
        record_reuse_check(actor=by, account=account, note="No other holder was found in the archives.")
        story.subjects[handle] = account
    story.subjects["xalil"] = create_person(actor=by, case=case, label="Esmira Xalil", subject_tier="official")
    story.subjects["committee"] = create_organisation(actor=by, case=case, label="State Committee", kind="state_body")


def _evidence(story: Story) -> None:
    kinds = {"Radio": ("news", "B"), "Wire service": ("news", "C"), "The agency": ("state_body", "A")}
    for name, (kind, reliability) in (kinds | {"A blog": ("news", "F")}).items():
        source = create_source(actor=story.investigator, case=story.case, name=name, kind=kind)
        grade_source(actor=story.editor, source=source, reliability=reliability, rationale=f"Why {name} is graded so.")
        story.sources[name] = source
    same = [story.sources["Radio"], story.sources["Wire service"]]
    reason = "The wire repeats the radio's report."
    join_sources(actor=story.editor, sources=same, reason=reason, label="The radio's investigation")
    split_source(actor=story.editor, source=story.sources["The agency"], reason="It does its own analysis.")
    texts = {
        "radio": (RADIO, "Radio", "Officials targeted France"),
        "wire": (WIRE, "Wire service", "Committee employee named"),
        "report": (REPORT, "The agency", "Technical report"),
        "denial": (DENIAL, "A blog", "A denial"),
        "hostile": (HOSTILE, "A blog", HOSTILE),
    }
    for name, (text, source, title) in texts.items():
        story.items[name] = add_item(story, text=text, title=title, source=story.sources[source])


def add_item(story: Story, *, text: str, title: str, source: Source) -> Item:
    """One exhibit of pasted text."""
    details = Details(
        title=title,
        author="A. Reporter",
        publisher=source.name,
        original_url="https://news.example/story",
        published_at=datetime(2024, 5, 31, tzinfo=UTC),
        language="en",
        captured_at=datetime(2024, 6, 3, 8, 30, tzinfo=UTC),
        relevance_note="working note, not for readers",
        source=source,
    )
    return log_text(actor=story.investigator, case=story.case, text=text, details=details)


def _claims(story: Story) -> None:
    _add_operated(story)
    _add_role(story)
    _add_rivals(story)
    people = story.subjects
    add_claim(
        story,
        "hostile",
        predicate="post_published_by",
        subject_text=HOSTILE[:290],
        object_account=people["bafadar"],
        public_text=HOSTILE,
        scope_note=HOSTILE,
        **COMMON,
    )
    cite(story, "hostile", "hostile", HOSTILE, credibility="5")
    add_claim(story, "draft", predicate="account_status", subject_account=people["bafadar"], object_text="suspended")
    cite(story, "draft", "radio", "the viral picture was first publicised by the account")
    for name in ("operated", "role", "first_a", "first_b"):
        submit(story, name)
        approve(story, name)
    submit(story, "hostile")


def _add_operated(story: Story) -> None:
    add_claim(
        story,
        "operated",
        predicate="account_operated_by",
        subject_account=story.subjects["esmirak"],
        object_person=story.subjects["xalil"],
        public_text="It is likely that Esmira Xalil operated the account @esmirak.",
        key_assumptions=["The handle was not passed on."],
        **COMMON,
    )
    cite(story, "operated", "radio", "The radio linked it to Esmira Xalil")
    cite(story, "operated", "wire", "the account @esmirak belongs to Esmira Xalil", credibility="3", access="repeater")
    cite(story, "operated", "report", "directory names @esmirak as the account of Esmira Xalil")
    against = cite(
        story, "operated", "denial", "denied as absurd that Esmira Xalil uses", credibility="6", stance="contradicts"
    )
    edit_citation(
        actor=story.investigator,
        citation=against,
        expected_version=against.edit_version,
        changes={"disposition": "explained", "disposition_note": "The committee gives no other holder."},
    )


def _add_role(story: Story) -> None:
    role = add_claim(
        story,
        "role",
        predicate="person_holds_role",
        subject_person=story.subjects["xalil"],
        object_organisation=story.subjects["committee"],
        role_title="head of the press service",
        as_of=date(2014, 1, 1),
        as_of_precision="year",
        conduct_date=date(2024, 5, 16),
        public_text=(
            "According to a single source it is likely that Esmira Xalil headed the press service as of 2014. "
            "Her current role could not be confirmed."
        ),
        **COMMON,
    )
    cite(story, "role", "radio", "the head of the press service of the committee")
    reason = "The committee publishes no list of its staff, and two written questions stayed unanswered."
    allow_single_source(actor=story.editor, version=role, reason=reason)
    link_claims(actor=story.investigator, version=role, components=[story.claims["operated"].claim])


def _add_rivals(story: Story) -> None:
    quotes = {
        "first_a": ("radio", "first published by an account belonging to @esmirak", "esmirak"),
        "first_b": ("report", "first posted at 12:21 by the account @bafadar", "bafadar"),
    }
    for name, (item, quote, account) in quotes.items():
        add_claim(
            story,
            name,
            predicate="first_known_publisher",
            subject_text="The picture of the protesters",
            object_account=story.subjects[account],
            scope_note="Under one hashtag.",
            public_text=f"It is likely that the picture was first published, as far as known, by @{account}.",
            **COMMON,
        )
        cite(story, name, item, quote, credibility="3")


def add_claim(story: Story, name: str, **fields) -> ClaimVersion:
    """A draft, known in the story by `name`."""
    claim = create_claim(actor=story.investigator, case=story.case, **fields)
    story.claims[name] = get_version(story.investigator, story.case.ref, claim.number)
    return story.claims[name]


def cite(
    story: Story, name: str, item: str, exact: str, *, credibility: str = "2", access: str = "first_hand", **fields
) -> Citation:
    """A graded quote from an exhibit of the story."""
    citation = cite_passage(
        actor=story.investigator,
        version=story.claims[name],
        item=story.items[item],
        exact=exact,
        access=access,
        **fields,
    )
    return grade_citation(actor=story.investigator, citation=citation, credibility=credibility, rationale=GRADING)


def submit(story: Story, name: str) -> None:
    story.claims[name] = submit_version(actor=story.investigator, version=story.claims[name])


def approve(story: Story, name: str) -> None:
    """By the fact-checker, then by the editor, with a comment that stays inside."""
    version = story.now(name)
    for actor, stage in ((story.checker, "fact_check"), (story.editor, "editor")):
        approve_version(
            actor=actor,
            version=version,
            content_sha256=version.content_sha256,
            stage=stage,
            comment="Checked (for colleagues only).",
        )
    story.claims[name] = story.now(name)


def publish(story: Story, names: list[str]) -> Publication:
    """Leave the house together."""
    story.publication = publish_versions(
        actor=story.publisher,
        case=story.case,
        versions=[story.claims[name] for name in names],
        title="Who ran the accounts",
        note="What the record says.",
    )
    for name in names:
        story.claims[name] = story.now(name)
    return story.publication
