"""`log_evidence` and `verify_evidence`: what they print, how they end, and that nothing is half done."""

import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit.models import Event
from cases.models import User
from evidence import queries
from evidence import stores as evidence_stores
from evidence.management.commands import verify_evidence
from evidence.models import Item, Source

from . import samples
from .test_fixity import forge, path_of


def run(*arguments: object) -> str:
    out = io.StringIO()
    call_command(*[str(argument) for argument in arguments], stdout=out)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "found"
    (made / "deep").mkdir(parents=True)
    (made / "b.txt").write_text("Second.\n")
    (made / "a.txt").write_text("First.\n")
    (made / "deep" / "photo.png").write_bytes(samples.picture())
    (made / "link.txt").symlink_to("/etc/passwd")
    return made


def test_files_of_a_folder_are_logged_and_can_be_cited_at_once(newsroom, folder):
    printed = run("log_evidence", "NC-2024", folder)
    assert [line.split()[0] for line in printed.splitlines()] == ["E-1", "E-2", "E-3"]
    assert [item.file_name for item in Item.objects.order_by("exhibit")] == ["a.txt", "b.txt", "photo.png"]
    assert queries.readable_text(newsroom.viewer, Item.objects.get(exhibit=1)).text == "First.\n"
    assert Item.objects.get(exhibit=3).width == 80
    assert {item.method for item in Item.objects.all()} == {"command"}


def _locks_held() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()")
        return cursor.fetchone()[0]


def test_more_files_hold_no_more_locks(newsroom, tmp_path):
    """All files of a command are entered in one transaction; the server has room for some thousand locks."""
    held = []
    for count in (2, 8):
        folder = tmp_path / str(count)
        folder.mkdir()
        for number in range(count):
            (folder / f"{number}.txt").write_text(f"Note {number} of {count}.\n")
        run("log_evidence", "NC-2024", folder)
        held.append(_locks_held())
    assert Item.objects.count() == 10
    assert held[0] == held[1] > 0


def test_everything_that_is_said_of_a_file_is_kept(newsroom, folder):
    said = ["--title", "A note", "--author", "A", "--publisher", "P", "--url", "https://example.org/a"]
    said += ["--published-at", "2024-05-31", "--language", "en", "--note", "Why", "--as", "investigator", "--graphic"]
    said += ["--source", "RFE/RL", "--reliability", "B", "--rationale", "Track record", "--sensitivity", "sensitive"]
    [row] = json.loads(run("log_evidence", "NC-2024", folder / "a.txt", *said, "--json"))
    item = Item.objects.get()
    assert (row["exhibit"], row["sha256"], row["title"]) == (1, item.blob_id, "A note")
    assert (item.author, item.publisher, item.language, item.relevance_note) == ("A", "P", "en", "Why")
    assert item.published_at == datetime(2024, 5, 31, tzinfo=UTC)
    assert (item.collector, item.source.name, item.source.reliability) == (newsroom.investigator, "RFE/RL", "B")
    assert (item.sensitivity, item.graphic) == ("sensitive", True)


def test_lead_of_the_case_is_the_collector_where_nobody_is_named(newsroom, folder):
    run("log_evidence", "NC-2024", folder / "a.txt")
    assert Item.objects.get().collector == newsroom.case.lead


def test_same_source_is_named_once(newsroom, folder):
    for name in ("a.txt", "b.txt"):
        run("log_evidence", "NC-2024", folder / name, "--source", "RFE/RL")
    assert Source.objects.count() == 1


def test_address_is_noted_and_not_fetched(newsroom):
    printed = run("log_evidence", "NC-2024", "https://troll.invalid/page", "--title", "Profile")
    item = Item.objects.get()
    assert (item.kind, item.original_url, item.blob) == ("link", "https://troll.invalid/page", None)
    assert "link, no copy" in printed


def test_file_that_could_not_be_read_as_text_is_logged_and_told(newsroom, tmp_path):
    (tmp_path / "old.txt").write_bytes(("Баку " * 50).encode("cp1251"))
    assert "not valid utf-8" in run("log_evidence", "NC-2024", tmp_path / "old.txt")


