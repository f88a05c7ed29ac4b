"""One installation for all journeys: database, web, worker and sequencer as `make run` starts them, and Chromium."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.setup.test_serve import PATIENCE, Installation

PASSWORD_LINE = re.compile(r"^  (\w+) +\w+ +([\w-]+)$", re.MULTILINE)


class Newsroom(Installation):
    """The installation with the example case; `passwords` are the one-time ones that it printed."""

    def environment(self) -> dict[str, str]:
        return super().environment() | {"LOAD_EXAMPLE": "on"}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def passwords(self) -> dict[str, str]:
        return dict(PASSWORD_LINE.findall(self.log.read_text()))

    def command(self, *arguments: str) -> dict:
        """What a management command answers to a program."""
        done = self.manage(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def commands(self, *commands: tuple[str, ...]) -> None:
        """Several management commands in one process, which takes seconds to start."""
        calls = "".join(f"call_command(*{command!r}, stdout=StringIO())\n" for command in commands)
        code = f"from io import StringIO\nfrom django.core.management import call_command\n{calls}"
        done = self.manage("shell", "--verbosity", "0", "--command", code)
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def newsroom(tmp_path_factory) -> Iterator[Newsroom]:
    installation = Newsroom(tmp_path_factory.mktemp("newsroom"))
    installation.start()
    yield installation
    installation.process.terminate()
    installation.process.wait(PATIENCE)


@pytest.fixture
def article(tmp_path) -> Path:
    """A file as an investigator has it on disk."""
    file = tmp_path / "article.html"
    file.write_text(
        "<!doctype html><html lang='en'><head><title>Accounts suspended</title></head><body><article>"
        "<h1>Accounts suspended</h1><p>The platform suspended the account @invented_handle on 30 May 2024, "
        "the newsroom found. The holder did not answer.</p></article></body></html>",
        encoding="utf-8",
    )
    return file
