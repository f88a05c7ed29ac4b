"""Names: pairs told apart, beside what is to be had ready-made; and one person found among ten thousand.

The pairs are those of tests/search/names, the half that no rule was made from; NAME_BENCH=file adds another set in the
form of OpenSanctions' name benchmark (name1, name2, is_match), of which the same half is told. Thresholds of the others
are set for the best F1 on the other half. nomenklatura is compared where it is installed.
"""

import csv
import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from anyascii import anyascii
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from search.names import compare, handle_keys, name_keys
from search.names.handles import handle_words, is_handle
from tests.bench.names_case import asked, people
from tests.search.names.figures import best_threshold, figures_of
from tests.search.names.labelled import Half, Pair, pairs_of

KINDS = ("public", "handmade", "handles")
RESCORED = 100
EVERY = 50


def figures() -> Iterator[str]:
    """Yield the lines of the section."""
    other = _other_set()
    held = {kind: pairs_of(kind, half=Half.HELD) for kind in KINDS}
    tune = {kind: pairs_of(kind, half=Half.TUNE) for kind in KINDS}
    if other:
        held["benchmark"] = [pair for pair in other if pair.half == Half.HELD]
        tune["benchmark"] = [pair for pair in other if pair.half == Half.TUNE]
    held["all"] = [pair for pairs in held.values() for pair in pairs]
    tune["all"] = [pair for pairs in tune.values() for pair in pairs]
    yield from _pairs(held, tune)
    yield from _retrieval()


def _pairs(held: dict[str, list[Pair]], tune: dict[str, list[Pair]]) -> Iterator[str]:
    for name, score in _scores().items():
        ours = name == "search.names"
        start = time.process_time()
        for kind, pairs in held.items():
            told = figures_of(pairs, score) if ours else figures_of(pairs, score, best_threshold(tune["all"], score))
            line = f"{name:<22} {kind:<10} {told.pairs:>5} pairs  F1 {told.f1:.3f}"
            line += f"  precision {told.precision:.3f}  recall {told.recall:.3f}"
            yield line + (f"  possible finds {told.possible:.3f}" if ours else "")
        if ours:
            spent = (time.process_time() - start) / (2 * len(held["all"]))
            yield f"{name:<22} {spent * 1e6:,.0f} us of processor time a pair"


def _scores() -> dict[str, Callable[[str, str], float]]:
    scores: dict[str, Callable[[str, str], float]] = {
        "search.names": lambda left, right: compare(left, right).score,
        "rapidfuzz token_sort": lambda a, b: fuzz.token_sort_ratio(_plain(a), _plain(b)) / 100,
        "Jaro-Winkler": lambda a, b: JaroWinkler.similarity(_plain(a), _plain(b)),
    }
    if find_spec("nomenklatura"):
        scores["nomenklatura logic-v2"] = _logic_v2()
    return scores


def _plain(text: str) -> str:
    return anyascii(" ".join(handle_words(text)) if is_handle(text) else text).lower()


def _logic_v2() -> Callable[[str, str], float]:
    """Its name matcher on two people, or on two legal entities where a word says organisation."""
    algorithm = import_module("nomenklatura.matching.logic_v2.model").LogicV2
    make = import_module("followthemoney").model.make_entity
    config = algorithm.default_config()
    organisation = import_module("search.names.organisations").is_organisation

    def entity(text: str, schema: str, key: str):
        made = make(schema)
        made.id = key
        made.add("name", " ".join(handle_words(text)) if is_handle(text) else text)
        return made

    def score(left: str, right: str) -> float:
        schema = "Organization" if organisation(left) or organisation(right) else "Person"
        found = algorithm.compare(entity(left, schema, f"l{left}"), entity(right, schema, f"r{right}"), config)
        return found.score

    return score


def _other_set() -> list[Pair]:
    path = os.environ.get("NAME_BENCH", "")
    if not path:
        return []
    with Path(path).open(encoding="utf-8") as file:
        return [
            Pair(row["name1"], row["name2"], row["is_match"] == "true", "benchmark") for row in csv.DictReader(file)
        ]


def _retrieval() -> Iterator[str]:
    names = people()
    start = time.process_time()
    index = _index(names)
    yield f"keys of {len(names):,} people: {time.process_time() - start:.1f} s, {len(index):,} different keys"
    ranks, spent, count = defaultdict(list), 0.0, 0
    for one in asked(names, every=EVERY):
        start = time.process_time()
        found = find(one.text, index, names)
        spent, count = spent + time.process_time() - start, count + 1
        ranks[one.way].append(found.index(one.person) + 1 if one.person in found else 0)
    ranks["all"] = [place for found in ranks.values() for place in found]
    for way, places in ranks.items():
        first = sum(place == 1 for place in places) / len(places)
        ten = sum(1 <= place <= 10 for place in places) / len(places)
        yield f"found among {len(names):,}: {way:<22} {len(places):>5} spellings  first {first:.3f}  in ten {ten:.3f}"
    yield f"one search: {spent / count * 1000:.1f} ms of processor time"


def find(text: str, index: dict[str, list[int]], names: list[str]) -> list[int]:
    """Return who may be meant, the likeliest first: those who share the rarest keys, compared one by one."""
    shared: Counter[int] = Counter()
    for key in _keys(text):
        for number in index.get(key, ()):
            shared[number] += 1 / len(index[key])
    candidates = [number for number, _ in sorted(shared.items(), key=lambda one: (-one[1], one[0]))[:RESCORED]]
    return sorted(candidates, key=lambda number: -compare(text, names[number]).score)


def _index(names: list[str]) -> dict[str, list[int]]:
    index = defaultdict(list)
    for number, name in enumerate(names):
        for key in _keys(name):
            index[key].append(number)
    return dict(index)


def _keys(text: str) -> set[str]:
    keys = handle_keys(text) if is_handle(text) else name_keys(text)
    return {f"part {key}" for key in keys.loose} | {f"joined {key}" for key in keys.joined}
