"""Who speaks in the evidence: naming sources and grading them, each grade by a named person with a rationale."""

from typing import Any

from django.db import IntegrityError, transaction

from cases.exceptions import Conflict, InvalidInput, StaleVersion
from cases.history import record
from cases.models import Case, User
from evidence import dependents
from evidence.details import check_url
from evidence.enums import Reliability, SourceKind
from evidence.filenames import kept
from evidence.models import Source, SourceGrade
from evidence.permissions import check_grade_source, check_log_evidence
from evidence.queries import get_source
from evidence.seals import seal_row
from evidence.workflow import check_case_open

EDITABLE = ("name", "kind", "owner", "country", "url", "note")


@transaction.atomic
def create_source(
    *,
    actor: User,
    case: Case,
    name: str,
    kind: str,
    owner: str = "",
    country: str = "",
    url: str = "",
    note: str = "",
) -> Source:
    """Name a source. Its origin is undetermined until an editor has looked, so it adds no independence yet."""
    check_log_evidence(actor, case)
    check_case_open(case)
    fields = _checked({"name": name, "kind": kind, "owner": owner, "country": country, "url": url, "note": note})
    source = Source(case=case, created_by=actor, **fields)
    _save(source)
    record(actor, "source_created", source, after=fields)
    return source


@transaction.atomic
def change_source(*, actor: User, source: Source, version: int, changes: dict[str, Any], reason: str = "") -> Source:
    """Correct what is said of a source; StaleVersion when somebody saved in between."""
    source = get_source(actor, source.pk, for_update=True)
    check_log_evidence(actor, source.case)
    if source.version != version:
        raise StaleVersion(f"{source.name} was changed by somebody else in the meantime.", current=source)
    if unknown := sorted(set(changes) - set(EDITABLE)):
        raise InvalidInput(f"{unknown[0]} cannot be changed.", field=unknown[0])
    old = {name: getattr(source, name) for name in EDITABLE}
    new = _checked(old | changes)
    changed = [name for name in EDITABLE if old[name] != new[name]]
    if not changed:
        return source
    for name in changed:
        setattr(source, name, new[name])
    source.version += 1
    _save(source)
    before, after = ({name: values[name] for name in changed} for values in (old, new))
    record(actor, "source_changed", source, before=before, after=after, reason=reason)
    dependents.changed(actor=actor, reason=f"The description of {source.name} was changed.", sources=[source])
    return source


@transaction.atomic
def grade_source(*, actor: User, source: Source, reliability: str, rationale: str) -> SourceGrade:
    """Give a source its letter. The newest grade holds; the older ones stay on record."""
    source = get_source(actor, source.pk, for_update=True)
    check_grade_source(actor, source)
    if reliability not in Reliability.values:
        raise InvalidInput("Reliability is a letter from A to F; F means: cannot be judged.", field="reliability")
    if len(rationale.strip()) < 3:
        raise InvalidInput("Say why this letter.", field="rationale")
    rationale = kept(rationale.strip(), None)
    grade = SourceGrade(
        case_id=source.case_id, source=source, reliability=reliability, rationale=rationale, graded_by=actor
    )
    seal_row(grade).save(force_insert=True)
    before, source.reliability = source.reliability, reliability
    source.version += 1
    source.save(update_fields=["reliability", "version"])
    after = {"reliability": reliability, "rationale": rationale}
    record(actor, "source_graded", source, before={"reliability": before}, after=after, reason=rationale)
    dependents.changed(actor=actor, reason=f"{source.name} is now graded {reliability}.", sources=[source])
    return grade


def _checked(fields: dict[str, Any]) -> dict[str, str]:
    fields = {name: kept(str(value), None).strip() for name, value in fields.items()}
    if not fields["name"]:
        raise InvalidInput("A source needs a name.", field="name")
    if fields["kind"] not in SourceKind.values:
        raise InvalidInput(f"The kind is one of {', '.join(SourceKind.values)}.", field="kind")
    fields["country"] = fields["country"].upper()
    if fields["country"] and not (len(fields["country"]) == 2 and fields["country"].isascii()):
        raise InvalidInput("The country is a two-letter code such as FR or AZ.", field="country")
    check_url(fields["url"], "url")
    for name in ("name", "owner"):
        longest = Source._meta.get_field(name).max_length
        if len(fields[name]) > longest:
            raise InvalidInput(f"The {name} is longer than {longest} characters.", field=name)
    return fields


def _save(source: Source) -> None:
    try:
        with transaction.atomic():
            source.save()
    except IntegrityError as error:
        if "source_once_per_case" not in str(error):
            raise
        raise Conflict(f"This case already has a source called {source.name}.") from error
