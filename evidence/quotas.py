"""How much one case may hold and one person may bring in, so that nobody fills the store for all others (A46)."""

from django.conf import settings
from django.db.models import QuerySet, Sum

from cases.models import Case, User
from evidence.enums import UploadState
from evidence.exceptions import QuotaExceeded
from evidence.models import Item, Upload


def check_room(actor: User, case: Case, size: int) -> None:
    """Raise QuotaExceeded where `size` more bytes are too many for the case or the person.

    Bytes that several exhibits share count for each of them: a quota must not tell that somebody else has them. What
    an unfinished upload announced counts as if it were there.
    """
    limits = (
        ("This case", settings.CASE_QUOTA_BYTES, {"case": case}, {"case": case}),
        ("You", settings.PERSON_QUOTA_BYTES, {"collector": actor}, {"owner": actor}),
    )
    for who, limit, logged, coming in limits:
        if not limit:
            continue
        used = _sum(Item.objects.filter(**logged), "blob__size")
        used += _sum(Upload.objects.filter(state=UploadState.OPEN, **coming), "size")
        if used + size > limit:
            raise QuotaExceeded(who, used, size, limit)


def _sum(rows: QuerySet, column: str) -> int:
    return rows.aggregate(total=Sum(column))["total"] or 0
