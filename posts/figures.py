"""What pages show of analyses: the newest answer to a question, the posts behind an entry, the names of accounts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery

from cases.enums import Platform
from cases.models import Case, User
from posts import tellings
from posts.identity import post_id
from posts.listing import members_of
from posts.methods import Group
from posts.models import Analysis, AuthorSnapshot, Post, PostGroup
from posts.queries import analyses_of, stale_ids
from posts.questions import Question
from posts.states import AnalysisMethod, AnalysisState


@dataclass(frozen=True)
class Figure:
    """An analysis as a page shows it; `result` has the keys of docs/analyse-posts.schema.json."""

    analysis: Analysis
    is_stale: bool

    @property
    def result(self) -> dict[str, Any]:
        return self.analysis.result or {}

    @property
    def coverage(self) -> str:
        """The line that is printed with each number."""
        return self.analysis.item.relevance_note if self.analysis.item else ""


def newest(
    actor: User, case: Case, method: str = AnalysisMethod.CAMPAIGN, parameters: dict[str, Any] | None = None
) -> Figure | None:
    """The newest answered analysis of a method, of exactly these settings where they are given; two queries."""
    rows = analyses_of(actor, case).filter(method=method, state=AnalysisState.READY)
    if parameters is not None:
        rows = rows.filter(parameters=Question.of(method, parameters).as_json())
    analysis = rows.order_by("-number").first()
    return figure_of(analysis) if analysis else None


def figure_of(analysis: Analysis) -> Figure:
    return Figure(analysis, bool(stale_ids(analysis.case, [analysis])))


def groups_of(analysis: Analysis, name: str, places: Sequence[int] | None = None) -> QuerySet[PostGroup]:
    """The entries of one list of an analysis (L0 ... L3, earlier, edges), largest first; `size` counts their posts.

    The posts' keys are left behind, for they may be a million: see `posts_behind`.
    """
    rows = PostGroup.objects.filter(analysis=analysis, name=name).order_by("place").defer("posts")
    rows = rows.annotate(size=Func(F("posts"), function="cardinality", output_field=IntegerField()))
    return rows if places is None else rows.filter(place__in=list(places))


def posts_behind(group: Group | PostGroup) -> QuerySet[Post]:
    """The posts of an entry, kept or only looked at, by time."""
    keys = group.posts if isinstance(group, Group) else members_of(PostGroup.objects.filter(pk=group.pk))
    return Post.objects.filter(pk__in=keys).order_by("at", "pk")


def size_of(group: Group | PostGroup) -> int:
    """How many they are; a kept entry comes from `groups_of`."""
    return len(group.posts) if isinstance(group, Group) else group.size


def texts_of(group: Group | PostGroup, most: int = 50) -> list[tuple[str, int]]:
    """The different texts of a group with how many posts have each, the most frequent first; for the differences."""
    counts: dict[str, int] = {}
    for text in posts_behind(group).values_list("text", flat=True):
        counts[text] = counts.get(text, 0) + 1
    return sorted(counts.items(), key=lambda pair: -pair[1])[:most]


def handles_of(case: Case, accounts: Iterable[str]) -> dict[str, str]:
    """The handle that each account was last seen with, for labels; "" where no file shows one. One query."""
    wanted = {name: parted(name) for name in accounts}
    rows = AuthorSnapshot.objects.filter(case=case, account__in=[account for _, account in wanted.values()])
    rows = rows.order_by(F("last_seen_at").asc(nulls_first=True), "handle")
    seen = {}
    for platform, account, handle in rows.values_list("platform", "account", "handle"):
        seen[platform, account] = seen["", account] = handle
    return {name: seen.get(parts, "") for name, parts in wanted.items()}


def posts_named(case: Case, datasets: Iterable, native_ids: Iterable[str]) -> dict[str, Post]:
    """Posts by their platform's id, as results name them ("first": {"id": ...}); one query.

    By the keys that are made of these ids: no index has the ids themselves, and none must for this alone.
    """
    names = dict.fromkeys(native_ids)
    wanted = {post_id(case.pk, one, name.removeprefix(f"{one}:")): name for one in Platform.values for name in names}
    keys = list(datasets)
    again = Q(telling__gt="", native_id__in=[parted(name)[1] for name in names])
    rows = tellings.told_by(Post.objects.filter(case=case).filter(Q(pk__in=list(wanted)) | again), keys)
    found = {post_id(case.pk, post.platform, post.native_id): post for post in tellings.chosen(rows, case, keys)}
    return {name: found[pk] for pk, name in wanted.items() if pk in found}


def posts_by(case: Case, accounts: Iterable[str]) -> list[Post]:
    """The earliest post of each of these accounts on each platform, by steps along an index; two queries."""
    own = Post.objects.filter(case=case, account=OuterRef("account"), platform=OuterRef("platform"))
    earliest = own.order_by("at").values("pk")[:1]
    known = AuthorSnapshot.objects.filter(case=case, account__in=list(accounts)).order_by()
    found = known.annotate(earliest=Subquery(earliest)).values_list("earliest", flat=True).distinct()
    return list(Post.objects.filter(pk__in=[pk for pk in found if pk]))


def parted(name: str) -> tuple[str, str]:
    """The platform that a name carries where posts of several are counted together, else "", and the account or id."""
    platform, _, rest = name.partition(":")
    return (platform, rest) if rest and platform in Platform.values else ("", name)
