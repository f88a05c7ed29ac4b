"""What several pages of claims share: links to where things are mended, rows of tables, edges of the graph."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from cases.models import Case, User
from cases.permissions import Permission
from claims.canonical import particulars_of
from claims.chains import Chain
from claims.dossier.summary import model_help, told
from claims.enums import Predicate, SubjectType, VersionState
from claims.gate.evaluation import EXCEPTED, FAILED, NOT_APPLICABLE
from claims.gate.words import in_words
from claims.models import Citation, CitationReview, ClaimVersion
from claims.origins import count_origins, origin_of
from claims.phrasing import forms_of, is_french
from claims.scales import rank, step
from claims.wording import Labels, ends
from claims.workflow import EDITABLE
from evidence.enums import FrameKind, ItemKind
from evidence.models import Frame, Item
from evidence.regions import part_name
from evidence.reuse import frames_of, part_of
from posts.queries import stale_exhibits

# What the graph draws: claims about pictures, posts and campaigns stand in the list.
DRAWN = frozenset({SubjectType.ACCOUNT, SubjectType.PERSON, SubjectType.ORGANISATION})

_ANY_ID = UUID(int=0)
_MENDED_AT = {
    "version": ("claims:edit", _("Edit the claim")),
    "frozen": ("claims:claim", _("Reopen the claim to edit it")),
    "public": ("claims:correct", _("Correct the claim")),
    "citations": ("claims:claim", _("See its citations")),
    "origins": ("evidence:sources", _("Determine the origins")),
    "review": ("claims:desk_claim", _("Go to the desk")),
    "citation": ("claims:citation", _("Edit the citation")),
    "item": ("evidence:item", _("Open the exhibit")),
    "source": ("evidence:source", _("Open the source")),
    "account": ("cases:account", _("Open the account")),
    "person": ("cases:person", _("Open the person")),
    "claim": ("claims:claim", _("Open the claim")),
    "replies": ("claims:claim", _("See who was asked")),
    "traces": ("claims:traces", _("Decide on each")),
    "legal": ("claims:legal", _("Go to the legal sign-off")),
    "record": ("claims:data_protection", _("Write the record")),
    "hypotheses": ("claims:alternatives", _("Weigh the alternatives")),
}


def url_of(name: str, *arguments: object) -> str:
    """The address of a page; empty while the room that serves it does not exist."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def pictures_in(item: Item) -> list[dict]:
    """The pictures in a document or a film, of which regions are cited; none for an image, which is one itself."""
    return [
        {
            "part": part_name(frame),
            "label": part_of(frame),
            "width": frame.width,
            "height": frame.height,
            "url": reverse("evidence:frame", args=[item.case.ref, item.exhibit, frame.kind, frame.position]),
        }
        for frame in sorted(frames_of(item), key=_in_reading_order)
        if frame.picture_sha256
    ]


def _in_reading_order(frame: Frame) -> tuple:
    """Page by page, each before the pictures on it; a film by its seconds."""
    return frame.page or 0, frame.second or 0, frame.kind == FrameKind.EMBEDDED, frame.position


def claim_url(case: Case, number: int, anchor: str = "") -> str:
    before, after = _around("claims:claim", case.ref)
    return f"{before}{number}{after}" + (f"#{anchor}" if anchor else "")


@lru_cache(maxsize=512)
def _around(name: str, ref: str, mark: int | UUID = 10**9) -> tuple[str, str]:
    """What stands before and after the number (or id, like `mark`) in the addresses of one kind of page of one case.

    The graph has 1,600 addresses, and finding each anew took longer than everything else in it.
    """
    before, _, after = reverse(name, args=[ref, mark]).rpartition(str(mark))
    return before, after


