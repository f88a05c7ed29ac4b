"""Having checkpoints of the audit log time-stamped by an outside authority, in the queue: nothing waits for it."""

from django.db import transaction

from audit import time_stamps
from audit.models import Event
from cases.actions.job_runs import start_job
from cases.enums import JobState
from cases.models import JobRun

TIME_STAMP = "cases.time_stamp"
TITLE = "Time stamp for the audit log"


def ask_after(event: Event) -> None:
    """Queue a time stamp for the checkpoint that will cover `event`, where an authority is named."""
    if time_stamps.is_wanted():
        start_job(actor=None, task=TIME_STAMP, title=TITLE, arguments={"event_id": str(event.event_id)})


@transaction.atomic
def ask_for_due() -> None:
    """Queue time stamps for what needs one, unless that work is queued already."""
    active = JobRun.objects.filter(task=TIME_STAMP, state__in=[JobState.QUEUED, JobState.RUNNING])
    if time_stamps.is_wanted() and time_stamps.anything_due() and not active.exists():
        start_job(actor=None, task=TIME_STAMP, title=TITLE)
