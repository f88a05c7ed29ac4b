"""A case with all that the pages and the dossier have to show, in a few exhibits and claims."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.db import transaction

from audit.canonical import canonical
from cases.history import record
from cases.models import Account, Case, Observation, Organisation, Person, User
from claims.dossier.snapshot import freeze
from claims.models import (
    Citation,
    Claim,
    ClaimLink,
    ClaimVersion,
    GateEvaluation,
    Publication,
    PublishedVersion,
    Review,
)
from evidence.models import Blob, CustodyEvent, Item, OriginGroup, Source, SourceGrade, TextLayer
from tests.factories.cases import make_case
from tests.factories.users import make_user

RADIO = (
    "The account @esmirak was suspended after sharing the picture. The radio linked it to Esmira Xalil, who is "
    "currently employed at the State Committee. A 2014 news report described her as the head of the press service "
    "of the committee. The viral post was first published by an account belonging to @esmirak."
)
WIRE = "According to the radio, the account @esmirak belongs to Esmira Xalil, an employee of the committee."
REPORT = "The picture was first posted at 12:21 by the account @bafadar. Some of 1,686 accounts repeated it."
DENIAL = "The committee denied as absurd that Esmira Xalil uses the account @esmirak."
HOSTILE = "<script>alert(1)</script> {{7*7}} {% now 'Y' %} ${1} <img src=x onerror=alert(1)> \u202eevil\u202c =1+1"

_numbers = count(1)


@dataclass
class Story:
    """The people, the case and its rows by short names."""

    case: Case
    investigator: User
    editor: User
    publisher: User
    auditor: User
    viewer: User
    items: dict[str, Item] = field(default_factory=dict)
    claims: dict[str, ClaimVersion] = field(default_factory=dict)
    subjects: dict[str, object] = field(default_factory=dict)
    publication: Publication | None = None


@transaction.atomic
def make_story(*, published: bool = True) -> Story:
    """Four published claims (a chain, two rivals), one submitted, one draft; with `published` also a publication."""
    people = {role: make_user(f"{role}{next(_numbers)}") for role in ("investigator", "publisher", "auditor", "viewer")}
    editor = make_user(f"editor{next(_numbers)}", can_create_cases=True)
    case = make_case(lead=editor, title="Accounts in the Pacific", **people)
    story = Story(case=case, editor=editor, **people)
    _subjects(story)
    _evidence(story)
    _claims(story)
    if published:
        publish(story, ["operated", "role", "first_a", "first_b"])
    return story


def _subjects(story: Story) -> None:
    case, by = story.case, story.investigator
    accounts = {
        "esmirak": Account.objects.create(case=case, platform="x", platform_user_id="1001", created_by=by),
        "bafadar": Account.objects.create(
            case=case, platform="x", id_unknown_reason="The profile is gone.", created_by=by
        ),
    }
    for day, status in ((16, "active"), (30, "suspended")):
        for handle, account in accounts.items():
            Observation.objects.create(
                case=case,
                account=account,
                handle=handle,
                status=status,
                observed_at=datetime(2024, 5, day, 9, tzinfo=UTC),
                recorded_by=by,
            )
    story.subjects = accounts | {
        "xalil": Person.objects.create(case=case, label="Esmira Xalil", subject_tier="official", created_by=by),
        "committee": Organisation.objects.create(case=case, label="State Committee", kind="state_body", created_by=by),
    }


def _evidence(story: Story) -> None:
    radio = OriginGroup.objects.create(case=story.case, label="The radio's investigation")
    agency = OriginGroup.objects.create(case=story.case, label="The agency's report")
    sources = {
        "radio": _source(story, "Radio", "news", "B", radio),
        "wire": _source(story, "Wire service", "news", "C", radio),
        "agency": _source(story, "The agency", "state_body", "A", agency),
        "blog": _source(story, "A blog", "anonymous", "F", None),
    }
    texts = {
        "radio": (RADIO, "radio", "Officials targeted France"),
        "wire": (WIRE, "wire", "Committee employee named"),
        "report": (REPORT, "agency", "Technical report"),
        "denial": (DENIAL, "blog", "A denial"),
        "hostile": (HOSTILE, "blog", HOSTILE),
    }
    for name, (text, source, title) in texts.items():
        story.items[name] = add_item(story, text=text, title=title, source=sources[source])


def _source(story: Story, name: str, kind: str, reliability: str, group: OriginGroup | None) -> Source:
    source = Source.objects.create(
        case=story.case, name=name, kind=kind, reliability=reliability, origin_group=group, created_by=story.editor
    )
    SourceGrade.objects.create(
        case=story.case,
        source=source,
        reliability=reliability,
        rationale=f"Why {name} is graded so.",
        graded_by=story.editor,
    )
    return source


def add_item(story: Story, *, text: str, title: str, source: Source) -> Item:
    """One exhibit of pasted text with its text layer and custody."""
    data = text.encode()
    digest = hashlib.sha256(data).hexdigest()
    blob, _ = Blob.objects.get_or_create(
        sha256=digest,
        defaults={"sha512": hashlib.sha512(data).hexdigest(), "size": len(data), "media_type": "text/plain"},
    )
    story.case.last_exhibit += 1
    story.case.save(update_fields=["last_exhibit"])
    item = Item.objects.create(
        case=story.case,
        exhibit=story.case.last_exhibit,
        kind="text",
        source=source,
        blob=blob,
        title=title,
        author="A. Reporter",
        publisher=source.name,
        original_url="https://news.example/story",
        published_at=datetime(2024, 5, 31, tzinfo=UTC),
        language="en",
        captured_at=datetime(2024, 6, 3, 8, 30, tzinfo=UTC),
        collector=story.investigator,
        method="paste",
        tool="caseapp",
        tool_version="1",
        file_name="secret-folder/name.txt",
        exif={"GPSInfo": "48.85, 2.35"},
        has_gps=True,
    )
    TextLayer.objects.get_or_create(
        blob=blob, tool="plain", defaults={"text": text, "pages": [[0, len(text)]], "sha256": digest}
    )
    CustodyEvent.objects.create(case=story.case, item=item, action="collect", actor=story.investigator)
    record(story.investigator, "item_logged", item, evidence=[digest])
    return item


def _claims(story: Story) -> None:
    people = story.subjects
    common = {"likelihood": "likely", "analytic_confidence": "moderate", "confidence_information_base": "Two reports."}
    operated = add_claim(
        story,
        "operated",
        predicate="account_operated_by",
        subject_account=people["esmirak"],
        object_person=people["xalil"],
        public_text="It is likely that Esmira Xalil operated the account @esmirak.",
        key_assumptions=["The handle was not passed on."],
        **common,
    )
    cite(story, operated, "radio", "The radio linked it to Esmira Xalil", credibility="2", access="first_hand")
    cite(story, operated, "wire", "the account @esmirak belongs to Esmira Xalil", credibility="3", access="repeater")
    cite(
        story,
        operated,
        "denial",
        "denied as absurd that Esmira Xalil uses the account",
        stance="contradicts",
        credibility="6",
        disposition="explained",
        disposition_note="The committee gives no other holder.",
    )
    role = add_claim(
        story,
        "role",
        predicate="person_holds_role",
        subject_person=people["xalil"],
        object_organisation=people["committee"],
        role_title="head of the press service",
        as_of=date(2014, 1, 1),
        as_of_precision="year",
        conduct_date=date(2024, 5, 16),
        public_text="A 2014 report described Esmira Xalil as head of the press service; her current role is not known.",
        single_source_label=True,
        single_source_reason="The committee publishes no list of its staff.",
        **(common | {"likelihood": "very_likely"}),
    )
    cite(story, role, "radio", "head of the press service", credibility="2", access="repeater")
    ClaimLink.objects.create(case=story.case, composite=role, component=operated.claim)
    for name, item, quote, account in (
        ("first_a", "radio", "first published by an account belonging to @esmirak", "esmirak"),
        ("first_b", "report", "first posted at 12:21 by the account @bafadar", "bafadar"),
    ):
        first = add_claim(
            story,
            name,
            predicate="first_known_publisher",
            subject_text="The picture of the protesters",
            object_account=people[account],
            scope_note="Under one hashtag.",
            public_text="The picture was first published, as far as known, by this account.",
            **common,
        )
        cite(story, first, item, quote, credibility="3", access="first_hand")
    hostile = add_claim(
        story,
        "hostile",
        predicate="campaign_attributed_to",
        subject_text=HOSTILE[:290],
        object_organisation=people["committee"],
        public_text=HOSTILE,
        scope_note=HOSTILE,
        **common,
    )
    cite(story, hostile, "hostile", HOSTILE, credibility="5")
    draft = add_claim(
        story, "draft", predicate="account_status", subject_account=people["bafadar"], object_text="suspended"
    )
    cite(story, draft, "radio", "words that nobody wrote", verified=False, nearest="The viral post was first published")
    for name in ("operated", "role", "first_a", "first_b"):
        submit(story, name)
        approve(story, name)
    submit(story, "hostile")


def add_claim(story: Story, name: str, **fields) -> ClaimVersion:
    """A draft, known in the story by `name`."""
    story.case.last_claim += 1
    story.case.save(update_fields=["last_claim"])
    claim = Claim.objects.create(case=story.case, number=story.case.last_claim, created_by=story.investigator)
    version = ClaimVersion.objects.create(case=story.case, claim=claim, number=1, author=story.investigator, **fields)
    record(story.investigator, "claim_created", claim)
    story.claims[name] = version
    return version


def cite(story: Story, version: ClaimVersion, item: str, exact: str, **fields) -> Citation:
    """A quote from an exhibit of the story, placed in its text."""
    text = TextLayer.objects.get(blob=story.items[item].blob_id).text
    start = text.find(exact)
    if start >= 0:
        fields |= {
            "start": start,
            "end": start + len(exact),
            "prefix": text[max(0, start - 32) : start],
            "suffix": text[start + len(exact) : start + len(exact) + 32],
        }
    fields.setdefault("verified", start >= 0)
    return Citation.objects.create(
        case=story.case,
        version=version,
        order=version.citations.count(),
        item=story.items[item],
        exact=exact,
        credibility_rationale="Read in full.",
        graded_by=story.editor,
        added_by=story.investigator,
        **fields,
    )


@transaction.atomic
def submit(story: Story, name: str) -> None:
    version = story.claims[name]
    content = {
        "claim": str(version.claim_id),
        "public_text": version.public_text,
        "citations": [
            {"exact": citation.exact, "sha256": citation.item.blob_id} for citation in version.citations.all()
        ],
    }
    version.content = canonical(content)
    version.content_sha256 = hashlib.sha256(version.content).hexdigest()
    version.state = "submitted"
    version.submitted_by, version.submitted_at = version.author, version.recorded_at + timedelta(minutes=1)
    version.save()
    record(story.investigator, "claim_submitted", version.claim, evidence=[version.content_sha256])


@transaction.atomic
def approve(story: Story, name: str) -> None:
    version = story.claims[name]
    Review.objects.create(
        case=story.case,
        version=version,
        author=version.author,
        verdict="approved",
        comment="Checked word by word (internal).",
        content_sha256=version.content_sha256,
        reviewed_by=story.editor,
    )
    GateEvaluation.objects.create(
        case=story.case,
        version=version,
        content_sha256=version.content_sha256,
        gate_version="1",
        inputs_sha256="0" * 64,
        results=[],
        passed=True,
        evaluated_by=story.editor,
    )
    version.state = "approved"
    version.save()
    record(story.editor, "claim_approved", version.claim, evidence=[version.content_sha256])


@transaction.atomic
def publish(story: Story, names: list[str]) -> Publication:
    versions = [story.claims[name] for name in names]
    number = story.case.publications.count() + 1
    snapshot = freeze(
        case=story.case, number=number, title="Who ran the accounts", note="What the record says.", versions=versions
    )
    story.publication = Publication.objects.create(
        case=story.case,
        number=number,
        title="Who ran the accounts",
        note="What the record says.",
        snapshot=snapshot,
        snapshot_sha256=hashlib.sha256(snapshot).hexdigest(),
        published_by=story.publisher,
    )
    for version in versions:
        PublishedVersion.objects.create(
            case=story.case, publication=story.publication, version=version, content_sha256=version.content_sha256
        )
        version.state = "published"
        version.save()
        record(story.publisher, "claim_published", version.claim, evidence=[version.content_sha256])
    record(story.publisher, "publication_created", story.publication, evidence=[story.publication.snapshot_sha256])
    return story.publication
