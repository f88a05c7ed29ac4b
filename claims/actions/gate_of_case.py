"""The gate over all standing claims of a case: one job, in batches whose facts are loaded together."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from cases.actions.job_runs import start_job
from cases.history import record
from cases.models import Case, JobRun, User
from cases.permissions import Permission, check
from claims.gate.evaluation import evaluate_many, store_many
from claims.models import ClaimVersion
from claims.queries import ENDS, VERSION_PARTS, standing_versions

RUN_GATE = "claims.run_gate_of_case"
BATCH = 100


@transaction.atomic
def ask_gate_of_case(*, actor: User, case: Case) -> JobRun:
    """Queue a run of the gate over the newest version of each standing claim, with progress that can be watched."""
    check(actor, case, Permission.JOB_MANAGE)
    arguments = {"case_id": str(case.pk), "actor_id": str(actor.pk)}
    return start_job(actor=actor, task=RUN_GATE, title="The gate over all claims", case=case, arguments=arguments)


def versions_to_judge(case: Case) -> list[UUID]:
    """The newest version of each standing claim of a case, in the order of the claims' numbers."""
    return list(standing_versions(case).order_by("claim__number").values_list("pk", flat=True))


@transaction.atomic
def run_batch(*, actor: User, case: Case, version_ids: Sequence[UUID]) -> int:
    """Judge and keep a run of each version; returns how many are not let through. One event tells of the batch."""
    rows = ClaimVersion.objects.visible_to(actor).filter(case=case, pk__in=version_ids)
    versions = list(rows.select_related(*VERSION_PARTS).prefetch_related(*ENDS).order_by("claim__number"))
    runs = store_many(evaluate_many(versions), versions=versions, actor=actor)
    refused = [version.claim.number for version, run in zip(versions, runs, strict=True) if not run.passed]
    numbers = [version.claim.number for version in versions]
    record(actor, "gate_evaluated_in_case", case, after={"claims": numbers, "not_through": refused})
    return len(refused)
