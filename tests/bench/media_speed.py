"""What fingerprints and look-ups cost: beside a plain decode of the same files, and beside a scan of the same bytes.

`python -m tests.bench.media_speed` prints the figures; rows beyond the photographs are synthetic: random hashes, and
postings with the words of the photographs.
"""

import io
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import BinaryIO

import cv2
import numpy as np
from PIL import Image

from evidence.media import (
    features,
    fingerprints,
    hamming,
    hashes,
    hypotheses,
    index,
    inverted,
    layout,
    matching,
    panels,
    renditions,
)
from evidence.media.pixels import prepare
from evidence.parsers import sandbox
from tests.bench import media
from tests.evidence import samples

PHOTOGRAPHS = 24
SIZES = (10_000, 100_000, 1_000_000)
SEGMENT = 100_000
QUERIES = 40
WHOLE_STORE = 10_000
SEED = 5


def milliseconds(work: Callable[[], object], times: int = 1) -> float:
    """Processor time of this process for one call: the figure does not depend on what else runs."""
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) * 1000 / times


def figures() -> Iterator[str]:
    cv2.setNumThreads(1)
    photos = media.photographs(*media.folders())[:PHOTOGRAPHS]
    yield from _fingerprinting(photos)
    prints = [fingerprints.stored(media.fingerprint_of(photo.image)) for photo in photos]
    yield from _sizes(prints)
    yield from _refusals()
    yield from _whole_look_ups(photos, prints)
    yield from _hash_search()
    yield from _word_search(photos, prints)


def _fingerprinting(photos: list[media.Photo]) -> Iterator[str]:
    steps: dict[str, list[float]] = {}

    def note(name: str, work: Callable[[], object]) -> None:
        steps.setdefault(name, []).append(milliseconds(work))

    for photo in photos:
        buffer = io.BytesIO()
        photo.image.save(buffer, "JPEG", quality=90)
        content = buffer.getvalue()
        picture = prepare(photo.image)
        page = layout.lay_out(picture.rgb, picture.grey)
        note("plain Pillow decode", lambda content=content: Image.open(io.BytesIO(content)).load())
        note("whole: PDQ, 8 orientations", lambda picture=picture: hashes.pdq_dihedral(picture.rgb))
        note("whole: pHash and dHash", lambda picture=picture: (hashes.phash(picture.rgb), hashes.dhash(picture.rgb)))
        note("panels", lambda picture=picture, page=page: panels.find_panels(picture, page))
        note("regions: SIFT", lambda picture=picture: features.extract(picture.grey))
        note("rendition", lambda picture=picture: renditions.pack(picture.grey))
        note("all of a fingerprint", lambda photo=photo: fingerprints.stored(media.fingerprint_of(photo.image)))
    baseline = statistics.median(steps["plain Pillow decode"])
    yield "milliseconds of one core per photograph of at most 640 pixels, median:"
    for name, values in steps.items():
        middle = statistics.median(values)
        yield f"  {name:28s} {middle:8.2f}   {middle / baseline:6.1f} x decode"


def _sizes(prints: list[fingerprints.StoredPrint]) -> Iterator[str]:
    postings = statistics.mean(kept.postings.nbytes for kept in prints)
    rendition = statistics.mean(len(kept.rendition) for kept in prints)
    hashed = statistics.mean(len(kept.hashes) * hashes.BYTES for kept in prints)
    yield (
        f"bytes per photograph in the database: {postings:.0f} features, {rendition:.0f} rendition, "
        f"{hashed:.0f} hashes, {postings + rendition + hashed:.0f} in all"
    )


def _refusals() -> Iterator[str]:
    """What a picture of endless pixels costs until its child has declined it, the start of the child included (A36)."""
    for width, height, body in ((13_000, 13_616, True), (30_000, 30_000, True), (60_000, 60_000, False)):
        for parser, options in (("images", {}), ("frames", {"media_type": "image/png"})):
            with tempfile.TemporaryFile() as stream:
                stream.write(samples.png_claiming(width, height, body=body))
                before, began = _children(), time.perf_counter()
                _declined(f"evidence.parsers.{parser}", stream, options)
                took, spent = time.perf_counter() - began, _children() - before
            yield f"{width:,} x {height:,} declined by {parser}: {spent:.2f} s of processor, {took:.2f} s by clock"


def _declined(parser: str, stream: BinaryIO, options: dict[str, str]) -> None:
    stream.seek(0)
    try:
        with sandbox.run(parser, stream, **options):
            raise RuntimeError("A picture of endless pixels was read.")
    except sandbox.ParserFailed as failure:
        if failure.kind != "refused":
            raise


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _whole_look_ups(photos: list[media.Photo], prints: list[fingerprints.StoredPrint]) -> Iterator[str]:
    """Among so many pictures: the photographs, and the others with their numbers shuffled between them."""
    generator = np.random.default_rng(SEED)
    kept = dict(enumerate(prints)) | {
        number: _shuffled(prints[number % len(prints)], prints, generator) for number in range(len(prints), WHOLE_STORE)
    }
    segments = [index.build(kept.items())]
    times, asked = [], 0
    for photo in photos:
        made = media.fingerprint_of(photo.image)
        asked += len(hashes.ORIENTATIONS) * (len(made.parts) + len(made.crops))
        times.append(milliseconds(lambda made=made: matching.look_up(made, segments, partial(_load, kept))))
    yield (
        f"whole look-up of a photograph among {WHOLE_STORE:,}, with the check on pixels: {_two(sorted(times))} ms; "
        f"it asks for {asked / len(photos):.0f} hashes and the words of its features twice"
    )


