"""What leads to a person blocks a claim until somebody decides, and what is withheld is in no file that leaves."""

import json
import re

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from cases.exceptions import Conflict, InvalidInput, NotAllowed
from claims.actions.harm import settle_trace, traces_of
from claims.actions.reviews import reopen, submit
from claims.dossier.build import pages_of
from claims.dossier.redaction import masked, pseudonyms_in
from claims.enums import TraceKind
from claims.exports.material import Scope, gather
from claims.gate.evaluation import FAILED, PASSED, evaluate, evaluate_many
from claims.harm.names import names_of
from claims.harm.payload import found_in, merged, place_of
from claims.models import Redaction, TraceDecision
from tests.access.events import payload_of
from tests.factories.claims import make_approved, make_draft, make_publication, make_submitted
from tests.factories.subjects import make_person

MAIL, PHONE = "esmira@mail.example", "+994 12 598 19 08"
TEXT = f"It is very likely that Esmira Xalil operates the account @esmirak; she answers at {MAIL}."
WHY = "It is the address of the press office, printed on each of its releases."


@pytest.fixture
def leading(world):
    """A submitted claim whose text tells an address."""
    return make_submitted(world, make_draft(world, public_text=TEXT, scope_note=f"Her line is {PHONE}."))


def settle(world, version, passage=MAIL, **changed):
    wanted = {"kind": "email", "settled": "waived", "reason": WHY, "actor": world.checker} | changed
    return settle_trace(version=version, passage=passage, **wanted)


def verdict(version) -> tuple[str, list[str]]:
    [entry] = [entry for entry in evaluate(version).entries if entry.rule.id == "G-61"]
    return entry.verdict, [problem.text for problem in entry.problems]


def test_gate_names_each_with_its_places_until_it_is_decided_on(world, leading):
    state, problems = verdict(leading)
    assert state == FAILED
    assert [MAIL in problems[0], PHONE in problems[1]] == [True, True]
    assert "public text" in problems[0]
    settle(world, leading)
    assert verdict(leading)[1] == problems[1:]
    settle(world, leading, PHONE, kind="phone", settled="redacted")
    assert verdict(leading) == (PASSED, [])


def test_claim_without_any_is_not_held_up(world):
    assert verdict(make_submitted(world)) == (PASSED, [])


def test_decision_is_on_record_and_for_one_content_only(world, leading):
    settle(world, leading)
    assert payload_of("trace_settled")["after"]["settled"] == "waived"
    again = submit(actor=world.author, version=reopen(actor=world.author, version=world.newest(leading)))
    assert MAIL in verdict(again)[1][0]
    assert TraceDecision.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"kind": "gossip"}, "kind"),
        ({"settled": "ignored"}, "settled"),
        ({"passage": "other@mail.example"}, "passage"),
        ({"reason": "Too short."}, "reason"),
    ],
)
def test_decision_that_says_too_little_is_refused(world, leading, changed, field):
    with pytest.raises(InvalidInput) as raised:
        settle(world, leading, **changed)
    assert raised.value.field == field
    assert not TraceDecision.objects.exists()


def test_nobody_decides_on_what_they_wrote_or_before_it_is_submitted(world, leading):
    with pytest.raises(NotAllowed):
        settle(world, leading, actor=world.author)
    with pytest.raises(NotAllowed):
        settle(world, leading, actor=world.publisher)
    with pytest.raises(Conflict):
        settle(world, make_draft(world, public_text=TEXT))


def test_database_takes_no_decision_but_with_its_seal(world, leading):
    row = settle(world, leading)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE claims_tracedecision SET settled = 'redacted' WHERE id = %s", [row.pk])
    copied = "id, case_id, version_id, content_sha256, kind, passage, settled, reason, decided_by_id, decided_at, seal"
    made = copied.replace("id, case_id", "gen_random_uuid(), case_id", 1)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO claims_tracedecision ({copied}) SELECT {made} FROM claims_tracedecision")


def test_traces_of_many_claims_take_the_same_number_of_queries(world, leading, django_assert_max_num_queries):
    versions = [leading, make_submitted(world)]
    with django_assert_max_num_queries(60) as one:
        evaluate_many(versions[:1])
    with django_assert_max_num_queries(len(one)):
        assert [report.passed for report in evaluate_many(versions)] == [False, False]


