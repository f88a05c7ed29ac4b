"""Media reuse: suggestions that wait, clusters of reuse, the ignore list, and notices to the lead."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from cases.actions.exports import record_export
from cases.csv import csv_response
from cases.listing import page_of
from cases.models import Case
from cases.permissions import Permission, permissions_of
from cases.queries import get_case
from evidence import clusters, reuse
from evidence.actions.judging import end_ignoring, note_seen
from evidence.enums import MatchVerdict
from evidence.match_words import in_words
from evidence.media_forms import MatchFilterForm
from evidence.models import Frame, Match

SORTS = {"found": "found_at", "score": "score", "kind": "kind", "verdict": "verdict"}
MOST_CLUSTERED = 20_000
CLUSTERS = 60
SHOWN_OF_CLUSTER = 12
HEADER = [
    "found_at", "verdict", "kind", "mirrored", "score", "query", "query_sha256", "query_region",
    "stored", "stored_sha256", "stored_region", "case_of_stored",
]  # fmt: skip


@require_GET
def matches(request: HttpRequest, ref: str) -> HttpResponse:
    """The matches of a case, those that wait first unless asked otherwise."""
    case = get_case(request.user, ref)
    form = MatchFilterForm(_with_default(request))
    rows = _narrowed(request, case, form)
    page = page_of(request, rows.order_by(), SORTS, "-found_at")
    rights = permissions_of(request.user, case)
    context = {
        "case": case,
        "nav": "media",
        "form": form,
        "page": page,
        "rows": rows_of(request, case, page.rows),
        "count": rows.count(),
        "waiting": reuse.waiting_in(request.user, case),
        "notices": _notices(request, case),
        "filtered": any(value for name, value in request.GET.items() if name not in ("sort", "cursor")),
        "may_match": Permission.MEDIA_MATCH in rights,
        "csv_url": reverse("evidence:media_csv", args=[case.ref]) if Permission.EXPORT in rights else "",
    }
    return render(request, "evidence/media.html", context)


@require_GET
def matches_csv(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The same rows as CSV; taking them out of the house is an event."""
    case = get_case(request.user, ref)
    rows = _narrowed(request, case, MatchFilterForm(_with_default(request))).order_by("-found_at", "-id")
    record_export(actor=request.user, case=case, what="media matches", filters=request.GET.urlencode())
    found = list(rows[:MOST_CLUSTERED])
    lines = (_line(row) for row in rows_of(request, case, found))
    return csv_response(f"{case.ref}-media-{timezone.now():%Y%m%d}.csv", HEADER, lines)


def _line(row: dict) -> Iterable[object]:
    match: Match = row["match"]
    regions = match.regions[0] if match.regions else {"query": clusters.WHOLE, "stored": clusters.WHOLE}
    yield from (match.found_at.isoformat(), match.verdict, match.kind, match.mirrored, f"{match.score:.4f}")
    for side in ("query", "stored"):
        picture = row[side]
        yield picture.name if picture else ""
        yield getattr(match, side).blob_id
        yield " ".join(f"{number:.4f}" for number in regions[side])
    yield match.other_case.ref if match.other_case else match.case.ref


def _with_default(request: HttpRequest) -> dict:
    """Without any filter the list shows what waits for a person."""
    asked = request.GET.dict()
    return asked if "verdict" in asked else asked | {"verdict": MatchVerdict.SUGGESTED.value}


def _narrowed(request: HttpRequest, case: Case, form: MatchFilterForm) -> QuerySet[Match]:
    rows = reuse.matches_of(request.user, case)
    if not form.is_valid():
        return rows.none()
    wanted = form.cleaned_data
    rows = rows.filter(**{name: wanted[name] for name in ("verdict", "kind") if wanted[name]})
    if wanted["other_case"]:
        rows = rows.filter(other_case__isnull=wanted["other_case"] == "no")
    if wanted["exhibit"]:
        blobs = case.items.filter(exhibit=wanted["exhibit"]).values("blob")
        rows = rows.filter(Q(query__blob__in=blobs) | Q(stored__blob__in=blobs))
    return rows


