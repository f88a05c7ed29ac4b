"""The same question, the same hits in the same order, the same facets: whichever engine answers. And who answers when
the chosen one cannot."""

import random
import shutil
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from cases.exceptions import InvalidInput
from cases.models import Case
from search import dictionary
from search.actions.indexing import keep_up, refresh
from search.actions.rebuilding import mend_index
from search.actions.searching import LATE, search
from search.drafts import Draft
from search.engines.base import OutOfTime
from search.engines.postgres import in_time
from search.engines.whoosh import following, segments, shelf
from search.engines.whoosh.beginnings import MOST_EXPANDED
from search.engines.whoosh.reading import REBUILDING
from search.jobs import tidy_index
from search.kinds.base import Searchable
from search.models import Document, Noted, Wording
from search.verifying import verify
from tests.factories.cases import make_case
from tests.factories.subjects import make_person
from tests.search.conftest import found

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stores")]

VOCABULARY = ["ada", "adam", "bela", "belair", "cira", "dove", "dover", "eros", "fado", "gala", "Əliyev", "Ağa", "ışıq"]
SEED = 20240516


def make_documents(case: Case, number: int) -> None:
    """Texts of a few words in all kinds, languages, states and years."""
    chance = random.Random(SEED)
    drafts = [
        Draft(
            kind=chance.choice(["text", "claim", "source", "review"]),
            object_id=UUID(int=one),
            case_id=case.pk,
            title=chance.choice(VOCABULARY),
            text=" ".join(chance.choices(VOCABULARY, k=chance.randint(0, 12)))
            + chance.choice(["", " #gala", " @dove"]),
            lang=chance.choice(["az", "fr-NC", ""]),
            status=chance.choice(["draft", "active"]),
            at=None if chance.random() < 0.2 else case.created_at.replace(year=chance.randint(2019, 2024), day=5),
        )
        for one in range(number)
    ]
    with transaction.atomic():
        refresh(Searchable("made", Case, ("text", "claim", "source", "review"), lambda ids: drafts), [])


def random_query(chance: random.Random) -> str:
    word = lambda: chance.choice(VOCABULARY)  # noqa: E731
    makers = [
        word,
        lambda: f"-{word()}",
        lambda: f'"{word()} {word()}"',
        lambda: f"{word()[:3]}*",
        lambda: f"({word()} OR {word()} {word()})",
        lambda: f"exact:{word()}",
        lambda: chance.choice(["#gala", "@dove", "lang:fr", "status:draft", "type:text,claim", "-type:review"]),
        lambda: chance.choice(["date:2020..2022", "after:2021-06", "-date:2021", "before:2020"]),
        lambda: f"{word()} OR {word()}",
        lambda: f"{word()}x",
    ]
    return " ".join(chance.choice(makers)() for _ in range(chance.randint(1, 4)))


def test_random_queries_find_the_same_in_both(settings):
    case, chance = make_case(), random.Random(SEED)
    make_documents(case, 150)
    keep_up()
    for _ in range(150):
        query, answers = random_query(chance), []
        for settings.SEARCH_ENGINE in ("whoosh", "postgres"):
            result = search(actor=case.lead, query=query, size=100)
            assert result.engine == settings.SEARCH_ENGINE
            numbers = {(facet.name, value.value, value.number) for facet in result.facets for value in facet.values}
            answers.append(([hit.document.pk for hit in result.hits], result.total, numbers, result.is_close))
        assert answers[0] == answers[1], query


@pytest.mark.parametrize("engine", ["whoosh", "postgres"])
@pytest.mark.parametrize(
    ("document", "queries"),
    [
        ("İlham Əliyev", ["ilham", "İLHAM", "İlham", "aliyev", "ALİYEV", "Əliyev", "əliyev"]),
        ("IŞIQ işıq", ["ışıq", "işıq", "isiq", "IŞIQ"]),
        ("Esmira Xəlil", ["xəlil", "xalil", "XƏLİL"]),
        ("Ёлка", ["елка", "ёлка"]),
        ("VÜQAR Ağayev", ["vuqar", "vüqar", "agayev", "ağayev"]),
        ("東京大学の研究", ["東京", "研究", "大学"]),
        ("l'homme d’État", ["homme", "etat"]),
    ],
)
def test_letters_of_one_word_are_found_by_those_that_stand_for_them(settings, engine, document, queries):
    settings.SEARCH_ENGINE = engine
    case = make_case(title=document)
    for query in queries:
        assert case.pk in {hit.document.object_id for hit in found(case.lead, f"type:case {query}").hits}, query


