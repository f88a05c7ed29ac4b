"""A case of 10,000 exhibits and 5,000 claims for `make bench`, written in bulk: figures, not facts.

It has what a worked case has: accounts seen several times, chains from account to role, rivals, published claims with
the version they corrected, claims that wait for a review, drafts that the gate refused, and a log that tells of all.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection, connections, transaction

from audit import log
from audit.canonical import canonical
from cases.enums import Role
from cases.models import Account, Case, Membership, Observation, Organisation, Person, User
from claims.enums import Predicate, VersionState
from claims.gate.evaluation import evaluate, store
from claims.models import Citation, Claim, ClaimVersion, GateEvaluation
from evidence.enums import CustodyAction, ItemKind
from evidence.models import Blob, CustodyEvent, Item, Source, TextLayer
from evidence.seals import seal_row

REF = "BENCH"
START = datetime(2024, 5, 16, tzinfo=UTC)
BATCH = 2000


# Of 20 claims: 5 published after a correction, 1 waiting for a review, 14 drafts.
PUBLISHED, SUBMITTED, OF = 5, 1, 20
SIGHTINGS = 4
# As long as the canonical JSON of a claim with two citations is.
CONTENT = canonical({"text": "x" * 3000})
CONTENT_SHA256 = hashlib.sha256(CONTENT).hexdigest()
WALLED = ("claims_claimversion", "claims_citation", "claims_gateevaluation")


def build(*, items: int, claims: int) -> tuple[Case, User]:
    """Make the case and its editor; one audit event tells of the whole load, and one more of each object."""
    with no_walls(), transaction.atomic():
        user = User.objects.create_user("bench-editor", display_name="Bench Editor")
        writer = User.objects.create_user("bench-writer", display_name="Bench Writer")
        case = Case.objects.create(ref=REF, title="A large case", lead=user, last_exhibit=items, last_claim=claims)
        roles = [(user, Role.INVESTIGATOR), (user, Role.EDITOR), (writer, Role.INVESTIGATOR)]
        Membership.objects.bulk_create(
            [Membership(case=case, user=member, role=role, added_by=user) for member, role in roles]
        )
        log.record(actor="bench", action="case_created", obj=f"case:{case.pk}", case_id=case.pk)
        exhibits = _items(case, user, items)
        made = _claims(case, writer, claims, _subjects(case, user, max(1, claims // 5)), exhibits)
    _log(case, user, "item_logged", "item", [item.pk for item in exhibits])
    _log(case, writer, "claim_created", "claim", [claim.pk for claim in made])
    _analyse()
    with no_walls(), transaction.atomic():
        log.record(actor="bench", action="bench_loaded", obj=f"case:{case.pk}", case_id=case.pk)
        _runs_of_the_gate(list(ClaimVersion.objects.filter(case=case)), writer)
    _analyse()
    return case, user


@contextmanager
def no_walls() -> Iterator[None]:
    """Let versions in as they stand after years of work: the walls would have each walk through its states."""
    _set_triggers("DISABLE")
    try:
        yield
    finally:
        _set_triggers("ENABLE")


def _set_triggers(what: str) -> None:
    with connections["owner"].cursor() as cursor:
        for table in WALLED:
            cursor.execute(f"ALTER TABLE {table} {what} TRIGGER USER")
    connections["owner"].close()


def _log(case: Case, user: User, action: str, kind: str, keys: list[UUID]) -> None:
    """One event with a payload for each object, as record() would write them one by one."""
    body = '{"after":{"title":"x"},"before":{}}'
    # Each object is locked until the transaction ends, and the table of locks is small.
    for start in range(0, len(keys), BATCH):
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT count(audit_append(gen_random_uuid(), %s, %s, %s || key, %s, repeat('x', 50), '{}', '',
                       NULL, NULL, NULL, NULL, sha256('salt'), convert_to(%s, 'UTF8'))) FROM unnest(%s::uuid[]) key""",
                [f"user:{user.pk}", action, f"{kind}:", case.pk, body, keys[start : start + BATCH]],
            )