def wrong_arguments(folder: Path) -> list[tuple[list[object], str]]:
    empty, nothing = folder / "empty.txt", folder / "nothing"
    empty.touch()
    nothing.mkdir()
    pipe = folder.parent / "pipe"
    os.mkfifo(pipe)
    good = folder / "a.txt"
    return [
        (["NO-CASE", good], "There is no case NO-CASE"),
        (["NC-2024", good, folder / "missing"], "no such file"),
        (["NC-2024", good, empty], "is empty"),
        (["NC-2024", good, nothing], "no file in this folder"),
        (["NC-2024", good, ""], "empty path"),
        (["NC-2024", good, pipe], "not a plain file"),
        (["NC-2024", good, "--published-at", "soon"], "is not a date"),
        (["NC-2024", good, "--published-at", "2999"], "has not come yet"),
        (["NC-2024", good, "--url", "javascript:x"], "web address"),
        (["NC-2024", good, "https://user:secret@example.org/"], "web address"),
        (["NC-2024", good, "--as", "nobody"], "Nobody has exactly this"),
        (["NC-2024", good, "--as", "stranger"], "There is no case NC-2024"),
        (["NC-2024", good, "--as", "viewer"], "does not let you log evidence"),
        (["NC-2024", good, "--reliability", "B", "--source", "X"], "needs both"),
        (["NC-2024", good, "--reliability", "B", "--rationale", "because"], "name it with --source"),
        (["NC-2024", good, folder / "b.txt", "--title", "T"], "these are several"),
        (["NC-2024", good, "--language", "f r"], "language is a code"),
    ]


@pytest.mark.parametrize("number", range(16))
def test_wrong_argument_is_one_clear_line_status_two_and_nothing_done(newsroom, folder, number):
    arguments, words = wrong_arguments(folder)[number]
    before = Event.objects.count()
    with pytest.raises(CommandError, match=words) as refusal:
        run("log_evidence", *arguments)
    assert refusal.value.returncode == 2
    assert "\n" not in str(refusal.value)
    assert not Item.objects.exists()
    assert not Source.objects.exists()
    assert Event.objects.count() == before


def test_file_over_the_limit_is_refused_before_a_byte_is_read(newsroom, tmp_path, folder):
    """2 GiB + 1, as a file with holes."""
    with (tmp_path / "huge.bin").open("wb") as file:
        file.truncate(2 * 1024**3 + 1)
    with pytest.raises(CommandError, match="2,147,483,649 bytes, more than the limit"):
        run("log_evidence", "NC-2024", folder / "a.txt", tmp_path / "huge.bin")
    assert not Item.objects.exists()


def test_foreign_person_learns_nothing_of_the_case(newsroom, folder):
    assert User.objects.filter(username="stranger").exists()
    with pytest.raises(CommandError) as refusal:
        run("log_evidence", "NC-2024", folder / "a.txt", "--as", "stranger")
    assert newsroom.case.title not in str(refusal.value)


# --- verify_evidence


def test_unchanged_store_is_fine(newsroom):
    newsroom.log(b"one")
    newsroom.log(b"two")
    assert "2 originals read, 0 damaged" in run("verify_evidence")
    report = json.loads(run("verify_evidence", "NC-2024", "--json"))
    assert report == {"ok": True, "case": "NC-2024", "checked": 2, "damaged": []}


@pytest.mark.parametrize(("harm", "state"), [(forge, "changed"), (lambda item: path_of(item).unlink(), "missing")])
def test_damaged_original_ends_with_one_and_is_named(newsroom, harm, state, capsys):
    newsroom.log(b"one")
    item = newsroom.log(b"two")
    harm(item)
    with pytest.raises(SystemExit) as end:
        call_command("verify_evidence", "--json")
    assert end.value.code == 1
    [row] = json.loads(capsys.readouterr().out)["damaged"]
    assert row == {"sha256": item.blob_id, "state": state, "exhibits": ["NC-2024 E-2"]}
    assert queries.custody_of(item).last().action == "fixity_check"


def test_orphans_are_counted_and_kept(newsroom):
    newsroom.log(b"one")
    lost = evidence_stores.vault().put(io.BytesIO(b"lost")).sha256
    assert "1 originals belong to no exhibit" in run("verify_evidence")
    assert evidence_stores.vault().verify(lost).ok


def test_unknown_case_ends_with_two(newsroom):
    with pytest.raises(CommandError, match="no case NEVER-1") as refusal:
        run("verify_evidence", "NEVER-1")
    assert refusal.value.returncode == 2


def test_store_without_originals_is_fine(newsroom):
    assert "0 originals read" in run("verify_evidence")


class Terminal(io.StringIO):
    """Standard error of a person who watches."""

    def isatty(self) -> bool:
        return True


def test_person_who_waits_is_told_how_far_it_is(newsroom, monkeypatch):
    monkeypatch.setattr(verify_evidence, "BATCH", 2)
    for number in range(4):
        newsroom.log(f"Exhibit {number}".encode())
    forge(newsroom.log(b"harmed"))
    watched = Terminal()
    with pytest.raises(SystemExit):
        call_command("verify_evidence", stdout=io.StringIO(), stderr=watched)
    steps = watched.getvalue().split("\r")[1:]
    assert [step.partition(" originals")[0] for step in steps] == ["2 of 5", "4 of 5", "5 of 5"]
    assert steps[-1] == "5 of 5 originals read, 1 damaged\n"


def test_file_or_program_that_reads_gets_no_progress(newsroom):
    newsroom.log(b"one")
    read = io.StringIO()
    call_command("verify_evidence", stdout=io.StringIO(), stderr=read)
    assert read.getvalue() == ""
