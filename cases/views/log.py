"""What the whole world may know of the audit log: its newest checkpoint, and the keys that sign. Nobody signs in."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from audit import keys
from audit.exceptions import BadKey
from audit.queries import latest_checkpoint
from cases.exceptions import NotVisible

# Readers poll; whoever keeps a copy should not get an old one for long.
CACHED = "public, max-age=30"


@login_not_required
@require_GET
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The newest checkpoint, a C2SP signed note: how many entries the log has, and their root."""
    newest = latest_checkpoint()
    if newest is None:
        raise NotVisible
    return _text(newest.note)


@login_not_required
@require_GET
def verifier_keys(request: HttpRequest) -> HttpResponse:
    """The verifier keys of this log, the oldest first; the last one is in use."""
    try:
        vkeys = keys.trusted_vkeys()
    except BadKey as error:
        raise NotVisible from error
    return _text("".join(f"{vkey}\n" for vkey in vkeys))


def _text(content: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = CACHED
    return response
