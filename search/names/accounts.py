"""Compare a handle with a name, or two handles."""

from dataclasses import dataclass
from math import prod

from search.names.alignment import align, cut, spell
from search.names.comparison import Comparison, spellings, verdict_of
from search.names.handles import handle_words, is_handle
from search.names.pairing import NOT_ALIKE, compare_words, same_start
from search.names.parts import Kind, parse
from search.names.persons import compare_persons

INITIAL_AND_NAME = 0.86
ONE_PART_ONLY = 0.7
WORD_FOR_WORD_FROM = 0.9
ONE_WORD_FROM = 0.95
# A slip of the pen in one part is forgiven where the other is written without one.
_SLIP_FROM = 0.6
_SHORTEST_PART = 3
_SHORTEST_ALONE = 4


@dataclass(frozen=True)
class _Reading:
    score: float
    reasons: tuple[str, ...]


def compare_account(left: str, right: str) -> Comparison:
    """Return how likely a handle is made of a name; either side may be the handle, or both."""
    if not is_handle(left):
        left, right = right, left
    words, parts = _sounds(handle_words(left)), _parts(right)
    if is_handle(right) and len(words) > len(parts):
        words, parts = parts, words
    if not words or not parts:
        return Comparison(0.0, verdict_of(0.0), "no letters to compare")
    best = max(_readings("".join(words), parts), key=lambda reading: reading.score)
    score = round(best.score, 3)
    found = Comparison(score, verdict_of(score), "; ".join(best.reasons))
    return max(found, _word_by_word(left, right), key=lambda comparison: comparison.score)


def _word_by_word(handle: str, name: str) -> Comparison:
    """Compare a handle that shows its words as if it were a name."""
    shown, read = parse(" ".join(handle_words(handle))), parse(_as_name(name))
    if min(len(shown.core), len(read.core)) < 2:
        return Comparison(0.0, verdict_of(0.0), "")
    found = compare_persons(shown, read)
    return Comparison(found.score, found.verdict, f"the words of the handle are a name; {found.why}")


def _as_name(text: str) -> str:
    return " ".join(handle_words(text)) if is_handle(text) else text


def _sounds(words: list[str]) -> tuple[str, ...]:
    return tuple(sound for sound in map(spell, words) if sound)


def _parts(text: str) -> tuple[str, ...]:
    if is_handle(text):
        return _sounds(handle_words(text))
    return tuple(part.sound for part in parse(text).of(Kind.NAME, Kind.INITIAL) if part.sound)


def _readings(handle: str, parts: tuple[str, ...]):
    yield _Reading(0.0, ("the handle does not read as the name",))
    if len(parts) == 1:
        yield _whole(handle, "".join(parts))
    for first in parts:
        yield _alone(handle, first)
        for second in parts:
            if first is not second:
                yield _both(handle, (first, second))
                yield from _initials(handle, first, second, parts)
    if len(parts) > 2:
        yield _both(handle, parts)


def _whole(handle: str, name: str) -> _Reading:
    found = align(handle, name)
    if found.similarity < WORD_FOR_WORD_FROM or any(cost >= 1 for *_, cost in found.changes):
        return _Reading(0.0, ())
    return _Reading(found.similarity, ("the handle is the name in one word", *spellings(found.changes)))


def _both(handle: str, parts: tuple[str, ...]) -> _Reading:
    """The parts of a name one after the other."""
    if min(map(len, parts)) < _SHORTEST_PART and max(map(len, parts)) < _SHORTEST_PART:
        return _Reading(0.0, ())
    pieces = cut(handle, parts)
    found = [compare_words(piece, part, _SLIP_FROM) for piece, part in zip(pieces, parts, strict=True) if piece]
    if len(found) < len(parts) or not all(one.similarity for one in found):
        return _Reading(0.0, ())
    one = [likeness.similarity for likeness in found]
    score = prod(one) if sorted(one)[1] < WORD_FOR_WORD_FROM else align(handle, "".join(parts)).similarity
    score = min(score, prod(one) + 0.2)
    changes = [reason for likeness in found for reason in (*spellings(likeness.changes), likeness.note) if reason]
    return _Reading(score, (f"the handle reads as {' + '.join(pieces)}", *dict.fromkeys(changes)))


def _initials(handle: str, first: str, second: str, parts: tuple[str, ...]):
    """One part whole, the others as their first letters, before it or after it."""
    others = len(parts) - 1
    for count in {1, others}:
        before, after = handle[:count], handle[-count:]
        for initials, rest in ((before, handle[count:]), (after, handle[:-count])):
            if not _stand_for(initials, first, [part for part in parts if part is not second], count):
                continue
            found = compare_words(rest, second) if rest else NOT_ALIKE
            if found.similarity >= WORD_FOR_WORD_FROM and len(second) > _SHORTEST_PART:
                why = ("initial and one part of the name", *spellings(found.changes))
                yield _Reading(INITIAL_AND_NAME * found.similarity, why)


def _stand_for(initials: str, first: str, others: list[str], count: int) -> bool:
    if count == 1:
        return same_start(initials, first)
    return all(same_start(letter, part) for letter, part in zip(initials, others, strict=True))


def _alone(handle: str, part: str) -> _Reading:
    """One part of the name and nothing else of it."""
    if len(part) < _SHORTEST_ALONE:
        return _Reading(0.0, ())
    found = compare_words(handle, part)
    if found.similarity >= ONE_WORD_FROM:
        return _Reading(ONE_PART_ONLY * found.similarity, ("one part of the name only", *spellings(found.changes)))
    return _Reading(0.0, ())
