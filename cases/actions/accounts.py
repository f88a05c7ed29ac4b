"""Record accounts and what was seen of them. Observations are added and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cases import exhibits, handles, history, permissions, subjects
from cases.enums import BY, AccountStatus, Platform, Precision
from cases.exceptions import Conflict, Duplicate, InvalidInput
from cases.lookalikes import skeleton
from cases.models import Account, Case, Observation, User
from cases.permissions import Permission
from cases.queries import get_case
from cases.reasons import check_reason, check_size
from cases.status import EARLIEST, period
from cases.validation import check_fields
from cases.versions import check_version
from cases.workflow import check_case_open

EDITABLE = ("platform_user_id", "id_unknown_reason", "instance", "created_at_platform", "note")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What one observation tells.

    `handle` is a handle or the address of the profile; `evidence_item` is an exhibit's id or its number ("E-12").
    """

    observed_at: datetime
    observed_precision: str = "second"
    handle: str = ""
    display_name: str = ""
    bio: str = ""
    location: str = ""
    followers: int | None = None
    following: int | None = None
    status: str = AccountStatus.UNKNOWN
    evidence_item: UUID | str | None = None
    note: str = ""


TELLING = tuple(f.name for f in fields(Seen) if f.name not in {"observed_at", "observed_precision", "evidence_item"})


@transaction.atomic
def create_account(
    *,
    actor: User,
    case: Case,
    platform: str,
    platform_user_id: str = "",
    id_unknown_reason: str = "",
    instance: str = "",
    created_at_platform: datetime | None = None,
    note: str = "",
) -> Account:
    """Record an account by the platform's own id, or with the reason why that is unknown.

    Raises Duplicate, which names the existing account, when the id is in the case already.
    """
    # Twins are looked for under the lock of the case, so that two people cannot record one account at once.
    case = get_case(actor, case.ref, for_update=True)
    permissions.check(actor, case, Permission.SUBJECT_WRITE)
    check_case_open(case)
    if platform not in Platform.values:
        raise InvalidInput("Choose one of the platforms.", field="platform")
    account = Account(
        case=case,
        platform=platform,
        platform_user_id=platform_user_id.strip(),
        id_unknown_reason=id_unknown_reason.strip(),
        instance=instance,
        created_at_platform=created_at_platform,
        note=note,
        created_by=actor,
    )
    _check_account(account)
    account.save(force_insert=True)
    history.record(actor, "account_created", account, after={"platform": platform} | _state(account))
    return account


@transaction.atomic
def create_account_from_handle(
    *,
    actor: User,
    case: Case,
    seen: Seen,
    platform: str = "",
    is_another: bool = False,
    **account_fields: object,
) -> tuple[Account, Observation]:
    """Record an account together with its first observation, from an address or a handle.

    An address may carry the platform's id itself. Without an id, a handle that the case knows already is refused
    unless `is_another` says that its holder is somebody else. Raises Duplicate, InvalidInput.
    """
    found = handles.parse(seen.handle, platform=platform)
    given = {name: value for name, value in account_fields.items() if value}
    if found.platform_user_id:
        _agree(given.setdefault("platform_user_id", found.platform_user_id), found.platform_user_id)
    if found.instance:
        _agree(given.setdefault("instance", found.instance), found.instance)
    case = get_case(actor, case.ref, for_update=True)
    permissions.check(actor, case, Permission.SUBJECT_WRITE)
    if found.key and not given.get("platform_user_id") and not is_another:
        _refuse_known_handle(case, found)
    account = create_account(actor=actor, case=case, platform=found.platform, **given)
    return account, record_observation(actor=actor, account=account, seen=seen)


