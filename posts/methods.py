"""What each analysis makes of a collection: figures as plain values, and the posts behind each entry of its lists."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np

from posts import report
from posts.clusters import alike, near
from posts.clusters.exact import of_texts
from posts.clusters.groups import Clustering
from posts.columns import REPOST, Columns
from posts.columns import written as told_at
from posts.coshare.directed import directed
from posts.coshare.network import Network
from posts.coshare.rows import ShareRows
from posts.counting import hashtags, profiles, rankings, reuse, summaries, synchrony, timelines
from posts.enums import Level, ObjectKind, Part
from posts.loading import Collection
from posts.questions import Question
from posts.states import AnalysisMethod
from posts.texts import normalisation

# The normalisation, the counting, and what is done here: an analysis says by which of them it was made.
CODE_VERSION = f"{normalisation.VERSION} {near.VERSION} {report.VERSION} A6"
MOST_EDGES = 2_000
# Minutes are told where there are at most so many of them: of a day or of a few, or of few posts.
MOST_MINUTES = 5_000
EARLIEST = "earliest in this collection"
# Behind the name of a level: the posts of all its clusters.
WHOLE = "-all"


class Group(NamedTuple):
    """The posts behind one entry: `name` of the list in the result, its place there, the entry, the posts' keys."""

    name: str
    place: int
    facts: dict[str, Any]
    posts: list[UUID]


@dataclass
class Answer:
    """The figures of an analysis, and the posts behind its entries."""

    result: dict[str, Any]
    groups: list[Group] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """What a method may look at: the question's posts; for some, all posts of the datasets or each campaign's own."""

    question: Question
    posts: Collection
    everything: Callable[[], Collection]
    campaigns: Callable[[], dict[str, Collection]]


def answer(asked: Asked) -> Answer:
    """Answer a question; raises InvalidSettings, TooManyTexts or TooManyPairs with the number."""
    return _METHODS[asked.question.method](asked)


def basis_of(asked: Asked) -> dict[str, Any]:
    """How many posts a question is about, and the hash of everything that the answer was made of."""
    method = asked.question.method
    digests = [asked.posts.sha256(_READS.get(method, ()))]
    if method == AnalysisMethod.EARLIER_TAGS:
        digests.append(asked.everything().sha256())
    if method == AnalysisMethod.OVERLAP:
        digests += [one.sha256() for one in (*asked.campaigns().values(), asked.everything())]
    whole = digests[0] if len(digests) == 1 else sha256("\n".join(digests).encode()).hexdigest()
    return {"posts": len(asked.posts.posts), "sha256": whole}


def _campaign(asked: Asked) -> Answer:
    """Every figure of `analyse_posts`, with the lists of clusters at each level and the edges of the network."""
    question, posts = asked.question, asked.posts
    request = report.Request(zone=question.zone, levels=(), limit=question.limit)
    result = report.analyse(posts.columns, request, tags=posts.tags, shared=posts.shared(), reposted=posts.reposted)
    answers = Answer(result | {"retold": posts.retold} | _timelines(posts.columns, question.zone))
    for level, figures, groups in _levels(posts, question):
        answers.result["clusters"][level] = figures
        answers.groups += groups
    answers.groups += _top_groups(posts)
    if question.coshare:
        network = _network(asked)
        answers.result["coshare"] = _figures(network, question)
        answers.groups += _edge_groups(posts, network)
    return answers


def _timelines(columns: Columns, zone: str) -> dict[str, Any]:
    lines = {unit: timelines.timeline(columns, unit, zone)["buckets"] for unit in ("day", "hour", "minute")}
    if len(lines["minute"]) > MOST_MINUTES:
        del lines["minute"]
    return {"timeline": lines}


def _timeline(asked: Asked) -> Answer:
    return Answer(timelines.timeline(asked.posts.columns, asked.question.unit, asked.question.zone))


def _hashtags(asked: Asked) -> Answer:
    posts = asked.posts
    return Answer({"hashtags": hashtags.ranking(hashtags.uses(posts.columns, posts.tags), asked.question.limit)})


