"""The figures of the campaign page as its templates show them."""

from datetime import datetime
from typing import Any

from posts import campaign_rows
from posts.campaigns import UNITS, Campaign, Names, names_in
from posts.enums import Level, ObjectKind
from posts.forms_campaign import OBJECTS, query_of
from posts.numbers import Links, Number
from posts.states import AnalysisMethod

MOST_EARLIER = 5
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
    clusters = found.clusters()
    names = names_in(found, clusters.values())
    context |= _counts(found, links, names)
    context |= {"levels": campaign_rows.levels(found, links, names, clusters), "open_level": Level.L2.value}
    return context | _profiles(found, links) | _network(found, links, names)


def _timeline(found: Campaign, links: Links) -> dict[str, Any]:
    units = [
        {"name": unit, "there": unit in found.timelines, "url": f"?{query_of(found, unit=unit)}"} for unit in UNITS
    ]
    return {
        "plot": _plot(found),
        "units": units,
        "peaks": campaign_rows.peaks(found, links),
        "buckets": campaign_rows.buckets(found, links, found.unit),
        "bare_query": query_of(found, start="", end=""),
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
    share = result["concentration"]["top_share"]
    return {
        "totals": campaign_rows.totals(found, links),
        "first": campaign_rows.earliest(result["first"], names),
        "flagged_url": links.posts(flagged="1"),
        "hashtags": campaign_rows.hashtags(found, links),
        "earlier": campaign_rows.earlier_hashtags(found, links),
        "earlier_texts": campaign_rows.earlier_texts(found, links)[:MOST_EARLIER],
        "active": campaign_rows.active(found, links, names),
        "concentration": result["concentration"],
        "top_share": None if share is None else round(100 * share, 1),
        "shared": campaign_rows.shared(found, links, names),
    }


def _profiles(found: Campaign, links: Links) -> dict[str, Any]:
    creations, bios = (found.shown.get(method) for method in (AnalysisMethod.CREATIONS, AnalysisMethod.BIOS))
    context: dict[str, Any] = {
        "locations": found.shown.get(AnalysisMethod.LOCATIONS),
        "location_rows": campaign_rows.locations(found, links),
        "creations": creations,
        "months": campaign_rows.months(found),
        "bios": bios,
    }
    burst = creations.result["burst"] if creations else None
    if creations and burst:
        context |= {
            "burst_number": Number(
                burst["accounts"], links.behind("burst", 0), links.cite(creations.analysis, "/burst/accounts")
            ),
            "burst_from": datetime.fromisoformat(burst["from"]),
            "burst_to": datetime.fromisoformat(burst["to"]),
            "unknown_creations": creations.result["accounts"] - creations.result["known"],
        }
    if bios:
        context["bios_number"] = Number(
            bios.result["accounts"], links.behind("bios", 0), links.cite(bios.analysis, "/accounts")
        )
        context["bio_rows"] = [_bio(one) for one in bios.result["matches"][:200]]
    return context


def _bio(match: dict[str, Any]) -> dict[str, Any]:
    """A bio in three pieces, the words in the middle as they stand there."""
    start, end = match["start"], match["start"] + len(match["words"])
    seen = datetime.fromisoformat(match["observed_at"]) if match["observed_at"] else None
    return match | {"before": match["bio"][:start], "after": match["bio"][end:], "seen": seen}


def _network(found: Campaign, links: Links, names: Names) -> dict[str, Any]:
    coshare = found.report.result.get("coshare") if found.report else None
    if not coshare:
        return {}
    words = dict(OBJECTS)
    shared = [words.get(kind, kind) for kind in coshare["objects"]] or [words[ObjectKind.TEXT.value]]
    return {
        "coshare": coshare,
        "shared_words": f"Joined by {' or '.join(shared)}",
        "net": {
            name: Number(coshare[name], "", links.cite(found.analysis, f"/coshare/{name}"))
            for name in ("edges", "nodes")
        },
        "edges": campaign_rows.edges(found, links, names),
        "network_files": NETWORK_FILES,
    }
