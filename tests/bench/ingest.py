"""A folder of pictures logged by the command and compared by two workers, as when an archive is brought into a case.

INGEST=10000 says how many pictures. They are cut from the photographs of PHOTOS, or from generated textures where there
are none; the folder holds no two alike, and each part of a photograph some times, so that there is something to find.
INGEST_SAME=1 makes all of them the same file instead, as when one picture is sent in by everybody.
"""

import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import connections
from PIL import Image, ImageEnhance

from cases.models import Case
from evidence.media import textures
from evidence.models import Frame, Match, WaitingForMatches
from tests.factories.cases import make_case
from tests.factories.users import make_user

COUNT = int(os.environ.get("INGEST", "500"))
SAME = os.environ.get("INGEST_SAME", "") == "1"
PHOTOS = Path(os.environ.get("PHOTOS") or "../shared/data/photos")
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
LONGEST = 640
WORKERS = 2
PAUSE = 0.5
TABLES = ("evidence_frame", "evidence_fingerprint", "evidence_packedprint", "evidence_mediascan", "evidence_match")


def figures() -> Iterator[str]:
    """Yield the figures, one line each; writes into the installation that it runs in."""
    case = make_case(ref="INGEST", lead=make_user("ingest-lead", can_create_cases=True))
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder:
        size = write_pictures(Path(folder), COUNT)
        yield f"{COUNT:,} pictures of up to {LONGEST} pixels, {size / COUNT / 1000:.0f} kB each"
        spent, cpu = _measured(lambda: _manage("log_evidence", case.ref, folder, "--json"))
        yield _line("logged, read and fingerprinted by one command", spent, cpu)
    spent, cpu = _measured(_compare_all)
    yield _line(f"compared with each other by {WORKERS} workers", spent, cpu)
    yield f"found: {Match.objects.filter(case=case).count():,} matches of {Frame.objects.count():,} pictures"
    yield from _sizes(case)


def write_pictures(folder: Path, count: int) -> int:
    """Distinct JPEGs, the same for the same photographs; returns their bytes."""
    random = np.random.default_rng(20_240_516)
    bases = list(_bases(random))
    total = 0
    for number in range(count):
        path = folder / f"{number:06d}.jpg"
        if SAME and number:
            path.write_bytes((folder / "000000.jpg").read_bytes())
        else:
            _variant(bases[number % len(bases)], random).save(path, quality=int(random.integers(70, 93)))
        total += path.stat().st_size
    return total


def _bases(random: np.random.Generator) -> Iterator[Image.Image]:
    paths = sorted(path for path in PHOTOS.rglob("*") if path.suffix.lower() in SUFFIXES) if PHOTOS.is_dir() else []
    for path in paths:
        with Image.open(path) as image:
            yield image.convert("RGB")
    if not paths:
        for _ in range(200):
            yield Image.fromarray(textures.texture(random)).convert("RGB").resize((LONGEST, LONGEST * 3 // 4))


def _variant(image: Image.Image, random: np.random.Generator) -> Image.Image:
    """A part of the picture, at least a third of each side, in other light."""
    width, height = (int(side * random.uniform(0.35, 1)) for side in image.size)
    left, upper = int(random.uniform(0, image.width - width)), int(random.uniform(0, image.height - height))
    part = image.crop((left, upper, left + width, upper + height))
    part.thumbnail((LONGEST, LONGEST))
    return ImageEnhance.Brightness(part).enhance(random.uniform(0.8, 1.2))


def _manage(*arguments: str) -> None:
    subprocess.run([sys.executable, "manage.py", *arguments], check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _workers() -> Iterator[None]:
    started = [subprocess.Popen([sys.executable, "manage.py", "run_worker"]) for _ in range(WORKERS)]
    try:
        yield
    finally:
        for worker in started:
            worker.terminate()
        for worker in started:
            worker.wait()


def _compare_all() -> None:
    pause = threading.Event()  # never set: it passes the time
    with _workers():
        while WaitingForMatches.objects.exists():
            pause.wait(PAUSE)


def _measured(work) -> tuple[float, float]:
    """Seconds of the clock and of processors, of what `work` starts and ends and of the database, that it takes."""
    began, cpu = time.perf_counter(), _used()
    work()
    return time.perf_counter() - began, _used() - cpu


def _used() -> float:
    """Seconds of processors that ended children of this process and the embedded server have used so far."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    server = int((settings.SERVER_DIR / "postgres" / "postmaster.pid").read_text().split()[0])
    backends = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    ticks = sum(_ticks(server)) + sum(sum(_ticks(int(pid))[:2]) for pid in backends)
    return children.ru_utime + children.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int) -> list[int]:
    """User and system time of a process, and of those of its children that have ended (proc(5), fields 14 to 17)."""
    return [int(field) for field in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]]


def _line(what: str, spent: float, cpu: float) -> str:
    return (
        f"{what}: {spent:.0f} s, {COUNT / spent:.1f} pictures/s; "
        f"{cpu / COUNT:.3f} s of processor time a picture, the database's included"
    )


def _sizes(case: Case) -> Iterator[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(name::regclass)) FROM unnest(%s::text[]) name", [list(TABLES)]
        )
        rows = int(cursor.fetchone()[0])
    folder = Path(settings.MEDIA_INDEX_DIR)
    index = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    yield (
        f"{rows / COUNT / 1000:.1f} kB of rows and {index / COUNT / 1000:.1f} kB of index a picture; "
        f"largest process {peak:.0f} MB"
    )
