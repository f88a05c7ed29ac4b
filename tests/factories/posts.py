"""Files of posts and what the real actions make of them."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cases.models import Case, User
from evidence.actions.items import log_file
from evidence.details import Details
from posts.actions.analyses import ask, make
from posts.actions.following import Said, record_list
from posts.actions.importing import About, How, Unwatched, import_file
from posts.formats.mapping import Mapping
from posts.models import Analysis, Dataset, FollowList
from posts.questions import Question

COLUMNS = ("id", "user_id", "username", "text", "created_at", "retweet_id", "bio", "location", "followers", "likes")
START = datetime(2024, 5, 15, 21, 30, tzinfo=UTC)
MAPPING = {
    "post_id": "id", "author_id": "user_id", "handle": "username", "text": "text", "time": "created_at",
    "repost_of": "retweet_id", "bio": "bio", "location": "location", "followers": "followers", "likes": "likes",
}  # fmt: skip
PASTED = "Recognise the islands at once, say all of us together"


def row(number: int, user: int, text: str, *, minutes: float = 0, retweet_id: str = "", **more: object) -> list[object]:
    """A line of the table, `minutes` after START."""
    at = (START + timedelta(minutes=minutes)).isoformat()
    said = {"bio": f"I am number {user}", "location": "Bordo" if user % 2 else "Paris", "followers": user, "likes": 3}
    said |= more
    values = [number, user, f"user{user}", text, at, retweet_id]
    return [*values, *(said[name] for name in COLUMNS[6:])]


# Three accounts paste one text, one of them reposts, one says something of its own; around midnight in Baku.
CAMPAIGN = [
    row(101, 1, f"{PASTED} #Islands"),
    row(102, 2, f"{PASTED} #islands #Now", minutes=0.5),
    row(103, 3, f"{PASTED.upper()} #Then", minutes=40),
    row(104, 1, f"RT @user2: {PASTED} #islands #Now", minutes=50, retweet_id="102"),
    row(105, 4, "Nothing to do with any of it, I only look at birds #birds", minutes=600),
]


def table(path: Path, rows: Iterable[Sequence[object]] = CAMPAIGN) -> Path:
    """A CSV file of these rows under COLUMNS."""
    out = io.StringIO()
    csv.writer(out).writerows([COLUMNS, *rows])
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    return path


def import_posts(
    actor: User, case: Case, path: Path, *, mapped: bool = True, platform: str = "x", server: str = "", **about: str
) -> Dataset:
    """Import a file as the command does; a table of `table` by its mapping."""
    how = How(format="mapping", platform=platform, mapping=mapping(platform), server=server) if mapped else How()
    dataset, _ = import_file(
        actor=actor, case=case, path=path, how=how, about=About(**about), details=Details(), watcher=Unwatched()
    )
    return dataset


def mapping(platform: str = "x") -> Mapping:
    return Mapping.from_json({**MAPPING, "platform": platform})


def analyse(actor: User, case: Case, datasets: Sequence[Dataset] = (), method: str = "campaign", **asked) -> Analysis:
    """Ask, and answer at once."""
    analysis = ask(actor=actor, case=case, question=Question.of(method, asked), datasets=datasets)
    return make(actor=actor, analysis=analysis)


def record_follows(actor: User, case: Case, path: Path, ids: Iterable[str], **said: object) -> FollowList:
    """Keep a table of ids as a follow list; complete, of X account 7, as of 16 May 2024 unless said otherwise."""
    path.write_text("".join(f"{line}\n" for line in ("id", *ids)), encoding="utf-8")
    with path.open("rb") as stream:
        item = log_file(actor=actor, case=case, stream=stream, file_name=path.name)
    usual = {"platform": "x", "account": "7", "direction": "following", "observed_at": "2024-05-16"}
    return record_list(actor=actor, item=item, said=Said(**{"is_complete": True, **usual, **said}))