def test_what_is_to_be_withheld_leaves_in_no_file(world, leading):
    settle(world, leading, settled="redacted")
    settle(world, leading, PHONE, kind="phone", settled="redacted")
    publication = make_publication(world, make_approved_again(world, leading))
    made = Redaction.objects.get(publication=publication)
    assert made.made_by == world.publisher
    pages = pages_of(publication, made)
    assert not [name for name, content in pages.items() if MAIL.encode() in content or PHONE.encode() in content]
    assert MAIL.encode() in pages_of(publication)["claims.json"]
    told = json.dumps(gather(world.case, Scope.PUBLISHED).claims)
    assert (MAIL in told, PHONE in told, "Esmira Xalil" in told) == (False, False, True)


def make_approved_again(world, version):
    return make_approved(world, world.newest(version))


def test_title_and_note_of_a_publication_are_looked_at_too(world):
    approved = make_approved(world)
    with pytest.raises(InvalidInput, match="publication, note"):
        make_publication(world, approved, note=f"Write to {MAIL}.")
    assert make_publication(world, approved, note="Write to us.").redactions.count() == 0


def test_what_is_found_is_told_once_with_all_its_places():
    payload = {
        "public_text": f"Write to {MAIL} or {MAIL}.",
        "author": "user:1",
        "source": "019a2171-0058-7705-8773-0123456789ab",
        "citations": [{"exact": f"at {MAIL}", "item": {"author": f"A. {MAIL}", "sha256": "4111111111111111"}}],
        "original_url": f"https://a.example/{PHONE}?m={MAIL}",
    }
    [found] = found_in(payload)
    assert (found.kind, found.passage) == (TraceKind.EMAIL, MAIL)
    assert set(found.places) == {"public text", "citation 1, exact", "citation 1, item, author"} | {"original url"}
    assert merged([[found], found_in({"text": MAIL}, "reply, ")])[0].places[-1] == "reply, text"


def test_place_is_told_in_words():
    assert place_of("/claims/0/content/citations/2/exact") == "claim 1, content, citation 3, exact"


def test_traces_of_a_draft_are_found_while_it_is_written(world):
    draft = make_draft(world, public_text=TEXT)
    assert [one.passage for one in traces_of(draft)] == [MAIL]


@pytest.fixture
def private(world):
    """A private individual and a minor, whom a claim about the account names."""
    make_person(case=world.case, actor=world.author, label="Aysel Quluzadə", subject_tier="private_individual")
    make_person(case=world.case, actor=world.author, label="Kənan Quluzadə", subject_tier="minor")
    note = "Aysel Quluzadə and her son KƏNAN  QULUZADƏ are neighbours."
    return make_submitted(world, make_draft(world, scope_note=note))


def test_private_people_need_nobodys_decision_to_go_unnamed(world, private):
    assert [entry.blocks for entry in evaluate(private).entries if entry.rule.id in ("G-60", "G-61")] == [False, False]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Aysel  Quluzadə spoke", ["Aysel Quluzadə"]),
        ("AYSEL QULUZADƏNİN words", ["Aysel Quluzadə"]),
        ("Nur was there", ["Nur"]),
        ("Nurlan was there", []),
        ("nobody", []),
    ],
)
def test_recorded_names_are_found_in_the_forms_of_a_text(text, found):
    names = names_of([("name", "Aysel Quluzadə", "1"), ("minor", "Nur", "2"), ("name", "X", "3")])
    assert [one.passage for one in names.traces(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "Zoé Élan asked",
        "Zoe\u0301 E\u0301lan asked",
        "ÉLAN Zoé, born here",
        "Élan, Zoé",
        "Zoe Elan",
        "ZOE ELAN",
        "Zoé-Élan",
        "Zoé\u200bÉlan",
        "https://x.example/people/zoé-élan",
        "https://x.example/a/2024_zo%C3%A9_%c3%a9lan.html",
        "Zoé\nÉlan’s",
    ],
)
def test_name_is_found_however_a_text_writes_it_and_goes_as_a_whole(text):
    names = names_of([("name", "Zoé Élan", "1")])
    assert [one.passage for one in names.traces(text)] == ["Zoé Élan"]
    instead = pseudonyms_in({"note": text}, {"Zoé Élan": "[Person A]"})["/note"]
    shown = masked({"note": text}, {"/note": [int(index) for index in instead]}, {"/note": instead})["note"]
    assert shown.count("[Person A]") == 1
    assert not re.search("zo|lan", shown, re.IGNORECASE)


