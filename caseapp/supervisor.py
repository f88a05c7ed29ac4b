"""`make run`: one terminal that keeps the web process, the worker and the sequencer alive, and stops them cleanly.

No pid file decides anything: the lock on `serve.lock` does, and the kernel frees it however the supervisor ends. The
children ask the kernel to be told when the supervisor dies, so that even kill -9 leaves nothing behind.
"""

import contextlib
import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from caseapp.databases import WEB_CONNECTIONS
from caseapp.processes import END_WITH_PARENT, end_with_parent

HOST = "127.0.0.1"
LOCK_NAME = "serve.lock"
TICK = 0.2
LONGEST_BACKOFF = 30.0
# A child that ran this long was healthy: its next end is not counted with the earlier ones.
HEALTHY_AFTER = 60.0
READY_SECONDS = 60.0
# Far more than can work at once: a client that sends slowly holds one while it does.
WEB_THREADS = 128
PORT_SECONDS = 25.0


class CannotServe(Exception):
    """Why serving is impossible, for a person to read."""


class AlreadyServing(Exception):
    """Another supervisor serves this DATA_DIR; the text says where."""


@contextlib.contextmanager
def serving_lock(data_dir: Path, port: int):
    """Hold `data_dir` for this supervisor; AlreadyServing when another one has it."""
    data_dir.mkdir(parents=True, exist_ok=True)
    with (data_dir / LOCK_NAME).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyServing(_describe(file)) from None
        file.truncate(0)
        json.dump({"pid": os.getpid(), "url": f"http://{HOST}:{port}"}, file)
        file.flush()
        yield


def _describe(file: IO[str]) -> str:
    file.seek(0)
    try:
        holder = json.load(file)
        return f"already running at {holder['url']} (pid {holder['pid']})"
    except (ValueError, KeyError):  # the holder is just beginning
        return "already starting"


def wait_for_port(port: int, seconds: float = PORT_SECONDS) -> None:
    """Return when `port` is free. A web process whose supervisor was killed needs a moment to end."""
    deadline = time.monotonic() + seconds
    while not _port_is_free(port):
        # Only our own web process ends by itself; another program is reported at once.
        if time.monotonic() > deadline or not _serves_caseapp(port):
            raise CannotServe(f"port {port} is taken by another program: run with another one, e.g. PORT={port + 1}")
        threading.Event().wait(TICK)


def _port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _get_health(port: int) -> tuple[int, bool]:
    """Status of /healthz and whether it is ours; ConnectionRefusedError when nobody listens."""
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        return answer.status, answer.getheader("X-Request-ID") is not None
    finally:
        connection.close()


def _serves_caseapp(port: int) -> bool:
    try:
        return _get_health(port)[1]
    except ConnectionRefusedError:  # it is closing
        return True
    except (OSError, http.client.HTTPException):
        return False


def _is_ready(port: int) -> bool:
    try:
        return _get_health(port) == (200, True)
    except (OSError, http.client.HTTPException):
        return False


@dataclass
class Child:
    """One process that must always run; `patience` is how long it may take to finish its work when stopped."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    patience: float = 15.0
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    restart_at: float = 0.0
    failures: int = 0

    def start(self, now: float) -> None:
        parent = os.getpid()
        self.process = subprocess.Popen(
            self.command,
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            # Its own group: Ctrl-C reaches the supervisor only, which stops the children in order.
            start_new_session=True,
            preexec_fn=lambda: end_with_parent(parent),  # noqa: PLW1509  (one thread; the kernel's call only)
        )
        self.started_at = now

    def look_after(self, now: float) -> str:
        """Restart when dead, later each time; returns what to tell the person, or nothing."""
        if self.process is None:
            if now >= self.restart_at:
                self.start(now)
            return ""
        status = self.process.poll()
        if status is None:
            return ""
        self.process = None
        self.failures = 1 if now - self.started_at > HEALTHY_AFTER else self.failures + 1
        delay = 0.0 if self.failures == 1 else min(2.0 ** (self.failures - 2), LONGEST_BACKOFF)
        self.restart_at = now + delay
        return f"{self.name} ended ({_how(status)}); starting it again{f' in {delay:g} s' if delay else ''}"

    def ask_to_end(self) -> None:
        if self.process is not None:
            self.process.terminate()

    def wait_for_end(self) -> None:
        """Insist once its patience is over."""
        if self.process is None:
            return
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _how(status: int) -> str:
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"


class Supervisor:
    """Runs children until told to stop."""

    def __init__(self, children: Sequence[Child], say: Callable[[str], None]) -> None:
        self.children = children
        self.say = say
        self.stopping = threading.Event()

    def run(
        self,
        port: int,
        announce: Callable[[], None],
        prepare: Callable[[], None] | None = None,
        tend: Callable[[], None] = lambda: None,
    ) -> None:
        """Start the children, call `announce` once the first page answers, and keep going until a signal.

        `prepare` runs before anybody can look, beside the last child only: publishing waits for the sequencer. `tend`
        is called again and again, for what runs beside the children.
        """
        try:
            if prepare:
                self.children[-1].start(time.monotonic())
                prepare()
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, lambda *_: self.stopping.set())
            self._watch(port, announce, tend)
        finally:
            self.say("stopping ...")
            self._stop()

    def _stop(self) -> None:
        """All but the last together; the last when nobody is left who waits for a signature."""
        *askers, sequencer = self.children
        for together in (askers, [sequencer]):
            for child in together:
                child.ask_to_end()
            for child in together:
                child.wait_for_end()

    def _watch(self, port: int, announce: Callable[[], None], tend: Callable[[], None]) -> None:
        deadline = time.monotonic() + READY_SECONDS
        announced = False
        while not self.stopping.is_set():
            tend()
            now = time.monotonic()
            for child in self.children:
                if message := child.look_after(now):
                    self.say(message)
            if not announced and _is_ready(port):
                announced = True
                announce()
            elif not announced and now > deadline:
                raise CannotServe("the web process does not answer; its messages are above")
            self.stopping.wait(TICK)


def children_of(port: int, web_workers: int) -> list[Child]:
    """Web, worker and sequencer, which is the last to stop: nobody waits for a signature that never comes."""
    python, bin_folder = sys.executable, Path(sys.executable).parent
    web = [str(bin_folder / "granian"), "--interface", "wsgi", "--host", HOST, "--port", str(port)]
    web += [
        "--workers",
        str(web_workers),
        "--blocking-threads",
        str(WEB_THREADS),
        "--respawn-failed-workers",
        "--no-ws",
    ]
    # The server cannot tell requests it works on from those a client never finished sending, and waits for both.
    web += ["--workers-kill-timeout", "2s", "--log-level", "warning", "caseapp.wsgi:application"]
    manage = [python, "manage.py"]
    return [
        Child("web", web, {END_WITH_PARENT: "1", "DATABASE_POOL": str(WEB_CONNECTIONS)}),
        Child("worker", [*manage, "run_worker"], patience=30.0),
        Child("sequencer", [*manage, "run_sequencer"]),
    ]
