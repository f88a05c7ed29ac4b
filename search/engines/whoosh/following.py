"""Keeping the index in step with the documents in PostgreSQL, and building it anew where that cannot be."""

import logging
from pathlib import Path

from whoosh.index import FileIndex
from whoosh.writing import LockError

from search.engines.whoosh import shelf
from search.engines.whoosh.reading import BROKEN
from search.engines.whoosh.sealing import SealedStorage, read_manifest
from search.engines.whoosh.writing import NAME, SCHEMA, SCHEMA_VERSION, changed_since, last_change, optimize, write

logger = logging.getLogger(__name__)


def follow() -> int:
    """Bring the index in use to the last change, or build one where none can be used; returns how many it took.

    Any number of processes may call it. Where nothing can be written, it says so in the log: PostgreSQL answers.
    """
    try:
        folder = _usable()
        return catch_up(folder) if folder else catch_up(rebuild())
    except LockError:
        return 0  # another process is at it
    except BROKEN:
        logger.exception("The index cannot be brought up to date")
        return 0


def _usable() -> Path | None:
    """The index in use, unless it is of other rules, or knows more than the database, which was put back then."""
    try:
        folder = shelf.current()
        manifest = read_manifest(folder) if folder else None
        is_ours = manifest and manifest.schema == SCHEMA_VERSION and manifest.mark <= last_change()
        return folder if is_ours else None
    except BROKEN:
        logger.warning("The index cannot be used and is built anew", exc_info=True)
        return None


def catch_up(folder: Path) -> int:
    """Write batches until nothing is left; each is whole, or as if it had never begun."""
    taken = 0
    while rows := changed_since(read_manifest(folder).mark):
        write(folder, rows)
        taken += len(rows)
    return taken


def contents() -> list[tuple[int, int]]:
    """Number and change of every document in the index in use; [] where there is none."""
    folder = shelf.current_or_none()
    if folder is None:
        return []
    index = FileIndex(SealedStorage(folder, read_manifest(folder)), schema=SCHEMA, indexname=NAME)
    found = []
    with index.reader() as reader:
        for leaf, _ in reader.leaf_readers():
            if leaf.doc_count_all():
                pk, seq = leaf.column_reader("pk"), leaf.column_reader("seq")
                found += [(pk[number], seq[number]) for number in leaf.all_doc_ids()]
    return found


def rebuild(*, afresh: bool = False) -> Path:
    """Build an index beside the one in use, and let it answer once it has everything.

    Goes on with one that was interrupted, unless `afresh`.
    """
    folder = None if afresh else shelf.unfinished()
    if folder is None or read_manifest(folder).mark > last_change():
        folder = shelf.begin()
    catch_up(folder)
    shelf.use(folder)
    return folder


def tidy() -> bool:
    """Make one segment of the index in use; whether there was one, and it could be written."""
    folder = shelf.current_or_none()
    if folder is None:
        return False
    try:
        optimize(folder)
    except (LockError, *BROKEN):
        logger.warning("The index could not be tidied", exc_info=True)
        return False
    return True
