"""Every page asks a number of queries that does not grow with its rows."""

from itertools import count

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.canonical import canonical
from cases.history import record
from cases.models import Account, Observation, Person, User
from claims.canonical import sha256_of
from claims.dossier.snapshot import thaw
from claims.models import Citation, Claim, ClaimVersion, Correction, GateEvaluation, Publication, PublishedVersion
from evidence.models import CustodyEvent, Item
from evidence.seals import seal_row
from tests.factories.story import Story

pytestmark = pytest.mark.xdist_group("claims counts")

FEW, MANY = 10, 1000
REFUSED = {
    "rule": "G-40",
    "level": "B",
    "title": "Words of the scale",
    "basis": "ICD 203",
    "verdict": "failed",
    "blocks": True,
    "problems": [{"text": "There is no public text.", "target": "version"}],
}
API_LISTS = (
    "claims",
    "publications",
    "chains",
    "items",
    "sources",
    "origin-groups",
    "custody",
    "events",
    "gate-exceptions",
)
_numbers = count(5000)


def grow(story: Story, rows: int) -> None:
    """Add `rows` accounts, persons, exhibits, draft claims, citations, publications and corrections, and a publication
    of all these claims, straight into the tables.
    """
    case, by = story.case, story.author
    # One event tells of all these rows, so that the log's guard need not tell of each.
    record(by, "case_grown", case, after={"rows": rows})
    accounts = Account.objects.bulk_create(
        Account(case=case, platform="x", platform_user_id=str(next(_numbers)), created_by=by) for _ in range(rows)
    )
    people = Person.objects.bulk_create(Person(case=case, label=f"Person {n}", created_by=by) for n in range(rows))
    Observation.objects.bulk_create(
        Observation(
            case=case,
            account=account,
            handle=f"h{account.platform_user_id}",
            handle_key=f"h{account.platform_user_id}",
            observed_at=timezone.now(),
            recorded_by=by,
        )
        for account in accounts
    )
    items = _items(story, rows)
    claims = Claim.objects.bulk_create(Claim(case=case, number=next(_numbers), created_by=by) for _ in range(rows))
    versions = ClaimVersion.objects.bulk_create(
        ClaimVersion(
            case=case,
            claim=claim,
            number=1,
            author=by,
            predicate="account_operated_by",
            subject_account=account,
            object_person=person,
            likelihood="likely",
        )
        for claim, account, person in zip(claims, accounts, people, strict=True)
    )
    cited = [*versions, *[story.claims["draft"]] * (rows // 10)]
    Citation.objects.bulk_create(
        Citation(case=case, version=version, item=item, exact="words", added_by=by)
        for version, item in zip(cited, [*items, *items], strict=False)
    )
    GateEvaluation.objects.bulk_create(_refused(version, by) for version in versions)
    _publications(story, versions)


def _publications(story: Story, versions: list[ClaimVersion]) -> None:
    """As many publications as versions, the last of which is of all of them; each version was corrected since."""
    case, frozen, by = story.case, bytes(story.publication.snapshot), story.publisher
    told = thaw(frozen)
    model = told["claims"][0]
    told["claims"] = [
        model | {"id": str(one.claim_id), "number": one.claim.number, "version": 1, "version_id": str(one.pk)}
        for one in versions
    ]
    snapshots = [*[frozen] * (len(versions) - 1), canonical(told)]
    made = Publication.objects.bulk_create(
        Publication(
            case=case,
            number=next(_numbers),
            title=f"Publication {place}",
            snapshot=snapshot,
            snapshot_sha256=sha256_of(snapshot),
            published_by=by,
        )
        for place, snapshot in enumerate(snapshots)
    )
    PublishedVersion.objects.bulk_create(
        PublishedVersion(case=case, publication=made[-1], version=version, content_sha256="") for version in versions
    )
    Correction.objects.bulk_create(
        Correction(
            case=case,
            claim=version.claim,
            kind="correction",
            from_version=version,
            cause="A reader wrote.",
            public_note="We named the wrong year.",
            corrected_by=by,
        )
        for version in versions
    )


def _refused(version: ClaimVersion, by: User) -> GateEvaluation:
    run = GateEvaluation(
        case=version.case,
        version=version,
        content_sha256="",
        gate_version="1",
        inputs_sha256="0" * 64,
        results=[REFUSED],
        passed=False,
        evaluated_by=by,
    )
    return seal_row(run)


def _items(story: Story, rows: int) -> list[Item]:
    model = story.items["radio"]
    items = Item.objects.bulk_create(
        Item(
            case=story.case,
            exhibit=next(_numbers),
            kind="text",
            title="Copy",
            blob=model.blob,
            source=model.source,
            captured_at=timezone.now(),
            collector=story.author,
            method="paste",
            tool="caseapp",
            tool_version="1",
        )
        for _ in range(rows)
    )
    CustodyEvent.objects.bulk_create(
        CustodyEvent(case=story.case, item=item, action="collect", actor=story.author) for item in items
    )
    return items


def pages(story: Story) -> dict[str, str]:
    ref, draft = story.case.ref, story.claims["draft"].claim.number
    return {
        "home": reverse("home"),
        "overview": reverse("case_overview", args=[ref]),
        "graph": reverse("claims:graph", args=[ref]),
        "timeline": reverse("case_timeline", args=[ref]),
        "list": reverse("claims:list", args=[ref]),
        "export": reverse("claims:export", args=[ref]),
        "claim": reverse("claims:claim", args=[ref, draft]),
        "panel": reverse("claims:panel", args=[ref, draft]),
        "create": reverse("claims:create", args=[ref]) + "?predicate=account_operated_by",
        "cite": reverse("claims:cite", args=[ref, 1]),
        "desk": reverse("claims:desk_claim", args=[ref, story.claims["hostile"].claim.number]),
        "timeline as CSV": reverse("case_timeline_csv", args=[ref]),
        "publications by person": reverse("claims:publications", args=[ref]) + "?sort=by&q=p&since=2000-01-01",
        "corrections": reverse("claims:corrections", args=[ref]) + "?sort=by&q=wrote",
        "corrections as CSV": reverse("claims:corrections_csv", args=[ref]),
        "publications as CSV": reverse("claims:publications_csv", args=[ref]),
        "publications": reverse("claims:publications", args=[ref]),
        "publication": reverse("claims:publication", args=[ref, 1]),
        "great publication": reverse("claims:publication", args=[ref, _last_publication(story)]),
        "about": reverse("claims:about", args=[ref, "account", story.subjects["esmirak"].pk]),
        "citing": reverse("claims:of_exhibit", args=[ref, 1]),
        "version": reverse("claims:version", args=[ref, draft, 1]),
        "citation": reverse("claims:citation", args=[ref, story.claims["draft"].citations.first().pk]),
        "alternatives": reverse("claims:alternatives", args=[ref, draft]),
        "traces": reverse("claims:traces", args=[ref, draft]),
        "runs": reverse("claims:runs", args=[ref, draft]),
        "exceptions": reverse("claims:exceptions", args=[ref]),
        "replies": reverse("claims:requests", args=[ref]),
        "ask": reverse("claims:ask", args=[ref]),
        "data protection": reverse("claims:data_protection", args=[ref]),
        "exports": reverse("claims:exports", args=[ref]),
        "wall": reverse("evidence:list", args=[ref]),
        "source": reverse("evidence:source", args=[ref, story.items["radio"].source_id]),
        **{f"API {name}": f"/api/v1/cases/{ref}/{name}/" for name in API_LISTS},
        "API claim": f"/api/v1/cases/{ref}/claims/{draft}/",
        "API citations": f"/api/v1/cases/{ref}/claims/{draft}/citations/",
    }


def _last_publication(story: Story) -> int:
    return Publication.objects.filter(case=story.case).order_by("number").values_list("number", flat=True).last()


def queries(client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.fixture
def client_of_editor(story, enter):
    return enter(story.editor)


def test_pages_ask_no_more_queries_with_1000_rows_than_with_10(story, client_of_editor):
    try:
        grow(story, FEW)
        for url in pages(story).values():
            client_of_editor.get(url)
        few = {name: queries(client_of_editor, url) for name, url in pages(story).items()}
        grow(story, MANY - FEW)
        many = {name: queries(client_of_editor, url) for name, url in pages(story).items()}
    finally:
        # Nobody released what `grow` wrote: the walls would refuse it at the end of the transaction.
        transaction.set_rollback(True)
    # A page full of one kind of row asks less: what none of its rows names is not looked up.
    assert {name: (few[name], many[name]) for name in few if many[name] > few[name]} == {}
    assert max(many.values()) < 64, many
