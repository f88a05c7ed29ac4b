"""Keeping what can be found in step with what there is: noted changes become documents, in order, by one writer."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.db.models import Max, Q

from search import dictionary
from search.drafts import RULES, VERSION, Content, Draft, content_of
from search.engines.choice import keep_in_step
from search.kinds import SEARCHABLES
from search.kinds.base import Searchable
from search.models import Document, Noted, Wording
from search.vectors import bag, vector

BATCH = 500  # notes read at once
STORED_AT_ONCE = 100  # documents
MOST_ATTEMPTS = 5
# One writer of documents, whatever the number of workers: (class, object) of an advisory lock.
WRITER = (0x5EA2C4, 1)
# What reading a row that nobody thought of may raise; its note is kept with the reason, and the others go on.
_FAULTS = (ArithmeticError, AttributeError, DatabaseError, LookupError, TypeError, ValueError)
_WRITTEN = ["case", "at", "lang", "platform", "status", "sensitive", "words", "exact", "heads", "keys", "seq", "news",
            "live"]  # fmt: skip
_WORDED = ["case", "title", "text", "names", "handles", "place", "digest", "made_by"]
Key = tuple[UUID, str, int]

logger = logging.getLogger(__name__)


def keep_up() -> int:
    """Read all that was noted; returns how much."""
    read = 0
    while number := read_noted():
        read += number
        keep_in_step()
    keep_in_step()
    return read


@transaction.atomic
def read_noted() -> int:
    """Make documents of what changed, the oldest first; returns how many notes are dealt with, 0 when none waits.

    Rows are read anew, so that the last of several changes counts. A second writer finds the lock taken and does
    nothing. Whoever is killed here leaves the notes where they are.
    """
    if not _is_the_writer():
        return 0
    noted = list(Noted.objects.filter(attempts__lt=MOST_ATTEMPTS).order_by("pk")[:BATCH]) or _of_older_rules()
    changed: dict[str, dict[UUID, None]] = defaultdict(dict)
    for note in noted:
        changed[note.what][note.object_id] = None
    failed = {pair: problem for what, ids in changed.items() for pair, problem in _refresh_each(what, list(ids))}
    done = [note.pk for note in noted if (note.what, note.object_id) not in failed]
    Noted.objects.filter(pk__in=done).delete()
    for note in noted:
        if problem := failed.get((note.what, note.object_id)):
            note.attempts, note.problem = note.attempts + 1, problem
            note.save(update_fields=["attempts", "problem"])
    return len(noted)


def _of_older_rules() -> list[Noted]:
    """Notes of rows whose documents were made by other rules than the present ones."""
    owners = {kind: one.what for one in SEARCHABLES.values() for kind in one.kinds}
    # Two ranges of an index, which is asked every few seconds and nearly always has none.
    older = Wording.objects.filter(Q(made_by__lt=VERSION) | Q(made_by__gt=VERSION))
    older = older.exclude(document__object_id__in=Noted.objects.values("object_id"))[:BATCH]
    rows = older.values_list("case_id", "document__kind", "document__object_id")
    return Noted.objects.bulk_create(
        Noted(case_id=case_id, what=owners[kind], object_id=object_id) for case_id, kind, object_id in rows
    )


def _is_the_writer() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", WRITER)
        return cursor.fetchone()[0]


def _refresh_each(what: str, ids: list[UUID]) -> Iterator[tuple[tuple[str, UUID], str]]:
    """Refresh together, else one by one; gives those that could not be read, with the reason."""
    try:
        with transaction.atomic():
            refresh(SEARCHABLES[what], ids)
        return
    except _FAULTS:
        logger.warning("Reading %d rows of %s for searching failed; one by one", len(ids), what, exc_info=True)
    for object_id in ids:
        try:
            with transaction.atomic():
                refresh(SEARCHABLES[what], [object_id])
        except _FAULTS as fault:
            yield (what, object_id), f"{type(fault).__name__}: {fault}"[:300]


def refresh(searchable: Searchable, ids: Sequence[UUID]) -> int:
    """Make the documents of these rows what the rows say now; returns how many changed. For the one writer only."""
    stored = _stored(searchable, ids)
    changed = 0
    for batch in _batches(searchable.drafts(ids), STORED_AT_ONCE):
        pairs = [(draft, stored.pop(_key(draft), None)) for draft in batch]
        fresh = [(draft, old) for draft, old in pairs if old is None or not old.is_of(draft)]
        _store(fresh)
        changed += len(fresh)
    return changed + _bury(stored)


@dataclass(frozen=True)
class _Stored:
    """What made a document that there is, and since when it tells what it tells."""

    digest: str
    made_by: str
    news: int

    def is_of(self, draft: Draft) -> bool:
        return (self.digest, self.made_by) == (draft.digest, VERSION)

    def tells_of(self, draft: Draft) -> bool:
        """Whether nobody has to hear of it again: where the rules of drafts are others, that cannot be told."""
        return self.digest == draft.digest or self.made_by.partition("-")[0] not in ("", RULES)


def _stored(searchable: Searchable, ids: Sequence[UUID]) -> dict[Key, _Stored]:
    rows = Wording.objects.filter(document__object_id__in=ids, document__kind__in=searchable.kinds)
    key = ("document__object_id", "document__kind", "document__part")
    columns = rows.values_list(*key, "digest", "made_by", "document__news")
    return {tuple(key): _Stored(*made) for *key, made in ((*row[:3], row[3:]) for row in columns)}


def _key(draft: Draft) -> Key:
    return draft.object_id, draft.kind, draft.part


def _batches(drafts: Iterable[Draft], size: int) -> Iterator[list[Draft]]:
    drafts = iter(drafts)
    while batch := list(islice(drafts, size)):
        yield batch


def _store(drafts: list[tuple[Draft, _Stored | None]]) -> None:
    rows, heard = [], defaultdict(set)
    for seq, (draft, old) in enumerate(drafts, _last_seq() + 1):
        content = content_of(draft)
        rows.append(_row(draft, content, seq, old.news if old and old.tells_of(draft) else seq))
        words = heard[draft.case_id, draft.sensitive]
        words.update(content.words, (key for key in content.keys if key.startswith(("h:", "t:"))))
    unique = ["object_id", "kind", "part"]
    Document.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=_WRITTEN)
    wordings = [_wording(row, draft) for row, (draft, _) in zip(rows, drafts, strict=True)]
    Wording.objects.bulk_create(wordings, update_conflicts=True, unique_fields=["document"], update_fields=_WORDED)
    for (case_id, sensitive), words in heard.items():
        dictionary.learn(case_id, sensitive, words)


def _last_seq() -> int:
    return Document.objects.aggregate(last=Max("seq"))["last"] or 0


def _row(draft: Draft, content: Content, seq: int, news: int) -> Document:
    same = ("case_id", "kind", "object_id", "part", "at", "lang", "platform", "status", "sensitive")
    return Document(
        **{name: getattr(draft, name) for name in same},
        words=vector(content.words),
        exact=bag(content.exact),
        heads=bag(content.heads),
        keys=content.keys,
        seq=seq,
        news=news,
        live=True,
    )


def _wording(document: Document, draft: Draft) -> Wording:
    return Wording(
        document=document,
        case_id=draft.case_id,
        title=draft.title,
        text=draft.text,
        names=list(draft.names),
        handles=list(draft.handles),
        place=draft.place,
        digest=draft.digest,
        made_by=VERSION,
    )


def _bury(stored: dict[Key, _Stored]) -> int:
    """Empty the documents that have no row any more; they stay, so that a follower learns of it."""
    seq = _last_seq()
    empty = {name: bag([]) for name in ("words", "exact", "heads")}
    for number, (object_id, kind, part) in enumerate(sorted(stored), 1):
        gone = Document.objects.filter(object_id=object_id, kind=kind, part=part)
        gone.update(live=False, seq=seq + number, keys=[], **empty)
        Wording.objects.filter(document__in=gone).delete()
    return len(stored)
