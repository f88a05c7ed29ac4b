"""The store of originals: write-once, checked on every read, whole or absent after any fault."""

import errno
import hashlib
import io
import json
import os
import signal
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.exceptions import (
    BlobChanged,
    BlobMissing,
    EmptyFile,
    Interrupted,
    TooLarge,
    VaultError,
    VaultFull,
    VaultUnavailable,
)
from evidence.files import BLOCK
from evidence.vault import LIMIT, READ_ONLY, Vault

from .faults import FaultyFileSystem, die, fail_with, in_child

BYTES = b"16 May 2024, Noumea\n" * 400
HASH = hashlib.sha256(BYTES).hexdigest()


class Endless(io.RawIOBase):
    """A stream of a given length that exists nowhere."""

    def __init__(self, length: int) -> None:
        self.left = length

    def read(self, size: int = -1) -> bytes:
        block = b"\0" * min(self.left, size)
        self.left -= len(block)
        return block


class Breaking(io.BytesIO):
    """A stream whose sender goes away half way."""

    def read(self, size: int = -1) -> bytes:
        block = super().read(1000)
        if self.tell() > 4000:
            raise OSError("connection lost")
        return block


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path / "vault")


def original(vault: Vault, sha256: str = HASH) -> Path:
    return vault.root / "o" / sha256[:2] / sha256[2:4] / sha256


def put(vault: Vault, content: bytes = BYTES, **more):
    return vault.put(io.BytesIO(content), **more)


def files_under(vault: Vault) -> list[str]:
    return sorted(str(path.relative_to(vault.root)) for path in vault.root.rglob("*") if not path.is_dir())


# --- writing


def test_put_returns_both_hashes_and_the_size(vault):
    stored = put(vault)
    assert stored.sha256 == HASH
    assert stored.sha512 == hashlib.sha512(BYTES).hexdigest()
    assert stored.size == len(BYTES)


def test_put_keeps_the_exact_bytes_read_only_under_their_hash(vault):
    put(vault)
    assert original(vault).read_bytes() == BYTES
    assert original(vault).stat().st_mode & 0o777 == 0o440
    assert original(vault).stat().st_nlink == 1
    assert vault.leftovers() == []


@given(content=st.binary(min_size=1, max_size=5000))
def test_put_then_open_gives_back_any_bytes(content, tmp_path_factory):
    vault = Vault(tmp_path_factory.mktemp("vault"))
    with vault.open(put(vault, content).sha256) as stream:
        assert stream.read() == content


def test_put_of_the_same_bytes_twice_leaves_the_first_file_untouched(vault):
    put(vault)
    before = original(vault).stat()
    assert put(vault).sha256 == HASH
    after = original(vault).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert files_under(vault) == [f"o/{HASH[:2]}/{HASH[2:4]}/{HASH}"]


def damage(vault) -> None:
    original(vault).chmod(0o600)
    original(vault).write_bytes(b"forged")


def test_put_over_a_damaged_original_sets_it_aside_and_overwrites_nothing(vault):
    assert put(vault).set_aside == ""
    damage(vault)
    stored = put(vault)
    assert stored.set_aside.startswith(f"{HASH}.")
    assert (vault.root / "q" / stored.set_aside).read_bytes() == b"forged"
    assert vault.verify(HASH).ok
    assert original(vault).stat().st_mode & 0o777 == READ_ONLY
    assert list(vault.originals()) == [HASH]
    assert vault.leftovers() == []


def test_of_many_who_bring_a_damaged_original_again_one_sets_it_aside(vault):
    put(vault)
    damage(vault)
    with ThreadPoolExecutor(8) as people:
        aside = [stored.set_aside for stored in people.map(lambda _: put(vault), range(8))]
    assert len(list(filter(None, aside))) == len(list((vault.root / "q").iterdir())) == 1
    assert vault.verify(HASH).ok


def test_put_of_an_empty_stream_is_refused_and_leaves_nothing(vault):
    with pytest.raises(EmptyFile, match="empty"):
        put(vault, b"")
    assert files_under(vault) == []


def test_put_of_a_stream_that_breaks_off_leaves_nothing(vault):
    with pytest.raises(Interrupted, match="broke off"):
        vault.put(Breaking(BYTES))
    assert files_under(vault) == []


@pytest.mark.parametrize("over", [1, 2, BLOCK])
def test_put_over_the_limit_is_refused_and_leaves_nothing(tmp_path, over):
    vault = Vault(tmp_path, limit=3 * BLOCK)
    with pytest.raises(TooLarge, match="3,145,728 bytes"):
        vault.put(Endless(3 * BLOCK + over))
    assert files_under(vault) == []


