"""Copies of a whole installation, and getting one back.

The order is what makes a copy whole while people work: the database first, then the store of originals, which only
grows. The other way round, rows point to originals that the copy does not hold (AUDIT 3b, 4.5).

A backup is a folder:

    manifest.json       what is in it, and the SHA-256 of the dump
    database.dump       pg_dump, custom format
    vault/              originals and receipts
    derivatives/        renditions and thumbnails
    dossiers/           what was published
    checkpoints.log     signed checkpoints, to compare the log with
    keys/               audit.vkey, which is public; the secret keys only where they were asked for
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from audit import keys, outside
from audit.verification import Report, verify_log
from caseapp.embedded import PROGRAMS, ensure_server
from caseapp.roles import connect_as_login, ensure_database, ensure_roles, protect_bookkeeping
from evidence import stores
from evidence.models import Blob
from evidence.vault import Vault

MANIFEST, DUMP = "manifest.json", "database.dump"
VERSION = 1


class BackupError(Exception):
    """Why a copy cannot be made or put back, for a person to read."""


@dataclass(frozen=True)
class Restored:
    """What a restored installation was found to be: originals that are not as preserved, and the state of its log."""

    originals: int
    damaged: list[str]
    log: Report

    @property
    def ok(self) -> bool:
        return not self.damaged and self.log.ok


# --- making a copy


def back_up(folder: Path, *, with_keys: bool = False) -> dict[str, Any]:
    """Copy the installation into `folder`, which must be new or empty; returns the manifest. Whole or not at all."""
    _check_empty(folder, "the folder for the backup")
    draft = folder.with_name(f".{folder.name}.{os.getpid()}.unfinished")
    draft.mkdir(mode=0o700, parents=True)
    try:
        manifest = _fill(draft, with_keys)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    except OSError as error:
        raise BackupError(f"cannot write the backup: {error.strerror or error}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return manifest


def _fill(draft: Path, with_keys: bool) -> dict[str, Any]:
    # Nothing may leave the store between the two: not even an orphan whose row is about to be written.
    with stores.vault().held():
        _run_tool("pg_dump", "--format=custom", f"--file={draft / DUMP}")
        originals = _copy_folders(draft)
    _copy_file(outside.log_path(), draft / outside.log_path().name)
    _copy_keys(keys.folder(), draft / "keys", with_keys)
    manifest = {
        "version": VERSION,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "database": connections["owner"].settings_dict["NAME"],
        "roles": settings.DB_ROLES,
        "dump_sha256": _sha256(draft / DUMP),
        "originals": originals,
        "keys": with_keys,
    }
    (draft / MANIFEST).write_text(json.dumps(manifest, indent=2, sort_keys=True), encoding="utf-8")
    return manifest


def _folders() -> dict[str, Path]:
    """Name in a backup -> folder of this installation."""
    return {
        "vault": Path(settings.VAULT_DIR),
        "derivatives": Path(settings.DERIVATIVES_DIR),
        "dossiers": Path(settings.DATA_DIR) / "dossiers",
    }


def _copy_folders(target: Path) -> int:
    for name, source in _folders().items():
        if source.is_dir():
            shutil.copytree(source, target / name, symlinks=True, ignore=shutil.ignore_patterns(".incoming"))
    return sum(1 for _ in Vault(target / "vault").originals())


def _copy_keys(source: Path, target: Path, secret_too: bool) -> None:
    target.mkdir(mode=0o700)
    for path in sorted(source.iterdir()) if source.is_dir() else []:
        if path.is_file() and (secret_too or path.name == keys.VKEY_FILE):
            _copy_file(path, target / path.name)


def _copy_file(source: Path, target: Path) -> None:
    if source.is_file():
        shutil.copy2(source, target)


# --- getting it back


def check_backup(folder: Path) -> dict[str, Any]:
    """Read the manifest and everything it promises; raises BackupError for the first thing that does not hold."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        version, expected = manifest["version"], manifest["dump_sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{folder} is not a backup: it has no readable {MANIFEST}") from error
    if version != VERSION:
        raise BackupError(f"{folder} was made by another version ({version!r}); this one reads {VERSION}")
    if not (folder / DUMP).is_file() or _sha256(folder / DUMP) != expected:
        raise BackupError(f"{folder / DUMP} is not what the manifest says")
    copy = Vault(folder / "vault")
    damaged = [sha256 for sha256 in copy.originals() if not copy.verify(sha256).ok]
    if damaged:
        raise BackupError(f"{len(damaged)} originals in the backup are damaged, the first is {damaged[0]}")
    return manifest


