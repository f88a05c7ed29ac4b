"""The posts of one analysis as columns, in the one order that makes every result the same whatever came first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

import numpy as np

from posts.enums import KINDS, Kind

UNDATED = np.iinfo(np.int64).min
REPOST = KINDS.index(Kind.REPOST)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Row(NamedTuple):
    """One post as an analysis takes it: `at` in microseconds since 1970 UTC or None, `flagged` when its clock is."""

    id: str
    account: str
    at: int | None
    kind: Kind | str
    text: str = ""
    flagged: bool = False
    platform: str = ""


def microseconds(moment: datetime) -> int:
    """Return an aware time in microseconds since 1970, exactly."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(at: int) -> datetime:
    """Return the aware time of so many microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=int(at))


def written(at: int) -> str | None:
    """Return the time as results write it: ISO 8601 in UTC, None for an undated post."""
    return None if at == UNDATED else moment(at).isoformat()


@dataclass(frozen=True, eq=False)
class Columns:
    """Posts ordered by (time, platform, id), undated ones first; `account` are positions in `accounts`, sorted."""

    ids: Sequence[str]
    platforms: Sequence[str]
    accounts: list[str]
    account: np.ndarray
    at: np.ndarray
    kind: np.ndarray
    flagged: np.ndarray
    texts: Sequence[str]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> "Columns":
        """Build the columns of distinct posts, in whatever order they come."""
        taken = sorted(rows, key=_order)
        names = sorted({row.account for row in taken})
        codes = {name: code for code, name in enumerate(names)}
        return cls(
            ids=[row.id for row in taken],
            platforms=[row.platform for row in taken],
            accounts=names,
            account=np.fromiter((codes[row.account] for row in taken), np.int32, len(taken)),
            at=np.fromiter((UNDATED if row.at is None else row.at for row in taken), np.int64, len(taken)),
            kind=np.fromiter((_KIND_CODES[row.kind] for row in taken), np.int8, len(taken)),
            flagged=np.fromiter((row.flagged for row in taken), np.bool_, len(taken)),
            texts=[row.text for row in taken],
        )

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def dated(self) -> np.ndarray:
        """True for the posts that have a time."""
        return self.at != UNDATED

    def where(self, mask: np.ndarray) -> "Columns":
        """Return the posts for which `mask` is true; `accounts` stays as it is."""
        chosen = np.flatnonzero(mask).tolist()
        return Columns(
            ids=[self.ids[i] for i in chosen],
            platforms=[self.platforms[i] for i in chosen],
            accounts=self.accounts,
            account=self.account[chosen],
            at=self.at[chosen],
            kind=self.kind[chosen],
            flagged=self.flagged[chosen],
            texts=[self.texts[i] for i in chosen],
        )

    def without_reposts(self) -> "Columns":
        """Return the posts whose text somebody wrote or pasted: a repost is not a paste."""
        return self.where(self.kind != REPOST)

    def between(self, start: datetime | None, end: datetime | None) -> "Columns":
        """Return the posts in [start, end); with a bound undated posts are left out."""
        mask = np.ones(len(self), np.bool_)
        if start is not None:
            mask &= self.at >= microseconds(start)
        if end is not None:
            mask &= self.at < microseconds(end)
        return self.where(mask & self.dated) if (start or end) else self


_KIND_CODES: dict[Kind | str, int] = {kind: code for code, kind in enumerate(KINDS)}


def _order(row: Row) -> tuple:
    """Numbers of different length sort as numbers; ids that are no numbers sort the same way everywhere."""
    return (row.at is not None, row.at or 0, row.platform, len(row.id), row.id)
