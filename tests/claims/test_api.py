"""Claims over HTTP: the same actions, the same refusals."""

import pytest

from claims.enums import VersionState
from claims.models import Citation, Claim, ClaimVersion, GateEvaluation, Publication
from tests.factories.claims import (
    GAZETTE,
    REASONS,
    TOLD_APART,
    make_approved,
    make_draft,
    make_published,
    make_role_draft,
    make_submitted,
)
from tests.factories.users import make_user


def url(world, path: str = "") -> str:
    return f"/api/v1/cases/{world.case.ref}/claims/{path}"


def claim_body(world) -> dict:
    return {
        "predicate": "account_operated_by",
        "subject_account": str(world.account.pk),
        "object_person": str(world.person.pk),
        "likelihood": "very_likely",
        "analytic_confidence": "moderate",
        "public_text": "It is very likely that Esmira Xalil operates the account @esmirak.",
        **REASONS,
        **TOLD_APART,
    }


def try_and_ask(author, world) -> None:
    """The alternatives of the minimum set are judged, and the person was asked and kept silent, over the API."""
    before = author.get(url(world, "1/alternatives/")).json()
    assert before["alternatives"] == []
    kinds = ("impersonation", "shared_or_sold", "namesake", "compromised")
    judged = {"disposition": "less_likely", "note": "Nothing points to it."}
    body = {"seen": before["seen"], "devils_advocate": world.checker.username}
    body["alternatives"] = [{"kind": kind, "statement": f"It was {kind}."} | judged for kind in kinds]
    saved = author.post(url(world, "1/save-alternatives/"), body)
    assert saved.status_code == 200, saved.content
    assert author.post(url(world, "1/save-alternatives/"), body).status_code == 412
    base = f"/api/v1/cases/{world.case.ref}/replies/"
    allegations = [{"claim": 1, "text": "That she operates @esmirak."}]
    made = author.post(base, {"person": str(world.person.pk), "allegations": allegations})
    assert (made.status_code, made.json()["stage"]) == (201, "unsent"), made.content
    sent = author.post(f"{base}1/sending/", {"channel": "phone", "sent_at": "2024-05-20T10:00:00Z"})
    assert (sent.status_code, sent.json()["stage"]) == (200, "due"), sent.content
    closed = author.post(f"{base}1/close/", {"outcome": "no_response"})
    assert closed.json()["words"].endswith("Esmira Xalil did not respond."), closed.content
    assert [row["number"] for row in author.get(f"{base}?stage=closed").json()["results"]] == [1]
    assert author.get(f"{base}?stage=due").json()["results"] == []


def test_claim_goes_from_draft_to_publication_over_the_api(world, api):
    author, checker, editor, publisher = (
        api(person) for person in (world.author, world.checker, world.editor, world.publisher)
    )
    created = author.post(url(world), claim_body(world))
    assert created.status_code == 201, created.content
    assert (created.json()["claim"], created.json()["state"], created["ETag"]) == (1, "draft", '"1"')
    for item, exact, indicator in (
        (world.radio_text, "The radio linked it to Esmira Xalil", "named_in_report"),
        (world.gazette_text, "@esmirak", "named_by_organisation"),
    ):
        body = {"item": str(item.pk), "exact": exact, "access": "first_hand", "indicator": indicator}
        cited = author.post(url(world, "1/citations/"), body)
        assert cited.status_code == 201, cited.content
        assert cited.json()["verified"]
        graded = author.post(
            url(world, f"1/citations/{cited.json()['id']}/grade/"), {"credibility": "2", "rationale": "It fits."}
        )
        assert graded.status_code == 200, graded.content
    try_and_ask(author, world)
    submitted = author.post(url(world, "1/submit/"))
    assert submitted.status_code == 200, submitted.content
    digest = submitted.json()["content_sha256"]
    checked = checker.post(url(world, "1/approve/"), {"content_sha256": digest, "stage": "fact_check"})
    assert checked.status_code == 200, checked.content
    citation = submitted.json()["citations"][0]["id"]
    body = {"position": 1, "citations": [citation], "content_sha256": digest}
    ticked = checker.post(url(world, "1/check-sentence/"), body)
    assert (ticked.status_code, ticked.json()["citations"]) == (201, [citation]), ticked.content
    [sentence] = editor.get(url(world, "1/sentences/")).json()["results"]
    assert (sentence["ticked"], sentence["check_that_holds"]["id"]) == (True, ticked.json()["id"])
    judged = editor.post(url(world, f"1/citations/{citation}/judge/"), {"verdict": "supports_claim"})
    assert judged.status_code == 201, judged.content
    assert editor.get(url(world, "1/citation-verdicts/")).json()["results"][0]["verdict"] == "supports_claim"
    assert editor.post(url(world, "1/approve/"), {"content_sha256": digest}).status_code == 409
    word = {"content_sha256": digest, "verdict": "approved", "jurisdictions": ["fr", "GB"]}
    cleared = api(world.lawyer).post(url(world, "1/sign-off/"), word)
    assert (cleared.status_code, cleared.json()["jurisdictions"]) == (200, ["FR", "GB"]), cleared.content
    approved = editor.post(url(world, "1/approve/"), {"content_sha256": digest})
    assert approved.status_code == 200, approved.content
    published = publisher.post(
        f"/api/v1/cases/{world.case.ref}/publications/", {"title": "Who is behind it", "claims": [1]}
    )
    assert published.status_code == 201, published.content
    assert author.get(url(world, "1/")).json()["state"] == "published"
    stages = [row["stage"] for row in author.get(url(world, "1/reviews/")).json()["results"]]
    assert stages == ["fact_check", "legal", "editor"]


