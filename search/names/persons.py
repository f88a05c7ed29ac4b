"""Compare two names as names of persons."""

from search.names.comparison import Comparison, verdict_of
from search.names.pairing import Pair, Pairing, pair_parts
from search.names.parts import Kind, Name, Part


def compare_persons(left: Name, right: Name) -> Comparison:
    """Return how alike two names of persons are: order does not count, a part on one side only counts little."""
    lefts, rights = left.core, right.core
    pairing = pair_parts(lefts, rights)
    score, reasons = _score_core(pairing, lefts, rights)
    factor, more = _patronymics(left, right)
    score = round(max(0.0, min(1.0, score * factor)), 3)
    why = "; ".join([*_spellings(pairing), *reasons, *more]) or "same letters"
    return Comparison(score, verdict_of(score), why)


def _score_core(pairing: Pairing, lefts: tuple[Part, ...], rights: tuple[Part, ...]) -> tuple[float, list[str]]:
    if not pairing.pairs:
        return 0.0, ["no part in common"]
    score = 1.0
    for pair in pairing.pairs:
        score *= pair.similarity
    reasons = []
    left_over = [lefts[i].text for i in pairing.left_over]
    right_over = [rights[i].text for i in pairing.right_over]
    whole = [pair for pair in pairing.pairs if not pair.initial]
    if left_over and right_over:
        return score * 0.5, [f"{' '.join(left_over)} is not {' '.join(right_over)}"]
    if left_over or right_over:
        extra = left_over or right_over
        reasons.append(f"{' '.join(extra)} only on one side")
        score *= 1 - 0.04 * len(extra) if len(pairing.pairs) > 1 else 0.65
    if not whole:
        score *= 0.6
    if [pair.right for pair in pairing.pairs] != sorted(pair.right for pair in pairing.pairs):
        reasons.append("order swapped")
    return score, reasons


def _patronymics(left: Name, right: Name) -> tuple[float, list[str]]:
    lefts, rights = left.of(Kind.PATRONYMIC), right.of(Kind.PATRONYMIC)
    if not lefts and not rights:
        return 1.0, []
    if not lefts or not rights:
        return 0.99, ["patronymic only on one side"]
    found = pair_parts(lefts, rights)
    if found.pairs:
        return max(pair.similarity for pair in found.pairs), ["same patronymic"]
    return 0.5, [f"patronymic {lefts[0].text} is not {rights[0].text}"]


def _spellings(pairing: Pairing) -> list[str]:
    return list(dict.fromkeys(reason for pair in pairing.pairs for reason in _changes(pair)))


def _changes(pair: Pair) -> list[str]:
    if pair.initial:
        return ["initial for a name"]
    return [f"{a or '-'} = {b or '-'}" for a, b, _ in pair.changes if a != b]
