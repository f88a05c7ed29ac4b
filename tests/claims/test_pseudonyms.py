"""Private people leave the house under a letter, in every place and format, and nothing leads back from it."""

import re

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from cases.actions.names import Spelling, add_name, end_name
from cases.actions.people import update_person
from cases.exceptions import InvalidInput
from claims.actions.corrections import correct, retract
from claims.actions.harm import letters_of, settle_trace
from claims.actions.reviews import approve
from claims.dossier import redaction
from claims.dossier.build import pages_of
from claims.dossier.checks import CLAIMS, check_claims
from claims.dossier.commitments import MARK, REDACTIONS, read_redactions
from claims.dossier.files import Damaged, canonical, parse
from claims.exceptions import GateRefused
from claims.exports.formats import FORMATS
from claims.exports.material import Scope, gather
from claims.models import Pseudonym
from tests.factories.claims import (
    add_citation,
    clear,
    make_approved,
    make_checked,
    make_draft,
    make_publication,
    make_published,
    make_record,
    make_submitted,
    make_text,
)
from tests.factories.subjects import make_person

WHY = "He ran the account for the ministry, and readers have to know who spoke."
INTEREST = "He ran the account of a ministry under his own name and spoke for it in public."
GONE = re.compile("elvin|ordinary|эльвин|%d1%8d", re.IGNORECASE)


@pytest.fixture
def elvin(world):
    """A private individual, in two spellings."""
    person = make_person(case=world.case, actor=world.author, label="Elvin Ordinary", subject_tier="private_individual")
    add_name(actor=world.author, subject=person, spelling=Spelling(value="Эльвин Простой"))
    return person


@pytest.fixture
def telling(world, elvin):
    """A draft that he stands at the end of, and in the text, a quote, the words around it and a page's address."""
    text = "The account is run by Elvin Ordinary (Эльвин Простой), said a clerk; Ordinary denied it."
    item = make_text(
        world.case,
        world.author,
        text,
        world.radio,
        title="ELVIN ORDINARY: who is he?",
        original_url="https://news.example/2024/elvin-ordinary",
    )
    public = "It is very likely that Elvin Ordinary operates the account @esmirak."
    draft = make_draft(world, object_person=elvin, public_text=public)
    add_citation(world, draft, item, "run by Elvin Ordinary (Эльвин Простой)", indicator="named_in_report")
    return world.newest(draft)


def files_of(publication) -> dict[str, bytes]:
    return pages_of(publication, publication.redactions.get())


def test_private_person_is_a_letter_in_pages_proof_and_every_export(world, telling):
    publication = make_publication(world, make_approved(world, telling))
    files = files_of(publication)
    assert not [name for name, content in files.items() if name != "verify.py" and GONE.search(content.decode())]
    page = files["index.html"].decode()
    assert "It is very likely that [Person A] operates the account @esmirak." in page
    quoted = [passage["exact"] for exhibit in parse(files, CLAIMS)["exhibits"] for passage in exhibit["passages"]]
    assert "run by [Person A] ([Person A])" in quoted
    assert "Letters in square brackets" in page
    material = gather(world.case, Scope.PUBLISHED)
    written = {found.name: found.write(material) for found in FORMATS}
    assert not [name for name, content in written.items() if GONE.search(content.decode("utf-8", "replace"))]
    assert b"[Person A]" in written["ftm"]


def test_redacted_proof_holds_and_refuses_other_words_than_a_pseudonym(world, telling):
    publication = make_publication(world, make_approved(world, telling))
    files = files_of(publication)
    snapshot = parse(files, CLAIMS)
    hidden, root = read_redactions(files, snapshot)
    assert check_claims(snapshot, hidden)
    assert root == publication.commitment.root
    forged = parse(files, REDACTIONS)
    pieces = forged["hidden"]["/claims/0/public_text"]["pieces"]
    first = next(piece for piece in pieces if piece[2:] == ["[Person A]"])
    for words in ("nobody", "[Person a]", "[Person A] never", " "):
        first[2] = words
        changed = files | {REDACTIONS: canonical(forged)}
        with pytest.raises(Damaged):
            read_redactions(changed, snapshot)