def test_put_of_exactly_the_limit_is_kept(tmp_path):
    vault = Vault(tmp_path, limit=3 * BLOCK)
    assert vault.put(Endless(3 * BLOCK)).size == 3 * BLOCK


def test_limit_is_two_gibibytes():
    assert Vault("/nowhere").limit == LIMIT == 2_147_483_648


def test_put_never_holds_a_whole_file_in_memory(vault):
    tracemalloc.start()
    try:
        with vault.open(vault.put(Endless(64 * BLOCK)).sha256) as stream:
            assert stream.read(10) == bytes(10)
        assert tracemalloc.get_traced_memory()[1] < 8 * BLOCK
    finally:
        tracemalloc.stop()


# --- receipts


def test_receipt_is_stored_beside_the_original_in_canonical_form(vault):
    put(vault, receipt=lambda stored: {"name": "Nouméa.txt", "size": "never trusted", "case": "NC-2024"})
    note = vault.root / "r" / f"{HASH}.json"
    facts = json.loads(note.read_text("utf-8"))
    assert facts["size"] == len(BYTES)
    assert facts["name"] == "Nouméa.txt"
    assert note.read_text("utf-8") == json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert note.stat().st_mode & 0o777 == 0o440


def test_receipt_of_a_second_arrival_is_kept_beside_the_first(vault):
    for case in ("A", "B"):
        put(vault, receipt=lambda stored, case=case: {"case": case})
    assert [receipt["case"] for receipt in vault.receipts(HASH)] == ["A", "B"]


def test_receipts_of_an_unknown_original_are_none(vault):
    assert vault.receipts(HASH) == []


# --- reading


def test_verify_of_an_untouched_original_is_ok(vault):
    put(vault)
    verdict = vault.verify(HASH)
    assert verdict.ok
    assert verdict.size == len(BYTES)


def test_verify_names_a_missing_original(vault):
    assert vault.verify(HASH).state == "missing"


@pytest.mark.parametrize("position", [0, len(BYTES) // 2, len(BYTES) - 1])
def test_a_flipped_byte_is_found_and_never_served(vault, position):
    put(vault)
    changed = bytearray(BYTES)
    changed[position] ^= 1
    original(vault).chmod(0o600)
    original(vault).write_bytes(changed)
    assert vault.verify(HASH).state == "changed"
    with pytest.raises(BlobChanged):
        vault.open(HASH)


def test_a_truncated_original_is_found_and_never_served(vault):
    put(vault)
    original(vault).chmod(0o600)
    os.truncate(original(vault), 10)
    assert vault.verify(HASH).state == "changed"
    with pytest.raises(BlobChanged):
        vault.open(HASH)


def test_a_missing_original_is_never_served(vault):
    put(vault)
    original(vault).unlink()
    with pytest.raises(BlobMissing):
        vault.open(HASH)


def test_a_link_to_the_same_bytes_elsewhere_is_not_the_original(vault, tmp_path):
    put(vault)
    elsewhere = tmp_path / "copy"
    original(vault).rename(elsewhere)
    original(vault).symlink_to(elsewhere)
    assert vault.verify(HASH).state == "unreadable"
    with pytest.raises(BlobChanged):
        vault.open(HASH)


def test_a_pipe_under_the_name_of_an_original_does_not_hold_the_reader(vault):
    put(vault)
    original(vault).unlink()
    os.mkfifo(original(vault))
    assert vault.verify(HASH).state == "unreadable"


def test_a_folder_under_the_name_of_an_original_is_unreadable(vault):
    put(vault)
    original(vault).unlink()
    original(vault).mkdir()
    assert vault.verify(HASH).state == "unreadable"


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "0" * 63, "A" * 64, "0" * 64 + "\n", "0" * 65])
def test_open_takes_nothing_but_a_hash(vault, name):
    with pytest.raises(ValueError, match="hexadecimal"):
        vault.open(name)


# --- links planted in the store


def test_put_through_a_planted_link_on_the_original_sets_the_link_aside(vault, tmp_path):
    put(vault)
    target = tmp_path / "elsewhere"
    target.write_bytes(BYTES)
    original(vault).unlink()
    original(vault).symlink_to(target)
    stored = put(vault)
    assert (vault.root / "q" / stored.set_aside).is_symlink()
    assert not original(vault).is_symlink()
    assert vault.verify(HASH).ok
    assert target.read_bytes() == BYTES


