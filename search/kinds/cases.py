"""Cases and their subjects."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import Prefetch

from cases.models import Account, Case, Name, Observation, Organisation, Person
from search.drafts import Draft
from search.kinds.base import Searchable, joined, signed


def _cases(ids: Sequence[UUID]) -> Iterator[Draft]:
    for case in Case.objects.filter(pk__in=ids).select_related("lead"):
        yield Draft(
            kind="case",
            object_id=case.pk,
            case_id=case.pk,
            title=str(case),
            text=case.scope,
            at=case.created_at,
            status=case.status,
            by=signed(case.lead),
        )


def _accounts(ids: Sequence[UUID]) -> Iterator[Draft]:
    """All handles and names that were ever seen of it, and of the accounts that turned out to be it."""
    wanted = Account.objects.filter(pk__in=ids, merged_into__isnull=True).select_related("created_by")
    observations = Prefetch("observations", Observation.objects.order_by("observed_at", "recorded_at"), to_attr="seen")
    merged = Prefetch("merged_from", Account.objects.prefetch_related(observations))
    for account in wanted.prefetch_related(observations, merged):
        same = [account, *account.merged_from.all()]
        seen = sorted((one for each in same for one in each.seen), key=lambda one: (one.observed_at, one.recorded_at))
        handles = _once(one.handle for one in reversed(seen))
        shown = _once(one.display_name for one in reversed(seen))
        known_as = f"@{handles[0]}" if handles else next(iter(shown), str(account))
        yield Draft(
            kind="account",
            object_id=account.pk,
            case_id=account.case_id,
            title=f"{known_as} on {account.get_platform_display()}",
            text=joined(*(one.platform_user_id for one in same), *(one.note for one in same), account.instance),
            at=seen[-1].observed_at if seen else account.created_at,
            platform=account.platform,
            status=seen[-1].status if seen else "",
            by=signed(account.created_by),
            handles=handles,
            names=shown,
        )


def _observations(ids: Sequence[UUID]) -> Iterator[Draft]:
    rows = Observation.objects.filter(pk__in=ids).select_related("account", "recorded_by")
    for seen in rows:
        known_as = f"@{seen.handle}" if seen.handle else seen.display_name or str(seen.account)
        yield Draft(
            kind="observation",
            object_id=seen.pk,
            case_id=seen.case_id,
            title=f"{known_as} {seen.get_status_display().lower()} on {seen.observed_at:%Y-%m-%d}",
            text=joined(seen.display_name, seen.bio, seen.location, seen.note),
            at=seen.observed_at,
            platform=seen.account.platform,
            status=seen.status,
            by=signed(seen.recorded_by),
            handles=(seen.handle,) if seen.handle else (),
            place={"account": str(seen.account.merged_into_id or seen.account_id)},
        )


def _people(ids: Sequence[UUID]) -> Iterator[Draft]:
    for person in _subjects(Person, ids):
        yield _subject(person, "person", joined(person.disambiguation, person.note), person.subject_tier)


def _organisations(ids: Sequence[UUID]) -> Iterator[Draft]:
    for organisation in _subjects(Organisation, ids):
        yield _subject(organisation, "organisation", organisation.note, organisation.kind)


def _subjects(model: type, ids: Sequence[UUID]):
    names = Prefetch("names", Name.objects.filter(ended_at__isnull=True), to_attr="spellings")
    merged = Prefetch("merged_from", model.objects.prefetch_related(names))
    rows = model.objects.filter(pk__in=ids, merged_into__isnull=True)
    return rows.select_related("created_by").prefetch_related(names, merged)


def _subject(row: Person | Organisation, kind: str, text: str, status: str) -> Draft:
    same = [row, *row.merged_from.all()]
    return Draft(
        kind=kind,
        object_id=row.pk,
        case_id=row.case_id,
        title=row.label,
        text=text,
        at=row.created_at,
        status=status,
        by=signed(row.created_by),
        names=_once(name for each in same for name in (each.label, *(one.value for one in each.spellings))),
    )


def _once(values) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


CASES = Searchable("case", Case, ("case",), _cases)
ACCOUNTS = Searchable("account", Account, ("account",), _accounts)
OBSERVATIONS = Searchable("observation", Observation, ("observation",), _observations)
PEOPLE = Searchable("person", Person, ("person",), _people)
ORGANISATIONS = Searchable("organisation", Organisation, ("organisation",), _organisations)
