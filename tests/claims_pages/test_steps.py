"""What people do on the pages: write, cite, mend, review, publish, correct; and what they are told when it fails."""

import pytest
from django.urls import reverse

from audit.models import Event
from claims.actions.drafts import edit_version
from claims.actions.reviews import reopen, submit
from claims.dossier.snapshot import thaw
from claims.models import Citation, ClaimVersion, Correction, Publication, Review
from claims.queries import get_version
from tests.factories.claims import make_draft, make_submitted
from tests.factories.story import Story, approve

pytestmark = pytest.mark.xdist_group("claims steps")


def post(client, name: str, *arguments, follow: bool = False, **data):
    return client.post(reverse(name, args=arguments), data, follow=follow)


def form_of(story: Story, **changes) -> dict:
    return {
        "predicate": "account_operated_by",
        "subject": f"account:{story.subjects['esmirak'].pk}",
        "object": f"person:{story.subjects['xalil'].pk}",
        "kind": "assessment",
        "adverse": "on",
        "language": "en",
        "public_text": "It is likely that she operates it.",
    } | changes


def draft_form(client, story: Story, **changes) -> dict:
    """The edit form of the draft as it is shown, with changes."""
    url = reverse("claims:edit", args=[story.case.ref, story.claims["draft"].claim.number])
    form = client.get(url).context["form"]
    data = {name: form.initial.get(name, field.initial) for name, field in form.fields.items()}
    data = {name: "on" if value is True else value for name, value in data.items() if value not in (None, False)}
    return data | changes


# --- writing


def test_claim_is_created_with_its_partial_dates(story, enter):
    data = form_of(story, valid_from="2014-05", as_of="2022", key_assumptions="One\n\n Two ")
    answer = post(enter(story.author), "claims:create", story.case.ref, **data)
    assert answer.status_code == 302
    version = get_version(story.author, story.case.ref, 7)
    assert (str(version.valid_from), version.valid_from_precision) == ("2014-05-01", "month")
    assert (str(version.as_of), version.as_of_precision) == ("2022-01-01", "year")
    assert version.key_assumptions == ["One", "Two"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_from": "May 2014"}, "valid_from"),
        ({"valid_from": "2024-13"}, "valid_from"),
        ({"valid_from": "2024", "valid_to": "2023"}, "valid_to"),
        ({"subject": ""}, "subject"),
        ({"subject": "account:01900000-0000-7000-8000-000000000000"}, "subject"),
        ({"object_text": "Somebody else"}, "object_text"),
        ({"likelihood": "dead_certain"}, "likelihood"),
        ({"language": ""}, "language"),
    ],
)
def test_claim_form_says_what_to_mend(story, enter, changes, field):
    answer = post(enter(story.author), "claims:create", story.case.ref, **form_of(story, **changes))
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert answer.context["form"].data["public_text"] == "It is likely that she operates it."


def test_claim_form_offers_only_what_its_predicate_needs(story, enter):
    client = enter(story.author)
    url = reverse("claims:create", args=[story.case.ref])
    role = client.get(url, {"predicate": "person_holds_role"}).context["form"].fields
    operated = client.get(url, {"predicate": "account_operated_by"}).context["form"].fields
    assert {"role_title", "conduct_date"} <= set(role)
    assert not {"role_title", "conduct_date"} & set(operated)
    words = [label for _, label in role["likelihood"].choices]
    assert "very likely (80–95 %)" in words


def test_exhibit_of_another_case_is_no_subject(story, enter):
    data = {"predicate": "media_reused_in", "subject_exhibit": "E-99", "object_text": "a post", "language": "en"}
    answer = post(enter(story.author), "claims:create", story.case.ref, kind="fact", **data)
    assert answer.status_code == 400
    assert "no exhibit of this number" in answer.content.decode()


