"""The posts of one analysis out of the database, in the one order, with the hash of everything that it looks at."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from itertools import chain
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from posts.clusters.exact import of_texts
from posts.columns import Columns, Row
from posts.coshare.rows import ShareRow
from posts.counting.rankings import Shared
from posts.enums import SUSPECT, Kind, ObjectKind, Part
from posts.images import picture_names
from posts.memory import collector_paused
from posts.models import Dataset
from posts.questions import Question
from posts.records import AuthorSnapshot
from posts.report import text_rows
from posts.tellings import others
from posts.texts.forms import TextForms
from posts.texts.links import canonical, domain
from posts.texts.phrases import patterns

FETCHED = 5_000
FEW = 20_000
_MICROSECONDS = "(extract(epoch FROM p.at) * 1000000)::bigint"
_POSTS = f"""
SELECT p.id, p.platform, p.native_id, p.account, {_MICROSECONDS}, p.kind, p.text,
    p.clock_flags && %(suspect)s::text[], p.hashtags, p.urls, p.mentions, p.repost_of, p.reply_to, p.media
FROM posts_post p WHERE p.case_id = %(case)s {{narrowed}}"""  # noqa: S608 - names of ours
_OF_DATASETS = """
AND EXISTS (SELECT FROM posts_sighting s WHERE s.post_id = p.id AND s.dataset_id = ANY(%(datasets)s))"""
_AS_TOLD = """
AND p.id <> ALL(%(others)s)"""
# The platform's count as the newest of these records states it, of several of one date the highest.
_COUNTS = """
SELECT DISTINCT ON (s.post_id) s.post_id, (s.metrics ->> 'reposts')::bigint, s.collected_at
FROM posts_sighting s WHERE s.dataset_id = ANY(%(datasets)s) AND s.metrics ? 'reposts' {among}
ORDER BY s.post_id, s.collected_at DESC NULLS LAST, 2 DESC"""
_OBJECTS = """
SELECT s.post_id, s.kind, s.value FROM posts_sharedobject s WHERE s.dataset_id = ANY(%(datasets)s) {among}"""
_AMONG = "AND s.post_id = ANY(%(posts)s)"
_PROFILES = """
SELECT platform, author_id, handle, display_name, bio, location, location_source, followers, following, posts,
    created_at, verified, protected, url, avatar, first_seen_at
