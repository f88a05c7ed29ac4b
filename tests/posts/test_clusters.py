"""Clusters at every level: against plain definitions, against the peers' labels, and never by buckets alone."""

import json
from collections import defaultdict
from itertools import combinations

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posts.clusters import alike, exact, likeness, minhash, near
from posts.clusters.shingles import shingles
from posts.columns import Columns, Row
from posts.enums import Level
from posts.exceptions import InvalidSettings, TooManyAlike, TooManyTexts
from posts.texts.forms import forms
from posts.texts.normalisation import n1
from tests.posts.files import needs_real_files
from tests.posts.labelled import labelled_texts, recall
from tests.posts.rows import POSTS, TEXTS, columns, row

WORDS = st.sampled_from(["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"])
SENTENCES = st.lists(WORDS, min_size=4, max_size=9).map(" ".join)


def jaccard(one: str, other: str) -> float:
    first, second = ({text[i : i + 5] for i in range(max(len(text) - 4, 1))} for text in (one, other))
    return len(first & second) / len(first | second)


def plain_components(texts: list[str], threshold: float) -> tuple[set[frozenset[str]], dict[frozenset[str], float]]:
    """All pairs, then connected components; the weakest link is that of the greatest spanning tree."""
    graph = networkx.Graph()
    graph.add_nodes_from(texts)
    for one, other in combinations(texts, 2):
        if (likely := jaccard(one, other)) >= threshold:
            graph.add_edge(one, other, weight=likely)
    groups = {frozenset(group) for group in networkx.connected_components(graph)}
    tree = networkx.maximum_spanning_tree(graph)
    weakest = {
        group: min((weight for *_, weight in tree.subgraph(group).edges(data="weight")), default=1.0)
        for group in groups
    }
    return groups, weakest


def groups_of(texts: list[str], found: near.Components) -> set[frozenset[str]]:
    groups = defaultdict(set)
    for text, label in zip(texts, found.label.tolist(), strict=True):
        groups[label].add(text)
    return {frozenset(group) for group in groups.values()}


# --- L0 to L2


@given(POSTS, st.sampled_from([Level.L0, Level.L1, Level.L2]))
def test_exact_clusters_are_equal_texts_of_several_accounts(rows, level):
    posts = Columns.of(rows)
    found = exact.clusters(posts, level)
    groups = defaultdict(list)
    for place, text in enumerate(posts.texts):
        form = forms(text)
        if form.eligible:
            groups[{"L0": form.raw, "L1": form.n1, "L2": form.core}[level.value]].append(place)
    counting = [g for g in groups.values() if len({posts.account[i] for i in g}) >= 2]
    assert (len(found), found.result()["posts"]) == (len(counting), sum(map(len, counting)))
    assert {tuple(found.members(number)) for number in range(len(found))} == set(map(tuple, counting))


@given(POSTS, st.sampled_from(list(Level)), st.randoms(use_true_random=False))
def test_order_of_posts_changes_nothing(rows, level, random):
    turned = list(rows)
    random.shuffle(turned)
    cluster = near.clusters if level == Level.L3 else lambda posts: exact.clusters(posts, level)
    first, second = (cluster(Columns.of(some)) for some in (rows, turned))
    assert json.dumps(first.result()) == json.dumps(second.result())
    assert [first.cluster(n) for n in range(len(first))] == [second.cluster(n) for n in range(len(second))]


def test_each_level_joins_more():
    posts = columns(*(row(number, f"a{number}", number, text) for number, text in enumerate(TEXTS)))
    sizes = {level: exact.clusters(posts, level).result()["posts"] for level in (Level.L0, Level.L1, Level.L2)}
    assert sizes | {Level.L3: near.clusters(posts).result()["posts"]} == {"L0": 0, "L1": 2, "L2": 3, "L3": 4}


def test_one_account_that_repeats_itself_is_no_cluster_and_short_texts_never_are():
    posts = columns(
        *(row(n, "a", n, TEXTS[0]) for n in range(3)), *(row(9 + n, f"b{n}", n, TEXTS[4]) for n in range(3))
    )
    assert exact.clusters(posts, Level.L0).result() == {"clusters": 0, "posts": 0, "largest": None}


