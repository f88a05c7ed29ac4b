"""Posts, which PostgreSQL searches where they are, whatever the engine: a section of the results.

Words of posts are found by the index on `search_words_of(folded)`: case, width, marks and the letters that stand for
one another do not matter. What no post has (a status, a name, a source) finds none.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from evidence.enums import Sensitivity
from posts import tellings
from posts.models import Dataset, Post, Sighting
from search.ast import And, During, Everything, Keys, Node, Not, Or, Phrase, Prefix, Words
from search.rights import Reach
from search.vectors import quoted

MOST_COUNTED = 1_000
_NONE = Q(pk__in=[])


@dataclass(frozen=True)
class FoundPosts:
    """The first posts, the newest first, and how many there are; MOST_COUNTED stands for that many and more."""

    rows: list[Post]
    total: int

    @property
    def is_more(self) -> bool:
        return self.total >= MOST_COUNTED


def find_posts(actor: Any, reach: Reach, tree: Node, *, offset: int = 0, size: int = 5) -> FoundPosts:
    """Posts of cases in reach, each once; those told of by sensitive files alone for those who open these."""
    condition = _condition(tree)
    if condition is None:
        return FoundPosts([], 0)
    shut = _shut(reach)
    rows = _readable(actor, reach, shut).filter(condition).select_related("case")
    rows = tellings.once(rows, reach.cases, Dataset.objects.in_use().exclude(pk__in=[pk for pk, _ in shut]))
    total = rows.order_by()[:MOST_COUNTED].count()
    page = rows.order_by("-at", "-pk")[offset : offset + size] if total else []
    return FoundPosts(list(page), total)


def _shut(reach: Reach) -> list[tuple[UUID, UUID]]:
    """The files by which no post is found, each with its case: the sensitive ones that are not open, and those that
    were read again since.
    """
    half_open = [case_id for case_id in reach.cases if case_id not in reach.sensitive]
    closed = Q(item__sensitivity=Sensitivity.SENSITIVE, case__in=half_open)
    ready = Dataset.objects.ready().filter(case__in=list(reach.cases)).with_successors()
    return list(ready.filter(closed | Q(is_replaced=True)).values_list("pk", "case_id"))


def _readable(actor: Any, reach: Reach, shut: list[tuple[UUID, UUID]]) -> QuerySet[Post]:
    rows = Post.objects.visible_to(actor).filter(case__in=list(reach.cases))
    partly = {case_id for _, case_id in shut}
    if not partly:
        return rows
    opened = Dataset.objects.ready().filter(case__in=partly).exclude(pk__in=[pk for pk, _ in shut])
    seen = Sighting.objects.filter(post=OuterRef("pk"), dataset__in=list(opened.values_list("pk", flat=True)))
    return rows.filter(~Q(case__in=partly) | Exists(seen))


def _condition(node: Node) -> Q | None:
    """The tree as a condition on posts; None where no post can meet it."""
    found = _of(node)
    return None if found is _NONE else found


def _of(node: Node) -> Q:
    found = _NONE
    match node:
        case Everything():
            found = Q()
        case Words(words, _) if words:
            found = _words(" | ".join(map(_lexemes, words)))
        case Prefix(start):
            found = _begun(*(start.split(":", 1) if start[1:2] == ":" else ("", start)))
        case Phrase(words):
            found = _words(" <-> ".join(map(_lexemes, words)))
        case Keys(keys):
            found = _any([_key(*key.split(":", 1)) for key in keys])
        case During(start, end):
            bounds = {"at__gte": start, "at__lt": end}
            found = Q(at__isnull=False) & Q(**{name: value for name, value in bounds.items() if value is not None})
        case Not(part):
            inside = _of(part)
            found = Q() if inside is _NONE else ~inside
        case And(parts):
            found = _all([_of(part) for part in parts])
        case Or(parts):
            found = _any([_of(part) for part in parts])
    return found


def _words(query: str) -> Q:
    found = RawSQL("posts_post.id IN (SELECT search_post_ids(%s::tsquery))", [query], output_field=BooleanField())
    return Q(found)


def _lexemes(word: str, ending: str = "") -> str:
    """A word as PostgreSQL's parser cuts it: at underscores too; the last part may only begin so."""
    parts = [quoted(part) for part in word.split("_") if part] or [quoted(word)]
    last = f"{parts[-1]}:{ending}" if ending else parts[-1]
    return f"({' <-> '.join([*parts[:-1], last])})"


def _begun(letter: str, start: str) -> Q:
    """Posts with a word that begins so; of a handle or tag its letters."""
    if letter == "h":
        return Q(handle__istartswith=start)
    tagged = ~Q(hashtags=[]) if letter == "t" else Q()
    return _words(_lexemes(start.lstrip("#"), "*")) & tagged


def _all(parts: list[Q]) -> Q:
    found = Q()
    for part in parts:
        if part is _NONE:
            return _NONE
        found &= part
    return found


def _any(parts: list[Q]) -> Q:
    possible = [part for part in parts if part is not _NONE]
    found = possible[0] if possible else _NONE
    for part in possible[1:]:
        found |= part
    return found


def _key(letter: str, value: str) -> Q:
    found = _NONE
    match letter:
        case "k" if value == "post":
            found = Q()
        case "c":
            found = Q(case=value)
        case "l":
            found = Q(lang=value) | Q(lang__startswith=f"{value}-")
        case "p":
            found = Q(platform=value)
        case "h":
            found = Q(handle__iexact=value)
        case "t" if value.startswith("#"):
            # Posts fold their tags otherwise: what differs is found as a word of a post that has some tag.
            found = Q(hashtags__contains=[value[1:]]) | _words(_lexemes(value[1:])) & ~Q(hashtags=[])
        case "t":
            written = _words(_lexemes(value[1:])) & Q(folded__contains=value)
            found = Q(mentions__contains=[value[1:]]) | written
    return found
