"""How a claim reads in plain words: its subject, its link and its object, with the dates that bound it."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from cases.enums import Precision
from cases.models import Account, Case, Observation
from cases.moments import in_words
from claims.enums import Predicate, SubjectType
from claims.models import ClaimVersion

PERIODS = ("valid_from", "valid_to", "as_of")


def period_words(version: ClaimVersion) -> str:
    """When the claim holds in the world: "from ... to ...", "as of ..."; empty where nothing is said of it."""
    bounds = (bound_words(name, getattr(version, name), getattr(version, f"{name}_precision")) for name in PERIODS)
    return " ".join(filter(None, bounds))


def bound_words(name: str, at: date | None, precision: str) -> str:
    """One of the dates of a period; a day is introduced by other words than a month or a year where a language does so.

    This and the next three speak the active language.
    """
    if at is None:
        return ""
    said = {
        "valid_from": (_("from %(date)s"), pgettext("a day", "from %(date)s")),
        "valid_to": (_("to %(date)s"), pgettext("a day", "to %(date)s")),
        "as_of": (_("as of %(date)s"), pgettext("a day", "as of %(date)s")),
    }
    return said[name][precision == Precision.DAY] % {"date": in_words(at, precision)}


def link_words(predicate: str, role_title: str) -> str:
    """What a claim says of its subject."""
    if predicate == Predicate.PERSON_HOLDS_ROLE and role_title:
        return _("holds the role “%(role)s” at") % {"role": role_title}
    return _(str(Predicate(predicate).label))


def end_words(kind: str, label: str, platform: str = "") -> str:
    """One side of a claim by its label, as `Labels.of` gives it: records hold that, and it is always English."""
    if platform and label.endswith(f" on {platform}"):
        handle = label.removesuffix(f" on {platform}")
        return _("%(handle)s on %(platform)s") % {"handle": handle, "platform": _(platform)}
    if kind == SubjectType.ITEM and label.startswith("Exhibit "):
        return f"{_('Exhibit')} {label.removeprefix('Exhibit ')}"
    return label


def sentence(subject: str, link: str, target: str, period: str) -> str:
    """The whole claim without a full stop; says nothing of how likely it is."""
    whole = f"{subject} {link} {target}".strip()
    return f"{whole}, {period}" if period else whole


def ends(version: ClaimVersion, side: str) -> tuple[str, object]:
    """The type and the row (or words) at one side, "subject" or "object", of a version; ("", None) for none."""
    for kind in (SubjectType.ACCOUNT, SubjectType.PERSON, SubjectType.ORGANISATION, SubjectType.ITEM):
        if getattr(version, f"{side}_{kind}_id"):
            return str(kind), getattr(version, f"{side}_{kind}")
    text = getattr(version, f"{side}_text")
    return (str(SubjectType.TEXT), text) if text else ("", None)


class Labels:
    """Names of the subjects of many versions, with one query for the handles of all their accounts."""

    def __init__(self, versions: Iterable[ClaimVersion], accounts: Iterable[UUID] = ()) -> None:
        ids = set(accounts) | {
            pk for version in versions for pk in (version.subject_account_id, version.object_account_id) if pk
        }
        self.names = _names(Observation.objects.filter(account__in=ids)) if ids else {}

    def of(self, version: ClaimVersion, side: str) -> str:
        """What the subject or object is called; an account by what was last seen of it."""
        kind, row = ends(version, side)
        if kind == SubjectType.ACCOUNT:
            return self.account(row)
        if kind == SubjectType.ITEM:
            return f"Exhibit E-{row.exhibit} ({row.title})"
        return str(row or "")

    def account(self, account: Account) -> str:
        """An account by its last seen handle, or by the name it was last seen under."""
        return account_label(account, *self.names.get(account.pk, ("", "")))

    def statement(self, version: ClaimVersion) -> str:
        """The whole claim as one sentence without a full stop; says nothing of how likely it is."""
        subject, target = self._shown(version, "subject"), self._shown(version, "object")
        return sentence(subject, link_words(version.predicate, version.role_title), target, period_words(version))

    def _shown(self, version: ClaimVersion, side: str) -> str:
        kind, row = ends(version, side)
        platform = row.get_platform_display() if isinstance(row, Account) else ""
        return end_words(kind, self.of(version, side), platform)


def record_choices(case: Case) -> dict[str, list[tuple[str, str]]]:
    """The records of a case that a claim can be about, as choices of a form: three queries and one for the names."""
    accounts = list(case.accounts.filter(merged_into__isnull=True))
    names = _names(Observation.objects.filter(case=case))
    named = [
        (f"account:{account.pk}", account_label(account, *names.get(account.pk, ("", "")))) for account in accounts
    ]
    people = case.people.filter(merged_into__isnull=True).values_list("pk", "label")
    organisations = case.organisations.filter(merged_into__isnull=True).values_list("pk", "label")
    return {
        str(SubjectType.ACCOUNT): sorted(named, key=lambda pair: pair[1].casefold()),
        str(SubjectType.PERSON): [(f"person:{pk}", label) for pk, label in people],
        str(SubjectType.ORGANISATION): [(f"organisation:{pk}", label) for pk, label in organisations],
    }


def account_label(account: Account, handle: str = "", display_name: str = "") -> str:
    """ "@handle on X (Twitter)" or "@handle@server on Mastodon"; without a handle the name it was seen under; without
    that the platform's own id.
    """
    platform = account.get_platform_display()
    if handle:
        return f"{account.called(handle)} on {platform}"
    if display_name:
        where = f" on {account.instance}" if account.instance else ""
        return f"{platform} account{where} in the name of {display_name}"
    return str(account)


def _names(observations: QuerySet[Observation]) -> dict[UUID, tuple[str, str]]:
    """Handle and display name of each account observed, each as it was last seen; "" where it never was."""
    seen = observations.newest_first("account_id")
    handles, names = (
        dict(seen.exclude(**{part: ""}).distinct("account_id").values_list("account_id", part))
        for part in ("handle", "display_name")
    )
    return {pk: (handles.get(pk, ""), names.get(pk, "")) for pk in handles.keys() | names.keys()}