@pytest.mark.parametrize("level", ["o", f"o/{HASH[:2]}", f"o/{HASH[:2]}/{HASH[2:4]}", ".incoming", "r"])
def test_put_through_a_planted_folder_link_refuses_and_writes_nothing_there(vault, tmp_path, level):
    outside = tmp_path / "outside"
    outside.mkdir()
    planted = vault.root / level
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.symlink_to(outside, target_is_directory=True)
    with pytest.raises(VaultUnavailable):
        put(vault, receipt=lambda stored: {})
    assert list(outside.iterdir()) == []


# --- faults


def steps_of_put(tmp_path: Path) -> list[str]:
    fs = FaultyFileSystem()
    put(Vault(tmp_path / "measured", fs=fs), receipt=lambda stored: {"case": "A"})
    return fs.done


def nothing_half_done(vault: Vault) -> None:
    """Whatever is stored is whole; whatever is not whole is only on its way in."""
    for sha256 in vault.originals():
        assert vault.verify(sha256).ok
    for path in vault.root.glob("r/*"):
        assert json.loads(path.read_bytes())["sha256"] == HASH
    assert len(vault.leftovers()) <= 2


def test_put_brings_file_and_folders_to_the_disk_in_order(tmp_path):
    steps = [step for step in steps_of_put(tmp_path) if step != "open_directory"]
    into_incoming = ["make_directory", "sync", "create", "write", "sync"]
    down_to_home = ["make_directory", "sync"] * 3
    receipt = ["create", "write", "sync", "make_directory", "sync", "link", "sync", "remove"]
    assert steps == [*into_incoming, *down_to_home, "link", "sync", "remove", *receipt]


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_an_error_at_any_file_operation_is_told_and_leaves_nothing_half_done(tmp_path, code):
    steps = steps_of_put(tmp_path)
    for number in range(len(steps)):
        vault = Vault(tmp_path / f"v{number}", fs=FaultyFileSystem(number, fail_with(code)))
        with pytest.raises(VaultFull if code in (errno.ENOSPC, errno.EDQUOT) else VaultUnavailable):
            put(vault, receipt=lambda stored: {"case": "A"})
        healthy = Vault(vault.root)
        nothing_half_done(healthy)
        assert put(healthy).sha256 == HASH


@pytest.mark.parametrize("after", [False, True])
def test_death_at_any_file_operation_leaves_nothing_half_done(tmp_path, after):
    steps = steps_of_put(tmp_path)
    for number in range(len(steps)):
        vault = Vault(tmp_path / f"v{number}{after}", fs=FaultyFileSystem(number, die, after=after))
        status = in_child(lambda vault=vault: put(vault, receipt=lambda stored: {"case": "A"}))
        assert os.WTERMSIG(status) == signal.SIGKILL
        healthy = Vault(vault.root)
        nothing_half_done(healthy)
        assert put(healthy).sha256 == HASH
        assert healthy.verify(HASH).ok


def test_a_failed_sync_is_final_and_never_tried_again(tmp_path):
    sync_of_file = steps_of_put(tmp_path).index("write") + 1
    fs = FaultyFileSystem(sync_of_file, fail_with(errno.EIO))
    with pytest.raises(VaultUnavailable):
        put(Vault(tmp_path / "v", fs=fs))
    assert fs.done[sync_of_file:] == ["sync", "remove"]
    assert list(Vault(tmp_path / "v").originals()) == []


def test_a_full_disk_still_lets_read_what_is_there(tmp_path):
    put(Vault(tmp_path), b"first")
    full = Vault(tmp_path, fs=FaultyFileSystem(steps_of_put(tmp_path).index("write"), fail_with(errno.ENOSPC)))
    with pytest.raises(VaultFull, match="make room"):
        put(full)
    with full.open(hashlib.sha256(b"first").hexdigest()) as stream:
        assert stream.read() == b"first"


def test_every_refusal_of_the_store_is_a_vault_error():
    for refusal in (TooLarge, EmptyFile, Interrupted, VaultFull, VaultUnavailable, BlobMissing, BlobChanged):
        assert issubclass(refusal, VaultError)


# --- what is there


def test_orphans_are_the_originals_without_a_row(vault):
    hashes = [put(vault, bytes([number])).sha256 for number in range(1, 8)]
    known = set(hashes[:3])
    found = list(vault.orphans(lambda batch: [sha256 for sha256 in batch if sha256 in known], batch=2))
    assert found == sorted(hashes[3:])


def test_orphans_of_an_empty_store_ask_nothing(vault):
    assert list(vault.orphans(lambda batch: pytest.fail("asked"))) == []


def test_there_is_no_way_to_delete_an_original():
    assert not [name for name in dir(Vault) if any(word in name for word in ("delete", "remove", "purge", "unlink"))]
