"""Work on posts that the queue does: reading files, and answering what takes long."""

from django.utils import timezone
from procrastinate.contrib.django import app

from cases.exceptions import CaseworkError
from cases.jobs import job_task
from cases.models import User
from cases.progress import JobCancelled, Progress
from evidence.exceptions import VaultError
from posts import staging
from posts.actions import analyses, importing
from posts.queries import get_analysis_by_id, get_dataset_by_id


@job_task(importing.IMPORT)
def read_dataset(progress: Progress, *, dataset_id: str, actor_id: str) -> None:
    """Read one file of posts; a dataset that is not read says why."""
    actor = User.objects.get(pk=actor_id)
    dataset = get_dataset_by_id(actor, dataset_id)
    progress.advance(0, message="Reading")
    try:
        importing.read_dataset(actor=actor, dataset=dataset, watcher=progress)
    except JobCancelled:
        importing.give_up(actor=actor, dataset=dataset, problem="Cancelled.")
        raise
    except (CaseworkError, VaultError) as error:
        importing.give_up(actor=actor, dataset=dataset, problem=str(error))
        raise


@app.periodic(cron="7 4 * * *")
@app.task(name="posts.sweep_staged", queueing_lock="posts.sweep_staged")
def sweep_staged(timestamp: int) -> None:
    """Each night, take away what killed commands left in the staging tables."""
    staging.sweep(timezone.now())


@job_task(analyses.MAKE)
def make_analysis(progress: Progress, *, analysis_id: str, actor_id: str) -> None:
    """Answer one question; one that cannot be answered says why."""
    actor = User.objects.get(pk=actor_id)
    analysis = get_analysis_by_id(actor, analysis_id)
    progress.advance(0, total=1, message="Counting")
    try:
        analyses.make(actor=actor, analysis=analysis)
    except (CaseworkError, VaultError) as error:
        analyses.give_up(actor=actor, analysis=analysis, problem=str(error))
        raise


@job_task(analyses.RECOMPUTE)
def recompute_analysis(progress: Progress, *, analysis_id: str, actor_id: str) -> None:
    """Make one analysis again."""
    actor = User.objects.get(pk=actor_id)
    progress.advance(0, total=1, message="Counting")
    again = analyses.recompute(actor=actor, analysis=get_analysis_by_id(actor, analysis_id))
    with progress.finishing("The same came out" if again.same else "Something else came out"):
        pass
