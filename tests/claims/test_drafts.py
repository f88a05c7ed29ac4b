"""Writing claims and citations: what is kept, what is refused, who counts as a writer."""

import io
import json
from itertools import product

import pytest

from audit.models import Event, Payload
from cases.enums import CaseStatus
from cases.exceptions import Conflict, InvalidInput, NotAllowed, NotVisible, StaleVersion
from claims.actions.citations import cite, edit_citation, grade_citation, remove_citation, translate_citation
from claims.actions.drafts import create_claim, edit_version, link_claims
from claims.actions.reviews import judge_citation, request_changes, submit
from claims.enums import Predicate
from claims.models import Citation, CitationReview, Claim
from claims.shapes import SHAPES
from evidence.actions.derivatives import derive_item
from evidence.actions.items import log_file, withdraw_item
from evidence.details import Details
from tests.factories.claims import add_citation, make_approved, make_draft, make_role_draft, make_submitted, make_world
from tests.factories.users import make_user


def events(claim: Claim) -> list[str]:
    return list(Event.objects.filter(object=f"claim:{claim.pk}").order_by("id").values_list("action", flat=True))


def edit(world, version, **changes):
    return edit_version(
        actor=world.author, version=version, expected_version=world.newest(version).edit_version, changes=changes
    )


def test_claims_are_numbered_without_gap(world):
    numbers = [make_draft(world, cited=False).claim.number for _ in range(3)]
    assert numbers == [1, 2, 3]


def test_creation_leaves_one_event_with_what_was_written(world):
    version = make_draft(world, cited=False, scope_note="Under one hashtag.")
    [event] = Event.objects.filter(object=f"claim:{version.claim_id}")
    after = json.loads(bytes(Payload.objects.get(pk=event.event_id).body))["after"]
    assert (event.action, after["scope_note"], after["version"]) == ("claim_created", "Under one hashtag.", 1)


def test_edit_leaves_one_event_with_old_and_new(world):
    version = make_draft(world, cited=False)
    edit(world, version, scope_note="New.")
    event = Event.objects.get(object=f"claim:{version.claim_id}", action="claim_edited")
    payload = json.loads(bytes(Payload.objects.get(pk=event.event_id).body))
    assert (payload["before"], payload["after"]) == ({"scope_note": ""}, {"scope_note": "New.", "version": 1})


def test_edit_that_changes_nothing_leaves_nothing(world):
    version = make_draft(world, cited=False)
    again = edit(world, version, public_text=version.public_text)
    assert again.edit_version == version.edit_version
    assert "claim_edited" not in events(version.claim)


def test_second_of_two_editors_is_told_and_loses_nothing(world):
    version = make_draft(world, cited=False)
    edit(world, version, scope_note="The first.")
    with pytest.raises(StaleVersion, match="Somebody saved") as caught:
        edit_version(actor=world.checker, version=version, expected_version=1, changes={"scope_note": "The second."})
    assert caught.value.current.scope_note == "The first."
    merged = edit_version(
        actor=world.checker,
        version=version,
        expected_version=caught.value.current.edit_version,
        changes={"scope_note": "The first. The second."},
    )
    assert merged.scope_note == "The first. The second."


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"state": "published"}, "state"),
        ({"content_sha256": "0" * 64}, "content_sha256"),
        ({"predicate": "is_evil"}, "predicate"),
        ({"likelihood": "certain"}, "likelihood"),
        ({"public_text": "zero\0byte"}, "public_text"),
        ({"subject_text": "Two subjects"}, "subject_text"),
        ({"subject_account": None}, "subject_account"),
        ({"subject_account": None, "subject_text": "Whoever posts as @esmirak"}, "subject_text"),
        ({"predicate": "account_in_campaign"}, "object_person"),
        ({"role_title": "x" * 301}, "role_title"),
        ({"correction_note": "There is nothing to correct."}, "correction_note"),
    ],
)
def test_bad_edit_is_refused_with_its_field(world, changes, field):
    version = make_draft(world, cited=False)
    with pytest.raises(InvalidInput) as caught:
        edit(world, version, **changes)
    assert caught.value.field == field
    assert world.newest(version).edit_version == version.edit_version


@pytest.mark.parametrize("subject", ["account", "organisation", "words"])
def test_role_is_held_by_a_person_of_the_record(world, subject):
    """A name that is only typed would be nobody whom the gate knows."""
    given = {
        "account": {"subject_account": world.account},
        "organisation": {"subject_organisation": world.committee},
        "words": {"subject_text": "Esmira Xalil"},
    }[subject]
    with pytest.raises(InvalidInput, match=r"“holds a role at” is: person\.$"):
        make_role_draft(world, cited=False, **{"subject_person": None} | given)


