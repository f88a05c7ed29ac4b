"""What PostgreSQL itself holds: rows of other cases stay hidden from every way of asking; every change is noted."""

import json
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy

import pytest
from django.db import DataError, ProgrammingError, connection, transaction

from cases.actions.members import add_member, end_membership
from cases.models import Case, Person
from cases.row_security import NOBODY, SYSTEM, acting_as
from search.actions import indexing
from search.actions.indexing import MOST_ATTEMPTS, keep_up, read_noted
from search.actions.rebuilding import mend_index
from search.ast import Everything
from search.engines.base import Question
from search.engines.postgres import Postgres, condition
from search.kinds import SEARCHABLES
from search.models import Document, Noted, Word, Wording
from search.query.parser import parse
from search.rights import Reach
from tests.factories.claims import World, make_world
from tests.factories.posts import CAMPAIGN, import_posts, table
from tests.factories.subjects import make_person
from tests.scenes import committed
from tests.search.conftest import folders_in

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("stores"),
    pytest.mark.xdist_group("search walls"),
]


@pytest.fixture(scope="module")
def lasting_worlds(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[World, World]]:
    """Two committed cases with the same posts and evidence, which were read."""
    folder = tmp_path_factory.mktemp("worlds")

    def build() -> tuple[World, World]:
        both = make_world(), make_world()
        for world in both:
            import_posts(world.author, world.case, table(folder / f"{world.case.ref}.csv", CAMPAIGN))
        keep_up()
        return both

    with committed(django_db_blocker, build, **folders_in(folder), SEARCH_ENGINE="postgres") as both:
        yield both


@pytest.fixture
def worlds(lasting_worlds, db, settings) -> tuple[World, World]:
    """Each test's own changes are rolled back."""
    settings.SEARCH_ENGINE = "postgres"
    return deepcopy(lasting_worlds)


def everywhere() -> Reach:
    """As if somebody could name the cases of others."""
    cases = dict(Case.objects.values_list("pk", "ref"))
    return Reach(cases, frozenset(cases))


FOUND = "SELECT DISTINCT case_id FROM search_found(%s::jsonb, %s::uuid[], %s::uuid[], '{}')"


def cases_found(tree: list) -> set:
    """The cases of what the function finds when it is asked for every audience there is."""
    with connection.cursor() as cursor:
        cursor.execute(FOUND, [json.dumps(tree), *everywhere().arrays])
        return {case_id for (case_id,) in cursor.fetchall()}


@pytest.mark.parametrize("facets", [True, False])
def test_answer_counts_and_shows_own_cases_whatever_it_is_asked(worlds, facets):
    """Numbers too, of groups and of a page behind the last one."""
    mine, theirs = worlds
    everybody = everywhere()
    for uid, cases in ((str(mine.author.pk), [mine.case]), (NOBODY, []), (SYSTEM, [mine.case, theirs.case])):
        with acting_as(uid):
            for offset in (0, 10_000):
                asked = Question(Everything(), everybody, size=1_000, offset=offset, facets=facets)
                answer = Postgres().ask(asked)
                own = set(Document.objects.filter(live=True).values_list("pk", flat=True))
                assert set(answer.ids) == (own if not offset else set())
                assert answer.total == len(own)
                assert set(answer.facets.get("case", {})) == {str(case.pk) for case in cases if facets}


def test_functions_show_rows_of_own_cases_whatever_they_are_asked(worlds):
    mine, theirs = worlds
    everybody = everywhere()
    posts = "SELECT count(*) FROM search_post_ids('recognise'::tsquery)"
    expected = {str(mine.author.pk): {mine.case.pk}, NOBODY: set(), SYSTEM: {mine.case.pk, theirs.case.pk}}
    numbers = {}
    for uid, cases in expected.items():
        with acting_as(uid), connection.cursor() as cursor:
            for tree in (["all"], ["or", [["all"], ["not", ["all"]]]], condition(parse("a OR esmira").tree)):
                cursor.execute(FOUND, [json.dumps(tree), *everybody.arrays])
                assert {case_id for (case_id,) in cursor.fetchall()} == cases
            cursor.execute(posts)
            numbers[uid] = cursor.fetchone()[0]
            assert {row.case_id for row in Document.objects.all()} == cases
            assert {row.case_id for row in Word.objects.all()} == cases
    assert numbers[SYSTEM] == 2 * numbers[str(mine.author.pk)] > 0 == numbers[NOBODY]


