"""One analysis of a collection: what `analyse_posts --json` prints, from columns to plain values.

The same posts give the same bytes, in whatever order they were imported. "first" is the key that programs read; to a
person it is "earliest in this collection", and nothing here says more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from posts.clusters import exact, near
from posts.clusters.exact import of_texts
from posts.clusters.groups import Clustering
from posts.columns import REPOST, Columns
from posts.coshare.network import Network, Settings, coshare
from posts.coshare.rows import ShareRow, ShareRows
from posts.counting import hashtags, rankings, summaries, timelines
from posts.counting.rankings import Shared
from posts.enums import Level, ObjectKind
from posts.texts.forms import TextForms

VERSION = "R1"


@dataclass(frozen=True)
class Request:
    """What to count: zone and bounds apply to everything; `coshare` names the kinds of objects, none for no network."""

    zone: str = "UTC"
    levels: tuple[Level, ...] = tuple(Level)
    threshold: float = near.THRESHOLD
    limit: int = 50
    coshare: tuple[ObjectKind, ...] = ()
    settings: Settings = field(default_factory=Settings)


def analyse(
    columns: Columns,
    request: Request,
    *,
    tags: Iterable[Sequence[str]] = (),
    shared: Iterable[Shared] = (),
    reposted: Iterable[str] = (),
    share_rows: Iterable[ShareRow] = (),
) -> dict:
    """Return the figures. `tags` are those of each post in the order of `columns`, `reposted` ids of reposted posts.

    Raises InvalidSettings, UnknownZone, TooManyTexts and TooManyPairs.
    """
    lines = {unit: timelines.timeline(columns, unit, request.zone) for unit in timelines.UNITS}
    result = summaries.summary(columns)
    result |= {f"peak_{unit}": line["peak"] for unit, line in lines.items()}
    result["most_active"] = rankings.most_active(columns, request.limit)
    result["concentration"] = rankings.concentration(columns)
    shared, reposted = list(shared), list(reposted)
    result["most_shared"] = rankings.most_shared(shared, reposted, request.limit)
    result["stated_reposts"] = rankings.stated(shared, reposted)
    result["hashtags"] = hashtags.ranking(hashtags.uses(columns, tags), request.limit)
    result["clusters"] = clusters(columns, request.levels, threshold=request.threshold)
    if request.coshare:
        result["coshare"] = network(share_rows, request).result()
    return result


def clusters(columns: Columns, levels: Iterable[Level], *, threshold: float = near.THRESHOLD) -> dict:
    """Return the clusters at each level, of all posts and without reposts: a repost is not a paste."""
    texts = of_texts(columns)
    written = columns.without_reposts()
    own = [form for form, kind in zip(texts, columns.kind, strict=True) if kind != REPOST]
    found = {}
    for level in levels:
        everything = clustering(columns, level, texts, threshold=threshold)
        originals = everything if len(written) == len(columns) else clustering(written, level, own, threshold=threshold)
        found[level.value] = everything.result() | {"originals_only": originals.result()}
    return found


def clustering(
    columns: Columns, level: Level, texts: Sequence[TextForms], *, threshold: float = near.THRESHOLD
) -> Clustering:
    """Return the clusters at one level."""
    if level == Level.L3:
        return near.clusters(columns, texts, threshold=threshold)
    return exact.clusters(columns, level, texts)


def network(rows: Iterable[ShareRow], request: Request) -> Network:
    """Return the co-sharing network of the objects that were asked for."""
    wanted = frozenset(request.coshare)
    return coshare(ShareRows.of(row for row in rows if row.kind in wanted), request.settings)


def text_rows(columns: Columns, texts: Sequence[TextForms] | None = None) -> Iterable[ShareRow]:
    """Yield the dated posts without reposts that are long enough to compare, as sharers of their core text."""
    forms = of_texts(columns) if texts is None else texts
    for place, form in enumerate(forms):
        if form.eligible and columns.dated[place] and columns.kind[place] != REPOST:
            account = columns.accounts[columns.account[place]]
            yield ShareRow(form.core, account, columns.ids[place], int(columns.at[place]), ObjectKind.TEXT)
