"""What the gate may know of the people that claims name: how public they are, and whose names a text gives away."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from cases.enums import SubjectTier
from cases.models import Name, Person
from claims.gate.facts import PersonFacts
from claims.models import ClaimVersion

PRIVATE = (SubjectTier.PRIVATE_INDIVIDUAL, SubjectTier.MINOR)


def people_of(version: ClaimVersion) -> tuple[PersonFacts, ...]:
    """The persons at the two ends of a version."""
    ends = (version.subject_person, version.object_person)
    return tuple(PersonFacts(str(one.pk), one.label, one.subject_tier) for one in ends if one)


def private_names(versions: Sequence[ClaimVersion]) -> dict[UUID, tuple[str, ...]]:
    """By case all spellings of the full names of its private individuals and minors; one query.

    A name of one word is none: it stands in too many texts that mean somebody else.
    """
    cases = {version.case_id for version in versions}
    people = Person.objects.filter(case__in=cases, subject_tier__in=PRIVATE)
    spelled = Name.objects.filter(case__in=cases, person__subject_tier__in=PRIVATE, ended_at=None)
    found: dict[UUID, set[str]] = defaultdict(set)
    for case, name in people.values_list("case", "label").union(spelled.values_list("case", "value")):
        if len(name.split()) > 1:
            found[case].add(" ".join(name.split()))
    return {case: tuple(sorted(names)) for case, names in found.items()}


def private_names_in(version: ClaimVersion, names: Iterable[str]) -> tuple[str, ...]:
    """Those of `names` that stand in the public text as whole words, in whatever case."""
    text = " ".join(version.public_text.split()).casefold()
    near = [name for name in names if name.casefold() in text]
    return tuple(name for name in near if re.search(rf"(?<!\w){re.escape(name.casefold())}(?!\w)", text))