def _earlier_tags(asked: Asked) -> Answer:
    """What the accounts of the question did before its first post, anywhere in the datasets: tags, and texts pasted."""
    columns, every = asked.posts.columns, asked.everything()
    dated = columns.at[columns.dated]
    before = int(dated[0]) if len(dated) else 0
    # As all the posts name them, which may be of more platforms than the question's.
    accounts = {every.name(post.platform, post.account) for post in asked.posts.posts}
    found = hashtags.earlier(hashtags.uses(every.columns, every.tags), before, accounts, limit=asked.question.limit)
    pasted = _pasted_before(every, before, accounts, asked.question.limit)
    figures = {"first": summaries.earliest(columns), "accounts": len(accounts), "hashtags": found}
    groups = [*_tagged_before(every, before, accounts, found), *pasted]
    return Answer(figures | {"clusters": [group.facts for group in pasted]}, groups)


def _tagged_before(every: Collection, before: int, accounts: set[str], rows: list[dict[str, Any]]) -> list[Group]:
    """The posts behind each of these rows of earlier hashtags: of these accounts alone."""
    posts: dict[str, list[UUID]] = {row["tag"]: [] for row in rows}
    for post in every.posts:
        if post.at is not None and post.at < before and every.name(post.platform, post.account) in accounts:
            for tag in posts.keys() & set(post.hashtags):
                posts[tag].append(post.pk)
    return [Group("earlier_tags", place, row, posts[row["tag"]]) for place, row in enumerate(rows)]


def _pasted_before(every: Collection, before: int, accounts: set[str], limit: int) -> list[Group]:
    """The texts that these accounts shared among themselves before (L2, without reposts), with first and last post."""
    columns = every.columns
    theirs = np.isin(columns.account, [code for code, name in enumerate(columns.accounts) if name in accounts])
    past = columns.where(columns.dated & (columns.at < before) & theirs).without_reposts()
    found = report.clustering(past, Level.L2, of_texts(past))
    groups = []
    for number, group in enumerate(_cluster_groups(every, found, limit)):
        last = told_at(past.at[found.members(number)[-1]])
        groups.append(group._replace(name="earlier", facts=group.facts | {"last": last}))
    return groups


def _first_posters(asked: Asked) -> Answer:
    """The earliest post of each cluster at each level, the largest clusters first, with ties and clock flags."""
    result: dict[str, Any] = {"wording": EARLIEST, "first": summaries.earliest(asked.posts.columns), "levels": {}}
    answers = Answer(result)
    for level, _, groups in _levels(asked.posts, asked.question):
        result["levels"][level] = [group.facts for group in groups if group.name == level]
        answers.groups += groups
    return answers


def _most_shared(asked: Asked) -> Answer:
    shared, reposted = list(asked.posts.shared()), asked.posts.reposted
    found = rankings.most_shared(shared, reposted, asked.question.limit)
    return Answer({"most_shared": found, "stated_reposts": rankings.stated(shared, reposted)})


def _most_active(asked: Asked) -> Answer:
    columns = asked.posts.columns
    ranked = rankings.most_active(columns, asked.question.limit)
    figures = {"most_active": ranked, "concentration": rankings.concentration(columns)}
    return Answer(figures, _top_groups(asked.posts))


def _locations(asked: Asked) -> Answer:
    snapshots, limit = asked.posts.snapshots, asked.question.limit
    found = profiles.locations(snapshots, limit)
    named = list(zip(found["groups"], profiles.located(snapshots, limit), strict=True))
    whole = [({name: len(accounts)}, accounts) for name, accounts in profiles.standing(snapshots).items()]
    groups = _account_groups(asked.posts, "locations", named)
    return Answer(found, groups + _account_groups(asked.posts, "profiles", whole))


def _bios(asked: Asked) -> Answer:
    found = profiles.mentions(asked.posts.snapshots, asked.question.phrase)
    accounts = {one["account"] for one in found}
    figures = {"accounts": len(accounts)}
    groups = _account_groups(asked.posts, "bios", [(figures, accounts)])
    return Answer(figures | {"matches": found}, groups)


def _creations(asked: Asked) -> Answer:
    found = profiles.creations(asked.posts.snapshots, asked.question.zone, asked.question.days)
    burst = found["burst"]
    named = [({"accounts": burst["accounts"]}, set(burst["names"]))] if burst else []
    months, unknown = profiles.created_in(asked.posts.snapshots, asked.question.zone)
    known = set().union(*months.values())
    groups = _account_groups(asked.posts, "burst", named)
    groups += _account_groups(asked.posts, "months", zip(found["months"], months.values(), strict=True))
    whole = [({"known": len(known)}, known), ({"unknown": len(unknown)}, unknown)]
    return Answer(found, groups + _account_groups(asked.posts, "created", whole))


