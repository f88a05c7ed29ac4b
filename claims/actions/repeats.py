"""Looking for sources of a case that are one origin: a job, whose findings take the place of the last ones."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from cases.actions.job_runs import start_job
from cases.history import record
from cases.models import Case, JobRun, User
from cases.permissions import Permission, check
from claims.independence import Hint
from claims.models import OriginHint

LOOK_FOR_ORIGINS = "claims.look_for_origins"


@transaction.atomic
def ask_for_origins(*, actor: User, case: Case) -> JobRun:
    """Queue a look at all sources of a case that every member may read, with progress that can be watched."""
    check(actor, case, Permission.JOB_MANAGE)
    arguments = {"case_id": str(case.pk), "actor_id": str(actor.pk)}
    return start_job(actor=actor, task=LOOK_FOR_ORIGINS, title="Who repeats whom", case=case, arguments=arguments)


@transaction.atomic
def keep_hints(*, actor: User, case: Case, hints: Sequence[Hint], sources: int) -> None:
    """Put what was found among so many `sources` in place of what the last look found."""
    now = timezone.now()
    OriginHint.objects.filter(case=case).delete()
    OriginHint.objects.bulk_create(
        OriginHint(
            case=case,
            first=hint.first,
            second=hint.second,
            kind=hint.kind,
            words=hint.words,
            exhibits=list(hint.exhibits),
            found_at=now,
        )
        for hint in hints
    )
    record(actor, "origins_looked_for", case, after={"sources": sources, "hints": len(hints)})
