"""Clusters of equal texts: raw (L0), normalised (L1), without hashtags (L2)."""

from collections.abc import Iterable

import numpy as np

from posts.clusters.groups import NONE, Clustering, counted
from posts.columns import Columns
from posts.enums import Level
from posts.texts.forms import TextForms, forms
from posts.texts.normalisation import VERSION

_FORM = {Level.L0: "raw", Level.L1: "n1", Level.L2: "core"}


def of_texts(columns: Columns) -> list[TextForms]:
    """Return the forms of all texts, each distinct text normalised once."""
    known: dict[str, TextForms] = {}
    result = []
    for text in columns.texts:
        form = known.get(text)
        if form is None:
            form = known[text] = forms(text)
        result.append(form)
    return result


def clusters(columns: Columns, level: Level, texts: Iterable[TextForms] | None = None) -> Clustering:
    """Group the posts whose texts are equal at `level`; at every level only cores of 20 characters take part."""
    name = _FORM[level]
    codes: dict[str, int] = {}
    group = np.full(len(columns), NONE, np.int64)
    for place, form in enumerate(of_texts(columns) if texts is None else texts):
        if form.eligible:
            group[place] = codes.setdefault(getattr(form, name), len(codes))
    raw: dict[str, int] = {}
    text = np.fromiter((raw.setdefault(one, len(raw)) for one in columns.texts), np.int64, len(columns))
    return counted(columns, level, group, text=text, weakest=np.ones(len(codes)), settings={"version": VERSION})