def _clusters(asked: Asked) -> Answer:
    answers = Answer({"clusters": {}})
    for level, figures, groups in _levels(asked.posts, asked.question):
        own = [group.facts for group in groups if group.name == level]
        answers.result["clusters"][level] = figures | {"list": own}
        answers.groups += groups
    return answers


def _alike(asked: Asked) -> Answer:
    posts, question = asked.posts, asked.question
    found = alike.pairs(posts.columns, posts.texts, form=question.form, threshold=question.threshold)
    keys = _keys(posts)
    groups = [
        Group("alike", place, {"likeness": one["likeness"]}, [keys[name] for name in (*one["a"], *one["b"])])
        for place, one in enumerate(found["list"][:MOST_EDGES])
    ]
    return Answer({"alike": found}, groups)


def _coshare(asked: Asked) -> Answer:
    network = _network(asked)
    figures = _figures(network, asked.question)
    groups = _edge_groups(asked.posts, network)
    ranked = network.ranked(min(asked.question.limit, MOST_EDGES))
    figures["list"] = [network.edge(int(one)) | {"posts": network.contents_of(int(one))} for one in ranked]
    if wanted := asked.question.shared_object:
        figures["pairs_of_object"] = network.pairs_of(wanted)[: asked.question.limit]
    return Answer({"coshare": figures}, groups)


def _directed(asked: Asked) -> Answer:
    """By QUT's definition: an edge counts the distinct posts of its source, whoever posts how often."""
    question = asked.question
    rows = ShareRows.of(asked.posts.share_rows(question.coshare))
    found = directed(rows, window=question.window, min_weight=question.min_weight, loops=question.loops)
    return Answer({"directed": found.result() | {"list": found.ranked(question.limit)}})


def _synchrony(asked: Asked) -> Answer:
    return Answer(synchrony.synchrony(asked.posts.columns, asked.question.window, asked.question.limit))


def _overlap(asked: Asked) -> Answer:
    """The accounts that datasets or campaigns share, two by two; the same id on two platforms is two accounts.

    The population is all accounts with posts in the files, in or out of the campaigns, unless a number was given.
    """
    found = {
        name: {(post.platform, post.account) for post in collection.posts}
        for name, collection in asked.campaigns().items()
    }
    is_mixed = len({platform for accounts in found.values() for platform, _ in accounts}) > 1
    campaigns = {
        name: {f"{platform}:{account}" if is_mixed else account for platform, account in accounts}
        for name, accounts in found.items()
    }
    platform = asked.question.platform
    every = {(post.platform, post.account) for post in asked.everything().posts if platform in ("", post.platform)}
    population = reuse.population(asked.question.population, every, found.values())
    return Answer({"population": population} | reuse.overlap(campaigns, population["accounts"]))


_METHODS: dict[str, Callable[[Asked], Answer]] = {
    AnalysisMethod.CAMPAIGN: _campaign,
    AnalysisMethod.TIMELINE: _timeline,
    AnalysisMethod.HASHTAGS: _hashtags,
    AnalysisMethod.EARLIER_TAGS: _earlier_tags,
    AnalysisMethod.FIRST_POSTERS: _first_posters,
    AnalysisMethod.MOST_SHARED: _most_shared,
    AnalysisMethod.MOST_ACTIVE: _most_active,
    AnalysisMethod.LOCATIONS: _locations,
    AnalysisMethod.BIOS: _bios,
    AnalysisMethod.CREATIONS: _creations,
    AnalysisMethod.CLUSTERS: _clusters,
    AnalysisMethod.ALIKE: _alike,
    AnalysisMethod.COSHARE: _coshare,
    AnalysisMethod.DIRECTED: _directed,
    AnalysisMethod.SYNCHRONY: _synchrony,
    AnalysisMethod.OVERLAP: _overlap,
}

# What a method reads of the posts beside themselves.
_READS: dict[str, tuple[Part, ...]] = {
    AnalysisMethod.CAMPAIGN: (Part.COUNTS, Part.OBJECTS),
    AnalysisMethod.MOST_SHARED: (Part.COUNTS,),
    AnalysisMethod.LOCATIONS: (Part.PROFILES,),
    AnalysisMethod.BIOS: (Part.PROFILES,),
    AnalysisMethod.CREATIONS: (Part.PROFILES,),
    AnalysisMethod.COSHARE: (Part.OBJECTS,),
    AnalysisMethod.DIRECTED: (Part.OBJECTS,),
}