FROM posts_authorsnapshot WHERE dataset_id = ANY(%(datasets)s) {among}"""
_THEIRS = "AND case_id = %(case)s AND account = ANY(%(accounts)s)"
# One encoder for a million lines.
_WRITTEN = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=str).encode
_PROFILE = attrgetter(*(one.name for one in fields(AuthorSnapshot)))


class Loaded(NamedTuple):
    """One post as analyses look at it."""

    pk: UUID
    platform: str
    native_id: str
    account: str
    at: int | None
    kind: str
    text: str
    flagged: bool
    hashtags: list[str]
    urls: list[str]
    mentions: list[str]
    repost_of: str
    reply_to: str
    media: list[list[str]]


def covers_case(case_id: UUID, datasets: Iterable[UUID]) -> bool:
    """Whether these are all datasets that a case has, so that no post has to be asked which it is of; one query."""
    ready = Dataset.objects.ready().filter(case=case_id).values_list("pk", flat=True)
    return set(ready) == set(datasets)


@dataclass
class Collection:
    """The posts that a question is about. Ids and accounts carry their platform where there is more than one.

    A post that these files tell in several ways is there once, as `posts.tellings` says; `others` are those left out.
    `covers_case` says that the datasets are all there are, `every` that the question narrows nothing.
    """

    case_id: UUID
    datasets: Sequence[UUID]
    covers_case: bool
    question: Question
    every: bool = False
    posts: list[Loaded] = field(init=False)
    others: dict[UUID, UUID] = field(init=False)

    def __post_init__(self) -> None:
        with collector_paused():
            self.others = others(self.case_id, self.datasets)
            self.posts = sorted(self._stream(), key=_order)

    # --- what was asked for

    def _stream(self) -> Iterator[Loaded]:
        narrowed, values = self._narrowed()
        with _streaming() as cursor:
            cursor.execute(_POSTS.format(narrowed=narrowed), values)
            names: dict[str, str] = {}
            for row in cursor:
                post = Loaded(*row[:13], _read(row[13]))
                yield post._replace(account=names.setdefault(post.account, post.account))

    def _narrowed(self) -> tuple[str, dict[str, Any]]:
        values: dict[str, Any] = {"case": self.case_id, "datasets": list(self.datasets), "suspect": list(SUSPECT)}
        parts = [] if self.covers_case else [_OF_DATASETS]
        if self.others:
            parts.append(_AS_TOLD)
            values["others"] = list(self.others)
        if self.every:
            return "".join(parts), values
        if self.question.tag:
            parts.append("AND p.hashtags @> ARRAY[%(tag)s]")
            values["tag"] = self.question.tag
        if self.question.platform:
            parts.append("AND p.platform = %(platform)s")
            values["platform"] = self.question.platform
        start, end = self.question.bounds()
        for name, moment, sign in (("start", start, ">="), ("end", end, "<")):
            if moment is not None:
                parts.append(f"AND p.at {sign} %({name})s")
                values[name] = moment
        if self.question.query:
            words = patterns(self.question.query)
            parts += [f"AND p.folded ~ %(words{place})s" for place in range(len(words))]
            values |= {f"words{place}": one for place, one in enumerate(words)}
        return " ".join(parts), values

    # --- as the counting takes it

    @cached_property
    def _is_mixed(self) -> bool:
        return len({post.platform for post in self.posts}) > 1

    def name(self, platform: str, name: str) -> str:
        """An id or account, told apart from the same one of another platform."""
        return f"{platform}:{name}" if self._is_mixed and name else name

    @cached_property
    def columns(self) -> Columns:
        """The posts as columns, in the order of `posts`."""
        return Columns.of(
            Row(
                self.name(post.platform, post.native_id),
                self.name(post.platform, post.account),
                post.at,
                post.kind,
                post.text,
                post.flagged,
                post.platform,
            )
            for post in self.posts
        )

    @cached_property
    def texts(self) -> list[TextForms]:
        """The texts at every level of likeness, in the order of the columns."""
        return of_texts(self.columns)

    @property
    def tags(self) -> list[list[str]]:
        """The hashtags of each post, in the order of the columns."""
        return [post.hashtags for post in self.posts]

    @property
    def retold(self) -> int:
        """How many of the posts these files tell in more than one way."""
        told_again = set(self.others.values())
        return sum(post.pk in told_again for post in self.posts) if told_again else 0

    @property
    def reposted(self) -> list[str]:
        """The ids of reposted posts, one for each repost that is here."""
        return [self.name(post.platform, post.repost_of) for post in self.posts if post.kind == Kind.REPOST]

    def shared(self) -> Iterator[Shared]:
        """The posts with the platform's own count of reposts and when it was stated, by whichever telling."""
        counts: dict[UUID, tuple[datetime | None, int]] = {}
        for pk, count, at in self._rows(_COUNTS):
            own = self.others.get(pk, pk)
            counts[own] = max(counts.get(own, (at, count)), (at, count), key=_newest_then_highest)
        for post in self.posts:
            if post.kind == Kind.REPOST:
                continue
            at, count = counts.get(post.pk, (None, None))
            yield Shared(
                self.name(post.platform, post.native_id),
                self.name(post.platform, post.account),
                count,
                at.isoformat() if at else None,
            )

    @cached_property
    def snapshots(self) -> list[AuthorSnapshot]:
        """The profiles of the accounts that posted, as the files show them; in an order of their own.

        One that several files show is there once, from when it was first seen.
        """
        posting = {(post.platform, post.account) for post in self.posts}
        shown: dict[tuple, AuthorSnapshot] = {}
        for row in self._rows(_PROFILES, _THEIRS):
            one = AuthorSnapshot(*row)
            if (one.platform, one.account) in posting:
                before = shown.setdefault(row[:-1], one)
                before.observed_at = min(filter(None, (before.observed_at, one.observed_at)), default=None)
        kept = list(shown.values())
        for one in kept:
            # The whole name of the account, that of one known by its handle only too.
            one.author_id = self.name(one.platform, one.account)
        return sorted(kept, key=lambda one: (one.account, one.observed_at is not None, str(one.observed_at), repr(one)))

    def share_rows(self, kinds: Iterable[str]) -> list[ShareRow]:
        """Who shared what when, of these kinds of objects. A repost shares only what it reposts.

        Objects that a file names itself are used for the kind it gives them, and for any kind where nothing else is
        there: such files have no texts or addresses of their own.
        """
        wanted = set(kinds)
        rows = [row for row in self._own_rows(wanted) if row.object]
        named = list(self._named_rows())
        rows += [row for row in named if row.kind in wanted]
        return rows or named

    def _own_rows(self, wanted: set[str]) -> Iterator[ShareRow]:
        if ObjectKind.TEXT in wanted:
            yield from text_rows(self.columns, self.texts)
        for post in self.posts:
            if post.at is None:
                continue
            for kind, value in _objects_of(post):
                if kind in wanted:
                    yield self._row(post, kind, self.pictures.get(value, value) if kind == ObjectKind.IMAGE else value)

    @cached_property
    def pictures(self) -> dict[str, str]:
        """The addresses of pictures whose files are exhibits, with the exhibit that shows the same picture first."""
        return picture_names(self.case_id, {address for post in self.posts for address in _pictures_of(post)})

    def _named_rows(self) -> Iterator[ShareRow]:
        posts = {post.pk: post for post in self.posts}
        for pk, kind, value in self._rows(_OBJECTS):
            post = posts.get(self.others.get(pk, pk))
            if post is not None and post.at is not None:
                yield self._row(post, kind, value)

    def _row(self, post: Loaded, kind: str, value: str) -> ShareRow:
        if kind in (ObjectKind.REPLY, ObjectKind.REPOST):
            value = self.name(post.platform, value)
        account, content = self.name(post.platform, post.account), self.name(post.platform, post.native_id)
        return ShareRow(value, account, content, post.at or 0, ObjectKind(kind))

    def _rows(self, statement: str, among: str = _AMONG) -> Iterator[tuple]:
        with _streaming() as cursor:
            values: dict[str, Any] = {"datasets": list(self.datasets), "case": self.case_id}
            # What belongs to a few posts is found by their keys, to many by reading all that there is.
            few = len(self.posts) <= FEW
            if few:
                kept = {post.pk for post in self.posts}
                values["posts"] = [*kept, *(pk for pk, own in self.others.items() if own in kept)]
                values["accounts"] = list({post.account for post in self.posts})
            cursor.execute(statement.format(among=among if few else ""), values)
            yield from cursor

    # --- what it rests on

    def sha256(self, parts: Iterable[Part] = ()) -> str:
        """The hash of every field of every post, in order: the same posts give the same, wherever they are kept.

        What else was read of them is a part of it: `parts`, and what compared pictures were found to be.
        """
        digest = sha256()
        for line in chain((post[1:] for post in self.posts), *map(self._lines_of, parts)):
            digest.update(_WRITTEN(line).encode())
            digest.update(b"\n")
        if ObjectKind.IMAGE in self.question.coshare and self.pictures:
            digest.update(json.dumps(self.pictures, sort_keys=True).encode())
        return digest.hexdigest()

    def _lines_of(self, part: Part) -> Iterator[Iterable[Any]]:
        """What a part tells, in an order that no database decides."""
        yield [part]
        if part == Part.COUNTS:
            yield from self.shared()
        elif part == Part.OBJECTS:
            yield from sorted(set(self._named_rows())) if self.question.coshare else ()
        else:
            yield from map(_PROFILE, self.snapshots)


