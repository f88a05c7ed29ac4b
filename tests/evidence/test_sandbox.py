"""The child process of parsers: what it cannot do, and that its end is only its own (F20, F21, AUDIT 3)."""

import io
import socket
from pathlib import Path

import pytest

from evidence.parsers import sandbox
from evidence.parsers.sandbox import ParserFailed

pytestmark = pytest.mark.usefixtures("cold_parsers")

HOSTILE = "tests.evidence.hostile_parser"


@pytest.fixture
def source(tmp_path: Path):
    path = tmp_path / "source"
    path.write_bytes(b"content")
    with path.open("rb") as stream:
        yield stream


def outcome(source, does: str, **more) -> str:
    with sandbox.run(HOSTILE, source, does=does, **more) as parsed:
        return parsed.facts["outcome"]


def test_parser_gets_the_bytes_and_an_environment_without_secrets(source, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    told = outcome(source, "nothing")
    assert told.startswith("content ")
    assert "DATABASE_URL" not in told


def test_folder_of_a_parser_is_gone_afterwards(source):
    with sandbox.run(HOSTILE, source, does="nothing") as parsed:
        assert parsed.folder.is_dir()
    assert not parsed.folder.exists()


def test_refusal_of_a_parser_carries_its_sentence(source):
    with pytest.raises(ParserFailed, match="not for me") as failure:
        outcome(source, "refuse")
    assert failure.value.kind == "refused"


@pytest.mark.parametrize(
    ("does", "kind"), [("eat_memory", "memory"), ("crash", "crashed"), ("raise", "crashed"), ("fill_disk", "crashed")]
)
def test_parser_that_breaks_down_fails_alone(source, does, kind):
    with pytest.raises(ParserFailed) as failure:
        outcome(source, does)
    assert failure.value.kind == kind
    assert "secret" not in failure.value.reason


def test_parser_that_spins_is_stopped_by_its_processor_time(source, monkeypatch):
    monkeypatch.setattr(sandbox, "CHILD", Path(__file__).with_name("impatient_child.py"))
    with pytest.raises(ParserFailed, match="processor time") as failure:
        outcome(source, "spin")
    assert failure.value.kind == "time"


def test_parser_that_waits_is_stopped_by_the_clock(source):
    with pytest.raises(ParserFailed, match="longer than 1 s") as failure:
        outcome(source, "wait", wall_seconds=1)
    assert failure.value.kind == "time"


def test_parser_cannot_open_a_socket(source):
    assert "not allowed" in outcome(source, "socket")


def test_parser_cannot_start_a_program(source):
    assert "not allowed" in outcome(source, "program")


def test_parser_cannot_write_outside_its_folder(source, tmp_path):
    assert "only into its own folder" in outcome(source, "write", where=str(tmp_path / "planted"))
    assert not (tmp_path / "planted").exists()


def test_parser_cannot_reach_a_server_even_past_the_interpreter(source):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with sandbox.run(HOSTILE, source, does="native_connect", where=f"127.0.0.1:{port}") as parsed:
            connected = parsed.facts["outcome"] == "connected"
            assert connected is (parsed.facts["network"] == "hook")


def test_result_says_how_the_network_was_taken_away(source):
    with sandbox.run(HOSTILE, source, does="nothing") as parsed:
        assert parsed.facts["network"] in ("namespace", "hook")


def test_link_in_place_of_a_promised_file_is_not_followed(source):
    with pytest.raises(ParserFailed), sandbox.run(HOSTILE, source, does="lie") as parsed:
        parsed.file("rendition.webp")


def test_unknown_parser_fails_cleanly(source):
    with pytest.raises(ParserFailed) as failure, sandbox.run("evidence.parsers.nowhere", source):
        pytest.fail("parsed")
    assert failure.value.kind == "crashed"


def test_source_must_be_a_real_file():
    with pytest.raises(io.UnsupportedOperation):
        outcome(io.BytesIO(b"content"), "nothing")
