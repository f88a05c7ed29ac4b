"""The peers' published figures (POSTS 5.1) through both commands: on their own files, and on made-up ones like them."""

import csv
import json
import random
from itertools import combinations

import pytest

from posts.coshare.network import SECOND
from posts.coshare.rows import ShareRow
from posts.enums import ObjectKind
from posts.formats.rdata import DataFrame
from posts.models import Post, PostGroup
from tests.factories.posts import import_posts, row, table
from tests.posts.files import SHARED, needs_real_files, write_csv
from tests.posts.labelled import labelled_texts, recall
from tests.posts.test_clusters import QUALITY
from tests.posts.test_coshare import QUT, plain_pairs
from tests.posts_app.commands import run, run_json

pytestmark = pytest.mark.django_db
COORTWEET = ["object_id", "account_id", "content_id", "timestamp_share"]
WIDE = {"url_id": "url", "hashtag_id": "hashtag", "domain_id": "domain", "phash_id": "image"}
QUT_COLUMNS = ["message_id", "user_id", "username", "repost_id", "reply_id", "message", "timestamp", "urls"]


def ask(case, method, kinds, *flags, **asked):
    words = [part for name, value in asked.items() for part in (f"--{name.replace('_', '-')}", str(value))]
    wanted = ("--method", method, "--coshare", kinds)
    out, _ = run("analyse_posts", case.ref, "D-1", *wanted, *words, *flags, "--json")
    return json.loads(out)[method]


def figures(found):
    return tuple(found[name] for name in ("pairs", "nodes", "edges"))


def check_the_definition(case, kinds, rows, window, least):
    """What the command prints is what the definition gives, pair by pair."""
    pairs = plain_pairs(rows, window, least)
    found = ask(case, "coshare", kinds, window=window, min_participation=least, limit=1000)
    edges = {tuple(sorted((one.account, other.account))) for one, other in pairs}
    assert found["input"]["rows"] == len(set(rows))
    assert figures(found) == (len(pairs), len({name for edge in edges for name in edge}), len(edges))
    assert {(edge["a"], edge["b"]) for edge in found["list"]} == edges


# --- made-up files of the same shapes


def test_a_table_of_shared_objects(room, tmp_path):
    chance = random.Random(5)
    rows = [[f"o{chance.randrange(9)}", f"a{chance.randrange(12)}", f"c{n}", chance.randrange(900)] for n in range(150)]
    # One content that shares two objects, one row twice, and an object that is a content itself.
    rows += [["o1", rows[0][1], "c0", rows[0][3]], rows[3], ["c5", "a1", "c900", 10], ["c5", "a2", "c5", rows[5][3]]]
    rows[5][1] = "a2"
    run_json("import_posts", room.case.ref, str(write_csv(tmp_path / "shared.csv", COORTWEET, rows)))
    shared = [ShareRow(obj, account, content, int(at) * SECOND) for obj, account, content, at in rows]
    check_the_definition(room.case, "object", shared, 30, 2)
    check_the_definition(room.case, "object", shared, 0, 1)
    wanted = [pair for pair in plain_pairs(shared, 30, 2) if pair[0].object == "o3"]
    found = ask(room.case, "coshare", "object", window=30, shared_object="o3", limit=1000)["pairs_of_object"]
    assert sorted((one["older"], one["newer"]) for one in found) == sorted(
        (one.content, other.content) for one, other in wanted
    )


def test_a_table_with_a_column_for_each_kind(room, tmp_path):
    chance = random.Random(6)
    header = ["account_id", "post_id", *WIDE, "timestamp"]
    table = [
        [f"fb_{chance.randrange(8)}", n, *(chance.choice(["", "1", "2"]) for _ in WIDE), 1_600_000_000 + n * 7]
        for n in range(60)
    ]
    counts = run_json("import_posts", room.case.ref, str(write_csv(tmp_path / "wide.csv", header, [*table, table[0]])))
    assert [counts[name] for name in ("format", "read", "accepted", "duplicate")] == ["coortweet-wide", 61, 60, 1]
    shared = [
        ShareRow(value, row[0], str(row[1]), row[-1] * SECOND, ObjectKind(kind))
        for row in table
        for value, kind in zip(row[2:6], WIDE.values(), strict=True)
        if value
    ]
    for kinds in (["url"], ["url", "image"], list(WIDE.values())):
        check_the_definition(room.case, ",".join(kinds), [row for row in shared if row.kind in kinds], 20, 2)


def test_quts_six_counts_and_the_posts_of_each_side(room, tmp_path):
    rows = [
        [message, user, user, reposted, "", "text", at, "[]"] for message, user, reposted, at in csv.reader(QUT.split())
    ]
    run_json("import_posts", room.case.ref, str(write_csv(tmp_path / "qut.csv", QUT_COLUMNS, rows)))
    check_quts_counts(room.case)


def check_quts_counts(case):
    asked = [(window, weight, loops) for window, weight in ((1, 1), (1, 2), (60, 1)) for loops in (False, True)]
    found = [
        ask(case, "directed", "repost", *(["--loops"] * loops), window=window, min_weight=weight)
        for window, weight, loops in asked
    ]
    assert [one["nodes"] for one in found] == [2, 3, 0, 1, 6, 7]
    assert found[0]["list"] == [
        {"source": "uid4", "target": "uid5", "weight": 1},
        {"source": "uid5", "target": "uid4", "weight": 1},
    ]


