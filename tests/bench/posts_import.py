"""What an import of posts costs: beside a plain COPY of the same rows into the same tables, and beside bulk_create.

Rows are made up: texts of a few thousand words, three hashtags, profiles that change, one record in three a repost.
The import is told with and without the reading of its file, of which a COPY of finished rows has none.
"""

import csv
import os
import random
import tempfile
import time
import uuid
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connections, transaction
from psycopg.types.json import Jsonb

from audit import log
from evidence.details import Details
from posts.actions.importing import About, How, Unwatched, import_file
from posts.formats import reading
from posts.identity import post_id
from posts.models import Post
from posts.records import PostRecord
from posts.texts.normalisation import fold
from tests.bench import posts_pages
from tests.factories.cases import make_case

HEADER = [
    "tweetid", "userid", "user_display_name", "user_screen_name", "user_reported_location", "user_profile_description",
    "follower_count", "following_count", "account_creation_date", "tweet_language", "tweet_text", "tweet_time",
    "in_reply_to_userid", "in_reply_to_tweetid", "quoted_tweet_tweetid", "is_retweet", "retweet_userid",
    "retweet_tweetid", "like_count", "retweet_count", "hashtags", "urls", "user_mentions",
]  # fmt: skip
SEED = 7
IMPORTED = int(os.environ.get("BENCH_IMPORTED", "1000000"))
OF_BULK_CREATE = 20
CHUNK = 5_000
TOLD = ("platform", "native_id", "author_id", "handle", "account", "text", "claimed_at", "observed_at", "lang")
TABLES = ("posts_post", "posts_sighting")


def write_file(path: Path, rows: int) -> None:
    """A table of `rows` posts in the layout of X's own releases."""
    chance = random.Random(SEED)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(3, 9))) for _ in range(4_000)]
    texts = [" ".join(chance.choices(words, k=chance.randint(8, 18))) for _ in range(max(10, rows * 2 // 3))]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(rows):
            writer.writerow(_row(chance, number, texts))


def _row(chance: random.Random, number: int, texts: list[str]) -> list[object]:
    user = int(chance.paretovariate(0.6)) % 20_000
    tags = [f"tag{chance.randint(0, 299)}" for _ in range(chance.randint(0, 3))]
    text = chance.choice(texts) + "".join(f" #{tag}" for tag in tags)
    minute = chance.randint(0, 200 * 24 * 60)
    day, rest = divmod(minute, 24 * 60)
    reposts = chance.random() < 0.3
    original = 10**17 + chance.randint(0, max(1, number)) * 7_919
    return [
        *(10**17 + number * 7_919, 1_000 + user, f"Name {user}", f"user{user}", "Bordo", "A bio of some words"),
        *(user % 977, user % 333, "2015-01-02", "en", text),
        f"2016-{1 + day // 28 % 12:02}-{1 + day % 28:02} {rest // 60:02}:{rest % 60:02}",
        *("", "", "", reposts, 1_000 + user // 2 if reposts else "", original if reposts else ""),
        *(chance.randint(0, 9), chance.randint(0, 30), "[" + ", ".join(f"'{tag}'" for tag in tags) + "]", "[]", "[]"),
    ]


def figures(rows: int = IMPORTED) -> Iterator[str]:
    """Rows a second of each way, and the ratios that are asked for."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "posts.csv"
        write_file(path, rows)
        began = time.monotonic()
        read = sum(isinstance(one, PostRecord) for one in reading.read(path))
        reading_only = time.monotonic() - began
        yield f"reading alone: {read / reading_only:,.0f} records a second"
        case = make_case()
        began = time.monotonic()
        dataset, _ = import_file(
            actor=case.lead, case=case, path=path, how=How(), about=About(), details=Details(), watcher=Unwatched()
        )
        whole = time.monotonic() - began
        yield f"import of {dataset.accepted:,} posts: {whole:.1f} s, {rows / whole:,.0f} rows a second with reading"
        yield from posts_pages.figures(case)
        writing = rows / max(whole - reading_only, 0.001)
        yield f"import without reading: {writing:,.0f} rows a second"
        raw, one_by_one = rows / _raw_copy(), _bulk_create(path, rows // OF_BULK_CREATE)
        # A COPY of finished rows reads no file: beside it stands the import as a user waits for it, then without.
        for name, each in (("plain COPY of the same rows, same indices", raw), ("bulk_create by 2,000", one_by_one)):
            yield (
                f"{name}: {each:,.0f} rows a second; the import is {rows / whole / each:.2f} times that, without "
                f"reading {writing / each:.2f} times"
            )


def _raw_copy() -> float:
    """Seconds to COPY what the import wrote, as Python's values, into empty tables with the same checks and indices."""
    seconds = 0.0
    with connections["owner"].cursor() as cursor, connections["owner"].cursor() as writer:
        for table in TABLES:
            cursor.execute(f"CREATE TABLE raw_{table} (LIKE {table} INCLUDING ALL)")
            cursor.execute(
                "SELECT column_name, udt_name FROM information_schema.columns WHERE table_name = %s ORDER BY 1", [table]
            )
            columns = dict(cursor.fetchall())
            names = ", ".join(columns)
            cursor.execute("BEGIN")
            cursor.execute(f"DECLARE written NO SCROLL CURSOR FOR SELECT {names} FROM {table}")
            cursor.execute(f"FETCH {CHUNK} FROM written")
            while rows := cursor.fetchall():
                seconds += _copied(writer, f"COPY raw_{table} ({names}) FROM STDIN (FORMAT BINARY)", columns, rows)
                cursor.execute(f"FETCH {CHUNK} FROM written")
            cursor.execute("COMMIT")
            cursor.execute(f"DROP TABLE raw_{table}")
    return seconds


def _copied(cursor: Any, statement: str, columns: dict[str, str], rows: list[tuple]) -> float:
    """Seconds to write these rows; values of JSON are handed on as they came."""
    began = time.monotonic()
    with cursor.copy(statement) as copy:
        copy.set_types([kind.removeprefix("_") + "[]" * kind.startswith("_") for kind in columns.values()])
        for row in rows:
            copy.write_row(
                [
                    Jsonb(value) if isinstance(value, dict | list) and kind == "jsonb" else value
                    for value, kind in zip(row, columns.values(), strict=True)
                ]
            )
    return time.monotonic() - began


def _bulk_create(path: Path, rows: int) -> float:
    """Rows a second of Django's way, for posts alone, with records that are read already."""
    case_id = uuid.uuid4()
    records = list(islice((one for one in reading.read(path) if isinstance(one, PostRecord)), rows))
    began = time.monotonic()
    with transaction.atomic():
        log.record(actor="bench", action="bench_loaded", obj=f"case:{case_id}", case_id=None)
        Post.objects.bulk_create([_post(case_id, record) for record in records], batch_size=2_000)
        transaction.set_rollback(True)
    return len(records) / (time.monotonic() - began)


def _post(case_id: uuid.UUID, record: PostRecord) -> Post:
    values = {name: getattr(record, name) for name in TOLD}
    lists = {name: list(getattr(record, name)) for name in ("clock_flags", "hashtags", "urls", "mentions")}
    return Post(
        id=post_id(case_id, record.platform, record.native_id),
        case_id=case_id,
        folded=fold(record.text),
        kind=record.kind,
        at=record.ordered_at,
        tag_source=record.tag_source,
        **values | lists,
    )
