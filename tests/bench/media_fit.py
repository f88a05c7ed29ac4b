"""`python -m tests.bench.media_fit`: the weights of the score, fitted anew to what look-ups propose.

Asks every kind of query of the development part and takes everything that comes back, however weak, unless it is
rejected without a score (decisions.is_rejected): right pictures in the right place, and wrong pictures.
Fits a logistic function of decisions.measures and prints it beside what it does to photographs that it was not fitted
to (five folds by the photographs asked with).
"""

import argparse
import sys
from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np

from evidence.media import decisions
from evidence.media.rectangles import Rectangle, likeness
from tests.bench import media

IN_PLACE = 0.4
PENALTY = 1e-4
ROUNDS = 60
FOLDS = 5


class Rows(NamedTuple):
    """Proposed matches: `measures` (n, m), whether each is `right` (n), and the fold of the photograph asked with."""

    measures: np.ndarray
    right: np.ndarray
    fold: np.ndarray


class Weights(NamedTuple):
    """`weight` (m) of each measure, and the `bias`."""

    weight: np.ndarray
    bias: float

    def sure(self, measures: np.ndarray) -> np.ndarray:
        return measures @ self.weight + self.bias


def collect(bench: media.Bench, queries: list[media.Query]) -> Rows:
    """All that the look-ups of the queries propose; right pictures in a wrong place are left out."""
    found = [(measures, right, _fold(query)) for query in queries for measures, right in _proposed(bench, query)]
    measures, right, fold = zip(*found, strict=True)
    return Rows(np.array(measures), np.array(right), np.array(fold))


def _fold(query: media.Query) -> int:
    return sum(map(ord, query.sources[0])) % FOLDS


def _proposed(bench: media.Bench, query: media.Query) -> Iterator[tuple[tuple[float, ...], bool]]:
    truth = bench.truth(query)
    taken = set()
    for match in bench.ask(query, lowest=0.0).matches:
        if decisions.is_rejected(match.evidence):
            continue
        shown = bench.items[match.number].photos & set(truth)
        places = [likeness(match.query_region, Rectangle(*one.query)) for name in shown for one in truth[name]]
        if not shown:
            yield decisions.measures(match.evidence), False
        elif max(places) >= IN_PLACE and match.number not in taken:
            taken.add(match.number)
            yield decisions.measures(match.evidence), True


def fit(measures: np.ndarray, right: np.ndarray) -> Weights:
    """The logistic function of least loss, by Newton's method; measures are brought to one scale for the penalty."""
    middle, spread = measures.mean(axis=0), np.maximum(measures.std(axis=0), 1e-6)
    table = np.column_stack([(measures - middle) / spread, np.ones(len(measures))])
    penalty = PENALTY * len(measures) * np.eye(table.shape[1])
    penalty[-1, -1] = 1e-9
    weights = np.zeros(table.shape[1])
    for _ in range(ROUNDS):
        expected = 1 / (1 + np.exp(-np.clip(table @ weights, -60, 60)))
        slope = table.T @ (expected - right) + penalty @ weights
        bend = (table.T * (expected * (1 - expected))) @ table + penalty
        weights -= np.linalg.solve(bend, slope)
    scaled = weights[:-1] / spread
    return Weights(scaled, float(weights[-1] - scaled @ middle))


def unseen(rows: Rows) -> np.ndarray:
    """How sure each row is by weights that were fitted to the other folds."""
    sure = np.zeros(len(rows.right))
    for fold in range(FOLDS):
        others = rows.fold != fold
        sure[~others] = fit(rows.measures[others], rows.right[others]).sure(rows.measures[~others])
    return sure


def report(rows: Rows) -> Iterator[str]:
    made, sure = fit(rows.measures, rows.right), unseen(rows)
    yield f"{len(rows.right)} proposals, {int(rows.right.sum())} of them right"
    yield f"weights {', '.join(f'{value:.2f}' for value in made.weight)}; bias {made.bias:.2f}"
    wrong = np.sort(sure[~rows.right])[::-1][:5]
    yield f"surest wrong ones, unseen by the fit: {', '.join(f'{value:.1f}' for value in wrong)}"
    for limit in (0.0, 1.0, 2.0, 3.0):
        kept, lost = sure[rows.right] >= limit, sure[~rows.right] >= limit
        yield f"at {limit:.0f}: {kept.mean():.4f} of the right ones kept, {int(lost.sum())} wrong ones"


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the weights of the score.")
    parser.add_argument("--each", type=int, default=6, help="queries of each kind")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    photos = media.photographs(*media.folders())
    chosen = media.setting(photos, "dev", 0)
    rows = collect(media.Bench(chosen), list(media.queries(chosen, options.each)))
    for line in report(rows):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
