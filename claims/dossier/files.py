"""Reading a published dossier from its folder or zip file, however hostile what lies there is.

Python's standard library only, for Python 3.8 and later: below its import block this file is copied as it stands into
each dossier's `verify.py`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import zipfile
import zlib

# --- copied into verify.py from here on

MAX_FILES = 20000
MAX_BYTES = 512 * 1024 * 1024
# A folder that holds none of these was never a dossier, however damaged.
MARKS = ("manifest.json", "claims.json", "evidence-manifest.json")
SAFE_NAME = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9._-]*/)*[A-Za-z0-9_][A-Za-z0-9._-]*")


class Damaged(Exception):
    """A file of the dossier that is not what it has to be; `name` says which, the text says why."""

    def __init__(self, name, why):
        super().__init__(why)
        self.name = name


class NotADossier(Exception):
    """What was given is no dossier's folder and no zip file, or cannot be read: there is nothing to check."""


class Note(str):
    """A line of the report that says what could not be seen here; no check failed."""


def canonical(value):
    """The one byte form of a JSON value in which every file of a dossier is written."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def load(path):
    """Return {name: bytes} of a dossier's folder or zip file, read into memory; nothing is ever unpacked to disk."""
    if os.path.isdir(path):
        return _load_folder(path)
    try:
        with open(path, "rb") as file:
            magic = file.read(2)
    except OSError as error:
        raise NotADossier(f"{path} cannot be read: {error.strerror}") from error
    if magic != b"PK":
        raise NotADossier(f"{path} is neither a folder nor a zip file")
    return _load_zip(path)


def _load_folder(path):
    if not any(os.path.lexists(os.path.join(path, name)) for name in MARKS):
        raise NotADossier(f"{path} holds no dossier: none of {', '.join(MARKS)} is there")
    files, total = {}, 0
    for root, folders, names in os.walk(path):
        for name in sorted(folders + names):
            full = os.path.join(root, name)
            shown = os.path.relpath(full, path).replace(os.sep, "/")
            status = os.lstat(full)
            if stat.S_ISDIR(status.st_mode):
                continue
            if not SAFE_NAME.fullmatch(shown):
                # A stranger, such as a desktop's .DS_Store: it is named in the report and never read.
                files[ascii(shown)[1:-1]] = b""
                continue
            if not stat.S_ISREG(status.st_mode):
                raise Damaged(shown, "is a link or a device, not a plain file")
            total += status.st_size
            if total > MAX_BYTES or len(files) >= MAX_FILES:
                raise Damaged(shown, "the folder holds more than a dossier can")
            files[shown] = _read(full)
    return files


def _read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise NotADossier(f"{path} cannot be read: {error.strerror}") from error


def _load_zip(path):
    files = {}
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MAX_FILES or sum(member.file_size for member in members) > MAX_BYTES:
                raise Damaged(os.path.basename(path), "unpacks to more than a dossier can hold")
            for member in members:
                _check_member(member)
                name = member.filename.partition("/")[2]
                if name in files:
                    raise Damaged(name, "stands twice in the zip file")
                files[name] = archive.read(member)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, RuntimeError, ValueError, zlib.error) as error:
        raise Damaged(os.path.basename(path), f"the zip file is cut off or damaged: {error}") from error
    if len({member.filename.partition("/")[0] for member in members}) != 1:
        raise Damaged(os.path.basename(path), "holds more than one folder, or none")
    return files


def _check_member(member):
    """Refuse names that would lead out of the folder, links, folders and encrypted members."""
    name = member.orig_filename
    kind = stat.S_IFMT(member.external_attr >> 16)
    if not SAFE_NAME.fullmatch(name) or "/" not in name or kind not in (0, stat.S_IFREG):
        raise Damaged(ascii(name)[1:-1], "is not a name that a file of a dossier can have")
    if member.flag_bits & 1:
        raise Damaged(name, "is encrypted; dossiers never are")
    if member.comment:  # a changed length makes a comment of the members after this one
        raise Damaged(name, "has a comment; files of dossiers never do")


def parse(files, name):
    """Return the value of a JSON file that must be in canonical form; raise Damaged otherwise."""
    try:
        value = json.loads(files[name].decode("utf-8"))
        if canonical(value) == files[name]:
            return value
    except KeyError:
        raise Damaged(name, "is missing") from None
    except (ValueError, RecursionError) as error:
        raise Damaged(name, f"is not JSON: {error}") from error
    raise Damaged(name, "is not in the byte form in which dossiers are written")
