"""The rows of the campaign page's lists: every number with its posts and its place in the analysis."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from posts.campaigns import CLUSTERS, LISTED, TIES, Campaign, Names
from posts.columns import moment
from posts.figures import parted
from posts.looks import Shown
from posts.methods import WHOLE
from posts.numbers import Links, Number
from posts.states import AnalysisMethod

WIDTHS = {"hour": timedelta(hours=1), "minute": timedelta(minutes=1)}
KINDS = (
    ("posts", "posts", ""),
    ("accounts", "accounts", ""),
    ("originals", "originals", "original"),
    ("reposts", "reposts", "repost"),
    ("quotes", "quotes", "quote"),
    ("replies", "replies", "reply"),
)
# What each level takes for the same text, in words (POSTS 4.1).
LEVELS = {
    "L0": ("Letter for letter", "The very same characters."),
    "L1": ("Same words", "The same once links, mentions, invisible characters and case are left out."),
    "L2": ("Hashtags left out", "The same words, whatever hashtags stand around them."),
    "L3": (
        "Nearly the same",
        "Texts that share most of their letters; links of a chain, of which the weakest is told.",
    ),
}


def span_of(bucket: str, unit: str) -> dict[str, str]:
    """The bounds of a bucket as a list of posts or a question takes them: days as days, the rest with their offset."""
    if unit == "day":
        day = date.fromisoformat(bucket)
        return {"start": bucket, "end": (day + timedelta(days=1)).isoformat()}
    begin = datetime.fromisoformat(bucket)
    return {"start": bucket, "end": (begin + WIDTHS[unit]).isoformat(timespec="minutes")}


def totals(campaign: Campaign, links: Links) -> list[tuple[str, Number]]:
    """How many posts of each kind, and accounts."""
    report = campaign.report
    if report is None:
        return []
    found = []
    for name, label, kind in KINDS:
        narrowed = {"kind": kind} if kind else {}
        found.append((label, links.number(report.result[name], report.analysis, f"/{name}", **narrowed)))
    return found


def peaks(campaign: Campaign, links: Links) -> list[dict[str, Any]]:
    """The busiest day, hour and minute with everything that ties with it."""
    rows = []
    for unit in ("day", "hour", "minute"):
        peak = campaign.report.result[f"peak_{unit}"] if campaign.report else None
        if peak:
            number = links.number(
                peak["posts"], campaign.analysis, f"/peak_{unit}/posts", **span_of(peak["bucket"], unit)
            )
            rows.append({"unit": unit, "posts": number, **{name: peak[name] for name in ("bucket", "ties")}})
    return rows


def buckets(campaign: Campaign, links: Links, most: int) -> list[dict[str, Any]]:
    """The timeline as a table, its first `most` rows."""
    unit = campaign.unit
    found = campaign.timelines.get(unit, [])[:most]
    own = not campaign.is_brushed
    rows = []
    for place, one in enumerate(found):
        narrowed = span_of(one["bucket"], unit)
        cite = links.cite(campaign.analysis, f"/timeline/{unit}/{place}/posts") if own else ""
        again = links.cite(campaign.analysis, f"/timeline/{unit}/{place}/reposts") if own else ""
        numbers = {
            "number": Number(one["posts"], links.posts(**narrowed), cite),
            "reposts": Number(one["reposts"], links.posts(**narrowed, kind="repost"), again),
        }
        rows.append(one | narrowed | numbers)
    return rows


def entries(campaign: Campaign, name: str, span: slice) -> list[tuple[int, dict[str, Any]]]:
    """A part of a list of the result, each entry with its place there."""
    found = campaign.report.result[name][:LISTED] if campaign.report else []
    return list(enumerate(found))[span]


def hashtags(campaign: Campaign, links: Links, span: slice) -> list[dict[str, Any]]:
    """The hashtags by posts; `width` is the per cent of the most frequent."""
    most = max((one["posts"] for _, one in entries(campaign, "hashtags", slice(1))), default=1)
    return [
        one
        | {
            "number": links.number(one["posts"], campaign.analysis, f"/hashtags/{place}/posts", tag=one["tag"]),
            "accounts": links.number(one["accounts"], campaign.analysis, f"/hashtags/{place}/accounts", tag=one["tag"]),
            "width": _share(one["posts"], most),
        }
        for place, one in entries(campaign, "hashtags", span)
    ]


def earlier_hashtags(campaign: Campaign, links: Links) -> list[dict[str, Any]]:
    """What the same accounts posted under before: their posts lie outside the question's time and tag."""
    shown = campaign.shown.get(AnalysisMethod.EARLIER_TAGS)
    if shown is None:
        return []
    rows = []
    for place, one in enumerate(shown.result["hashtags"]):
        rows.append(one | _sizes(links, shown, "hashtags", "earlier_tags", place))
    return rows


