"""`make run` as a person lives it: start, second start, killed parts, Ctrl-C. Real processes, their own database."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.waiting import PATIENCE, wait_until

# One process runs them all, so that there is one installation.
pytestmark = pytest.mark.xdist_group("serve")
ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Installation:
    """A data folder and a port, and whatever serves them."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.log = data_dir / "serve.log"
        self.process: subprocess.Popen | None = None

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "SECRET_KEY"}}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "caseapp.settings",
            "ENVIRONMENT": "development",
            "DATA_DIR": str(self.data_dir),
            "PORT": str(self.port),
            "LOAD_EXAMPLE": "off",
        }

    def start(self) -> None:
        before = self.log.read_text().count("running at") if self.log.exists() else 0
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"], cwd=ROOT, env=self.environment(), stdout=log, stderr=log
            )
        wait_until(lambda: self.log.read_text().count("running at") > before)

    def manage(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    def child(self, word: str) -> psutil.Process:
        children = psutil.Process(self.process.pid).children()
        return next(child for child in children if any(word in part for part in child.cmdline()))

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def status(self, path: str = "/healthz") -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def database_pid(self) -> int:
        """0 when no database runs."""
        try:
            return int((self.data_dir / "postgres" / "postmaster.pid").read_text().split("\n")[0])
        except FileNotFoundError:
            return 0


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Iterator[Installation]:
    """One database for all tests here: making and migrating it takes longest."""
    installation = Installation(tmp_path_factory.mktemp("serve"))
    made = installation.manage("migrate", "--verbosity", "0")
    assert (made.returncode, made.stdout, made.stderr) == (0, "", "")
    yield installation
    if installation.process and installation.process.poll() is None:
        installation.process.send_signal(signal.SIGINT)
        installation.process.wait(PATIENCE)


@pytest.fixture
def installation(shared) -> Installation:
    """Running, whatever the test before did to it."""
    if shared.process is None or shared.process.poll() is not None:
        shared.start()
    wait_until(lambda: shared.status() == 200)
    return shared


def test_second_start_says_where_the_first_one_runs(installation):
    family = {process.pid for process in installation.family()}
    second = installation.manage("serve")
    url = f"http://127.0.0.1:{installation.port}"
    assert second.returncode == 0
    assert second.stdout == f"caseapp: already running at {url} (pid {installation.process.pid})\n"
    assert {process.pid for process in installation.family()} == family
    assert installation.status() == 200


def test_interrupt_stops_web_worker_sequencer_and_database(installation):
    family, database = installation.family(), installation.database_pid()
    assert database
    with socket.create_connection(("127.0.0.1", installation.port)) as unfinished:
        unfinished.sendall(b"GET / HTTP/1.1\r\nHost: ")
        installation.process.send_signal(signal.SIGINT)
        assert installation.process.wait(PATIENCE) == 0
    assert not any(map(is_alive, family))
    wait_until(lambda: not psutil.pid_exists(database))
    assert "Traceback" not in installation.log.read_text()


@pytest.mark.parametrize("part", ["granian", "run_worker", "run_sequencer"])
def test_killed_part_is_started_again(installation, part):
    killed = installation.child(part)
    descendants = killed.children(recursive=True)
    killed.kill()
    wait_until(lambda: psutil.pid_exists(installation.process.pid) and _other(installation, part, killed.pid))
    wait_until(lambda: installation.status() == 200)
    wait_until(lambda: not any(map(is_alive, descendants)))


def _other(installation: Installation, part: str, pid: int) -> bool:
    try:
        return installation.child(part).pid != pid
    except (StopIteration, psutil.NoSuchProcess):
        return False


def test_killed_supervisor_leaves_nothing_behind_and_the_next_one_starts(installation):
    family = installation.family()
    installation.process.kill()
    installation.process.wait()
    wait_until(lambda: not any(map(is_alive, family)))
    installation.start()
    assert installation.status() == 200


def test_killed_database_server_comes_back_with_the_next_start(installation):
    installation.process.kill()
    installation.process.wait()
    if database := installation.database_pid():
        psutil.Process(database).kill()
    installation.start()
    assert installation.status() == 200


def test_killed_database_server_is_started_again_and_nobody_sees_a_fault_of_ours(installation):
    """F03: while it is away every page says 503, and none that something went wrong."""
    killed, seen = installation.database_pid(), set()
    psutil.Process(killed).kill()
    wait_until(lambda: seen.add(installation.status("/accounts/login/")) or installation.database_pid() != killed)
    wait_until(lambda: seen.add(installation.status("/accounts/login/")) or installation.status() == 200)
    assert seen <= {200, 503}
    assert installation.log.read_text().count("the database server ended; starting it again") == 1


def test_command_shares_the_running_server_and_does_not_stop_it(installation):
    database = installation.database_pid()
    answer = installation.manage("shell", "-v0", "-c", "from cases.models import User; print(User.objects.count())")
    assert (answer.returncode, answer.stdout) == (0, "0\n")
    assert installation.database_pid() == database
    assert installation.status() == 200


def test_port_taken_by_another_program_is_said_in_one_line(tmp_path):
    installation = Installation(tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", installation.port))
        other.listen()
        answer = installation.manage("serve")
    assert answer.returncode == 2
    assert answer.stderr == (
        f"caseapp: port {installation.port} is taken by another program: "
        f"run with another one, e.g. PORT={installation.port + 1}\n"
    )


def test_hundred_slow_clients_keep_nobody_else_waiting(installation):
    """F15: each announces a form and sends one byte of it."""
    request = (
        f"POST /accounts/login/ HTTP/1.1\r\nHost: 127.0.0.1:{installation.port}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nl"
    ).encode()
    with contextlib.ExitStack() as clients:
        for _ in range(100):
            client = clients.enter_context(socket.create_connection(("127.0.0.1", installation.port)))
            client.sendall(request)
        assert [installation.status(path) for path in ("/healthz", "/accounts/login/")] == [200, 200]


def test_lock_file_tells_who_serves(installation):
    holder = json.loads((installation.data_dir / "serve.lock").read_text())
    assert holder == {"pid": installation.process.pid, "url": f"http://127.0.0.1:{installation.port}"}


def test_secrets_can_be_read_by_their_owner_only(installation):
    keys = installation.data_dir / "keys"
    assert keys.stat().st_mode & 0o777 == 0o700
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in keys.iterdir() if path.suffix != ".vkey"}
    assert set(modes.values()) == {"0o400"}, modes
