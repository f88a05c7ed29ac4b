"""The tables of the campaign page for a spreadsheet: every entry that the analysis lists, not only those shown."""

from collections.abc import Callable, Iterable
from typing import Any

from posts.campaigns import Campaign
from posts.figures import handles_of
from posts.states import AnalysisMethod

Table = tuple[list[str], Iterable[Iterable[Any]]]


def _of(found: Campaign, method: str, key: str) -> list[dict[str, Any]]:
    shown = found.shown.get(method)
    return shown.result[key] if shown else []


def _timeline(found: Campaign) -> Table:
    rows = found.exported_timeline
    return [found.unit, "posts", "reposts"], ([one["bucket"], one["posts"], one["reposts"]] for one in rows)


def _picked(found: Campaign, rows: list[dict[str, Any]], columns: list[str]) -> Table:
    return columns, ([one[name] for name in columns] for one in rows)


def _hashtags(found: Campaign) -> Table:
    rows = _of(found, AnalysisMethod.CAMPAIGN, "hashtags")
    return _picked(found, rows, ["tag", "posts", "accounts", "first", "last"])


def _earlier(found: Campaign) -> Table:
    rows = _of(found, AnalysisMethod.EARLIER_TAGS, "hashtags")
    return _picked(found, rows, ["tag", "posts", "accounts", "first", "last"])


def _accounts(found: Campaign) -> Table:
    rows = _of(found, AnalysisMethod.CAMPAIGN, "most_active")
    handles = handles_of(found.case, [one["author"] for one in rows])
    lines = ([one["author"], handles[one["author"]], one["posts"], one["reposts"]] for one in rows)
    return ["account", "handle", "posts", "reposts"], lines


def _shared(found: Campaign) -> Table:
    rows = _of(found, AnalysisMethod.CAMPAIGN, "most_shared")
    return _picked(found, rows, ["id", "author", "platform_reposts", "stated_at", "reposts_here"])


def _clusters(found: Campaign) -> Table:
    header = ["level", "place", "posts", "accounts", "texts", "weakest_link", "earliest_at", "earliest_id"]
    header += ["earliest_author", "clock_flagged", "ties", "text"]
    levels = found.report.result["clusters"] if found.report else {}
    groups = [group for level in levels for group in found.report.groups(level)] if found.report else []
    return header, (_cluster(group) for group in groups)


def _cluster(group: Any) -> list[Any]:
    facts, first = group.facts, group.facts["first"]
    sizes = [facts[name] for name in ("posts", "accounts", "texts", "weakest_link")]
    earliest = [first["at"], first["id"], first["author"], first["flagged"], len(first["ties"])]
    return [group.name, group.place + 1, *sizes, *earliest, facts["text"]]


def _locations(found: Campaign) -> Table:
    return _picked(found, _of(found, AnalysisMethod.LOCATIONS, "groups"), ["location", "per", "accounts"])


def _creations(found: Campaign) -> Table:
    return _picked(found, _of(found, AnalysisMethod.CREATIONS, "months"), ["bucket", "accounts"])


def _bios(found: Campaign) -> Table:
    rows = _of(found, AnalysisMethod.BIOS, "matches")
    return _picked(found, rows, ["account", "handle", "observed_at", "words", "bio"])


TABLES: dict[str, Callable[[Campaign], Table]] = {
    "timeline": _timeline,
    "hashtags": _hashtags,
    "earlier-hashtags": _earlier,
    "accounts": _accounts,
    "shared": _shared,
    "clusters": _clusters,
    "locations": _locations,
    "creations": _creations,
    "bios": _bios,
}
# What is told of very many posts before a job has counted them.
QUICK = ("timeline", "hashtags", "accounts")
