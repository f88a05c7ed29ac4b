"""Answers to one question as a page shows them: kept analyses where there are any, else counted while it waits.

What is only looked at is kept nowhere: no row, no exhibit, and nothing that could be cited.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from cases.models import Case, User
from posts import quick, tellings
from posts.counting import timelines
from posts.coverage import coverage
from posts.exceptions import TooManyPairs
from posts.figures import groups_of
from posts.listing import Narrowing, posts_of
from posts.loading import Collection, covers_case
from posts.methods import MOST_MINUTES, Asked, Group, answer
from posts.models import Analysis, Dataset, Post, PostGroup
from posts.queries import analyses_of, datasets_in_use, datasets_of, stale_ids
from posts.questions import Question
from posts.states import AnalysisMethod, AnalysisState

# More than this is a job: so many posts are counted, and so many looked through where no index finds those.
LOOKED_AT = 10_000
LOOKED_THROUGH = 50_000
# What these ask lies outside of the question's own posts.
THROUGH_ALL = (AnalysisMethod.EARLIER_TAGS, AnalysisMethod.OVERLAP)
NARROWING = ("tag", "query", "platform", "start", "end", "zone")


@dataclass(frozen=True)
class Shown:
    """One answer and what it rests on; `analysis` is None for one that is only looked at.

    One that is quick has the first figures of very many posts, and leaves the rest to a job.
    """

    method: str
    result: dict[str, Any]
    coverage: dict[str, Any]
    analysis: Analysis | None = None
    is_stale: bool = False
    is_quick: bool = False
    made: tuple[Group, ...] = ()

    def groups(self, name: str, most: int | None = None) -> list[Group | PostGroup]:
        """The first entries of a list (L0 ... L3, edges); one query for a kept one."""
        if self.analysis is None:
            return [group for group in self.made if group.name == name][:most]
        return list(groups_of(self.analysis, name)[:most])

    def group(self, name: str, place: int) -> Group | PostGroup | None:
        """One entry, None where there is none."""
        if self.analysis is None:
            return next((group for group in self.made if (group.name, group.place) == (name, place)), None)
        return groups_of(self.analysis, name, [place]).first()


def _narrowing_of(question: Question) -> tuple:
    return tuple(getattr(question, name) for name in NARROWING)


def _has_index(question: Question) -> bool:
    """Whether the posts of a question are found without looking at all the others."""
    return bool(question.tag or question.start or question.end)


def alongside(question: Question, method: str, **more: Any) -> Question:
    """The question of another method about the same posts."""
    return Question.of(method, {name: getattr(question, name) for name in NARROWING} | more)


class Answers:
    """What is known of a case's posts, or of those of one dataset; each answer is looked up once."""

    def __init__(self, actor: User, case: Case, dataset: Dataset | None = None) -> None:
        self.actor, self.case, self.dataset = actor, case, dataset
        self.problem = ""

    @cached_property
    def datasets(self) -> list[Dataset]:
        """What the answers rest on, in order."""
        return [self.dataset] if self.dataset else datasets_in_use(self.actor, self.case)

    @cached_property
    def coverage(self) -> dict[str, Any]:
        """The coverage of these datasets: line, caution, and each in detail."""
        return coverage(self.datasets)

    def newest(self) -> Analysis | None:
        """The newest campaign analysis of these datasets, whatever was asked."""
        return self._kept_rows().filter(method=AnalysisMethod.CAMPAIGN).defer("result").order_by("-number").first()

    def kept(self, questions: Iterable[Question]) -> dict[str, Shown]:
        """The newest analyses of exactly these questions by method; two queries for all."""
        wanted = Q(pk__in=[])
        for question in questions:
            wanted |= Q(method=question.method, parameters=question.as_json())
        found = {one.method: one for one in self._kept_rows().filter(wanted).order_by("number")}
        stale = stale_ids(self.case, found.values())
        return {
            method: Shown(method, one.result or {}, self._coverage_of(one, one.pk in stale), one, one.pk in stale)
            for method, one in found.items()
        }

    def _coverage_of(self, analysis: Analysis, is_stale: bool) -> dict[str, Any]:
        """What a kept analysis rests on: of a stale one, other files than there are now."""
        if not is_stale:
            return self.coverage
        rows = datasets_of(self.actor, self.case).filter(pk__in=analysis.datasets)
        return coverage(list(rows.order_by("number")))

    def _kept_rows(self):
        rows = analyses_of(self.actor, self.case).filter(state=AnalysisState.READY)
        if self.dataset:
            return rows.filter(of_whole_case=False, datasets=[self.dataset.pk])
        return rows.filter(of_whole_case=True)

    # --- what is only looked at

    def size(self, question: Question) -> int:
        """How many posts the question is about, as far as LOOKED_AT + 1; one count for all that narrow alike."""
        key = _narrowing_of(question)
        if key not in self._sizes:
            self._sizes[key] = self._count(question)
        return self._sizes[key]

    def _count(self, question: Question) -> int:
        return self._rows(question)[: LOOKED_AT + 1].count()

    def _rows(self, question: Question) -> QuerySet[Post]:
        narrowing = Narrowing(**{name: getattr(question, name) for name in NARROWING})
        if self.dataset:
            narrowing = replace(narrowing, dataset=self.dataset.label)
        return posts_of(self.actor, self.case, narrowing)

    def may_look(self, question: Question) -> bool:
        """Whether a page can wait for the answer."""
        held = sum(one.posts for one in self.datasets)
        if held > LOOKED_THROUGH and (question.method in THROUGH_ALL or not _has_index(question)):
            return False
        return held > 0 and (held <= LOOKED_AT or self.size(question) <= LOOKED_AT)

    def look(self, question: Question) -> Shown:
        """Count now. A network that would have too many pairs is left out, and `problem` says why."""
        try:
            found = answer(self._asked(question))
        except TooManyPairs as error:
            self.problem = str(error)
            found = answer(self._asked(replace(question, coshare=())))
        return Shown(question.method, found.result, self.coverage, made=tuple(found.groups))

    def quick(self, question: Question) -> Shown:
        """What the database counts at once of however many posts."""
        found = quick.figures(self._rows(question), question.zone, question.limit)
        if tellings.are_there(self.case.pk):
            found["retold"] = tellings.several(self._rows(question), self.case, self._keys).count()
        return Shown(question.method, found, self.coverage, is_quick=True)

    def timelines(self, question: Question) -> dict[str, Any]:
        """Only the posts over time, by unit; of very many posts by day and hour."""
        if not self.may_look(question):
            lines = quick.lines_of(self._rows(question), question.zone)
            return {unit: line["buckets"] for unit, line in lines.items()}
        columns = self._collection(question).columns
        lines = {unit: timelines.timeline(columns, unit, question.zone)["buckets"] for unit in timelines.UNITS}
        return {unit: buckets for unit, buckets in lines.items() if unit != "minute" or len(buckets) <= MOST_MINUTES}

    def _asked(self, question: Question) -> Asked:
        everything = partial(self._collect, question=question, every=True)
        return Asked(question, self._collection(question), everything, campaigns=dict)

    def _collection(self, question: Question) -> Collection:
        """The posts of a question; methods that narrow alike share them."""
        key = _narrowing_of(question)
        if key not in self._collections:
            self._collections[key] = self._collect(question=question)
        return self._collections[key]

    @cached_property
    def _sizes(self) -> dict[tuple, int]:
        return {}

    @cached_property
    def _collections(self) -> dict[tuple, Collection]:
        return {}

    @cached_property
    def _covers_case(self) -> bool:
        return covers_case(self.case.pk, self._keys)

    @property
    def _keys(self) -> list[UUID]:
        return [one.pk for one in self.datasets]

    def _collect(self, question: Question, *, every: bool = False) -> Collection:
        return Collection(self.case.pk, self._keys, self._covers_case, question, every)
