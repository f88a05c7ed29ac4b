"""Co-sharing: the peers' published numbers exactly, the definition against a plain one, and what peers leave out."""

import csv
from collections import Counter, defaultdict
from itertools import combinations

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posts.columns import microseconds
from posts.coshare import exports
from posts.coshare.directed import directed
from posts.coshare.network import SECOND, Settings, coshare
from posts.coshare.pairs import count_pairs, find_pairs, reach
from posts.coshare.rows import ShareRow, ShareRows
from posts.enums import ObjectKind
from posts.exceptions import InvalidSettings, TooManyPairs
from tests.posts.files import SHARED, needs_real_files, read_all

ROWS = st.lists(st.tuples(st.sampled_from("opq"), st.sampled_from("abcd"), st.integers(0, 30)), max_size=24).map(
    lambda found: [ShareRow(obj, account, f"{account}{n}", t * SECOND) for n, (obj, account, t) in enumerate(found)]
)


def plain_pairs(rows: list[ShareRow], window: int, least: int) -> list[tuple[ShareRow, ShareRow]]:
    """CooRTweet's definition word by word (POSTS 4.4, steps 1 to 5), pair by pair."""
    rows = sorted(set(rows))
    often = Counter((row.kind, row.account) for row in rows)
    rows = [row for row in rows if often[row.kind, row.account] >= least]
    pairs = [
        tuple(sorted((one, other), key=lambda row: (row.at, row.content)))
        for one, other in combinations(rows, 2)
        if (one.kind, one.object) == (other.kind, other.object)
        and abs(one.at - other.at) <= window * SECOND
        and one.content != other.content
        and one.account != other.account
        and one.object not in {one.content, other.content}
    ]
    shared = {(row.kind, row.content) for pair in pairs for row in pair}
    counts = Counter((row.kind, row.account) for row in rows if (row.kind, row.content) in shared)
    return [pair for pair in pairs if any(counts[row.kind, row.account] >= least for row in pair)]


@given(ROWS, st.integers(0, 12), st.integers(1, 3))
@settings(max_examples=200)
def test_network_is_that_of_the_definition(rows, window, least):
    expected = plain_pairs(rows, window, least)
    network = coshare(ShareRows.of(rows), Settings(window, least))
    names = network.rows.contents
    pairs = zip(network.pairs.older, network.pairs.newer, strict=True)
    found = [(names[network.rows.content[one]], names[network.rows.content[other]]) for one, other in pairs]
    assert sorted(found) == sorted((one.content, other.content) for one, other in expected)
    check_edges(network, expected)


def check_edges(network, pairs) -> None:
    groups = defaultdict(list)
    for pair in pairs:
        groups[tuple(sorted(row.account for row in pair))].append(pair)
    assert len(network.edges) == len(groups)
    for place in range(len(network.edges)):
        edge = network.edge(place)
        own = groups[edge["a"], edge["b"]]
        deltas = [(newer.at - older.at) / SECOND for older, newer in own]
        by_account = [{row.content for pair in own for row in pair if row.account == edge[end]} for end in ("a", "b")]
        assert edge["weight"] == len(own) == len(network.evidence(place))
        assert edge["n_objects"] == len({older.object for older, _ in own})
        assert edge["mean_delta"] == pytest.approx(sum(deltas) / len(deltas), abs=1e-5)
        assert edge["min_delta"] == pytest.approx(min(deltas), abs=1e-5)
        assert [edge["contents_a"], edge["contents_b"]] == list(map(len, by_account))
        assert edge["symmetry"] == pytest.approx(min(map(len, by_account)) / max(map(len, by_account)), abs=1e-5)


@given(ROWS, st.randoms(use_true_random=False), st.integers(0, 12))
def test_order_and_repetition_of_rows_change_nothing(rows, random, window):
    turned = rows + rows[:3]
    random.shuffle(turned)
    first, second = (coshare(ShareRows.of(some), Settings(window, 1)) for some in (rows, turned))
    assert first.result() == second.result()
    assert [first.edge(i) for i in first.ranked()] == [second.edge(i) for i in second.ranked()]


