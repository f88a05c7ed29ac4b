"""Pages of the gate: stored runs repeated as of a day, exceptions, the policy of a case, and advice while writing."""

import pytest
from django.urls import reverse

from claims.actions.gate import grant_exception, run_gate
from claims.gate.registry import registered
from claims.models import GateException
from tests.factories.claims import make_draft, make_submitted
from tests.factories.subjects import make_account

pytestmark = pytest.mark.xdist_group("claims steps")

WHY = "The platform shows no status to strangers, and nobody asked for it in 2024."


@pytest.fixture
def warned(story):
    """A submitted claim about an account whose status nobody observed."""
    unseen = make_account(case=story.case, actor=story.author, handle="unseen", status="unknown")
    return make_submitted(story, make_draft(story, subject_account=unseen))


def url(name: str, story, version=None) -> str:
    arguments = [story.case.ref] + ([version.claim.number] if version else [])
    return reverse(name, args=arguments)


def text_of(answer) -> str:
    assert answer.status_code in (200, 302), answer.content.decode()[:2000]
    return answer.content.decode()


def test_stored_run_is_shown_with_what_its_rules_answer_today(story, enter, warned):
    run_gate(actor=story.author, version=warned)
    page = text_of(enter(story.viewer).get(url("claims:runs", story, warned)))
    assert "Links are archived, statuses are dated" in page
    assert page.count(">unchanged<") == len(registered())
    assert "differs" not in page
    before = text_of(enter(story.viewer).get(url("claims:runs", story, warned), {"as_of": "2001-01-01"}))
    assert "The gate was not asked by then." in before
    assert enter(story.viewer).get(url("claims:runs", story, warned), {"as_of": "soon"}).status_code == 400


def test_editor_lets_a_warning_stand_on_the_page_and_asks_it_again(story, enter, warned):
    editor = enter(story.editor)
    claim_page = url("claims:claim", story, warned)
    assert 'name="rule"' in text_of(editor.get(claim_page))
    short = editor.post(url("claims:exception", story, warned), {"rule": "G-75", "reason": "Short."}, follow=True)
    assert "at least 40 characters" in text_of(short)
    editor.post(url("claims:exception", story, warned), {"rule": "G-75", "reason": WHY})
    assert f"An editor let it stand: {WHY}" in text_of(editor.get(claim_page))
    assert WHY in text_of(enter(story.viewer).get(url("claims:exceptions", story)))
    editor.post(url("claims:exception", story, warned), {"rule": "G-75", "reason": "Seen since.", "withdraw": "1"})
    assert [row.granted for row in GateException.objects.order_by("decided_at")] == [True, False]


def test_claims_on_one_origin_by_decision_are_listed_with_the_exceptions(story, enter):
    page = text_of(enter(story.viewer).get(url("claims:exceptions", story)))
    assert "No warning was let stand" in page
    assert "The committee publishes no list of its staff" in page


def test_exceptions_are_listed_over_the_api(story, enter, warned):
    grant_exception(actor=story.editor, version=warned, rule="G-75", reason=WHY)
    rows = enter(story.viewer).get(f"/api/v1/cases/{story.case.ref}/gate-exceptions/").json()["results"]
    assert [(row["claim"], row["rule"], row["granted"], row["reason"]) for row in rows] == [
        (warned.claim.number, "G-75", True, WHY)
    ]


def test_policy_is_set_on_the_settings_page_with_its_reason(story, enter):
    editor, settings = enter(story.editor), url("cases:settings", story)
    form = {"level": "standard", "fixity_days": "7", "role_months": "", "reply_hours": ""}
    refused = editor.post(url("cases:policy", story), form | {"reason": "Trial."})
    assert refused.status_code == 400
    assert "at least 20 characters" in refused.content.decode()
    editor.post(url("cases:policy", story), form | {"reason": "The trial begins within the month."})
    shown = text_of(enter(story.viewer).get(settings))
    assert "7 days old" in shown
    assert "The trial begins within the month." in shown
    assert "Set the policy" not in shown


def test_words_are_flagged_while_they_are_typed(story, enter, warned):
    author = enter(story.author)
    typed = {"public_text": "It may be hers; it is probable.", "language": "en", "likelihood": "likely"}
    advice = text_of(author.post(url("claims:wording_new", story), typed))
    assert "<mark" in advice
    assert "hides how sure the text is" in advice
    assert "is not a term of this case" in advice
    assert "According to …" in advice
    typed = {"public_text": "Elle tient ce compte.", "language": "fr", "likelihood": "likely"}
    stored = text_of(author.post(url("claims:wording", story, warned), typed | {"analytic_confidence": "moderate"}))
    assert "The grade allows no flat statement." in stored
    assert "Il est probable que …" in stored
    assert text_of(author.get(url("claims:create", story) + "?predicate=account_operated_by")).count("hx-post") >= 1


def test_gate_is_asked_about_the_whole_case_from_the_list(story, enter):
    author = enter(story.author)
    assert "Ask the gate about all" in text_of(author.get(url("claims:list", story)))
    assert author.post(url("claims:gate_of_case", story)).url == url("cases:jobs", story)
    assert "The gate over all claims" in text_of(author.get(url("cases:jobs", story)))
    assert "Ask the gate about all" not in text_of(enter(story.viewer).get(url("claims:list", story)))
