"""Compare a handle with a name, or two handles."""

from search.names.alignment import align, spell
from search.names.comparison import Comparison, verdict_of
from search.names.handles import handle_words, is_handle
from search.names.parts import Kind, parse


def compare_account(left: str, right: str) -> Comparison:
    """Return how likely a handle is made of a name; either side may be the handle, or both."""
    if not is_handle(left):
        left, right = right, left
    whole = spell("".join(handle_words(left)))
    readings = _handle_readings(right) if is_handle(right) else _name_readings(right)
    found = [(align(whole, reading), what) for reading, what in readings if reading]
    if not whole or not found:
        return Comparison(0.0, verdict_of(0.0), "no letters to compare")
    best, what = max(found, key=lambda one: one[0].similarity)
    score = round(best.similarity, 3)
    changes = [f"{a or '-'} = {b or '-'}" for a, b, _ in best.changes]
    return Comparison(score, verdict_of(score), "; ".join([f"handle reads as {what}", *changes]))


def _handle_readings(handle: str) -> list[tuple[str, str]]:
    found = handle_words(handle)
    return [(spell("".join(order)), "the other handle") for order in (found, found[::-1])]


def _name_readings(name: str) -> list[tuple[str, str]]:
    parts = [part.sound for part in parse(name).of(Kind.NAME)]
    if len(parts) < 2:
        return [(part, "the name") for part in parts]
    pairs = [(a, b) for a in parts for b in parts if a is not b]
    return [
        *((a + b, "two parts of the name") for a, b in pairs),
        *((a[0] + b, "initial and surname") for a, b in pairs),
        ("".join(parts), "the whole name"),
    ]
