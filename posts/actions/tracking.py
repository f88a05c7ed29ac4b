"""An account found in posts becomes a tracked account of the case, with what the files saw of it as observations."""

from django.db import transaction
from django.utils import timezone

from cases import handles, permissions
from cases.actions.accounts import Seen, create_account, record_observation
from cases.enums import BY, Platform, Precision
from cases.exceptions import InvalidInput, NotVisible
from cases.handles import handle_key
from cases.history import record
from cases.models import Account, Case, User
from cases.permissions import Permission
from cases.status import period
from cases.subjects import holders_of, observations_of
from posts.identity import id_of, quoted_id, tracked_under
from posts.models import AuthorSnapshot
from posts.queries import snapshots_of

MOST_OBSERVATIONS = 200
NO_ID = "The export names it by its handle only."
OF_ANOTHER_SERVER = "The export shows it from another server, which does not know its id."
NOT_ITS_ID = "The export calls it “{name}”, which cannot be an id of this platform: ids are hashed in some exports."
UNDATED = ", which does not say when: by the time of the import"


@transaction.atomic
def track_account(*, actor: User, case: Case, platform: str, account: str) -> tuple[Account, int]:
    """Record the account, unless the case has it, and add the profiles that it has not; returns how many were added.

    A profile without a date was seen by the time of its import, which the observation says; one with the same words as
    another adds nothing. A name that can be no id of the platform stands in every observation, by which the account is
    found again. Raises NotVisible where no file shows the account.
    """
    permissions.check(actor, case, Permission.SUBJECT_WRITE)
    snapshots = list(snapshots_of(actor, case, platform, account))
    if not snapshots:
        raise NotVisible("No file of this case shows this account.")
    tracked = _found(case, snapshots[-1]) or _created(actor, case, snapshots)
    added = sum(_observe(actor, tracked, snapshot) for snapshot in _telling(snapshots)[-MOST_OBSERVATIONS:])
    record(actor, "account_tracked", tracked, after={"account": account[:500], "observations": added})
    return tracked, added


def _found(case: Case, snapshot: AuthorSnapshot) -> Account | None:
    platform = _platform(snapshot)
    user_id, server = id_of(platform, snapshot.account)
    if user_id:
        rows = Account.objects.filter(case=case, platform=platform, platform_user_id=user_id, instance=server)
        return rows.filter(merged_into=None).first()
    if quoted_id(platform, snapshot.account):
        return tracked_under(case, platform, [snapshot.account]).get(snapshot.account)
    # An account with an id is never taken for this one: handles pass from one holder to the next.
    holders = holders_of(case, platform, server, handle_key(platform, _name(snapshot)))
    return holders.filter(platform_user_id="").first()


def _name(snapshot: AuthorSnapshot) -> str:
    return snapshot.handle.removeprefix("@").partition("@")[0]


def _created(actor: User, case: Case, snapshots: list[AuthorSnapshot]) -> Account:
    last = snapshots[-1]
    user_id, server = id_of(_platform(last), last.account)
    made = [one.created_at for one in snapshots if one.created_at and one.created_at <= timezone.now()]
    return create_account(
        actor=actor,
        case=case,
        platform=_platform(last),
        platform_user_id=user_id,
        instance=server,
        id_unknown_reason="" if user_id else _why_unknown(last, server),
        created_at_platform=min(made) if made else None,
    )


def _why_unknown(snapshot: AuthorSnapshot, server: str) -> str:
    if quoted_id(_platform(snapshot), snapshot.account):
        return NOT_ITS_ID.format(name=snapshot.account[:150])
    return OF_ANOTHER_SERVER if server else NO_ID


def _telling(snapshots: list[AuthorSnapshot]) -> list[AuthorSnapshot]:
    """Those that say something else: than the dated one before, and of the undated, which come first, than any."""
    dated: list[AuthorSnapshot] = []
    for one in snapshots:
        if one.first_seen_at and (not dated or _words(dated[-1]) != _words(one)):
            dated.append(one)
    told = {_words(one) for one in dated}
    undated = {_words(one): one for one in reversed(snapshots) if not one.first_seen_at and _words(one) not in told}
    return [*undated.values(), *dated]


def _words(one: AuthorSnapshot) -> tuple:
    return (one.handle, one.display_name, one.bio, one.location)


def _observe(actor: User, account: Account, snapshot: AuthorSnapshot) -> int:
    seen = _seen(account, snapshot)
    if seen.observed_at > timezone.now() or _is_known(account, seen):
        return 0
    record_observation(actor=actor, account=account, seen=seen)
    return 1


def _seen(account: Account, snapshot: AuthorSnapshot) -> Seen:
    declared = snapshot.location if snapshot.location_source == "declared" else ""
    handle = _handle(account, snapshot)
    return Seen(
        observed_at=snapshot.first_seen_at or snapshot.dataset.created_at,
        observed_precision=Precision.SECOND if snapshot.first_seen_at else BY,
        handle=handle,
        display_name=snapshot.display_name[:300].strip(),
        bio=snapshot.bio.strip(),
        location=declared[:300].strip(),
        followers=snapshot.followers if (snapshot.followers or 0) >= 0 else None,
        following=snapshot.following if (snapshot.following or 0) >= 0 else None,
        evidence_item=snapshot.dataset.item.pk,
        note=_note(snapshot, is_handle_told=bool(handle)),
    )


def _note(snapshot: AuthorSnapshot, *, is_handle_told: bool) -> str:
    """What the fields of an observation have no room for: a name that is no id, and one that is no handle."""
    named = quoted_id(_platform(snapshot), snapshot.account)
    handle = "" if is_handle_told or not snapshot.handle else f" and the handle “{snapshot.handle}”"
    return f"As {snapshot.dataset.label} shows it{named}{handle}{'' if snapshot.first_seen_at else UNDATED}."


def _handle(account: Account, snapshot: AuthorSnapshot) -> str:
    """The handle on the account's own server, where its platform can have such a one: exports hash handles too."""
    handle = snapshot.handle.removesuffix(f"@{account.instance}")[:100]
    where = f"@{account.instance}" if account.platform == Platform.MASTODON and "@" not in handle.lstrip("@") else ""
    try:
        handles.parse(f"{handle}{where}", platform=account.platform)
    except InvalidInput:
        return ""
    return handle


def _is_known(account: Account, seen: Seen) -> bool:
    """Whether an earlier click recorded the same of the same file."""
    same = {name: getattr(seen, name) for name in ("evidence_item", "display_name", "bio", "location", "note")}
    start = period(seen.observed_at, Precision.SECOND).start
    key = handle_key(account.platform, seen.handle.removeprefix("@").partition("@")[0])
    return observations_of(account).filter(**same, observed_at=start, handle_key=key).exists()


def _platform(snapshot: AuthorSnapshot) -> str:
    return snapshot.platform if snapshot.platform in Platform.values else Platform.OTHER