def test_functions_show_nothing_of_a_case_that_one_has_left(worlds):
    mine, theirs = worlds
    joined = add_member(actor=mine.editor, case=mine.case, user=theirs.author, role="viewer")
    with acting_as(str(theirs.author.pk)):
        assert cases_found(["all"]) == {mine.case.pk, theirs.case.pk}
    end_membership(actor=mine.editor, case=mine.case, membership_id=joined.pk)
    with acting_as(str(theirs.author.pk)):
        assert cases_found(["all"]) == {theirs.case.pk}
        asked = Question(Everything(), everywhere(), size=1_000, facets=False)
        assert Postgres().ask(asked).total == Document.objects.filter(live=True).count() > 0


@pytest.mark.parametrize(
    "tree",
    [
        ["words", "'a') OR true --"],
        ["words", "a'::tsquery OR true OR 'a"],
        ["keys", ["x'}'::text[] OR true --"]],
        ["ids", ["1) OR (true"]],
        ["from", "now()' OR 'a'='a"],
        ["true); DROP TABLE search_document; --", 1],
        ["nonsense", 1],
        [],
    ],
)
def test_no_condition_becomes_sql(worlds, tree):
    """A67: it is refused by PostgreSQL as a value, or finds nothing."""
    with suppress(DataError, ProgrammingError), transaction.atomic():
        assert cases_found(tree) == set()
    assert Document.objects.exists()


def test_each_searchable_table_notes_its_changes(db):
    tables = {one.model._meta.db_table for one in SEARCHABLES.values()} | {"cases_name", "claims_claimversion"}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'search_note' AND tgenabled = 'O'"
        )
        assert {name for (name,) in cursor.fetchall()} == tables


def test_change_that_is_undone_is_not_noted_and_raw_sql_is(worlds):
    mine, _ = worlds
    before = Noted.objects.count()
    with transaction.atomic():
        make_person(case=mine.case, actor=mine.author)
        assert Noted.objects.count() > before
        transaction.set_rollback(True)
    assert Noted.objects.count() == before
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_person SET note = 'Changed past the application' WHERE id = %s", [mine.person.pk])
    assert [note.object_id for note in Noted.objects.all()] == [mine.person.pk]
    keep_up()
    assert Wording.objects.get(document__object_id=mine.person.pk).text == "Changed past the application"


def test_row_that_cannot_be_read_keeps_no_other_from_being_read(worlds, monkeypatch):
    mine, _ = worlds
    bad, good = (make_person(case=mine.case, actor=mine.author, label=label) for label in ("Bad", "Good"))
    honest = indexing.content_of

    def content_of(draft):
        if draft.title == "Bad":
            raise ValueError("no word of it")
        return honest(draft)

    monkeypatch.setattr(indexing, "content_of", content_of)
    for _ in range(MOST_ATTEMPTS + 1):
        read_noted()
    assert Document.objects.filter(object_id=good.pk).exists()
    left = {(note.object_id, note.attempts, note.problem) for note in Noted.objects.all()}
    assert left == {(bad.pk, MOST_ATTEMPTS, "ValueError: no word of it")}
    # What was in the way is gone: the look of each night has it read.
    monkeypatch.undo()
    mend_index()
    keep_up()
    assert Document.objects.filter(object_id=bad.pk).exists()
    assert not Noted.objects.exists()


def test_documents_of_older_rules_are_made_anew(worlds):
    mine, _ = worlds
    Wording.objects.filter(document__object_id=mine.person.pk).update(made_by="older", digest="older", title="Old")
    assert read_noted() > 0
    assert Wording.objects.get(document__object_id=mine.person.pk).title == Person.objects.get(pk=mine.person.pk).label
    assert read_noted() == 0