@pytest.mark.parametrize("engine", ["whoosh", "postgres"])
def test_beginning_of_a_word_is_found_and_marked(settings, engine):
    settings.SEARCH_ENGINE = engine
    case = make_case(title="Harbour accounts")
    [hit] = found(case.lead, "type:case HARB*").hits
    assert (hit.document.object_id, ("Harbour", True) in hit.title.pieces) == (case.pk, True)
    assert found(case.lead, "type:case -harb*").total == 0


# --- who answers


@pytest.fixture
def indexed(settings):
    settings.SEARCH_ENGINE = "whoosh"
    case = make_case(title="Harbour accounts")
    keep_up()
    assert search(actor=case.lead, query="harbour").engine == "whoosh"
    return case


def assert_database_answers(case, *notes: str) -> None:
    result = search(actor=case.lead, query="harbour")
    assert (result.total, result.engine, result.notes) == (1, "postgres", notes)


def assert_index_answers(case) -> None:
    result = search(actor=case.lead, query="harbour")
    assert (result.total, result.engine, result.notes) == (1, "whoosh", ())


def test_index_that_is_a_moment_behind_lets_the_database_answer(indexed, monkeypatch):
    monkeypatch.setattr("search.engines.choice.follow", lambda: 0)
    make_person(case=indexed, label="Harbour Master")
    keep_up()
    result = search(actor=indexed.lead, query="harbour")
    assert (result.total, result.engine, result.notes) == (2, "postgres", ())


def test_database_answers_for_a_beginning_of_more_words_than_the_index_is_asked_for(indexed):
    dictionary.learn(indexed.pk, False, [f"harb{number}" for number in range(MOST_EXPANDED + 1)])
    result = search(actor=indexed.lead, query="harb*")
    assert (result.total, result.engine, result.notes) == (1, "postgres", ())


def test_database_answers_for_a_phrase_of_words_that_stand_in_too_many_documents(indexed, monkeypatch):
    make_documents(indexed, 40)
    keep_up()
    both = search(actor=indexed.lead, query='"ada ada"')
    assert both.engine == "whoosh"
    monkeypatch.setattr(segments, "MOST_FOLLOWED", 0)
    assert search(actor=indexed.lead, query="ada").engine == "whoosh"
    result = search(actor=indexed.lead, query='"ada ada"')
    assert (result.engine, result.notes) == ("postgres", ())
    assert result.total == both.total > 0


@pytest.mark.parametrize("harm", ["folder", "root", "current", "manifest", "opened"])
def test_index_that_is_gone_or_not_ours_is_built_anew(indexed, harm):
    """F18."""
    folder = shelf.current()
    if harm in ("folder", "root"):
        shutil.rmtree(folder if harm == "folder" else folder.parent)
    elif harm == "current":
        (folder.parent / "CURRENT").write_text("../../etc")
    elif harm == "manifest":
        (folder / "manifest.json").write_text("{}")
    else:
        folder.chmod(0o755)
    assert_database_answers(indexed, REBUILDING)
    keep_up()
    assert_index_answers(indexed)
    assert [path.name for path in shelf.root().iterdir() if path.is_dir()] == [shelf.current().name]


def test_index_of_older_rules_is_built_anew_beside_and_switched(indexed, monkeypatch):
    before = shelf.current()
    for module in ("shelf", "writing", "reading", "following"):
        monkeypatch.setattr(f"search.engines.whoosh.{module}.SCHEMA_VERSION", "another")
    monkeypatch.setattr(shelf, "_PREFIX", "0123456789ab")
    assert_database_answers(indexed, REBUILDING)
    keep_up()
    assert_index_answers(indexed)
    assert shelf.current() != before
    assert not before.exists()