@pytest.mark.parametrize("predicate", Predicate.values)
def test_each_kind_of_claim_takes_every_subject_and_object_of_its_shape(world, predicate):
    rows = {
        "account": world.account,
        "person": world.person,
        "organisation": world.committee,
        "item": world.radio_text,
        "text": "In words",
    }
    shape = SHAPES[predicate]
    for subject, target in product(shape.subject, shape.object):
        fields = {f"subject_{subject}": rows[subject], f"object_{target}": rows[target]}
        claim = create_claim(actor=world.author, case=world.case, predicate=predicate, **fields)
        assert claim.versions.get().predicate == predicate


def test_end_before_beginning_is_refused(world):
    version = make_role_draft(world, cited=False)
    with pytest.raises(InvalidInput, match="before the beginning"):
        edit(world, version, valid_from=version.as_of, valid_to=version.as_of.replace(year=2020))


def test_subject_of_another_case_is_refused(world):
    with pytest.raises(InvalidInput, match="no such record"):
        create_claim(
            actor=world.author, case=world.case, predicate="account_status", subject_account=make_world().account
        )


@pytest.mark.parametrize("role", ["publisher", "stranger"])
def test_writing_without_the_right_is_refused(world, role):
    version = make_draft(world)
    actor = world.publisher if role == "publisher" else make_user()
    refusal = NotAllowed if role == "publisher" else NotVisible
    with pytest.raises(NotAllowed):
        create_claim(actor=actor, case=world.case, predicate="account_status", subject_text="x")
    for step in (
        lambda: edit_version(actor=actor, version=version, expected_version=1, changes={"scope_note": "x"}),
        lambda: cite(actor=actor, version=version, item=world.radio_text, exact="@esmirak"),
        lambda: grade_citation(actor=actor, citation=world.citations[0], credibility="1", rationale="x"),
        lambda: remove_citation(actor=actor, citation=world.citations[0]),
        lambda: link_claims(actor=actor, version=version, components=[]),
    ):
        with pytest.raises(refusal):
            step()


def test_closed_case_takes_no_claims(world):
    world.case.status = CaseStatus.CLOSED
    world.case.save()
    with pytest.raises(Conflict, match="closed"):
        make_draft(world)


def test_frozen_version_is_written_by_nobody(world):
    version = make_submitted(world)
    for step in (
        lambda: edit(world, version, scope_note="x"),
        lambda: cite(actor=world.author, version=version, item=world.radio_text, exact="@esmirak"),
        lambda: grade_citation(actor=world.author, citation=world.citations[0], credibility="1", rationale="x"),
        lambda: remove_citation(actor=world.author, citation=world.citations[0]),
        lambda: link_claims(actor=world.author, version=version, components=[]),
    ):
        with pytest.raises(Conflict, match="frozen"):
            step()


# --- citations


def test_quote_is_placed_by_the_server(world):
    version = make_draft(world, cited=False)
    found = cite(actor=world.author, version=version, item=world.radio_text, exact="Esmira  Xalil,\nwho")
    assert (found.exact, found.verified) == ("Esmira Xalil, who", True)
    assert found.prefix.endswith("The radio linked it to ")
    assert found.verified_at is not None


def test_unverified_quote_is_found_once_it_is_mended(world):
    version = make_draft(world, cited=False)
    wrong = cite(actor=world.author, version=version, item=world.radio_text, exact="The television linked it to Xalil")
    assert (wrong.verified, wrong.start, wrong.end) == (False, None, None)
    mended = edit_citation(actor=world.author, citation=wrong, expected_version=1, changes={"exact": wrong.nearest})
    assert (mended.verified, mended.nearest, mended.edit_version) == (True, "", 2)


def test_quote_cited_before_the_text_was_read_is_found_at_submission(world):
    details = Details(title="Later", source=world.radio, language="en", no_date_reason="None.", publisher="Radio")
    stream = io.BytesIO(b"The account belongs to her.")
    item = log_file(actor=world.author, case=world.case, stream=stream, file_name="later.txt", details=details)
    version = make_draft(world, cited=False)
    early = cite(actor=world.author, version=version, item=item, exact="belongs to her")
    assert not early.verified
    derive_item(actor=world.author, item=item)
    submit(actor=world.author, version=version)
    found = Citation.objects.get(pk=early.pk)
    assert (found.verified, found.start, found.end) == (True, 12, 26)


def test_citation_of_a_withdrawn_exhibit_is_refused(world):
    version = make_draft(world, cited=False)
    withdraw_item(actor=world.editor, item=world.radio_text, reason="It was a forgery.")
    with pytest.raises(InvalidInput, match="withdrawn"):
        cite(actor=world.author, version=version, item=world.radio_text, exact="@esmirak")


def test_citation_needs_a_place(world):
    version = make_draft(world, cited=False)
    with pytest.raises(InvalidInput, match="Quote the passage"):
        cite(actor=world.author, version=version, item=world.radio_text)
    with pytest.raises(InvalidInput, match="xywh"):
        cite(actor=world.author, version=version, item=world.radio_text, region="somewhere")


