"""Changing the signing key: the log leads from each key to the next, and only the key in use names the next."""

import io
import stat

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from audit import keys, log, notes, outside, proofs, rotation
from audit.exceptions import NotIncluded
from audit.models import Checkpoint, Event
from audit.offline import KEY_CHANGED, Refused, follow_keys, read_key_change
from audit.self_check import find_misses
from audit.verification import verify_log

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "sequencer"])


@pytest.fixture
def first(write, sequencer) -> str:
    """The key of a log of three sealed entries."""
    write(3)
    sequencer.run_once()
    return keys.trusted_vkeys()[-1]


def announce(signers, text, action=KEY_CHANGED) -> bytes:
    """An entry whose reason is a note signed by whomever."""
    note = notes.sign_note(text, keys.origin(), *signers)
    with transaction.atomic():
        event = log.record(actor="user:ada", action=action, obj=f"auditkey:{note[-9:-2].hex()}", reason=note.decode())
    return bytes(event.entry)


def stranger(folder, settings) -> keys.Signer:
    before, settings.DATA_DIR = settings.DATA_DIR, folder
    signer = keys.load_or_create_signer()
    settings.DATA_DIR = before
    return signer


def checks(report):
    return {problem.check for problem in report.problems}


def test_log_goes_on_under_the_new_key(first, write, sequencer):
    old, new = rotation.change_key(actor="user:ada")
    write(3)
    sequencer.run_once()
    newest = Checkpoint.objects.order_by("-size").first()
    assert (old, keys.trusted_vkeys()) == (first, [first, new])
    assert notes.open_checkpoint(newest.note, [new])[0] == 7
    assert verify_log().problems == []
    assert find_misses() == []


def test_whoever_knows_the_first_key_alone_can_verify_the_whole_log(first, write, sequencer):
    for _ in range(3):
        _, last = rotation.change_key(actor="user:ada")
        write(1)
        sequencer.run_once()
    assert verify_log(vkeys=[first]).problems == []
    changes = [(proof.entry, proof.tlog_proof) for proof in proofs.key_change_proofs(last)]
    assert follow_keys(first, changes) == keys.trusted_vkeys()
    assert proofs.key_change_proofs(first) == []


def test_old_key_is_gone_and_the_new_one_is_readable_by_its_owner_alone(first):
    before = (keys.folder() / keys.KEY_FILE).read_bytes()
    rotation.change_key(actor="user:ada")
    assert sorted(path.name for path in keys.folder().iterdir()) == [keys.VKEY_FILE, keys.KEY_FILE]
    assert (keys.folder() / keys.KEY_FILE).read_bytes() != before
    assert stat.S_IMODE((keys.folder() / keys.KEY_FILE).stat().st_mode) == 0o400


def test_interrupted_change_goes_on_with_the_same_key(first, monkeypatch):
    def crash():
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(keys, "put_successor_in_use", crash)
        with pytest.raises(KeyboardInterrupt):
            rotation.change_key(actor="user:ada")
    assert keys.trusted_vkeys() == [first]
    waiting = keys.load_or_create_successor().vkey
    assert rotation.change_key(actor="user:ada") == (first, waiting)
    assert Event.objects.filter(action=KEY_CHANGED).count() == 1
    assert verify_log().problems == []


def test_key_that_is_not_sealed_is_not_put_in_use(first, monkeypatch):
    monkeypatch.setattr(rotation, "SEALING_SECONDS", 0)
    monkeypatch.setattr("audit.sequencer.Sequencer.run", lambda self, stop: None)
    with pytest.raises(NotIncluded):
        rotation.change_key(actor="user:ada")
    assert keys.trusted_vkeys() == [first]


def test_old_key_counts_for_nothing_after_the_change(first, write, sequencer, insider, tmp_path):
    """Whoever kept a copy of the old key cannot sign what comes after it."""
    stolen = keys.load_or_create_signer()
    rotation.change_key(actor="user:ada")
    for _ in range(2):
        write(1)
        sequencer.run_once()
    size, root = notes.open_checkpoint(Checkpoint.objects.order_by("-size").first().note, keys.trusted_vkeys())
    forged = stolen.checkpoint(size, root).decode()
    insider.execute("UPDATE audit_checkpoint SET note = %s WHERE size = %s", [forged, size])
    outside.log_path().unlink()
    assert checks(verify_log()) == {"signature"}


def test_successor_may_not_sign_before_the_old_key_sealed_its_entry(first, write, sequencer, insider):
    rotation.change_key(actor="user:ada")
    row = Checkpoint.objects.get(size=4)
    _, root = notes.open_checkpoint(row.note, keys.trusted_vkeys())
    note = keys.load_or_create_signer().checkpoint(4, root).decode()
    insider.execute("UPDATE audit_checkpoint SET note = %s WHERE size = 4", [note])
    outside.log_path().unlink()
    assert "signature" in checks(verify_log())


def test_key_that_the_application_named_by_itself_is_refused_and_reported(first, sequencer, settings, tmp_path):
    """Who stole the web role can write such an entry, but not the old key's signature in it."""
    thief = stranger(tmp_path / "thief", settings)
    entry = announce([thief.key], notes.key_change_text(thief.name, thief.vkey))
    sequencer.run_once()
    with pytest.raises(Refused):
        read_key_change(entry, first)
    report = verify_log()
    assert (checks(report), report.first_bad_index) == ({"key"}, 3)


def test_key_added_to_the_list_by_hand_is_reported(first, settings, tmp_path):
    thief = stranger(tmp_path / "thief", settings)
    path = keys.folder() / keys.VKEY_FILE
    path.chmod(0o644)
    path.write_text(f"{first}\n{thief.vkey}\n")
    assert checks(verify_log()) == {"key"}


@pytest.mark.parametrize(
    "kind", ["new key unsigned", "other text", "other name", "same key", "other action", "no JSON"]
)
def test_entry_that_changes_no_key_is_refused(first, settings, tmp_path, kind):
    signer, new = keys.load_or_create_signer(), stranger(tmp_path / "new", settings)
    text = notes.key_change_text(signer.name, new.vkey)
    entry = {
        "new key unsigned": lambda: announce([signer.key], text),
        "other text": lambda: announce([signer.key, new.key], text.replace("new key", "old key")),
        "other name": lambda: announce([signer.key, new.key], notes.key_change_text("other.example/log", new.vkey)),
        "same key": lambda: announce([signer.key], notes.key_change_text(signer.name, signer.vkey)),
        "other action": lambda: announce([signer.key, new.key], text, action="audit_key_praised"),
        "no JSON": lambda: b"\xff",
    }[kind]()
    with pytest.raises(Refused):
        read_key_change(entry, first)


def test_command_names_both_keys(first):
    out = io.StringIO()
    call_command("rotate_audit_key", actor="user:ada", stdout=out)
    assert [line.split()[-1] for line in out.getvalue().splitlines()[:2]] == keys.trusted_vkeys()


def test_command_says_why_the_key_was_not_changed(first):
    (keys.folder() / keys.KEY_FILE).chmod(0o444)
    with pytest.raises(CommandError, match="chmod 0400"):
        call_command("rotate_audit_key", actor="user:ada")
