"""One match: both pictures side by side and laid over each other, and what a person says of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from cases.exceptions import InvalidInput
from cases.models import Case
from cases.permissions import Permission, permissions_by_case
from cases.queries import get_case
from evidence import clusters, queries, reuse
from evidence.actions.judging import ignore_picture, judge_match
from evidence.elsewhere import PLACES
from evidence.enums import MatchKind, MatchVerdict
from evidence.match_words import in_words
from evidence.media_forms import IgnoreForm, JudgeForm
from evidence.models import Frame, Match, MediaScan
from evidence.permissions import check_judge_match, check_match_media, check_read_item
from evidence.prints import VERSION
from evidence.serving import made_response
from evidence.views.outlines import TONES, corners, in_per_cent, points


@require_GET
def match(request: HttpRequest, ref: str, match_id: UUID) -> HttpResponse:
    """The comparison page."""
    case, found = _found(request, ref, match_id)
    others = {other for other in (found.case, found.other_case) if other and other.pk != case.pk}
    frames = [found.query, found.stored]
    pictures = reuse.shown(request.user, case, frames, others)
    sides = [pictures.get(found.query_id), pictures.get(found.stored_id)]
    rights = permissions_by_case(request.user, {case.pk, *(other.pk for other in others)})
    may_match = all(Permission.MEDIA_MATCH in granted for granted in rights.values())
    regions = _regions(found)
    context = {
        "case": case,
        "nav": "media",
        "match": found,
        "words": in_words(found),
        "query": sides[0],
        "stored": sides[1],
        "regions": regions,
        "query_outlines": [one | {"points": one["query_points"]} for one in regions],
        "stored_outlines": [one | {"points": one["stored_points"]} for one in regions],
        "aligns": [{"align": one["align"], "outline": one["outline"], "tone": one["tone"]} for one in regions],
        "is_outdated": _is_outdated(found),
        "comparable": found.kind != MatchKind.EXACT and all(side and side.readable for side in sides),
        "graphic": any(side.graphic for side in sides if side),
        "exhibits": _appearances(found, sides),
        "earliest": clusters.earliest([side for side in sides if side]),
        "judgements": found.judgements.select_related("judged_by"),
        "verdicts": [choice for choice in MatchVerdict.choices if choice[0] != found.verdict],
        "ignore_form": IgnoreForm(),
        "may_match": may_match,
        "may_cite": Permission.CLAIM_WRITE in rights[case.pk] and found.other_case is None,
        "places": PLACES,
    }
    return render(request, "evidence/match.html", context)


def _is_outdated(found: Match) -> bool:
    """Whether nobody has judged it, and only an earlier version of the comparison says so; same bytes have none."""
    unjudged = found.verdict == MatchVerdict.SUGGESTED and found.kind != MatchKind.EXACT
    return unjudged and found.version != VERSION


def _found(request: HttpRequest, ref: str, match_id: UUID) -> tuple[Case, Match]:
    case = get_case(request.user, ref)
    found = reuse.get_match(request.user, match_id)
    if case.pk not in (found.case_id, found.other_case_id):
        raise Http404
    return case, found


def _regions(found: Match) -> list[dict[str, Any]]:
    """The regions with a number and a colour each, their outlines as SVG takes them, and as a citation takes them."""
    return [
        {
            "number": number,
            "tone": (number - 1) % TONES + 1,
            "query_points": points(region["query_polygon"]),
            "stored_points": points(region["stored_polygon"]),
            "query_words": in_per_cent(region["query"]),
            "stored_words": in_per_cent(region["stored"]),
            "score": region["score"],
            "align": region["align"],
            "outline": region["query_polygon"],
        }
        for number, region in enumerate(found.regions, 1)
    ]


def _appearances(found: Match, sides: list[reuse.Shown | None]) -> list[dict[str, Any]]:
    """The exhibits that hold either picture, as entries of a timeline by when they were observed."""
    entries = {
        appearance.label: (side_name, appearance)
        for side_name, side in zip((_("left"), _("right")), sides, strict=True)
        if side
        for appearance in side.appearances
    }
    ordered = sorted(entries.values(), key=lambda pair: (pair[1].observed_at, pair[1].label))
    return [{"side": side_name, "appearance": appearance} for side_name, appearance in ordered]


@require_POST
def judge(request: HttpRequest, ref: str, match_id: UUID) -> HttpResponse:
    """Confirm, reject, or take a verdict back."""
    _, found = _found(request, ref, match_id)
    check_judge_match(request.user, found)
    form = JudgeForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("Choose a verdict and say what you saw.", field="verdict")
    judged = judge_match(actor=request.user, match=found, **form.cleaned_data)
    messages.success(request, f"The match is {judged.get_verdict_display().lower()}.")
    return redirect("evidence:match", ref, match_id)


@require_POST
def ignore(request: HttpRequest, ref: str, match_id: UUID) -> HttpResponse:
    """Put one of the two pictures, or its matched region, on the ignore list of this case."""
    case, found = _found(request, ref, match_id)
    check_match_media(request.user, case)
    form = IgnoreForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("Say which picture, and why.", field=next(iter(form.errors)))
    wanted = form.cleaned_data
    side = wanted["side"] if found.case_id == case.pk and found.other_case_id is None else _own_side(found, case)
    region = found.regions[0][side] if wanted["only"] == "region" and found.regions else None
    ignore_picture(
        actor=request.user,
        case=case,
        frame=getattr(found, side),
        reason=wanted["reason"],
        note=wanted["note"],
        region=region,
    )
    messages.success(request, _("It suggests nothing in this case any more."))
    return redirect("evidence:media_ignored", ref)


def _own_side(found: Match, case: Case) -> str:
    return "query" if found.case_id == case.pk else "stored"


# --- the pictures of an exhibit


@require_GET
def frame_picture(request: HttpRequest, ref: str, exhibit: int, kind: str, position: int) -> HttpResponseBase:
    """The rendition of a page, of a picture in a page, or of a keyframe."""
    item = queries.get_item(request.user, ref, exhibit)
    response = made_response(request.user, item, reuse.get_frame(item, kind, position).picture_sha256)
    if response is None:
        raise Http404
    return response


@require_GET
def of_exhibit(request: HttpRequest, ref: str, exhibit: int) -> HttpResponse:
    """A fragment of the exhibit's page: what its pictures were put together from, and where else they are."""
    item = queries.get_item(request.user, ref, exhibit)
    check_read_item(request.user, item)
    frames = reuse.frames_of(item)
    matches = list(reuse.matches_of_frames(request.user, item.case, frames)[:500]) if frames else []
    others = {other for one in matches for other in (one.case, one.other_case) if other and other.pk != item.case_id}
    related = {one.pk: one for match in matches for one in (match.query, match.stored)}
    pictures = reuse.shown(request.user, item.case, [*related.values(), *frames], others)
    waiting = hasattr(item, "waiting_for_matches")
    context = {
        "case": item.case,
        "item": item,
        "waiting": waiting,
        "composites": [_composite(item.case, frame, matches, pictures) for frame in frames],
        "frames": frames,
        "scan": MediaScan.objects.filter(blob=item.blob_id).first() if item.blob_id and not waiting else None,
    }
    return render(request, "evidence/parts/reuse.html", context)


def _composite(case: Case, frame: Frame, matches: list[Match], pictures: dict[int, reuse.Shown]) -> dict[str, Any]:
    mine = [one for one in matches if frame.pk in (one.query_id, one.stored_id)]
    explained = clusters.origins_of(frame.pk, mine)
    return {
        "frame": frame,
        "picture": pictures.get(frame.pk),
        "regions": [_explained(case, one, pictures) for one in explained],
        "without": [{"points": points(corners(region))} for region in clusters.without_origin(frame, explained)],
    }


def _explained(case: Case, explained: clusters.Explained, pictures: dict[int, reuse.Shown]) -> dict[str, Any]:
    origins = [origin for origin in explained.origins if origin.other in pictures]
    return {
        "number": explained.number,
        "tone": (explained.number - 1) % TONES + 1,
        "points": points(corners(explained.region)),
        "confirmed": explained.confirmed,
        "origins": [
            {
                "picture": pictures[origin.other],
                "match": origin.match,
                "url": reverse("evidence:match", args=[case.ref, origin.match.pk]),
            }
            for origin in origins
        ],
        "earliest": clusters.earliest([pictures[origin.other] for origin in origins]),
    }
