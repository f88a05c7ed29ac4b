"""The only doors to posts: each loads, checks that the actor may see it, and locks it when it is to be changed."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F, QuerySet

from cases.exceptions import NotVisible
from cases.models import Case, User
from cases.queries import the_one
from evidence.enums import Sensitivity
from posts.models import Analysis, AuthorSnapshot, Dataset, FollowEntry, FollowList, Post, RejectedRecord, Sighting
from posts.permissions import check_read_posts, reads_sensitive
from posts.tellings import of_post

ANALYSIS_PARTS = ("case", "item", "run", "created_by")
LIST_PARTS = ("case", "item", "item__blob", "item__case", "created_by")
DATASET_PARTS = ("case", "item", "item__blob", "item__case", "run", "created_by")


def get_dataset(actor: User, case: Case, number: int, *, for_update: bool = False) -> Dataset:
    """The dataset of that number in that case."""
    return the_one(datasets_of(actor, case).filter(number=number), "dataset", for_update=for_update)


def get_dataset_by_id(actor: User, dataset_id: UUID | str, *, for_update: bool = False) -> Dataset:
    """The dataset of that id."""
    rows = Dataset.objects.visible_to(actor).filter(pk=dataset_id).select_related(*DATASET_PARTS)
    found = the_one(rows, "dataset", for_update=for_update)
    check_read_posts(actor, found.case)
    if found.item.sensitivity == Sensitivity.SENSITIVE and not reads_sensitive(actor, found.case):
        raise NotVisible("There is no such dataset.")
    return found


def datasets_of(actor: User, case: Case) -> QuerySet[Dataset]:
    """The datasets of a case that `actor` may read; those of sensitive exhibits are there for some only."""
    check_read_posts(actor, case)
    rows = Dataset.objects.visible_to(actor).filter(case=case).select_related(*DATASET_PARTS)
    return rows if reads_sensitive(actor, case) else rows.exclude(item__sensitivity=Sensitivity.SENSITIVE)


def datasets_in_use(actor: User, case: Case) -> list[Dataset]:
    """What an analysis of the whole case rests on, in order."""
    return list(datasets_of(actor, case).in_use().order_by("number"))


def rejected_of(actor: User, case: Case) -> QuerySet[RejectedRecord]:
    """The rejected records of the datasets that `actor` may read."""
    return RejectedRecord.objects.visible_to(actor).filter(dataset__in=datasets_of(actor, case).values("pk"))


def sightings_of(actor: User, case: Case, post: Post) -> QuerySet[Sighting]:
    """Every record of a post in the files that `actor` may read, whichever way it tells it."""
    tellings = list(of_post(post).values_list("pk", flat=True))
    rows = Sighting.objects.visible_to(actor).filter(
        post__in=tellings, dataset__in=datasets_of(actor, case).values("pk")
    )
    return rows.select_related("dataset", "dataset__item").order_by("dataset__number", "line", "item")


def snapshots_of(actor: User, case: Case, platform: str, account: str) -> QuerySet[AuthorSnapshot]:
    """The profiles of an account as the files that `actor` may read show them, the undated first, then by date."""
    rows = AuthorSnapshot.objects.visible_to(actor).filter(case=case, account=account, platform=platform)
    open_to = datasets_of(actor, case).values("pk")
    ordered = F("first_seen_at").asc(nulls_first=True)
    return rows.filter(dataset__in=open_to).select_related("dataset", "dataset__item").order_by(ordered, "pk")


# --- follow lists


def get_follow_list(actor: User, case: Case, number: int) -> FollowList:
    """The follow list of that number in that case."""
    return the_one(follow_lists_of(actor, case).filter(number=number), "follow list")


def follow_lists_of(actor: User, case: Case) -> QuerySet[FollowList]:
    """The follow lists of a case that `actor` may read; those of sensitive exhibits are there for some only."""
    check_read_posts(actor, case)
    rows = FollowList.objects.visible_to(actor).filter(case=case).select_related(*LIST_PARTS)
    return rows if reads_sensitive(actor, case) else rows.exclude(item__sensitivity=Sensitivity.SENSITIVE)


def follow_entries_of(actor: User, case: Case) -> QuerySet[FollowEntry]:
    """The accounts on the lists that `actor` may read."""
    return FollowEntry.objects.visible_to(actor).filter(list__in=follow_lists_of(actor, case).values("pk"))


# --- analyses


def get_analysis(actor: User, case: Case, number: int) -> Analysis:
    """The analysis of that number in that case."""
    return the_one(analyses_of(actor, case).filter(number=number), "analysis")


def get_analysis_by_id(actor: User, analysis_id: UUID | str, *, for_update: bool = False) -> Analysis:
    """The analysis of that id; of sensitive posts it is there for some only."""
    rows = Analysis.objects.visible_to(actor).filter(pk=analysis_id).select_related(*ANALYSIS_PARTS)
    found = the_one(rows, "analysis", for_update=for_update)
    check_read_posts(actor, found.case)
    if not reads_sensitive(actor, found.case) and {*found.datasets, *found.lists} & set(_sensitive(found.case)):
        raise NotVisible("There is no such analysis.")
    return found


def analyses_of(actor: User, case: Case) -> QuerySet[Analysis]:
    """The analyses of a case that `actor` may read."""
    check_read_posts(actor, case)
    rows = Analysis.objects.visible_to(actor).filter(case=case).select_related(*ANALYSIS_PARTS)
    if reads_sensitive(actor, case):
        return rows
    hidden = _sensitive(case)
    return rows.exclude(datasets__overlap=hidden).exclude(lists__overlap=hidden) if hidden else rows


def _sensitive(case: Case) -> list[UUID]:
    """The datasets and follow lists of sensitive exhibits."""
    return [
        pk
        for model in (Dataset, FollowList)
        for pk in model.objects.filter(case=case, item__sensitivity=Sensitivity.SENSITIVE).values_list("pk", flat=True)
    ]


def stale_exhibits(case: Case, item_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Of these exhibits those that are stale analyses, with the analysis's label: for whoever cites one."""
    made = list(Analysis.objects.filter(case=case, item__in=list(item_ids)).defer("result"))
    stale = stale_ids(case, made)
    return {one.item_id: one.label for one in made if one.pk in stale and one.item_id}


def stale_ids(case: Case, analyses: Iterable[Analysis]) -> set[UUID]:
    """Those since which datasets or follow lists came into use, or some that they rest on went out of it.

    One that was asked of named files is made of others than are there only once a file comes: what was left out when
    it was asked was left out on purpose.
    """
    datasets = dict(Dataset.objects.in_use().filter(case=case).values_list("pk", "imported_at"))
    lists = dict(FollowList.objects.in_use().filter(case=case).values_list("pk", "created_at"))

    def is_stale(one: Analysis) -> bool:
        used, own = (lists, set(one.lists)) if one.lists else (datasets, set(one.datasets))
        if one.of_whole_case:
            return own != used.keys()
        return not own <= used.keys() or any(came > one.created_at for pk, came in used.items() if pk not in own)

    return {one.pk for one in analyses if is_stale(one)}