@transaction.atomic
def update_account(
    *, actor: User, account: Account, expected_version: int, reason: str = "", **changes: object
) -> Account:
    """Change what is known of the account itself; a different platform id for a known one takes a reason.

    Takes platform_user_id, id_unknown_reason, instance, created_at_platform, note. Raises StaleVersion, Duplicate.
    """
    account = _locked(actor, account)
    check_version(account, expected_version)
    if unknown := set(changes) - set(EDITABLE):
        raise InvalidInput("This cannot be changed.", field=min(unknown))
    before = _state(account)
    for name, value in changes.items():
        setattr(account, name, value.strip() if isinstance(value, str) else value)
    _check_account(account)
    after = _state(account)
    if after == before:
        return account
    if before["platform_user_id"] and after["platform_user_id"] != before["platform_user_id"]:
        check_reason(reason, "Say why the platform id changes")
    account.version += 1
    account.save(update_fields=[*EDITABLE, "version"])
    changed = [name for name in EDITABLE if before[name] != after[name]]
    history.record(
        actor,
        "account_changed",
        account,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed} | {"version": account.version},
        reason=reason.strip(),
    )
    return account


@transaction.atomic
def record_observation(*, actor: User, account: Account, seen: Seen) -> Observation:
    """Add what was seen of `account` at one moment, and which exhibit of the case shows it.

    Raises InvalidInput for what cannot have been seen, Conflict for a merged account.
    """
    account = _locked(actor, account)
    observation = Observation(case=account.case, account=account, recorded_by=actor)
    for part in fields(Seen):
        value = getattr(seen, part.name)
        setattr(observation, part.name, value.strip() if isinstance(value, str) else value)
    if observation.evidence_item:
        observation.evidence_item = exhibits.find_item(actor, account.case, str(observation.evidence_item))
    else:
        observation.evidence_item = None
    _check_date(observation)
    given = observation.handle
    observation.handle = _handle_on(account, given)
    observation.handle_key = handles.handle_key(account.platform, observation.handle)
    observation.handle_skeleton = skeleton(observation.handle)
    _check_observation(observation, given)
    observation.save(force_insert=True)
    history.record(actor, "observation_recorded", observation, after=_told(observation))
    return observation


@transaction.atomic
def record_reuse_check(*, actor: User, account: Account, note: str) -> Account:
    """Sign that somebody looked whether the account's handles belonged to other people before or after, and how."""
    account = _locked(actor, account)
    note = note.strip()
    check_reason(note, "Say how it was checked and what was found", field="note")
    before = _reuse(account)
    account.handle_reuse_checked_at = timezone.now()
    account.handle_reuse_checked_by = actor
    account.handle_reuse_note = note
    account.version += 1
    account.save(update_fields=["handle_reuse_checked_at", "handle_reuse_checked_by", "handle_reuse_note", "version"])
    history.record(actor, "account_reuse_checked", account, before=before, after=_reuse(account))
    return account


def _locked(actor: User, account: Account) -> Account:
    account = subjects.reload_locked(actor, account)
    permissions.check(actor, account.case, Permission.SUBJECT_WRITE)
    check_case_open(account.case)
    if account.merged_into_id:
        raise Conflict("This account was merged into another one: work on that one, or undo the merge first.")
    return account


# --- what an account must have


def _check_account(account: Account) -> None:
    account.instance = handles.check_instance(account.platform, account.instance)
    if account.platform_user_id:
        handles.check_user_id(account.platform, account.platform_user_id)
    elif not account.id_unknown_reason:
        raise InvalidInput(
            "Give the platform's own id of the account, or say why it is unknown: handles pass from one holder to"
            " the next, ids do not.",
            field="platform_user_id",
        )
    if account.created_at_platform is not None:
        check_moment(account.created_at_platform, field="created_at_platform")
    check_size(account.note, "note")
    check_fields(account, exclude={"case", "created_by", "merged_into", "merged_by", "handle_reuse_checked_by"})
    if account.platform_user_id:
        _refuse_twin(account)


def _refuse_twin(account: Account) -> None:
    twin = (
        Account.objects.filter(
            case=account.case,
            platform=account.platform,
            instance=account.instance,
            platform_user_id=account.platform_user_id,
        )
        .exclude(pk=account.pk)
        .first()
    )
    if twin:
        raise Duplicate(
            f"{title_of(twin)} has this platform id and is in the case already: record an observation there.",
            existing=twin,
        )


def _refuse_known_handle(case: Case, found: handles.Handle) -> None:
    holder = subjects.holders_of(case, found.platform, found.instance, found.key).first()
    if holder:
        raise Duplicate(
            f"{found} was seen on {title_of(holder)}, which is in the case already: record an observation there, or"
            " give the platform's id if the handle passed to another holder.",
            existing=holder,
        )


