"""Where the records of a file wait until all of them are read: COPY into tables that no case sees."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from django.db import connection

from posts.enums import Relation
from posts.identity import post_id
from posts.records import AuthorSnapshot, PostRecord, Rejection
from posts.texts.normalisation import fold

POSTS, PROFILES, REJECTIONS = "posts_staged", "posts_stagedprofile", "posts_stagedrejection"
# The views through which what was written is read and taken away.
WAITING = tuple(table.replace("_staged", "_waiting") for table in (POSTS, PROFILES, REJECTIONS))
MAX_REASON = 500
KEPT = timedelta(days=1)

# Column and type, in the order in which rows are written.
_POST = {
    "run": "uuid", "id": "uuid", "platform": "text", "native_id": "text", "author_id": "text", "handle": "text",
    "account": "text", "text": "text", "folded": "text", "kind": "text", "claimed_at": "timestamptz",
    "observed_at": "timestamptz", "at": "timestamptz", "clock_flags": "text[]", "claimed_text": "text",
    "lang": "text", "url": "text", "repost_of": "text", "quote_of": "text", "reply_to": "text", "refs": "text",
    "hashtags": "text[]", "tag_source": "text", "urls": "text[]", "mentions": "text[]", "media": "text",
    "line": "int4", "item": "int4", "collected_at": "timestamptz", "metrics": "text", "notes": "text[]",
    "raw": "bytea", "object_kinds": "text[]", "object_values": "text[]", "profile": "bytea", "seen_at": "timestamptz",
}  # fmt: skip
_PROFILE = {
    "run": "uuid", "profile": "bytea", "platform": "text", "account": "text", "author_id": "text", "handle": "text",
    "display_name": "text", "bio": "text", "location": "text", "location_source": "text", "followers": "int8",
    "following": "int8", "posts": "int8", "created_at": "timestamptz", "verified": "bool", "protected": "bool",
    "url": "text", "avatar": "text",
}  # fmt: skip
_REJECTION = {"run": "uuid", "line": "int4", "item": "int4", "code": "text", "reason": "text", "raw": "bytea"}


class Staging:
    """The staged records of one run; each profile is written once, however many records show it."""

    def __init__(self, run: UUID, case_id: UUID) -> None:
        self.run = run
        # Writing a UUID out takes as long as the rest of an id.
        self._case = str(case_id)
        self._profiles: set[bytes] = set()
        # Mostly an account is shown as it was the time before.
        self._newest: dict[str, tuple[tuple, bytes]] = {}

    def clear(self) -> None:
        """Take away what this run has staged, also before it was killed."""
        with connection.cursor() as cursor:
            for view in WAITING:
                cursor.execute(f"DELETE FROM {view} WHERE run = %s", [self.run])  # noqa: S608 - names of ours

    def add(self, posts: Sequence[PostRecord], rejections: Sequence[Rejection]) -> None:
        """Write a batch; call it outside of a transaction, so that the tables are not locked for the whole file."""
        rows, profiles = [], []
        for record in posts:
            profile = self._profile_of(record.author, profiles) if record.author else None
            rows.append(self._post(record, profile))
        _copy(POSTS, _POST, rows)
        _copy(PROFILES, _PROFILE, profiles)
        _copy(REJECTIONS, _REJECTION, [self._rejection(one) for one in rejections])

    def _post(self, record: PostRecord, profile: bytes | None) -> tuple:
        named = {ref.relation: ref.native_id for ref in record.refs}
        return (
            self.run,
            post_id(self._case, record.platform, record.native_id),
            record.platform,
            record.native_id,
            record.author_id,
            record.handle,
            record.account,
            record.text,
            _folded(record.text),
            str(record.kind),
            record.claimed_at,
            record.observed_at,
            record.ordered_at,
            list(record.clock_flags),
            record.claimed_text,
            record.lang[:40],
            record.url,
            named.get(Relation.REPOSTED, ""),
            named.get(Relation.QUOTED, ""),
            named.get(Relation.REPLIED_TO, ""),
            _json([[str(ref.relation), *ref[1:]] for ref in record.refs]) if record.refs else _NO_ITEMS,
            list(record.hashtags),
            str(record.tag_source),
            list(record.urls),
            list(record.mentions),
            _json([list(one) for one in record.media]) if record.media else _NO_ITEMS,
            record.place.line,
            record.place.item,
            record.collected_at,
            _counts(record.metrics) if record.metrics else _NO_COUNTS,
            list(record.notes),
            record.raw,
            [str(shared.kind) for shared in record.objects],
            [shared.value for shared in record.objects],
            profile,
            record.author.observed_at if record.author else None,
        )

    def _profile_of(self, author: AuthorSnapshot, new: list[tuple]) -> bytes:
        """The digest of what a profile shows, whenever it was seen; one not met before goes to `new`."""
        shown = (
            author.platform,
            author.account,
            author.author_id,
            author.handle,
            author.display_name,
            author.bio,
            author.location,
            author.location_source,
            author.followers,
            author.following,
            author.posts,
            author.created_at,
            author.verified,
            author.protected,
            author.url,
            author.avatar,
        )
        last = self._newest.get(author.account)
        if last is not None and last[0] == shown:
            return last[1]
        digest = blake2b(repr(shown).encode("utf-8", "surrogatepass"), digest_size=16).digest()
        if digest not in self._profiles:
            self._profiles.add(digest)
            new.append((self.run, digest, *shown))
        self._newest[author.account] = (shown, digest)
        return digest

    def _rejection(self, one: Rejection) -> tuple:
        return (self.run, one.place.line, one.place.item, one.code, one.reason[:MAX_REASON], one.raw)


def sweep(now: datetime) -> int:
    """Take away what killed commands left a day ago, by the time that the name of a run carries; returns how many."""
    before = UUID(int=int((now - KEPT).timestamp() * 1000) << 80)
    with connection.cursor() as cursor:
        taken = 0
        for view in WAITING:
            cursor.execute(
                f"""DELETE FROM {view} WHERE run < %s
                    AND run NOT IN (SELECT id FROM posts_dataset WHERE state = 'waiting')""",  # noqa: S608
                [before],
            )
            taken += cursor.rowcount
    return taken


def _folded(text: str) -> str:
    """The same as `fold`, which has nothing to do for ASCII but to lower it."""
    return text.lower() if text.isascii() else fold(text)


_NO_ITEMS, _NO_COUNTS = "[]", "{}"


_json = json.JSONEncoder(ensure_ascii=False).encode


def _counts(metrics: dict[str, int]) -> str:
    """The same as `_json`, in a fifth of its time; the names are those of the readers, never of a file."""
    return "{" + ", ".join([f'"{name}": {number}' for name, number in metrics.items()]) + "}"


def _copy(table: str, columns: dict[str, str], rows: Iterable[tuple]) -> None:
    """COPY rows in the binary form, which needs no escaping."""
    rows = list(rows)
    if not rows:
        return
    names = ", ".join(columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(list(columns.values()))
        for row in rows:
            copy.write_row(row)
