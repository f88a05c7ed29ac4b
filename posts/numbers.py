"""A number on a page: its value, the posts behind it, and where it can be cited."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from cases.models import Case
from posts.models import Analysis, Dataset, Post
from posts.questions import Question


@dataclass(frozen=True)
class Number:
    """A count with the address of what it counts, and of the form that cites it ("" where that cannot be done)."""

    value: float | None
    url: str = ""
    cite: str = ""


@dataclass(frozen=True)
class Links:
    """Where the numbers of one page lead: its question narrows every list of posts."""

    case: Case
    question: Question
    dataset: Dataset | None = None
    may_cite: bool = False
    query: str = ""

    def number(self, value: int | None, analysis: Analysis | None, pointer: str, **narrowed: str) -> Number:
        """A count of posts; `pointer` is the JSON pointer of it in the result, `narrowed` what its posts share."""
        return Number(value, self.posts(**narrowed), self.cite(analysis, pointer))

    def entry(self, value: float | None, analysis: Analysis | None, pointer: str, name: str, place: int) -> Number:
        """A number with the posts behind one entry of a list; `name` and `place` are those of the entry."""
        return Number(value, self.behind(name, place), self.cite(analysis, pointer))

    def posts(self, **narrowed: str) -> str:
        """The list of the question's posts, narrowed further; `narrowed` outranks the question's own."""
        asked = {name: getattr(self.question, name) for name in ("tag", "query", "platform", "start", "end")}
        if self.dataset:
            asked["dataset"] = self.dataset.label
        asked = {name: value for name, value in (asked | narrowed).items() if value}
        if asked and self.question.zone != "UTC":
            asked["zone"] = self.question.zone
        address = reverse("posts:list", args=[self.case.ref])
        return f"{address}?{urlencode(asked)}" if asked else address

    def post(self, post: Post | None) -> str:
        """The page of a post, whose records state its counts; "" for one that is not there."""
        return reverse("posts:post", args=[self.case.ref, post.pk]) if post else ""

    def behind(self, name: str, place: int) -> str:
        """What is behind one entry of the lists of clusters or pairs, kept or only looked at."""
        return f"{reverse('posts:behind', args=[self.case.ref, name, place])}?{self.query}"

    def cite(self, analysis: Analysis | None, pointer: str) -> str:
        """The form that cites one number of a kept analysis."""
        if not self.may_cite or analysis is None or analysis.item is None:
            return ""
        # By its address, for claims are a room to the right of this one.
        page = reverse("evidence:item", args=[self.case.ref, analysis.item.exhibit])
        return f"{page}cite/?{urlencode({'number': pointer})}"