def test_the_earliest_post_of_a_cluster_is_told_with_its_ties_and_flags():
    posts = columns(
        row(5, "c", 10, TEXTS[0]), row(30, "b", 10, TEXTS[0], flagged=True), row(4, "d", 11, TEXTS[0]),
        row(1, "e", None, TEXTS[0]),
    )  # fmt: skip
    assert exact.clusters(posts, Level.L0).first(0) == {
        "id": "5",
        "author": "c",
        "at": "1970-01-01T00:00:10+00:00",
        "flagged": False,
        "ties": [{"id": "30", "author": "b"}],
    }


def test_largest_cluster_comes_first():
    posts = columns(*(row(n, f"a{n}", n, TEXTS[3] if n < 2 else TEXTS[0]) for n in range(5)))
    found = exact.clusters(posts, Level.L2)
    assert [(found.cluster(n)["posts"], found.cluster(n)["accounts"]) for n in range(2)] == [(3, 3), (2, 2)]


# --- L3


@given(st.lists(SENTENCES, unique=True, max_size=25), st.sampled_from([0.5, 0.6, 0.7]))
@settings(max_examples=60)
def test_all_pairs_of_few_texts_give_the_components_of_the_definition(texts, threshold):
    texts.sort()
    found = near.components(texts, threshold)
    groups, weakest = plain_components(texts, threshold)
    assert groups_of(texts, found) == groups
    by_text = dict(zip(texts, found.label.tolist(), strict=True))
    for group in groups:
        assert found.weakest[by_text[next(iter(group))]] == pytest.approx(weakest[group])


@given(st.lists(SENTENCES, unique=True, max_size=40))
@settings(max_examples=60)
def test_minhash_only_ever_joins_what_was_compared(texts):
    """With candidates instead of all pairs a cluster may be missed, and none is made up."""
    texts.sort()
    found = groups_of(texts, near.components(texts, exact_up_to=0))
    exactly = groups_of(texts, near.components(texts))
    assert all(any(group <= whole for whole in exactly) for group in found)


def family(number: int, rng: np.random.Generator) -> list[str]:
    words = ["".join(map(chr, 97 + rng.integers(0, 26, 6))) for _ in range(14)]
    copies = []
    for _ in range(number):
        own = list(words)
        own[rng.integers(0, 14)] = "".join(map(chr, 97 + rng.integers(0, 26, 6)))
        copies.append(" ".join(own))
    return copies


def test_minhash_finds_what_all_pairs_find():
    rng = np.random.default_rng(7)
    texts = sorted({text for _ in range(150) for text in family(int(rng.integers(1, 12)), rng)})
    every, candidates = near.components(texts, exact_up_to=10**6), near.components(texts, exact_up_to=0)
    pairs = [same_cluster_pairs(found) for found in (every, candidates)]
    assert pairs[1] <= pairs[0]
    assert len(pairs[1]) >= 0.98 * len(pairs[0])


def same_cluster_pairs(found: near.Components) -> set[tuple[int, int]]:
    groups = defaultdict(list)
    for place, label in enumerate(found.label.tolist()):
        groups[label].append(place)
    return {pair for group in groups.values() for pair in combinations(group, 2)}


def test_a_bucket_of_thousands_is_one_cluster(monkeypatch):
    monkeypatch.setattr(near, "LINKS_AT_ONCE", 5_000)
    monkeypatch.setattr(minhash, "PAIRS_AT_ONCE", 3_000)
    texts = sorted(set(family(1_500, np.random.default_rng(3))))
    found = near.components(texts, exact_up_to=0)
    assert set(found.label.tolist()) == {0}
    assert 0.6 <= found.weakest[0] < 1


def test_a_chain_is_told_by_its_weakest_link():
    start = "abcdefghijklmnopqrstuvwxyz0123456789"
    texts = [start[shift : shift + 24] for shift in range(0, 12, 4)]
    assert jaccard(texts[0], texts[2]) < 0.6 <= jaccard(texts[0], texts[1])
    posts = columns(*(row(n, f"a{n}", n, text) for n, text in enumerate(texts)))
    largest = near.clusters(posts).result()["largest"]
    assert (largest["posts"], largest["weakest_link"]) == (3, round(min(map(jaccard, texts, texts[1:])), 6))


@pytest.mark.parametrize("threshold", [0.39, 0.96, float("nan")])
def test_thresholds_beyond_use_are_refused(threshold):
    with pytest.raises(InvalidSettings, match="threshold"):
        near.clusters(columns(), threshold=threshold)


