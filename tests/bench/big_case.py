"""A case of 10,000 exhibits and 5,000 claims for `make bench`, written in bulk: figures, not facts."""

import hashlib
from datetime import UTC, datetime, timedelta

from django.db import transaction

from audit import log
from cases.enums import Role
from cases.models import Account, Case, Membership, Observation, Organisation, Person, User
from claims.enums import Predicate, VersionState
from claims.models import Citation, Claim, ClaimVersion
from evidence.enums import CustodyAction, ItemKind
from evidence.models import Blob, CustodyEvent, Item, Source, TextLayer

REF = "BENCH"
START = datetime(2024, 5, 16, tzinfo=UTC)
BATCH = 2000


@transaction.atomic
def build(*, items: int, claims: int) -> tuple[Case, User]:
    """Make the case and its editor; one audit event tells of the whole load."""
    user = User.objects.create_user("bench-editor", display_name="Bench Editor")
    case = Case.objects.create(ref=REF, title="A large case", lead=user, last_exhibit=items, last_claim=claims)
    roles = (Role.INVESTIGATOR, Role.EDITOR)
    Membership.objects.bulk_create([Membership(case=case, user=user, role=role, added_by=user) for role in roles])
    log.record(actor="bench", action="bench_loaded", obj=f"case:{case.pk}", case_id=case.pk)
    exhibits = _items(case, user, items)
    _claims(case, user, claims, _subjects(case, user, max(1, claims // 5)), exhibits)
    return case, user


def _items(case: Case, user: User, count: int) -> list[Item]:
    source = Source.objects.create(case=case, name="Bench source", kind="news", reliability="C", created_by=user)
    texts = [f"Passage {number} says what exhibit {number} has to say." for number in range(1, count + 1)]
    blobs = [
        Blob(
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            sha512=hashlib.sha512(text.encode()).hexdigest(),
            size=len(text),
            media_type="text/plain",
        )
        for text in texts
    ]
    Blob.objects.bulk_create(blobs, batch_size=BATCH)
    TextLayer.objects.bulk_create(
        [
            TextLayer(blob=blob, text=text, pages=[[0, len(text)]], tool="plain", sha256=blob.sha256)
            for blob, text in zip(blobs, texts, strict=True)
        ],
        batch_size=BATCH,
    )
    exhibits = [
        Item(
            case=case,
            exhibit=number,
            kind=ItemKind.TEXT,
            source=source,
            blob=blob,
            title=f"Exhibit about passage {number}",
            captured_at=START + timedelta(minutes=number),
            collector=user,
            method="bench",
            tool="bench",
            tool_version="1",
        )
        for number, blob in enumerate(blobs, 1)
    ]
    Item.objects.bulk_create(exhibits, batch_size=BATCH)
    CustodyEvent.objects.bulk_create(
        [CustodyEvent(case=case, item=item, action=CustodyAction.RECEIVE, actor=user) for item in exhibits],
        batch_size=BATCH,
    )
    return exhibits


def _subjects(case: Case, user: User, count: int) -> tuple[list[Account], list[Person], Organisation]:
    accounts = [
        Account(case=case, platform="x", platform_user_id=str(10**9 + n), created_by=user) for n in range(count)
    ]
    people = [Person(case=case, label=f"Person {n}", created_by=user) for n in range(count)]
    organisation = Organisation.objects.create(case=case, label="Bench organisation", created_by=user)
    Account.objects.bulk_create(accounts, batch_size=BATCH)
    Person.objects.bulk_create(people, batch_size=BATCH)
    Observation.objects.bulk_create(
        [
            Observation(
                case=case,
                account=account,
                handle=f"handle{n}",
                handle_key=f"handle{n}",
                status="active",
                observed_at=START,
                recorded_by=user,
            )
            for n, account in enumerate(accounts)
        ],
        batch_size=BATCH,
    )
    return accounts, people, organisation


def _claims(case, user, count, subjects, exhibits) -> None:
    accounts, people, organisation = subjects
    claims = [Claim(case=case, number=number, created_by=user) for number in range(1, count + 1)]
    Claim.objects.bulk_create(claims, batch_size=BATCH)
    versions = []
    for index, claim in enumerate(claims):
        operated = index % 2 == 0
        subject = {"subject_account": accounts[index % len(accounts)], "object_person": people[index % len(people)]}
        role = {"subject_person": people[index % len(people)], "object_organisation": organisation}
        versions.append(
            ClaimVersion(
                case=case,
                claim=claim,
                number=1,
                state=VersionState.DRAFT,
                predicate=Predicate.ACCOUNT_OPERATED_BY if operated else Predicate.PERSON_HOLDS_ROLE,
                likelihood="likely",
                analytic_confidence="moderate",
                public_text=f"Claim {index + 1} says one thing in one sentence.",
                author=user,
                **(subject if operated else role),
            )
        )
    ClaimVersion.objects.bulk_create(versions, batch_size=BATCH)
    Citation.objects.bulk_create(
        [
            Citation(
                case=case,
                version=version,
                item=exhibits[(index * 2 + twin) % len(exhibits)],
                exact=f"Passage {(index * 2 + twin) % len(exhibits) + 1} says",
                added_by=user,
            )
            for index, version in enumerate(versions)
            for twin in (0, 1)
        ],
        batch_size=BATCH,
    )
