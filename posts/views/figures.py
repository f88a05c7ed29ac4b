"""The figures of the campaign page as its templates show them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from posts import campaign_rows
from posts.campaigns import CLUSTERS, EDGES, UNITS, Campaign, Names, names_in
from posts.captions import network_caption, whole_timeline_caption
from posts.enums import Level, ObjectKind
from posts.forms_campaign import OBJECTS, query_of
from posts.numbers import Links, Number
from posts.states import AnalysisMethod

MOST_EARLIER = 5
# Posts that are to be read with care, each with the filter of that name.
DOUBTS = ("flagged", "undated", "retold")
MOST_BUCKETS = 200
OPEN_LEVEL = Level.L2.value
# How many rows of a list stand on the page; the rest comes when its fold is opened.
AT_ONCE = {"hashtags": 10, "active": 10, "shared": 8, OPEN_LEVEL: 5}
NETWORK_FILES = (
    ("graphml", "GraphML"),
    ("gexf", "GEXF"),
    ("edges.csv", "Edges, CSV"),
    ("nodes.csv", "Accounts, CSV"),
)


def figures_of(found: Campaign, links: Links) -> dict[str, Any]:
    """The context of the figures; without a report only of the timeline."""
    context = _timeline(found, links)
    if found.report is None:
        return context
    # The largest of each level stands in the table of levels.
    clusters = {level: found.report.groups(level, AT_ONCE.get(level, 1)) for level in found.levels}
    names = _names_at_once(found, clusters)
    context |= _counts(found, links, names)
    context |= {"levels": campaign_rows.levels(found, links, names, clusters), "open_level": OPEN_LEVEL}
    return context | _profiles(found, links) | _network(found, links)


def _names_at_once(found: Campaign, clusters: dict[str, list[Any]]) -> Names:
    firsts = [group.facts["first"] for groups in clusters.values() for group in groups]
    firsts += [found.report.result["first"]] if found.report and found.report.result["first"] else []
    shared = [one for _, one in campaign_rows.entries(found, "most_shared", at_once("shared"))]
    active = [one["author"] for _, one in campaign_rows.entries(found, "most_active", at_once("active"))]
    return names_in(found, [*firsts, *shared], active)


def at_once(name: str) -> slice:
    """The rows of a list that stand on the page."""
    return slice(AT_ONCE.get(name, 0))


def folded(name: str) -> slice:
    """The rest of them."""
    return slice(AT_ONCE.get(name, 0), None)


def _timeline(found: Campaign, links: Links) -> dict[str, Any]:
    units = [
        {"name": unit, "there": unit in found.timelines, "url": f"?{query_of(found, unit=unit)}"} for unit in UNITS
    ]
    return {
        "plot": _plot(found),
        "plot_caption": whole_timeline_caption(found),
        "units": units,
        "peaks": campaign_rows.peaks(found, links),
        "buckets": len(found.timelines.get(found.unit, ())),
        "most_buckets": MOST_BUCKETS,
    }


def _plot(found: Campaign) -> dict[str, Any]:
    """What the chart needs: every unit's buckets, and the stretch that is brushed."""
    series = {
        unit: [[one["bucket"], one["posts"], one["reposts"]] for one in buckets]
        for unit, buckets in found.timelines.items()
    }
    stretch = [moment.timestamp() if moment else None for moment in found.question.bounds()]
    return {"zone": found.question.zone, "unit": found.unit, "series": series, "stretch": stretch}


def _counts(found: Campaign, links: Links, names: Names) -> dict[str, Any]:
    result = found.report.result if found.report else {}
    doubts = {name: result.get(name, 0) for name in DOUBTS}
    return {
        "totals": campaign_rows.totals(found, links),
        "first": campaign_rows.earliest(result["first"], names),
        "doubts": {
            name: links.number(count, found.analysis, f"/{name}", **{name: "1"}) for name, count in doubts.items()
        },
        "hashtags": campaign_rows.hashtags(found, links, at_once("hashtags")),
        "more": {
            name: len(campaign_rows.entries(found, key, folded(name)))
            for name, key in (("hashtags", "hashtags"), ("active", "most_active"), ("shared", "most_shared"))
        },
        "earlier": campaign_rows.earlier_hashtags(found, links),
        "earlier_texts": campaign_rows.earlier_texts(found, links)[:MOST_EARLIER],
        "active": campaign_rows.active(found, links, names, at_once("active")),
        "all_posts": links.number(result["posts"], found.analysis, "/posts"),
        **_concentration(found, links, result["concentration"]),
        "shared": campaign_rows.shared(found, links, names, at_once("shared")),
        "stated": campaign_rows.stated_reposts(found, links),
    }


def _concentration(found: Campaign, links: Links, told: dict[str, Any]) -> dict[str, Any]:
    """How much of everything the ten most active wrote, as a number and in per cent."""
    share, at = told["top_share"], "/concentration"
    percent = None if share is None else round(100 * share, 1)
    if found.is_quick:
        return {"top_posts": Number(told["top_posts"]), "top_share": Number(percent)}
    return {
        "top_posts": links.entry(told["top_posts"], found.analysis, f"{at}/top_posts", "top", 0),
        "top_share": links.entry(percent, found.analysis, f"{at}/top_share", "top", 0),
    }


