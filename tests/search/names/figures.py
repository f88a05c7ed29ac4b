"""How well a score from 0 to 1 tells labelled pairs apart."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from search.names.comparison import MATCH_FROM, POSSIBLE_FROM
from tests.search.names.labelled import Pair


@dataclass(frozen=True)
class Figures:
    """Precision, recall and their F1 at the match, and the share of the true ones that are at least possible."""

    precision: float
    recall: float
    possible: float
    pairs: int

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def figures_of(
    pairs: Iterable[Pair],
    score: Callable[[str, str], float],
    match_from: float = MATCH_FROM,
    possible_from: float = POSSIBLE_FROM,
) -> Figures:
    """Return the figures of a score on labelled pairs, at its thresholds."""
    scored = [(score(pair.left, pair.right), pair.same) for pair in pairs]
    true = sum(same for _, same in scored)
    hits = sum(same for value, same in scored if value >= match_from)
    claimed = sum(value >= match_from for value, _ in scored)
    near = sum(same for value, same in scored if value >= possible_from)
    return Figures(hits / max(claimed, 1), hits / max(true, 1), near / max(true, 1), len(scored))


def best_threshold(pairs: Iterable[Pair], score: Callable[[str, str], float]) -> float:
    """Return the threshold with the best F1 on these pairs: what a baseline would be set to."""
    pairs = list(pairs)
    scored = {(pair.left, pair.right): score(pair.left, pair.right) for pair in pairs}
    steps = [step / 50 for step in range(20, 51)]
    return max(steps, key=lambda step: figures_of(pairs, lambda a, b: scored[a, b], step).f1)
