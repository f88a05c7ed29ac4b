"""Signed notes, checkpoints and proofs of the C2SP formats: writing them. Parsing them is in `offline`."""

import base64
import hashlib
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from audit import offline


def make_vkey(name: str, public: bytes) -> str:
    """Return the verifier key by which others know the key `public` of `name`."""
    data = bytes([offline.ED25519_NOTE]) + public
    return f"{name}+{_key_id(name, data).hex()}+{base64.b64encode(data).decode()}"


def sign_note(text: str, name: str, *keys: Ed25519PrivateKey) -> bytes:
    """Return `text`, which ends in a newline, as a note signed by each of `keys`."""
    return (f"{text}\n" + "".join(_signature_line(text, name, key) for key in keys)).encode()


def key_change_text(name: str, vkey: str) -> str:
    """Return what the key in use and its successor `vkey` both sign before the one follows the other."""
    return f"{name}\nnew key\n{vkey}\n"


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """Return what a checkpoint states, unsigned."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"


def proof_bytes(index: int, hashes: Sequence[bytes], checkpoint: bytes) -> bytes:
    """Return a tlog-proof; `checkpoint` is the signed note."""
    lines = [offline.PROOF_HEADER, f"index {index}", *(base64.b64encode(item).decode() for item in hashes)]
    return ("\n".join(lines) + "\n\n").encode() + checkpoint


def check_signature(public: bytes, message: bytes, signature: bytes) -> bool:
    """The fast twin of `offline.check_ed25519`, for the thousands of checkpoints of a whole log."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_key_change(entry: bytes, vkey: str) -> str:
    """Return the key that follows `vkey` by this entry; raise offline.Refused when it is none of that kind."""
    return offline.read_key_change(entry, vkey, check_signature)


def open_checkpoint(note: str, vkeys: Sequence[str]) -> tuple[int, bytes]:
    """Return (size, root) of a checkpoint signed by one of `vkeys`; raise offline.Refused otherwise."""
    return offline.open_checkpoint(note.encode(), list(vkeys), check_signature)


def _signature_line(text: str, name: str, key: Ed25519PrivateKey) -> str:
    data = bytes([offline.ED25519_NOTE]) + key.public_key().public_bytes_raw()
    signature = base64.b64encode(_key_id(name, data) + key.sign(text.encode())).decode()
    return f"\u2014 {name} {signature}\n"


def _key_id(name: str, data: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
