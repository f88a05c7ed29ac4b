"""Opening preserved copies: originals that leave the store, and looks at sensitive evidence, are written down."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import BinaryIO
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.utils import timezone

from cases.exceptions import InvalidInput, NotVisible
from cases.history import record
from cases.models import User
from evidence import custody
from evidence.actions.fixity import open_or_report
from evidence.enums import CustodyAction, Sensitivity
from evidence.models import DownloadTicket, Item
from evidence.permissions import check_read_item
from evidence.queries import get_item_by_id

TICKET_LIFE = timedelta(seconds=60)
SALT = "evidence.download"
MISSING = "There is no such download; ask for it again on the exhibit's page."


@transaction.atomic
def note_look(*, actor: User, item: Item, purpose: str = "Looked at on its page") -> None:
    """Write down that a person looked at a sensitive exhibit; ordinary ones leave no trace of that."""
    check_read_item(actor, item)
    if item.sensitivity == Sensitivity.SENSITIVE:
        _note(actor, item, purpose)


@contextmanager
def original(*, actor: User, item: Item, purpose: str = "Download") -> Iterator[BinaryIO]:
    """The checked bytes of an exhibit. Raises BlobMissing or BlobChanged instead of giving anything else away."""
    check_read_item(actor, item)
    if item.blob_id is None:
        raise InvalidInput("A link has no preserved copy.")
    with open_or_report(actor, item) as stream:
        with transaction.atomic():
            _note(actor, item, purpose)
        yield stream


def _note(actor: User, item: Item, purpose: str) -> None:
    custody.note(item, CustodyAction.READ, actor, purpose=purpose, result_sha256=item.blob_id or "")
    evidence = [item.blob_id] if item.blob_id else []
    record(actor, "item_read", item, after={"purpose": purpose}, evidence=evidence)


@transaction.atomic
def issue_ticket(*, actor: User, item: Item, holder: str) -> str:
    """A signed token that fetches one original once, within a minute.

    `holder` is what only the asking browser has: its session key, or its address where the fetch carries no session.
    """
    check_read_item(actor, item)
    if item.blob_id is None:
        raise InvalidInput("A link has no preserved copy.")
    ticket = DownloadTicket.objects.create(item=item, owner=actor, session_sha256=_hash(holder))
    record(actor, "download_prepared", item, after={"ticket": str(ticket.pk)}, evidence=[item.blob_id])
    return signing.dumps([str(ticket.pk), str(actor.pk)], salt=SALT)


def ticket_owner(token: str) -> User:
    """The person a token was made for, where nobody is signed in; NotVisible for one that is forged or late."""
    owner = User.objects.filter(pk=_read_token(token)[1], is_active=True).first()
    if owner is None:
        raise NotVisible(MISSING)
    return owner


@transaction.atomic
def redeem_ticket(*, actor: User, token: str, holder: str) -> Item:
    """Use a token up and give its item. Used, late, foreign or forged: there is no such download."""
    ticket_id, _ = _read_token(token)
    mine = DownloadTicket.objects.filter(
        pk=ticket_id,
        owner=actor,
        session_sha256=_hash(holder),
        used_at__isnull=True,
        issued_at__gt=timezone.now() - TICKET_LIFE,
    )
    if not mine.update(used_at=timezone.now()):
        raise NotVisible(MISSING)
    ticket = DownloadTicket.objects.get(pk=ticket_id)
    return get_item_by_id(actor, ticket.item_id)


def _read_token(token: str) -> tuple[UUID, UUID]:
    try:
        ticket, owner = signing.loads(token, salt=SALT, max_age=TICKET_LIFE)
        return UUID(ticket), UUID(owner)
    except (signing.BadSignature, ValueError) as error:
        raise NotVisible(MISSING) from error


def _hash(holder: str) -> str:
    return hashlib.sha256(holder.encode()).hexdigest()
