"""Decoys: cases that nobody has reason to open, so that whoever asks for one shows themselves (A87).

Which cases are decoys stands in the setting DECOY_CASES and not in the database, where an intruder could read it. The
answer is the one that any case gives, and takes one event longer, as every refusal does.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse

from audit import log
from cases.history import actor_string

logger = logging.getLogger("caseapp.decoys")


class DecoyMiddleware:
    """Puts every request of a person or their token for a decoy on record, whatever it was answered, and warns."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.decoys = {ref.casefold() for ref in settings.DECOY_CASES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        ref = str(match.kwargs.get("ref", "")) if match else ""
        if ref.casefold() in self.decoys and request.user.is_authenticated:
            _record(request, ref, response.status_code)
        return response


def _record(request: Any, ref: str, status: int) -> None:
    told = {"case": ref, "method": request.method, "path": request.path[:500], "status": status}
    actor = actor_string(request.user)
    logger.warning("decoy case %s was asked for by %s", ref, actor)
    try:
        with transaction.atomic():
            log.record(actor=actor, action="decoy_touched", obj=f"user:{request.user.pk}", after=told)
    except DatabaseError:
        logger.exception("asking for a decoy could not be recorded")
