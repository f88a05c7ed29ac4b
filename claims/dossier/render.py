"""The page that a reader opens: a snapshot put into words, without looking anything up elsewhere."""

from datetime import datetime

from django.template.loader import render_to_string

from cases.enums import Precision
from cases.moments import in_words
from claims.dossier.summary import exceptions, model_help, particulars, source_summary, told
from claims.enums import (
    Access,
    ClaimKind,
    Confidence,
    Credibility,
    Disposition,
    Fit,
    Likelihood,
    Predicate,
    SelectorType,
    Stance,
)
from claims.scales import CONFIDENCE_MEANINGS
from evidence.enums import ItemKind, Reliability

_CANNOT_JUDGE = {"F", "6"}


def page(snapshot: dict, *, published_at: str, withheld: dict | None = None) -> str:
    """Return index.html of a dossier; `withheld` tells why something is, and by which mark it is seen."""
    exhibits = {exhibit["exhibit"]: exhibit for exhibit in snapshot["exhibits"]}
    sources = {source["id"]: source for source in snapshot["sources"]}
    claims = [_claim(claim, exhibits, sources) for claim in snapshot["claims"]]
    context = {
        "case": snapshot["case"],
        "publication": snapshot["publication"],
        "published": moment(published_at),
        "claims": claims,
        "exhibits": [_exhibit(exhibit, sources) for exhibit in snapshot["exhibits"]],
        "sources": [_source(source) for source in snapshot["sources"]],
        "corrections": [{**row, "at": moment(row["corrected_at"])} for row in snapshot["corrections"]],
        "scale": snapshot["scale"],
        "reliabilities": Reliability.choices,
        "credibilities": Credibility.choices,
        "confidences": [(Confidence(value).label, words) for value, words in CONFIDENCE_MEANINGS.items()],
        "summary": source_summary(snapshot),
        "exceptions": exceptions(snapshot),
        "withheld": withheld,
    }
    return render_to_string("claims/dossier/index.html", context)


def moment(text: str | None, precision: str = "second") -> str:
    """A point of time of a snapshot as a person reads it, always with its zone."""
    return in_words(datetime.fromisoformat(text), precision, with_time=True) if text else ""


def weakest(components: list[dict]) -> dict | None:
    """The component with the lowest likelihood, and among equals the lowest confidence: a chain shows no more."""
    return min(components, key=_strength, default=None)


def _strength(component: dict) -> tuple[int, int]:
    likelihood = component["likelihood"]
    confidence = component["confidence"]
    return (
        Likelihood.values.index(likelihood["value"]) if likelihood else -1,
        Confidence.values.index(confidence) if confidence else -1,
    )


def _claim(claim: dict, exhibits: dict, sources: dict) -> dict:
    citations = [_citation(citation, exhibits, sources) for citation in claim["citations"]]
    by_stance = {stance: [one for one in citations if one["stance"] == stance] for stance in Stance.values}
    reviews = [{**review, "at": moment(review["reviewed_at"])} for review in claim["reviews"]]
    return {
        **claim,
        "kind_label": ClaimKind(claim["kind"]).label,
        "confidence_label": Confidence(claim["confidence"]).label.lower() if claim["confidence"] else "",
        "confidence_meaning": CONFIDENCE_MEANINGS.get(claim["confidence"], ""),
        "supporting": by_stance[Stance.SUPPORTS],
        "contradicting": by_stance[Stance.CONTRADICTS],
        "context": by_stance[Stance.CONTEXT],
        "weakest": weakest(claim["rests_on"]),
        "approvals": [one for one in reviews if one["verdict"] == "approved" and _is_current(claim, one)],
        "gaps": _gaps(claim, citations),
        "told": told(particulars(claim)),
        "model_help": model_help(particulars(claim)),
        "rules": _rules(claim["gate"]),
        # Publications made before there were any have neither.
        "replies": claim.get("replies", []),
        "alternatives": [_alternative(one) for one in claim.get("alternatives", [])],
        "status_seen": _seen(claim["subject"] or {}),
    }


def _alternative(told: dict) -> dict:
    against = sum(fit["fit"] == Fit.INCONSISTENT for fit in told["fits"])
    return {**told, "label": Disposition(told["disposition"]).label.lower(), "against": against}


