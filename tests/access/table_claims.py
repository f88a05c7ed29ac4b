"""Rows for claims, citations and publications. The investigator wrote the claims; editors check, publishers publish."""

from typing import Any

from cases.actions.accounts import record_reuse_check
from claims.actions.replies import ask
from claims.models import ClaimVersion
from tests.access.table import Row, World, inside, only
from tests.factories import claims
from tests.factories.claims import (
    GAZETTE,
    RADIO,
    make_approved,
    make_draft,
    make_publication,
    make_record,
    make_request,
    make_role_draft,
    make_source,
    make_submitted,
    make_text,
)
from tests.factories.subjects import make_account, make_organisation, make_person

CASE = {"ref": "ref"}
DRAFT = {"ref": "ref", "number": "draft"}
SUBMITTED = {"ref": "ref", "number": "submitted"}
APPROVED = {"ref": "ref", "number": "approved"}
PUBLISHED = {"ref": "ref", "number": "published"}
CITATION = {"ref": "ref", "number": "draft", "id": "citation"}
JUDGED = {"ref": "ref", "number": "submitted", "id": "judged"}
TRACE = {"kind": "email", "passage": "nobody@mail.example", "settled": "waived", "reason": "It is public. " * 4}
RECORD = {
    "purpose": "To tell the public who runs accounts that take part in politics.",
    "lawful_basis": "legitimate_interests",
    "has_criminal_data": False,
    "retention": "archive",
    "review_at": claims.next_year().isoformat(),
    "transparency": "Everybody named is asked first; objections are answered.",
    "contact": "privacy@newsroom.example",
}
REDACTION = {"words": ["Esmira Xalil"], "kind": "privacy", "reason": "She left public life years ago."}
PUBLICATION = {"ref": "ref", "number": "publication"}
FORMAT = {"ref": "ref", "name": "format"}
WRITERS = ("investigator", "editor")
REASON = {"reason": "Because the record says so."}
EXCEPTION = {"rule": "G-01", "reason": "Because the record says so, and nobody doubts it."}
NOTE = {"cause": "A reader wrote to us.", "public_note": "We named the wrong year."}
EDIT = {"If-Match": '"1"'}


def build(world: World) -> None:
    author, lead, case = world.people["investigator"], world.people["lead"], world.case
    radio, gazette = (make_source(case, author, lead, name=name) for name in ("Radio", "Gazette"))
    account = make_account(case=case, actor=author, handle="esmirak", platform_user_id="1001")
    inner = claims.World(
        case=case,
        author=author,
        checker=world.people["editor"],
        editor=lead,
        publisher=world.people["publisher"],
        lawyer=world.people["auditor"],
        radio=radio,
        gazette=gazette,
        radio_text=make_text(case, author, RADIO, radio),
        gazette_text=make_text(case, author, GAZETTE, gazette),
        account=record_reuse_check(actor=author, account=account, note="Nobody else uses the handle."),
        person=make_person(case=case, actor=author, label="Esmira Xalil", subject_tier="official"),
        committee=make_organisation(case=case, actor=author, label="State Committee"),
    )
    # The foreign world counts differently, so that its numbers name nothing in the own one.
    for _ in range(20 if case.ref.startswith("FOREIGN") else 0):
        make_draft(inner, cited=False)
    record = make_record(case, author)
    draft, submitted = make_draft(inner), make_submitted(inner)
    approved, published = make_approved(inner), make_approved(inner, make_role_draft(inner))
    publication = make_publication(inner, published)
    unsent = ask(actor=author, case=case, party=inner.person, allegations=[(draft, "What is alleged.")])
    sent = make_request(inner, draft, outcome="")
    world.objects |= {
        "unsent": unsent.number,
        "sent": sent.number,
        "draft": draft.claim.number,
        "submitted": submitted.claim.number,
        "approved": approved.claim.number,
        "published": published.claim.number,
        "citation": draft.citations.first().pk,
        "judged": submitted.citations.first().pk,
        "publication": publication.number,
        "format": "stix",
        "record": record.pk,
        "hash": submitted.content_sha256,
        "item": inner.radio_text.pk,
        "account": account.pk,
        "kind": "account",
        "first": 1,
        "person": inner.person.pk,
    }


def approval(world: World) -> dict[str, Any]:
    return {"content_sha256": world.objects["hash"], "stage": "fact_check"}


def word(world: World) -> dict[str, Any]:
    return {"content_sha256": world.objects["hash"], "verdict": "approved", "jurisdictions": ["FR"]}


def tick(world: World) -> dict[str, Any]:
    version = ClaimVersion.objects.get(claim__case__ref=world.case.ref, claim__number=world.objects["submitted"])
    cited = [str(pk) for pk in version.citations.values_list("pk", flat=True)]
    return {"content_sha256": world.objects["hash"], "position": 1, "citations": cited}


def citation(world: World) -> dict[str, Any]:
    return {"item": str(world.objects["item"]), "exact": "The radio linked it to Esmira Xalil"}


def new_claim(world: World) -> dict[str, Any]:
    subject, obj = str(world.objects["account"]), str(world.objects["person"])
    return {"predicate": "account_operated_by", "subject_account": subject, "object_person": obj}