def to_claim(version: ClaimVersion, anchor: str = "") -> HttpResponse:
    return redirect(claim_url(version.case, version.claim.number, anchor))


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def findings(
    version: ClaimVersion, results: Iterable[dict[str, Any]], rights: frozenset[Permission]
) -> list[dict[str, Any]]:
    """A run of the gate as lines for a person: what blocks, what warns, what holds.

    Who may mend what is missing is told where; who only reads would be led to a page that is closed to them.
    """
    lines = []
    for entry in results:
        if entry["verdict"] == NOT_APPLICABLE:
            continue
        if entry["verdict"] == EXCEPTED:
            let_stand = gettext("An editor let it stand: %(reason)s") % {"reason": entry["exception"]}
            sentence = f"{gettext(entry['title'])}. {let_stand}"
            lines.append({"rule": entry["rule"], "level": entry["level"], "passed": True, "sentence": sentence})
            continue
        if entry["verdict"] != FAILED:
            lines.append({"rule": entry["rule"], "level": entry["level"], "passed": True, "sentence": entry["title"]})
            continue
        level = "B" if entry["blocks"] else "W"
        for problem in entry["problems"]:
            url, words = mended_at(version, problem["target"]) if Permission.CLAIM_WRITE in rights else ("", "")
            line = {"rule": entry["rule"], "level": level, "passed": False, "sentence": in_words(problem)}
            lines.append(line | {"url": url, "where": words})
    return sorted(lines, key=lambda line: (line["passed"], line["level"]))


def mended_at(version: ClaimVersion, target: str) -> tuple[str, str]:
    """Where a person mends what the gate found at `target`, and the words of the link.

    What is frozen has to be reopened first, or corrected where readers have it: its forms would only refuse.
    """
    kind, _colon, key = target.partition(":")
    if kind in ("version", "citation") and version.state not in EDITABLE:
        kind = "public" if version.state == VersionState.PUBLISHED else "frozen"
    if kind == "record" and key:
        return url_of("claims:data_protection_of", version.case.ref, key), _("Write the record")
    name, words = _MENDED_AT.get(kind, ("claims:claim", _("Open the claim")))
    number = version.claim.number
    arguments = {
        "origins": [version.case.ref],
        "record": [version.case.ref],
        "source": [version.case.ref, key],
        "citation": [version.case.ref, key],
        "item": [version.case.ref, key],
        "account": [version.case.ref, key],
        "person": [version.case.ref, key],
        "claim": [version.case.ref, key],
    }.get(kind, [version.case.ref, number])
    anchors = {"citations": "#citations", "origins": "#origins", "replies": "#replies", "frozen": "#content"}
    anchor = anchors.get(kind, "")
    url = url_of(name, *arguments)
    return (url + anchor if url else ""), words


def besides(version: ClaimVersion) -> dict[str, Any]:
    """What a version says besides its link, as readers will be told it: particulars, weaknesses, help of models."""
    said = particulars_of(version)
    return {"told": told(said), "source_summary": version.source_summary, "model_help": model_help(said)}


def origin_words(citations: Sequence[Citation]) -> dict[str, int]:
    """ "3 citations, 1 origin" of what supports a claim and was found in the preserved copies."""
    counted = [citation for citation in citations if citation.is_shown_as_support]
    return {"citations": len(counted), "origins": count_origins(origin_of(citation) for citation in counted)}


def attach_verdicts(version: ClaimVersion, citations: Sequence[Citation]) -> None:
    """The newest verdict on each of these `readable` citations, and whether it was given on the content of now."""
    rows = CitationReview.objects.filter(version=version, citation__in=[one.pk for one in citations])
    latest = {row.citation_id: row for row in rows.select_related("reviewed_by").order_by("reviewed_at")}
    for citation in citations:
        citation.judged = latest.get(citation.pk)
        if citation.judged and citation.closed:
            citation.judged.comment = ""
        citation.judged_now = bool(citation.judged and citation.judged.content_sha256 == version.content_sha256)


def attach_stale(case: Case, citations: Sequence[Citation]) -> None:
    """The name of the analysis that each of these cites, where posts were added to the case, or taken out, since."""
    analyses = [one.item_id for one in citations if one.item.kind == ItemKind.ANALYSIS]
    stale = stale_exhibits(case, analyses) if analyses else {}
    for citation in citations:
        citation.stale_analysis = stale.get(citation.item_id, "")


