"""Compare a handle with a name, or two handles."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from search.names.alignment import align, cut, spell, spell_out
from search.names.comparison import Comparison, spellings, verdict_of
from search.names.families import differ_in_gender, few_bear
from search.names.handles import handle_words, is_handle, plain_handles
from search.names.lexicon import are_forms_of_one_name
from search.names.pairing import NOT_ALIKE, OTHER_START, Likeness, compare_words, same_start
from search.names.parts import parse, words
from search.names.persons import compare_persons

INITIAL_AND_NAME = 0.86
RARE_FAMILY_NAME = 0.85
ONE_PART_ONLY = 0.7
WORD_FOR_WORD_FROM = 0.9
ONE_WORD_FROM = 0.95
# A slip of the pen in one part is forgiven where the other is written without one.
_SLIP_FROM = 0.6
_ONE_SLIP = 0.2
_SHORTENED = 0.82
_ANOTHER_LETTER = 0.8
_SHORTEST_PART = 3
_MOST_PARTS = 5
_SHORTEST_ALONE = 4


@dataclass(frozen=True)
class _Reading:
    score: float
    reasons: tuple[str, ...]


_NO_READING = _Reading(0.0, ())


def compare_account(left: str, right: str) -> Comparison:
    """Return how likely a handle is made of a name; either side may be the handle, or both."""
    if not is_handle(left):
        left, right = right, left
    if is_handle(right) and len(handle_words(left)) > len(handle_words(right)):
        left, right = right, left
    parts = _parts(right)
    readings = [_Reading(0.0, ("the handle does not read as the name",))]
    for handle in {spell_out(word) for word in plain_handles(left)} - {""} if parts else ():
        readings += _readings(handle, parts)
        if len(parts) == 1 or len(words(_as_name(right))) > len(parts):
            readings.append(_whole(handle, spell("".join(words(_as_name(right))))))
    best = max(readings, key=lambda reading: (reading.score, reading.reasons))
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


def _parts(text: str) -> tuple[str, ...]:
    sounds = [spell(word) for word in handle_words(text)] if is_handle(text) else [p.sound for p in parse(text).core]
    return tuple(sound for sound in sounds if sound)[:_MOST_PARTS]


def _readings(handle: str, parts: tuple[str, ...]) -> Iterator[_Reading]:
    for first in parts:
        yield _alone(handle, first)
        for second in parts:
            if first is not second:
                yield _one_after_the_other(handle, (first, second))
                yield from _initials(handle, first, second, parts)
    if len(parts) > 2:
        yield _one_after_the_other(handle, parts)


def _whole(handle: str, name: str) -> _Reading:
    found = align(spell(handle), name)
    if found.similarity < WORD_FOR_WORD_FROM or any(cost >= _ANOTHER_LETTER for *_, cost in found.changes):
        return _NO_READING
    return _Reading(found.similarity, ("the handle is the name in one word", *spellings(found.changes)))


def _one_after_the_other(handle: str, parts: tuple[str, ...]) -> _Reading:
    if max(map(len, parts)) < _SHORTEST_PART:
        return _NO_READING
    pieces = tuple(map(spell, cut(handle, parts)))
    if not all(pieces):
        return _NO_READING
    found = [_compare_piece(piece, part) for piece, part in zip(pieces, parts, strict=True)]
    similarities = sorted(likeness.similarity for likeness in found)
    score = prod(similarities)
    if similarities[0] > OTHER_START and similarities[1] >= WORD_FOR_WORD_FROM and not any(one.note for one in found):
        # One slip of the pen: how much it weighs depends on how much is right.
        score = max(score, min(align(spell(handle), "".join(parts)).similarity, score + _ONE_SLIP))
    changes = [reason for likeness in found for reason in (*spellings(likeness.changes), likeness.note) if reason]
    return _Reading(score, (f"the handle reads as {' + '.join(pieces)}", *dict.fromkeys(changes)))


def _compare_piece(piece: str, part: str) -> Likeness:
    found = compare_words(piece, part, _SLIP_FROM)
    two_people = are_forms_of_one_name(piece, part) is False or differ_in_gender(piece, part)
    if found.similarity >= _SLIP_FROM or len(piece) < _SHORTEST_PART or two_people:
        return found
    beginnings = (align(piece, part[:end]) for end in range(_SHORTEST_PART, len(part)))
    best = max(beginnings, key=lambda one: one.similarity, default=None)
    if best is None or best.similarity < ONE_WORD_FROM:
        return found
    return Likeness(_SHORTENED, best.changes, f"{piece} for {part}")


def _initials(handle: str, first: str, second: str, parts: tuple[str, ...]) -> Iterator[_Reading]:
    """One part whole, the others as their first letters, before it or after it."""
    others = len(parts) - 1
    for count in {1, others}:
        before, after = handle[:count], handle[-count:]
        for initials, rest in ((before, handle[count:]), (after, handle[:-count])):
            if not _stand_for(initials, first, [part for part in parts if part is not second], count):
                continue
            found = compare_words(spell(rest), second) if rest else NOT_ALIKE
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
        return _NO_READING
    found = compare_words(spell(handle), part)
    if found.similarity < ONE_WORD_FROM:
        return _NO_READING
    told = spellings(found.changes)
    if few_bear(part):
        return _Reading(RARE_FAMILY_NAME * found.similarity, ("a family name that few bear, and no more", *told))
    return _Reading(ONE_PART_ONLY * found.similarity, ("one part of the name only", *told))
