import pytest
from django.db import IntegrityError, transaction

from audit.models import Event
from cases import subjects
from cases.actions.merges import merge
from cases.actions.names import Spelling, add_name, end_name
from cases.actions.organisations import create_organisation, update_organisation
from cases.actions.people import create_person, update_person
from cases.enums import NameKind
from cases.exceptions import Conflict, Duplicate, InvalidInput, NotAllowed, NotVisible, StaleVersion
from cases.models import Name, Organisation, Person
from cases.scripts import guess_script
from tests.factories.subjects import make_account, make_observation, make_organisation, make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Esmira Xəlil", "Latn"),
        ("Эсмира Халил", "Cyrl"),
        ("إسميرا", "Arab"),
        ("Արցախ", "Armn"),
        ("საქართველო", "Geor"),
        ("Ελλάδα", "Grek"),
        ("ישראל", "Hebr"),
        ("新喀里多尼亚", "Hani"),
        ("न्यू", "Deva"),
        ("ニュー", "Zyyy"),
        ("123", "Zyyy"),
        ("", "Zyyy"),
        ("YAP (ЯП) New", "Latn"),
    ],
)
def test_script_is_guessed_from_most_letters(text, script):
    assert guess_script(text) == script


def test_person_is_recorded_with_names_by_script_and_language(case, investigator):
    person = create_person(
        actor=investigator,
        case=case,
        label=" Esmira Xəlil ",
        subject_tier="public_employee",
        language="az",
        names=[
            Spelling(value="Эсмира Халил", language="ru", kind=NameKind.TRANSLITERATION),
            Spelling(value="Esmira Khahil", script="Latn"),
        ],
    )
    assert person.label == "Esmira Xəlil"
    names = {(name.value, name.script, name.language, name.kind) for name in person.names.all()}
    assert names == {
        ("Esmira Xəlil", "Latn", "az", "primary"),
        ("Эсмира Халил", "Cyrl", "ru", "transliteration"),
        ("Esmira Khahil", "Latn", "", "alias"),
    }
    assert Event.objects.filter(object=f"person:{person.pk}").count() == 1


def test_namesakes_are_two_persons_and_know_of_each_other(case, other_case):
    one, two = make_person(case=case, label="Anar"), make_person(case=case, label="Anar")
    make_person(case=other_case, label="Anar")
    assert list(subjects.namesakes(one)) == [two]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"label": ""}, "label"),
        ({"label": "  "}, "label"),
        ({"label": "x" * 301}, "label"),
        ({"label": "a\x00b"}, "label"),
        ({"label": "two\nlines"}, "label"),
        ({"label": "\ud800"}, "label"),
        ({"subject_tier": "king"}, "subject_tier"),
        ({"note": "x" * 20_001}, "note"),
        ({"disambiguation": "x" * 20_001}, "disambiguation"),
        ({"script": "Xxxx"}, "script"),
        ({"language": "no language"}, "language"),
        ({"names": [Spelling(value="")]}, "value"),
        ({"names": [Spelling(value="a", kind="nick")]}, "kind"),
    ],
)
def test_bad_person_is_refused_and_nothing_is_half_done(case, investigator, fields, field):
    with pytest.raises(InvalidInput) as refusal:
        create_person(actor=investigator, case=case, **({"label": "Anar"} | fields))
    assert refusal.value.field == field
    assert (Person.objects.count(), Name.objects.count()) == (0, 0)


def test_new_label_becomes_the_primary_name_and_the_old_one_stays(case, investigator):
    person = make_person(case=case, label="Esmira Khahil")
    person = update_person(actor=investigator, person=person, expected_version=1, label="Esmira Xəlil")
    assert {(name.value, name.kind) for name in person.names.all()} == {
        ("Esmira Khahil", "alias"),
        ("Esmira Xəlil", "primary"),
    }
    person = update_person(actor=investigator, person=person, expected_version=2, label="Esmira Khahil")
    assert {(name.value, name.kind) for name in person.names.all()} == {
        ("Esmira Khahil", "primary"),
        ("Esmira Xəlil", "alias"),
    }