def rows(versions: Sequence[ClaimVersion], labels: Labels | None = None) -> list[dict[str, Any]]:
    """Versions as lines of a list: the sentence, the grades, the address."""
    labels = labels or Labels(versions)
    return [
        {
            "version": version,
            "number": version.claim.number,
            "statement": labels.statement(version),
            "likelihood": likelihood_words(version.case, version.likelihood),
            "url": claim_url(version.case, version.claim.number),
        }
        for version in versions
    ]


def likelihood_words(case: Case, value: str) -> str:
    """A stored likelihood in the words of the case's scale, or in those that a French text uses for its steps."""
    language = get_language() or ""
    if value and is_french(language):
        return forms_of(case.likelihood_scale, language)[rank(value)][0]
    found = step(case.likelihood_scale, value)
    return found.term if found else ""


def edges(case: Case, versions: Sequence[ClaimVersion], disputed: set, labels: Labels) -> list[dict[str, Any]]:
    """The links that claims make between records, for the graph and for the table beneath it."""
    found = []
    for version in versions:
        sides = [ends(version, side) for side in ("subject", "object")]
        if not all(kind in DRAWN for kind, _ in sides):
            continue
        source, target = (_node_id(kind, row) for kind, row in sides)
        number = version.claim.number
        before, after = _around("claims:panel", case.ref)
        found.append(
            {
                "id": f"claim-{number}",
                "source": labels.of(version, "subject"),
                "target": labels.of(version, "object"),
                "source_id": source,
                "target_id": target,
                "predicate": Predicate(version.predicate).label,
                "state": version.state,
                "likelihood": version.likelihood,
                "likelihood_words": likelihood_words(case, version.likelihood),
                "confidence": version.analytic_confidence,
                "url": claim_url(case, number),
                "panel_url": f"{before}{number}{after}",
                "disputed": version.pk in disputed,
            }
        )
    return found


def nodes(case: Case, versions: Sequence[ClaimVersion], statuses: dict, labels: Labels) -> list[dict[str, Any]]:
    """The records at the ends of the edges, each once, with where its page is."""
    found: dict[str, dict[str, Any]] = {}
    for version in versions:
        if not all(ends(version, side)[0] in DRAWN for side in ("subject", "object")):
            continue
        for side in ("subject", "object"):
            kind, row = ends(version, side)
            node = {"id": _node_id(kind, row), "type": kind, "label": labels.of(version, side)}
            before, after = _around(f"cases:{kind}", case.ref, _ANY_ID)
            node |= {"url": f"{before}{row.pk}{after}", "status": statuses.get(row.pk, "")}
            found.setdefault(node["id"], node)
    return list(found.values())


def _node_id(kind: str, row: Any) -> str:
    return f"{kind}-{getattr(row, 'pk', row)}"


def people_of(actors: Iterable[str]) -> dict[str, str]:
    """The names behind the log's "user:<id>", in one query."""
    ids = [actor.removeprefix("user:") for actor in set(actors) if actor.startswith("user:")]
    return {f"user:{user.pk}": str(user) for user in User.objects.filter(pk__in=ids)}


def chain_row(case: Case, chain: Chain, labels: Labels) -> dict[str, Any]:
    """A chain as a line: its links, the grades of the weakest of them, and who contests it."""
    links = rows(chain.links, labels)
    judged = [link.likelihood for link in chain.links if link.likelihood]
    return {
        "links": [
            link | {"is_weakest": len(links) > 1 and len(judged) == len(links) and _is_weakest(link, chain)}
            for link in links
        ],
        "likelihood": likelihood_words(case, chain.likelihood),
        "confidence": chain.analytic_confidence,
        "rivals": [
            {"number": rival.claim.number, "url": claim_url(case, rival.claim.number)} for rival in chain.rivals
        ],
        "published": chain.is_published,
    }


def _is_weakest(link: dict, chain: Chain) -> bool:
    """Among links that are not all alike, the one that decides how likely the chain is."""
    differ = len({one.likelihood for one in chain.links}) > 1
    return differ and link["version"].likelihood == chain.likelihood
