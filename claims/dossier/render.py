"""The page that a reader opens: a snapshot put into words, without looking anything up elsewhere."""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from cases.enums import Precision
from claims.dossier.graph import BOX, graph_of
from claims.dossier.summary import (
    data_protection,
    exceptions,
    model_help,
    particulars,
    rules_asked,
    source_summary,
    told,
    waivers,
)
from claims.dossier.words import (
    link_of,
    moment,
    period_of,
    reply_words,
    said,
    shown_end,
    statement_of,
    step_words,
)
from claims.enums import (
    Access,
    ClaimKind,
    Confidence,
    CorrectionKind,
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


def page(snapshot: dict, *, published_at: str, later: Sequence[dict] = (), withheld: dict | None = None) -> str:
    """Return index.html of a dossier, in the language that its publication chose; English for the oldest ones.

    `later` are the corrections and retractions since, as `claims.dossier.later` tells them; `withheld` tells
    why something is not shown, and by which mark it is seen.
    """
    language = language_of(snapshot)
    with translation.override(language):
        context = _context(snapshot, published_at, later, language) | {"withheld": _withheld(withheld)}
        return render_to_string("claims/dossier/index.html", context)


def language_of(snapshot: dict) -> str:
    """The language of the page around the claims."""
    return snapshot["publication"].get("language", "en")


def _context(snapshot: dict, published_at: str, later: Sequence[dict], language: str) -> dict:
    exhibits = {exhibit["exhibit"]: exhibit for exhibit in snapshot["exhibits"]}
    sources = {source["id"]: source for source in snapshot["sources"]}
    since = {row["claim"]: _correction(row) for row in later}
    claims = [_claim(claim, exhibits, sources, since, language) for claim in snapshot["claims"]]
    scale = snapshot["scale"]
    return {
        "language": language,
        "case": snapshot["case"],
        "publication": snapshot["publication"],
        "published": moment(published_at),
        "claims": claims,
        "later": [_correction(row) for row in later],
        "graph": graph_of(claims, withdrawn=_("retracted")),
        "links": [claim for claim in claims if claim["subject"] and claim["object"]],
        "box": BOX,
        "exhibits": [_exhibit(exhibit, sources) for exhibit in snapshot["exhibits"]],
        "sources": [_source(source) for source in snapshot["sources"]],
        "corrections": [_correction(row) for row in snapshot["corrections"]],
        "scale": {"name": said(scale["name"]), "steps": [step_words(step, language) for step in scale["steps"]]},
        "reliabilities": _labels(Reliability),
        "credibilities": _labels(Credibility),
        "confidences": [(said(Confidence(value).label), said(words)) for value, words in CONFIDENCE_MEANINGS.items()],
        "summary": source_summary(snapshot),
        "exceptions": exceptions(snapshot),
        "waivers": waivers(snapshot),
        "data_protection": data_protection(snapshot),
        "rules": rules_asked(snapshot),
    }


def _withheld(why: dict | None) -> dict | None:
    return {**why, "kind": said(why["kind"])} if why else None


def _labels(kind: type) -> list[tuple[str, str]]:
    return [(member.value, said(member.label)) for member in kind]


def _label(kind: type, value: str) -> str:
    return said(kind(value).label) if value else ""


def _correction(row: dict) -> dict:
    return {**row, "label": _label(CorrectionKind, row["kind"]), "at": moment(row["corrected_at"])}


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


def _claim(claim: dict, exhibits: dict, sources: dict, since: dict[int, dict], language: str) -> dict:
    citations = [_citation(citation, exhibits, sources) for citation in claim["citations"]]
    by_stance = {stance: [one for one in citations if one["stance"] == stance] for stance in Stance.values}
    reviews = [{**review, "at": moment(review["reviewed_at"])} for review in claim["reviews"]]
    links = [{**link, "likelihood": step_words(link["likelihood"], language)} for link in claim["rests_on"]]
    ends = {side: _end(claim[side]) for side in ("subject", "object")}
    changed = since.get(claim["number"])
    return {
        **claim,
        **ends,
        "statement": statement_of(claim),
        "link": link_of(claim),
        "period": period_of(claim),
        "likelihood": step_words(claim["likelihood"], language),
        "rests_on": links,
        "changed": changed,
        "is_withdrawn": bool(changed) and changed["kind"] == CorrectionKind.RETRACTION,
        "is_drawn": all(end and end["type"] in ("account", "person", "organisation") for end in ends.values()),
        "kind_label": _label(ClaimKind, claim["kind"]),
        "confidence_label": _label(Confidence, claim["confidence"]).lower(),
        "confidence_meaning": said(CONFIDENCE_MEANINGS.get(claim["confidence"], "")),
        "supporting": by_stance[Stance.SUPPORTS],
        "contradicting": by_stance[Stance.CONTRADICTS],
        "context": by_stance[Stance.CONTEXT],
        "weakest": weakest(links),
        "approvals": [one for one in reviews if one["verdict"] == "approved" and _is_current(claim, one)],
        "gaps": _gaps(claim, citations),
        "told": told(particulars(claim)),
        "model_help": model_help(particulars(claim)),
        "rules": _rules(claim["gate"]),
        # Publications made before there were any have neither.
        "replies": [reply_words(told) for told in claim.get("replies", [])],
        "alternatives": [_alternative(one) for one in claim.get("alternatives", [])],
        "status_seen": _seen(claim["subject"] or {}),
    }


def _end(end: dict | None) -> dict | None:
    if not end:
        return None
    shown = {**end, "shown": shown_end(end)}
    return shown | {"status": said(end["status"])} if end.get("status") else shown


def _alternative(told: dict) -> dict:
    against = sum(fit["fit"] == Fit.INCONSISTENT for fit in told["fits"])
    return {**told, "label": _label(Disposition, told["disposition"]), "against": against}


def _seen(subject: dict) -> str:
    """When the status was seen; snapshots from before precision was kept tell the day."""
    return moment(subject.get("status_seen_at"), subject.get("status_seen_precision", Precision.DAY))


def _is_current(claim: dict, review: dict) -> bool:
    return review["content_sha256"] == claim["content_sha256"]


def _rules(gate: dict | None) -> dict:
    """How many rules were asked, and the warnings that were not met: they are told, since they do not block."""
    asked = [entry for entry in (gate["results"] if gate else []) if entry["verdict"] != "not_applicable"]
    unmet = [{**entry, "title": said(entry["title"])} for entry in asked if entry["verdict"] == "failed"]
    return {"count": len(asked), "unmet": unmet}


def _citation(citation: dict, exhibits: dict, sources: dict) -> dict:
    exhibit = exhibits[citation["exhibit"]]
    source = sources.get(exhibit["source"])
    reliability = source["reliability"] if source else ""
    return {
        **citation,
        "of": _exhibit(exhibit, sources),
        "source": source,
        "access_label": _label(Access, citation["access"]),
        "is_region": citation["selector"] == SelectorType.REGION,
        "objection": said(citation.get("objection", "")).lower(),
        "reliability": reliability,
        "reliability_label": _label(Reliability, reliability).lower(),
        "credibility_label": _label(Credibility, citation["credibility"]).lower(),
    }


def _exhibit(exhibit: dict, sources: dict) -> dict:
    return {
        **exhibit,
        "kind_label": _label(ItemKind, exhibit["kind"]),
        "published": moment(exhibit["published_at"], exhibit["published_precision"]),
        "captured": moment(exhibit["captured_at"]),
        "source_name": sources[exhibit["source"]]["name"] if exhibit["source"] in sources else "",
        "handlings": [
            {**row, "label": said(row["label"]).lower(), "last": moment(row["last"])}
            for _action, row in sorted(exhibit["custody"]["by_action"].items())
        ],
    }


def _source(source: dict) -> dict:
    label = _label(Reliability, source["reliability"]).lower()
    return {**source, "kind": said(source["kind"]), "reliability_label": label}


def _gaps(claim: dict, citations: list[dict]) -> list[str]:
    """What a reader has to know is missing, derived from the record itself, so that nobody can forget to say it."""
    counted = claim["origins"]
    gaps = []
    if counted["origins"] == 1:
        gaps.append(_("Everything that supports this goes back to one origin; an independent second one is not shown."))
    if counted["undetermined"]:
        gaps.append(_("Some sources have not been traced to their origin; together they count as one origin only."))
    judged = {one["source"]["name"] for one in citations if one["reliability"] in _CANNOT_JUDGE}
    gaps += [_("How reliable %(source)s is could not be judged.") % {"source": name} for name in sorted(judged)]
    if any(one["credibility"] in _CANNOT_JUDGE for one in citations):
        gaps.append(_("The truth of at least one cited statement could not be judged."))
    if any(not one["verified"] for one in citations):
        gaps.append(_("At least one citation could not be found in the preserved copy; it does not count as support."))
    if any(one.get("objection") for one in citations):
        gaps.append(_("A checker did not take at least one citation for support; it is shown and does not count."))
    if any(one["disposition"] == "disputed" for one in citations):
        gaps.append(_("The evidence against this claim is not resolved; both sides are shown."))
    gaps += [
        _("Another explanation cannot be ruled out: %(explanation)s") % {"explanation": one["statement"]}
        for one in claim.get("alternatives", [])
        if one["disposition"] == Disposition.NOT_EXCLUDED
    ]
    assumed = [_("This rests on an assumption: %(words)s") % {"words": words} for words in claim["key_assumptions"]]
    return gaps + _subject_gaps(claim) + assumed


def _subject_gaps(claim: dict) -> list[str]:
    gaps = []
    if claim["predicate"] == Predicate.PERSON_HOLDS_ROLE and claim["as_of"] and not claim["valid_to"]:
        held = _("The role is recorded %(period)s; whether it was still held later is not shown.")
        gaps.append(held % {"period": period_of(claim)})
    for end in (claim["subject"], claim["object"]):
        if end and end["type"] == "account" and not end.get("platform_user_id", ""):
            unknown = _("The platform's own number of %(account)s is not known%(reason)s.")
            reason = end.get("id_unknown_reason", "").rstrip(".")
            gaps.append(unknown % {"account": shown_end(end), "reason": f": {reason}" if reason else ""})
    return gaps