def test_claim_foreign_equals_unknown(world, api):
    make_draft(world)
    stranger = api(make_user())
    foreign, unknown = stranger.get(url(world, "1/")), stranger.get("/api/v1/cases/NEVER-USED/claims/1/")
    assert foreign.status_code == unknown.status_code == 404
    assert foreign.content == unknown.content


def test_state_cannot_be_patched(world, api):
    """A07."""
    version = make_draft(world)
    answer = api(world.author).patch(
        url(world, "1/"),
        {"state": "published", "content_sha256": "0" * 64, "author": "x"},
        format="json",
        headers={"If-Match": f'"{version.edit_version}"'},
    )
    assert answer.status_code == 400
    assert {entry["field"] for entry in answer.json()["errors"]} == {"state", "content_sha256", "author"}
    assert world.newest(version).state == VersionState.DRAFT


def test_stale_edit_answers_412_with_what_is_stored(world, api):
    version = make_draft(world)
    client = api(world.author)
    headers = {"If-Match": f'"{version.edit_version}"'}
    first = client.patch(url(world, "1/"), {"scope_note": "First."}, headers=headers)
    late = client.patch(url(world, "1/"), {"scope_note": "Second."}, headers=headers)
    assert (first.status_code, late.status_code) == (200, 412)
    assert late.json()["current"]["scope_note"] == "First."
    assert world.newest(version).scope_note == "First."


def test_edit_without_if_match_answers_428(world, api):
    make_draft(world)
    assert api(world.author).patch(url(world, "1/"), {"scope_note": "x"}).status_code == 428


