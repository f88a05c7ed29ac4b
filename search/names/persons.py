"""Compare two names as names of persons."""

from dataclasses import dataclass
from math import prod

from search.names.comparison import Comparison, spellings, verdict_of
from search.names.folding import lower
from search.names.pairing import Pair, are_near, pair_parts
from search.names.parts import Kind, Name, Part

# What is left of the score when ...
_OTHER_PART = 0.5  # both names have a part that the other has not
_OTHER_PART_OF_MANY = 0.62  # the same, where as many as `_MANY` parts agree
_MANY = 3
_INITIALS = 0.85  # initials stand for names
_OTHER_PATRONYMIC = 0.5
_ONE_PART_ONLY = 0.65  # one part agrees and one of the names has more
_ONLY_INITIALS = 0.6
_NEAR = 0.61  # all parts agree well but one, which is near by its letters
_AGREE_WELL = 0.85
_FAMILY_LONGER = 0.78  # one name has more behind a hyphen
_MORE = 0.96  # for each part that one name has more
_MANY_MORE = 0.88  # for each of these beyond as many as agree
_PATRONYMIC_MORE = 0.99


@dataclass(frozen=True)
class _Agreement:
    """What the parts of two names agree on, and what is over on each side."""

    pairs: tuple[Pair, ...]
    left_over: tuple[Part, ...]
    right_over: tuple[Part, ...]
    swapped: bool
    notes: tuple[str, ...]


def compare_persons(left: Name, right: Name) -> Comparison:
    """Return how alike two names of persons are.

    Order does not count; a part on one side only counts little, parts that exclude each other count most. A patronymic
    may be missing, but two different ones tell two people.
    """
    agreement = _agree(left, right)
    score, reasons = _score(agreement)
    factor, more = _compare_patronymics(left, right, agreement)
    if len(agreement.pairs) == 1 and more == [_SAME_PATRONYMIC]:
        score /= _ONE_PART_ONLY if _ONE_PART in reasons else 1
    score = round(min(1.0, score * factor), 3)
    why = "; ".join(dict.fromkeys([*agreement.notes, *reasons, *more])) or "same letters"
    return Comparison(score, verdict_of(score), why)


_SAME_PATRONYMIC = "same patronymic"
_ONE_PART = "only one part in common"


def _agree(left: Name, right: Name) -> _Agreement:
    lefts, rights = _compared(left, right), _compared(right, left)
    pairing = pair_parts(lefts, rights)
    places = [pair.right for pair in pairing.pairs]
    return _Agreement(
        pairing.pairs,
        tuple(lefts[i] for i in pairing.left_over),
        tuple(rights[i] for i in pairing.right_over),
        places != sorted(places),
        tuple(note for pair in pairing.pairs if (note := _note(pair, lefts, rights))),
    )


def _compared(name: Name, other: Name) -> tuple[Part, ...]:
    """The parts to compare; a patronymic counts as a name beside a name that marks none and has more parts."""
    patronymics = name.of(Kind.PATRONYMIC)
    if not patronymics or other.of(Kind.PATRONYMIC):
        return name.core
    if len(name.core) < 2 or len(other.core) > len(name.core):
        return name.of(Kind.NAME, Kind.INITIAL, Kind.PATRONYMIC)
    return name.core


def _score(agreement: _Agreement) -> tuple[float, list[str]]:
    if not agreement.pairs:
        return 0.0, ["no part in common"]
    score = prod(pair.similarity for pair in agreement.pairs if not pair.initial)
    if any(pair.initial for pair in agreement.pairs):
        score *= _INITIALS
    over = agreement.left_over or agreement.right_over
    if _is_near(agreement):
        left, right = agreement.left_over[0], agreement.right_over[0]
        return _NEAR, [f"{left.text} is near {right.text}"]
    if agreement.left_over and agreement.right_over:
        factor = _OTHER_PART if len(agreement.pairs) < _MANY else _OTHER_PART_OF_MANY
        return score * factor, [f"{_list(agreement.left_over)} is not {_list(agreement.right_over)}"]
    reasons = ["order swapped"] if agreement.swapped else []
    if over:
        reasons.append(f"{_list(over)} only on one side")
    if all(pair.initial for pair in agreement.pairs):
        score *= _ONLY_INITIALS
    if over and len(agreement.pairs) == 1:
        return score * _ONE_PART_ONLY, [*reasons, _ONE_PART]
    return score * _worth_without(over, len(agreement.pairs)), reasons


def _is_near(agreement: _Agreement) -> bool:
    """Whether the two names differ by one part each, and these by a letter or two."""
    if len(agreement.left_over) != 1 or len(agreement.right_over) != 1:
        return False
    agree = all(pair.similarity >= _AGREE_WELL and not pair.initial for pair in agreement.pairs)
    return agree and are_near(agreement.left_over[0].sound, agreement.right_over[0].sound)


def _worth_without(over: tuple[Part, ...], agreed: int) -> float:
    """Return what a score is worth when these parts are missing on one side."""
    if any(part.hyphened for part in over):
        return _FAMILY_LONGER
    return _MORE ** len(over) * _MANY_MORE ** max(0, len(over) - agreed)


def _compare_patronymics(left: Name, right: Name, agreement: _Agreement) -> tuple[float, list[str]]:
    lefts, rights = left.of(Kind.PATRONYMIC), right.of(Kind.PATRONYMIC)
    if not lefts and not rights:
        return 1.0, []
    if not lefts or not rights:
        return _PATRONYMIC_MORE, ["patronymic only on one side"]
    found = pair_parts(lefts, rights)
    if found.pairs and not (found.left_over and found.right_over):
        return max(pair.similarity for pair in found.pairs), [_SAME_PATRONYMIC]
    return _OTHER_PATRONYMIC, [f"patronymic {_list(lefts)} is not {_list(rights)}"]


def _list(parts: tuple[Part, ...]) -> str:
    return " ".join(part.text for part in parts)


def _note(pair: Pair, lefts: tuple[Part, ...], rights: tuple[Part, ...]) -> str:
    """Say which words were taken for one another, and by which letters ("Xəlil = Khalil (x = kh, ə = a)")."""
    left, right = (" ".join(side[i].text for i in at) for side, at in ((lefts, pair.left), (rights, pair.right)))
    if lower(left) == lower(right):
        return ""
    details = ["initial"] if pair.initial else [*spellings(pair.changes), *([pair.note] if pair.note else [])]
    return f"{left} = {right}" + (f" ({', '.join(details)})" if details else "")