# --- the peers' own files


@needs_real_files
def test_coortweets_russian_sample(room, tmp_path):
    """As the CSV that the tool itself takes; the .rda beside it is the German one's way."""
    frame = DataFrame(SHARED / "coortweet" / "russian_coord_tweets.rda")
    wanted = [frame.header.index(one) for one in COORTWEET]
    rows = [[row.cells[place] for place in wanted] for row in frame.rows()]
    counts = run_json("import_posts", room.case.ref, str(write_csv(tmp_path / "russian.csv", COORTWEET, rows)))
    assert [counts[name] for name in ("read", "accepted", "duplicate", "posts", "accounts")] == [
        *(35_125, 35_124, 1, 35_085, 9_509)
    ]
    shared = next(row[0] for row in rows if row[0].startswith("4e04165c"))
    found = ask(room.case, "coshare", "object", window=60, shared_object=shared)
    assert found["input"] == {"rows": 35_124, "accounts": 9_509, "objects": 7_285, "contents": 35_085}
    assert figures(found) == (3_791, 2_110, 3_721)
    assert sorted(one["delta"] for one in found["pairs_of_object"]) == [23, 36, 41, 48, 59]
    high = ask(room.case, "coshare", "object", window=600, quantile=0.99)
    assert figures(high) == (38_172, 3_736, 36_620)
    assert (high["threshold"], high["above"]) == (2, {"nodes": 233, "edges": 215, "min_weight": 3})
    for flags, rows_of_it in (([], 0), (["--loops"], 27)):
        found = ask(room.case, "coshare", "object", *flags, window=10, min_participation=5, limit=1000)
        weights = [edge["weight"] for edge in found["list"] if "9fa51ef1" in {edge["a"][:8], edge["b"][:8]}]
        assert sum(weights) == rows_of_it


@needs_real_files
def test_coortweets_german_sample(room):
    counts = run_json("import_posts", room.case.ref, str(SHARED / "coortweet" / "german_elections.rda"))
    assert (counts["format"], counts["read"], counts["reasons"]) == ("coortweet-wide", 218_971, {"no_id": 3})
    found = ask(room.case, "coshare", "url,phash", window=30)
    assert (found["input"]["rows"], *figures(found)) == (58_034, 7_789, 671, 1_732)
    facebook = ask(room.case, "coshare", "url", platform="facebook", window=60)
    assert figures(facebook) == (6_288, 503, 1_645)


@needs_real_files
def test_quts_own_file(room):
    run("import_posts", room.case.ref, str(SHARED / "qut_toolkit" / "coretweet_test_input.csv"))
    check_quts_counts(room.case)


# --- VIGINUM's labels (POSTS 5.5)

# A cluster is a chain of alike pairs, and so holds more of a family than the pairs that are alike themselves.
IN_CLUSTERS = {
    0.4: {"copy-pasta": 1.000, "rewording": 0.332, "translation": 0.013},
    0.5: {"copy-pasta": 0.980, "rewording": 0.107, "translation": 0.005},
    0.6: {"copy-pasta": 0.932, "rewording": 0.035, "translation": 0.001},
}


@needs_real_files
def test_quality_of_near_duplicates_on_the_peers_labels(room, tmp_path):
    """No cluster holds texts of two families; the pairs of alike texts are found in the share that is published.

    Both as anyone gets them from the commands (docs/posts.md).
    """
    ids, texts, pairs = labelled_texts()
    import_posts(
        room.investigator,
        room.case,
        table(tmp_path / "l.csv", (row(*two) for two in zip(ids, ids, texts, strict=True))),
    )
    names = dict(Post.objects.filter(case=room.case).values_list("pk", "native_id"))
    for threshold, expected in IN_CLUSTERS.items():
        out, _ = run("analyse_posts", room.case.ref, "--method", "clusters", "--level", "L3", "--limit", "1000",
                     "--threshold", str(threshold), "--json")  # fmt: skip
        groups = PostGroup.objects.filter(analysis__number=int(json.loads(out)["analysis"][2:]), name="L3")
        families = [sorted(int(names[pk]) for pk in group.posts) for group in groups]
        found = {pair for family in families for pair in combinations(family, 2)}
        assert recall(found, pairs) == pytest.approx(expected, abs=0.001)
        assert recall(alike_pairs(room.case, threshold), pairs) == pytest.approx(QUALITY[threshold], abs=0.001)


def alike_pairs(case, threshold):
    asked = ["--method", "alike", "--form", "L1", "--threshold", str(threshold)]
    told = json.loads(run("analyse_posts", case.ref, *asked, "--json")[0])["alike"]
    found = [(int(a), int(b)) for one in told["list"] for a in one["a"] for b in one["b"]]
    found += [(int(a), int(b)) for one in told["equal"] for a, b in combinations(one, 2)]
    return {(min(pair), max(pair)) for pair in found}
