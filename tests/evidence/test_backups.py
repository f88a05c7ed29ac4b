"""`backup` and `restore`: a drill with people at work, onto an empty place, and what is refused (F24-F26, G13)."""

import io
import json
import shutil
import threading
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from audit.models import Event
from audit.outside import append_checkpoints, log_path
from audit.sequencer import Sequencer
from caseapp import backups
from evidence import stores
from evidence.models import Blob, Item
from tests.database import another_database

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "sequencer"])


@pytest.fixture
def home(settings, tmp_path: Path) -> Path:
    """Everything of this installation in one folder, with a signed log."""
    return move_to(settings, tmp_path / "home")


def move_to(settings, home: Path) -> Path:
    settings.DATA_DIR = home
    settings.VAULT_DIR, settings.DERIVATIVES_DIR = home / "vault", home / "derivatives"
    settings.UPLOADS_DIR = home / "uploads"
    return home


def seal() -> None:
    """What the sequencer does beside the web process."""
    sequencer = Sequencer()
    sequencer.start()
    sequencer.run_all()


def run(*arguments: object) -> dict:
    out = io.StringIO()
    call_command(*[str(argument) for argument in arguments], "--json", stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


def raises_refusal(words: str, *arguments: object) -> None:
    """The command ends with 2 and one line that says why."""
    with pytest.raises(CommandError, match=words) as refusal:
        run(*arguments)
    assert refusal.value.returncode == 2
    assert "\n" not in str(refusal.value)


def at_work(newsroom, stop: threading.Event, made: list[str]) -> threading.Thread:
    """A person who logs one exhibit after the other."""

    def log() -> None:
        while not stop.is_set():
            made.append(newsroom.log(b"exhibit %d" % len(made)).blob_id)
        connections.close_all()

    worker = threading.Thread(target=log)
    worker.start()
    return worker


def test_drill_under_work_restores_every_row_with_its_original(newsroom, home, settings, tmp_path):
    newsroom.log(b"The first exhibit.", derive=True)
    seal()
    stop, made = threading.Event(), []
    worker = at_work(newsroom, stop, made)
    try:
        run("backup", tmp_path / "copy", "--with-keys")
    finally:
        stop.set()
        worker.join()
    seal()
    events, checkpoints = Event.objects.count(), log_path().read_bytes()
    with another_database():
        move_to(settings, tmp_path / "new")
        report = run("restore", tmp_path / "copy")
        assert (report["ok"], report["damaged"]) == (True, [])
        assert report["originals"] == Blob.objects.count() >= 1
        assert report["log"]["sealed"] >= 1
        assert {item.blob_id for item in Item.objects.all()} <= set(stores.vault().originals())
        assert Event.objects.count() <= events
        # It goes on where it stopped: the same key signs, and the log grows.
        newsroom.log(b"After the restore.")
        seal()
        assert checkpoints.startswith(log_path().read_bytes().splitlines()[0])
        raises_refusal("not empty", "restore", tmp_path / "copy")


def test_restored_log_that_is_older_than_a_checkpoint_kept_elsewhere_is_told(newsroom, home, settings, tmp_path):
    newsroom.log(b"one")
    seal()
    run("backup", tmp_path / "copy")
    newsroom.log(b"two")
    seal()
    shutil.copy(log_path(), tmp_path / "kept-elsewhere")
    with another_database():
        move_to(settings, tmp_path / "new")
        with pytest.raises(SystemExit) as end:
            run("restore", tmp_path / "copy", "--against", tmp_path / "kept-elsewhere")
        assert end.value.code == 1


def test_backup_leaves_secret_keys_out_unless_asked(newsroom, home, tmp_path):
    seal()
    run("backup", tmp_path / "without")
    assert [path.name for path in (tmp_path / "without" / "keys").iterdir()] == ["audit.vkey"]
    run("backup", tmp_path / "with", "--with-keys")
    assert "audit_ed25519.pem" in {path.name for path in (tmp_path / "with" / "keys").iterdir()}
    assert (tmp_path / "with").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("there", ["file", "folder"])
def test_backup_over_something_is_refused(newsroom, home, tmp_path, there):
    target = tmp_path / "copy"
    if there == "file":
        target.write_text("mine")
    else:
        target.mkdir()
        (target / "mine").touch()
    raises_refusal("not empty", "backup", target)
    assert target.is_file() or [path.name for path in target.iterdir()] == ["mine"]


def test_backup_that_fails_leaves_nothing(newsroom, home, tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "PROGRAMS", tmp_path / "no-programs")
    raises_refusal("cannot write the backup", "backup", tmp_path / "copy")
    assert [path.name for path in tmp_path.iterdir() if "copy" in path.name] == []


@pytest.fixture
def copy(newsroom, home, tmp_path: Path) -> Path:
    """A backup of an installation with one exhibit."""
    newsroom.log(b"one")
    seal()
    run("backup", tmp_path / "copy")
    return tmp_path / "copy"


def spoil_dump(copy: Path) -> None:
    with (copy / "database.dump").open("r+b") as file:
        file.seek(100)
        file.write(b"\0\0")


def spoil_original(copy: Path) -> None:
    [path] = (copy / "vault" / "o").glob("*/*/*")
    path.chmod(0o600)
    path.write_bytes(b"forged")


def spoil_manifest(copy: Path) -> None:
    (copy / "manifest.json").write_text("{")


def make_newer(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {"version": 99}))


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (spoil_dump, "not what the manifest says"),
        (spoil_original, "1 originals in the backup are damaged"),
        (spoil_manifest, "is not a backup"),
        (make_newer, "another version"),
        (shutil.rmtree, "is not a backup"),
    ],
)
def test_damaged_backup_is_refused_before_anything_is_touched(copy, settings, harm, words):
    harm(copy)
    with another_database():
        new = move_to(settings, copy.with_name("new"))
        raises_refusal(words, "restore", copy)
        assert not new.exists()


def test_restore_into_an_installation_in_use_is_refused(copy, settings):
    raises_refusal("not empty", "restore", copy)
    move_to(settings, copy.with_name("other"))
    raises_refusal("database .* is not empty", "restore", copy)
    append_checkpoints(["a note"])
    raises_refusal("never used", "restore", copy)
    assert Item.objects.count() == 1
