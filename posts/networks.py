"""The network of an analysis for files: as it is kept, or made again from the posts where not all of it is."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from posts import report
from posts.coshare import exports
from posts.enums import ObjectKind
from posts.figures import handles_of, parted
from posts.loading import Collection, covers_case
from posts.models import Analysis, Post, PostGroup
from posts.questions import Question

# Nodes and edges as `exports` writes them.
Parts = tuple[Iterable[dict], Iterable[dict]]


def network_of(analysis: Analysis) -> Parts:
    """All nodes and edges of an answered analysis."""
    groups = list(PostGroup.objects.filter(analysis=analysis, name="edges").order_by("place"))
    if analysis.result and len(groups) == analysis.result["coshare"]["edges"]:
        return _kept(analysis, groups)
    return _made_again(analysis)


def _kept(analysis: Analysis, groups: Sequence[PostGroup]) -> Parts:
    known = _posts_of(groups)
    edges = [exports.with_posts(one.facts, _native_ids(one, known)) for one in groups]
    degree: Counter[str] = Counter()
    weighted: Counter[str] = Counter()
    for edge in edges:
        for name in {edge["a"], edge["b"]}:
            degree[name] += 1 + (edge["a"] == edge["b"])
            weighted[name] += edge["weight"] * (1 + (edge["a"] == edge["b"]))
    posts = _counted(groups, known)
    labels = _labels(analysis, degree)
    nodes = [exports.node(name, labels[name], degree[name], weighted[name], posts[name]) for name in sorted(degree)]
    return nodes, edges


def _posts_of(groups: Iterable[PostGroup]) -> dict[UUID, tuple[str, str, str]]:
    """Platform, native id and account of every post behind these edges."""
    rows = Post.objects.filter(pk__in={pk for one in groups for pk in one.posts})
    return {pk: (platform, own, account) for pk, platform, own, account in rows.values_list(*_TOLD)}


_TOLD = ("pk", "platform", "native_id", "account")


def _native_ids(edge: PostGroup, known: dict[UUID, tuple[str, str, str]]) -> list[str]:
    """The ids of an edge's posts, with their platform where its accounts have theirs."""
    told = [known[pk] for pk in edge.posts]
    is_mixed = bool(parted(edge.facts["a"])[0])
    return [f"{platform}:{own}" if is_mixed else own for platform, own, _ in told]


def _counted(groups: Iterable[PostGroup], known: dict[UUID, tuple[str, str, str]]) -> dict[str, int]:
    """How many posts of each account stand behind the edges."""
    own: defaultdict[str, set[UUID]] = defaultdict(set)
    for one in groups:
        for name in (one.facts["a"], one.facts["b"]):
            own[name].update(pk for pk in one.posts if _is_of(name, known[pk]))
    return {name: len(posts) for name, posts in own.items()}


def _is_of(name: str, post: tuple[str, str, str]) -> bool:
    platform, account = parted(name)
    return post[2] == account and platform in ("", post[0])


def _made_again(analysis: Analysis) -> Parts:
    question = Question.of(analysis.method, analysis.parameters)
    covers = covers_case(analysis.case_id, analysis.datasets)
    rows = Collection(analysis.case_id, analysis.datasets, covers, question).share_rows(question.coshare)
    kinds = tuple({ObjectKind(row.kind) for row in rows})
    network = report.network(rows, report.Request(coshare=kinds, settings=question.settings()))
    labels = _labels(analysis, (network.rows.accounts[code] for code in network.nodes()))
    return exports.nodes_of(network, labels), exports.edges_of(network)


def _labels(analysis: Analysis, accounts: Iterable[str]) -> dict[str, str]:
    return {account: handle or account for account, handle in handles_of(analysis.case, accounts).items()}
