"""Child processes that cannot outlive the one that started them."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1
# Set by the supervisor for processes that have children of their own.
END_WITH_PARENT = "END_WITH_PARENT"
_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent(parent: int, number: int = signal.SIGTERM) -> None:
    """Ask the kernel for signal `number` when `parent` ends, however it ends; end at once if it already has."""
    _libc.prctl(PR_SET_PDEATHSIG, int(number))
    if os.getppid() != parent:
        os.kill(os.getpid(), number)
