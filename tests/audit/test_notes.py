"""Signed notes and proofs: the C2SP vector, and that whatever differs by one bit is refused."""

import ast
import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from audit import merkle, notes, offline
from audit.offline import Refused, leaf_hash

C2SP_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
C2SP_NOTE = (
    "This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1E"
    "RYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()

NAME = "osint.example/audit"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VKEY = notes.make_vkey(NAME, KEY.public_key().public_bytes_raw())
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
ENTRIES = [f'{{"n":{number}}}'.encode() for number in range(11)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


def checkpoint(size=11, name=NAME, key=KEY, origin=None):
    text = notes.checkpoint_text(origin or name, size, merkle.root(LEAVES[:size]))
    return notes.sign_note(text, name, key)


def proof(index=6, size=11, note=None):
    hashes = merkle.inclusion_proof(index, size, lambda start, end: merkle.root(LEAVES[start:end]))
    return notes.proof_bytes(index, hashes, note or checkpoint(size))


@pytest.mark.parametrize("check", [None, notes.check_signature], ids=["standard library", "cryptography"])
def test_the_official_example_note_opens(check):
    assert offline.open_note(C2SP_NOTE, [C2SP_VKEY], check) == "This is an example message.\n"


def test_a_proof_holds_for_its_entry():
    assert offline.verify_proof(ENTRIES[6], proof(), [VKEY]) == (6, 11)
    assert offline.verify_proof(ENTRIES[0], proof(0, 1), [VKEY]) == (0, 1)


def test_every_flipped_bit_of_proof_and_entry_is_refused():
    good = proof()
    for position in range(len(good) * 8):
        changed = bytearray(good)
        changed[position // 8] ^= 1 << position % 8
        with pytest.raises(Refused):
            offline.verify_proof(ENTRIES[6], bytes(changed), [VKEY], notes.check_signature)
    for position in range(len(ENTRIES[6]) * 8):
        changed = bytearray(ENTRIES[6])
        changed[position // 8] ^= 1 << position % 8
        with pytest.raises(Refused):
            offline.verify_proof(bytes(changed), good, [VKEY], notes.check_signature)


@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_any_bytes_are_refused_with_a_reason(data):
    for reader in (offline.split_proof, offline.split_note):
        with pytest.raises(Refused):
            reader(data + b"\x00")
    with pytest.raises(Refused):
        offline.verify_proof(b"{}", data, [VKEY])


def unpad(good: bytes) -> bytes:
    return good.replace(b"=\n", b"\n", 1)


def loosen_base64(good: bytes) -> bytes:
    """The same 32 bytes in another spelling: the last letter before the padding has two unused bits."""
    line = next(line for line in good.split(b"\n") if line.endswith(b"="))
    letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    loose = line[:-2] + letters[letters.index(line[-2:-1]) + 1 :][:1] + b"="
    assert base64.b64decode(loose) == base64.b64decode(line)
    return good.replace(line, loose)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda good: good.replace(b"\n", b"\r\n"),
        lambda good: good.replace(b"index 6", b"index 7"),
        lambda good: good.replace(b"index 6", b"index 06"),
        lambda good: good.replace(b"index 6", "index \u0666".encode()),
        lambda good: good.replace(b"index 6", b"index  6"),
        lambda good: good.replace(b"index 6\n", b"index 6\nextra AAAA\n"),
        lambda good: good.replace(b"index 6\n", b"index 6\n" + base64.b64encode(LEAVES[0]) + b"\n"),
        lambda good: good + b"\n",
        lambda good: good[:-1],
        lambda good: b" " + good,
        lambda good: b"\xef\xbb\xbf" + good,
        lambda good: good.replace(b"\n11\n", b"\n011\n"),
        lambda good: good.replace(b"\n11\n", b"\n+11\n"),
        lambda good: good.replace(b"\n\n", b"\n\n\n", 1),
        lambda good: good.replace("\u2014".encode(), b"-"),
        lambda good: good + good.splitlines()[-1] + b" \n",
        lambda good: proof(note=checkpoint(key=OTHER_KEY)),
        lambda good: proof(note=checkpoint(name="evil.example/audit")),
        lambda good: proof(note=checkpoint(origin="evil.example/audit")),
        lambda good: proof(note=checkpoint(size=10)),
        unpad,
        loosen_base64,
    ],
)
def test_a_spoiled_proof_is_refused(spoil):
    good = proof()
    spoiled = spoil(good)
    assert spoiled != good
    with pytest.raises(Refused):
        offline.verify_proof(ENTRIES[6], spoiled, [VKEY])


def test_a_note_with_an_unknown_cosignature_opens():
    witness = checkpoint(name="witness.example", key=OTHER_KEY, origin=NAME).split(b"\n\n")[1]
    assert offline.open_checkpoint(checkpoint() + witness, [VKEY])[0] == 11


def test_a_note_with_one_wrong_known_signature_is_refused():
    good, wrong = checkpoint(11), checkpoint(10).split(b"\n\n")[1]
    with pytest.raises(Refused, match="wrong"):
        offline.open_checkpoint(good + wrong, [VKEY])


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        VKEY + "\n",
        VKEY.upper(),
        VKEY.replace("osint", "other"),
        VKEY[:-4],
        VKEY.replace("+", " "),
        notes.make_vkey("a b", KEY.public_key().public_bytes_raw()),
    ],
)
def test_a_malformed_verifier_key_is_refused(vkey):
    with pytest.raises(Refused):
        offline.parse_vkey(vkey)


@settings(max_examples=30)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511))
def test_both_ed25519_checks_agree(seed, message, bit):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    for check in (offline.check_ed25519, notes.check_signature):
        assert check(public, message, signature)
        assert not check(public, message, bytes(flipped))
        assert not check(public, message + b"x", signature)
        assert not check(public, message, signature[:-1])


def test_ed25519_refuses_a_scalar_that_is_not_reduced():
    """RFC 8032, 5.1.7: otherwise each signature would have a second spelling."""
    public, signature = KEY.public_key().public_bytes_raw(), KEY.sign(b"message")
    scalar = int.from_bytes(signature[32:], "little") + 2**252 + 27742317777372353535851937790883648493
    assert not offline.check_ed25519(public, b"message", signature[:32] + scalar.to_bytes(32, "little"))


def test_the_offline_file_is_written_for_python_3_8():
    tree = ast.parse(Path(offline.__file__).read_text(encoding="utf-8"), feature_version=(3, 8))
    imports = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    sources = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert (imports, sources) == ({"base64", "binascii", "hashlib", "json", "re"}, {"__future__"})


def test_the_offline_file_needs_nothing_but_the_standard_library(tmp_path):
    """A reader has this one file, and neither the application nor its packages."""
    source = Path(offline.__file__)
    (tmp_path / "verify.py").write_bytes(source.read_bytes())
    (tmp_path / "entry.json").write_bytes(ENTRIES[6])
    (tmp_path / "entry.tlog-proof").write_bytes(proof())
    code = """
import pathlib, sys, verify
assert not set(sys.modules) & {"django", "cryptography", "audit"}
entry, proof = (pathlib.Path(name).read_bytes() for name in ("entry.json", "entry.tlog-proof"))
print(verify.verify_proof(entry, proof, [sys.argv[1]]))
"""
    result = subprocess.run(
        [sys.executable, "-S", "-W", "error", "-c", code, VKEY],
        cwd=tmp_path,
        env={"PATH": os.defpath, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.stdout.strip(), result.stderr) == ("(6, 11)", "")
