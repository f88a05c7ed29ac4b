"""Dossiers outlive the key that signed them, and lead from a key that the reader knows to the one that signed."""

import subprocess
import sys

import pytest

from audit import keys, time_stamps
from audit.rotation import change_key
from claims.dossier import checks, command, program
from claims.dossier.build import build
from claims.dossier.checks import Damaged
from tests.authority import make_authority, serving
from tests.database import empty_database
from tests.scenes import story_in

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "sequencer"]),
    pytest.mark.xdist_group("dossier"),
]


@pytest.fixture(scope="module")
def editions(django_db_setup, django_db_blocker, tmp_path_factory, scenes):
    """The same publication before and after two changes of key: old, old again, new, and the keys in their order."""
    with django_db_blocker.unblock(), story_in(tmp_path_factory.mktemp("keys"), scenes) as story:
        old = build(actor=story.publisher, publication=story.publication)
        change_key(actor="user:ada")
        change_key(actor="user:ada")
        again = build(actor=story.publisher, publication=story.publication)
        with pytest.MonkeyPatch.context() as patch:
            # A later release with another verify.py: the pages are sealed anew, under the newest key.
            source = program.source() + "# a later release\n"
            patch.setattr(program, "source", lambda: source)
            new = build(actor=story.publisher, publication=story.publication)
        vkeys = keys.trusted_vkeys()
    with django_db_blocker.unblock():
        empty_database()
    return old, again, new, vkeys


def test_old_dossier_is_built_and_checked_as_before(editions):
    old, again, _, vkeys = editions
    assert again.files == old.files
    assert checks.check(old.files, vkeys[0])
    with pytest.raises(Damaged, match="another log"):
        checks.check(old.files, vkeys[1])


def test_old_dossier_is_checked_against_the_published_list_of_keys(editions, tmp_path, capsys):
    old, _, _, vkeys = editions
    (tmp_path / "old.zip").write_bytes(old.zip)
    (tmp_path / "vkeys").write_text("\n".join(vkeys))
    assert command.main([str(tmp_path / "old.zip"), "--vkey", str(tmp_path / "vkeys")]) == 0
    assert vkeys[0] in capsys.readouterr().out


@pytest.mark.parametrize("known", [0, 1, 2])
def test_new_dossier_leads_there_from_every_older_key(editions, tmp_path, known):
    _, _, new, vkeys = editions
    (tmp_path / "new.zip").write_bytes(new.zip)
    (tmp_path / "verify.py").write_bytes(new.files["verify.py"])
    command = [sys.executable, "-I", tmp_path / "verify.py", tmp_path / "new.zip", "--vkey", vkeys[known]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"follows {vkeys[0]} by 2 signed changes of key" in done.stdout


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda files: files.pop("audit/key-1.tlog-proof"), "audit/key-1.tlog-proof"),
        (lambda files: files.pop("audit/key-1.json"), "audit/key-1.json"),
        (lambda files: files.pop("audit/first-vkey"), "audit/first-vkey"),
        (lambda files: files.update({"audit/key-1.json": files["audit/key-2.json"]}), "audit/first-vkey"),
        (lambda files: files.update({"audit/first-vkey": files["audit/vkey"]}), "audit/first-vkey"),
        (lambda files: [files.pop(f"audit/key-2{end}") for end in (".json", ".tlog-proof")], "audit/vkey"),
    ],
)
def test_broken_way_between_the_keys_is_damage(editions, spoil, named):
    files = dict(editions[2].files)
    spoil(files)
    with pytest.raises(Damaged) as error:
        checks.check_audit(files, checks.parse(files, checks.CLAIMS))
    assert error.value.name == named


def test_time_stamp_of_the_checkpoint_is_in_the_dossier_and_told_in_words(story, settings, tmp_path):
    with serving(make_authority(tmp_path / "tsa")) as authority:
        settings.AUDIT_TSA_URL, settings.AUDIT_TSA_ROOTS = authority.url, str(authority.roots)
        before = build(actor=story.publisher, publication=story.publication)
        time_stamps.stamp_due()
        made = build(actor=story.publisher, publication=story.publication)
    assert set(made.files) - set(before.files) == {checks.TIME_STAMP}
    assert any("names the SHA-256 of audit/checkpoint" in line for line in checks.check(made.files))
    other = bytearray(made.files[checks.TIME_STAMP])
    place = other.index(bytes.fromhex(checks.sha256(made.files[checks.CHECKPOINT])))
    other[place] ^= 1
    for content, why in ((bytes(other), "another checkpoint"), (b"x", "not a time stamp")):
        with pytest.raises(Damaged, match=why):
            checks.check_audit(made.files | {checks.TIME_STAMP: content}, checks.parse(made.files, checks.CLAIMS))
