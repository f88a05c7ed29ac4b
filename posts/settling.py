"""The one transaction in which the staged records of a file become posts of a case: set by set, not row by row."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from posts.identity import ID_OF_TELLING
from posts.models import Dataset
from posts.staging import Staging
from posts.tellings import RANK, content_of, digest_of

# Of a record all of whose post and objects the case knew before; one that the file has twice was counted as such.
_KNOWN = """
SELECT count({once}) FROM posts_waiting s
WHERE s.run = %(run)s AND EXISTS (SELECT FROM posts_post p WHERE p.id = s.id)
AND NOT EXISTS (
    SELECT FROM unnest(s.object_kinds, s.object_values) AS o (kind, value)
    WHERE NOT EXISTS (
        SELECT FROM posts_sharedobject k WHERE k.post_id = s.id AND k.kind = o.kind AND k.value = o.value
    )
)"""
_ALL = "(SELECT * FROM posts_waiting WHERE run = %(run)s) AS s"
_POST_COLUMNS = """id, platform, native_id, author_id, handle, account, text, folded, kind, claimed_at, observed_at, at,
    clock_flags, claimed_text, lang, url, repost_of, quote_of, reply_to, hashtags, tag_source, urls, mentions"""
# The one advisory lock lets a single import write at a time, so that what is not there stays so: no row is tried twice.
_POSTS = f"""
INSERT INTO posts_post ({_POST_COLUMNS}, refs, media, case_id, telling)
SELECT {_POST_COLUMNS}, refs::jsonb, media::jsonb, %(case)s, '' FROM {{staged}}
WHERE NOT EXISTS (SELECT FROM posts_post p WHERE p.id = s.id)"""  # noqa: S608 - names of ours
_SIGHTING = "dataset_id, post_id, case_id, line, item, collected_at, metrics, notes, raw"
_SIGHTINGS = f"""
INSERT INTO posts_sighting ({_SIGHTING})
SELECT %(dataset)s, id, %(case)s, line, item, collected_at, metrics::jsonb, notes, raw FROM {_ALL}"""  # noqa: S608
# Where a post was known, or comes more than once: the row of posts that says what a record says, there already or not.
_RESOLVED = f"""
(SELECT s.*, %(case)s::uuid AS case_id,
    CASE WHEN {content_of("s")} IS NOT DISTINCT FROM {content_of("p")} THEN '' ELSE {digest_of("s")} END AS telling
FROM posts_waiting s JOIN posts_post p ON p.id = s.id WHERE s.run = %(run)s) AS r"""  # noqa: S608 - names of ours
_TOLD = f"CASE telling WHEN '' THEN id ELSE {ID_OF_TELLING.format(telling='telling')} END"
_RETOLD = f"""
INSERT INTO posts_post ({_POST_COLUMNS}, refs, media, case_id, telling)
SELECT DISTINCT ON (told) {_POST_COLUMNS.replace("id,", "told,", 1)}, refs::jsonb, media::jsonb, case_id, telling
FROM (SELECT r.*, {_TOLD} AS told FROM {_RESOLVED}) AS t
WHERE telling <> '' AND NOT EXISTS (SELECT FROM posts_post p WHERE p.id = told) ORDER BY told, line, item"""  # noqa: S608
_SIGHTINGS_OF_SEVERAL = f"""
INSERT INTO posts_sighting ({_SIGHTING})
SELECT DISTINCT ON (told, collected_at, metrics)
    %(dataset)s, told, case_id, line, item, collected_at, metrics::jsonb, notes, raw
