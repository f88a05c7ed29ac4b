"""A world with all that the pages and the dossier have to show, walked there through the real actions."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count

from cases.actions.accounts import Seen, create_account, record_observation, record_reuse_check
from cases.models import User
from claims.actions.citations import edit_citation
from claims.actions.drafts import link_claims
from claims.actions.gate import allow_single_source
from claims.models import Citation, ClaimVersion, Publication
from evidence.actions.origin_groups import join_sources
from evidence.models import Item, Source
from tests.factories.claims import (
    REASONS,
    TOLD_APART,
    World,
    add_citation,
    make_approved,
    make_claim,
    make_publication,
    make_source,
    make_submitted,
    make_text,
    make_world,
)
from tests.factories.users import make_user

WIRE = "According to the radio, the account @esmirak belongs to Esmira Xalil, an employee of the committee."
REPORT = (
    "The picture was first posted at 12:21 by the account @bafadar. Some of 1,686 accounts repeated it. The "
    "committee's directory names @esmirak as the account of Esmira Xalil."
)
DENIAL = "The committee denied as absurd that Esmira Xalil uses the account @esmirak."
HOSTILE = "<script>alert(1)</script> {{7*7}} {% now 'Y' %} ${1} <img src=x onerror=alert(1)> \u202eevil\u202c =1+1"
COMMON = {"likelihood": "likely", "analytic_confidence": "moderate", **REASONS}

_numbers = count(1)


@dataclass(kw_only=True)
class Story(World):
    """A world in which claims were made, judged and published, with its rows by short names."""

    auditor: User
    viewer: User
    items: dict[str, Item] = field(default_factory=dict)
    claims: dict[str, ClaimVersion] = field(default_factory=dict)
    subjects: dict[str, object] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    publication: Publication | None = None

    def now(self, name: str) -> ClaimVersion:
        """A claim's version as the database holds it now."""
        return self.newest(self.claims[name])


def make_story(*, published: bool = True) -> Story:
    """Four approved claims (two links of a chain, two rivals), one submitted, one draft.

    With `published` the four leave the house, which waits for the log's sequencer when the transaction commits.
    """
    number = next(_numbers)
    readers = {role: make_user(f"{role}{number}") for role in ("auditor", "viewer")}
    world = make_world(title="Accounts in the Pacific", **readers)
    story = Story(**vars(world), **readers)
    _subjects(story)
    _evidence(story)
    _claims(story)
    if published:
        publish(story, ["operated", "role", "first_a", "first_b"])
    return story


def _subjects(story: Story) -> None:
    case, by = story.case, story.author
    other = create_account(actor=by, case=case, platform="x", id_unknown_reason="The profile is gone.")
    seen = {story.account: ("esmirak", {16: "active"}), other: ("bafadar", {16: "active", 30: "suspended"})}
    for account, (handle, statuses) in seen.items():
        for day, status in statuses.items():
            moment = datetime(2024, 5, day, 9, tzinfo=UTC)
            record_observation(actor=by, account=account, seen=Seen(observed_at=moment, handle=handle, status=status))
        story.subjects[handle] = record_reuse_check(actor=by, account=account, note="No other holder was found.")
    story.subjects |= {"xalil": story.person, "committee": story.committee}


def _evidence(story: Story) -> None:
    kinds = {
        "Wire service": ("news", "C", False),
        "The agency": ("state_body", "A", True),
        "A blog": ("news", "F", False),
    }
    story.sources["Radio"] = story.radio
    for name, (kind, reliability, origin) in kinds.items():
        story.sources[name] = make_source(
            story.case, story.author, story.editor, name=name, kind=kind, reliability=reliability, origin=origin
        )
    same = [story.sources["Radio"], story.sources["Wire service"]]
    reason = "The wire repeats the radio's report."
    join_sources(actor=story.editor, sources=same, reason=reason, label="The radio's investigation")
    texts = {
        "wire": (WIRE, "Wire service", "Committee employee named"),
        "report": (REPORT, "The agency", "Technical report"),
        "denial": (DENIAL, "A blog", "A denial"),
        "hostile": (HOSTILE, "A blog", HOSTILE),
    }
    story.items["radio"] = story.radio_text
    for name, (text, source, title) in texts.items():
        story.items[name] = add_item(story, text=text, title=title, source=story.sources[source])


def add_item(story: Story, *, text: str, title: str, source: Source) -> Item:
    """One exhibit of pasted text."""
    source.refresh_from_db()
    return make_text(
        story.case,
        story.author,
        text,
        source,
        title=title,
        author="A. Reporter",
        original_url="https://news.example/story",
        captured_at=datetime(2024, 6, 3, 8, 30, tzinfo=UTC),
        relevance_note="working note, not for readers",
    )


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
        # What deceives the eye is for quotes and notes: G-40 lets none of it into the text itself.
        public_text=f"Unconfirmed. {HOSTILE}".replace("\u202e", "").replace("\u202c", ""),
        scope_note=HOSTILE,
        **COMMON,
    )
    cite(story, "hostile", "hostile", HOSTILE, credibility="5")
    add_claim(story, "draft", predicate="account_status", subject_account=people["bafadar"], object_text="suspended")
    cite(story, "draft", "radio", "the viral picture was first publicised by the account")
    for name in ("operated", "role", "first_a", "first_b"):
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
        **TOLD_APART,
        key_assumptions=["The handle was not passed on."],
        **COMMON,
    )
    named = {"indicator": "named_in_report"}
    cite(story, "operated", "radio", "The radio linked it to Esmira Xalil", **named)
    wire = "the account @esmirak belongs to Esmira Xalil"
    cite(story, "operated", "wire", wire, credibility="3", access="repeater", **named)
    directory = "directory names @esmirak as the account of Esmira Xalil"
    cite(story, "operated", "report", directory, indicator="named_by_organisation")
    against = cite(
        story, "operated", "denial", "denied as absurd that Esmira Xalil uses", credibility="6", stance="contradicts"
    )
    edit_citation(
        actor=story.author,
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
        **TOLD_APART,
        **COMMON,
    )
    cite(story, "role", "radio", "the head of the press service of the committee")
    reason = "The committee publishes no list of its staff, and two written questions stayed unanswered."
    allow_single_source(actor=story.checker, version=role, reason=reason)
    link_claims(actor=story.author, version=role, components=[story.claims["operated"].claim])


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
            public_text=f"According to one report it is likely that @{account} was the first known to publish it.",
            **COMMON,
        )
        cite(story, name, item, quote, credibility="3")


def add_claim(story: Story, name: str, **fields) -> ClaimVersion:
    """A draft, known in the story by `name`."""
    story.claims[name] = make_claim(story, **fields)
    return story.claims[name]


def cite(story: Story, name: str, item: str, exact: str, **fields) -> Citation:
    """A graded quote from an exhibit of the story."""
    return add_citation(story, story.claims[name], story.items[item], exact, **fields)


def submit(story: Story, name: str) -> None:
    """It waits on the desk, and nobody has ticked a sentence yet."""
    story.claims[name] = make_submitted(story, story.claims[name], ticked=False)


def approve(story: Story, name: str) -> None:
    """By the fact-checker, then by the editor, with a comment that stays inside."""
    story.claims[name] = make_approved(story, story.now(name), comment="Checked (for colleagues only).")


def publish(story: Story, names: list[str]) -> Publication:
    """Leave the house together."""
    versions = [story.claims[name] for name in names]
    story.publication = make_publication(story, *versions, title="Who ran the accounts", note="What the record says.")
    for name in names:
        story.claims[name] = story.now(name)
    return story.publication