@pytest.mark.parametrize(
    "text",
    ["Mme Élan", "Z. Élan", "Élan, Z.", "Zoé Anne Élan", "Zoé (née Martin) Élan", "Z\u200boé Élan", "Ζo\u0435 Elan"],
)
def test_person_is_seen_by_title_initial_second_name_and_letters_that_only_look_so(text):
    private = [("name", "Zoé Élan", "1")]
    assert [one.passage for one in names_of(private).traces(text)] == ["Zoé Élan"]


def test_family_name_that_somebody_told_shares_needs_the_whole_name():
    names = names_of([("name", "Zoé Élan", "1")], told=["Karim Élan"])
    assert list(names.traces("Mme Élan and Z. Élan")) == []
    assert [one.passage for one in names.traces("Zoé Élan")] == ["Zoé Élan"]


@pytest.mark.parametrize(
    "text", ["Zoé saw Élan", "Kazoé Élan", "Élan and Zoé", "zoeelan", "K. Élan", "the élan of some"]
)
def test_words_of_a_name_apart_are_no_name(text):
    assert list(names_of([("name", "Zoé Élan", "1")]).traces(text)) == []


def test_handle_that_holds_a_name_is_seen_and_short_names_in_it_are_not():
    names = names_of([("name", "Aysel Quluzadə", "1"), ("name", "Zoé Élan", "2")])
    assert [one.passage for one in names.traces("@ayselquluzadə and @QuluzadəAysel")] == ["Aysel Quluzadə"] * 2
    assert list(names.traces("@zoeelan")) == []


def test_name_over_the_edge_of_a_quote_is_found_and_goes_on_both_sides():
    payload = {"citations": [{"prefix": "run by Zoé", "exact": " Élan, said Élan", "suffix": " Zoé, a clerk"}]}
    found = found_in(payload, names=names_of([("name", "Zoé Élan", "1")]))
    assert [(one.passage, one.places) for one in found] == [("Zoé Élan", ("citation 1, exact",))]
    instead = pseudonyms_in(payload, {"Zoé Élan": "[Person A]"})
    hidden = {pointer: [int(index) for index in said] for pointer, said in instead.items()}
    assert masked(payload, hidden, instead)["citations"] == [
        {"prefix": "run by [Person A]", "exact": "[Person A], said [Person A]", "suffix": "[Person A], a clerk"}
    ]


LETTERS = st.text(st.characters(categories=["Lu", "Ll", "Lo", "Mn"]), min_size=1, max_size=6)


@given(st.lists(LETTERS, min_size=1, max_size=3).map(" ".join), st.sampled_from([str, str.upper, str.lower, str.title]))
def test_no_spelling_of_a_name_stops_the_search(name, written):
    """Whatever a pattern finds in either case is one of the names that were asked for."""
    names = names_of([("name", name, "1"), ("name", "Iñigo Işık", "2")])
    text = f"{written(name)} and IÑIGO IŞIK, iñigo işık, ınigo ısik"
    found = list(names.traces(text))
    assert {one.passage for one in found} <= {name, "Iñigo Işık"}
    # What is not looked through, because nothing in it begins like a name, holds none.
    assert len(found) >= len(names.pattern.findall(text))
    alone = names_of([("name", name, "1")])
    if alone.begin and alone.pattern.search(written(name)):
        assert list(alone.traces(written(name)))


def test_who_let_a_trace_stand_does_not_approve(world, leading):
    settle(world, leading, actor=world.editor)
    settle(world, leading, PHONE, kind="phone", settled="redacted")
    with pytest.raises(NotAllowed, match="another editor"):
        make_approved(world, world.newest(leading))
