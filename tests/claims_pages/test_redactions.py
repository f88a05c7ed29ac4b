"""Making a redacted dossier: who may, what is refused, and what is kept of it."""

import json

import pytest
from django.urls import reverse

from cases.exceptions import InvalidInput, NotAllowed, NotVisible
from cases.models import JobRun
from claims.actions.dossiers import export_dossier
from claims.actions.redactions import redact
from claims.models import Commitment, Redaction
from tests.access.events import payload_of
from tests.factories.claims import make_draft, make_submitted

GOOD = {"words": ["Esmira Xalil"], "kind": "privacy", "reason": "She left public life years ago."}


def redacted(story, **changed) -> Redaction:
    return redact(actor=story.publisher, publication=story.publication, **GOOD | changed)


def test_redaction_keeps_places_and_no_words(story):
    made = redacted(story)
    kept = json.dumps(made.hidden) + json.dumps(payload_of("publication_redacted"))
    assert "Xalil" not in kept
    assert payload_of("publication_redacted")["after"] == {
        "redaction": 1,
        "kind": "privacy",
        "places": len(made.hidden),
    }
    assert JobRun.objects.filter(title="Redacted dossier 1 of publication 1").exists()


def test_later_redaction_withholds_more_and_never_less(story):
    first, second = redacted(story), redacted(story, words=["A. Reporter"])
    assert second.number == 2
    assert all(set(pieces) <= set(second.hidden[pointer]) for pointer, pieces in first.hidden.items())
    assert len(second.hidden) > len(first.hidden)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"words": []}, "words"),
        ({"words": ["  ", ""]}, "words"),
        ({"words": ["ab"]}, "words"),
        ({"words": ["Nobody of that name"]}, "words"),
        ({"words": ["Esmira Xalil", "Nobody of that name"]}, "words"),
        ({"words": ["user:"]}, "words"),
        ({"words": ["very_likely"]}, "words"),
        ({"kind": "shame"}, "kind"),
        ({"reason": "Too short."}, "reason"),
    ],
)
def test_what_cannot_be_withheld_is_refused_and_nothing_is_made(story, changed, field):
    with pytest.raises(InvalidInput) as raised:
        redacted(story, **changed)
    assert raised.value.field == field
    assert not Redaction.objects.exists()


def test_words_of_the_page_itself_cannot_be_withheld(story):
    with pytest.raises(InvalidInput, match=r"index\.html|the proof needs"):
        redacted(story, words=["the"])


def test_only_publishers_redact(story):
    with pytest.raises(NotAllowed):
        redact(actor=story.editor, publication=story.publication, **GOOD)


def test_whole_dossier_is_then_for_publishers(story):
    redacted(story)
    with pytest.raises(NotAllowed):
        export_dossier(actor=story.viewer, publication=story.publication, number=0)
    with pytest.raises(NotVisible):
        export_dossier(actor=story.viewer, publication=story.publication, number=7)


def test_secret_never_reaches_a_page(story, enter):
    redacted(story)
    secret = bytes(Commitment.objects.get().secret)
    page = enter(story.publisher).get(reverse("claims:publication", args=[story.case.ref, 1])).content.decode()
    assert secret.hex() not in page
    assert "Redaction 1" in page
    assert "The whole dossier" in page


def test_form_makes_a_redaction_and_says_what_is_wrong(story, enter):
    client, url = enter(story.publisher), reverse("claims:redact", args=[story.case.ref, 1])
    refused = client.post(url, GOOD | {"words": "Nobody of that name"})
    assert (refused.status_code, "stands nowhere" in refused.content.decode()) == (400, True)
    assert client.post(url, GOOD | {"words": "Esmira Xalil\n\nA. Reporter"}).status_code == 302
    assert Redaction.objects.get().made_by == story.publisher


def test_what_leads_to_people_is_shown_and_decided_on_the_page(story, enter):
    text = "It is very likely that Esmira Xalil operates @esmirak; ask esmira@mail.example."
    version = make_submitted(story, make_draft(story, public_text=text))
    url = reverse("claims:traces", args=[story.case.ref, version.claim.number])
    editor = enter(story.editor)
    page = editor.get(url).content.decode()
    assert ("esmira@mail.example" in page, "it blocks approval" in page) == (True, True)
    decision = {"kind": "email", "passage": "esmira@mail.example", "settled": "waived", "reason": "Too short."}
    assert "at least 40 characters" in editor.post(url, decision, follow=True).content.decode()
    assert "Reason: This field" in editor.post(url, decision | {"reason": ""}, follow=True).content.decode()
    why = "It is the address of the press office, printed on each release."
    assert why in editor.post(url, decision | {"reason": why}, follow=True).content.decode()
    assert enter(story.author).post(url, decision).status_code == 403
    assert "Decide</summary>" not in enter(story.viewer).get(url).content.decode()


def test_claim_that_leads_to_nobody_says_so(story, enter):
    url = reverse("claims:traces", args=[story.case.ref, 1])
    assert "Nothing was found" in enter(story.viewer).get(url).content.decode()