def _load(kept: dict[int, fingerprints.StoredPrint], numbers: list[int]) -> dict[int, fingerprints.StoredPrint]:
    return {number: kept[number] for number in numbers}


def _shuffled(
    own: fingerprints.StoredPrint, prints: list[fingerprints.StoredPrint], generator: np.random.Generator
) -> fingerprints.StoredPrint:
    """A picture that nobody took: features of many, hashes of chance."""
    pool = prints[generator.integers(len(prints))].postings
    rows = own.postings.copy()
    taken = generator.integers(0, max(1, len(pool)), len(rows))
    if len(pool):
        rows["word"], rows["code"] = pool["word"][taken], generator.integers(0, 2**64, len(rows), np.uint64)
    return replace(own, postings=rows, hashes=[(region, generator.bytes(hashes.BYTES)) for region, _ in own.hashes])


def _hash_search() -> Iterator[str]:
    generator = np.random.default_rng(SEED)
    yield "256-bit hashes, one query, milliseconds p50/p95, beside a scan of the same bytes:"
    for size in SIZES:
        rows = generator.integers(0, 2**64, (size, hamming.WORDS), np.uint64)
        start = time.process_time()
        columns = hamming.build(rows)
        built = time.process_time() - start
        queries = [rows[generator.integers(size)].tobytes() for _ in range(QUERIES)]
        near, far = (sorted(_searched(columns, queries, radius)) for radius in (31, hamming.FARTHEST))
        read = statistics.median(
            milliseconds(lambda rows=rows: np.bitwise_xor.reduce(rows, axis=None)) for _ in range(5)
        )
        extra = (columns.order.nbytes + columns.starts.nbytes) / size
        yield (
            f"  {size:>9,}: 31 bits {_two(near)}, 47 bits {_two(far)}, scan {read:.2f}; "
            f"built in {built:.1f} s, {extra:.0f} bytes a hash beside the hash"
        )


def _searched(columns: hamming.HashColumns, queries: list[bytes], radius: int) -> Iterator[float]:
    for query in queries:
        yield milliseconds(lambda query=query: hamming.search(columns, query, radius))


def _two(values: list[float]) -> str:
    return f"{values[len(values) // 2]:.2f}/{values[int(len(values) * 0.95)]:.2f}"


def _word_search(photos: list[media.Photo], prints: list[fingerprints.StoredPrint]) -> Iterator[str]:
    generator = np.random.default_rng(SEED)
    pool = np.concatenate([kept.postings for kept in prints])
    asked = [hypotheses.views(media.fingerprint_of(photo.image))[0].asked for photo in photos[:8]]
    each = fingerprints.STORED_FEATURES
    yield f"inverted file, {each} features a picture, one query, milliseconds p50/p95, beside a scan of the same bytes:"
    for size in SIZES:
        segments = max(1, size // SEGMENT)
        columns = _synthetic(pool, generator, size // segments, each)
        times = sorted(segments * value for value in _looked_up(columns, asked))
        read = segments * milliseconds(lambda columns=columns: np.bitwise_xor.reduce(columns.code))
        width = sum(column.dtype.itemsize for column in columns[1:-1])
        parts = f" ({segments} segments, one of them measured)" if segments > 1 else ""
        yield f"  {size:>9,}: {_two(times)}, scan of the signatures {read:.1f}; {width * each} bytes a picture{parts}"


def _looked_up(columns: inverted.WordColumns, asked: list[inverted.Asked]) -> Iterator[float]:
    for one in asked:
        yield milliseconds(lambda one=one: inverted.candidates(columns, one, matching.MOST_BY_FEATURES))


def _synthetic(pool: np.ndarray, generator: np.random.Generator, size: int, each: int) -> inverted.WordColumns:
    """An inverted file over pictures whose words are drawn from real ones and whose signatures are random."""
    total = size * each
    words = pool["word"][generator.integers(0, len(pool), total, np.uint32)]
    order = np.argsort(words, kind="stable")
    starts = np.searchsorted(words[order], np.arange(2**16 + 1)).astype(np.int64)
    shape = np.zeros(total, inverted.SHAPE)
    for name in inverted.SHAPE.names:
        shape[name] = pool[name][generator.integers(0, len(pool), total, np.uint32)]
    return inverted.WordColumns(
        starts,
        (order // each).astype(np.uint32),
        (order % each).astype(np.uint16),
        generator.integers(0, 2**64, total, np.uint64),
        shape,
        np.full((size, 2), (520, 380), np.float32),
    )


if __name__ == "__main__":
    for line in figures():
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