FROM (SELECT r.*, {_TOLD} AS told FROM {_RESOLVED}) AS t ORDER BY told, collected_at, metrics, line, item"""  # noqa: S608
_OBJECTS = f"""
INSERT INTO posts_sharedobject (case_id, dataset_id, post_id, kind, value)
SELECT case_id, %(dataset)s, told, kind, value FROM (
    SELECT DISTINCT ON (told, o.kind, o.value) case_id, told, o.kind, o.value, line, item
    FROM (SELECT r.*, {_TOLD} AS told FROM {_RESOLVED}) AS t, unnest(object_kinds, object_values) AS o (kind, value)
    ORDER BY told, o.kind, o.value, line, item
) AS once ORDER BY line, item"""  # noqa: S608 - names of ours
_PROFILE_COLUMNS = """platform, account, author_id, handle, display_name, bio, location, location_source, followers,
    following, posts, created_at, verified, protected, url, avatar"""
_PROFILES = f"""
INSERT INTO posts_authorsnapshot ({_PROFILE_COLUMNS}, case_id, dataset_id, first_seen_at, last_seen_at, times_seen)
SELECT {_PROFILE_COLUMNS}, %(case)s, %(dataset)s, seen.first, seen.last, seen.times
FROM posts_waitingprofile p
JOIN (
    SELECT profile, min(seen_at) AS first, max(seen_at) AS last, count(*) AS times
    FROM posts_waiting WHERE run = %(run)s AND profile IS NOT NULL GROUP BY profile
) seen USING (profile)
WHERE p.run = %(run)s ORDER BY account, seen.first, profile"""  # noqa: S608 - names of ours
_REJECTIONS = """
INSERT INTO posts_rejectedrecord (case_id, dataset_id, line, item, code, reason, raw)
SELECT %(case)s, %(dataset)s, line, item, code, reason, raw
FROM posts_waitingrejection WHERE run = %(run)s ORDER BY line, item"""
_TOTALS = """
SELECT count(*), count(DISTINCT (platform, account)), min(at), max(at), count(*) FILTER (WHERE at IS NULL),
    count(*) FILTER (WHERE kind = 'original'), count(*) FILTER (WHERE kind = 'repost'),
    count(*) FILTER (WHERE kind = 'quote'), count(*) FILTER (WHERE kind = 'reply')
FROM {staged}"""
# So many are looked up one by one along an index, wherever the planner thinks it best.
FEW = 2_000
_FIRST_OF_EACH = "(SELECT DISTINCT ON (id) * FROM posts_waiting WHERE run = %(run)s ORDER BY id, line, item) AS s"
_CHOSEN_OF_EACH = f"""
(SELECT DISTINCT ON (id) * FROM (SELECT s.*, {digest_of("s")} AS content FROM posts_waiting s WHERE run = %(run)s) AS t
ORDER BY id, {RANK}) AS s"""  # noqa: S608 - names of ours


@dataclass(frozen=True)
class Totals:
    """What a file is about: distinct posts and accounts, posts of each kind, and when the first and last were."""

    posts: int
    accounts: int
    first_at: datetime | None
    last_at: datetime | None
    undated: int
    kinds: dict[str, int]
    known: int


def settle(staging: Staging, dataset: Dataset, *, records: int, several_of_a_post: bool) -> Totals:
    """Make the `records` staged of a run posts of the dataset's case, inside the caller's transaction.

    `several_of_a_post` says that records of one post may have come more than once, or that some name objects. Two
    imports into one case take turns, so that each knows what the case knew before. A record that tells a post otherwise
    than the case knows it becomes another telling, and one with other counts or of another date another sighting.
    """
    names = {"run": staging.run, "case": dataset.case_id, "dataset": dataset.pk}
    with connection.cursor() as cursor:
        # The session's own limits are for pages. This is one step for a file of any size, and waits its turn.
        cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        if records > FEW:
            # Nothing is known yet of how much is staged, nor of posts that came just now: a plan for a handful would
            # compare every row with every other, which for 200,000 takes hours.
            cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('posts:' || %s::text, 0))", [dataset.case_id])
        once = "DISTINCT (s.id, s.object_kinds, s.object_values)" if several_of_a_post else "*"
        known = _one(cursor, _KNOWN.format(once=once), names)[0]
        for statement in _statements(several_of_a_post, several_of_a_post or known > 0):
            cursor.execute(statement, names)
        cursor.execute("SET LOCAL enable_nestloop = on")
        staged = _CHOSEN_OF_EACH if several_of_a_post else _ALL
        found = _one(cursor, _TOTALS.format(staged=staged), names)
    staging.clear()
    kinds = dict(zip(("original", "repost", "quote", "reply"), found[5:], strict=True))
    return Totals(*found[:5], kinds, known)


def _statements(several_of_a_post: bool, may_tell_otherwise: bool) -> Iterator[str]:
    """What is inserted, in order; a file of nothing but new posts, each once, is spared all comparing."""
    yield _POSTS.format(staged=_FIRST_OF_EACH if several_of_a_post else _ALL)
    if may_tell_otherwise:
        yield _RETOLD
        yield _SIGHTINGS_OF_SEVERAL
    else:
        yield _SIGHTINGS
    if several_of_a_post:
        yield _OBJECTS
    yield _REJECTIONS
    yield _PROFILES


def _one(cursor: Any, statement: str, names: dict[str, Any]) -> tuple:
    cursor.execute(statement, names)
    return cursor.fetchone()
