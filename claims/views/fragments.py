"""Parts of pages that other rooms fetch: the claims about a subject, the citations of an exhibit."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from cases import subjects
from cases.exceptions import NotVisible
from cases.permissions import Permission, can, permissions_of
from cases.queries import get_case
from claims.models import Citation
from claims.queries import claims_about
from claims.reading import readable
from claims.views import parts
from claims.workflow import EDITABLE
from evidence.queries import get_item

MOST = 200
_DOORS = {
    "account": subjects.get_account,
    "person": subjects.get_person,
    "organisation": subjects.get_organisation,
}


@require_GET
def about(request: HttpRequest, ref: str, kind: str, subject_id: UUID) -> HttpResponse:
    """The claims that name an account, a person or an organisation."""
    case = get_case(request.user, ref)
    if kind not in _DOORS:
        raise NotVisible("There is no such kind of subject.")
    subject = _DOORS[kind](request.user, case, subject_id)
    context = {
        "case": case,
        "rows": parts.rows(list(claims_about(subject)[:MOST])),
        "may_write": can(request.user, case, Permission.CLAIM_WRITE),
        "create_url": reverse("claims:create", args=[case.ref]),
    }
    return render(request, "claims/about.html", context)


@require_GET
def of_exhibit(request: HttpRequest, ref: str, exhibit: int) -> HttpResponse:
    """The citations that point into an exhibit, claim by claim."""
    item = get_item(request.user, ref, exhibit)
    rights = permissions_of(request.user, item.case)
    rows = Citation.objects.filter(item=item).select_related("case", "item", "version__claim", "version__case")
    citations = readable(request.user, rows.order_by("start", "version__claim__number")[:MOST])
    context = {
        "case": item.case,
        "item": item,
        "citations": citations,
        "may_write": Permission.CLAIM_WRITE in rights,
        "cite_url": reverse("claims:cite", args=[item.case.ref, item.exhibit]),
        "editable": EDITABLE,
    }
    return render(request, "claims/of_exhibit.html", context)
