"""The same accounts in several campaigns: how many, and how surprising that is as a hint."""

from collections.abc import Iterable, Mapping, Set
from itertools import combinations
from math import exp, lgamma

from posts.exceptions import InvalidSettings

OF_FILES = "all accounts with posts in these files"
GIVEN = "as given"


def population(given: int, everyone: Set, campaigns: Iterable[Set]) -> dict:
    """Return how many accounts could have been in any campaign: the given number, or without one everyone there is.

    Raises InvalidSettings for a number below that of the accounts in the campaigns.
    """
    if given and given < (least := len(set().union(*campaigns))):
        raise InvalidSettings(f"The campaigns alone have {least:,} accounts.", field="population")
    return {"accounts": given or len(everyone), "of": GIVEN if given else OF_FILES}


def overlap(campaigns: Mapping[str, Set[str]], population: int | None = None) -> dict:
    """Return for each pair of campaigns the accounts in both, their Jaccard likeness and their names.

    With the number of accounts that could have been in either (`population`), `p` is the hypergeometric chance of at
    least so many in common if accounts took part at random, which they never do: a hint and no finding. It is None
    where nobody stands outside of the two, for then it would say nothing.
    """
    names = sorted(campaigns)
    return {
        "campaigns": [{"name": name, "accounts": len(campaigns[name])} for name in names],
        "matrix": [[len(campaigns[one] & campaigns[other]) for other in names] for one in names],
        "pairs": [_pair(one, other, campaigns, population) for one, other in combinations(names, 2)],
    }


def _pair(one: str, other: str, campaigns: Mapping[str, Set[str]], population: int | None) -> dict:
    first, second = campaigns[one], campaigns[other]
    both = first & second
    chance = None
    if population is not None and population > len(first | second):
        chance = hypergeometric_tail(population, len(first), len(second), len(both))
    return {
        "a": one,
        "b": other,
        "accounts": len(both),
        "jaccard": round(len(both) / len(first | second), 6) if both else 0.0,
        "p": chance,
        "names": sorted(both),
    }


def hypergeometric_tail(population: int, marked: int, drawn: int, least: int) -> float:
    """Return the chance that `drawn` of `population` contain at least `least` of the `marked` ones."""
    most = min(marked, drawn)
    lowest = max(least, marked + drawn - population, 0)
    whole = _log_choose(population, drawn)
    terms = (
        _log_choose(marked, k) + _log_choose(population - marked, drawn - k) - whole for k in range(lowest, most + 1)
    )
    return min(1.0, sum(map(exp, terms)))


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
