"""Pages that belong to no room."""

import psycopg
from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static

# A load balancer asks again soon; whoever waits longer for one of the pool's connections serves nobody meanwhile.
HEALTH_SECONDS = 0.5


# Outside a transaction: opening one would wait for a connection as long as pages may.
@login_not_required
@transaction.non_atomic_requests
def healthz(request: HttpRequest) -> HttpResponse:
    """For a load balancer: 200 while the database answers, 503 while it does not or all connections are taken.

    It tells nothing else.
    """
    try:
        _ask_database()
    except (OperationalError, psycopg.OperationalError):
        return HttpResponse("unavailable\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def _ask_database() -> None:
    pool = connection.pool
    # A signed-in person's request holds a connection already.
    if pool is None or connection.connection is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return
    pool.open()
    with pool.connection(timeout=HEALTH_SECONDS) as taken:
        taken.execute("SELECT 1")


@login_not_required
def favicon(request: HttpRequest) -> HttpResponse:
    """Where our mark is, for what asks at the old place without reading the page: Chromium at times, feed readers."""
    return HttpResponseRedirect(static("img/mark.svg"))
