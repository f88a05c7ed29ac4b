"""Who speaks, how reliable they are, and which of them are one voice (G-06, G-08)."""

import json

import pytest
from django.db import DatabaseError, connection

from audit.models import Event
from cases.exceptions import Conflict, InvalidInput, NotAllowed, NotVisible, StaleVersion
from evidence import queries
from evidence.actions import origin_groups, sources
from evidence.models import OriginChange, OriginGroup, Source, SourceGrade

from .conftest import make_case


def make_source(newsroom, name: str = "RFE/RL", kind: str = "news", **more) -> Source:
    return sources.create_source(
        actor=more.pop("actor", newsroom.investigator), case=newsroom.case, name=name, kind=kind, **more
    )


def test_new_source_is_ungraded_and_of_undetermined_origin(newsroom):
    source = make_source(newsroom, country="cz", url="https://rferl.example")
    assert (source.reliability, source.origin_group, source.country) == ("", None, "CZ")
    assert Event.objects.filter(action="source_created").count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"kind": "rumour"}, "kind"),
        ({"country": "France"}, "country"),
        ({"url": "javascript:x"}, "url"),
        ({"owner": "x" * 201}, "owner"),
    ],
)
def test_source_that_cannot_be_is_refused_by_field(newsroom, fields, field):
    with pytest.raises(InvalidInput) as refusal:
        make_source(newsroom, **fields)
    assert refusal.value.field == field


def test_source_is_named_once_in_a_case(newsroom):
    make_source(newsroom)
    with pytest.raises(Conflict, match="already has a source"):
        make_source(newsroom)
    assert Source.objects.count() == 1


def test_changed_source_keeps_before_and_after(newsroom):
    source = make_source(newsroom)
    changed = sources.change_source(
        actor=newsroom.editor, source=source, version=1, changes={"owner": "USAGM"}, reason="found out"
    )
    assert (changed.owner, changed.version) == ("USAGM", 2)
    with pytest.raises(StaleVersion):
        sources.change_source(actor=newsroom.editor, source=source, version=1, changes={"owner": "x"})


@pytest.mark.parametrize("name", ["reliability", "origin_group", "created_by", "case"])
def test_change_of_what_has_its_own_action_is_refused(newsroom, name):
    with pytest.raises(InvalidInput, match="cannot be changed"):
        sources.change_source(actor=newsroom.editor, source=make_source(newsroom), version=1, changes={name: "A"})


# --- grades


def test_grade_is_signed_and_reasoned_and_the_newest_holds(newsroom):
    source = make_source(newsroom)
    for letter in ("F", "B"):
        sources.grade_source(actor=newsroom.editor, source=source, reliability=letter, rationale="Track record")
    source.refresh_from_db()
    assert source.reliability == "B"
    assert [grade.reliability for grade in source.grades.all()] == ["B", "F"]
    event = Event.objects.filter(action="source_graded").last()
    assert json.loads(event.entry)["reason"] == "Track record"


@pytest.mark.parametrize(("letter", "rationale"), [("G", "because"), ("", "because"), ("b", "because"), ("B", " ")])
def test_grade_without_letter_or_rationale_is_refused(newsroom, letter, rationale):
    with pytest.raises(InvalidInput):
        sources.grade_source(
            actor=newsroom.editor, source=make_source(newsroom), reliability=letter, rationale=rationale
        )
    assert not SourceGrade.objects.exists()


@pytest.mark.parametrize("kind", ["witness", "anonymous"])
def test_nobody_grades_a_witness_of_their_own(newsroom, kind):
    source = make_source(newsroom, "Source 7", kind)
    with pytest.raises(NotAllowed, match="another person must grade"):
        sources.grade_source(actor=newsroom.investigator, source=source, reliability="B", rationale="I know them")
    assert not queries.has_second_grader(source)
    sources.grade_source(actor=newsroom.editor, source=source, reliability="C", rationale="Checked the papers")
    assert queries.has_second_grader(source)


@pytest.mark.parametrize("role", ["viewer", "auditor", "publisher"])
def test_grading_asks_for_the_right_to_grade(newsroom, role):
    with pytest.raises(NotAllowed, match="grade"):
        sources.grade_source(
            actor=getattr(newsroom, role), source=make_source(newsroom), reliability="B", rationale="because"
        )