def test_person_keeps_their_letter_in_later_publications_and_the_next_gets_the_next(world, elvin):
    other = make_person(case=world.case, actor=world.author, label="Aysel Quluzadə", subject_tier="minor")
    first = make_draft(world, scope_note="Said Aysel Quluzadə.")
    assert "Said [Person A]." in files_of(make_publication(world, make_approved(world, first)))[CLAIMS].decode()
    second = make_draft(world, scope_note="Elvin Ordinary asked Aysel Quluzadə.")
    shown = files_of(make_publication(world, make_approved(world, second)))[CLAIMS].decode()
    assert "[Person B] asked [Person A]." in shown
    assert dict(Pseudonym.objects.values_list("person", "number")) == {other.pk: 1, elvin.pk: 2}


def test_word_that_a_public_person_shares_is_told(world):
    make_person(case=world.case, actor=world.author, label="Aysel Xalil", subject_tier="minor")
    draft = make_draft(world, scope_note="Aysel Xalil is her child; Aysel knows.")
    shown = files_of(make_publication(world, make_approved(world, draft)))[CLAIMS].decode()
    assert f"[Person A] is her child; {MARK} knows." in shown
    assert "Esmira Xalil" in shown


def test_private_person_is_named_with_a_reason_and_the_lawyer_and_not_before(world, elvin, telling):
    version = make_submitted(world, telling)
    for spelling in ("Elvin Ordinary", "Эльвин Простой"):
        settle_trace(actor=world.checker, version=version, kind="name", passage=spelling, settled="waived", reason=WHY)
    assert "first write down why" in refused(world, version)
    make_record(world.case, world.author, person=elvin, public_interest=INTEREST)
    version = world.newest(version)
    clear(world, version)
    publication = make_publication(world, make_approved(world, version))
    shown = pages_of(publication)[CLAIMS].decode()
    assert "Elvin Ordinary operates" in shown
    assert not Pseudonym.objects.exists()


def refused(world, version) -> str:
    """What G-60 says when the editor tries to approve."""
    with pytest.raises(GateRefused) as caught:
        make_approved(world, version)
    [entry] = [entry for entry in caught.value.missing if entry["rule"] == "G-60"]
    return entry["problems"][0]["text"]


def test_sign_off_from_before_the_decision_to_name_is_not_one_on_it(world, elvin, telling):
    make_record(world.case, world.author, person=elvin, public_interest=INTEREST)
    version = make_checked(world, telling)
    settle_trace(
        actor=world.checker, version=version, kind="name", passage="Elvin Ordinary", settled="waived", reason=WHY
    )
    with pytest.raises(GateRefused) as caught:
        approve_now(world, version)
    assert {entry["rule"] for entry in caught.value.missing} == {"G-60"}


def approve_now(world, version):
    return approve(actor=world.editor, version=version, content_sha256=version.content_sha256)


def test_person_whom_one_claim_names_and_another_does_not_is_named_in_neither(world, elvin):
    make_record(world.case, world.author, person=elvin, public_interest=INTEREST)
    naming = make_submitted(world, make_draft(world, scope_note="Elvin Ordinary said so."))
    settle_trace(
        actor=world.checker, version=naming, kind="name", passage="Elvin Ordinary", settled="waived", reason=WHY
    )
    silent = make_draft(world, scope_note="As Elvin Ordinary saw.")
    publication = make_publication(world, make_approved(world, world.newest(naming)), make_approved(world, silent))
    assert not GONE.search(files_of(publication)[CLAIMS].decode())


def test_title_of_the_case_is_withheld_in_exports_as_in_the_dossier(world, telling):
    world.case.title = "Who is Elvin Ordinary?"
    world.case.save()
    make_publication(world, make_approved(world, telling))
    material = gather(world.case, Scope.PUBLISHED)
    assert material.title == "Who is [Person A]?"
    assert not [found.name for found in FORMATS if GONE.search(found.write(material).decode("utf-8", "replace"))]


