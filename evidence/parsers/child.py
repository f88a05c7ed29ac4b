"""The child process of sandbox.py: shuts itself in, parses standard input, writes result.json, and ends.

No network: it moves itself into a network namespace of its own, which has no interfaces. Where the system does not
allow that (an unprivileged container), what remains is the second wall, an audit hook of the interpreter that refuses
sockets, new processes and writing outside the folder; the result then says `"network": "hook"` instead of
`"namespace"`. The hook does not bind machine code, so an administrator should allow user namespaces.
"""

import ctypes
import json
import os
import resource
import sys
import warnings
from importlib import import_module
from pathlib import Path

MEMORY = 1536 * 1024**2
PROCESSOR_SECONDS = 20
WRITTEN = 128 * 1024**2
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "os.link", "os.symlink")


def limit() -> None:
    """Bound memory, processor time, what can be written and what dies with the parent."""
    for kind, value in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, WRITTEN),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS + 1))


def leave_network() -> str:
    """Leave the network for good; says by which means."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    alone = libc.unshare(NEW_USER | NEW_NETWORK) == 0 or libc.unshare(NEW_NETWORK) == 0
    return "namespace" if alone else "hook"


def watch(folder: Path) -> None:
    """Refuse sockets, programs and writing outside the folder from here on."""
    inside = f"{folder}{os.sep}"

    def hook(event: str, arguments: tuple) -> None:
        if event.startswith(FORBIDDEN):
            raise PermissionError(f"{event} is not allowed to a parser")
        if event == "open" and _writes_outside(inside, *arguments):
            raise PermissionError("A parser writes only into its own folder.")

    sys.addaudithook(hook)


def _writes_outside(inside: str, path: object, mode: object, flags: int) -> bool:
    writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    return bool(writes) and isinstance(path, str) and not os.path.abspath(path).startswith(inside)


def peak_memory() -> int:
    """In MB; from the system's own page, since getrusage counts what the parent had when it started us."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    lines = (line.split() for line in status.splitlines() if line.startswith("VmHWM:"))
    return next((int(words[1]) // 1024 for words in lines), 0)


def answer(facts: dict) -> None:
    """Hand the result to the parent, with the most memory (MB) that it took to get there."""
    facts |= {"peak_mb": peak_memory()}
    Path("result.json").write_bytes(json.dumps(facts, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace"))


def main(parser: str, options: dict) -> None:
    """Parse standard input with the parse() of one module."""
    limit()
    network = leave_network()
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    refused = import_module("evidence.parsers.refusals").Refused
    module = import_module(parser)
    watch(Path.cwd())
    warnings.simplefilter("ignore")
    try:
        facts = module.parse(sys.stdin.buffer, **options) | {"network": network}
    except refused as refusal:
        facts = {"failed": "refused", "reason": str(refusal)}
    except MemoryError:
        facts = {"failed": "memory", "reason": "It needed more than 1.5 GB of memory and was stopped."}
    answer(facts)


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
