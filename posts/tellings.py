"""Which of several tellings of one post counts: the rule, in SQL, and the posts of a case that it leaves out.

Records of one post may differ, in one file or in two. Each telling that differs is a row of `Post`, none ever changes,
and what is asked decides among those of its files: the record that was collected last, of records without a date or of
one the longest text, then a time with parts of a second, then the earliest, then the hash of the content. No order of
rows or files has a say.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from cases.models import Case
from posts.identity import ID_IN_SQL, post_id
from posts.models import Dataset, Post, Sighting

# What analyses look at. A handle, a language or an address of its own makes no other post of it.
CONTENT = (
    "author_id", "account", "text", "kind", "claimed_at", "observed_at", "at", "clock_flags", "repost_of", "quote_of",
    "reply_to", "hashtags", "urls", "mentions",
)  # fmt: skip
RANK = """collected_at DESC NULLS LAST, length(text) DESC, at = date_trunc('second', at) ASC NULLS LAST,
    at ASC NULLS LAST, content"""


def content_of(alias: str) -> str:
    """The content of a row of posts, stored or staged, as a row that can be compared."""
    return f"ROW({', '.join(f'{alias}.{name}' for name in CONTENT)}, {alias}.media::jsonb)"


def digest_of(alias: str) -> str:
    """The SHA-256 of that content, hexadecimal."""
    return f"encode(sha256(convert_to({content_of(alias)}::text, 'UTF8')), 'hex')"


# Of the posts that these files tell in more than one way each telling, and the one that counts.
_RANKED = f"""
SELECT id, first_value(id) OVER (PARTITION BY platform, native_id ORDER BY {RANK}) AS chosen,
    count(*) OVER (PARTITION BY platform, native_id) AS tellings
FROM (
    SELECT p.id, p.platform, p.native_id, p.text, p.at, {digest_of("p")} AS content, seen.collected_at
    FROM posts_post p
    JOIN LATERAL (
        SELECT count(*) AS times, max(s.collected_at) AS collected_at FROM posts_sighting s
        WHERE s.post_id = p.id AND s.dataset_id = ANY(%s)
    ) seen ON seen.times > 0
    WHERE p.id IN (SELECT unnest(ARRAY[id, {ID_IN_SQL}]) FROM posts_post WHERE case_id = %s AND telling <> '')
) told"""  # noqa: S608 - names of ours
_TOLD_AGAIN = f"SELECT {ID_IN_SQL} FROM posts_post WHERE case_id = ANY(%s) AND telling <> ''"  # noqa: S608
_OUTRANKED = f"SELECT id FROM ({_RANKED}) ranked WHERE id <> chosen"  # noqa: S608
_SEVERAL = f"SELECT id FROM ({_RANKED}) ranked WHERE id = chosen AND tellings > 1"  # noqa: S608
_OTHERS = f"SELECT id, chosen FROM ({_RANKED}) ranked WHERE id <> chosen"  # noqa: S608


def are_there(case_id: UUID) -> bool:
    """Whether any post of a case is told in more than one way; mostly none is, and nothing else has to be asked."""
    return Post.objects.filter(case=case_id, telling__gt="").exists()


def others(case_id: UUID, datasets: Iterable[UUID]) -> dict[UUID, UUID]:
    """The tellings that do not count where these files are looked at, each with the one that does."""
    if not are_there(case_id):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_OTHERS, [list(datasets), case_id])
        return dict(cursor.fetchall())


def chosen(rows: QuerySet[Post], case: Case, datasets: Iterable[UUID]) -> QuerySet[Post]:
    """Each of these posts once, as the telling of these files that counts has it."""
    if not are_there(case.pk):
        return rows
    return rows.exclude(pk__in=RawSQL(_OUTRANKED, [list(datasets), case.pk]))  # noqa: S611 - names of ours


def several(rows: QuerySet[Post], case: Case, datasets: Iterable[UUID]) -> QuerySet[Post]:
    """Of these posts those that these files tell in more than one way."""
    return rows.filter(pk__in=RawSQL(_SEVERAL, [list(datasets), case.pk]))  # noqa: S611 - names of ours


def told_by(rows: QuerySet[Post], datasets: Iterable[UUID]) -> QuerySet[Post]:
    """Of these tellings those of these files."""
    return rows.filter(Exists(Sighting.objects.filter(post=OuterRef("pk"), dataset__in=list(datasets))))


def once(rows: QuerySet[Post], cases: Iterable[UUID], datasets: QuerySet[Dataset]) -> QuerySet[Post]:
    """Of these posts of several cases each once: as the telling that counts among these files, where that is one of
    them, else as any that is.
    """
    cases = list(cases)
    if not Post.objects.filter(case__in=cases, telling__gt="").exists():
        return rows
    several = rows.filter(Q(telling__gt="") | Q(pk__in=RawSQL(_TOLD_AGAIN, [cases])))  # noqa: S611 - names of ours
    found: dict[tuple, list[tuple[str, UUID]]] = {}
    for pk, telling, *name in several.order_by().values_list("pk", "telling", "case", "platform", "native_id"):
        found.setdefault(tuple(name), []).append((telling, pk))
    outranked: set[UUID] = set()
    for case_id in {name[0] for name, told in found.items() if len(told) > 1}:
        outranked |= others(case_id, datasets.filter(case=case_id).values_list("pk", flat=True)).keys()
    left_out = [
        pk for told in found.values() for _, pk in sorted(told, key=lambda one: (one[1] in outranked, one[0]))[1:]
    ]
    return rows.exclude(pk__in=left_out)


def of_post(post: Post) -> QuerySet[Post]:
    """All tellings of the same post, itself among them."""
    return Post.objects.filter(case=post.case_id).filter(_first_told(post) | _told_again(post))


def _first_told(post: Post) -> Q:
    return Q(pk=post_id(post.case_id, post.platform, post.native_id))


def _told_again(post: Post) -> Q:
    return Q(telling__gt="", platform=post.platform, native_id=post.native_id)
