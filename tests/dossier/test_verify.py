"""Anybody can check a dossier offline; one changed byte anywhere is found and its file named."""

import ast
import json
import os
import stat
import subprocess
import sys
import zipfile
from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.dossier import checks, files, program
from claims.dossier.files import load
from tests.dossier.conftest import write_zip

pytestmark = pytest.mark.xdist_group("dossier")


def command(path, *arguments: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_dossier", str(path), *arguments, stdout=out, stderr=err)
    except SystemExit as stop:
        return stop.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def run_program(folder, *arguments: str, program_path=None) -> subprocess.CompletedProcess:
    """verify.py as a reader runs it: isolated, without site packages, and with no network to reach."""
    offline = ["unshare", "--net"] if os.geteuid() == 0 else []
    return subprocess.run(
        [*offline, sys.executable, "-I", "-S", program_path or folder / "verify.py", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_program_in_an_unpacked_dossier_finds_it_whole(folder):
    done = run_program(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The dossier is whole." in done.stdout
    assert done.stderr == ""
    assert not list(folder.rglob("__pycache__"))


def test_program_answers_programs(folder):
    done = run_program(folder, "--json")
    assert json.loads(done.stdout)["ok"] is True


def test_program_checks_a_zip_file(folder, zip_path):
    assert run_program(folder, str(zip_path)).returncode == 0


def test_program_needs_python_3_8_and_the_standard_library_only():
    tree = ast.parse(program.source(), feature_version=(3, 8))
    imported = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert imported <= sys.stdlib_module_names


def test_program_holds_the_proof_code_word_for_word():
    with open("audit/offline.py", encoding="utf-8") as file:
        body = file.read().partition("import annotations\n")[2]
    assert body in program.source()


def test_program_refuses_a_changed_page(folder):
    path = folder / "index.html"
    path.write_bytes(path.read_bytes().replace(b"likely", b"certain", 1))
    done = run_program(folder)
    assert done.returncode == 1
    assert "DAMAGED  index.html" in done.stdout


def test_program_without_a_dossier_says_so(folder, tmp_path):
    done = run_program(folder, str(tmp_path / "nothing"))
    assert done.returncode == 2
    assert "cannot be read" in done.stderr


def test_command_agrees_with_the_program(folder, zip_path):
    assert command(folder)[0] == command(zip_path)[0] == 0
    code, out, _ = command(zip_path, "--json")
    assert (code, json.loads(out)["ok"]) == (0, True)


def test_command_of_another_key_is_refused(folder, dossier):
    own = dossier.files["audit/vkey"].decode().strip()
    other = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    assert command(folder, "--vkey", own)[0] == 0
    code, out, _ = command(folder, "--vkey", other)
    assert code == 1
    assert "audit/vkey" in out


def test_flip_of_a_byte_in_each_file_is_found_and_named(dossier):
    for name, content in dossier.files.items():
        for position in {0, len(content) // 2, len(content) - 1}:
            changed = bytearray(content)
            changed[position] ^= 1
            with pytest.raises(checks.Damaged) as found:
                checks.check(dossier.files | {name: bytes(changed)})
            assert found.value.name == name


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_flip_of_any_bit_is_found_and_named(dossier, data):
    name = data.draw(st.sampled_from(sorted(dossier.files)))
    content = bytearray(dossier.files[name])
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(checks.Damaged) as found:
        checks.check(dossier.files | {name: bytes(content)})
    assert found.value.name == name


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_flip_of_any_bit_in_an_audit_file_fails_even_with_a_new_manifest(dossier, data):
    name = data.draw(st.sampled_from(sorted(name for name in dossier.files if name.startswith("audit/"))))
    content = bytearray(dossier.files[name])
    content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(checks.Damaged):
        checks.check(relisted(dossier.files | {name: bytes(content)}))


@pytest.mark.parametrize("name", ["index.html", "dossier.css", "claims.json", "evidence-manifest.json", "verify.py"])
def test_page_changed_together_with_the_manifest_breaks_the_seal(dossier, name):
    changed = dossier.files[name].replace(b"likely", b"surely").replace(b"0", b"1")
    with pytest.raises(checks.Damaged):
        checks.check(relisted(dossier.files | {name: changed}))


def test_file_that_is_missing_is_named(dossier):
    for name in dossier.files:
        with pytest.raises(checks.Damaged) as found:
            checks.check({other: content for other, content in dossier.files.items() if other != name})
        assert found.value.name == name


@pytest.mark.parametrize("name", ["extra.txt", "audit/9.json", ".DS_Store", "a/b/c.html", "audit/first-vkey"])
def test_file_that_was_added_is_named_and_changes_nothing(folder, name):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"{}")
    code, out, _ = command(folder)
    assert code == 0
    assert f"note     {name} does not belong to the dossier" in out
    assert "none missing" in out


def of_action(dossier, *actions: str) -> dict[str, dict]:
    """The dossier's entries of these actions, by the names of their files without an ending."""
    entries = {name[:-5]: json.loads(content) for name, content in dossier.files.items() if is_entry(name)}
    return {name: entry for name, entry in entries.items() if entry.get("action") in actions}


def is_entry(name: str) -> bool:
    return name.startswith("audit/") and name.endswith(".json")


def without(dossier, names) -> dict[str, bytes]:
    gone = {name + end for name in names for end in (".json", ".tlog-proof")}
    return relisted({name: content for name, content in dossier.files.items() if name not in gone})


@pytest.mark.parametrize(
    "action", ["claim_submitted", "claim_checked", "claim_approved", "claim_published", "item_logged"]
)
def test_step_whose_proof_was_taken_out_is_missed(dossier, action):
    """With a manifest made anew: each single proof is needed."""
    for name in of_action(dossier, action):
        with pytest.raises(checks.Damaged, match=r"prove|proof|did not seal"):
            checks.check(without(dossier, [name]))


def test_proofs_of_all_steps_taken_out_together_are_missed(dossier):
    names = of_action(dossier, *checks.STEPS, checks.LOGGED, "claim_checked", "claim_cleared")
    with pytest.raises(checks.Damaged):
        checks.check(without(dossier, names))


def test_steps_that_are_not_shown_are_counted(dossier):
    notes = [line for line in checks.check(dossier.files) if isinstance(line, files.Note)]
    entries = of_action(dossier, "claim_published")
    claim = next(iter(entries.values()))
    assert any(line.startswith(f"{claim['object']}: ") and "not shown here (" in line for line in notes)


def test_entry_of_another_content_proves_nothing(dossier):
    snapshot = checks.parse(dossier.files, checks.CLAIMS)
    entries = list(of_action(dossier, *checks.STEPS, "claim_checked", "claim_cleared", checks.LOGGED).values())
    assert "each in the log" in checks._check_steps(entries, snapshot)
    other = [entry | {"evidence": ["0" * 64]} for entry in entries]
    with pytest.raises(checks.Damaged, match="exactly this content"):
        checks._check_steps(other, snapshot)
    alone = [entry | {"actor": "user:1"} for entry in entries]
    with pytest.raises(checks.Damaged, match="prove"):
        checks._check_steps(alone, snapshot)


def test_older_dossier_says_what_it_cannot_show(dossier):
    older = checks.parse(dossier.files, checks.CLAIMS) | {"format": checks.UNBOUND_FORMAT}
    assert isinstance(checks._check_steps([], older), files.Note)
    assert checks.check_claims(older)


def test_report_says_no_more_than_was_checked(dossier):
    report = " ".join(checks.check(dossier.files))
    assert "the preserved copies are not in the dossier" in report
    assert "stands in a passage of its exhibit" not in report


def test_link_in_the_folder_is_refused(folder, tmp_path):
    (tmp_path / "index.html").write_bytes((folder / "index.html").read_bytes())
    (folder / "index.html").unlink()
    (folder / "index.html").symlink_to(tmp_path / "index.html")
    code, out, _ = command(folder)
    assert code == 1
    assert "index.html" in out


def test_zip_cut_off_anywhere_is_damaged(zip_path, dossier):
    whole = dossier.zip
    for length in (3, 100, len(whole) // 2, len(whole) - 1):
        zip_path.write_bytes(whole[:length])
        assert command(zip_path)[0] == 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_zip_with_any_flipped_bit_is_damaged_or_holds_the_same_files(dossier, tmp_path_factory, position, bit):
    content = bytearray(dossier.zip)
    content[position % len(content)] ^= 1 << bit
    path = tmp_path_factory.mktemp("zip") / "dossier.zip"
    path.write_bytes(bytes(content))
    try:
        assert load(str(path)) == dossier.files
    except checks.Damaged:
        return
    except files.NotADossier:
        assert position % len(content) < 2


@pytest.mark.parametrize(
    "name",
    [
        "../../outside.txt",
        "dossier/../../outside.txt",
        "/etc/outside.txt",
        "dossier\\..\\outside.txt",
        "C:/outside.txt",
        "dossier//outside.txt",
        "dossier/.hidden",
        "dossier/\x1b[31mred",
        "loose.txt",
        "dossier/\u202etxt.exe",
    ],
)
def test_zip_with_a_name_that_leads_elsewhere_is_refused(tmp_path, dossier, name):
    path = write_zip(tmp_path / "bad.zip", {name: b"x"})
    code, out, _ = command(path)
    assert code == 1
    assert "DAMAGED" in out
    assert "\x1b" not in out
    assert sorted(item.name for item in tmp_path.iterdir()) == ["bad.zip"]


def test_zip_with_a_link_is_refused(tmp_path):
    path = write_zip(tmp_path / "bad.zip", {"d/index.html": b"/etc/passwd"}, external_attr=(stat.S_IFLNK | 0o777) << 16)
    assert command(path)[0] == 1


def test_zip_that_unpacks_to_too_much_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 1000)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("d/index.html", b"0" * 5000)
    code, out, _ = command(path)
    assert code == 1
    assert "more than a dossier can hold" in out


def test_zip_with_a_name_twice_is_refused(tmp_path, dossier):
    path = tmp_path / "twice.zip"
    write_zip(path, {"d/index.html": b"1", "d/indez.html": b"2"})
    path.write_bytes(path.read_bytes().replace(b"indez", b"index"))
    assert command(path)[0] == 1


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"\x00" * 50])
def test_file_that_is_no_dossier_is_bad_input(tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)
    code, out, err = command(path)
    assert (code, out) == (2, "")
    assert "neither a folder nor a zip file" in err


@pytest.mark.parametrize("names", [(), ("hosts", "dir/passwd")])
def test_folder_that_was_never_a_dossier_is_bad_input(tmp_path, names):
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    code, out, err = command(tmp_path)
    assert (code, out) == (2, "")
    assert "holds no dossier: none of manifest.json" in err


def test_folder_without_its_manifest_is_damaged(tmp_path):
    (tmp_path / "claims.json").write_bytes(b"{}")
    code, out, _ = command(tmp_path)
    assert code == 1
    assert "manifest.json" in out


@pytest.mark.parametrize(
    "damage",
    [
        lambda claim: claim.update(public_text="Something else."),
        lambda claim: claim["citations"][0].update(exact="Words that were never approved"),
        lambda claim: claim["content"].update(public_text="Another"),
        lambda claim: claim.update(reviews=[]),
        lambda claim: [review.update(reviewed_by=claim["author"]) for review in claim["reviews"]],
        lambda claim: claim["citations"][0].update(exhibit=99),
        lambda claim: claim.pop("citations"),
    ],
)
def test_claim_that_is_not_what_was_approved_is_refused(dossier, damage):
    snapshot = json.loads(dossier.files["claims.json"])
    damage(snapshot["claims"][0])
    evidence = checks.canonical(
        {"format": snapshot["format"], "exhibits": snapshot["exhibits"], "sources": snapshot["sources"]}
    )
    files = dossier.files | {"claims.json": checks.canonical(snapshot), "evidence-manifest.json": evidence}
    with pytest.raises(checks.Damaged) as found:
        checks.check(relisted(files))
    assert found.value.name in ("claims.json", "evidence-manifest.json")


def test_log_names_exactly_the_claims_that_are_shown(dossier):
    """A release of claims that the log knows nothing of cannot be slipped under a seal that it gave."""
    snapshot = checks.parse(dossier.files, checks.CLAIMS)
    checks.check_audit(dossier.files, snapshot)
    left_out = snapshot["claims"].pop()
    with pytest.raises(checks.Damaged, match="no publication of exactly these claims"):
        checks.check_audit(dossier.files, snapshot)
    snapshot["claims"] += [left_out, left_out]
    with pytest.raises(checks.Damaged, match="no publication of exactly these claims"):
        checks.check_audit(dossier.files, snapshot)


def relisted(files: dict[str, bytes]) -> dict[str, bytes]:
    """What somebody does who changes a file and the list of files with it."""
    entries = {name: checks.sha256(content) for name, content in files.items() if name != checks.MANIFEST}
    manifest = {"format": checks.MANIFEST_FORMAT, "files": entries, "digest": checks.manifest_digest(entries)}
    return files | {checks.MANIFEST: checks.canonical(manifest)}
