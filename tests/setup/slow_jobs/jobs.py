"""Jobs that wait where a test wants to find them."""

import threading
from pathlib import Path

from django.contrib.auth.models import Group

from cases.exceptions import InvalidInput
from cases.jobs import job_task
from cases.progress import Progress

PATIENCE = 120


def wait_here_once(folder: str, point: str, chosen: str) -> None:
    """At the chosen point, the first time: leave a mark that says so, and wait to be killed or released."""
    mark = Path(folder) / point
    if point == chosen and not mark.exists():
        mark.touch()
        pause = threading.Event()
        for _ in range(PATIENCE * 20):
            if (Path(folder) / "go").exists():
                return
            pause.wait(0.05)


@job_task("slow_jobs.add_group")
def add_group(progress: Progress, *, folder: str, name: str, stop_at: str = "") -> None:
    progress.advance(1, total=2, message="half of it")
    wait_here_once(folder, "before", stop_at)
    progress.advance(2)
    with progress.finishing("all of it"):
        Group.objects.create(name=f"{name} {Group.objects.count()}")
        wait_here_once(folder, "inside", stop_at)
    wait_here_once(folder, "after", stop_at)


@job_task("slow_jobs.refuse")
def refuse(progress: Progress) -> None:
    raise InvalidInput("The file is empty.")


@job_task("slow_jobs.break_down")
def break_down(progress: Progress) -> None:
    raise ZeroDivisionError("secret detail")