@contextmanager
def _streaming() -> Iterator[Any]:
    """A cursor that streams, in the transaction as long as which it lives.

    Between two fetches somebody counts, among a million posts for longer than a page may leave a transaction idle.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        with connection.chunked_cursor() as cursor:
            cursor.itersize = FETCHED
            yield cursor


def _newest_then_highest(stated: tuple[datetime | None, int]) -> tuple:
    at, count = stated
    return (at is not None, at and at.timestamp(), count)


def _objects_of(post: Loaded) -> Iterator[tuple[str, str]]:
    if post.kind == Kind.REPOST:
        yield ObjectKind.REPOST, post.repost_of
        return
    for url in dict.fromkeys(canonical(one) for one in post.urls):
        yield ObjectKind.URL, url
    for host in dict.fromkeys(domain(one) for one in post.urls):
        yield ObjectKind.DOMAIN, host
    for tag in post.hashtags:
        yield ObjectKind.HASHTAG, tag
    for name in dict.fromkeys(one.casefold() for one in post.mentions):
        yield ObjectKind.MENTION, name
    yield ObjectKind.REPLY, post.reply_to
    for address in _pictures_of(post):
        yield ObjectKind.IMAGE, address


def _pictures_of(post: Loaded) -> Iterable[str]:
    return dict.fromkeys(canonical(one[1]) for one in post.media if one[1])


def _read(value: object) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _order(post: Loaded) -> tuple:
    """The order of `Columns`."""
    return (post.at is not None, post.at or 0, post.platform, len(post.native_id), post.native_id)
