"""The list of posts: what narrows it, and its pages, each of which begins where the one before ended."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import F, Func, Q, QuerySet, UUIDField

from cases.enums import Platform
from cases.exceptions import InvalidInput, NotVisible
from cases.models import Case, User
from cases.paging import DEFAULT_SIZE, MAX_SIZE, Page, cursor_of, read_cursor
from posts import tellings
from posts.counting.timelines import bounds
from posts.enums import SUSPECT, Kind
from posts.models import Post, PostGroup
from posts.queries import datasets_of, get_analysis
from posts.texts.hashtags import folded
from posts.texts.phrases import patterns

LONGEST = 500


@dataclass(frozen=True)
class Narrowing:
    """What of a case's posts is listed; empty is no bound. `start` and `end` are days or times in `zone`.

    `group` names the posts behind one entry of an analysis: "N-3/L2/0" is the largest cluster at level L2 of N-3.
    """

    dataset: str = ""
    tag: str = ""
    query: str = ""
    account: str = ""
    platform: str = ""
    kind: str = ""
    repost_of: str = ""
    flagged: str = ""
    retold: str = ""
    undated: str = ""
    start: str = ""
    end: str = ""
    zone: str = "UTC"
    group: str = ""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Narrowing":
        """Read the parts of a query string; raises InvalidInput for one that cannot be asked for."""
        said = {one.name: str(given[one.name]).strip() for one in fields(cls) if given.get(one.name)}
        for name, value in said.items():
            if len(value) > LONGEST or "\0" in value:
                raise InvalidInput(f"At most {LONGEST} characters, none of them zero.", field=name)
        narrowing = cls(**said)
        if narrowing.kind and narrowing.kind not in list(Kind):
            raise InvalidInput(f"A kind is one of {', '.join(Kind)}.", field="kind")
        if narrowing.platform and narrowing.platform not in Platform.values:
            raise InvalidInput(f"A platform is one of {', '.join(Platform.values)}.", field="platform")
        narrowing.bounds()
        return replace(narrowing, tag=next(iter(folded([narrowing.tag])), "")) if narrowing.tag else narrowing

    def bounds(self) -> tuple[datetime | None, datetime | None]:
        return bounds(self.start, self.end, self.zone)

    @property
    def is_rare(self) -> bool:
        """Whether few posts may be left, which no index finds."""
        return bool(self.query or self.repost_of)


def posts_of(actor: User, case: Case, narrowing: Narrowing | None = None) -> QuerySet[Post]:
    """The posts of a case that `actor` may read, narrowed; those of sensitive files are there for some only.

    Those of a withdrawn file are out of use, as in every analysis, and are there where the file, or an analysis that
    was made before, is asked for by its name. A post that these files tell in several ways is there once, as an
    analysis of them takes it; behind an entry of an analysis as that one took it.
    """
    asked = narrowing or Narrowing()
    read = datasets_of(actor, case).ready()
    if asked.dataset:
        read = read.filter(number=_number(asked.dataset))
    elif not asked.group:
        read = read.in_use()
    keys = list(read.values_list("pk", flat=True))
    rows = _told_by(keys, actor, case)
    if not asked.group:
        rows = tellings.chosen(rows, case, keys)
    if asked.retold:
        rows = tellings.several(rows, case, keys)
    return _within(rows, actor, case, asked)


def readable_posts(actor: User, case: Case) -> QuerySet[Post]:
    """Every post of a case that `actor` may read in all its tellings, those of withdrawn files among them."""
    return _told_by(list(datasets_of(actor, case).ready().values_list("pk", flat=True)), actor, case)


def _told_by(keys: list[UUID], actor: User, case: Case) -> QuerySet[Post]:
    rows = Post.objects.visible_to(actor).filter(case=case)
    return rows if len(keys) == case.datasets.ready().count() else tellings.told_by(rows, keys)


def get_post(actor: User, case: Case, post_id: UUID) -> Post:
    """One post of a case, of a withdrawn file too."""
    found = readable_posts(actor, case).filter(pk=post_id).first()
    if found is None:
        raise NotVisible("There is no such post.")
    return found


def _within(rows: QuerySet[Post], actor: User, case: Case, asked: Narrowing) -> QuerySet[Post]:
    start, end = asked.bounds()
    narrowed = {
        "hashtags__contains": [asked.tag] if asked.tag else None,
        "account": asked.account,
        "platform": asked.platform,
        "kind": asked.kind,
        "repost_of": asked.repost_of,
        "at__gte": start,
        "at__lt": end,
        "clock_flags__overlap": list(SUSPECT) if asked.flagged else None,
        "at__isnull": True if asked.undated else None,
        "pk__in": _members(actor, case, asked.group) if asked.group else None,
    }
    words = [Q(folded__regex=one) for one in patterns(asked.query)]
    return rows.filter(*words, **{name: value for name, value in narrowed.items() if value not in (None, "")})


def _members(actor: User, case: Case, name: str) -> QuerySet:
    label, _, rest = name.partition("/")
    list_name, _, place = rest.partition("/")
    if not place.isdecimal() or len(place) > 9:
        raise InvalidInput("A group is named like N-3/L2/0.", field="group")
    analysis = get_analysis(actor, case, _number(label))
    group = PostGroup.objects.filter(analysis=analysis, name=list_name, place=int(place))
    if not group.exists():
        raise InvalidInput(f"{label[:20]} has no such list of posts.", field="group")
    return members_of(group)


def members_of(group: QuerySet[PostGroup]) -> QuerySet:
    """The keys of the posts behind an entry, for a query: of a whole network they may be a million."""
    return group.values_list(Func(F("posts"), function="unnest", output_field=UUIDField()), flat=True)


def _number(text: str) -> int:
    digits = text.rpartition("-")[2]
    if not digits.isdecimal() or len(digits) > 9:
        raise InvalidInput(f"{text[:40]!r} names no dataset or analysis; such a name is D-1 or N-3.", field="dataset")
    return int(digits)


def accounts_of(rows: QuerySet[Post]) -> int:
    """How many accounts wrote these posts."""
    return rows.order_by().values("platform", "account").distinct().count()


def post_page(
    rows: QuerySet[Post],
    *,
    newest_first: bool = False,
    cursor: str = "",
    size: int = DEFAULT_SIZE,
    one_pass: bool = False,
) -> Page:
    """One page by time, posts without one last; the index gives each without looking at those before.

    A search for what is rare has to look at every post: in `one_pass` over the table, for by the index it would fetch
    them one by one, which among a million takes ten times as long.

    Raises InvalidInput for a cursor that this list did not give out.
    """
    size = max(1, min(size, MAX_SIZE))
    try:
        after = read_cursor(cursor) if cursor else None
        found = [] if after and after[0] is None else _dated(rows, newest_first, after, size + 1, one_pass)
        if len(found) <= size:
            undated = rows.filter(at__isnull=True).order_by("pk")
            if after and after[0] is None:
                undated = undated.filter(pk__gt=after[1])
            found += undated[: size + 1 - len(found)]
    except (ValueError, TypeError, ValidationError, DataError) as error:
        raise InvalidInput("This cursor is not one that this list gave out.", field="cursor") from error
    return Page(found[:size], cursor_of(found[size - 1], "at") if len(found) > size else "")


def _dated(rows: QuerySet[Post], newest_first: bool, after: tuple | None, most: int, one_pass: bool) -> list[Post]:
    # The same order, by an expression that no index has.
    at = F("at") + timedelta(0) if one_pass else F("at")
    order = (at.desc(), "-pk") if newest_first else (at.asc(), "pk")
    rows = rows.filter(at__isnull=False).order_by(*order)
    if after:
        later = "lt" if newest_first else "gt"
        ties = Q(at=after[0]) & Q(**{f"pk__{later}": after[1]})
        rows = rows.filter(Q(**{f"at__{later}e": after[0]}) & (Q(**{f"at__{later}": after[0]}) | ties))
    return list(rows[:most])