def publication(world: World) -> dict[str, Any]:
    return {"title": "Who is behind it", "claims": [world.objects["approved"]]}


ROWS = [
    Row("claim-list", "GET", inside(200), CASE),
    Row("claim-list", "POST", only(201, *WRITERS), CASE, body=new_claim),
    Row("claim-detail", "GET", inside(200), DRAFT),
    Row("claim-detail", "PATCH", only(200, *WRITERS), DRAFT, body={"public_text": "New."}, headers=EDIT),
    Row("claim-submit", "POST", only(200, *WRITERS), DRAFT, body={}),
    Row("claim-reopen", "POST", only(200, *WRITERS), SUBMITTED, body={}),
    Row("claim-link", "POST", only(200, *WRITERS), DRAFT, body={"rests_on": []}),
    Row("claim-approve", "POST", only(200, "editor"), SUBMITTED, body=approval),
    Row("claim-sign-off", "POST", only(200, "auditor"), SUBMITTED, body=word),
    Row("claim-request-changes", "POST", only(200, "editor"), SUBMITTED, body={"comment": "Which year?"}),
    Row("claim-reviews", "GET", inside(200), SUBMITTED),
    Row("claim-citation-verdicts", "GET", inside(200), SUBMITTED),
    Row("claim-sentences", "GET", inside(200), SUBMITTED),
    Row("claim-shared-origins", "GET", inside(200), SUBMITTED),
    Row("claim-check-sentence", "POST", only(201, "editor"), SUBMITTED, body=tick),
    Row("claim-gate", "GET", inside(200), DRAFT),
    Row("claim-run-gate", "POST", inside(200), DRAFT, body={}),
    Row("claim-allow-single-source", "POST", only(400, "editor"), DRAFT, body=REASON),
    Row("claim-withdraw-single-source", "POST", only(200, "editor"), DRAFT, body={}),
    Row("claim-run-gate-of-case", "POST", only(202, *WRITERS), CASE, body={}),
    Row("claim-grant-exception", "POST", only(400, "editor"), SUBMITTED, body=EXCEPTION),
    Row("claim-withdraw-exception", "POST", only(400, "editor"), SUBMITTED, body=EXCEPTION),
    Row("claim-traces", "GET", inside(200), DRAFT),
    Row("claim-traces", "POST", only(400, "editor"), SUBMITTED, body=TRACE),
    Row("data-protection-list", "GET", inside(200), CASE),
    Row("data-protection-list", "POST", only(201, *WRITERS), CASE, body=RECORD),
    Row("data-protection-detail", "GET", inside(200), {"ref": "ref", "id": "record"}),
    Row("claim-replay-gate", "GET", inside(200), PUBLISHED),
    Row("repeat-list", "GET", inside(200), CASE),
    Row("repeat-look", "POST", only(202, *WRITERS), CASE, body={}),
    Row("exception-list", "GET", inside(200), CASE),
    Row("claim-correct", "POST", only(201, *WRITERS), PUBLISHED, body=NOTE),
    Row("claim-retract", "POST", only(200, "publisher"), PUBLISHED, body=NOTE),
    Row("claim-confirm", "POST", only(409, "editor"), PUBLISHED, body=REASON),
    Row("claim-versions", "GET", inside(200), DRAFT),
    Row("claim-rivals", "GET", inside(200), DRAFT),
    Row("citation-list", "GET", inside(200), DRAFT),
    Row("citation-list", "POST", only(201, *WRITERS), DRAFT, body=citation),
    Row("citation-detail", "GET", inside(200), CITATION),
    Row("citation-detail", "PATCH", only(412, *WRITERS), CITATION, body={"order": 3}, headers={"If-Match": '"9"'}),
    Row("citation-detail", "DELETE", only(204, *WRITERS), CITATION),
    Row("citation-grade", "POST", only(200, *WRITERS), CITATION, body={"credibility": "3", "rationale": "Fits."}),
    Row("citation-translate", "POST", only(200, *WRITERS), CITATION, body={"translation": "x", "translator": "me"}),
    Row("citation-judge", "POST", only(201, "editor"), JUDGED, body={"verdict": "supports_claim"}),
    Row("publication-list", "GET", inside(200), CASE),
    Row("publication-list", "POST", only(201, "publisher"), CASE, body=publication),
    Row("publication-detail", "GET", inside(200), PUBLICATION),
    Row("publication-redactions", "GET", inside(200), PUBLICATION),
    Row("publication-redactions", "POST", only(201, "publisher"), PUBLICATION, body=REDACTION),
    # Members get theirs in tests/claims_pages: it waits for a seal, which comes after the commit.
    Row("publication-dossier", "GET", {"stranger": 404}, PUBLICATION, foreign=False),
    Row("export-list", "GET", inside(200), CASE),
    Row("export-detail", "GET", inside(200), FORMAT),
    Row("export-detail", "GET", only(200, "editor", "publisher", "auditor"), FORMAT, query="?claims=case"),
    Row("chain-list", "GET", inside(200), CASE),
]