def restore(folder: Path, *, against: list[str], say: Callable[[str], None] = lambda _: None) -> Restored:
    """Put a backup into this installation, which must hold nothing yet, and verify what came of it.

    `against` holds checkpoints kept elsewhere. A dump that cannot be loaded leaves the target as empty as it was.
    """
    manifest = check_backup(folder)
    if manifest["roles"] != settings.DB_ROLES:
        raise BackupError(f"the backup belongs to roles named after another database: {manifest['database']}")
    for name, target in _folders().items():
        _check_empty(target, f"the folder for {name}")
    if outside.log_path().exists():
        raise BackupError(f"{outside.log_path()} exists: restore into an installation that was never used")
    _prepare_database()
    say("loading the database ...")
    _run_tool("pg_restore", "--exit-on-error", "--single-transaction", str(folder / DUMP))
    protect_bookkeeping(connections["owner"].settings_dict, settings.DB_ROLES)
    say("copying the originals ...")
    for name, target in _folders().items():
        if (folder / name).is_dir():
            shutil.copytree(folder / name, target, symlinks=True, dirs_exist_ok=True)
    _copy_file(folder / outside.log_path().name, outside.log_path())
    _put_keys_back(folder / "keys")
    say("verifying ...")
    return verify_restored(against)


def verify_restored(against: list[str]) -> Restored:
    """Every row has its original, each original is the preserved one, and the log agrees with every checkpoint."""
    vault = stores.vault()
    hashes = list(Blob.objects.order_by("pk").values_list("pk", flat=True))
    damaged = [sha256 for sha256 in hashes if not vault.verify(sha256).ok]
    return Restored(len(hashes), damaged, verify_log(against))


def _prepare_database() -> None:
    owner = connections["owner"].settings_dict
    if settings.EMBEDDED_DATABASE:
        ensure_server(settings.SERVER_DIR)
    ensure_database(owner)
    with connect_as_login(owner) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if found != (0,):
        raise BackupError(f"the database {owner['NAME']} is not empty: nothing was changed")
    ensure_roles(owner, settings.DB_ROLES, settings.DB_LOGINS)


def _put_keys_back(source: Path) -> None:
    """Keys of the backup take the place of those that a first command has just made for itself."""
    target = keys.folder()
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in sorted(source.iterdir()) if source.is_dir() else []:
        (target / path.name).unlink(missing_ok=True)
        _copy_file(path, target / path.name)


# --- parts


def _check_empty(path: Path, what: str) -> None:
    if path.exists() and (not path.is_dir() or any(entry.name != ".incoming" for entry in path.iterdir())):
        raise BackupError(f"{what} is not empty: {path}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _run_tool(name: str, *arguments: str) -> None:
    """Run a program of PostgreSQL on the database as the login that owns it; passwords go by the environment."""
    alias = connections["owner"].settings_dict
    target = {"--host": alias["HOST"], "--port": alias["PORT"], "--username": alias["USER"]}
    where = [f"{option}={value}" for option, value in target.items() if value]
    where.append(f"--dbname={alias['NAME']}")
    environment = os.environ | ({"PGPASSWORD": alias["PASSWORD"]} if alias["PASSWORD"] else {})
    try:
        subprocess.run(
            [str(PROGRAMS / name), *where, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines() or ["it gave no reason"]
        raise BackupError(f"{name} failed: {lines[0]}") from error
