"""What the mapping screen shows of a file before it is read; the shut-in child finds it out, never the web process."""

from dataclasses import dataclass
from typing import Any

from cases.exceptions import InvalidInput
from cases.models import User
from evidence.actions.fixity import open_or_report
from evidence.models import Item
from evidence.parsers import sandbox
from evidence.parsers.sandbox import ParserFailed
from posts.actions.importing import How

PARSER = "posts.parsers.examining"


@dataclass(frozen=True)
class Look:
    """The beginning of a file; `posts` are as they would be read, `rows` as they stand there.

    `dates` are times such as 12/05/2024 in a file that a mapping reads, each with what it is in either order.
    """

    format: str
    label: str
    columns: list[str]
    proposal: dict[str, str]
    rows: list[dict[str, str]]
    posts: list[dict[str, Any]]
    rejections: list[dict[str, str]]
    lost: list[str]
    dates: list[dict[str, str]]

    @property
    def is_known(self) -> bool:
        return bool(self.posts)


def look_at(actor: User, item: Item, how: How) -> Look:
    """Look at an exhibit's file; raises InvalidInput with the reason where it holds no posts or cannot be read."""
    mapping = how.mapping.as_json() if how.mapping else None
    options = {name: getattr(how, name) for name in ("format", "zone", "platform", "server", "encoding")}
    with open_or_report(actor, item) as stream:
        try:
            with sandbox.run(PARSER, stream, mapping=mapping, **options) as parsed:
                return Look(**{name: parsed.facts[name] for name in Look.__dataclass_fields__})
        except ParserFailed as failure:
            raise InvalidInput(failure.reason, field="format") from failure
