"""The given names that are known: two known names that are not forms of one name are no spellings of one another."""

from functools import cache, lru_cache
from pathlib import Path

from search.names.alignment import align, spell
from search.names.keys import loose_keys

_FILE = Path(__file__).with_name("given_names.txt")
# What the spellings of one name may differ by.
SAME_NAME = 0.16
_AS_NEAR = 0.025


@cache
def _names() -> dict[str, list[tuple[str, int]]]:
    """loose key -> the spellings known under it, each with the number of its line."""
    known: dict[str, list[tuple[str, int]]] = {}
    for number, line in enumerate(_FILE.read_text(encoding="utf-8").splitlines()):
        for word in line.split() if not line.startswith("#") else ():
            for key in loose_keys(spell(word)):
                known.setdefault(key, []).append((spell(word), number))
    return known


@lru_cache(maxsize=50_000)
def known_as(sound: str) -> frozenset[int]:
    """Return the lines of the list that a word (as `spell` gives it) is nearest to; none if it is near to none."""
    entries = {entry for key in loose_keys(sound) for entry in _names().get(key, ())}
    costs = {(number, align(sound, word).cost) for word, number in entries}
    nearest = min((cost for _, cost in costs), default=SAME_NAME)
    return frozenset(number for number, cost in costs if cost <= nearest + _AS_NEAR and cost < SAME_NAME)


def are_forms_of_one_name(left: str, right: str) -> bool | None:
    """Whether two words are forms of one given name; None where one of them is not known."""
    lefts, rights = known_as(left), known_as(right)
    if not lefts or not rights:
        return None
    return bool(lefts & rights)