def test_two_people_saving_the_same_claim_lose_nothing(story, enter):
    client = enter(story.author)
    mine = draft_form(client, story, public_text="My text.")
    draft = story.claims["draft"]
    edit_version(
        actor=story.editor,
        version=draft,
        expected_version=get_version(story.editor, story.case.ref, draft.claim.number).edit_version,
        changes={"public_text": "Their text.", "scope_note": "Their scope."},
    )
    number = draft.claim.number
    answer = post(client, "claims:edit", story.case.ref, number, **mine)
    page = answer.content.decode()
    assert answer.status_code == 412
    assert "Their text." in page
    assert "My text." in page
    assert "Their scope." in page
    assert str(story.editor) in page
    merged = mine | {"edit_version": answer.context["form"].data["edit_version"]}
    assert post(client, "claims:edit", story.case.ref, number, **merged).status_code == 302
    assert get_version(story.editor, story.case.ref, number).public_text == "My text."


def test_frozen_claim_cannot_be_edited(story, enter):
    answer = enter(story.author).get(reverse("claims:edit", args=[story.case.ref, 1]))
    assert answer.status_code == 409


# --- citing


def cite_form(story: Story, **changes) -> dict:
    return {
        "claim": str(story.claims["draft"].claim.number),
        "stance": "supports",
        "access": "first_hand",
        "exact": "was suspended after sharing the picture",
    } | changes


def test_selected_passage_becomes_a_verified_citation(story, enter):
    data = cite_form(story, credibility="2", rationale="It fits.", start="21")
    answer = post(enter(story.author), "claims:cite", story.case.ref, 1, follow=True, **data)
    assert "the passage stands in the preserved copy" in answer.content.decode()
    citation = Citation.objects.filter(version=story.claims["draft"]).latest("added_at")
    assert (citation.verified, citation.credibility) == (True, "2")


def test_quote_that_is_not_in_the_copy_offers_the_nearest_passage(story, enter):
    client = enter(story.author)
    data = cite_form(story, exact="was suspended after sharing the photo")
    answer = post(client, "claims:cite", story.case.ref, 1, follow=True, **data)
    assert "Take this passage" in answer.content.decode()
    citation = Citation.objects.filter(version=story.claims["draft"]).latest("added_at")
    assert not citation.verified
    post(client, "claims:citation_nearest", story.case.ref, citation.pk)
    citation.refresh_from_db()
    assert citation.verified


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"exact": ""}, "exact"),
        ({"credibility": "2"}, "rationale"),
        ({"claim": "1"}, "claim"),
        ({"claim": "999"}, "claim"),
        ({"stance": "proves"}, "stance"),
    ],
)
def test_citation_form_says_what_to_mend(story, enter, changes, field):
    answer = post(enter(story.author), "claims:cite", story.case.ref, 1, **cite_form(story, **changes))
    assert answer.status_code == 400
    assert field in answer.context["form"].errors


def test_citation_is_removed_with_its_event(story, enter):
    citation = story.claims["draft"].citations.get()
    answer = post(enter(story.author), "claims:citation_remove", story.case.ref, citation.pk, reason="Wrong copy.")
    assert answer.status_code == 302
    assert not Citation.objects.filter(pk=citation.pk).exists()
    assert Event.objects.filter(action="citation_removed").exists()


def test_citation_saved_by_two_people_shows_both(story, enter):
    client = enter(story.author)
    citation = story.claims["draft"].citations.get()
    data = cite_form(story, exact=citation.exact, descriptor="Mine", edit_version=citation.edit_version)
    other = data | {"descriptor": "Theirs"}
    assert post(enter(story.editor), "claims:citation", story.case.ref, citation.pk, **other).status_code == 302
    answer = post(client, "claims:citation", story.case.ref, citation.pk, **data)
    assert answer.status_code == 412
    assert "Theirs" in answer.content.decode()
    assert "Mine" in answer.content.decode()


