"""The search index of each case on this node: columns on disk, made from the rows of the database and disposable.

Every case has segments of its own, so that a search reads the cases it is meant for and no others: pictures of another
case take no place among the candidates, and cost the asker no time. New pictures become a small segment; segments of
like size are made into one, so that there are never more than some. Any number of processes may share the folder.
"""

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Sum

from evidence.enums import ItemState
from evidence.media import index
from evidence.models import Frame, Item
from evidence.prints import VERSION, load_prints

LIST = "segments.json"
BATCH = 2_000
GROWTH = 2
TRIES = 3


def segments_of(case_ids: Sequence[UUID]) -> list[index.Segment]:
    """The segments of these cases, brought up to what the database holds now."""
    return [segment for case_id in case_ids for segment in _CaseIndex(case_id).segments()]


def frames_of(case_id: UUID) -> QuerySet[Frame]:
    """The frames of a case that can be matched: of exhibits in use, not blank, with a print of this version."""
    held = Item.objects.filter(blob=OuterRef("blob"), case=case_id, state=ItemState.ACTIVE)
    return Frame.objects.filter(Exists(held), blank=False, packed__version=VERSION)


def forget_indexes() -> None:
    """Throw all segments of this node away; the next search makes them again."""
    shutil.rmtree(_root(), ignore_errors=True)


def _root() -> Path:
    return Path(settings.MEDIA_INDEX_DIR)


class _CaseIndex:
    """The folder of one case under one version of the fingerprints: segments, and the list of those that count."""

    def __init__(self, case_id: UUID) -> None:
        self.case_id = case_id
        self.folder = _root() / f"v{index.EDITION}" / str(case_id)

    def segments(self) -> list[index.Segment]:
        state = self._state()
        if state["frames"] == 0:
            return []
        for _ in range(TRIES):
            listed = self._listed()
            if listed is None or listed["state"] != state:
                self._refresh(state)
                listed = self._listed()
            # Another process may have replaced a segment between the list and its opening.
            with contextlib.suppress(FileNotFoundError):
                return [index.load(self.folder / name) for name in listed["names"]]
        self._rebuild(state)
        return [index.load(self.folder / name) for name in self._listed()["names"]]

    def _state(self) -> dict[str, int]:
        """What tells one set of frames from another without reading them all."""
        found = frames_of(self.case_id).order_by().aggregate(frames=Count("pk"), newest=Max("pk"), sum=Sum("pk"))
        return {name: int(value or 0) for name, value in found.items()}

    def _listed(self) -> dict | None:
        try:
            return json.loads((self.folder / LIST).read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return None

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _refresh(self, state: dict[str, int]) -> None:
        with self._alone():
            listed = self._listed() or {"names": [], "state": None}
            if listed["state"] == state:
                return
            try:
                known = {name: index.load(self.folder / name).numbers for name in listed["names"]}
            except (FileNotFoundError, index.Outdated):
                known = {}
            self._update(known, state)

    def _update(self, known: dict[str, np.ndarray], state: dict[str, int]) -> None:
        wanted = set(frames_of(self.case_id).values_list("pk", flat=True))
        kept = {name: numbers for name, numbers in known.items() if wanted.issuperset(numbers.tolist())}
        fresh = sorted(wanted.difference(*(numbers.tolist() for numbers in kept.values())))
        # Small ones are taken in, so that the sizes of those that stay at least double.
        for name, numbers in sorted(kept.items(), key=lambda pair: len(pair[1])):
            if len(numbers) > GROWTH * len(fresh):
                break
            fresh = sorted([*fresh, *numbers.tolist()])
            del kept[name]
        names = [*kept, *self._built(fresh)]
        self._list(names, state)
        for stale in known.keys() - set(names):
            shutil.rmtree(self.folder / stale, ignore_errors=True)

    def _built(self, numbers: list[int]) -> Iterator[str]:
        pairs = []
        for start in range(0, len(numbers), BATCH):
            pairs += load_prints(numbers[start : start + BATCH]).items()
        if pairs:
            name = str(uuid4())
            index.save(index.build(pairs), self.folder / name)
            yield name

    def _list(self, names: list[str], state: dict[str, int]) -> None:
        coming = self.folder / f"{LIST}.{uuid4()}"
        coming.write_text(json.dumps({"names": names, "state": state}), encoding="ascii")
        os.replace(coming, self.folder / LIST)

    def _rebuild(self, state: dict[str, int]) -> None:
        with self._alone():
            self._update({}, state)