def test_person_who_was_private_at_the_approval_is_not_named_by_a_word_said_since(world, elvin, telling):
    approved = make_approved(world, telling)
    elvin.refresh_from_db()
    update_person(actor=world.author, person=elvin, expected_version=elvin.version, subject_tier="official")
    with pytest.raises(GateRefused) as caught:
        make_publication(world, approved)
    [entry] = caught.value.missing
    assert (entry["rule"], len(entry["problems"])) == ("G-60", 2)
    assert entry["problems"][0]["text"].startswith("Elvin Ordinary was not to be named when this was approved")


def test_spelling_that_ended_after_the_approval_is_not_told_either(world, elvin):
    alias = add_name(actor=world.author, subject=elvin, spelling=Spelling(value="Chingiz Secret"))
    approved = make_approved(world, make_draft(world, scope_note="Chingiz Secret asked."))
    end_name(actor=world.author, name=alias, reason="That was never his name.")
    with pytest.raises(GateRefused, match="G-60"):
        make_publication(world, approved)


def test_pseudonym_is_never_changed(world, elvin, telling):
    make_publication(world, make_approved(world, telling))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE claims_pseudonym SET number = 7")


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (703, "AAA")])
def test_letters_go_on_after_z(number, letters):
    assert letters_of(number) == letters


SPELLINGS = {"Elvin Ordinary": "[Person A]", "Aysel Quluzadə": "[Person B]"}
WORDS = st.lists(st.sampled_from(["Elvin Ordinary", "ELVIN\n ORDINARY's", "(Aysel Quluzadə),", "and", "—", " ", "\n"]))


@given(WORDS.map(" ".join))
def test_no_name_is_left_and_what_stands_instead_opens_again(text):
    """Whatever stands around a name: the words go, the proof of the rest holds."""
    snapshot = {"note": text}
    instead = redaction.pseudonyms_in(snapshot, SPELLINGS)
    hidden = {pointer: [int(index) for index in said] for pointer, said in instead.items()}
    shown = redaction.masked(snapshot, hidden, instead)
    opened = canonical(redaction.opening(snapshot, bytes(32), hidden, instead))
    assert read_redactions({REDACTIONS: opened}, shown)[1] == redaction.root(snapshot, bytes(32))
    assert not re.search("elvin|ordinary|aysel|quluz", shown["note"], re.IGNORECASE)
    assert shown["note"].count("[Person A]") == len(re.findall(r"elvin\s+ordinary", text, re.IGNORECASE))


def test_notes_after_publication_name_nobody_whose_name_is_withheld(world, elvin):
    """The dossier that stood before withholds nothing, and shows the note of what came later."""
    published = make_published(world)
    for field, text in (("cause", "Elvin Ordinary wrote."), ("public_note", "Ring +994 12 598 19 08.")):
        notes = {"cause": "It was his.", "public_note": "We retract this."} | {field: text}
        with pytest.raises(InvalidInput, match="cut it out") as refused:
            retract(actor=world.publisher, claim=published.claim, **notes)
        assert refused.value.field == field
    notes = {"cause": "The year was wrong.", "public_note": "Elvin Ordinary told us that it was 2016."}
    with pytest.raises(GateRefused) as caught:
        make_approved(world, correct(actor=world.author, claim=published.claim, **notes))
    assert [entry["rule"] for entry in caught.value.missing] == ["G-80"]
    assert "Elvin Ordinary" in caught.value.missing[0]["problems"][0]["text"]


def test_family_name_of_two_letters_goes_with_the_rest(world):
    person = make_person(case=world.case, actor=world.author, label="Mei Wu", subject_tier="private_individual")
    public = "It is very likely that Mei Wu operates the account @esmirak. Wu is named in both sources."
    publication = make_publication(
        world, make_approved(world, make_draft(world, object_person=person, public_text=public))
    )
    shown = files_of(publication)[CLAIMS].decode()
    assert f"that [Person A] operates the account @esmirak. {MARK} is named" in shown
    assert not re.search(r"\bWu\b", shown)


def test_particles_of_a_name_stay(world):
    parts = redaction.parts_of_names(["Jean de La Tour"], spared=[])
    assert parts == {"Jean", "Tour"}