def _sizes(links: Links, shown: Shown, key: str, name: str, place: int) -> dict[str, Number]:
    """How many posts and accounts an entry of the list `key` has, each with the posts behind it."""
    one, at = shown.result[key][place], f"/{key}/{place}"
    found = {
        part: links.entry(one[part], shown.analysis, f"{at}/{part}", name, place) for part in ("posts", "accounts")
    }
    return {"number": found["posts"], "accounts": found["accounts"]}


def earlier_texts(campaign: Campaign, links: Links) -> list[dict[str, Any]]:
    """The texts that several of the accounts posted before."""
    shown = campaign.shown.get(AnalysisMethod.EARLIER_TAGS)
    rows = []
    for place, one in enumerate(shown.result.get("clusters", ()) if shown else ()):
        rows.append(one | _sizes(links, shown, "clusters", "earlier", place))
    return rows


def active(campaign: Campaign, links: Links, names: Names, span: slice) -> list[dict[str, Any]]:
    """The accounts with most posts."""
    rows = []
    for place, one in entries(campaign, "most_active", span):
        who = names.account(one["author"])
        platform, account = parted(one["author"])
        narrowed = {"account": account} | ({"platform": platform} if platform else {})
        at = f"/most_active/{place}"
        number = links.number(one["posts"], campaign.analysis, f"{at}/posts", **narrowed)
        reposts = links.number(one["reposts"], campaign.analysis, f"{at}/reposts", **narrowed, kind="repost")
        rows.append(one | {"who": who, "number": number, "reposts": reposts})
    return rows


def shared(campaign: Campaign, links: Links, names: Names, span: slice) -> list[dict[str, Any]]:
    """The posts that were shared most: the platform's count with its date, and the reposts that are here."""
    rows = []
    for place, one in entries(campaign, "most_shared", span):
        at = f"/most_shared/{place}"
        platform, native_id = parted(one["id"])
        narrowed = {"repost_of": native_id} | ({"platform": platform} if platform else {})
        rows.append(
            one
            | {
                "who": names.account(one["author"]),
                "post": names.posts.get(one["id"]),
                "stated": _moment(one["stated_at"]),
                "platform": Number(
                    one["platform_reposts"],
                    links.post(names.posts.get(one["id"])),
                    links.cite(campaign.analysis, f"{at}/platform_reposts"),
                ),
                "here": links.number(one["reposts_here"], campaign.analysis, f"{at}/reposts_here", **narrowed),
            }
        )
    return rows


def stated_reposts(campaign: Campaign, links: Links) -> dict[str, Number] | None:
    """How far the platform's own counts differ from the reposts that are here; of analyses that tell it."""
    told = campaign.report.result.get("stated_reposts") if campaign.report else None
    if not told or not told["posts"]:
        return None
    urls = {"posts": links.posts(), "platform": links.posts(), "here": links.posts(kind="repost")}
    return {
        name: Number(told[name], url, links.cite(campaign.analysis, f"/stated_reposts/{name}"))
        for name, url in urls.items()
    }


