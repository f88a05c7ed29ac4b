"""The few file operations that the two stores are made of, in one place so that each can be made to fail.

Every name is taken relative to an open directory and symbolic links are never followed: a link planted inside the store
is an error, not a way out of it.
"""

import os
import stat
from collections.abc import Iterator

BLOCK = 1024 * 1024
DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class FileSystem:
    """The real operations; a test replaces one of them by an error or by the death of the process."""

    def open_directory(self, name: str, within: int | None = None) -> int:
        """Open a directory that must be one itself, not a link to one."""
        return os.open(name, DIRECTORY, dir_fd=within)

    def make_directory(self, name: str, within: int) -> bool:
        """Make a directory unless it is there; True when it is new. A link under that name fails when it is opened."""
        try:
            os.mkdir(name, 0o750, dir_fd=within)
        except FileExistsError:
            return False
        return True

    def create(self, name: str, within: int, mode: int) -> int:
        """Create a file that was not there."""
        return os.open(name, CREATE, mode, dir_fd=within)

    def write(self, handle: int, block: bytes) -> None:
        """Write all of the block: a short write is continued, an error is raised."""
        view = memoryview(block)
        while view:
            view = view[os.write(handle, view) :]

    def sync(self, handle: int) -> None:
        """Bring a file or directory to the disk; an error is final, the same handle is never tried again."""
        os.fsync(handle)

    def link(self, name: str, within: int, target: str, target_within: int) -> None:
        """Give the file its second name, atomically; an existing name is never overwritten."""
        os.link(name, target, src_dir_fd=within, dst_dir_fd=target_within, follow_symlinks=False)

    def replace(self, name: str, within: int, target: str, target_within: int) -> None:
        """Move to another name, atomically, over what has it: only for what can be made again, or to a new name."""
        os.rename(name, target, src_dir_fd=within, dst_dir_fd=target_within)

    def remove(self, name: str, within: int) -> None:
        """Take away one name of a file."""
        os.unlink(name, dir_fd=within)


def open_regular(name: str, within: int) -> int:
    """Open a plain file for reading; a link, a directory, a pipe or a device is an OSError.

    Opened without waiting, because a pipe planted under the name would otherwise hold the reader for ever.
    """
    handle = os.open(name, READ | os.O_NONBLOCK, dir_fd=within)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(f"{name} is not a plain file")
    return handle


def blocks(handle: int) -> Iterator[bytes]:
    """The bytes of an open file from its start, a block at a time."""
    os.lseek(handle, 0, os.SEEK_SET)
    while block := os.read(handle, BLOCK):
        yield block


def same_bytes(left: int, right: int) -> bool:
    """Whether two open files hold the same bytes."""
    if os.fstat(left).st_size != os.fstat(right).st_size:
        return False
    return all(mine == theirs for mine, theirs in zip(blocks(left), blocks(right), strict=True))
