"""One analysis from end to end: the shape that programs read, the same bytes for the same posts."""

import json
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posts import report
from posts.columns import Columns
from posts.coshare.network import Settings
from posts.coshare.rows import ShareRow
from posts.counting.rankings import Shared
from posts.enums import Kind, Level, ObjectKind
from posts.report import Request
from tests.posts.rows import POSTS, TEXTS, columns, row

WORDS_OF_A_VERDICT = ("bot", "coordinated", "troll", "fake", "score")


def analysed(rows, **more) -> dict:
    posts = Columns.of(rows)
    request = Request(coshare=(ObjectKind.TEXT,), settings=Settings(60, 1), **more)
    tags = [["tag"] if "#" in text else [] for text in posts.texts]
    shared = [Shared(posts.ids[i], posts.accounts[posts.account[i]], 3) for i in range(len(posts))]
    rows = report.text_rows(posts)
    return report.analyse(posts, request, tags=tags, shared=shared, reposted=["0"], share_rows=rows)


def test_everything_that_was_asked_for_is_there():
    found = analysed([row(n, f"a{n % 3}", n, TEXTS[n % 3]) for n in range(9)])
    assert found["first"]["id"] == "0"
    assert found["peak_day"] == {"bucket": "1970-01-01", "posts": 9, "ties": []}
    assert found["peak_hour"]["bucket"] == "1970-01-01T00:00+00:00"
    assert found["most_active"][0] == {"author": "a0", "posts": 3, "reposts": 0}
    assert found["most_shared"][0]["reposts_here"] == 1
    assert found["hashtags"][0] == {
        "tag": "tag", "posts": 9, "accounts": 3,
        "first": "1970-01-01T00:00:00+00:00", "last": "1970-01-01T00:00:08+00:00",
    }  # fmt: skip
    assert list(found["clusters"]) == ["L0", "L1", "L2", "L3"]
    assert found["clusters"]["L3"]["largest"]["posts"] == 9
    assert set(found["coshare"]) >= {"pairs", "nodes", "edges", "max_weight", "threshold", "above"}


def test_reposts_are_counted_apart():
    rows = [row(n, f"a{n}", n, TEXTS[0], Kind.REPOST if n else Kind.ORIGINAL) for n in range(4)]
    found = report.clusters(columns(*rows), [Level.L2])["L2"]
    assert (found["posts"], found["originals_only"]["posts"]) == (4, 0)
    assert [one.content for one in report.text_rows(columns(*rows))] == ["0"]


@given(POSTS, st.integers(0, 1_000))
@settings(max_examples=40)
def test_same_posts_in_any_order_give_the_same_bytes(rows, seed):
    turned = list(rows)
    Random(seed).shuffle(turned)
    first, second = (json.dumps(analysed(some), sort_keys=False) for some in (rows, turned))
    assert first == second


@given(POSTS)
@settings(max_examples=10)
def test_no_word_of_a_verdict_is_in_a_result(rows):
    keys = set(_keys(analysed(rows)))
    assert not any(word in key for key in keys for word in WORDS_OF_A_VERDICT)


def _keys(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)


@pytest.mark.parametrize("level", list(Level))
def test_a_level_can_be_asked_for_alone(level):
    rows = [row(n, f"a{n}", n, TEXTS[0]) for n in range(3)]
    assert report.clusters(columns(*rows), [level])[level.value]["clusters"] == 1


def test_only_the_objects_that_were_asked_for_make_the_network():
    rows = [ShareRow("x", account, account, 0, kind) for account in "ab" for kind in (ObjectKind.URL, ObjectKind.TEXT)]
    request = Request(coshare=(ObjectKind.URL,), settings=Settings(60, 1))
    network = report.network(rows, request)
    assert [one["kind"] for one in network.evidence(0)] == ["url"]