def earliest(first: dict[str, Any] | None, names: Names) -> dict[str, Any] | None:
    """The earliest post of a list with those that tie with it, named."""
    if first is None:
        return None
    ties = [{"who": names.account(one["author"]), "post": names.posts.get(one["id"])} for one in first["ties"][:TIES]]
    return {
        "who": names.account(first["author"]),
        "post": names.posts.get(first["id"]),
        "at": _moment(first["at"]),
        "flagged": first["flagged"],
        "ties": ties,
        "more": max(0, len(first["ties"]) - TIES),
    }


def levels(campaign: Campaign, links: Links, names: Names, clusters: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Each level of likeness with its figures and those of its `clusters` that a page shows at once."""
    rows = []
    for level, groups in clusters.items():
        figures, own = campaign.report.result["clusters"][level], f"/clusters/{level}"
        whole, analysis, originals = f"{level}{WHOLE}", campaign.analysis, figures["originals_only"]
        rows.append(
            {
                "level": level,
                "label": LEVELS[level][0],
                "meaning": LEVELS[level][1],
                "clusters": links.entry(figures["clusters"], analysis, f"{own}/clusters", whole, 0),
                "posts": links.entry(figures["posts"], analysis, f"{own}/posts", whole, 0),
                "originals": links.entry(originals["posts"], analysis, f"{own}/originals_only/posts", whole, 1),
                "listed": campaign.listed(figures["originals_only"]["clusters"], CLUSTERS),
                "more": campaign.listed(figures["originals_only"]["clusters"], CLUSTERS) - len(groups),
                "rows": [cluster(campaign, links, names, group) for group in groups],
            }
        )
    return rows


def cluster(campaign: Campaign, links: Links, names: Names, group: Any) -> dict[str, Any]:
    facts, at = group.facts, f"/clusters/{group.name}/list/{group.place}"
    kept = campaign.kept(AnalysisMethod.CLUSTERS)
    numbers = {
        name: links.entry(facts[name], kept, f"{at}/{name}", group.name, group.place)
        for name in ("posts", "accounts", "texts", "weakest_link")
    }
    return (
        facts
        | numbers
        | {
            "name": group.name,
            "place": group.place,
            "several_texts": facts["texts"] > 1,
            "first": earliest(facts["first"], names),
            "behind": links.behind(group.name, group.place),
        }
    )


def edges(campaign: Campaign, links: Links, names: Names, groups: Iterable[Any]) -> list[dict[str, Any]]:
    """The pairs of accounts that shared most of the same within the window."""
    rows, kept = [], campaign.kept(AnalysisMethod.COSHARE)
    for group in groups:
        facts, at = group.facts, f"/coshare/list/{group.place}"
        numbers = {
            name: links.entry(facts[name], kept, f"{at}/{name}", "edges", group.place)
            for name in ("n_objects", "weight", "mean_delta", "min_delta", "symmetry")
        }
        rows.append(
            facts
            | numbers
            | {
                "place": group.place,
                "one": names.account(facts["a"]),
                "other": names.account(facts["b"]),
                "first": moment(facts["first_at"]),
                "last": moment(facts["last_at"]),
            }
        )
    return rows


def locations(campaign: Campaign, links: Links) -> list[dict[str, Any]]:
    """What accounts say of where they are."""
    shown = campaign.shown.get(AnalysisMethod.LOCATIONS)
    if shown is None:
        return []
    most = max((one["accounts"] for one in shown.result["groups"]), default=1)
    return [
        one
        | {
            "number": links.entry(one["accounts"], shown.analysis, f"/groups/{place}/accounts", "locations", place),
            "width": _share(one["accounts"], most),
        }
        for place, one in enumerate(shown.result["groups"])
    ]


def months(campaign: Campaign, links: Links) -> list[dict[str, Any]]:
    """New accounts by month."""
    shown = campaign.shown.get(AnalysisMethod.CREATIONS)
    if shown is None:
        return []
    found = shown.result["months"]
    most = max((one["accounts"] for one in found), default=1)
    return [
        one
        | {
            "number": links.entry(one["accounts"], shown.analysis, f"/months/{place}/accounts", "months", place),
            "width": _share(one["accounts"], most),
        }
        for place, one in enumerate(found)
    ]


def _share(count: int, most: int) -> float:
    return round(100 * count / most, 1)


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