def _agree(given: object, found: str) -> None:
    if str(given).strip().lower() != found.lower():
        raise InvalidInput(f"The address says {found}, the form says {given}: one of them is wrong.", field="handle")


def title_of(account: Account) -> str:
    """How people call an account: its last handle seen, its platform and id."""
    last = subjects.observations_of(account).exclude(handle="").newest_first().first()
    name = account.called(last.handle) if last else "An account"
    number = f"id {account.platform_user_id}" if account.platform_user_id else "id unknown"
    return f"{name} ({account.get_platform_display()}, {number})"


# --- what can have been seen


def _handle_on(account: Account, text: str) -> str:
    """The handle in `text`, which may be an address; it must fit the account's platform, server and id."""
    if not text:
        return ""
    if account.platform == Platform.MASTODON and "@" not in text.removeprefix("@") and "/" not in text:
        text = f"@{text.removeprefix('@')}@{account.instance}"
    found = handles.parse(text, platform=account.platform)
    if found.instance and account.instance and found.instance != account.instance:
        raise InvalidInput(f"This account is on {account.instance}, not on {found.instance}.", field="handle")
    if found.platform_user_id and account.platform_user_id and found.platform_user_id != account.platform_user_id:
        raise InvalidInput(
            f"This address has the id {found.platform_user_id}; this account has {account.platform_user_id}. Another"
            " id is another account.",
            field="handle",
        )
    return found.handle


def check_moment(moment: datetime, *, field: str) -> None:
    """Raise InvalidInput for a moment without zone, before 1990 or in the future."""
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise InvalidInput("Give the date with its time zone, e.g. 2024-05-16T12:21:00+04:00.", field=field)
    try:
        in_utc = moment.astimezone(UTC)
    except OverflowError as error:
        raise InvalidInput("This date does not exist in UTC.", field=field) from error
    if in_utc < EARLIEST:
        raise InvalidInput("No account can have been seen before 1990.", field=field)
    if in_utc > timezone.now():
        raise InvalidInput("This date is in the future.", field=field)


def _check_date(observation: Observation) -> None:
    check_moment(observation.observed_at, field="observed_at")
    precision = observation.observed_precision
    if precision not in (*Precision.values, BY):
        raise InvalidInput("The precision is second, day, month, year or by.", field="observed_precision")
    if precision == BY and observation.status != AccountStatus.UNKNOWN:
        raise InvalidInput("A status is what somebody saw on a date: give the date.", field="observed_precision")
    observation.observed_at = period(observation.observed_at, Precision.SECOND if precision == BY else precision).start


def _check_observation(observation: Observation, given: str) -> None:
    check_size(observation.bio, "bio")
    check_size(observation.note, "note")
    check_fields(observation, exclude={"case", "account", "recorded_by"})
    if observation.status == AccountStatus.UNKNOWN and not any(
        getattr(observation, name) not in {"", None} for name in TELLING if name != "status"
    ):
        if given:
            raise InvalidInput(
                "This address names the account by its id alone. Say also what was seen there, such as its status.",
                field="status",
            )
        raise InvalidInput("Say what was seen: a status, a handle, or anything else of the profile.", field="status")


# --- what the log is told


def _state(account: Account) -> dict[str, object]:
    created = account.created_at_platform
    return {name: getattr(account, name) for name in EDITABLE} | {
        "created_at_platform": created.astimezone(UTC).isoformat() if created else None
    }


def _told(observation: Observation) -> dict[str, object]:
    told: Mapping[str, object] = {name: getattr(observation, name) for name in TELLING}
    return {name: value for name, value in told.items() if value not in {"", None}} | {
        "account": str(observation.account_id),
        "observed_at": observation.observed_at.isoformat(),
        "observed_precision": observation.observed_precision,
        "evidence_item": str(observation.evidence_item) if observation.evidence_item else None,
    }


def _reuse(account: Account) -> dict[str, object]:
    at = account.handle_reuse_checked_at
    return {
        "checked_at": at.isoformat() if at else None,
        "checked_by": str(account.handle_reuse_checked_by_id) if account.handle_reuse_checked_by_id else None,
        "note": account.handle_reuse_note,
    }
