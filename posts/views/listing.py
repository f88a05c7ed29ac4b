"""The list of posts, one post, and its author as a tracked account."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from cases.actions.exports import record_export
from cases.csv import csv_response
from cases.models import Case
from cases.permissions import Permission, permissions_of
from cases.queries import get_case
from posts import exporting, tellings
from posts.actions.reading import note_reading
from posts.actions.tracking import track_account
from posts.forms import PostFilterForm
from posts.listing import Narrowing, accounts_of, get_post, post_page, posts_of
from posts.models import Post, Sighting
from posts.queries import datasets_in_use, datasets_of, sightings_of, snapshots_of

PAGE = 100
SHOWN_RECORD = 20_000
# What each part of a post's content is called, where two records differ in it.
PARTS = {
    "author_id": _("author"), "account": _("author"), "text": _("text"), "kind": _("kind"), "claimed_at": _("time"),
    "observed_at": _("time"), "at": _("time"), "clock_flags": _("doubts"), "repost_of": _("repost of"),
    "quote_of": _("quote of"), "reply_to": _("reply to"), "hashtags": _("hashtags"), "urls": _("addresses"),
    "mentions": _("mentions"), "media": _("pictures"),
}  # fmt: skip
NOTHING_NEW = "without a new observation: the case has already what these files show of its profile"


@require_GET
def posts(request: HttpRequest, ref: str) -> HttpResponse:
    """One page of posts by time."""
    case = get_case(request.user, ref)
    narrowing = Narrowing.of(request.GET)
    note_reading(actor=request.user, case=case, label=narrowing.dataset)
    labels = [one.label for one in datasets_of(request.user, case).ready().order_by("number")]
    rows = posts_of(request.user, case, narrowing)
    newest_first = request.GET.get("order") == "newest"
    cursor = request.GET.get("cursor", "")
    page = post_page(rows, newest_first=newest_first, cursor=cursor, size=PAGE, one_pass=narrowing.is_rare)
    context = {
        "case": case,
        "nav": "posts",
        "form": PostFilterForm(request.GET, datasets=labels),
        "page": page,
        "narrowing": narrowing,
        # Fetched by the page itself once it stands: among a million posts it takes longer than the page.
        "total": rows.count() if "count" in request.GET else None,
        "accounts": accounts_of(rows) if "count" in request.GET else None,
        "has_posts": bool(labels),
        "may_export": Permission.EXPORT in permissions_of(request.user, case),
    }
    return render(request, "posts/list.html", context)


@require_GET
def posts_csv(request: HttpRequest, ref: str) -> HttpResponseBase:
    """All posts that the same query finds, as CSV; taking them out of the house is an event."""
    case = get_case(request.user, ref)
    record_export(actor=request.user, case=case, what="posts", filters=request.GET.urlencode())
    narrowing = Narrowing.of(request.GET)
    note_reading(actor=request.user, case=case, label=narrowing.dataset)
    rows = posts_of(request.user, case, narrowing)
    return csv_response(exporting.name_of(case, "posts"), exporting.POST_HEADER, exporting.post_lines(rows))


@require_GET
def post(request: HttpRequest, ref: str, post_id: UUID) -> HttpResponse:
    """One post: what it says, its clocks, its author's profiles, and each file's record of it."""
    case = get_case(request.user, ref)
    row = get_post(request.user, case, post_id)
    sightings = [
        {"of": one, "raw": bytes(one.raw[:SHOWN_RECORD]).decode("utf-8", "replace"), "cut": len(one.raw) > SHOWN_RECORD}
        for one in sightings_of(request.user, case, row)
    ]
    note_reading(actor=request.user, case=case, among=[one["of"].dataset_id for one in sightings])
    context = {
        "case": case,
        "nav": "posts",
        "row": row,
        "sightings": sightings,
        "tellings": _tellings(request, case, [one["of"] for one in sightings]),
        "snapshots": list(snapshots_of(request.user, case, row.platform, row.account)[:50]),
        "may_track": Permission.SUBJECT_WRITE in permissions_of(request.user, case),
    }
    return render(request, "posts/post.html", context)


def _tellings(request: HttpRequest, case: Case, sightings: list[Sighting]) -> list[dict[str, Any]]:
    """The ways in which these records tell one post, the one that counts first; none where there is one way only."""
    told = {one.post_id for one in sightings}
    if len(told) < 2:
        return []
    left_out = tellings.others(case.pk, [one.pk for one in datasets_in_use(request.user, case)])
    rows = list(Post.objects.visible_to(request.user).filter(pk__in=told).order_by("pk"))
    counting = next((one for one in rows if one.pk in left_out.values()), None)
    rows.sort(key=lambda one: one != counting)
    return [{"post": one, "counts": one == counting, "other": _differing(one, rows[0])} for one in rows]


def _differing(one: Post, first: Post) -> list[str]:
    names = [*tellings.CONTENT, "media"]
    return list(dict.fromkeys(str(PARTS[name]) for name in names if getattr(one, name) != getattr(first, name)))


@require_POST
def track(request: HttpRequest, ref: str, post_id: UUID) -> HttpResponse:
    """Make the author of a post a tracked account; with a question in the address, back to the page that asks it."""
    case = get_case(request.user, ref)
    row = get_post(request.user, case, post_id)
    account, added = track_account(actor=request.user, case=case, platform=row.platform, account=row.account)
    added_words = f"with {added} new observation{'' if added == 1 else 's'}" if added else NOTHING_NEW
    messages.success(request, f"Tracked, {added_words}.")
    if request.GET:
        return redirect(f"{reverse('posts:campaign', args=[ref])}?{request.GET.urlencode()}")
    return redirect("cases:account", ref, account.pk)
