"""The co-sharing network as its picture takes it: no more than a browser draws and a person sees."""

from collections import defaultdict
from typing import Any

from posts.campaigns import Campaign
from posts.figures import handles_of

MOST_NODES = 2_000


def elements(found: Campaign) -> dict[str, Any]:
    """Return {"nodes", "edges", "note"}; beyond MOST_NODES accounts only the group with most pairs, with a note."""
    edges = [group.facts | {"place": group.place} for group in (found.report.groups("edges") if found.report else ())]
    figures = (found.report.result.get("coshare") or {}) if found.report else {}
    notes = []
    if figures.get("edges", 0) > len(edges):
        notes.append(f"The {len(edges):,} pairs that share most, of {figures['edges']:,}.")
    accounts = {edge[end] for edge in edges for end in ("a", "b")}
    if len(accounts) > MOST_NODES:
        edges = _top_component(edges)
        kept = {edge[end] for edge in edges for end in ("a", "b")}
        notes.append(f"Only the largest connected group is drawn: {len(kept):,} of {len(accounts):,} accounts.")
        accounts = kept
    handles = handles_of(found.case, sorted(accounts))
    return {
        "nodes": [{"id": key, "label": f"@{handles[key]}" if handles[key] else key[:16]} for key in sorted(accounts)],
        "edges": [_edge(edge) for edge in edges],
        "note": " ".join(notes),
    }


def _edge(edge: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"e{edge['place']}",
        "place": edge["place"],
        "source": edge["a"],
        "target": edge["b"],
        "objects": edge["n_objects"],
        "weight": edge["weight"],
        "above": edge["above"],
    }


def _top_component(edges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The connected group with most pairs, the earliest listed of several."""
    near: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        near[edge["a"]].add(edge["b"])
        near[edge["b"]].add(edge["a"])
    group: dict[str, int] = {}
    for number, start in enumerate(near):
        waiting = [start]
        while waiting:
            account = waiting.pop()
            if account not in group:
                group[account] = number
                waiting.extend(near[account])
    sizes: dict[int, int] = defaultdict(int)
    for edge in edges:
        sizes[group[edge["a"]]] += 1
    top = max(sizes, key=lambda number: (sizes[number], -number))
    return [edge for edge in edges if group[edge["a"]] == top]