def _profiles(found: Campaign, links: Links) -> dict[str, Any]:
    creations, bios = (found.shown.get(method) for method in (AnalysisMethod.CREATIONS, AnalysisMethod.BIOS))
    context: dict[str, Any] = {
        "locations": found.shown.get(AnalysisMethod.LOCATIONS),
        "location_rows": campaign_rows.locations(found, links),
        "creations": creations,
        "months": campaign_rows.months(found, links),
        "bios": bios,
    }
    if where := found.shown.get(AnalysisMethod.LOCATIONS):
        context["profiles"] = {
            name: links.entry(where.result[name], where.analysis, f"/{name}", "profiles", place)
            for place, name in enumerate(("accounts", "unknown", "changed"))
        }
    burst = creations.result["burst"] if creations else None
    if creations and burst:
        context |= {
            "burst_number": links.entry(burst["accounts"], creations.analysis, "/burst/accounts", "burst", 0),
            "known_creations": links.entry(burst["of"], creations.analysis, "/known", "created", 0),
            "unknown_creations": links.entry(
                creations.result["accounts"] - creations.result["known"], creations.analysis, "/unknown", "created", 1
            ),
            "burst_from": datetime.fromisoformat(burst["from"]),
            "burst_to": datetime.fromisoformat(burst["to"]),
        }
    if bios:
        context["bios_number"] = links.entry(bios.result["accounts"], bios.analysis, "/accounts", "bios", 0)
        context["bio_rows"] = [_bio(one) for one in bios.result["matches"][:200]]
    return context


def _bio(match: dict[str, Any]) -> dict[str, Any]:
    """A bio in three pieces, the words in the middle as they stand there."""
    start, end = match["start"], match["start"] + len(match["words"])
    seen = datetime.fromisoformat(match["observed_at"]) if match["observed_at"] else None
    return match | {"before": match["bio"][:start], "after": match["bio"][end:], "seen": seen}


def _network(found: Campaign, links: Links) -> dict[str, Any]:
    coshare = found.report.result.get("coshare") if found.report else None
    if not coshare:
        return {}
    words = dict(OBJECTS)
    shared = [words.get(kind, kind) for kind in coshare["objects"]] or [words[ObjectKind.TEXT.value]]
    joined = f"Joined by {' or '.join(shared)}"
    return {
        "coshare": coshare,
        "shared_words": joined,
        "net_caption": network_caption(found, joined),
        "net": {
            name: links.entry(coshare[name], found.analysis, f"/coshare/{name}", "network", 0)
            for name in ("edges", "nodes", "threshold")
        },
        "net_above": {
            name: links.entry(coshare["above"][name], found.analysis, f"/coshare/above/{name}", "network", 1)
            for name in ("edges", "nodes")
        },
        "listed_edges": min(coshare["edges"], EDGES),
        "network_files": NETWORK_FILES,
    }


# --- what a fold holds


@dataclass(frozen=True)
class Fold:
    """Rows that are fetched when they are asked for: how a list of them is built, shown, and called."""

    template: str
    rows: Callable[[Campaign, Links, str], list[dict[str, Any]]]
    label: str


def _more_active(found: Campaign, links: Links, name: str) -> list[dict[str, Any]]:
    authors = [one["author"] for _, one in campaign_rows.entries(found, "most_active", folded(name))]
    return campaign_rows.active(found, links, names_in(found, (), authors), folded(name))


def _more_shared(found: Campaign, links: Links, name: str) -> list[dict[str, Any]]:
    told = [one for _, one in campaign_rows.entries(found, "most_shared", folded(name))]
    return campaign_rows.shared(found, links, names_in(found, told), folded(name))


def _clusters(found: Campaign, links: Links, name: str) -> list[dict[str, Any]]:
    groups = found.report.groups(name, CLUSTERS)[folded(name)] if found.report else []
    names = names_in(found, [group.facts["first"] for group in groups])
    return [campaign_rows.cluster(found, links, names, group) for group in groups]


def _edges(found: Campaign, links: Links, name: str) -> list[dict[str, Any]]:
    groups = found.report.groups(name, EDGES) if found.report else []
    names = names_in(found, (), [group.facts[end] for group in groups for end in ("a", "b")])
    return campaign_rows.edges(found, links, names, groups)


FOLDS = {
    "buckets": Fold(
        "bucket_rows", lambda found, links, _: campaign_rows.buckets(found, links, MOST_BUCKETS), "Posts over time"
    ),
    "hashtags": Fold(
        "tag_rows", lambda found, links, name: campaign_rows.hashtags(found, links, folded(name)), "More hashtags"
    ),
    "active": Fold("active_rows", _more_active, "More active accounts"),
    "shared": Fold("shared_rows", _more_shared, "More shared posts"),
    "edges": Fold("edge_rows", _edges, "Pairs of accounts"),
} | {level.value: Fold("cluster_rows", _clusters, "Texts that several accounts posted") for level in Level}


def fold_of(found: Campaign, links: Links, name: str) -> dict[str, Any]:
    """The context of one fold of the page."""
    fold = FOLDS[name]
    return {
        "rows": fold.rows(found, links, name),
        "rows_template": f"posts/parts/{fold.template}.html",
        "label": fold.label,
        "level": name,
        "bars": True,
        "bare_query": query_of(found, start="", end=""),
    }
