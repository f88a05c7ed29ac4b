"""Time stamps by an outside authority (RFC 3161): proof that a checkpoint, and all before it, existed at that time.

Asked for at each publication and at least once a day, by a job: nothing waits for the authority. AUDIT_TSA_URL names
it, AUDIT_TSA_ROOTS a PEM file with the certificates that its signature must lead to.
"""

import hashlib
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.client import HTTPException
from pathlib import Path

from cryptography.x509 import Certificate, load_pem_x509_certificates
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from audit import log
from audit.exceptions import NotStamped
from audit.models import Checkpoint, TimeStamp

SHA256_OID = "2.16.840.1.101.3.4.2.1"
SECONDS = 10
MAX_RESPONSE = 65_535
EVERY = timedelta(hours=24)
LATE = timedelta(hours=26)
# Beyond this, one of the two clocks is wrong.
SKEW = timedelta(minutes=1)
RELEASES = ("publication_made", "dossier_sealed")
# How far back a release that the authority missed is looked for.
LOOK_BACK = 100_000

# The first checkpoint that covers each release is the one that its dossier carries.
_RELEASED = """
    SELECT DISTINCT (SELECT min(c.size) FROM audit_checkpoint c WHERE c.size > l.idx)
    FROM audit_event e JOIN audit_leaf l ON l.id = e.id
    WHERE e.id > (SELECT coalesce(max(id), 0) - %s FROM audit_event) AND e.action = ANY(%s)"""


def is_wanted() -> bool:
    return bool(settings.AUDIT_TSA_URL)


def stamp_due() -> int:
    """Have every checkpoint stamped that needs it and return how many; raise NotStamped at the first failure."""
    stamped = 0
    for checkpoint in _due():
        stamp(checkpoint)
        stamped += 1
    return stamped


def anything_due() -> bool:
    return next(_due(), None) is not None


def stamp(checkpoint: Checkpoint) -> TimeStamp:
    """Ask the authority for a time stamp, verify it and keep it; raise NotStamped when there is none to keep."""
    note = checkpoint.note.encode()
    request = TimestampRequestBuilder(data=note, hash_algorithm=HashAlgorithm.SHA256).build()
    asked_at = timezone.now()
    data = _ask(settings.AUDIT_TSA_URL, request.as_bytes())
    response = check_response(note, data, roots=read_roots(), request=request)
    stamped_at = response.tst_info.gen_time
    with transaction.atomic():
        row, made = TimeStamp.objects.get_or_create(
            checkpoint=checkpoint,
            defaults={"response": data, "stamped_at": stamped_at, "authority": settings.AUDIT_TSA_URL},
        )
        if made and not asked_at - SKEW <= stamped_at <= timezone.now() + SKEW:
            _record_skew(checkpoint, asked_at, stamped_at)
    return row


def check_response(
    note: bytes, data: bytes, *, roots: list[Certificate], request: TimeStampRequest | None = None
) -> TimeStampResponse:
    """Return the response that `data` holds when it stamps `note`; raise NotStamped otherwise.

    Its signature is checked where `roots` are given, its nonce where the `request` is.
    """
    try:
        response = decode_timestamp_response(data)
        if response.status != 0:
            raise NotStamped(f"the authority refused: {', '.join(response.status_string) or response.status}")
        imprint = response.tst_info.message_imprint
        if imprint.hash_algorithm.dotted_string != SHA256_OID or imprint.message != hashlib.sha256(note).digest():
            raise NotStamped("the time stamp is of something else than this checkpoint")
        if roots:
            builder = VerifierBuilder.from_request(request) if request else VerifierBuilder()
            for root in roots:
                builder = builder.add_root_certificate(root)
            builder.build().verify_message(response, note)
    except (ValueError, VerificationError) as error:
        raise NotStamped(f"the time stamp does not hold: {error}") from error
    return response


def read_roots() -> list[Certificate]:
    """Return the certificates of AUDIT_TSA_ROOTS, none where it is not set; raise NotStamped when it cannot be read."""
    if not settings.AUDIT_TSA_ROOTS:
        return []
    try:
        return load_pem_x509_certificates(Path(settings.AUDIT_TSA_ROOTS).read_bytes())
    except (OSError, ValueError) as error:
        raise NotStamped(f"AUDIT_TSA_ROOTS cannot be read: {error}") from error


def is_late(now: datetime) -> bool:
    """Whether an authority is named, the log has entries, and none of its checkpoints was stamped for over a day."""
    if not is_wanted():
        return False
    oldest = Checkpoint.objects.order_by("size").first()
    newest = TimeStamp.objects.order_by("-pk").first()
    since = newest.stamped_at if newest else oldest and oldest.published_at
    return since is not None and now - since > LATE


def _due() -> Iterator[Checkpoint]:
    """The checkpoints of releases, and the newest one when the last stamp is a day old."""
    with connection.cursor() as cursor:
        cursor.execute(_RELEASED, [LOOK_BACK, list(RELEASES)])
        sizes = [size for (size,) in cursor.fetchall() if size]
    yield from Checkpoint.objects.filter(size__in=sizes, time_stamp__isnull=True).order_by("size")
    newest = Checkpoint.objects.order_by("-size").first()
    recent = TimeStamp.objects.filter(stamped_at__gt=timezone.now() - EVERY).exists()
    if newest and not recent and not TimeStamp.objects.filter(pk=newest.pk).exists():
        yield newest


def _ask(url: str, request: bytes) -> bytes:
    query = urllib.request.Request(url, request, {"Content-Type": "application/timestamp-query"})  # noqa: S310
    try:
        with urllib.request.urlopen(query, timeout=SECONDS) as answer:  # noqa: S310 - the settings refuse other schemes
            data = answer.read(MAX_RESPONSE + 1)
    except (OSError, HTTPException, ValueError) as error:
        raise NotStamped(f"the time-stamp authority cannot be reached: {error}") from error
    if len(data) > MAX_RESPONSE:
        raise NotStamped("the authority's answer is longer than a time stamp can be")
    return data


def _record_skew(checkpoint: Checkpoint, asked_at: datetime, stamped_at: datetime) -> None:
    log.record(
        actor="system:time_stamps",
        action="clock_skew_found",
        obj=f"checkpoint:{checkpoint.pk}",
        after={"own_clock": log.format_time(asked_at), "authority": log.format_time(stamped_at)},
        reason="the clock of this server and that of the time-stamp authority differ by more than a minute",
    )
