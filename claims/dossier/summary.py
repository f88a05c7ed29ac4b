"""What a dossier tells of its claims as a whole: the source summary statement (ICD 206, G-43) and how each was made."""

from collections import Counter
from dataclasses import dataclass

from claims.enums import AttributedAs, EeasCategory, ModelUse, StateResponsibility

_LABELS = {
    "identifying_specifics": "Told apart from namesakes by",
    "namesake_search": "Namesakes were looked for",
    "method": "Method",
    "parameters": "Parameters",
    "dataset_sha256": "SHA-256 of the data",
    "false_positive_check": "Check for false positives",
    "attributed_as": "Attributed as",
    "state_responsibility": "Responsibility of a state",
    "eeas_category": "Category of the EEAS",
    "public_interest": "Why the public has to know",
    "who_is_harmed": "Who is harmed",
    "proportionality": "Why no more is said",
    "gentler_ways": "Gentler ways that were weighed",
}
_CHOICES = {
    "attributed_as": AttributedAs,
    "state_responsibility": StateResponsibility,
    "eeas_category": EeasCategory,
}


@dataclass(frozen=True)
class SourceSummary:
    """Counts over all claims of a dossier, and what each claim says of its sources' weaknesses and gaps."""

    kinds: list[tuple[str, int]]
    sources: int
    origins: int
    single: list[int]
    untraced: int
    weaknesses: list[tuple[int, str]]


def source_summary(snapshot: dict) -> SourceSummary:
    """Count what a snapshot cites; sources whose origin nobody traced count as one origin together."""
    sources, claims = snapshot["sources"], snapshot["claims"]
    return SourceSummary(
        kinds=Counter(source["kind"] for source in sources).most_common(),
        sources=len(sources),
        origins=len({source["origin"]["id"] if source["origin"] else "" for source in sources}),
        single=[claim["number"] for claim in claims if claim["origins"]["origins"] == 1],
        untraced=sum(not source["origin"] for source in sources),
        weaknesses=[
            (claim["number"], words) for claim in claims if (words := particulars(claim).get("source_summary"))
        ],
    )


def particulars(claim: dict) -> dict:
    """What the frozen content of a claim says besides; nothing in snapshots from before it was asked for."""
    return claim["content"].get("particulars", {})


def told(said: dict) -> list[tuple[str, str]]:
    """The particulars of a claim as label and words, in the order of the form."""
    return [(label, _words(name, said[name])) for name, label in _LABELS.items() if said.get(name)]


def _words(name: str, value: str | list[str]) -> str:
    if isinstance(value, list):
        return "; ".join(words.rstrip(".;") for words in value) + "."
    return str(_CHOICES[name](value).label) if name in _CHOICES else value


def model_help(said: dict) -> str:
    """The sentence that discloses whether a model helped, from a claim's particulars; "" where nothing was said."""
    if said.get("model_use") == ModelUse.NONE:
        return "No language or image model helped with this claim."
    if said.get("model_use") == ModelUse.USED:
        name = f"{said.get('model_name', '')} {said.get('model_version', '')}".strip()
        return f"A model helped ({name}): {said.get('model_task', '')}"
    return ""


def exceptions(snapshot: dict) -> list[dict]:
    """What editors let stand: warnings of the gate, and claims on one origin; claim, rule, title and reason."""
    found = []
    for claim in snapshot["claims"]:
        if claim["single_source"]:
            title, reason = "Two independent origins", claim["single_source_reason"]
            found.append({"claim": claim["number"], "rule": "G-07", "title": title, "reason": reason})
        found += [
            {"claim": claim["number"], "rule": entry["rule"], "title": entry["title"], "reason": entry["exception"]}
            for entry in (claim["gate"]["results"] if claim["gate"] else [])
            if entry.get("exception")
        ]
    return found
