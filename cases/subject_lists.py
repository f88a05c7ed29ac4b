"""Lists of accounts, persons and organisations: filtered, searched, and with what was last seen of each."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case as When_
from django.db.models import DateTimeField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from cases import handles
from cases.enums import BY, AccountStatus, Precision
from cases.exceptions import InvalidInput
from cases.models import Account, Case, Name, Observation, Organisation, Person, User
from cases.status import as_of, handle_of, just_after, status_in_words

MAX_SEARCH = 200


class _Later(Func):
    """A moment some time later, by PostgreSQL's calendar in UTC."""

    template = "(%(expressions)s + interval '%(step)s')"
    output_field = DateTimeField()


KNOWN_BY = When_(
    *(
        When(observed_precision=step, then=_Later(F("observed_at"), step=f"1 {step}"))
        for step in ("day", "month", "year")
    ),
    default=_Later(F("observed_at"), step=f"1 {Precision.SECOND}"),
)


@dataclass(frozen=True)
class AccountRow:
    """One account in a list, as of a moment."""

    account: Account
    handle: str
    display_name: str
    status: str
    status_words: str
    last_seen: Observation | None
    observations: int


def accounts(
    actor: User,
    case: Case,
    *,
    moment: datetime,
    platform: str = "",
    status: str = "",
    search: str = "",
    merged: bool = False,
) -> QuerySet[Account]:
    """Accounts of `case` with `handle_then`, `status_then` and `seen_then`: what was last seen by `moment`.

    `search` is an address, a handle (with or without @, ever seen, also in part), a display name or a platform id.
    """
    rows = Account.objects.visible_to(actor).filter(case=case)
    rows = rows if merged else rows.filter(merged_into__isnull=True)
    if platform:
        rows = rows.filter(platform=platform)
    if search := _clean(search):
        rows = rows.filter(_matches(case, search, platform))
    rows = with_last_seen(rows, moment)
    if status == AccountStatus.UNKNOWN:
        return rows.filter(status_then="")
    return rows.filter(status_then=status) if status else rows


def with_last_seen(rows: QuerySet[Account], moment: datetime) -> QuerySet[Account]:
    """Add what was last seen of each account by `moment`, its merged accounts included."""
    family = Account.objects.filter(Q(pk=OuterRef(OuterRef("pk"))) | Q(merged_into=OuterRef(OuterRef("pk"))))
    seen = (
        Observation.objects.filter(account__in=family.values("pk"))
        .annotate(known_by=KNOWN_BY, is_undated=Q(observed_precision=BY))
        .filter(known_by__lte=just_after(moment))
        .order_by("is_undated", "-known_by", "-observed_at", "-recorded_at")
    )
    told = seen.exclude(status=AccountStatus.UNKNOWN)
    return rows.annotate(
        handle_then=Coalesce(Subquery(seen.exclude(handle="").values("handle_key")[:1]), Value("")),
        status_then=Coalesce(Subquery(told.values("status")[:1]), Value("")),
        seen_then=Subquery(seen.values("observed_at")[:1]),
    )


def rows_of(page: Iterable[Account], moment: datetime) -> list[AccountRow]:
    """The accounts of one page with what was seen of them by `moment`, in one query for all."""
    page = list(page)
    seen = _seen_by_account([account.pk for account in page])
    return [_row(account, seen[account.pk], moment) for account in page]


def _row(account: Account, seen: list[Observation], moment: datetime) -> AccountRow:
    last = as_of(seen, moment, lambda _: "any").last
    by_then = [
        s for s in seen if last is not None and (s.observed_at, s.recorded_at) <= (last.observed_at, last.recorded_at)
    ]
    handle, name = as_of(seen, moment, handle_of).last, as_of(seen, moment, lambda s: s.display_name).last
    return AccountRow(
        account=account,
        handle=handle.handle if handle else "",
        display_name=name.display_name if name else "",
        status=as_of(seen, moment).value or AccountStatus.UNKNOWN,
        status_words=status_in_words(by_then),
        last_seen=last,
        observations=len(seen),
    )


def _seen_by_account(accounts_shown: list[UUID]) -> dict[UUID, list[Observation]]:
    found = defaultdict(list)
    of_them = Q(account__in=accounts_shown) | Q(account__merged_into__in=accounts_shown)
    for observation in Observation.objects.filter(of_them).select_related("account"):
        found[observation.account.merged_into_id or observation.account_id].append(observation)
        if observation.account.merged_into_id:
            found[observation.account_id].append(observation)
    return found


def _matches(case: Case, search: str, platform: str) -> Q:
    seen = Observation.objects.filter(case=case)
    try:
        found = handles.parse(search, platform=platform)
    except InvalidInput:
        found = None
    plain = search.removeprefix("@")
    wanted = Q(handle_key__contains=plain.casefold()) | Q(handle__icontains=plain) | Q(display_name__icontains=plain)
    ids = Q(platform_user_id=plain)
    if found is not None:
        wanted |= Q(handle_key=found.key, account__platform=found.platform) if found.key else Q()
        ids |= Q(platform_user_id=found.platform_user_id, platform=found.platform) if found.platform_user_id else Q()
    holders = seen.filter(wanted).values(holder=Coalesce("account__merged_into", "account"))
    return Q(pk__in=holders) | ids | Q(merged_from__in=Account.objects.filter(ids, case=case))


def people(actor: User, case: Case, *, search: str = "", tier: str = "") -> QuerySet[Person]:
    """Persons of `case`, merged ones left out; `search` looks into all their names."""
    rows = Person.objects.visible_to(actor).filter(case=case, merged_into__isnull=True)
    rows = rows.filter(subject_tier=tier) if tier else rows
    return named(rows, "person", search)


def organisations(actor: User, case: Case, *, search: str = "", kind: str = "") -> QuerySet[Organisation]:
    """Organisations of `case`, merged ones left out; `search` looks into all their names."""
    rows = Organisation.objects.visible_to(actor).filter(case=case, merged_into__isnull=True)
    rows = rows.filter(kind=kind) if kind else rows
    return named(rows, "organisation", search)


def named(rows: QuerySet, kind: str, search: str) -> QuerySet:
    """`rows` of persons or organisations that bear `search` in one of their names, merged entries' names included."""
    search = _clean(search)
    if not search:
        return rows
    names = Name.objects.filter(value__icontains=search)
    own, merged = names.filter(**{kind: OuterRef("pk")}), names.filter(**{f"{kind}__merged_into": OuterRef("pk")})
    return rows.filter(Q(label__icontains=search) | Exists(own) | Exists(merged))


def _clean(search: str) -> str:
    if len(search) > MAX_SEARCH or "\0" in search:
        raise InvalidInput(f"Search for at most {MAX_SEARCH} characters.", field="search")
    return search.strip()
