"""An account found in posts becomes a tracked account of the case, with what the files saw of it as observations."""

from django.db import transaction
from django.utils import timezone

from cases import permissions
from cases.actions.accounts import Seen, create_account, record_observation
from cases.enums import Platform
from cases.exceptions import InvalidInput, NotVisible
from cases.history import record
from cases.models import Account, Case, Observation, User
from cases.permissions import Permission
from posts.models import AuthorSnapshot
from posts.queries import snapshots_of

MOST_OBSERVATIONS = 200
NO_ID = "The export names it by its handle only."


@transaction.atomic
def track_account(*, actor: User, case: Case, platform: str, account: str) -> tuple[Account, int]:
    """Record the account, unless the case has it, and add the profiles that it has not; returns how many were added.

    A profile without a date is no observation; one with the same words as the one before it adds nothing. Raises
    NotVisible where no file shows the account.
    """
    permissions.check(actor, case, Permission.SUBJECT_WRITE)
    snapshots = list(snapshots_of(actor, case, platform, account))
    if not snapshots:
        raise NotVisible("No file of this case shows this account.")
    tracked = _found(case, snapshots[-1]) or _created(actor, case, snapshots)
    added = 0
    for snapshot in _changed(snapshots)[-MOST_OBSERVATIONS:]:
        added += _observe(actor, tracked, snapshot)
    record(actor, "account_tracked", tracked, after={"account": account[:500], "observations": added})
    return tracked, added


def _found(case: Case, snapshot: AuthorSnapshot) -> Account | None:
    if not snapshot.author_id:
        return None
    rows = Account.objects.filter(case=case, platform=_platform(snapshot), platform_user_id=snapshot.author_id)
    return rows.filter(merged_into=None).first()


def _created(actor: User, case: Case, snapshots: list[AuthorSnapshot]) -> Account:
    last = snapshots[-1]
    if len(last.author_id) > 100:
        raise InvalidInput("The platform's id is longer than 100 characters.", field="account")
    made = [one.created_at for one in snapshots if one.created_at and one.created_at <= timezone.now()]
    return create_account(
        actor=actor,
        case=case,
        platform=_platform(last),
        platform_user_id=last.author_id,
        id_unknown_reason="" if last.author_id else NO_ID,
        created_at_platform=min(made) if made else None,
    )


def _changed(snapshots: list[AuthorSnapshot]) -> list[AuthorSnapshot]:
    """The dated ones that say something else than the one before."""
    kept: list[AuthorSnapshot] = []
    for one in snapshots:
        if one.first_seen_at and (not kept or _words(kept[-1]) != _words(one)):
            kept.append(one)
    return kept


def _words(one: AuthorSnapshot) -> tuple:
    return (one.handle, one.display_name, one.bio, one.location)


def _observe(actor: User, account: Account, snapshot: AuthorSnapshot) -> int:
    declared = snapshot.location if snapshot.location_source == "declared" else ""
    item = snapshot.dataset.item
    known = Observation.objects.filter(account=account, observed_at=snapshot.first_seen_at, evidence_item=item.pk)
    if snapshot.first_seen_at is None or snapshot.first_seen_at > timezone.now() or known.exists():
        return 0
    seen = Seen(
        observed_at=snapshot.first_seen_at,
        handle=snapshot.handle[:100],
        display_name=snapshot.display_name[:300],
        bio=snapshot.bio,
        location=declared[:300],
        followers=snapshot.followers if (snapshot.followers or 0) >= 0 else None,
        following=snapshot.following if (snapshot.following or 0) >= 0 else None,
        evidence_item=item.pk,
        note=f"As {snapshot.dataset.label} shows it.",
    )
    record_observation(actor=actor, account=account, seen=seen)
    return 1


def _platform(snapshot: AuthorSnapshot) -> str:
    return snapshot.platform if snapshot.platform in Platform.values else Platform.OTHER
