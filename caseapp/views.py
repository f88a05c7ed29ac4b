"""Pages that belong to no room."""

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """For a load balancer: 200 while the database answers, 503 while it does not; it tells nothing else."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return HttpResponse("unavailable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    """Where our mark is, for what asks at the old place without reading the page: Chromium at times, feed readers."""
    return HttpResponseRedirect(static("img/mark.svg"))
