"""The inverted file: for each word of the vocabulary, in which pictures and with which signature it occurs.

Columns are NumPy arrays sorted by word and may be memory-mapped files. A query touches only the lists of its words.
"""

from typing import NamedTuple

import numpy as np

from evidence.media import vocabulary
from evidence.media.features import ANGLE_STEPS
from evidence.media.fingerprints import POSTING
from evidence.media.hamming import ranges

FARTHEST = 21
SPREAD = 12.0
LONG = 200
TURNS = 16
LISTED = 8


class WordColumns(NamedTuple):
    """`starts` (65537) where the list of a word begins; per posting `picture`, `feature` number, `code`, `angle`."""

    starts: np.ndarray
    picture: np.ndarray
    feature: np.ndarray
    code: np.ndarray
    angle: np.ndarray


class Asked(NamedTuple):
    """Query features ready for the lists: `words` (n, 8), `codes` (n, 8) against each word, `angle` (n)."""

    words: np.ndarray
    codes: np.ndarray
    angle: np.ndarray
    projected: np.ndarray


class Hits(NamedTuple):
    """Postings that agree with a feature of the query: arrays of the same length."""

    picture: np.ndarray
    asked: np.ndarray
    feature: np.ndarray
    weight: np.ndarray
    turn: np.ndarray


def build(prints: list[np.ndarray]) -> WordColumns:
    """The lists over the postings (fingerprints.POSTING) of pictures 0, 1, ..."""
    postings = np.concatenate([np.zeros(0, POSTING), *prints])
    lengths = [len(one) for one in prints]
    picture = np.repeat(np.arange(len(prints), dtype=np.uint32), lengths)
    feature = np.concatenate([np.arange(length, dtype=np.uint16) for length in [0, *lengths]])
    order = np.argsort(postings["word"], kind="stable")
    starts = np.searchsorted(postings["word"][order], np.arange(vocabulary.WORDS + 1)).astype(np.int64)
    return WordColumns(starts, picture[order], feature[order], postings["code"][order], postings["angle"][order])


def ask(rows: np.ndarray) -> Asked:
    """Prepare the features (features.DTYPE) of a query."""
    rotated = vocabulary.rotate(rows["descriptor"])
    words = vocabulary.assign(rotated, vocabulary.ASKED)
    projected = vocabulary.project(rotated)
    repeated = np.repeat(projected, words.shape[1], axis=0)
    codes = vocabulary.signatures(repeated, words.ravel()).reshape(words.shape)
    return Asked(words, codes, rows["angle"], projected)


def search(columns: WordColumns, asked: Asked) -> Hits:
    """All postings of the query's words whose signature is near, weighted by rarity and nearness."""
    words = asked.words.ravel()
    first = columns.starts[words]
    counts = columns.starts[words.astype(np.int64) + 1] - first
    entries, places = _near(columns.code, first, counts, asked.codes.ravel())
    distances = np.bitwise_count(columns.code[places] ^ asked.codes.ravel()[entries]).astype(np.float64)
    rarity = np.log1p(max(1, len(columns.code)) / np.maximum(counts[entries], 1))
    features = entries // asked.words.shape[1]
    turn = (asked.angle[features].astype(int) - columns.angle[places]) % ANGLE_STEPS * TURNS // ANGLE_STEPS
    weight = rarity**2 * np.exp(-((distances / SPREAD) ** 2))
    return Hits(columns.picture[places], features, columns.feature[places], weight, turn)


def _near(codes: np.ndarray, first: np.ndarray, counts: np.ndarray, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of asked codes and places of the codes in their lists that are near them.

    Short lists are read together; a long one alone and as it lies, which spares an index as long as itself.
    """
    short = np.flatnonzero(counts <= LONG)
    entries, places = np.repeat(short, counts[short]), ranges(first[short], counts[short])
    close = np.bitwise_count(codes[places] ^ asked[entries]) <= FARTHEST
    long = np.flatnonzero(counts > LONG)
    inside = [
        (np.bitwise_count(codes[start : start + count] ^ code) <= FARTHEST).nonzero()[0] + start
        for start, count, code in zip(first[long], counts[long], asked[long], strict=True)
    ]
    entries = np.concatenate([entries[close], np.repeat(long, [len(one) for one in inside])])
    return entries, np.concatenate([places[close], *inside])


def candidates(hits: Hits, most: int) -> tuple[np.ndarray, np.ndarray]:
    """The pictures with most weight in one direction of turning and that weight, best first.

    A feature that many postings of one picture answer counts but once in all (burstiness: Jegou, Douze, Schmid 2009);
    to find that out takes sorting, so it is done for those pictures only that would have most weight without it.
    """
    if not len(hits.picture):
        return np.zeros(0, np.int64), np.zeros(0)
    rough = _votes(hits, hits.weight).max(axis=1)
    enough = max(np.sort(rough)[-min(len(rough), LISTED * most)], np.finfo(float).tiny)
    listed = np.flatnonzero(rough >= enough)
    hits = of_pictures(hits, listed)
    pairs = hits.picture.astype(np.int64) << 16 | hits.asked
    _, inverse, repeats = np.unique(pairs, return_inverse=True, return_counts=True)
    votes = _votes(hits, hits.weight / np.sqrt(repeats[inverse]))[listed].max(axis=1)
    best = np.argsort(-votes, kind="stable")[:most]
    return listed[best], votes[best]


def of_pictures(hits: Hits, pictures: np.ndarray) -> Hits:
    """Those of the hits that are in these pictures."""
    wanted = np.zeros(int(hits.picture.max(initial=0)) + 1, bool)
    wanted[pictures] = True
    return Hits(*(column[wanted[hits.picture]] for column in hits))


def _votes(hits: Hits, weight: np.ndarray) -> np.ndarray:
    """The weight for each picture and direction, that of the direction before included: (pictures, TURNS)."""
    bins = np.bincount(hits.picture.astype(np.int64) * TURNS + hits.turn, weight)
    votes = np.zeros((-(-len(bins) // TURNS), TURNS))
    votes.ravel()[: len(bins)] = bins
    return votes + np.roll(votes, 1, axis=1)