def test_more_posts_than_a_job_takes_are_refused_with_the_number(monkeypatch):
    monkeypatch.setattr(near, "MOST_POSTS", 2)
    with pytest.raises(TooManyTexts, match="3 posts"):
        near.clusters(columns(*(row(n, "a", n) for n in range(3))))


def test_no_posts_give_no_clusters():
    assert near.clusters(columns()).result() == {"clusters": 0, "posts": 0, "largest": None}


@given(st.lists(st.text(max_size=30), max_size=20))
def test_sets_of_grams_are_those_of_the_texts(texts):
    sets = shingles(texts)
    assert sets.sizes.tolist() == [len({text[i : i + 5] for i in range(max(len(text) - 4, 1))}) for text in texts]
    rows = likeness.matrix(sets)
    pairs = list(combinations(range(len(texts)), 2))
    if pairs:
        left, right = np.array(pairs).T
        expected = [jaccard(texts[one].ljust(5, "\0"), texts[other].ljust(5, "\0")) for one, other in pairs]
        assert likeness.of_pairs(sets, rows, left, right) == pytest.approx(expected)


# --- pairs that are alike themselves

ALMOST_ALIKE = st.text(alphabet="abcd #", min_size=20, max_size=30)


@given(
    st.lists(st.tuples(ALMOST_ALIKE, st.sampled_from(["original", "repost"])), max_size=12),
    st.sampled_from(alike.FORMS),
)
def test_alike_pairs_are_all_and_only_those_that_a_plain_comparison_finds(posts, form):
    columns = Columns.of(Row(str(n), f"a{n}", n, kind, text) for n, (text, kind) in enumerate(posts))
    texts = exact.of_texts(columns)
    found = alike.pairs(columns, texts, form=form, threshold=0.5)
    own = {
        name: one.n1 if form == "L1" else one.core
        for name, one, (_, kind) in zip(columns.ids, texts, posts, strict=True)
        if len(one.n1 if form == "L1" else one.core) >= 20 and kind == "original"
    }
    expected = {pair for pair in combinations(sorted(own), 2) if jaccard(own[pair[0]], own[pair[1]]) >= 0.5}
    told = {tuple(sorted((a, b))) for one in found["list"] for a in one["a"] for b in one["b"]}
    told |= {pair for ids in found["equal"] for pair in combinations(sorted(ids), 2)}
    assert told == expected
    assert (found["posts"], found["texts"], found["pairs"]) == (len(own), len(set(own.values())), len(found["list"]))
    assert [one["likeness"] for one in found["list"]] == sorted(
        (one["likeness"] for one in found["list"]), reverse=True
    )


@pytest.mark.parametrize(("most", "told"), [("MOST_TEXTS", "3 different texts"), ("MOST_PAIRS", "pairs so far")])
def test_more_alike_texts_than_one_list_holds_are_refused_with_their_number(monkeypatch, most, told):
    columns = Columns.of(Row(str(n), "a", n, "original", f"the very same text of post {n}") for n in range(3))
    monkeypatch.setattr(alike, most, 1)
    with pytest.raises(TooManyAlike, match=told):
        alike.pairs(columns, exact.of_texts(columns), form="L2", threshold=0.5)


# --- D3lta's labelled pairs (POSTS 5.5)


@pytest.fixture(scope="module")
def labelled():
    return labelled_texts()


QUALITY = {
    0.4: {"copy-pasta": 0.976, "rewording": 0.204, "translation": 0.011},
    0.5: {"copy-pasta": 0.915, "rewording": 0.070, "translation": 0.004},
    0.6: {"copy-pasta": 0.826, "rewording": 0.022, "translation": 0.001},
}


@needs_real_files
@pytest.mark.parametrize(("threshold", "expected"), QUALITY.items())
def test_quality_on_the_peers_labels(labelled, threshold, expected):
    """The published row is of normalised texts; cores, which lose their hashtags, do a little better."""
    ids, texts, pairs = labelled
    found = {
        tuple(sorted((ids[one], ids[other])))
        for left, right, _ in likeness.all_pairs(shingles([n1(text) for text in texts]), threshold)
        for one, other in zip(left.tolist(), right.tolist(), strict=True)
    }
    assert recall(found, pairs) == pytest.approx(expected, abs=0.001)
