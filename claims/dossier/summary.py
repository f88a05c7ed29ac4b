"""What a dossier tells of its claims as a whole: the source summary statement (ICD 206, G-43) and how each was made."""

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.dossier.words import said
from claims.enums import (
    AttributedAs,
    EeasCategory,
    LawfulBasis,
    ModelUse,
    Retention,
    SpecialGround,
    StateResponsibility,
    TraceKind,
)

_LABELS = {
    "identifying_specifics": gettext_noop("Told apart from namesakes by"),
    "namesake_search": gettext_noop("Namesakes were looked for"),
    "method": gettext_noop("Method"),
    "parameters": gettext_noop("Parameters"),
    "dataset_sha256": gettext_noop("SHA-256 of the data"),
    "false_positive_check": gettext_noop("Check for false positives"),
    "attributed_as": gettext_noop("Attributed as"),
    "state_responsibility": gettext_noop("Responsibility of a state"),
    "eeas_category": gettext_noop("Category of the EEAS"),
    "public_interest": gettext_noop("Why the public has to know"),
    "who_is_harmed": gettext_noop("Who is harmed"),
    "proportionality": gettext_noop("Why no more is said"),
    "gentler_ways": gettext_noop("Gentler ways that were weighed"),
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
        kinds=[(said(kind), number) for kind, number in Counter(one["kind"] for one in sources).most_common()],
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


def told(given: dict) -> list[tuple[str, str]]:
    """The particulars of a claim as label and words, in the order of the form."""
    return [(said(label), _words(name, given[name])) for name, label in _LABELS.items() if given.get(name)]


def _words(name: str, value: str | list[str]) -> str:
    if isinstance(value, list):
        return "; ".join(words.rstrip(".;") for words in value) + "."
    return said(_CHOICES[name](value).label) if name in _CHOICES else value


def model_help(given: dict) -> str:
    """The sentence that discloses whether a model helped, from a claim's particulars; "" where nothing was said."""
    if given.get("model_use") == ModelUse.NONE:
        return _("No language or image model helped with this claim.")
    if given.get("model_use") == ModelUse.USED:
        name = f"{given.get('model_name', '')} {given.get('model_version', '')}".strip()
        return _("A model helped (%(name)s): %(task)s") % {"name": name, "task": given.get("model_task", "")}
    return ""


def exceptions(snapshot: dict) -> list[dict]:
    """What editors let stand: warnings of the gate, and claims on one origin; claim, rule, title and reason."""
    found = []
    for claim in snapshot["claims"]:
        if claim["single_source"]:
            title, reason = _("Two independent origins"), claim["single_source_reason"]
            found.append({"claim": claim["number"], "rule": "G-07", "title": title, "reason": reason})
        found += [
            {
                "claim": claim["number"],
                "rule": entry["rule"],
                "title": said(entry["title"]),
                "reason": entry["exception"],
            }
            for entry in (claim["gate"]["results"] if claim["gate"] else [])
            if entry.get("exception")
        ]
    return found


def waivers(snapshot: dict) -> list[dict]:
    """What leads to people and was let be published: claim, kind in words, and how often."""
    found = Counter((claim["number"], one["kind"]) for claim in snapshot["claims"] for one in claim.get("waivers", []))
    return [{"claim": claim, "kind": said(TraceKind(kind).label), "times": n} for (claim, kind), n in found.items()]


def data_protection(snapshot: dict) -> list[tuple[str, str]]:
    """Why the house handles data about people, as label and words; nothing in snapshots from before it was asked."""
    told = snapshot.get("data_protection")
    if not told:
        return []
    special = said(SpecialGround(told["special_ground"]).label) if told["special_ground"] else ""
    rows = [
        (_("Purpose"), told["purpose"]),
        (_("Lawful basis"), said(LawfulBasis(told["lawful_basis"]).label)),
        (_("Political opinions and other special data"), f"{special}. {told['special_reasoning']}" if special else ""),
        (_("Criminal offences"), told["criminal_reasoning"]),
        (_("Kept"), said(Retention(told["retention"]).label)),
        (_("Looked at again by"), told["review_at"]),
        (_("How people are told and can object"), told["transparency"]),
        (_("Write to"), told["contact"]),
    ]
    return [(label, words) for label, words in rows if words]


@dataclass
class RuleAsked:
    """One rule of the gate over all claims of a dossier: how often it was met, let stand, or warned in vain."""

    id: str
    title: str
    blocks: bool
    passed: int = 0
    excepted: int = 0
    failed: int = 0


def rules_asked(snapshot: dict) -> list[RuleAsked]:
    """The rules that applied to at least one claim, in their order, counted over the last run of each claim."""
    rules: dict[str, RuleAsked] = {}
    for claim in snapshot["claims"]:
        for entry in claim["gate"]["results"] if claim["gate"] else []:
            rule = rules.setdefault(
                entry["rule"], RuleAsked(entry["rule"], said(entry["title"]), entry["level"] == "B")
            )
            if entry["verdict"] in ("passed", "excepted", "failed"):
                setattr(rule, entry["verdict"], getattr(rule, entry["verdict"]) + 1)
    return [rule for _id, rule in sorted(rules.items()) if rule.passed + rule.excepted + rule.failed]
