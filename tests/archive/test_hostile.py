"""A damaged or hostile archive is refused, with the name of the file, and nothing of it stays."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from caseapp.archive.layout import CASE, LOG, ArchiveError, canonical, content_digest
from caseapp.archive.loading import import_case
from caseapp.archive.reading import opened
from cases.models import Case

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "owner", "sequencer"]),
    pytest.mark.xdist_group("archive"),
]
VERSIONS = "tables/claims_claimversion.jsonl"


def contents(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def repack(target: Path, files: dict[str, bytes], *, honest: bool = False) -> Path:
    """Write the files again; `honest` makes the list fit them, as somebody who forges the whole would."""
    if honest:
        manifest = json.loads(files[CASE])
        manifest["files"] = {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
            for name, data in files.items()
            if name != CASE
        }
        manifest["content"] = content_digest(manifest)
        files = files | {CASE: canonical(manifest)}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target


def refused(path: Path) -> ArchiveError:
    """What an import of the archive is refused with."""
    with pytest.raises(ArchiveError) as caught, opened(path) as archive:
        archive.check()
    return caught.value


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def test_one_changed_byte_in_any_file_is_refused_and_named(made, tmp_path):
    files = contents(made[0])
    for name in files:
        if files[name]:
            broken = repack(tmp_path / "broken.zip", files | {name: flipped(files[name])})
            assert refused(broken).name == name


def test_missing_and_strange_files_are_named(made, tmp_path):
    files = contents(made[0])
    original = next(name for name in files if name.startswith("originals/"))
    for name in (original, VERSIONS, LOG, CASE):
        less = {other: data for other, data in files.items() if other != name}
        assert refused(repack(tmp_path / "less.zip", less)).name == name
    stranger = "originals/" + "0" * 64
    assert refused(repack(tmp_path / "more.zip", files | {stranger: b"x"})).name == stranger


@pytest.mark.parametrize(
    "name",
    ["../case.json", "/etc/passwd", "originals/../../x", "tables\\x.jsonl", "tables/", "C:x", "audit/log.jsonl/"],
)
def test_names_that_lead_anywhere_are_refused(made, tmp_path, name):
    path = repack(tmp_path / "led.zip", contents(made[0]) | {name: b"x"})
    assert "not a name" in str(refused(path))


def test_same_name_twice_is_refused(made, tmp_path):
    path = repack(tmp_path / "twice.zip", contents(made[0]))
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(VERSIONS, b"")
    assert refused(path).name == VERSIONS
    assert "twice" in str(refused(path))


def test_bomb_is_refused_before_it_unpacks(made, tmp_path):
    bomb = b"\0" * (64 * 1024 * 1024)
    path = repack(tmp_path / "bomb.zip", contents(made[0]) | {LOG: bomb}, honest=True)
    assert refused(path).name == LOG
    assert "far more" in str(refused(path))


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip file", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_archive_is_refused(tmp_path, data):
    path = tmp_path / "case.zip"
    path.write_bytes(data)
    assert refused(path)


@pytest.mark.parametrize("data", [b"[]", b"{}", b"nul", b"[" * 100_000, b'{"format":"caseapp-case/2"}', b"\xff"])
def test_list_of_the_wrong_shape_is_refused(made, tmp_path, data):
    assert refused(repack(tmp_path / "shape.zip", contents(made[0]) | {CASE: data})).name == CASE


def edited(made, tmp_path: Path, name: str, **changes: object) -> Path:
    """The archive with the first row of a table changed, and a list that fits."""
    files = contents(made[0])
    first, *others = files[name].splitlines()
    row = json.loads(first) | changes
    lines = [canonical(row), *others]
    return repack(tmp_path / "edited.zip", files | {name: b"".join(line + b"\n" for line in lines)}, honest=True)


def test_words_that_the_log_never_named_are_refused(made, tmp_path):
    words = b'{"forged":true}'
    path = edited(
        made,
        tmp_path,
        VERSIONS,
        content="\\x" + words.hex(),
        content_sha256=hashlib.sha256(words).hexdigest(),
    )
    assert "never named" in str(refused(path))


def test_words_that_are_not_what_their_hash_says_are_refused(made, tmp_path):
    assert "what its hash says" in str(refused(edited(made, tmp_path, VERSIONS, content="\\x7b7d")))


def test_bytes_that_are_none_are_refused(made, tmp_path):
    for words in ("\\xzz", 7, ["x"]):
        assert "does not hold bytes" in str(refused(edited(made, tmp_path, VERSIONS, content=words)))


def test_rows_of_another_case_or_shape_are_refused(made, tmp_path):
    other = "01900000-0000-7000-8000-000000000000"
    assert "another case" in str(refused(edited(made, tmp_path, VERSIONS, case_id=other)))
    assert "columns" in str(refused(edited(made, tmp_path, VERSIONS, is_admin=True)))


def test_entry_of_the_log_that_was_changed_or_left_out_is_refused(made, tmp_path):
    files = contents(made[0])
    lines = files[LOG].splitlines(keepends=True)
    forged = files[LOG].replace(b"claim_approved", b"claim_retracted")
    assert "not of the log" in str(refused(repack(tmp_path / "forged.zip", files | {LOG: forged}, honest=True)))
    chained = next(number for number, line in enumerate(lines) if b'\\"action\\":\\"claim_submitted\\"' in line)
    short = b"".join(lines[:chained] + lines[chained + 1 :])
    assert "missing before" in str(refused(repack(tmp_path / "short.zip", files | {LOG: short}, honest=True)))


def test_nothing_stays_of_a_case_that_the_database_refuses(made, elsewhere, tmp_path):
    path = edited(made, tmp_path, "tables/claims_citation.jsonl", item_id=str(Case().pk))
    with pytest.raises(ArchiveError, match="database refuses"):
        import_case(path=path)
    assert not Case.objects.exists()
