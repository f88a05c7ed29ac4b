"""What the command line was given, sorted out before anything is logged: files, folders, web addresses."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cases.exceptions import InvalidInput
from evidence.details import check_url


@dataclass(frozen=True)
class Found:
    """One thing to log: a file, or a web address."""

    path: Path | None = None
    url: str = ""


def collect(given: Sequence[str], *, limit: int) -> list[Found]:
    """Every file under the given paths, in the order of their names, and every address.

    Raises InvalidInput for what does not exist, cannot be read, is empty, is too large or is no plain file, so that a
    mistake in the last argument stops the command before the first file is logged. Links are not followed in folders.
    """
    found: list[Found] = []
    for text in given:
        # Path("") is the working directory: an unset shell variable must not log whatever happens to lie there.
        if not text.strip():
            raise InvalidInput("An empty path was given: name each file, folder or address.")
        if text.startswith(("http://", "https://")):
            check_url(text, "address")
            found.append(Found(url=text))
        else:
            found.extend(Found(path=path) for path in _files(Path(text)))
    for path in [one.path for one in found if one.path]:
        _check(path, limit)
    return found


def _files(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise InvalidInput(f"{path}: there is no such file or folder.")
    if not path.is_dir():
        yield path
        return
    inside = sorted(entry for entry in path.rglob("*") if entry.is_file() and not entry.is_symlink())
    if not inside:
        raise InvalidInput(f"{path}: there is no file in this folder.")
    yield from inside


def _check(path: Path, limit: int) -> None:
    if not path.is_file():
        raise InvalidInput(f"{path}: this is not a plain file.")
    if not os.access(path, os.R_OK):
        raise InvalidInput(f"{path}: it cannot be read.")
    size = path.stat().st_size
    if size == 0:
        raise InvalidInput(f"{path}: the file is empty.")
    if size > limit:
        raise InvalidInput(f"{path}: it has {size:,} bytes, more than the limit of {limit:,} bytes.")
