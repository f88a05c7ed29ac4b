"""The pages on which a lawyer signs off, and on which a case says why it handles data about people."""

import re

import pytest
from django.urls import reverse

from claims.models import DataProtectionRecord, Review
from tests.factories.claims import make_draft, make_submitted, next_year
from tests.factories.subjects import make_person

pytestmark = pytest.mark.xdist_group("claims steps")
RECORD = {
    "purpose": "To tell the public who runs accounts that take part in politics.",
    "lawful_basis": "legitimate_interests",
    "retention": "archive",
    "review_at": next_year().isoformat(),
    "transparency": "Everybody named is asked first; objections are answered.",
    "contact": "privacy@paper.example",
}


@pytest.fixture
def submitted(story):
    return make_submitted(story, make_draft(story))


def legal_url(version) -> str:
    return reverse("claims:legal", args=[version.case.ref, version.claim.number])


def test_lawyer_is_led_from_their_turn_to_the_sign_off_and_gives_it(story, submitted, enter):
    client = enter(story.lawyer)
    assert legal_url(submitted) in client.get("/").text
    page = client.get(legal_url(submitted))
    assert "The radio linked it to Esmira Xalil" in page.text
    data = {"content_sha256": submitted.content_sha256, "verdict": "approved"}
    refused = client.post(legal_url(submitted), data)
    assert (refused.status_code, "Name the states" in refused.text) == (400, True)
    done = client.post(legal_url(submitted), data | {"jurisdictions": "fr, GB"}, follow=True)
    assert "FR, GB" in done.text
    assert Review.objects.get(version=submitted, stage="legal").jurisdictions == ["FR", "GB"]
    assert legal_url(submitted) not in client.get("/").text


def test_word_on_what_changed_meanwhile_is_refused(story, submitted, enter):
    data = {"content_sha256": "0" * 64, "verdict": "approved", "jurisdictions": "FR"}
    answer = enter(story.lawyer).post(legal_url(submitted), data)
    assert (answer.status_code, "not what stands here" in answer.text) == (409, True)


def test_editor_reads_the_page_and_is_told_that_a_lawyer_signs(story, submitted, enter):
    page = enter(story.editor).get(legal_url(submitted))
    assert "A lawyer of the case signs off" in page.text
    assert "I sign off" not in page.text


def test_desk_of_an_editor_offers_no_legal_verdict(story, submitted, enter):
    page = enter(story.editor).get(reverse("claims:desk_claim", args=[story.case.ref, submitted.claim.number]))
    stages = re.search(r'<select name="stage".*?</select>', page.text, re.DOTALL).group()
    assert 'value="legal"' not in stages
    assert legal_url(submitted) in page.text


def test_record_of_a_case_is_written_on_from_the_last_one(story, enter):
    url = reverse("claims:data_protection", args=[story.case.ref])
    client = enter(story.author)
    form = client.get(url).context["form"]
    assert form.initial["contact"] == "privacy@paper.example"
    assert "review_at" not in form.initial
    assert client.post(url, RECORD | {"purpose": "News."}).status_code == 400
    assert client.post(url, RECORD | {"special_ground": "journalism"}).status_code == 400
    done = client.post(url, RECORD, follow=True)
    assert "Record 2" in done.text
    assert DataProtectionRecord.objects.filter(case=story.case).count() == 2


def test_record_of_a_person_asks_why_they_are_named(story, enter):
    person = make_person(case=story.case, actor=story.author, label="Elvin Ordinary")
    url = reverse("claims:data_protection_of", args=[story.case.ref, person.pk])
    client = enter(story.author)
    assert client.post(url, RECORD).status_code == 400
    interest = {"public_interest": "He ran the account of a ministry and spoke for it in public."}
    assert "spoke for it in public" in client.post(url, RECORD | interest, follow=True).text
    assert url in client.get(reverse("claims:data_protection", args=[story.case.ref])).text


def test_reader_sees_the_records_and_no_form(story, enter):
    page = enter(story.viewer).get(reverse("claims:data_protection", args=[story.case.ref]))
    assert "Record 1" in page.text
    assert "Write the next record" not in page.text


def test_page_of_traces_says_what_it_takes_to_name_somebody(story, enter):
    person = make_person(case=story.case, actor=story.author, label="Elvin Ordinary", subject_tier="minor")
    version = make_submitted(story, make_draft(story, scope_note="Elvin Ordinary said so."))
    page = enter(story.checker).get(reverse("claims:traces", args=[story.case.ref, version.claim.number]))
    assert "Published under a letter" in page.text
    assert reverse("claims:data_protection_of", args=[story.case.ref, person.pk]) in page.text
