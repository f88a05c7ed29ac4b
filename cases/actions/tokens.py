"""API tokens: made at the screen, shown once, stored as a hash, revoked for good."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cases import history, permissions, queries
from cases.enums import TokenScope
from cases.exceptions import InvalidInput
from cases.models import ApiToken, User
from cases.validation import check_fields

PREFIX = "ca_"
# Writing the time of use at every request would make each read a write.
USE_IS_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_token(
    *, actor: User, name: str, scopes: Collection[str], expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A new token of `actor`'s own and its secret, which is never shown again.

    Raises InvalidInput for no or unknown scopes and for an expiry in the past. Tokens cannot make tokens.
    """
    permissions.check_signed_in(actor)
    wanted = [scope.value for scope in TokenScope if scope.value in set(scopes)]
    if not wanted or set(scopes) - set(wanted):
        raise InvalidInput("Choose at least one of the scopes.", field="scopes")
    if expires_at is not None and expires_at <= timezone.now():
        raise InvalidInput("The expiry must be in the future.", field="expires_at")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        owner=actor,
        name=name.strip(),
        prefix=secret[:8],
        secret_sha256=hash_secret(secret),
        scopes=wanted,
        expires_at=expires_at,
    )
    check_fields(token, exclude={"owner"})
    token.save(force_insert=True)
    after = {"name": token.name, "scopes": wanted, "expires_at": expires_at.isoformat() if expires_at else None}
    history.record(actor, "token_created", token, after=after)
    return token, secret


@transaction.atomic
def revoke_token(*, actor: User, token_id: UUID) -> ApiToken:
    """End a token; doing it again changes nothing."""
    token = queries.get_token(actor, token_id, for_update=True)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        history.record(actor, "token_revoked", token, before={"name": token.name})
    return token


def use_token(secret: str) -> ApiToken | None:
    """The live token with this secret, its owner loaded and active; None for anything else."""
    token = ApiToken.objects.select_related("owner").filter(secret_sha256=hash_secret(secret)).first()
    now = timezone.now()
    if token is None or token.revoked_at is not None or not token.owner.is_active:
        return None
    if token.expires_at is not None and token.expires_at <= now:
        return None
    if token.last_used_at is None or now - token.last_used_at > USE_IS_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def hash_secret(secret: str) -> str:
    """Secrets are 256 random bits, so one round of SHA-256 cannot be guessed back."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