@given(ROWS, st.integers(0, 12))
def test_pairs_are_counted_before_they_are_found(rows, window):
    share = ShareRows.of(rows)
    number = count_pairs(share, window * SECOND)
    assert number == sum(
        one.object == other.object and one.account != other.account and abs(one.at - other.at) <= window * SECOND
        for one, other in combinations(sorted(set(rows)), 2)
    )
    assert number >= len(find_pairs(share, window * SECOND))


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 50)), max_size=20), st.integers(0, 60))
def test_reach_counts_those_that_follow_within_the_window(rows, window):
    rows.sort()
    group, at = (np.array([row[side] for row in rows], np.int64) for side in (0, 1))
    expected = [
        sum(other[0] == one[0] and other[1] - one[1] <= window for other in rows[place + 1 :])
        for place, one in enumerate(rows)
    ]
    assert reach(group, at, window).tolist() == expected


def test_the_window_holds_on_both_sides_and_to_its_very_end():
    rows = [ShareRow("o", account, account, at * SECOND) for account, at in (("z", 0), ("a", 60), ("m", 121))]
    assert len(find_pairs(ShareRows.of(rows), 60 * SECOND)) == 1
    assert len(find_pairs(ShareRows.of(rows), 61 * SECOND)) == 2


def test_too_many_pairs_are_refused_with_their_number_before_they_are_made():
    rows = ShareRows.of(ShareRow("o", f"a{n}", f"c{n}", n) for n in range(3_000))
    with pytest.raises(TooManyPairs, match="4,498,500") as caught:
        coshare(rows, Settings(60, 1))
    assert caught.value.pairs == 4_498_500
    with pytest.raises(TooManyPairs):
        coshare(rows, Settings(60, 1, cap=4_498_499))


def test_one_account_that_repeats_itself_is_no_network_and_no_flood():
    rows = ShareRows.of(ShareRow("o", "a", f"c{n}", n) for n in range(3_000))
    assert coshare(rows, Settings(60, 1)).result()["pairs"] == 0


def test_flood_of_one_account_hides_no_pair_of_others():
    flood = [ShareRow("o", "a", f"c{n:05}", n) for n in range(20_200)]
    rows = ShareRows.of([*flood, *(ShareRow("o", f"b{n}", f"d{n}", 10_000 + n) for n in range(4))])
    network = coshare(rows, Settings(0, 1))
    assert network.result()["pairs"] == 4, "at the very same microsecond"
    quiet = ShareRows.of([*flood, *(ShareRow("p", f"b{n}", f"d{n}", n) for n in range(4))])
    assert coshare(quiet, Settings(60, 1)).result()["pairs"] == 6
    with pytest.raises(TooManyPairs, match="60,603"):
        coshare(ShareRows.of([*flood, *(ShareRow("o", f"b{n}", f"d{n}", n) for n in range(3))]), Settings(60, 1, cap=9))


@given(ROWS, st.integers(0, 12))
def test_pairs_are_exactly_those_of_different_accounts_in_order(rows, window):
    share = ShareRows.of(rows)
    found = find_pairs(share, window * SECOND)
    names = [*zip(share.object, share.account, share.content, share.at, strict=True)]
    expected = [
        (first, second)
        for (first, one), (second, other) in combinations(enumerate(names), 2)
        if one[0] == other[0]
        and one[1] != other[1]
        and one[2] != other[2]
        and other[3] - one[3] <= window * SECOND
        and share.own_content[one[0]] not in (one[2], other[2])
    ]
    assert [*zip(found.older.tolist(), found.newer.tolist(), strict=True)] == expected


def test_repetition_makes_weight_and_not_objects():
    rows = [ShareRow("same", account, f"{account}{n}", n) for account in "ab" for n in range(20)]
    rows += [ShareRow(f"o{n}", account, f"{account}{n}", n) for account in "cd" for n in range(5)]
    network = coshare(ShareRows.of(rows), Settings(60, 1))
    first, second = (network.edge(int(place)) for place in network.ranked())
    assert (first["a"], first["n_objects"], first["weight"]) == ("c", 5, 5)
    assert (second["a"], second["n_objects"], second["weight"]) == ("a", 1, 400)


def test_kinds_of_objects_are_searched_apart_and_joined():
    rows = [ShareRow("1", "a", "a1", 0, ObjectKind.URL), ShareRow("1", "b", "b1", 0, ObjectKind.IMAGE)]
    assert coshare(ShareRows.of(rows), Settings(60, 1)).result()["pairs"] == 0
    both = [ShareRow("1", x, f"{x}1", 0, kind) for x in "ab" for kind in (ObjectKind.URL, ObjectKind.IMAGE)]
    network = coshare(ShareRows.of(both), Settings(60, 1))
    assert (network.result()["pairs"], network.edge(0)["n_objects"]) == (2, 2)
    assert {one["kind"] for one in network.evidence(0)} == {"url", "image"}
    assert coshare(ShareRows.of(both), Settings(60, 2)).result()["pairs"] == 0


