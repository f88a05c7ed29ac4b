"""Entries of a case that may be one and the same: who is called alike, why, and what was decided about it.

Everything is of one case and of what its reader sees there. A suggestion is a lead; deciding "same" merges nothing.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from cases import subjects
from cases.exceptions import InvalidInput, NotVisible
from cases.models import Account, Case, Organisation, Person, User
from cases.subjects import Subject
from claims.enums import Predicate
from search.enums import Verdict
from search.hits import shown_documents
from search.kinds import KINDS
from search.models import Document, Likeness
from search.namesakes import LONGEST, Namesake, namesakes
from search.rights import Reach

DOORS = {
    "account": subjects.get_account,
    "person": subjects.get_person,
    "organisation": subjects.get_organisation,
}
MODELS: dict[str, Any] = {"account": Account, "person": Person, "organisation": Organisation}
# What another entry may be: a person is no organisation, an account may be anybody's.
OTHERS = {
    "account": ("account", "person", "organisation"),
    "person": ("person", "account"),
    "organisation": ("organisation", "account"),
}
MOST_NAMES = 12  # of one subject that are compared
MOST_SHOWN = 10


@dataclass(frozen=True)
class Alike:
    """Another entry that may be the same: which two names fit and why (empty where only a decision is left), and what
    was decided last.

    `question` is what a person decides. `step` is where "same" leads: the page that merges, or, where `is_claim`, the
    form of a claim; empty where neither can be.
    """

    kind: str
    id: UUID
    title: str
    url: str
    mine: str = ""
    theirs: str = ""
    score: float = 0.0
    is_match: bool = False
    why: str = ""
    question: str = ""
    step: str = ""
    is_claim: bool = False
    decision: Likeness | None = None

    @property
    def icon(self) -> str:
        return KINDS[self.kind].icon

    @property
    def label(self) -> str:
        return KINDS[self.kind].one

    @property
    def is_settled(self) -> bool:
        """Decided for good: not suggested again."""
        return self.decision is not None and self.decision.verdict != Verdict.UNSURE


@dataclass(frozen=True)
class Fit:
    """One of a subject's names, and the entry that it fits."""

    mine: str
    found: Namesake


def get_subject(actor: User, case: Case, kind: str, subject_id: UUID) -> Subject:
    """Raises NotVisible alike for unknown kinds, foreign ids and ids that nobody ever used."""
    if kind not in DOORS:
        raise NotVisible(subjects.NOT_IN_CASE)
    return DOORS[kind](actor, case, subject_id)


def kind_of(subject: Subject) -> str:
    return str(subject._meta.model_name)


def alike_named(actor: User, case: Case, kind: str, name: str) -> list[Alike]:
    """Entries of `case` that may be called `name`, the best first: for whoever is about to record another one.

    Raises InvalidInput for a name that is too long, and for a kind that has no names.
    """
    if kind not in OTHERS:
        raise InvalidInput(f"kind is one of {', '.join(OTHERS)}.", field="kind")
    if len(name) > LONGEST or "\0" in name:
        raise InvalidInput(f"A name has at most {LONGEST} characters.", field="name")
    fits = _fits(case, kind, [name.strip()])
    found = _entries(actor, case, Q(pk__in=fits))
    shown = [_alike(document, row, fits.get(document.pk)) for document, row in found]
    return _best_first(shown)[:MOST_SHOWN]


def alike(actor: User, subject: Subject) -> list[Alike]:
    """Entries that may be `subject`, the best first, and those about which somebody decided, last.

    Nothing for an entry that was merged: its survivor is asked about.
    """
    if subject.merged_into_id:
        return []
    own = set(subjects.family(subject))
    fits = _fits(subject.case, kind_of(subject), _names_of(subject))
    decisions = _decisions(subject.case, own)
    found = _entries(actor, subject.case, Q(pk__in=fits) | Q(object_id__in=decisions))
    shown = [
        _alike(document, row, fits.get(document.pk), subject, decisions.get(row.pk))
        for document, row in found
        if row.pk not in own
    ]
    settled = [one for one in shown if one.is_settled]
    return _best_first([one for one in shown if not one.is_settled])[:MOST_SHOWN] + _best_first(settled)


def _best_first(shown: Iterable[Alike]) -> list[Alike]:
    return sorted(shown, key=lambda one: (-one.score, one.title, str(one.id)))


def _names_of(subject: Subject) -> list[str]:
    """What the entry goes by, and what those that were merged into it went by."""
    if isinstance(subject, Account):
        seen = subjects.observations_of(subject).newest_first().values_list("handle", "display_name")
        names = [name for handle, shown in seen for name in (f"@{handle}" if handle else "", shown)]
    else:
        names = [subject.label, *subjects.names_of(subject).filter(ended_at=None).values_list("value", flat=True)]
    return list(dict.fromkeys(filter(None, names)))[:MOST_NAMES]