def test_what_was_typed_survives_a_submission_by_somebody_else(story, enter):
    """The draft was frozen while two people wrote on it: neither text is lost, and the page says what happened."""
    client = enter(story.author)
    mine = draft_form(client, story, public_text="My text.")
    citation = story.claims["draft"].citations.get()
    note = cite_form(story, exact=citation.exact, descriptor="My note", edit_version=citation.edit_version)
    submit(actor=story.editor, version=story.claims["draft"])
    number = story.claims["draft"].claim.number
    for answer, kept in (
        (post(client, "claims:edit", story.case.ref, number, **mine), "My text."),
        (post(client, "claims:citation", story.case.ref, citation.pk, **note), "My note"),
    ):
        assert answer.status_code == 409
        page = answer.content.decode()
        assert kept in page
        assert "submitted and frozen" in page
    assert story.now("draft").public_text == ""


# --- reviewing


def review_form(story: Story, name: str, **changes) -> dict:
    return {"content_sha256": story.now(name).content_sha256, "stage": "editor", "comment": ""} | changes


def test_desk_approves_exactly_what_was_read(story, enter):
    number = story.claims["hostile"].claim.number
    post(enter(story.checker), "claims:desk_sentence", story.case.ref, number, **sentence_form(story, "hostile"))
    post(
        enter(story.checker),
        "claims:desk_review",
        story.case.ref,
        number,
        **review_form(story, "hostile", stage="fact_check", verdict="approve"),
    )
    answer = post(
        enter(story.editor),
        "claims:desk_review",
        story.case.ref,
        number,
        **review_form(story, "hostile", verdict="approve"),
    )
    assert answer.status_code == 302
    assert story.now("hostile").state == "approved"


def sentence_form(story, name: str, **changes) -> dict:
    citations = [str(pk) for pk in story.now(name).citations.values_list("pk", flat=True)]
    content = story.now(name).content_sha256
    return {"position": 1, "citations": citations, "content_sha256": content, "verdict": "ticked"} | changes


def test_desk_ticks_a_sentence_and_comes_back_to_it(story, enter):
    number = story.claims["hostile"].claim.number
    answer = post(
        enter(story.checker), "claims:desk_sentence", story.case.ref, number, **sentence_form(story, "hostile")
    )
    assert (answer.status_code, answer["Location"].endswith(f"/desk/{number}/#sentence-1")) == (302, True)
    assert story.now("hostile").sentence_checks.get().reviewed_by == story.checker


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"citations": []}, "Choose the citations"),
        ({"citations": ["nonsense"]}, "nonsense"),
        ({"verdict": "question", "comment": " "}, "Say what is asked"),
        ({"position": 999}, "The public text has"),
        ({"position": "first"}, "whole number"),
        ({"content_sha256": "0" * 64}, "read it again"),
    ],
)
def test_desk_says_what_is_wrong_with_a_tick_where_it_was_made(story, enter, changes, words):
    number = story.claims["hostile"].claim.number
    client = enter(story.checker)
    data = sentence_form(story, "hostile", **changes)
    address = reverse("claims:desk_sentence", args=[story.case.ref, number])
    answer = client.post(address, data, headers={"HX-Request": "true"})
    assert (answer.status_code, words in answer.content.decode()) == (200, True)
    assert not story.now("hostile").sentence_checks.exists()


def test_stale_tick_gets_no_form_for_the_words_that_were_not_shown(story, enter):
    """Else a second press of the same key would tick what nobody read."""
    read = sentence_form(story, "hostile")
    reopen(actor=story.author, version=story.now("hostile"))
    submit(actor=story.author, version=story.now("hostile"))
    number = story.claims["hostile"].claim.number
    address = reverse("claims:desk_sentence", args=[story.case.ref, number])
    body = enter(story.checker).post(address, read, headers={"HX-Request": "true"}).content.decode()
    assert "read it again" in body
    assert story.now("hostile").content_sha256 not in body
    assert "<form" not in body


