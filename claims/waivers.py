"""Exceptions of the gate's rules that stand now: each for exactly one content, the newest decision on each rule."""

from collections.abc import Sequence

from django.db.models import F

from claims.models import ClaimVersion, GateException


def standing_exceptions(versions: Sequence[ClaimVersion]) -> list[GateException]:
    """What editors let stand for the content that `versions` have now; one query for all."""
    rows = GateException.objects.filter(version__in=versions, content_sha256=F("version__content_sha256"))
    newest = {(row.version_id, row.rule): row for row in rows.order_by("decided_at", "pk")}
    return [row for row in newest.values() if row.granted]
