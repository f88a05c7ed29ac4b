"""A parser that does what a taken-over parser would do; the sandbox must hold it."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from evidence.parsers.refusals import Refused


def parse(stream, *, does: str, where: str = "") -> dict:
    """Do one bad thing and tell how it went."""
    return {"outcome": globals()[f"do_{does}"](where)}


def do_nothing(where: str) -> str:
    return f"{sys.stdin.buffer.read().decode()} {sorted(os.environ)} {os.getcwd()}"


def do_refuse(where: str) -> str:
    raise Refused("This is not for me.")


def do_eat_memory(where: str) -> str:
    return str(len(bytearray(3 * 1024**3)))


def do_crash(where: str) -> str:
    return ctypes.string_at(0).decode()


def do_raise(where: str) -> str:
    raise RuntimeError("secret detail")


def do_spin(where: str) -> str:
    while True:
        where = where.strip()


def do_wait(where: str) -> str:
    signal.pause()
    return "woke"


def do_socket(where: str) -> str:
    try:
        socket.socket()
    except PermissionError as error:
        return str(error)
    return "open"


def do_native_connect(where: str) -> str:
    """Past the interpreter's hook: only the namespace is left to stop it."""
    libc = ctypes.CDLL(None, use_errno=True)
    handle = libc.socket(2, 1, 0)
    host, port = where.split(":")
    address = (2).to_bytes(2, "little") + int(port).to_bytes(2, "big") + socket.inet_aton(host) + bytes(8)
    return "connected" if libc.connect(handle, address, 16) == 0 else os.strerror(ctypes.get_errno())


def do_program(where: str) -> str:
    try:
        subprocess.run(["/bin/true"], check=True)
    except PermissionError as error:
        return str(error)
    return "ran"


def do_write(where: str) -> str:
    try:
        Path(where).write_text("planted")
    except PermissionError as error:
        return str(error)
    return "written"


def do_fill_disk(where: str) -> str:
    with Path("big").open("wb") as file:
        for _ in range(200):
            file.write(bytes(1024**2))
    return "filled"


def do_lie(where: str) -> str:
    Path("rendition.webp").symlink_to("/etc/passwd")
    return "lied"