def _analyse() -> None:
    """What autovacuum would have done within a minute."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    connections["owner"].close()


def _items(case: Case, user: User, count: int) -> list[Item]:
    source = Source.objects.create(case=case, name="Bench source", kind="news", created_by=user)
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
            seal_row(TextLayer(blob=blob, text=text, pages=[[0, len(text)]], tool="plain", sha256=blob.sha256))
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
            readings=["plain"],
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
                status="active" if sighting < SIGHTINGS - 1 else "suspended",
                observed_at=START + timedelta(days=sighting),
                recorded_by=user,
            )
            for n, account in enumerate(accounts)
            for sighting in range(SIGHTINGS)
        ],
        batch_size=BATCH,
    )
    return accounts, people, organisation


def _claims(case: Case, user: User, count: int, subjects: tuple, exhibits: list[Item]) -> list[Claim]:
    claims = [Claim(case=case, number=number, created_by=user) for number in range(1, count + 1)]
    Claim.objects.bulk_create(claims, batch_size=BATCH)
    versions = [version for claim in claims for version in _versions(claim, subjects)]
    ClaimVersion.objects.bulk_create(versions, batch_size=BATCH)
    Citation.objects.bulk_create(
        [
            Citation(
                case=case,
                version=version,
                item=exhibits[(index * 2 + twin) % len(exhibits)],
                exact=f"Passage {(index * 2 + twin) % len(exhibits) + 1} says",
                verified=True,
                added_by=user,
            )
            for index, version in enumerate(versions)
            for twin in (0, 1)
        ],
        batch_size=BATCH,
    )
    return claims


def _versions(claim: Claim, subjects: tuple) -> list[ClaimVersion]:
    """The versions of a claim: two where the first was corrected."""
    turn = (claim.number - 1) // 2 % OF
    if turn < PUBLISHED:
        states = [VersionState.CORRECTED, VersionState.PUBLISHED]
    else:
        states = [VersionState.SUBMITTED if turn < PUBLISHED + SUBMITTED else VersionState.DRAFT]
    return [_version(claim, number, state, subjects) for number, state in enumerate(states, 1)]


def _version(claim: Claim, number: int, state: str, subjects: tuple) -> ClaimVersion:
    frozen = {} if state == VersionState.DRAFT else {"content": CONTENT, "content_sha256": CONTENT_SHA256}
    return ClaimVersion(
        case=claim.case,
        claim=claim,
        number=number,
        state=state,
        likelihood="likely" if claim.number % 2 else "very_likely",
        analytic_confidence="moderate",
        public_text=f"Claim {claim.number} says one thing in one sentence.",
        author_id=claim.created_by_id,
        submitted_at=START if frozen else None,
        **frozen,
        **_link(claim, subjects),
    )


def _link(claim: Claim, subjects: tuple) -> dict:
    """Odd claims say who operates an account, some of them somebody else; even ones who holds a role."""
    accounts, people, organisation = subjects
    place, around = claim.number // 2, len(accounts)
    if claim.number % 2 == 0:
        role = {"subject_person": people[place % around], "object_organisation": organisation}
        return {"predicate": Predicate.PERSON_HOLDS_ROLE, **role}
    other = place // around
    operator = {"subject_account": accounts[place % around], "object_person": people[(place + other) % around]}
    return {"predicate": Predicate.ACCOUNT_OPERATED_BY, **operator}


def _runs_of_the_gate(versions: list[ClaimVersion], user: User) -> None:
    """One run for every version, with the results of a real one."""
    sample = store(evaluate(versions[-1]), version=versions[-1], actor=user)
    GateEvaluation.objects.bulk_create(
        [
            GateEvaluation(
                case=version.case,
                version=version,
                content_sha256=version.content_sha256,
                gate_version=sample.gate_version,
                inputs_sha256=sample.inputs_sha256,
                results=sample.results,
                passed=version.state == VersionState.PUBLISHED,
                evaluated_by=user,
            )
            for version in versions[:-1]
        ],
        batch_size=BATCH,
    )