def _seen(subject: dict) -> str:
    """When the status was seen; snapshots from before precision was kept tell the day."""
    return moment(subject.get("status_seen_at"), subject.get("status_seen_precision", Precision.DAY))


def _is_current(claim: dict, review: dict) -> bool:
    return review["content_sha256"] == claim["content_sha256"]


def _rules(gate: dict | None) -> dict:
    """How many rules were asked, and the warnings that were not met: they are told, since they do not block."""
    asked = [entry for entry in (gate["results"] if gate else []) if entry["verdict"] != "not_applicable"]
    return {"count": len(asked), "unmet": [entry for entry in asked if entry["verdict"] == "failed"]}


def _citation(citation: dict, exhibits: dict, sources: dict) -> dict:
    exhibit = exhibits[citation["exhibit"]]
    source = sources.get(exhibit["source"])
    return {
        **citation,
        "of": _exhibit(exhibit, sources),
        "source": source,
        "access_label": Access(citation["access"]).label.lower(),
        "is_region": citation["selector"] == SelectorType.REGION,
        "reliability": source["reliability"] if source else "",
        "reliability_label": Reliability(source["reliability"]).label.lower()
        if source and source["reliability"]
        else "",
        "credibility_label": Credibility(citation["credibility"]).label.lower() if citation["credibility"] else "",
    }


def _exhibit(exhibit: dict, sources: dict) -> dict:
    return {
        **exhibit,
        "kind_label": ItemKind(exhibit["kind"]).label,
        "published": moment(exhibit["published_at"], exhibit["published_precision"]),
        "captured": moment(exhibit["captured_at"]),
        "source_name": sources[exhibit["source"]]["name"] if exhibit["source"] in sources else "",
        "handlings": [
            {**row, "last": moment(row["last"])} for _, row in sorted(exhibit["custody"]["by_action"].items())
        ],
    }


def _source(source: dict) -> dict:
    label = Reliability(source["reliability"]).label if source["reliability"] else ""
    return {**source, "reliability_label": label}


def _gaps(claim: dict, citations: list[dict]) -> list[str]:
    """What a reader has to know is missing, derived from the record itself, so that nobody can forget to say it."""
    counted = claim["origins"]
    gaps = []
    if counted["origins"] == 1:
        gaps.append("Everything that supports this goes back to one origin; an independent second one is not shown.")
    if counted["undetermined"]:
        gaps.append("Some sources have not been traced to their origin; together they count as one origin only.")
    judged = {one["source"]["name"] for one in citations if one["reliability"] in _CANNOT_JUDGE}
    gaps += [f"How reliable {name} is could not be judged." for name in sorted(judged)]
    if any(one["credibility"] in _CANNOT_JUDGE for one in citations):
        gaps.append("The truth of at least one cited statement could not be judged.")
    if any(not one["verified"] for one in citations):
        gaps.append("At least one citation could not be found in the preserved copy; it does not count as support.")
    if any(one.get("objection") for one in citations):
        gaps.append("A checker did not take at least one citation for support; it is shown and does not count.")
    if any(one["disposition"] == "disputed" for one in citations):
        gaps.append("The evidence against this claim is not resolved; both sides are shown.")
    gaps += [
        f"Another explanation cannot be ruled out: {one['statement']}"
        for one in claim.get("alternatives", [])
        if one["disposition"] == Disposition.NOT_EXCLUDED
    ]
    return gaps + _subject_gaps(claim) + [f"This rests on an assumption: {text}" for text in claim["key_assumptions"]]


def _subject_gaps(claim: dict) -> list[str]:
    gaps = []
    if claim["predicate"] == Predicate.PERSON_HOLDS_ROLE and claim["as_of"] and not claim["valid_to"]:
        gaps.append(f"The role is recorded {claim['period']}; whether it was still held later is not shown.")
    for end in (claim["subject"], claim["object"]):
        if end and end["type"] == "account" and not end.get("platform_user_id", ""):
            reason = end.get("id_unknown_reason", "")
            gaps.append(f"The platform's own number of {end['label']} is not known{f': {reason}' if reason else ''}.")
    return gaps
