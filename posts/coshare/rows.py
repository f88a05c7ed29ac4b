"""Rows of a co-sharing analysis as columns: an account shared an object in a post at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from posts.enums import ObjectKind

KINDS_OF_OBJECTS = tuple(ObjectKind)


class ShareRow(NamedTuple):
    """One act of sharing; `at` in microseconds since 1970. Objects of different kinds never are the same."""

    object: str
    account: str
    content: str
    at: int
    kind: ObjectKind = ObjectKind.OBJECT


@dataclass(frozen=True, eq=False)
class ShareRows:
    """Distinct rows ordered by (object, time, content, account); codes are positions in the sorted names.

    An object is a (kind, value); `kind_of_object` has the place of its kind in `KINDS_OF_OBJECTS`, `own_content` the
    content of the same id, -1 for none: what a repost shares is itself a post.
    """

    objects: list[tuple[ObjectKind, str]]
    accounts: list[str]
    contents: list[str]
    kind_of_object: np.ndarray
    own_content: np.ndarray
    object: np.ndarray
    account: np.ndarray
    content: np.ndarray
    at: np.ndarray

    @classmethod
    def of(cls, rows: Iterable[ShareRow]) -> "ShareRows":
        """Build the columns from rows in any order; rows without an object share nothing, equal ones count once."""
        taken = list({row for row in rows if row[0]})
        objects, object_codes, _ = _coded([(row.kind, row.object) for row in taken])
        accounts, account_codes, _ = _coded([row.account for row in taken])
        contents, content_codes, places = _coded([row.content for row in taken])
        at = np.fromiter((row.at for row in taken), np.int64, len(taken))
        order = np.lexsort((account_codes, content_codes, at, object_codes))
        columns = (column[order] for column in (object_codes, account_codes, content_codes, at))
        kinds = np.fromiter((KINDS_OF_OBJECTS.index(kind) for kind, _ in objects), np.int64, len(objects))
        own = np.fromiter((places.get(name, -1) for _, name in objects), np.int64, len(objects))
        return cls(objects, accounts, contents, kinds, own, *columns)

    def __len__(self) -> int:
        return len(self.at)

    def where(self, mask: np.ndarray) -> "ShareRows":
        """Return the rows for which `mask` is true; names and codes stay as they are."""
        return replace(
            self, object=self.object[mask], account=self.account[mask], content=self.content[mask], at=self.at[mask]
        )

    def by_kind(self, codes: np.ndarray, number: int) -> np.ndarray:
        """Return codes of `number` names, one per row, made distinct for each kind of object."""
        return self.kind_of_object[self.object] * number + codes


def _coded(names: list) -> tuple[list, np.ndarray, dict]:
    distinct = sorted(set(names))
    codes = {name: code for code, name in enumerate(distinct)}
    return distinct, np.fromiter((codes[name] for name in names), np.int32, len(names)), codes
