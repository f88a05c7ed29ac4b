"""Pairs of texts that are alike themselves: the links of which clusters are chains, each with its likeness.

Every pair of distinct texts is compared, so the list is whole; VIGINUM's recall (POSTS 5.5) is measured on such pairs.
"""

from collections.abc import Sequence

import numpy as np

from posts.clusters import likeness, near
from posts.clusters.shingles import shingles
from posts.columns import REPOST, Columns
from posts.enums import Level
from posts.exceptions import InvalidSettings, TooManyAlike
from posts.texts.forms import TextForms
from posts.texts.normalisation import is_eligible

FORMS = (Level.L1.value, Level.L2.value)
MOST_TEXTS, MOST_PAIRS = 20_000, 50_000


def pairs(columns: Columns, texts: Sequence[TextForms], *, form: str, threshold: float) -> dict:
    """Return the pairs, the most alike first, and the texts that several posts have; without reposts.

    `form` says what is compared: texts normalised (L1) or without their hashtags too (L2), where that is long
    enough. Raises InvalidSettings, and TooManyAlike for more texts or pairs than are listed.
    """
    if form not in FORMS:
        raise InvalidSettings(f"Texts are compared in the form {' or '.join(FORMS)}.", field="form")
    if not near.LOWEST <= threshold <= near.HIGHEST:
        raise InvalidSettings(f"The threshold is from {near.LOWEST} to {near.HIGHEST}.", field="threshold")
    places = _places(columns, texts, form)
    distinct = sorted(places)
    if len(distinct) > MOST_TEXTS:
        raise TooManyAlike(len(distinct), "different texts", MOST_TEXTS)
    found = _alike(distinct, threshold)
    told = [[columns.ids[place] for place in places[text]] for text in distinct]
    return {
        "form": form,
        "threshold": threshold,
        "posts": sum(map(len, told)),
        "texts": len(distinct),
        "pairs": len(found),
        "list": [{"a": told[one], "b": told[other], "likeness": round(alike, 6)} for one, other, alike in found],
        "equal": [ids for ids in told if len(ids) > 1],
    }


def _places(columns: Columns, texts: Sequence[TextForms], form: str) -> dict[str, list[int]]:
    """The places of the posts of each distinct text."""
    places: dict[str, list[int]] = {}
    for place, one in enumerate(texts):
        text = one.n1 if form == Level.L1 else one.core
        if is_eligible(text) and columns.kind[place] != REPOST:
            places.setdefault(text, []).append(place)
    return places


def _alike(distinct: list[str], threshold: float) -> list[tuple[int, int, float]]:
    found: list[tuple[int, int, float]] = []
    for left, right, alike in likeness.all_pairs(shingles(distinct), threshold):
        found += zip(left.tolist(), right.tolist(), np.round(alike, 12).tolist(), strict=True)
        if len(found) > MOST_PAIRS:
            raise TooManyAlike(len(found), "pairs so far", MOST_PAIRS)
    return sorted(found, key=lambda pair: (-pair[2], *pair[:2]))
