"""Posts in the results: words, phrases, tags, handles, times; for those alone who may read their files."""

import pytest

from evidence.actions.items import change_item
from evidence.models import CustodyEvent
from posts.actions import importing
from posts.actions.rereading import reread
from search.actions.indexing import keep_up
from search.actions.searching import CLOSE, search
from tests.factories.claims import make_text, make_world
from tests.factories.posts import import_posts, row, table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stores")]

POSTS = [
    row(1, 1, "Recognise the islands_at once, İlham Əliyev says http://news.example/islands?a=1 #Islands"),
    row(2, 2, "The islands at dawn, 1,686 of them @user1", minutes=10),
    row(3, 3, "L’État et les îles #Şuşa", minutes=60 * 24 * 40),
]


@pytest.fixture
def world(tmp_path, settings):
    settings.SEARCH_ENGINE = "postgres"
    world = make_world()
    world.dataset = import_posts(world.author, world.case, table(tmp_path / "posts.csv", POSTS))
    return world


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("islands", {"1", "2"}),
        ('"islands at"', {"1", "2"}),
        ("islands_at", {"1", "2"}),
        ('"at islands"', set()),
        ("islands -dawn", {"1"}),
        ("dawn OR etat", {"2", "3"}),
        ("ilham aliyev", {"1"}),
        ("ƏLİYEV", {"1"}),
        ("iles", {"3"}),
        ("islan*", {"1", "2"}),
        ("news", {"1"}),
        ("1,686", {"2"}),
        ("#islands", {"1"}),
        ("#şuşa", {"3"}),
        ("#isl*", {"1"}),
        ("@user1", {"1", "2"}),
        ("handle:user3", {"3"}),
        ("handle:user*", {"1", "2", "3"}),
        ("type:post", {"1", "2", "3"}),
        ("type:post date:2024-06", {"3"}),
        ("type:post platform:x", {"1", "2", "3"}),
        ("type:person islands", set()),
        ("status:active islands", set()),
        ("case:NEVER-1 islands", set()),
    ],
)
def test_posts_are_found_by_what_they_have(world, query, expected):
    posts = search(actor=world.author, query=query).posts
    assert {post.native_id for post in posts.rows} == expected
    assert posts.total == len(expected)
    assert not posts.is_more


def test_close_words_are_shown_only_where_no_post_has_the_exact_ones(world):
    make_text(world.case, world.author, "A directory of dawns", world.radio)
    keep_up()
    exact = search(actor=world.author, query="dawn")
    assert (exact.total, exact.posts.total, exact.is_close, exact.notes) == (0, 1, False, ())
    close = search(actor=world.author, query="dawnz")
    assert (close.total, close.is_close, close.notes) == (1, True, (CLOSE,))


def test_posts_of_a_sensitive_file_are_for_those_who_may_open_it(world):
    assert search(actor=world.publisher, query="islands").posts.total == 2
    viewer = world.checker
    item = world.dataset.item
    item.refresh_from_db()
    change_item(actor=world.author, item=item, version=item.version, changes={"sensitivity": "sensitive"})
    assert search(actor=viewer, query="islands").posts.total == 2
    # Reading them here is a look at the file, and on record.
    assert CustodyEvent.objects.filter(item=item, actor=viewer, purpose__startswith="Read as posts").count() == 1
    viewer.token_scopes = frozenset()
    assert search(actor=viewer, query="islands").posts.total == 0


def test_post_that_several_records_tell_is_one_hit_by_the_words_of_any_of_them(world, tmp_path):
    """As it counts, which is as the longest text has it; and as it was told otherwise where only that has the words."""
    edited = [row(2, 2, "The islands at dusk, 1,686 of them, all seen from here @user1", minutes=10)]
    import_posts(world.author, world.case, table(tmp_path / "edited.csv", edited))
    for query, texts in (("islands", ["dusk", "once"]), ("dawn", ["dawn"]), ("dusk", ["dusk"]), ("type:post", None)):
        found = search(actor=world.author, query=query).posts
        assert found.total == len(found.rows) == (len(texts) if texts else 3)
        for post, word in zip(found.rows, texts or (), strict=bool(texts)):
            assert word in post.text


def test_posts_of_a_file_that_was_read_again_are_found_by_the_later_reading_alone(world, tmp_path, monkeypatch):
    with monkeypatch.context() as older:
        older.setattr(importing, "READER_VERSION", "R4")
        path = table(tmp_path / "other.csv", [row(9, 9, "A sentence that stands nowhere else")])
        old = import_posts(world.author, world.case, path, platform="other")
    reread(actor=world.author, dataset=old, watcher=importing.Unwatched(), server="ok.ru")
    found = search(actor=world.author, query="nowhere").posts
    assert ([post.native_id for post in found.rows], found.total) == (["9@ok.ru"], 1)
    assert search(actor=world.author, query="islands").posts.total == 2
