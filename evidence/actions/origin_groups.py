"""Independence of sources: which of them go back to one origin. Only a named editor says so, with a reason."""

from collections.abc import Sequence

from django.db import transaction

from cases.exceptions import InvalidInput
from cases.history import record
from cases.models import User
from evidence import dependents
from evidence.filenames import kept
from evidence.models import OriginChange, OriginGroup, Source
from evidence.permissions import check_regroup_sources
from evidence.seals import seal_row

LABEL_LONGEST = OriginGroup._meta.get_field("label").max_length


@transaction.atomic
def join_sources(
    *, actor: User, sources: Sequence[Source], reason: str, group: OriginGroup | None = None, label: str = ""
) -> OriginGroup:
    """Count these sources as one origin, in an existing group or in a new one of that label."""
    reason = _reason(reason)
    rows = _locked(actor, sources)
    case = rows[0].case
    if group is not None and group.case_id != case.pk:
        raise InvalidInput("There is no such origin group in this case.", field="group")
    group = group or _new_group(rows[0], label)
    _move(actor, rows, group, reason, "origin_joined")
    return group


@transaction.atomic
def split_source(*, actor: User, source: Source, reason: str, label: str = "") -> OriginGroup:
    """Declare a source an origin of its own, independent of all others."""
    reason = _reason(reason)
    rows = _locked(actor, [source])
    group = _new_group(rows[0], label)
    _move(actor, rows, group, reason, "origin_split")
    return group


@transaction.atomic
def release_source(*, actor: User, source: Source, reason: str) -> Source:
    """Take back what was said of a source's origin: it is undetermined again."""
    reason = _reason(reason)
    rows = _locked(actor, [source])
    _move(actor, rows, None, reason, "origin_released")
    return rows[0]


def _locked(actor: User, sources: Sequence[Source]) -> list[Source]:
    wanted = {source.pk for source in sources}
    rows = list(
        Source.objects.visible_to(actor)
        .filter(pk__in=wanted)
        .select_for_update(of=("self",))
        .select_related("case", "origin_group")
        .order_by("pk")
    )
    if not rows or len(rows) != len(wanted) or len({row.case_id for row in rows}) != 1:
        raise InvalidInput("Choose sources of one case.", field="sources")
    check_regroup_sources(actor, rows[0].case)
    return rows


def _new_group(source: Source, label: str) -> OriginGroup:
    return OriginGroup.objects.create(
        case=source.case, label=(kept(label.strip(), None) or source.name)[:LABEL_LONGEST]
    )


def _move(actor: User, rows: list[Source], group: OriginGroup | None, reason: str, action: str) -> None:
    before = _groups(rows)
    for row in rows:
        change = OriginChange(
            case_id=row.case_id,
            source=row,
            from_group=row.origin_group,
            to_group=group,
            reason=reason,
            changed_by=actor,
        )
        seal_row(change).save(force_insert=True)
        row.origin_group = group
        row.version += 1
        row.save(update_fields=["origin_group", "version"])
    record(actor, action, group or rows[0], case=rows[0].case, before=before, after=_groups(rows), reason=reason)
    names = ", ".join(row.name for row in rows)
    dependents.changed(actor=actor, reason=f"The origin of {names} was decided anew: {reason}", sources=rows)


def _groups(rows: list[Source]) -> dict[str, list]:
    """Which source stands in which group, in the order of the sources."""
    groups = [str(row.origin_group_id) if row.origin_group_id else None for row in rows]
    return {"sources": [str(row.pk) for row in rows], "groups": groups}


def _reason(reason: str) -> str:
    if len(reason.strip()) < 3:
        raise InvalidInput("Say why.", field="reason")
    return kept(reason.strip(), None)
