"""`Idempotency-Key`: a request delivered many times has one effect and one answer (AUDIT 3b)."""

import hashlib
import json
from collections.abc import Callable, Collection

from django.db import transaction
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from cases.exceptions import CaseworkError, InvalidInput, KeyReused
from cases.models import IdempotencyKey

HEADER = "Idempotency-Key"
MAX_KEY = 255
KEPT_HEADERS = ("ETag", "Location")


def once(
    request: Request, handler: Callable[[], Response], *, forget: Collection[str] = (), keep_refusals: bool = False
) -> Response:
    """Run `handler` and keep its answer with its effect, or give the kept answer.

    The second of two simultaneous deliveries waits for the first at the unique key. A refused request keeps nothing,
    so that it may be sent again; `keep_refusals` is for resources that write down what they refused. Fields in
    `forget` are secrets, which are not kept. Raises KeyReused when the key came with another request before.
    """
    key = _key(request)
    digest = request_sha256(request)
    with transaction.atomic():
        kept = _claim(request, key, digest)
        if kept.status is not None:
            return _replay(kept)
        try:
            response = handler()
        except CaseworkError as error:
            if not keep_refusals:
                raise
            IdempotencyKey.objects.filter(pk=kept.pk).delete()
            refusal = error
        else:
            _keep(kept, response, forget)
            return response
    raise refusal


def _claim(request: Request, key: str, digest: str) -> IdempotencyKey:
    row = IdempotencyKey(user=request.user, key=key, request_sha256=digest)
    IdempotencyKey.objects.bulk_create([row], ignore_conflicts=True)
    kept = IdempotencyKey.objects.get(user=request.user, key=key)
    if kept.request_sha256 != digest:
        raise KeyReused(f"This {HEADER} was used for another request; make a new one.")
    return kept


def request_sha256(request: Request) -> str:
    """A digest of method, path and content; files are read in chunks."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type and request.content_type.startswith("multipart/"):
        for name, values in sorted(request.data.lists()):
            for value in values:
                digest.update(json.dumps([name, getattr(value, "name", value)], default=str).encode())
                for chunk in value.chunks() if hasattr(value, "chunks") else ():
                    digest.update(chunk)
                if hasattr(value, "seek"):
                    value.seek(0)
    else:
        digest.update(request.body)
    return digest.hexdigest()


def _key(request: Request) -> str:
    key = request.headers[HEADER]
    if not 0 < len(key) <= MAX_KEY or not key.isascii() or not key.isprintable():
        raise InvalidInput(f"{HEADER} must be 1 to {MAX_KEY} printable ASCII characters.", field=HEADER)
    return key


def _keep(row: IdempotencyKey, response: Response, forget: Collection[str]) -> None:
    row.status = response.status_code
    row.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    data = {name: value for name, value in response.data.items() if name not in forget} if forget else response.data
    row.body = JSONRenderer().render(data).decode()
    IdempotencyKey.objects.filter(pk=row.pk).update(status=row.status, headers=row.headers, body=row.body)


def _replay(row: IdempotencyKey) -> Response:
    data = json.loads(row.body) if row.body else None
    return Response(data, status=row.status, headers=row.headers | {"Idempotency-Replayed": "true"})