def test_nothing_gives_a_network_of_nothing():
    result = coshare(ShareRows.of([]), Settings()).result()
    assert (result["pairs"], result["nodes"], result["threshold"], result["above"]["min_weight"]) == (0, 0, None, None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"window": -1}, "window"), ({"min_participation": 0}, "min_participation"), ({"quantile": 1.5}, "quantile")],
)
def test_settings_that_mean_nothing(wrong, field):
    with pytest.raises(InvalidSettings) as caught:
        coshare(ShareRows.of([]), Settings(**wrong))
    assert caught.value.field == field


# --- exports


def made_network():
    rows = [
        ShareRow(f"o{n}", account, f"{account}-{n}", n * SECOND)
        for n in range(3)
        for account in ("a&<b>", 'q"', "ü\x01")
    ]
    return coshare(ShareRows.of(rows), Settings(60, 1))


@pytest.mark.parametrize(
    ("write", "read"), [(exports.graphml, networkx.read_graphml), (exports.gexf, networkx.read_gexf)]
)
def test_graph_files_come_back_whole(tmp_path, write, read):
    network = made_network()
    document = "".join(write(exports.nodes_of(network, {'q"': "Handle <Q>"}), exports.edges_of(network)))
    (tmp_path / "g").write_text(document, encoding="utf-8")
    graph = read(tmp_path / "g")
    assert not graph.is_directed()
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (3, 3)
    edge = graph.edges["a&<b>", 'q"']
    assert (edge["weight"], edge["n_objects"], edge["symmetry"], edge["above"]) == (3, 3, 1.0, False)
    assert edge["posts"].split() == ["a&<b>-0", 'q"-0', "a&<b>-1", 'q"-1', "a&<b>-2", 'q"-2']
    assert edge["first_at"] == "1970-01-01T00:00:00+00:00"
    assert graph.nodes['q"']["label"] == "Handle <Q>"
    assert graph.nodes['q"']["posts"] == 3


def test_tables_have_the_columns_that_gephi_wants():
    network = made_network()
    edges, nodes = (
        list(exports.edge_rows(exports.edges_of(network))),
        list(exports.node_rows(exports.nodes_of(network))),
    )
    assert [len(row) for row in edges] == [len(exports.EDGE_COLUMNS)] * 3
    assert dict(zip(exports.NODE_COLUMNS, nodes[0], strict=True)) == {
        "Id": "a&<b>", "Label": "a&<b>", "degree": 2, "weighted_degree": 6, "posts": 3,
    }  # fmt: skip
    assert dict(zip(exports.EDGE_COLUMNS, edges[0], strict=True))["Type"] == "Undirected"


# --- the peers' own numbers (POSTS 5.1)


@pytest.fixture(scope="module")
def russian() -> ShareRows:
    found = read_all(SHARED / "coortweet/russian_coord_tweets.rda")
    assert (found.tally.read, found.tally.accepted, found.tally.duplicate) == (35_125, 35_124, 1)
    assert len({post.native_id for post in found.posts}) == 35_085
    return ShareRows.of(share_rows(found.posts))


def share_rows(posts):
    for post in posts:
        for kind, value in post.objects:
            yield ShareRow(value, post.account, post.native_id, microseconds(post.ordered_at), kind)


RUSSIAN = {
    (2, 60): (3_791, 2_110, 3_721),
    (2, 10): (447, 525, 442),
    (5, 10): (22, 23, 20),
    (10, 60): (168, 145, 159),
    (1, 60): (6_281, 3_954, 6_206),
    (2, 600): (38_172, 3_736, 36_620),
    (2, 3_600): (183_379, 4_099, 169_781),
    (2, 86_400): (1_069_010, 4_260, 873_916),
}


@needs_real_files
@pytest.mark.parametrize(("asked", "expected"), RUSSIAN.items())
def test_coortweets_sample(russian, asked, expected):
    least, window = asked
    assert (len(russian), len(russian.accounts), len(russian.objects)) == (35_124, 9_509, 7_285)
    result = coshare(russian, Settings(window, least)).result()
    assert (result["pairs"], result["nodes"], result["edges"]) == expected


@needs_real_files
def test_coortweets_sample_above_its_quantile(russian):
    result = coshare(russian, Settings(600, 2, 0.99)).result()
    assert (result["threshold"], result["above"]) == (2.0, {"nodes": 233, "edges": 215, "min_weight": 3})