# --- parts


def _levels(posts: Collection, question: Question) -> Iterator[tuple[str, dict[str, Any], list[Group]]]:
    """Each level with its figures, of all posts and without reposts, and the largest clusters without reposts."""
    columns, written = posts.columns, posts.columns.without_reposts()
    own = [form for form, kind in zip(posts.texts, columns.kind, strict=True) if kind != REPOST]
    for name in question.levels:
        level = Level(name)
        originals = report.clustering(written, level, own, threshold=question.threshold)
        everything = originals
        if len(written) < len(columns):
            everything = report.clustering(columns, level, posts.texts, threshold=question.threshold)
        figures = everything.result() | {"originals_only": originals.result()}
        groups = _cluster_groups(posts, originals, question.limit)
        yield name, figures, [*groups, *_whole_groups(posts, name, (everything, originals))]


def _cluster_groups(posts: Collection, found: Clustering, limit: int) -> list[Group]:
    """The largest clusters with their text as the earliest post has it, and their posts."""
    keys = _keys(posts)
    groups = []
    for number in range(min(len(found), limit)):
        facts = found.cluster(number) | {"text": found.columns.texts[int(found.earliest[number])]}
        members = [keys[found.columns.ids[place]] for place in found.members(number)]
        groups.append(Group(found.level.value, number, facts, members))
    return groups


def _whole_groups(posts: Collection, level: str, found: Iterable[Clustering]) -> list[Group]:
    """The posts of all clusters of a level: with reposts, and without."""
    keys = _keys(posts)
    return [
        Group(
            f"{level}{WHOLE}",
            place,
            {"clusters": len(one), "posts": int(one.posts.sum())},
            [keys[one.columns.ids[member]] for member in one.all_members()],
        )
        for place, one in enumerate(found)
    ]


def _top_groups(posts: Collection) -> list[Group]:
    """The posts of the most active accounts, whose share of all is told."""
    ranked = rankings.most_active(posts.columns, rankings.TOP)
    facts = {"accounts": len(ranked), "posts": sum(one["posts"] for one in ranked)}
    return _account_groups(posts, "top", [(facts, {one["author"] for one in ranked})])


def _network(asked: Asked) -> Network:
    """The network of what was asked for. What a file names itself stands in where it has nothing of these kinds."""
    kinds = tuple(ObjectKind(kind) for kind in asked.question.coshare)
    rows = asked.posts.share_rows(kinds)
    request = report.Request(coshare=tuple({*kinds, *(row.kind for row in rows)}), settings=asked.question.settings())
    return report.network(rows, request)


def _figures(network: Network, question: Question) -> dict[str, Any]:
    kinds = sorted({kind.value for kind, _ in network.rows.objects})
    return (
        network.result()
        | {"objects": kinds, "listed": MOST_EDGES}
        | {
            "window": question.window,
            "min_participation": question.min_participation,
            "quantile": question.quantile,
        }
    )


def _edge_groups(posts: Collection, network: Network) -> list[Group]:
    """The edges that rest on most objects with the posts they rest on; and the posts of all edges, of those above."""
    keys = _keys(posts)
    groups = []
    for place, edge in enumerate(network.ranked(MOST_EDGES)):
        members = [keys[name] for name in network.contents_of(int(edge))]
        groups.append(Group("edges", place, network.edge(int(edge)), members))
    for place, mask in enumerate((np.ones(len(network.edges), np.bool_), network.above)):
        facts = {"edges": int(mask.sum()), "nodes": len(network.nodes(mask))}
        groups.append(Group("network", place, facts, [keys[name] for name in network.contents(mask)]))
    return groups


def _account_groups(posts: Collection, name: str, named: Iterable[tuple[dict[str, Any], set[str]]]) -> list[Group]:
    """The posts of each set of accounts, with the entry that counts the accounts."""
    own: dict[str, list[UUID]] = {}
    for post in posts.posts:
        own.setdefault(posts.name(post.platform, post.account), []).append(post.pk)
    return [
        Group(name, place, facts, [pk for account in sorted(accounts) for pk in own.get(account, ())])
        for place, (facts, accounts) in enumerate(named)
    ]


def _keys(posts: Collection) -> dict[str, UUID]:
    return {posts.name(post.platform, post.native_id): post.pk for post in posts.posts}