def test_rebuilding_goes_on_where_it_was_interrupted(indexed, monkeypatch):
    for number in range(5):
        make_person(case=indexed, label=f"Person {number}")
    monkeypatch.setattr("search.engines.whoosh.writing.BATCH", 2)
    keep_up()
    begun = shelf.begin()
    following.write(begun, following.changed_since(0, 3))
    mark = following.read_manifest(begun).mark
    taken = []
    honest = following.write
    monkeypatch.setattr(following, "write", lambda folder, rows: (taken.extend(rows), honest(folder, rows)))
    assert following.rebuild() == begun == shelf.current()
    assert min(row.seq for row in taken) == mark + 1
    assert_index_answers(indexed)


def test_index_that_knows_more_than_the_database_is_built_anew(indexed):
    """The database was put back to an earlier state, and the folder was not."""
    person = make_person(case=indexed, label="Harbour Master")
    keep_up()
    before = shelf.current()
    Document.objects.filter(object_id=person.pk).delete()
    keep_up()
    assert shelf.current() != before
    assert_index_answers(indexed)


def test_where_nothing_can_be_written_the_database_answers(indexed, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.SEARCH_INDEX_DIR = tmp_path / "file" / "search-index"
    keep_up()
    assert_database_answers(indexed, REBUILDING)


def test_engine_that_gives_up_says_what_to_do(indexed, monkeypatch):
    monkeypatch.setattr("search.engines.whoosh.reading.SECONDS", -1)
    with pytest.raises(InvalidInput, match="takes too long"):
        search(actor=indexed.lead, query="harbour")


def test_command_reads_everything_again_and_verifies(indexed, capsys):
    Wording.objects.filter(document__kind="case").update(title="damaged", text="damaged", digest="")
    call_command("rebuild_index", "--json")
    assert '"differing": 0' in capsys.readouterr().out
    assert Wording.objects.get(document__kind="case").title == str(indexed)
    assert_index_answers(indexed)


def test_index_that_differs_is_mended_at_night(indexed):
    make_person(case=indexed, label="Harbour Master")
    before = shelf.current()
    assert mend_index().differing == 0
    assert shelf.current() == before
    keep_up()
    Document.objects.filter(kind="case").delete()
    assert mend_index().differing == 1
    assert shelf.current() != before
    assert mend_index().differing == 0
    assert_index_answers(indexed)


def test_weekly_tidying_changes_no_answer(indexed):
    for number in range(4):
        make_person(case=indexed, label=f"Person {number}")
        keep_up()
    tidy_index(0)
    assert_index_answers(indexed)
    shutil.rmtree(shelf.root())
    assert not following.tidy()


def test_people_are_told_when_changes_wait_to_be_read(indexed):
    make_person(case=indexed, label="Harbour Master")
    assert search(actor=indexed.lead, query="harbour").notes == ()
    Noted.objects.update(at=timezone.now() - timedelta(minutes=7))
    assert search(actor=indexed.lead, query="harbour").notes == (LATE.format("7 minutes"),)
    assert search(actor=make_case().lead, query="harbour").notes == ()
    found = verify()
    assert found.waiting >= 1
    assert found.waiting_seconds >= 7 * 60


def test_statement_that_takes_too_long_is_stopped_and_the_next_has_its_old_limit(db, monkeypatch):
    def limit() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            return cursor.fetchone()[0]

    before = limit()
    with in_time():
        assert limit() != before
    assert limit() == before
    monkeypatch.setattr("search.engines.postgres.SECONDS", 0.02)
    with pytest.raises(OutOfTime), transaction.atomic(), in_time(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")
    assert limit() == before


def test_command_says_when_the_index_lacks_something(indexed, monkeypatch, capsys):
    Document.objects.filter(kind="case").update(seq=10**6)
    with pytest.raises(CommandError, match="documents are not in the index") as refused:
        call_command("rebuild_index", "--verify")
    assert refused.value.returncode == 1
    call_command("rebuild_index", "--index-only", "--afresh")
    assert "Differing" in capsys.readouterr().out