def test_author_cannot_approve_own_claim(world, api):
    """A18: an editor who wrote the claim is refused."""
    claim = api(world.editor).post(url(world), claim_body(world)).json()
    submitted = api(world.editor).post(url(world, f"{claim['claim']}/submit/")).json()
    answer = api(world.editor).post(
        url(world, f"{claim['claim']}/approve/"), {"content_sha256": submitted["content_sha256"]}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("step", ["approve", "request-changes", "retract", "correct", "confirm"])
def test_step_out_of_order_answers_409(world, api, step):
    """A19."""
    make_draft(world)
    bodies = {
        "approve": {"content_sha256": "0" * 64},
        "request-changes": {"comment": "Mend it."},
        "retract": {"cause": "Wrong.", "public_note": "It was wrong."},
        "correct": {"cause": "Wrong.", "public_note": "It was wrong."},
        "confirm": {"reason": "It stands."},
    }
    actor = world.publisher if step == "retract" else world.author if step == "correct" else world.editor
    assert api(actor).post(url(world, f"1/{step}/"), bodies[step]).status_code == 409


def test_publishing_what_is_not_approved_answers_409(world, api):
    """A19."""
    make_submitted(world)
    answer = api(world.publisher).post(f"/api/v1/cases/{world.case.ref}/publications/", {"title": "T", "claims": [1]})
    assert answer.status_code == 409
    assert not Publication.objects.exists()


def test_refused_approval_names_the_rules_and_keeps_the_run(world, api):
    version = make_submitted(world, make_draft(world, cited=False))
    runs = GateEvaluation.objects.count()
    answer = api(world.editor).post(url(world, "1/approve/"), {"content_sha256": version.content_sha256})
    assert answer.status_code == 409
    assert {"G-01", "G-07", "G-70"} <= {entry["rule"] for entry in answer.json()["missing"]}
    assert GateEvaluation.objects.count() == runs + 1
    assert str(GateEvaluation.objects.latest("evaluated_at").pk) == answer.json()["evaluation"]


def test_token_without_the_scope_cannot_write(world, api):
    assert api(world.author, "read").post(url(world), claim_body(world)).status_code == 403
    assert not Claim.objects.exists()


@pytest.mark.parametrize("path", ["1/", "1/citations/"])
def test_token_cannot_change_a_published_claim(world, api, path):
    """PEERS 7: the token gap of a neighbour."""
    version = make_published(world)
    client = api(world.author, "claims", "read")
    if path == "1/":
        answer = client.patch(url(world, path), {"public_text": "x"}, headers={"If-Match": f'"{version.edit_version}"'})
    else:
        answer = client.post(url(world, path), {"item": str(world.radio_text.pk), "exact": "@esmirak"})
    assert answer.status_code == 409


def test_foreign_item_cannot_be_cited(world, api):
    """A06: a foreign id and an unknown one get the same answer."""
    make_draft(world)
    answers = [
        api(world.author).post(url(world, "1/citations/"), {"item": pk, "exact": "@esmirak"})
        for pk in (str(world.person.pk), "00000000-0000-4000-8000-000000000000")
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].content == answers[1].content


def test_quote_that_is_not_there_is_kept_unverified_with_the_nearest_passage(world, api):
    make_draft(world, cited=False)
    answer = api(world.author).post(
        url(world, "1/citations/"),
        {"item": str(world.gazette_text.pk), "exact": "Esmira Xalil is the head of the press office"},
    )
    assert answer.status_code == 201
    assert not answer.json()["verified"]
    assert answer.json()["nearest"] in GAZETTE


def test_citation_is_edited_translated_and_removed(world, api):
    version = make_draft(world)
    client, citation = api(world.author), world.citations[0]
    path = url(world, f"1/citations/{citation.pk}/")
    stored = client.get(path)
    changed = client.patch(path, {"exact": "@esmirak was suspended"}, headers={"If-Match": stored["ETag"]})
    assert changed.status_code == 200, changed.content
    assert changed.json()["verified"]
    stale = client.patch(path, {"exact": "@esmirak"}, headers={"If-Match": stored["ETag"]})
    assert stale.status_code == 412
    translated = client.post(path + "translate/", {"translation": "T", "translator": "A. B."})
    assert translated.json()["translator"] == "A. B."
    assert client.delete(path).status_code == 204
    assert version.citations.count() == 1


def test_published_claim_is_corrected_by_a_new_version(world, api):
    published = make_published(world)
    body = {"cause": "The name was misspelt.", "public_note": "We misspelt a name."}
    answer = api(world.author).post(url(world, "1/correct/"), body)
    assert answer.status_code == 201, answer.content
    assert (answer.json()["version"], answer.json()["state"]) == (2, "draft")
    assert answer.json()["correction_note"] == "We misspelt a name."
    versions = api(world.author).get(url(world, "1/versions/")).json()["results"]
    assert [(row["version"], row["state"]) for row in versions] == [(1, "published"), (2, "draft")]
    assert Citation.objects.filter(version__number=2).count() == published.citations.count()


def test_published_claim_is_retracted_with_a_public_note(world, api):
    make_published(world)
    body = {"cause": "The source withdrew.", "public_note": "We retract this."}
    answer = api(world.publisher).post(url(world, "1/retract/"), body)
    assert answer.status_code == 200, answer.content
    assert ClaimVersion.objects.get().state == VersionState.RETRACTED


def test_chain_shows_its_weakest_link(world, api):
    make_draft(world)
    make_role_draft(world, likelihood="likely", analytic_confidence="high")
    [chain] = api(world.author).get(f"/api/v1/cases/{world.case.ref}/chains/").json()["results"]
    assert chain["claims"] == [1, 2]
    assert (chain["likelihood"], chain["analytic_confidence"]) == ("likely", "moderate")
    assert not chain["is_published"]


def test_gate_report_is_read_without_being_stored(world, api):
    make_approved(world)
    runs = GateEvaluation.objects.count()
    report = api(world.author).get(url(world, "1/gate/")).json()
    assert report["passed"], [entry for entry in report["results"] if entry["blocks"]]
    assert GateEvaluation.objects.count() == runs
    stored = api(world.author).post(url(world, "1/run-gate/"))
    assert stored.json()["passed"]
    assert GateEvaluation.objects.count() == runs + 1


def test_claims_are_listed_filtered_and_searched(world, api):
    make_draft(world)
    make_role_draft(world)
    client = api(world.author)
    assert [row["claim"] for row in client.get(url(world)).json()["results"]] == [1, 2]
    assert [row["claim"] for row in client.get(url(world) + "?predicate=person_holds_role").json()["results"]] == [2]
    assert [row["claim"] for row in client.get(url(world) + "?search=press").json()["results"]] == [2]
    assert [row["claim"] for row in client.get(url(world) + "?ordering=-number&page_size=1").json()["results"]] == [2]


def test_claims_are_listed_in_a_fixed_number_of_queries(world, api, django_assert_max_num_queries):
    client = api(world.author)
    make_draft(world, cited=False)
    client.get(url(world))
    with django_assert_max_num_queries(12) as few:
        client.get(url(world))
    for _ in range(9):
        make_draft(world, cited=False)
    with django_assert_max_num_queries(12) as many:
        assert len(client.get(url(world)).json()["results"]) == 10
    assert len(few) == len(many)
