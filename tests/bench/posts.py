"""What reading, normalising and comparing posts costs, beside a named bound in the same run.

`python -m tests.bench.posts [--quick]` runs it alone; no database is needed. Posts are synthetic: words of a made-up
language, a quarter of the texts in families of near-copies whose sizes have a long tail, as campaigns have. Times are
processor seconds of one process; memory is the peak of a process that does nothing else.
"""

import csv
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from posts.clusters import exact, near
from posts.columns import Columns, Row
from posts.coshare.network import Settings, coshare
from posts.coshare.pairs import find_pairs, reach
from posts.coshare.rows import ShareRow, ShareRows
from posts.enums import Kind, Level
from posts.formats.reading import read
from posts.texts.forms import forms
from posts.texts.hashtags import tags
from tests.posts.files import write_lines
from tests.posts.test_formats import GENERATIONS, RELEASE, RELEASED, captured

SIZES, QUICK_SIZES = (100_000, 1_000_000), (3_000, 6_000)
ROWS, QUICK_ROWS = 100_000, 1_000
SECOND = 1_000_000
WINDOW = 60
ACCOUNTS = 40_000


def figures(*, quick: bool = False) -> Iterator[str]:
    """Yield the lines of the report."""
    rows = QUICK_ROWS if quick else ROWS
    yield from _reading(rows)
    yield from _texts(rows)
    for size in QUICK_SIZES if quick else SIZES:
        yield from _apart(_clusters, size)
    yield from _apart(_coshare, (QUICK_SIZES if quick else SIZES)[-1])


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def _reading(rows: int) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        table, lines = Path(folder, "release.csv"), Path(folder, "capture.ndjson")
        with table.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(RELEASE)
            writer.writerows([str(10**17 + number), *RELEASED[1:]] for number in range(rows))
        write_lines(lines, *(_capture(number) for number in range(rows // 5)))
        with table.open(encoding="utf-8", newline="") as file:
            plain = seconds(lambda: _drain(csv.reader(file)))
        spent = seconds(lambda: _drain(read(table)))
        yield f"read a table of {rows:,} rows: {rows / spent:,.0f} rows/s ({spent / plain:.1f} times the csv module)"
        spent = seconds(lambda: _drain(read(lines)))
        yield f"read {rows // 5:,} captures of X as NDJSON: {rows / 5 / spent:,.0f} rows/s"


def _capture(number: int) -> dict:
    line = captured(GENERATIONS["2026-07 on"], entities={"hashtags": [{"text": "Tag"}]})
    line["data"]["rest_id"] = str(10**18 + number)
    return line


def _drain(found: Iterator) -> None:
    for _ in found:
        pass


def _texts(rows: int) -> Iterator[str]:
    texts = made_texts(rows, seed=2)
    spent = seconds(lambda: [forms(text) for text in texts])
    yield f"normalise to every level: {rows / spent:,.0f} rows/s"
    spent = seconds(lambda: [tags(text) for text in texts])
    yield f"hashtags by the rule for texts: {rows / spent:,.0f} rows/s"


def _apart(work: Callable[[int], list[str]], size: int) -> Iterator[str]:
    """Run in a process of its own, whose peak memory is then that of the work."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        yield from pool.apply(work, (size,))


def peak() -> str:
    """Peak memory of this process so far."""
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / 1024:.2f} GB"


def _clusters(size: int) -> list[str]:
    columns = made_columns(size)
    before = peak()
    texts: list = []
    normalised = seconds(lambda: texts.extend(exact.of_texts(columns)))
    spent = {level: seconds(lambda level=level: exact.clusters(columns, level, texts)) for level in list(Level)[:3]}
    found: list = []
    nearly = seconds(lambda: found.append(near.clusters(columns, texts)))
    result, distinct = found[0].result(), len({form.core for form in texts})
    return [
        f"{size:,} posts ({distinct:,} distinct cores), {before} with the posts loaded:",
        f"  normalised in {normalised:.1f} s; clusters "
        + ", ".join(f"{level.value} {spent[level]:.1f} s" for level in spent),
        f"  L3 in {nearly:.1f} s, peak {peak()}: {result['clusters']:,} clusters of {result['posts']:,} posts",
    ]


def _coshare(size: int) -> list[str]:
    # Sorted by object and time, as both take them: no sorting is in either figure.
    rows = made_share_rows(size)
    settings = Settings(WINDOW, 2)
    bound = min(seconds(lambda: _one_pass(rows)) for _ in range(5))
    finding = min(seconds(lambda: find_pairs(rows, WINDOW * SECOND)) for _ in range(5))
    whole = min(seconds(lambda: coshare(rows, settings)) for _ in range(5))
    result = coshare(rows, settings).result()
    return [
        f"co-sharing within {WINDOW} s among {size:,} sorted rows: one pass of two pointers that writes the pairs"
        f" {bound:.3f} s; finding the pairs {finding:.3f} s, {finding / bound:.1f} times that; the whole network with"
        f" its edges {whole:.3f} s, {whole / bound:.1f} times",
        f"  {result['pairs']:,} pairs, {result['edges']:,} edges, {peak()}",
    ]


def _one_pass(rows: ShareRows) -> np.ndarray:
    """The bound: walk rows that are sorted by object and time with two pointers, and write each pair down."""
    reached = reach(rows.object, rows.at, WINDOW * SECOND)
    older = np.repeat(np.arange(len(reached)), reached)
    newer = older + 1 + np.arange(len(older)) - np.repeat(np.cumsum(reached) - reached, reached)
    apart = rows.account[older] != rows.account[newer]
    return np.stack((older[apart], newer[apart]))


def made_texts(size: int, seed: int) -> list[str]:
    """Texts of which a quarter begin a family of near-copies."""
    rng = random.Random(seed)
    words = ["".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(2, 9))) for _ in range(20_000)]
    texts: list[str] = []
    while len(texts) < size:
        base = [rng.choice(words) for _ in range(rng.randint(6, 22))]
        copies = min(int(rng.paretovariate(1.1)), 3_000) if rng.random() < 0.25 else 0
        for number in range(copies + 1):
            own = list(base)
            for _ in range(min(number, rng.randint(0, 2))):
                own[rng.randrange(len(own))] = rng.choice(words)
            texts.append(f"{' '.join(own)} https://t.co/{number} #{rng.choice(words)}")
    return texts[:size]


def made_columns(size: int) -> Columns:
    """Posts of some tens of thousands of accounts within a month."""
    rng = random.Random(5)
    texts = made_texts(size, seed=3)
    rng.shuffle(texts)
    return Columns.of(
        Row(str(number), f"a{rng.randrange(ACCOUNTS)}", rng.randrange(30 * 86_400) * SECOND, Kind.ORIGINAL, text)
        for number, text in enumerate(texts)
    )


def made_share_rows(size: int) -> ShareRows:
    """Rows whose objects have a long tail, most of them shared within a day or two."""
    rng = random.Random(7)
    starts = [rng.randrange(30 * 86_400) for _ in range(size // 3)]
    found = []
    for number in range(size):
        rank = int(rng.paretovariate(0.9))
        shared = (rank * 7_919 + rng.randrange(200) if rank < 1_000 else rng.randrange(len(starts))) % len(starts)
        at = starts[shared] + int(rng.expovariate(1 / 100_000))
        found.append(ShareRow(f"o{shared}", f"a{rng.randrange(ACCOUNTS)}", f"c{number}", at * SECOND))
    return ShareRows.of(found)


def main() -> None:
    for line in figures(quick="--quick" in sys.argv):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
