"""The key that signs checkpoints: made at first start, in a file of its own, never in the database.

`audit.vkey` beside it lists, one per line, the verifier keys this installation trusts; the last one is in use. A key
that is to follow waits in a file of its own until the log names it (see audit/rotation.py).
"""

import contextlib
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from audit import notes
from audit.exceptions import BadKey
from audit.folders import sync_folder
from audit.offline import Refused, parse_vkey

KEY_FILE = "audit_ed25519.pem"
VKEY_FILE = "audit.vkey"
NEXT_FILE = "audit_ed25519.next.pem"


@dataclass(frozen=True)
class Signer:
    """The name and the private key of this log."""

    name: str
    key: Ed25519PrivateKey

    @property
    def vkey(self) -> str:
        return notes.make_vkey(self.name, self.key.public_key().public_bytes_raw())

    def checkpoint(self, size: int, root: bytes) -> bytes:
        return notes.sign_note(notes.checkpoint_text(self.name, size, root), self.name, self.key)


def folder() -> Path:
    return Path(settings.DATA_DIR) / "keys"


def origin() -> str:
    """The name of this log, which stands in the first line of each checkpoint."""
    return settings.AUDIT_ORIGIN


def load_or_create_signer() -> Signer:
    """Return the key of this installation, made at first use; raise BadKey when others could read or change it."""
    path = folder() / KEY_FILE
    # Asked in this order, since another process may be making both files just now: the key comes first.
    was_used = (folder() / VKEY_FILE).exists()
    if not path.exists():
        if was_used:
            raise BadKey(f"{path} is missing, but {VKEY_FILE} shows that there was a key: restore it from the backup")
        _create(path, _new_pem(), 0o400)
    signer = Signer(origin(), _read_key(path))
    _create(folder() / VKEY_FILE, f"{signer.vkey}\n".encode(), 0o444)
    if signer.vkey not in trusted_vkeys():
        raise BadKey(
            f"{path} is not a key that {VKEY_FILE} lists: was one of the two replaced, or AUDIT_ORIGIN changed?"
        )
    return signer


def load_or_create_successor() -> Signer:
    """Return the key that is to follow the one in use, made unless it waits already; it signs no checkpoint yet."""
    path = folder() / NEXT_FILE
    if not path.exists():
        _create(path, _new_pem(), 0o400)
    return Signer(origin(), _read_key(path))


def put_successor_in_use() -> None:
    """Trust the key that waits, then put it in the place of the old one, which is gone for good.

    In this order, so that a crash between the two leaves the old key in use and the next call ends the work.
    """
    successor = load_or_create_successor()
    vkeys = trusted_vkeys()
    if successor.vkey not in vkeys:
        draft = folder() / f"{VKEY_FILE}.next"
        draft.unlink(missing_ok=True)
        _create(draft, "".join(f"{vkey}\n" for vkey in [*vkeys, successor.vkey]).encode(), 0o444)
        draft.replace(folder() / VKEY_FILE)
    (folder() / NEXT_FILE).replace(folder() / KEY_FILE)
    sync_folder(folder())


def trusted_vkeys() -> list[str]:
    """Return the verifier keys of this log, oldest first; raise BadKey when there are none yet or one is malformed."""
    path = folder() / VKEY_FILE
    try:
        lines = path.read_text(encoding="utf-8").split()
    except FileNotFoundError as error:
        raise BadKey(f"{path} is missing: the sequencer makes it at its first start") from error
    except OSError as error:
        raise BadKey(f"{path} cannot be read: {error.strerror}") from error
    try:
        for line in lines:
            parse_vkey(line)
    except Refused as error:
        raise BadKey(f"{path}: {error}") from error
    return lines


def _new_pem() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _read_key(path: Path) -> Ed25519PrivateKey:
    if stat.S_IMODE(path.stat().st_mode) & 0o377:
        raise BadKey(f"{path} must be readable by its owner alone (chmod 0400)")
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise BadKey(f"{path} cannot be read: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(f"{path} does not hold an Ed25519 key")
    return key


def _create(path: Path, content: bytes, mode: int) -> None:
    """Write `path` unless it exists: under another name first, so that nobody reads half and the first writer wins."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    sync_folder(path.parent)
