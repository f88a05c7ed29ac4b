"""Work on claims and publications that the queue does."""

from procrastinate.contrib.django import app

from cases.actions.job_runs import start_job
from cases.exceptions import Conflict
from cases.jobs import job_task
from cases.models import Case, User
from cases.progress import Progress
from claims.actions.dossiers import MAKE_DOSSIER, make_dossier
from claims.actions.gate_of_case import BATCH, RUN_GATE, run_batch, versions_to_judge
from claims.actions.repeats import LOOK_FOR_ORIGINS, keep_hints
from claims.dossier.vouched import compared
from claims.models import Publication
from claims.repeats import hints_among, voices_of_case

CHECK_PUBLICATIONS = "claims.check_publications"


@job_task(MAKE_DOSSIER)
def make_dossier_of(progress: Progress, *, publication_id: str, actor_id: str, redaction_id: str = "") -> None:
    """Make the folder that a publication is read and verified from; tried again while the log is not signed."""
    publication = Publication.objects.select_related("case").get(pk=publication_id)
    redaction = publication.redactions.get(pk=redaction_id) if redaction_id else None
    dossier = make_dossier(actor=User.objects.get(pk=actor_id), publication=publication, redaction=redaction)
    with progress.finishing(f"{len(dossier.files)} files, {dossier.digest[:12]}…"):
        pass


@job_task(RUN_GATE)
def run_gate_of_case(progress: Progress, *, case_id: str, actor_id: str) -> None:
    """Ask the gate about each standing claim of a case, batch by batch."""
    actor, case = User.objects.get(pk=actor_id), Case.objects.get(pk=case_id)
    wanted, refused = versions_to_judge(case), 0
    for start in range(0, len(wanted), BATCH):
        progress.advance(start, total=len(wanted), message=f"{refused} not through")
        refused += run_batch(actor=actor, case=case, version_ids=wanted[start : start + BATCH])
    with progress.finishing(f"{len(wanted)} claims, {refused} not through"):
        pass


@job_task(LOOK_FOR_ORIGINS)
def look_for_origins(progress: Progress, *, case_id: str, actor_id: str) -> None:
    """Hold all sources of a case against one another, and keep what suggests that some are one origin."""
    actor, case = User.objects.get(pk=actor_id), Case.objects.get(pk=case_id)
    voices, found = voices_of_case(case), []
    for done, hints in enumerate(hints_among(case, voices), start=1):
        found += hints
        progress.advance(done, total=len(voices), message=f"{len(found)} hints")
    with progress.finishing(f"{len(voices)} sources, {len(found)} hints"):
        keep_hints(actor=actor, case=case, hints=found, sources=len(voices))


@app.periodic(cron="37 4 * * *")
@app.task(name="claims.schedule_check", queueing_lock="claims.schedule_check")
def schedule_check(timestamp: int) -> None:
    """Each night, hold what was published against the log."""
    start_job(actor=None, task=CHECK_PUBLICATIONS, title="Nightly check of what was published")


@job_task(CHECK_PUBLICATIONS)
def check_publications(progress: Progress) -> None:
    """Fail, so that the list of jobs shows it, when a publication is not what the log says was published."""
    wrong, done = [], 0
    for done, (publication, differences) in enumerate(compared(Publication.objects.all()), start=1):
        if differences:
            wrong.append(str(publication))
        progress.advance(done)
    if wrong:
        raise Conflict(f"Not what the log says was published: {', '.join(wrong)}.")
    with progress.finishing(f"{done} publications"):
        pass