def test_tick_of_a_text_without_a_sentence_is_refused(story, enter):
    version = make_submitted(story, make_draft(story, public_text=""), ticked=False)
    data = sentence_form(story, "hostile", content_sha256=version.content_sha256, citations=[])
    address = reverse("claims:desk_sentence", args=[story.case.ref, version.claim.number])
    answer = enter(story.checker).post(address, data, headers={"HX-Request": "true"})
    assert (answer.status_code, "The public text has 0 sentences" in answer.content.decode()) == (200, True)


def test_desk_refuses_an_approval_of_another_wording(story, enter):
    number = story.claims["hostile"].claim.number
    data = review_form(story, "hostile", verdict="approve", content_sha256="0" * 64)
    answer = post(enter(story.editor), "claims:desk_review", story.case.ref, number, **data)
    assert answer.status_code == 412
    assert "read it again" in answer.content.decode()
    assert story.now("hostile").state == "submitted"


def test_desk_shows_why_the_gate_refuses(story, enter):
    number = story.claims["hostile"].claim.number
    data = review_form(story, "hostile", verdict="approve")
    answer = post(enter(story.editor), "claims:desk_review", story.case.ref, number, **data)
    assert answer.status_code == 409
    assert "The gate refuses" in answer.content.decode()
    assert "G-70" in answer.content.decode()


def test_desk_returns_a_claim_with_a_comment_only(story, enter):
    client, number = enter(story.editor), story.claims["hostile"].claim.number
    silent = post(client, "claims:desk_review", story.case.ref, number, **review_form(story, "hostile"))
    assert silent.status_code == 400
    assert "Say what has to change" in silent.content.decode()
    said = review_form(story, "hostile", comment="Name the source in the text.")
    assert post(client, "claims:desk_review", story.case.ref, number, **said).status_code == 302
    assert story.now("hostile").state == "changes_requested"
    page = enter(story.author).get(reverse("claims:claim", args=[story.case.ref, number])).content.decode()
    assert "Name the source in the text." in page


def test_desk_notes_a_verdict_on_one_citation(story, enter):
    client = enter(story.editor)
    citation = story.claims["hostile"].citations.get()
    url = reverse("claims:desk_judge", args=[story.case.ref, citation.pk])
    part = client.post(url, {"verdict": "partly", "comment": "Half of it."}, HTTP_HX_REQUEST="true").content.decode()
    assert "Supports a part of it" in part
    assert "<html" not in part
    silent = client.post(url, {"verdict": "question"}, HTTP_HX_REQUEST="true").content.decode()
    assert "Say what is missing" in silent
    assert client.post(url, {"verdict": "supports_claim"}).status_code == 302


def test_author_does_not_review_on_the_desk(story, enter):
    number = story.claims["hostile"].claim.number
    answer = post(
        enter(story.author),
        "claims:desk_review",
        story.case.ref,
        number,
        **review_form(story, "hostile", verdict="approve"),
    )
    assert answer.status_code == 403


def test_desk_marks_the_quote_in_the_preserved_copy(story, enter):
    page = enter(story.editor).get(reverse("claims:desk_claim", args=[story.case.ref, 1])).content.decode()
    assert "<mark>The radio linked it to Esmira Xalil</mark>" in page


def test_empty_desk_says_so(story, enter):
    approve(story, "hostile")
    page = enter(story.editor).get(reverse("claims:desk", args=[story.case.ref])).content.decode()
    assert "No claim waits for a review" in page


# --- publishing and after


def test_publisher_chooses_and_publishes(story, enter):
    approve(story, "hostile")
    number = story.claims["hostile"].claim.number
    client = enter(story.publisher)
    nothing = post(client, "claims:publish", story.case.ref, title="Second")
    assert nothing.status_code == 400
    assert "Choose at least one approved claim" in nothing.content.decode()
    assert post(client, "claims:publish", story.case.ref, title="Second", claims=["1"]).status_code == 400
    answer = post(client, "claims:publish", story.case.ref, title="Second", claims=[str(number)], language="fr")
    assert answer.url == reverse("claims:publication", args=[story.case.ref, 2])
    assert thaw(Publication.objects.get(number=2).snapshot)["publication"]["language"] == "fr"


