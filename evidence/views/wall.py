"""The evidence wall: all exhibits of a case, narrowed, ordered, exported; and what is damaged."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from cases.actions.exports import record_export
from cases.csv import csv_response
from cases.listing import sort_of
from cases.models import Case
from cases.paging import keyset_page
from cases.permissions import Permission, permissions_of
from cases.queries import get_case
from evidence import queries
from evidence.actions.fixity import start_case_check
from evidence.cards import cards_of
from evidence.filters import ItemFilter
from evidence.forms import ItemFilterForm, date_text
from evidence.models import Item

ORDERS = {"exhibit": "exhibit", "published": "published_at", "title": "title"}
PAGE = 48
WORDS = ("title__icontains", "author__icontains", "publisher__icontains", "file_name__icontains")
HEADER = "exhibit,kind,state,title,author,publisher,published,address,source,grade,captured_at,collector,sha256,bytes,media_type,fixity".split(  # noqa: E501, SIM905
    ","
)


@require_GET
def wall(request: HttpRequest, ref: str) -> HttpResponse:
    """One page of cards."""
    case = get_case(request.user, ref)
    form = ItemFilterForm(request.GET)
    rows = _narrowed(request, case, form)
    order = sort_of(request, ORDERS, "-exhibit", name="order")
    page = keyset_page(rows, order=order, cursor=request.GET.get("cursor", ""), size=PAGE)
    rights = permissions_of(request.user, case)
    context = {
        "case": case,
        "nav": "evidence",
        "form": form,
        "page": page,
        "cards": cards_of(page.rows),
        "count": rows.count(),
        "filtered": any(value for name, value in request.GET.items() if name not in ("order", "cursor")),
        "damaged": list(queries.damaged_items(request.user, case)[:20]),
        "may_log": Permission.EVIDENCE_LOG in rights,
        "may_verify": Permission.EVIDENCE_VERIFY in rights,
        "may_export": Permission.EXPORT in rights,
    }
    return render(request, "evidence/wall.html", context)


@require_GET
def wall_csv(request: HttpRequest, ref: str) -> HttpResponseBase:
    """The same rows as CSV; taking them out of the house is an event."""
    case = get_case(request.user, ref)
    rows = _narrowed(request, case, ItemFilterForm(request.GET)).order_by("exhibit")
    record_export(actor=request.user, case=case, what="evidence", filters=request.GET.urlencode())
    name = f"{case.ref}-evidence-{timezone.now():%Y%m%d}.csv"
    return csv_response(name, HEADER, (_line(item) for item in rows.iterator(chunk_size=500)))


@require_GET
def damage(request: HttpRequest, ref: str) -> HttpResponse:
    """The banner of damaged originals, as a fragment for the case's other pages; empty when all is well."""
    case = get_case(request.user, ref)
    damaged = list(queries.damaged_items(request.user, case)[:20])
    return render(request, "evidence/parts/damage.html", {"case": case, "damaged": damaged})


@require_POST
def check_case(request: HttpRequest, ref: str) -> HttpResponse:
    """Queue a fixity check of every original of the case."""
    start_case_check(actor=request.user, case=get_case(request.user, ref))
    return redirect("evidence:list", ref)


def _narrowed(request: HttpRequest, case: Case, form: ItemFilterForm) -> QuerySet[Item]:
    rows = queries.items_of(request.user, case)
    if not form.is_valid():
        return rows.none()
    rows = ItemFilter(request.GET, queryset=rows).qs
    for word in form.cleaned_data["q"].replace("\0", "").split()[:10]:
        rows = rows.filter(Q.create([(name, word) for name in WORDS], connector=Q.OR))
    return rows


def _line(item: Item) -> Iterable[object]:
    blob, source = item.blob, item.source
    return (
        f"E-{item.exhibit}",
        item.kind,
        item.state,
        item.title,
        item.author,
        item.publisher,
        date_text(item),
        item.original_url,
        source.name if source else "",
        source.reliability if source else "",
        item.captured_at.isoformat(),
        item.collector.username,
        blob.sha256 if blob else "",
        blob.size if blob else "",
        blob.media_type if blob else "",
        blob.fixity if blob else "",
    )
