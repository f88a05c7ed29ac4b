"""Originals from an origin of their own, EVIDENCE_ORIGIN: no session, no page, nothing to attack (AUDIT 3, A54)."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from audit.context import current
from cases.exceptions import CaseworkError
from cases.row_security import set_actor
from evidence.actions.reading import redeem_ticket, ticket_owner
from evidence.serving import original_response

URLCONF = "evidence.origin_urls"
NOTHING = "There is nothing here. Ask for the download again on the exhibit's page."


def holder() -> str:
    """What ties a ticket to the browser that asked: its address, because its cookies do not come here."""
    return f"address:{current().ip_hash}"


def address_of(token: str) -> str:
    """Where a ticket is redeemed."""
    return settings.EVIDENCE_ORIGIN + reverse("fetch", urlconf=URLCONF, args=[token])


@login_not_required
@transaction.non_atomic_requests
@require_GET
def fetch(request: HttpRequest, token: str) -> HttpResponseBase:
    """The original, once, for whoever the ticket was made for, from the address it was asked from."""
    try:
        owner = ticket_owner(token)
        # The request is nobody's; RowSecurityMiddleware gives the connection back.
        set_actor(str(owner.pk))
        return original_response(owner, redeem_ticket(actor=owner, token=token, holder=holder()))
    except CaseworkError:
        return nothing(request)


def nothing(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """Every other address, and every refusal: plain words, since no page of the application lives here."""
    return HttpResponse(NOTHING, status=404, content_type="text/plain; charset=utf-8")
