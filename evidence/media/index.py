"""The search index over all stored pictures: a cache, built from the rows of the database, that can be thrown away.

It is a list of immutable segments, each a folder of NumPy columns opened as memory-mapped files, so all processes of a
node share one copy. New pictures become a small segment; `merged` makes one of many. Pictures are known by the number
that the database gave them.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from evidence.media import hamming, inverted
from evidence.media.fingerprints import VERSION, StoredPrint
from evidence.media.pixels import working_size

# Of the fingerprints, and of the columns made from them: 2 has the places and scales of features.
EDITION = f"{VERSION}.2"
COLUMNS = {
    "hamming": hamming.HashColumns._fields,
    "inverted": inverted.WordColumns._fields,
    "pictures": ("numbers", "hash_picture", "hash_part"),
}


class Segment(NamedTuple):
    """Columns over some pictures: their `numbers` (n); for each hash the row of its picture and its place there."""

    numbers: np.ndarray
    hash_picture: np.ndarray
    hash_part: np.ndarray
    hashes: hamming.HashColumns
    words: inverted.WordColumns


class HashHit(NamedTuple):
    """A stored hash near one that was asked for."""

    number: int
    part: int
    distance: int


def build(pictures: Iterable[tuple[int, StoredPrint]]) -> Segment:
    """A segment in memory over (number, print) pairs."""
    pairs = list(pictures)
    hashes = [bits for _, made in pairs for _, bits in made.hashes]
    counts = [len(made.hashes) for _, made in pairs]
    return Segment(
        np.array([number for number, _ in pairs], np.int64),
        np.repeat(np.arange(len(pairs), dtype=np.uint32), counts),
        np.concatenate([np.arange(count, dtype=np.uint16) for count in counts] or [np.zeros(0, np.uint16)]),
        hamming.build(hamming.pack(hashes)),
        inverted.build(
            [made.postings for _, made in pairs], [working_size(made.width, made.height) for _, made in pairs]
        ),
    )


def save(segment: Segment, folder: Path) -> None:
    """Write a segment; the folder appears whole or not at all, and one that is there already is never changed."""
    if folder.exists():
        raise FileExistsError(f"Segment {folder.name} exists; a new one needs a name of its own.")
    coming = folder.with_name(folder.name + ".coming")
    shutil.rmtree(coming, ignore_errors=True)
    coming.mkdir(parents=True)
    for group, columns in _grouped(segment).items():
        for name, column in columns.items():
            np.save(coming / f"{group}.{name}.npy", column, allow_pickle=False)
    (coming / "version").write_text(EDITION, encoding="ascii")
    os.replace(coming, folder)


def _grouped(segment: Segment) -> dict[str, dict[str, np.ndarray]]:
    pictures = {name: getattr(segment, name) for name in COLUMNS["pictures"]}
    return {"hamming": segment.hashes._asdict(), "inverted": segment.words._asdict(), "pictures": pictures}


class Outdated(ValueError):
    """The segment was made by another version of the fingerprints and has to be built again."""


def load(folder: Path) -> Segment:
    """Open a saved segment without reading it; raises Outdated."""
    if (folder / "version").read_text(encoding="ascii") != EDITION:
        raise Outdated(f"{folder.name} was made by another version of the fingerprints.")
    columns = {group: [_mapped(folder, f"{group}.{name}") for name in names] for group, names in COLUMNS.items()}
    hashes, words = hamming.HashColumns(*columns["hamming"]), inverted.WordColumns(*columns["inverted"])
    return Segment(*columns["pictures"], hashes, words)


def _mapped(folder: Path, column: str) -> np.ndarray:
    """A column as a plain array over the mapped file: thousands of cuts from a memmap took a tenth of a look-up."""
    return np.asarray(np.load(folder / f"{column}.npy", mmap_mode="r", allow_pickle=False))


def near_hashes(segments: list[Segment], bits: bytes, radius: int) -> list[HashHit]:
    """All stored hashes within `radius` bits, nearest first."""
    found = []
    for segment in segments:
        rows, distances = hamming.search(segment.hashes, bits, radius)
        numbers = segment.numbers[segment.hash_picture[rows]]
        parts = segment.hash_part[rows]
        found += [HashHit(int(n), int(p), int(d)) for n, p, d in zip(numbers, parts, distances, strict=True)]
    return sorted(found, key=lambda hit: (hit.distance, hit.number, hit.part))


class FeaturePairs(NamedTuple):
    """Pairs of features that may correspond, those first that most others agree with.

    Numbers in the query, in the stored picture, and their weight.
    """

    asked: np.ndarray
    feature: np.ndarray
    weight: np.ndarray


def near_features(segments: list[Segment], asked: inverted.Asked, most: int) -> dict[int, FeaturePairs]:
    """The pictures, at most `most` of all segments, that share most features with the query, with the pairs of each."""
    found = [one for segment in segments for one in _near_in(segment, asked, most)]
    found.sort(key=lambda one: -one[0])
    return {number: pairs for _, number, pairs in found[:most]}


def _near_in(segment: Segment, asked: inverted.Asked, most: int) -> Iterator[tuple[float, int, FeaturePairs]]:
    found = inverted.candidates(segment.words, asked, most)
    order = np.lexsort((-found.agrees, found.hits.picture))
    pictures = found.hits.picture[order]
    first, last = (np.searchsorted(pictures, found.pictures, side=side) for side in ("left", "right"))
    for row, vote, start, end in zip(found.pictures, found.votes, first, last, strict=True):
        rows = order[start:end]
        feature = segment.words.feature[found.hits.posting[rows]]
        pairs = FeaturePairs(found.hits.asked[rows], feature, found.hits.weight[rows])
        yield float(vote), int(segment.numbers[row]), pairs