def _fits(case: Case, kind: str, names: Iterable[str]) -> dict[int, Fit]:
    """By document, the best of what fits any of `names` among what every member of `case` may find."""
    best: dict[int, Fit] = {}
    everybodys = Reach({case.pk: case.ref}, frozenset())
    for name in names:
        for one in namesakes(name, everybodys, OTHERS[kind]):
            known = best.get(one.document_id)
            if known is None or one.score > known.found.score:
                best[one.document_id] = Fit(name, one)
    return best


def _entries(actor: User, case: Case, wanted: Q) -> list[tuple[Document, Subject]]:
    """Documents of entries with their rows, loaded again through `visible_to`."""
    documents = list(shown_documents(actor).filter(wanted, case=case, kind__in=OTHERS))
    ids: dict[str, list[UUID]] = defaultdict(list)
    for document in documents:
        ids[document.kind].append(document.object_id)
    rows: dict[UUID, Subject] = {}
    for kind, wanted_ids in ids.items():
        there = MODELS[kind].objects.visible_to(actor).filter(case=case, merged_into=None, pk__in=wanted_ids)
        rows |= {row.pk: row for row in there}
    return [(document, rows[document.object_id]) for document in documents if document.object_id in rows]


def _decisions(case: Case, own: set[UUID]) -> dict[UUID, Likeness]:
    """The newest decision about each other entry, by the id of what that entry was merged into."""
    rows = Likeness.objects.filter(Q(left_id__in=own) | Q(right_id__in=own), case=case).select_related("decided_by")
    newest: dict[tuple[str, UUID], Likeness] = {}
    for row in rows.order_by("decided_at", "id"):
        left, right = (row.left_kind, row.left_id), (row.right_kind, row.right_id)
        newest[right if row.left_id in own else left] = row
    moved: dict[UUID, UUID] = {}
    for kind, model in MODELS.items():
        ids = [pk for of, pk in newest if of == kind]
        merged = model.objects.filter(case=case, pk__in=ids, merged_into__isnull=False)
        moved |= dict(merged.values_list("pk", "merged_into"))
    return {moved.get(pk, pk): row for (_, pk), row in newest.items()}


def _alike(
    document: Document, row: Subject, fit: Fit | None, asked: Subject | None = None, decision: Likeness | None = None
) -> Alike:
    kind, ref = document.kind, row.case.ref
    url = reverse(f"cases:{kind}", args=[ref, row.pk])
    names = {} if fit is None else _told(fit)
    steps = {} if asked is None else _steps(asked, row)
    return Alike(kind, row.pk, document.wording.title, url, decision=decision, **names, **steps)


def _told(fit: Fit) -> dict[str, Any]:
    one = fit.found
    return {"mine": fit.mine, "theirs": one.as_written, "score": one.score, "is_match": one.is_match, "why": one.why}


def _steps(asked: Subject, other: Subject) -> dict[str, Any]:
    """The question about two entries, and where its yes leads."""
    kinds = {kind_of(asked), kind_of(other)}
    if len(kinds) == 2:
        account, owner = sorted((asked, other), key=kind_of)
        return {
            "question": f"Is it the account of this {kind_of(owner)}?",
            "step": _claim_form(account, owner),
            "is_claim": True,
        }
    if not _could_be_one(asked, other):
        return {"question": "Do both accounts have the same holder?"}
    duplicate, into = (other, asked) if _goes_on(asked, other) else (asked, other)
    address = reverse(f"cases:{kind_of(asked)}_merge", args=[asked.case.ref, duplicate.pk])
    return {"question": f"Is it the same {kind_of(asked)}?", "step": f"{address}?into={into.pk}"}


def _claim_form(account: Subject, owner: Subject) -> str:
    """The form of the claim that `account` is run by `owner`, with both filled in."""
    ends = {"subject": f"account:{account.pk}", "object": f"{kind_of(owner)}:{owner.pk}"}
    query = urlencode({"predicate": Predicate.ACCOUNT_OPERATED_BY} | ends)
    return f"{reverse('claims:create', args=[account.case.ref])}?{query}"


def _could_be_one(one: Subject, other: Subject) -> bool:
    """Accounts on two platforms, or with two ids, are two: `cases.actions.merges`."""
    if not (isinstance(one, Account) and isinstance(other, Account)):
        return True
    same_place = (one.platform, one.instance) == (other.platform, other.instance)
    return same_place and not (one.platform_user_id and other.platform_user_id)


def _goes_on(one: Subject, other: Subject) -> bool:
    """Whether `one` has to be the entry that the other is merged into."""
    has_id = isinstance(one, Account) and bool(one.platform_user_id)
    return has_id or one.merged_from.exists()
