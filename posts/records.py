"""What a reader of an export gives: posts, the profiles of their authors, and what was refused and why.

Plain values without a database. Identity is the platform's own id as text; handles and names never are keys.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

from posts.enums import Kind, ObjectKind, Relation, TagSource

# POSTS 4.3: a claimed time further than this from the platform's own clock is flagged and not used for order.
CLOCK_TOLERANCE = timedelta(seconds=300)
MAX_RAW_OF_REJECTED = 2_000


class Place(NamedTuple):
    """Where a record begins in its file: line or row from 1, and the item within it (0: the line itself)."""

    line: int
    item: int = 0

    def __str__(self) -> str:
        return f"line {self.line}, item {self.item}" if self.item else f"line {self.line}"


_NOWHERE = Place(0)


class Reference(NamedTuple):
    """Another post that this one reposts, quotes or answers; what the export does not tell is ""."""

    relation: Relation
    native_id: str = ""
    author_id: str = ""
    handle: str = ""


class Media(NamedTuple):
    """A picture or video that the export names; its address is never opened."""

    kind: str
    url: str
    alt: str = ""


class SharedObject(NamedTuple):
    """Something that accounts share, as a file for co-sharing analysis names it."""

    kind: ObjectKind
    value: str


@dataclass(slots=True)
class AuthorSnapshot:
    """A profile as one record shows it; `observed_at` is None where the export does not say when that was.

    `location_source` is "declared" for what the account says of itself and "vendor:NAME" for somebody's inference.
    """

    platform: str
    author_id: str = ""
    handle: str = ""
    display_name: str = ""
    bio: str = ""
    location: str = ""
    location_source: str = "declared"
    followers: int | None = None
    following: int | None = None
    posts: int | None = None
    created_at: datetime | None = None
    verified: bool | None = None
    protected: bool | None = None
    url: str = ""
    avatar: str = ""
    observed_at: datetime | None = None

    @property
    def account(self) -> str:
        """The platform's id, or the handle with its sign where the export has no id."""
        return account_key(self.author_id, self.handle)


@dataclass(slots=True)
class PostRecord:
    """One post as one record of an export tells it; every field but the first three may be unknown.

    Three clocks: `claimed_at` by client or export, `observed_at` by the platform's server where the export has both,
    `collected_at` when the export was made, which is the time of the metrics and of the profile.
    """

    platform: str
    native_id: str
    author_id: str
    handle: str = ""
    text: str = ""
    kind: Kind = Kind.ORIGINAL
    claimed_at: datetime | None = None
    observed_at: datetime | None = None
    collected_at: datetime | None = None
    clock_flags: tuple[str, ...] = ()
    claimed_text: str = ""
    lang: str = ""
    url: str = ""
    refs: tuple[Reference, ...] = ()
    hashtags: tuple[str, ...] = ()
    tag_source: TagSource = TagSource.TEXT
    urls: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()
    metrics: dict[str, int] = field(default_factory=dict)
    objects: tuple[SharedObject, ...] = ()
    raw: bytes = b""
    place: Place = _NOWHERE
    author: AuthorSnapshot | None = None
    notes: tuple[str, ...] = ()

    @property
    def account(self) -> str:
        """The platform's id of the author, or the handle with its sign where the export has no id."""
        return account_key(self.author_id, self.handle)

    @property
    def ordered_at(self) -> datetime | None:
        """The time that decides order and buckets (POSTS 4.3): the claim unless the platform's clock disagrees."""
        if self.observed_at is None or self.claimed_at is None:
            return self.observed_at or self.claimed_at
        apart = abs(self.claimed_at - self.observed_at)
        return self.observed_at if apart > CLOCK_TOLERANCE else self.claimed_at

    @property
    def key(self) -> tuple:
        """What makes a second record of the same file a duplicate."""
        return (self.platform, self.native_id, self.objects) if self.objects else (self.platform, self.native_id)

    def reference(self, relation: Relation) -> Reference | None:
        """Return the post that this one reposts, quotes or answers."""
        return next((ref for ref in self.refs if ref.relation == relation), None)


@dataclass(slots=True)
class Rejection:
    """A record that was read and not taken; `code` is for counting, `reason` for a person, `raw` is clipped."""

    place: Place
    code: str
    reason: str
    raw: bytes = b""

    def __post_init__(self) -> None:
        self.raw = self.raw[:MAX_RAW_OF_REJECTED]


@dataclass(slots=True)
class Duplicate:
    """A record of a post which an earlier record of the same file told of; it may tell it otherwise."""

    record: PostRecord

    @property
    def place(self) -> Place:
        return self.record.place

    @property
    def native_id(self) -> str:
        return self.record.native_id


@dataclass
class Tally:
    """How many records were read and what became of them: read = accepted + duplicate + rejected, always."""

    accepted: int = 0
    duplicate: int = 0
    rejected: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def read(self) -> int:
        return self.accepted + self.duplicate + self.rejected

    def as_json(self) -> dict:
        """Return the counts, reasons in a fixed order."""
        counts = {"read": self.read, "accepted": self.accepted, "duplicate": self.duplicate, "rejected": self.rejected}
        return counts | {"reasons": dict(sorted(self.reasons.items()))}


def account_key(author_id: str, handle: str) -> str:
    """Return the id, or the folded handle with its sign, which no id begins with."""
    return author_id or (f"@{handle.casefold()}" if handle else "")


def automatic_id(*parts: str) -> str:
    """Return an id for a post of an export without ids: the same content has the same one in every file."""
    content = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return f"auto:{blake2b(content, digest_size=16).hexdigest()}"