def test_source_of_another_case_does_not_exist(newsroom):
    other = make_case("OTHER-1", {"editor": newsroom.stranger})
    source = sources.create_source(actor=newsroom.stranger, case=other, name="Secret", kind="witness")
    with pytest.raises(NotVisible):
        queries.get_source(newsroom.editor, source.pk)
    with pytest.raises(NotVisible):
        sources.grade_source(actor=newsroom.editor, source=source, reliability="A", rationale="because")


# --- origins


def test_joined_sources_are_one_origin_with_a_reason(newsroom):
    rows = [make_source(newsroom, name) for name in ("AFP", "Le Journal")]
    group = origin_groups.join_sources(actor=newsroom.editor, sources=rows, reason="Wire copy", label="AFP wire")
    assert {source.origin_group for source in Source.objects.all()} == {group}
    assert group.label == "AFP wire"
    assert {change.changed_by for change in OriginChange.objects.all()} == {newsroom.editor}
    [event] = Event.objects.filter(action="origin_joined")
    assert event.object == f"origingroup:{group.pk}"


def test_source_joins_an_existing_group(newsroom):
    first, second = make_source(newsroom, "AFP"), make_source(newsroom, "Le Journal")
    group = origin_groups.split_source(actor=newsroom.editor, source=first, reason="Own reporting")
    assert group.label == "AFP"
    origin_groups.join_sources(actor=newsroom.editor, sources=[second], group=group, reason="Quotes AFP only")
    [found] = queries.origin_groups_of(newsroom.viewer, newsroom.case)
    assert [source.name for source in found.sources.all()] == ["AFP", "Le Journal"]


def test_split_source_is_an_origin_of_its_own_and_can_be_released(newsroom):
    rows = [make_source(newsroom, name) for name in ("AFP", "Le Journal")]
    origin_groups.join_sources(actor=newsroom.editor, sources=rows, reason="Wire copy")
    origin_groups.split_source(actor=newsroom.editor, source=rows[1], reason="Own witness on the spot")
    assert OriginGroup.objects.filter(sources__isnull=False).distinct().count() == 2
    released = origin_groups.release_source(actor=newsroom.editor, source=rows[1], reason="Too early to say")
    assert released.origin_group is None
    [left] = queries.origin_groups_of(newsroom.viewer, newsroom.case)
    assert [source.name for source in left.sources.all()] == ["AFP"]


@pytest.mark.parametrize("role", ["investigator", "viewer", "auditor"])
def test_only_an_editor_joins_and_splits(newsroom, role):
    source = make_source(newsroom)
    for attempt in (origin_groups.split_source, origin_groups.release_source):
        with pytest.raises(NotAllowed, match="origin groups"):
            attempt(actor=getattr(newsroom, role), source=source, reason="because")


def test_joining_needs_a_reason_and_sources_of_one_case(newsroom):
    source = make_source(newsroom)
    other = make_case("OTHER-1", {"editor": newsroom.editor, "investigator": newsroom.investigator})
    foreign = sources.create_source(actor=newsroom.investigator, case=other, name="RFE/RL", kind="news")
    for rows, reason in (([source], " "), ([], "because"), ([source, foreign], "because")):
        with pytest.raises(InvalidInput):
            origin_groups.join_sources(actor=newsroom.editor, sources=rows, reason=reason)
    group = origin_groups.split_source(actor=newsroom.editor, source=foreign, reason="because")
    with pytest.raises(InvalidInput, match="no such origin group"):
        origin_groups.join_sources(actor=newsroom.editor, sources=[source], group=group, reason="because")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evidence_sourcegrade SET reliability = 'A'",
        "DELETE FROM evidence_sourcegrade",
        "UPDATE evidence_originchange SET reason = ''",
        "DELETE FROM evidence_originchange",
    ],
)
def test_database_refuses_to_rewrite_grades_and_origins(newsroom, statement):
    source = make_source(newsroom)
    sources.grade_source(actor=newsroom.editor, source=source, reliability="B", rationale="because")
    origin_groups.split_source(actor=newsroom.editor, source=source, reason="because")
    with pytest.raises(DatabaseError, match=r"refused|permission denied"), connection.cursor() as cursor:
        cursor.execute(statement)
