"""VIGINUM's labelled texts (POSTS 5.5), which D3lta's recall was measured on."""

import json
from collections import Counter, defaultdict
from itertools import combinations

from tests.posts.files import SHARED

Pair = tuple[int, int]


def labelled_texts() -> tuple[list[int], list[str], dict[Pair, str]]:
    """Ids, texts, and every pair of one family with the family's kind: ten texts are made of one another."""
    content = json.loads((SHARED / "d3lta/d3lta_synth_pairs.json").read_text())
    texts = {number: text for number, text, _ in content["nodes"]}
    languages, labels = defaultdict(set), defaultdict(Counter)
    for number, _, language in content["nodes"]:
        languages[number // 10].add(language)
    for one, _, label, _ in content["edges"]:
        labels[one // 10][label] += 1
    kinds = {f: "translation" if len(languages[f]) > 1 else labels[f].most_common(1)[0][0] for f in languages}
    pairs = {(a, b): kinds[a // 10] for a, b in combinations(sorted(texts), 2) if a // 10 == b // 10}
    return list(texts), list(texts.values()), pairs


def recall(found: set[Pair], pairs: dict[Pair, str]) -> dict[str, float]:
    """The share of the pairs of each kind that were found; asserts that no pair of two families was."""
    assert found <= set(pairs), "a pair of different families is found"
    wanted, hit = Counter(pairs.values()), Counter(pairs[pair] for pair in found)
    return {kind: hit[kind] / wanted[kind] for kind in wanted}
