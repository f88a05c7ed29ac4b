"""Names across scripts and spellings: keys to find them by, and a comparison that says why. Knows no database."""

from search.names.accounts import compare_account
from search.names.alignment import spell
from search.names.comparison import Comparison, Verdict
from search.names.folding import fold, lower
from search.names.handles import is_handle
from search.names.keys import NameKeys, handle_keys, name_keys
from search.names.organisations import compare_organisations, is_organisation
from search.names.parts import parse, readings, words
from search.names.persons import compare_persons

__all__ = ["VERSION", "Comparison", "NameKeys", "Verdict", "compare", "fold", "handle_keys", "name_keys"]

# Part of the schema of every index that keeps keys: raise it with any change of `fold` or of the keys.
VERSION = 4


def compare(left: str, right: str) -> Comparison:
    """Compare two names, or a handle ("@...") with a name or with another handle.

    The score is 0 to 1; a match is a lead and never a decision. A text without letters or digits matches nothing.
    """
    if is_handle(left) or is_handle(right):
        return compare_account(left, right)
    lefts, rights = parse(left), parse(right)
    if not lefts.parts or not rights.parts:
        return Comparison(0.0, Verdict.DIFFERENT, "no name to compare")
    if fold(left).split() == fold(right).split():
        return Comparison(1.0, Verdict.MATCH, _letters_apart(lower(left), lower(right)))
    if spell("".join(words(left))) == spell("".join(words(right))):
        return Comparison(0.98, Verdict.MATCH, "same letters, parted into words otherwise")
    if is_organisation(left) or is_organisation(right):
        return compare_organisations(left, right)
    found = (compare_persons(one, other) for one in readings(left) for other in readings(right))
    return max(found, key=lambda comparison: comparison.score)


def _letters_apart(left: str, right: str) -> str:
    """Which letters are written otherwise in two names that fold alike."""
    one, other = "".join(left.split()), "".join(right.split())
    if len(one) != len(other):
        return "same letters, some with other marks"
    told = dict.fromkeys(f"{mine} = {theirs}" for mine, theirs in zip(one, other, strict=True) if mine != theirs)
    return f"same spelling but for {', '.join(told)}" if told else "same spelling"