def rows_of(request: HttpRequest, case: Case, found: list[Match]) -> list[dict]:
    """Matches with both their pictures and their distance in words."""
    frames = [frame for match in found for frame in (match.query, match.stored)]
    others = {other for match in found for other in (match.case, match.other_case) if other and other.pk != case.pk}
    pictures = reuse.shown(request.user, case, frames, others)
    return [
        {
            "match": match,
            "query": pictures.get(match.query_id),
            "stored": pictures.get(match.stored_id),
            "words": in_words(match),
            "url": reverse("evidence:match", args=[case.ref, match.pk]),
        }
        for match in found
    ]


def _notices(request: HttpRequest, case: Case) -> list[dict]:
    notices = list(reuse.notices_of(request.user, case)[:50])
    pictures = reuse.shown(request.user, case, [notice.frame for notice in notices]) if notices else {}
    return [{"notice": notice, "picture": pictures.get(notice.frame_id)} for notice in notices]


@require_POST
def notice_seen(request: HttpRequest, ref: str, notice_id: UUID) -> HttpResponse:
    """Put a notice away."""
    get_case(request.user, ref)
    note_seen(actor=request.user, notice=reuse.get_notice(request.user, notice_id))
    return redirect("evidence:media", ref)


# --- clusters


@require_GET
def cluster_list(request: HttpRequest, ref: str) -> HttpResponse:
    """Pictures that hang together through matches nobody rejected, with who showed them first by each clock."""
    case = get_case(request.user, ref)
    rows = reuse.matches_of(request.user, case).exclude(verdict=MatchVerdict.REJECTED)
    if request.GET.get("only") == "confirmed":
        rows = rows.filter(verdict=MatchVerdict.CONFIRMED)
    pairs = list(rows.order_by("-score").values_list("query", "stored")[:MOST_CLUSTERED])
    found = clusters.clusters_of(pairs)
    frames = Frame.objects.in_bulk([pk for members in found[:CLUSTERS] for pk in members[:200]])
    others = Case.objects.visible_to(request.user).exclude(pk=case.pk)
    pictures = reuse.shown(request.user, case, frames.values(), others)
    context = {
        "case": case,
        "nav": "media",
        "clusters": [
            _cluster([pictures[pk] for pk in members if pk in pictures], len(members)) for members in found[:CLUSTERS]
        ],
        "hidden": max(0, len(found) - CLUSTERS),
        "only": request.GET.get("only", ""),
    }
    return render(request, "evidence/media_clusters.html", context)


def _cluster(pictures: list[reuse.Shown], size: int) -> dict:
    return {
        "pictures": pictures[:SHOWN_OF_CLUSTER],
        "more": max(0, size - SHOWN_OF_CLUSTER),
        "size": size,
        "exhibits": sum(len(picture.appearances) for picture in pictures),
        "earliest": clusters.earliest(pictures),
    }


# --- the ignore list


@require_GET
def ignored_list(request: HttpRequest, ref: str) -> HttpResponse:
    """What suggests nothing in this case, and why."""
    case = get_case(request.user, ref)
    entries = list(reuse.ignored_of(request.user, case)[:500])
    pictures = reuse.shown(request.user, case, [entry.frame for entry in entries])
    context = {
        "case": case,
        "nav": "media",
        "rows": [{"entry": entry, "picture": pictures.get(entry.frame_id)} for entry in entries],
        "may_match": Permission.MEDIA_MATCH in permissions_of(request.user, case),
    }
    return render(request, "evidence/media_ignored.html", context)


@require_POST
def ignored_end(request: HttpRequest, ref: str, entry_id: UUID) -> HttpResponse:
    """Let a picture suggest matches again."""
    get_case(request.user, ref)
    entry = reuse.get_ignored(request.user, entry_id)
    end_ignoring(actor=request.user, entry=entry, reason=request.POST.get("reason", ""))
    messages.success(request, _("It suggests matches again."))
    return redirect("evidence:media_ignored", ref)
