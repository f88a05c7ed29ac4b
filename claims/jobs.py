"""Work on publications that the queue does."""

from cases.jobs import job_task
from cases.models import User
from cases.progress import Progress
from claims.actions.dossiers import MAKE_DOSSIER, make_dossier
from claims.models import Publication


@job_task(MAKE_DOSSIER)
def make_dossier_of(progress: Progress, *, publication_id: str, actor_id: str) -> None:
    """Make the folder that a publication is read and verified from; tried again while the log is not signed."""
    publication = Publication.objects.select_related("case").get(pk=publication_id)
    dossier = make_dossier(actor=User.objects.get(pk=actor_id), publication=publication)
    with progress.finishing(f"{len(dossier.files)} files, {dossier.digest[:12]}…"):
        pass
