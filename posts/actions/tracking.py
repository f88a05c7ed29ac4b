"""An account found in posts becomes a tracked account of the case, with what the files saw of it as observations."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from cases import permissions
from cases.actions.accounts import Seen, create_account, record_observation
from cases.enums import Platform
from cases.exceptions import InvalidInput, NotVisible
from cases.handles import handle_key
from cases.history import record
from cases.models import Account, Case, Observation, User
from cases.permissions import Permission
from cases.subjects import holders_of
from posts.identity import user_of
from posts.models import AuthorSnapshot
from posts.queries import snapshots_of

MOST_OBSERVATIONS = 200
NO_ID = "The export names it by its handle only."
OF_ANOTHER_SERVER = "The export shows it from another server, which does not know its id."


@transaction.atomic
def track_account(*, actor: User, case: Case, platform: str, account: str) -> tuple[Account, int]:
    """Record the account, unless the case has it, and add the profiles that it has not; returns how many were added.

    A profile without a date is no observation, but for an account without an id; one with the same words as the one
    before it adds nothing. Raises NotVisible where no file shows the account.
    """
    permissions.check(actor, case, Permission.SUBJECT_WRITE)
    snapshots = list(snapshots_of(actor, case, platform, account))
    if not snapshots:
        raise NotVisible("No file of this case shows this account.")
    known = _found(case, snapshots[-1])
    tracked = known or _created(actor, case, snapshots)
    dated = [(one, one.first_seen_at) for one in _changed(snapshots)[-MOST_OBSERVATIONS:]]
    if not dated and not known and not tracked.platform_user_id:
        # Without an id its name is all there is of it: seen at the latest when the file was read.
        dated = [(snapshots[-1], snapshots[-1].dataset.created_at)]
    added = sum(_observe(actor, tracked, snapshot, at) for snapshot, at in dated)
    record(actor, "account_tracked", tracked, after={"account": account[:500], "observations": added})
    return tracked, added


def _found(case: Case, snapshot: AuthorSnapshot) -> Account | None:
    platform = _platform(snapshot)
    user_id, server = user_of(platform, snapshot.account)
    if not user_id:
        # An account with an id is never taken for this one: handles pass from one holder to the next.
        holders = holders_of(case, platform, server, handle_key(platform, _name(snapshot)))
        return holders.filter(platform_user_id="").first()
    rows = Account.objects.filter(case=case, platform=platform, platform_user_id=user_id, instance=server)
    return rows.filter(merged_into=None).first()


def _name(snapshot: AuthorSnapshot) -> str:
    return snapshot.handle.removeprefix("@").partition("@")[0]


def _created(actor: User, case: Case, snapshots: list[AuthorSnapshot]) -> Account:
    last = snapshots[-1]
    user_id, server = user_of(_platform(last), last.account)
    if len(user_id) > 100:
        raise InvalidInput("The platform's id is longer than 100 characters.", field="account")
    made = [one.created_at for one in snapshots if one.created_at and one.created_at <= timezone.now()]
    return create_account(
        actor=actor,
        case=case,
        platform=_platform(last),
        platform_user_id=user_id,
        instance=server,
        id_unknown_reason="" if user_id else OF_ANOTHER_SERVER if server else NO_ID,
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


def _observe(actor: User, account: Account, snapshot: AuthorSnapshot, at: datetime) -> int:
    declared = snapshot.location if snapshot.location_source == "declared" else ""
    item = snapshot.dataset.item
    known = Observation.objects.filter(account=account, observed_at=at, evidence_item=item.pk)
    if at > timezone.now() or known.exists():
        return 0
    seen = Seen(
        observed_at=at,
        handle=snapshot.handle[:100],
        display_name=snapshot.display_name[:300],
        bio=snapshot.bio,
        location=declared[:300],
        followers=snapshot.followers if (snapshot.followers or 0) >= 0 else None,
        following=snapshot.following if (snapshot.following or 0) >= 0 else None,
        evidence_item=item.pk,
        note=f"As {snapshot.dataset.label} shows it{'' if snapshot.first_seen_at else ', which does not say when'}.",
    )
    record_observation(actor=actor, account=account, seen=seen)
    return 1


def _platform(snapshot: AuthorSnapshot) -> str:
    return snapshot.platform if snapshot.platform in Platform.values else Platform.OTHER