def test_retraction_is_told_to_readers(story, enter):
    client = enter(story.publisher)
    assert post(client, "claims:retract", story.case.ref, 3, cause="", public_note="x").status_code == 400
    answer = post(client, "claims:retract", story.case.ref, 3, cause="Wrong account.", public_note="We were wrong.")
    assert answer.status_code == 302
    assert Correction.objects.get().public_note == "We were wrong."
    page = enter(story.viewer).get(reverse("claims:publication", args=[story.case.ref, 1])).content.decode()
    assert "We were wrong." in page
    assert "Retracted" in page


def test_correction_opens_a_new_version_and_keeps_the_old_one(story, enter):
    client = enter(story.author)
    answer = post(client, "claims:correct", story.case.ref, 1, cause="A date.", public_note="The date is corrected.")
    assert answer.status_code == 302
    assert list(ClaimVersion.objects.filter(claim__number=1).values_list("number", "state")) == [
        (1, "published"),
        (2, "draft"),
    ]
    again = post(client, "claims:correct", story.case.ref, 1, cause="A date.", public_note="Again.")
    assert again.status_code == 409
    old = client.get(reverse("claims:version", args=[story.case.ref, 1, 1])).content.decode()
    assert "This is an earlier version" in old


def test_steps_answer_only_to_post(story, enter):
    client = enter(story.editor)
    for name in ("submit", "reopen", "gate", "links", "single_source", "confirm"):
        assert client.get(reverse(f"claims:{name}", args=[story.case.ref, 6])).status_code == 405
    assert client.get(reverse("claims:dossier", args=[story.case.ref, 1])).status_code == 405


def test_submit_reopen_and_links_from_the_page(story, enter):
    client, ref = enter(story.author), story.case.ref
    number = story.claims["draft"].claim.number
    assert post(client, "claims:links", ref, number, components=["1", "2"]).status_code == 302
    assert post(client, "claims:links", ref, number, components=["x"]).status_code == 400
    assert post(client, "claims:links", ref, number, components=["999"]).status_code == 404
    assert post(client, "claims:submit", ref, number).status_code == 302
    assert story.now("draft").state == "submitted"
    assert post(client, "claims:submit", ref, number).status_code == 409
    assert post(client, "claims:reopen", ref, number, reason="A better source came in.").status_code == 302
    assert story.now("draft").state == "draft"


def test_single_source_exception_is_told_what_it_needs(story, enter):
    number = story.claims["draft"].claim.number
    answer = post(enter(story.editor), "claims:single_source", story.case.ref, number, follow=True, reason="Too short")
    assert "at least 40 characters" in answer.content.decode()


def test_each_step_leaves_exactly_one_event(story, enter):
    client, ref = enter(story.author), story.case.ref
    before = Event.objects.count()
    post(client, "claims:create", ref, **form_of(story))
    assert Event.objects.count() == before + 1
    post(client, "claims:gate", ref, 7)
    assert Event.objects.count() == before + 2
    assert Review.objects.count() == 12


@pytest.mark.parametrize("role", ["publisher", "auditor", "viewer"])
def test_steps_of_writers_are_refused_to_readers(story, enter, role):
    client = enter(getattr(story, role))
    citation = story.claims["draft"].citations.get()
    for name, arguments in {
        "submit": [6],
        "reopen": [5],
        "links": [6],
        "single_source": [6],
        "correct": [1],
        "desk_review": [5],
        "citation_remove": [citation.pk],
    }.items():
        data = {"reason": "x", "content_sha256": "0" * 64, "stage": "editor", "verdict": "approve", "cause": "x"}
        answer = client.post(reverse(f"claims:{name}", args=[story.case.ref, *arguments]), data | {"public_note": "x"})
        assert answer.status_code == 403, name
