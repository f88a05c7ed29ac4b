"""The inverted file: for each word of the vocabulary, in which pictures and with which signature it occurs.

Columns are NumPy arrays sorted by word and may be memory-mapped files. A query touches only the lists of its words.
"""

from typing import NamedTuple

import numpy as np

from evidence.media import consensus, vocabulary
from evidence.media.features import ANGLE_STEPS
from evidence.media.fingerprints import POSTING
from evidence.media.geometry import Points
from evidence.media.hamming import ranges

FARTHEST = 21
SPREAD = 12.0
LONG = 200
TURNS = 16
LISTED = 1_000
SHAPE = np.dtype([("x", "<u2"), ("y", "<u2"), ("scale", "u1"), ("angle", "u1")])


class WordColumns(NamedTuple):
    """`starts` (65537) where the list of a word begins; per posting `picture`, `feature` number, `code`, `shape`.

    `shape` are rows of SHAPE; `sizes` (pictures, 2) the width and height that places and scales of a picture refer to.
    """

    starts: np.ndarray
    picture: np.ndarray
    feature: np.ndarray
    code: np.ndarray
    shape: np.ndarray
    sizes: np.ndarray


class Asked(NamedTuple):
    """Query features ready for the lists: `words` (n, 8), `codes` (n, 8) against each word, `points` in pixels."""

    words: np.ndarray
    codes: np.ndarray
    points: Points
    projected: np.ndarray


class Hits(NamedTuple):
    """Postings (rows of the columns) that agree with a feature of the query: arrays of the same length."""

    picture: np.ndarray
    asked: np.ndarray
    posting: np.ndarray
    weight: np.ndarray
    turn: np.ndarray


def build(prints: list[np.ndarray], sizes: list[tuple[int, int]]) -> WordColumns:
    """The lists over the postings (fingerprints.POSTING) of pictures 0, 1, ..., and `sizes` of their working copies."""
    postings = np.concatenate([np.zeros(0, POSTING), *prints])
    lengths = [len(one) for one in prints]
    picture = np.repeat(np.arange(len(prints), dtype=np.uint32), lengths)
    feature = np.concatenate([np.arange(length, dtype=np.uint16) for length in [0, *lengths]])
    order = np.argsort(postings["word"], kind="stable")
    starts = np.searchsorted(postings["word"][order], np.arange(vocabulary.WORDS + 1)).astype(np.int64)
    shape = np.zeros(len(postings), SHAPE)
    for name in SHAPE.names:
        shape[name] = postings[name][order]
    edges = np.array(sizes, np.float32).reshape(-1, 2)
    return WordColumns(starts, picture[order], feature[order], postings["code"][order], shape, edges)


def ask(rows: np.ndarray, points: Points) -> Asked:
    """Prepare the features (features.DTYPE) of a query; `points` are the same in pixels."""
    rotated = vocabulary.rotate(rows["descriptor"])
    words = vocabulary.assign(rotated, vocabulary.ASKED)
    projected = vocabulary.project(rotated)
    return Asked(words, vocabulary.signatures(projected[:, None], words), points, projected)


def search(columns: WordColumns, asked: Asked) -> Hits:
    """All postings of the query's words whose signature is near, weighted by rarity and nearness."""
    words = asked.words.ravel()
    first = columns.starts[words]
    counts = columns.starts[words.astype(np.int64) + 1] - first
    entries, places = _near(columns.code, first, counts, asked.codes.ravel())
    distances = np.bitwise_count(columns.code[places] ^ asked.codes.ravel()[entries]).astype(np.float64)
    rarity = np.log1p(max(1, len(columns.code)) / np.maximum(counts[entries], 1))
    features = entries // asked.words.shape[1]
    angle = np.rint(asked.points.angle * (ANGLE_STEPS / (2 * np.pi))).astype(int)
    turn = (angle[features] - columns.shape["angle"][places]) % ANGLE_STEPS * TURNS // ANGLE_STEPS
    weight = rarity**2 * np.exp(-((distances / SPREAD) ** 2))
    return Hits(columns.picture[places], features, places, weight, turn)


def _near(codes: np.ndarray, first: np.ndarray, counts: np.ndarray, asked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of asked codes and places of the codes in their lists that are near them.

    Short lists are read together; long ones alone and as they lie, which spares an index as long as themselves.
    """
    short = np.flatnonzero(counts <= LONG)
    entries, places = np.repeat(short, counts[short]), ranges(first[short], counts[short])
    close = np.bitwise_count(codes[places] ^ asked[entries]) <= FARTHEST
    long = np.flatnonzero(counts > LONG)
    # A list that is asked for again lies in the cache still.
    long = long[np.argsort(first[long], kind="stable")]
    inside = [
        (np.bitwise_count(codes[start : start + count] ^ code) <= FARTHEST).nonzero()[0] + start
        for start, count, code in zip(first[long], counts[long], asked[long], strict=True)
    ]
    entries = np.concatenate([entries[close], np.repeat(long, [len(one) for one in inside])])
    return entries, np.concatenate([places[close], *inside])


class Candidates(NamedTuple):
    """`pictures` with their `votes`, best first; the `hits` in them with the weight that `agrees` with each of them."""

    pictures: np.ndarray
    votes: np.ndarray
    hits: Hits
    agrees: np.ndarray


def candidates(columns: WordColumns, asked: Asked, most: int) -> Candidates:
    """The pictures with most weight that agrees on one way to lie in the query.

    What agrees with what is found out for those pictures only that have most weight in one direction of turning.
    """
    hits = _listed(search(columns, asked))
    weight = consensus.singled(hits.picture, hits.asked, hits.weight)
    agrees = consensus.agreement(
        asked.points.take(hits.asked), columns.shape[hits.posting], columns.sizes[hits.picture], hits.picture, weight
    )
    votes = np.zeros(len(columns.sizes))
    np.maximum.at(votes, hits.picture, agrees)
    best = np.argsort(-votes, kind="stable")[: min(most, np.count_nonzero(votes))]
    return Candidates(best, votes[best], hits, agrees)


def _listed(hits: Hits) -> Hits:
    """The hits in the LISTED pictures that have most weight in one direction of turning."""
    if not len(hits.picture):
        return hits
    rough = _votes(hits).max(axis=1)
    if len(rough) <= LISTED:
        return hits
    return of_pictures(hits, np.argpartition(-rough, LISTED)[:LISTED])


def of_pictures(hits: Hits, pictures: np.ndarray) -> Hits:
    """Those of the hits that are in these pictures."""
    wanted = np.zeros(int(hits.picture.max(initial=0)) + 1, bool)
    wanted[pictures] = True
    return Hits(*(column[wanted[hits.picture]] for column in hits))


def _votes(hits: Hits) -> np.ndarray:
    """The weight for each picture and direction, that of the direction before included: (pictures, TURNS)."""
    bins = np.bincount(hits.picture.astype(np.int64) * TURNS + hits.turn, hits.weight)
    votes = np.zeros((-(-len(bins) // TURNS), TURNS))
    votes.ravel()[: len(bins)] = bins
    return votes + np.roll(votes, 1, axis=1)
