"""The one door to accounts, observations, people, organisations and names: loads, checks access and locks."""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from cases.exceptions import NotVisible
from cases.lookalikes import skeleton
from cases.models import Account, Case, Name, Observation, Organisation, Person, User
from cases.status import Recycled, recycled

NOT_IN_CASE = "Nothing in this case has this id."
Subject = Account | Person | Organisation
Row = TypeVar("Row", bound=Model)


def get_account(actor: User, case: Case, account_id: UUID, *, for_update: bool = False) -> Account:
    """An account of `case`, merged ones included; raises NotVisible for foreign and unknown ones alike."""
    return _get(Account, actor, case, account_id, for_update)


def get_observation(actor: User, case: Case, observation_id: UUID) -> Observation:
    """An observation of `case`; it never changes, so there is nothing to lock."""
    return _get(Observation, actor, case, observation_id, False)


def get_person(actor: User, case: Case, person_id: UUID, *, for_update: bool = False) -> Person:
    """A person of `case`, merged ones included."""
    return _get(Person, actor, case, person_id, for_update)


def get_organisation(actor: User, case: Case, organisation_id: UUID, *, for_update: bool = False) -> Organisation:
    """An organisation of `case`, merged ones included."""
    return _get(Organisation, actor, case, organisation_id, for_update)


def get_name(actor: User, case: Case, name_id: UUID, *, for_update: bool = False) -> Name:
    """A name of a person or organisation of `case`, ended ones included."""
    return _get(Name, actor, case, name_id, for_update)


def reload_locked(actor: User, row: Row) -> Row:
    """`row` as it is stored now, locked, if `actor` may see it: what each action begins with."""
    return _get(type(row), actor, row.case, row.pk, True)


def _get(model: type[Row], actor: User, case: Case, pk: UUID, for_update: bool) -> Row:
    rows = model.objects.visible_to(actor).filter(case=case)
    if for_update:
        rows = rows.select_for_update(of=("self",))
    try:
        return rows.get(pk=pk)
    except model.DoesNotExist as error:
        raise NotVisible from error


# --- what belongs to a subject, merged rows included


def family(subject: Subject) -> list[UUID]:
    """The ids of a subject and of all that were merged into it."""
    return [subject.pk, *subject.merged_from.values_list("pk", flat=True)]


def observations_of(account: Account) -> QuerySet[Observation]:
    """All observations of an account and of those merged into it, oldest first."""
    of_it = Q(account=account) | Q(account__merged_into=account)
    return Observation.objects.filter(of_it).select_related("recorded_by", "account")


def names_of(subject: Person | Organisation) -> QuerySet[Name]:
    """All names of a subject and of those merged into it, ended ones included."""
    kind = subject._meta.model_name
    return Name.objects.filter(Q(**{kind: subject}) | Q(**{f"{kind}__merged_into": subject})).select_related(
        kind, "ended_by"
    )


def namesakes(person: Person) -> QuerySet[Person]:
    """Other persons of the case who bear one of this person's names."""
    values = names_of(person).values("value")
    return (
        Person.objects.filter(case=person.case, merged_into__isnull=True, names__value__in=values)
        .exclude(pk=person.pk)
        .distinct()
    )


# --- one handle, several accounts


def same_platform(case: Case, platform: str, instance: str) -> QuerySet[Observation]:
    """Observations of all accounts of one platform (and server), where a handle means one thing."""
    return Observation.objects.filter(case=case, account__platform=platform, account__instance=instance).select_related(
        "account"
    )


def holders_of(case: Case, platform: str, instance: str, key: str) -> QuerySet[Account]:
    """The accounts on which a handle was ever seen, survivors of merges; `key` is `handles.handle_key`'s."""
    seen = same_platform(case, platform, instance).filter(handle_key=key).values("account")
    return (
        Account.objects.filter(Q(pk__in=seen) | Q(merged_from__in=seen), merged_into__isnull=True)
        .order_by("created_at")
        .distinct()
    )


def survivor_id(observation: Observation) -> UUID:
    """The account that an observation belongs to after merges."""
    return observation.account.merged_into_id or observation.account_id


def recycled_with(account: Account, seen: Iterable[Observation]) -> list[Recycled]:
    """Where handles `seen` on `account` were seen on other accounts too; recomputed, never stored."""
    keys = {observation.handle_key for observation in seen if observation.handle_key}
    everyone = same_platform(account.case, account.platform, account.instance).filter(handle_key__in=keys)
    return [pair for pair in recycled(everyone, survivor_id) if account.pk in {pair.earlier, pair.later}]


def lookalikes_of(account: Account, seen: Iterable[Observation]) -> QuerySet[Observation]:
    """One observation for each other account's handle that looks like one of `account`'s without being it."""
    handles = {observation.handle for observation in seen if observation.handle}
    keys = {observation.handle_key for observation in seen if observation.handle_key}
    return (
        same_platform(account.case, account.platform, account.instance)
        .filter(handle_skeleton__in={skeleton(handle) for handle in handles})
        .exclude(handle_key__in=keys)
        .exclude(Q(account=account) | Q(account__merged_into=account))
        .order_by("account_id", "handle_key", "observed_at")
        .distinct("account_id", "handle_key")
    )
