"""What the gate may know of the people of claims: how public they are, whom a text names, and what records say."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from cases.enums import OrganisationKind
from cases.models import Name, Person
from claims.gate.facts import PersonFacts, RecordFacts
from claims.models import ClaimVersion, DataProtectionRecord

# By a full name, in lower case, whose it is.
Named = dict[str, PersonFacts]


def people_of(version: ClaimVersion) -> tuple[PersonFacts, ...]:
    """The persons at the two ends of a version."""
    ends = (version.subject_person, version.object_person)
    return tuple(PersonFacts(str(one.pk), one.label, one.subject_tier) for one in ends if one)


def names_a_party(version: ClaimVersion) -> bool:
    """Whether a political party stands at an end of a version."""
    ends = (version.subject_organisation, version.object_organisation)
    return any(one.kind == OrganisationKind.PARTY for one in ends if one)


def full_names(versions: Sequence[ClaimVersion]) -> dict[UUID, Named]:
    """By case all spellings of the full names of its people; one query.

    A name of one word is none: it stands in too many texts that mean somebody else.
    """
    cases = {version.case_id for version in versions}
    columns = ("case", "pk", "label", "subject_tier", "label")
    spelt = ("case", "person", "person__label", "person__subject_tier", "value")
    own = Person.objects.filter(case__in=cases, merged_into=None).values_list(*columns)
    others = Name.objects.filter(case__in=cases, person__merged_into=None, ended_at=None).exclude(person=None)
    found: dict[UUID, Named] = defaultdict(dict)
    for case, pk, label, tier, name in own.union(others.values_list(*spelt)):
        if len(name.split()) > 1:
            found[case][" ".join(name.split()).casefold()] = PersonFacts(str(pk), label, tier)
    return found


def named_in(version: ClaimVersion, names: Named) -> tuple[PersonFacts, ...]:
    """Those of whom a name stands in the public text as whole words, in whatever case; each once."""
    text = " ".join(version.public_text.split()).casefold()
    near = [name for name in names if name in text]
    found = {names[name] for name in near if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)}
    return tuple(sorted(found, key=lambda one: one.label))


def records(cases: Iterable[UUID]) -> dict[UUID, RecordFacts]:
    """By case the record that speaks for everybody in it: the newest one; one query."""
    rows = DataProtectionRecord.objects.filter(case__in=set(cases), person=None).order_by("number")
    return {row.case_id: RecordFacts(row.number, row.lawful_basis, row.special_ground, row.review_at) for row in rows}


def interests(people: Collection[str]) -> dict[str, datetime]:
    """By person since when the newest record of theirs says why the public has to know who it is; one query at most."""
    if not people:
        return {}
    rows = DataProtectionRecord.objects.filter(person__in=people).order_by("number")
    return {str(person): at for person, at in rows.values_list("person", "written_at")}