def test_edit_of_a_stale_version_is_refused(case, investigator):
    person = make_person(case=case)
    update_person(actor=investigator, person=person, expected_version=1, note="First.")
    with pytest.raises(StaleVersion):
        update_person(actor=investigator, person=person, expected_version=1, note="Second.")


def test_name_is_added_ended_and_kept(case, investigator):
    person = make_person(case=case, label="Anar")
    name = add_name(actor=investigator, subject=person, spelling=Spelling(value="Анар", language="ru"))
    with pytest.raises(Duplicate, match="has the name Анар already"):
        add_name(actor=investigator, subject=person, spelling=Spelling(value="Анар", language="ru"))
    name = end_name(actor=investigator, name=name, reason="A misprint of the agency.")
    assert (name.ended_by, name.end_reason) == (investigator, "A misprint of the agency.")
    with pytest.raises(Conflict, match="ended already"):
        end_name(actor=investigator, name=name, reason="A misprint of the agency.")
    add_name(actor=investigator, subject=person, spelling=Spelling(value="Анар", language="ru"))
    actions = Event.objects.filter(object=f"person:{person.pk}").values_list("action", flat=True)
    assert list(actions) == ["person_created", "person_name_added", "person_name_ended", "person_name_added"]


def test_name_that_the_case_uses_cannot_end(case, investigator):
    organisation = make_organisation(case=case, label="YAP")
    with pytest.raises(Conflict, match="another label first"):
        end_name(actor=investigator, name=organisation.names.get(), reason="No longer used.")


def test_half_signed_end_is_refused_by_the_database(case):
    make_person(case=case)
    with pytest.raises(IntegrityError), transaction.atomic():
        Name.objects.update(end_reason="Because.")


def test_organisation_stands_under_its_parent(case, investigator):
    council = create_organisation(
        actor=investigator, case=case, label="Council of State Support to NGOs", kind="state_body"
    )
    part = make_organisation(case=case, parent=council)
    assert list(council.children.all()) == [part]


def test_organisation_tree_has_no_circle(case, investigator):
    top = make_organisation(case=case, label="Top")
    middle = make_organisation(case=case, label="Middle", parent=top)
    leaf = make_organisation(case=case, label="Leaf", parent=middle)
    for parent in (top, middle, leaf):
        with pytest.raises(Conflict, match="which belongs to it"):
            update_organisation(actor=investigator, organisation=top, expected_version=1, parent=parent)
    moved = update_organisation(actor=investigator, organisation=leaf, expected_version=1, parent=top)
    assert moved.parent == top
    assert update_organisation(actor=investigator, organisation=leaf, expected_version=2, parent=None).parent is None


def test_parent_of_another_case_is_refused(case, other_case, investigator):
    with pytest.raises(InvalidInput, match="Nothing in this case") as refusal:
        create_organisation(actor=investigator, case=case, label="Part", parent=make_organisation(case=other_case))
    assert refusal.value.field == "parent"
    assert Organisation.objects.filter(case=case).count() == 0


@pytest.mark.parametrize("make", [make_person, make_organisation])
def test_writing_is_for_members_who_may(case, viewer, stranger, make):
    with pytest.raises(NotAllowed):
        make(case=case, actor=viewer)
    with pytest.raises(NotVisible):
        make(case=case, actor=stranger)
    subject = make(case=case)
    with pytest.raises(NotVisible):
        add_name(actor=stranger, subject=subject, spelling=Spelling(value="Anar"))


def test_closed_case_takes_nothing(case, investigator):
    person, twin, account = make_person(case=case), make_person(case=case), make_account(case=case)
    organisation = make_organisation(case=case)
    type(case).objects.filter(pk=case.pk).update(status="closed")
    for write in (
        lambda: make_person(case=case),
        lambda: make_organisation(case=case),
        lambda: make_account(case=case),
        lambda: make_observation(account=account, status="suspended"),
        lambda: update_person(actor=investigator, person=person, expected_version=1, note="A note."),
        lambda: update_organisation(actor=investigator, organisation=organisation, expected_version=1, note="A note."),
        lambda: merge(actor=investigator, duplicate=twin, into=person, reason="They are the same."),
    ):
        with pytest.raises(Conflict, match="NC-2024 is closed"):
            write()
