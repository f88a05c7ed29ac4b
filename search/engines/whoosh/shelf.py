"""Where indexes lie: one folder for each that was built, and a file that says which one answers.

search-index/CURRENT          name of the folder in use, replaced in one step
search-index/<version>-<n>/   an index; a rebuilt one grows beside the one in use, and goes on where it stopped
"""

import hashlib
import os
import re
import shutil
from pathlib import Path

from django.conf import settings

from audit.folders import sync_folder
from search.engines.whoosh.sealing import CLOSED, MANIFEST, Unsealed, check_folder, read_manifest
from search.engines.whoosh.writing import SCHEMA_VERSION, create

CURRENT = "CURRENT"
_NAME = re.compile(r"([0-9a-f]{12})-(\d{1,9})")
_PREFIX = hashlib.sha256(SCHEMA_VERSION.encode()).hexdigest()[:12]


def root() -> Path:
    return Path(settings.SEARCH_INDEX_DIR)


def current() -> Path | None:
    """The index in use; None where there is none, or it was made by another version of the rules."""
    try:
        check_folder(root())
        name = (root() / CURRENT).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    match = _NAME.fullmatch(name)
    if match is None:
        raise Unsealed("CURRENT names no index")
    return root() / name if match[1] == _PREFIX else None


def unfinished() -> Path | None:
    """The newest index that was begun after the one in use, and can be gone on with."""
    for folder in reversed(_built()):
        if folder == current_or_none():
            return None
        if _is_sound(folder):
            return folder
    return None


def begin() -> Path:
    """A new, empty index beside the others."""
    root().mkdir(mode=CLOSED, parents=True, exist_ok=True)
    check_folder(root())
    last = max((int(folder.name.partition("-")[2]) for folder in _numbered()), default=0)
    folder = root() / f"{_PREFIX}-{last + 1}"
    create(folder)
    sync_folder(root())
    return folder


def use(folder: Path) -> None:
    """Let `folder` answer from now on, in one step, and take the others away."""
    draft = root() / f"{CURRENT}.new"
    draft.write_text(folder.name, encoding="ascii")
    os.replace(draft, root() / CURRENT)
    sync_folder(root())
    for other in _numbered():
        if other != folder:
            shutil.rmtree(other)


def current_or_none() -> Path | None:
    try:
        return current()
    except Unsealed:
        return None


def _numbered() -> list[Path]:
    if not root().is_dir():
        return []
    found = [path for path in root().iterdir() if _NAME.fullmatch(path.name)]
    return sorted(found, key=lambda path: int(path.name.partition("-")[2]))


def _built() -> list[Path]:
    return [folder for folder in _numbered() if folder.name.startswith(_PREFIX) and (folder / MANIFEST).exists()]


def _is_sound(folder: Path) -> bool:
    try:
        return read_manifest(folder).schema == SCHEMA_VERSION
    except (Unsealed, OSError):
        return False