@needs_real_files
def test_coortweets_printed_deltas_of_one_object(russian):
    network = coshare(russian, Settings(60, 2))
    found = [one for place in range(len(network.edges)) for one in network.evidence(place)]
    deltas = [one["delta"] for one in found if one["object"].startswith("4e04165c")]
    assert sorted(deltas) == [23, 36, 41, 48, 59]


@needs_real_files
@pytest.mark.parametrize(("loops", "expected"), [(False, 0), (True, 27)])
def test_coortweets_account_that_only_repeats_itself(russian, loops, expected):
    network = coshare(russian, Settings(10, 5, loops=loops))
    account = next(code for code, name in enumerate(russian.accounts) if name.startswith("9fa51ef1"))
    sides = [network.rows.account[side] == account for side in (network.pairs.older, network.pairs.newer)]
    assert int((sides[0] | sides[1]).sum()) == expected


@needs_real_files
def test_per_account_symmetry_mends_the_peers(russian):
    """The peer divides the distinct older posts by the distinct newer ones: wrong where the order changes."""
    network = coshare(russian, Settings(60, 2))
    wrong = 0
    for place in range(len(network.edges)):
        evidence = network.evidence(place)
        sides = [len({one[side] for one in evidence}) for side in ("older", "newer")]
        wrong += min(sides) / max(sides) != network.edges.symmetry[place]
    assert wrong == 6


GERMAN = {
    (ObjectKind.URL,): (41_100, 5_658, 506, 1_453),
    (ObjectKind.DOMAIN,): (63_529, 5_968, 692, 1_659),
    (ObjectKind.HASHTAG,): (36_005, 3_703, 314, 506),
    (ObjectKind.IMAGE,): (16_934, 2_131, 214, 337),
    (ObjectKind.URL, ObjectKind.IMAGE): (58_034, 7_789, 671, 1_732),
    tuple(ObjectKind): (157_568, 17_460, 1_022, 2_251),
}


@needs_real_files
def test_coortweets_german_sample():
    """One test for all its figures: the file has 218,971 rows and is read once."""
    found = read_all(SHARED / "coortweet/german_elections.rda")
    assert (found.tally.read, found.tally.reasons) == (218_971, {"no_id": 3})
    german = list(share_rows(found.posts))
    figures = {kinds: figures_of((row for row in german if row.kind in kinds), Settings(30, 2)) for kinds in GERMAN}
    assert figures == GERMAN
    facebook = (row for row in german if row.kind == ObjectKind.URL and row.account.startswith("fb_"))
    assert figures_of(facebook, Settings(60, 2))[1:] == (6_288, 503, 1_645)


def figures_of(rows, asked: Settings) -> tuple[int, int, int, int]:
    share = ShareRows.of(rows)
    result = coshare(share, asked).result()
    return len(share), result["pairs"], result["nodes"], result["edges"]


QUT = """0,uid0,rtid0,0 1,uid1,rtid0,59 2,uid2,rtid1,60 3,uid3,rtid1,70 4,uid2,rtid2,70 5,uid3,rtid2,131 6,uid4,rtid3,30
7,uid5,rtid3,89 8,uid4,rtid4,40 9,uid5,rtid4,41 10,uid10,rtid5,42 11,uid10,rtid5,52 12,uid11,rtid6,42 13,uid12,rtid6,300
14,uid0,rtid0,1"""


@pytest.mark.parametrize(
    ("window", "weight", "loops", "nodes"),
    [(1, 1, False, 2), (1, 1, True, 3), (1, 2, False, 0), (1, 2, True, 1), (60, 1, False, 6), (60, 1, True, 7)],
)
def test_quts_six_counts(window, weight, loops, nodes):
    rows = ShareRows.of(
        ShareRow(shared, account, content, int(at) * SECOND, ObjectKind.REPOST)
        for content, account, shared, at in csv.reader(QUT.split())
    )
    assert len(directed(rows, window=window, min_weight=weight, loops=loops).nodes()) == nodes


@needs_real_files
def test_quts_own_file_is_the_one_above():
    posts = read_all(SHARED / "qut_toolkit/coretweet_test_input.csv").posts
    written = [
        [one.native_id, one.author_id, one.refs[0].native_id, str(int(one.claimed_at.timestamp()))] for one in posts
    ]
    assert written == list(csv.reader(QUT.split()))