def test_region_of_an_exhibit_without_a_picture_is_unverified(world):
    version = make_draft(world, cited=False)
    found = cite(actor=world.author, version=version, item=world.radio_text, region="xywh=percent:1,2,3,4")
    assert (found.selector_type, found.verified, found.region_sha256) == ("region", False, "")


@pytest.mark.parametrize(("credibility", "rationale"), [("2", " "), ("7", "Because."), ("", "Because.")])
def test_grade_without_digit_or_reason_is_refused(world, credibility, rationale):
    make_draft(world)
    with pytest.raises(InvalidInput):
        grade_citation(actor=world.author, citation=world.citations[0], credibility=credibility, rationale=rationale)


def test_grade_does_not_outlive_the_words_it_was_given_to(world):
    make_draft(world)
    cited = world.citations[0]
    noted = edit_citation(
        actor=world.author, citation=cited, expected_version=cited.edit_version, changes={"descriptor": "A week old."}
    )
    assert noted.credibility == "2"
    changes = {"exact": "A 2014 news report described her"}
    moved = edit_citation(actor=world.author, citation=noted, expected_version=noted.edit_version, changes=changes)
    assert (moved.credibility, moved.credibility_rationale, moved.graded_by) == ("", "", None)


@pytest.mark.parametrize(
    ("predicate", "ends"),
    [
        ("account_operated_by", ("account", "person")),
        ("account_operated_by", ("account", "text")),
        ("account_in_campaign", ("account", "text")),
        ("accounts_coordinated", ("account", "text")),
        ("campaign_attributed_to", ("text", "committee")),
    ],
)
def test_what_accuses_by_its_nature_is_not_called_harmless(world, predicate, ends):
    rows = {
        "account": {"subject_account": world.account},
        "person": {"object_person": world.person},
        "committee": {"object_organisation": world.committee},
    }
    said = rows.get(ends[0], {"subject_text": "The campaign"}) | rows.get(ends[1], {"object_text": "The campaign"})
    with pytest.raises(InvalidInput, match="accuses") as refused:
        create_claim(actor=world.author, case=world.case, predicate=predicate, adverse=False, **said)
    assert refused.value.field == "adverse"


def test_account_of_an_organisation_may_be_harmless(world):
    said = {"subject_account": world.account, "object_organisation": world.committee}
    made = create_claim(actor=world.author, case=world.case, predicate="account_operated_by", adverse=False, **said)
    assert made.versions.get().adverse is False


def test_translation_names_its_translator(world):
    make_draft(world)
    with pytest.raises(InvalidInput):
        translate_citation(actor=world.author, citation=world.citations[0], translation="Text", translator="")
    done = translate_citation(actor=world.author, citation=world.citations[0], translation="Text", translator="L. T.")
    assert (done.translation, done.translator) == ("Text", "L. T.")


def test_removed_citation_leaves_its_event_and_the_verdict_on_it(world):
    version = make_submitted(world)
    judge_citation(actor=world.editor, citation=world.citations[0], verdict="question", comment="Which account?")
    request_changes(actor=world.editor, version=version, comment="See the question.")
    remove_citation(actor=world.author, citation=Citation.objects.get(pk=world.citations[0].pk), reason="Too weak.")
    assert version.citations.count() == 1
    assert CitationReview.objects.get().citation_id == world.citations[0].pk
    assert "citation_removed" in events(version.claim)


def test_everybody_who_writes_is_bound_not_to_review(world):
    version = make_draft(world)
    edit_version(
        actor=world.editor, version=version, expected_version=version.edit_version, changes={"scope_note": "Mine."}
    )
    assert world.editor.pk in world.newest(version).contributors
    submitted = make_submitted(world, version)
    with pytest.raises(NotAllowed, match="wrote part"):
        request_changes(actor=world.editor, version=submitted, comment="x")


# --- links


def test_links_are_replaced_in_order(world):
    chain, first, second = make_draft(world), make_role_draft(world), make_role_draft(world)
    link_claims(actor=world.author, version=chain, components=[second.claim, first.claim])
    assert list(chain.component_links.values_list("component__number", flat=True)) == [3, 2]
    link_claims(actor=world.author, version=chain, components=[first.claim])
    assert list(chain.component_links.values_list("component__number", flat=True)) == [2]


def test_link_to_itself_twice_or_abroad_is_refused(world):
    version, other = make_draft(world), make_role_draft(world)
    foreign = make_draft(make_world(), cited=False)
    for components in ([version.claim], [other.claim, other.claim], [foreign.claim]):
        with pytest.raises(InvalidInput):
            link_claims(actor=world.author, version=version, components=components)


def test_approved_version_is_cited_from_again_only_after_reopening(world):
    version = make_approved(world)
    with pytest.raises(Conflict):
        add_citation(world, version, world.radio_text, "@esmirak")
