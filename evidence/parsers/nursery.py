"""A process that has loaded the decoders and forks a child for each file, because loading takes longer than parsing.

It decodes nothing itself: it reads orders from its parent and forks. The fork becomes child.py's process in every
respect: limits, no network, a folder of its own; nothing that it does reaches the nursery or another fork.

Protocol over the socket that is standard input: the parent sends one JSON object {parser, options} with the source and
the folder as file descriptors; the answer is the number of the fork in 8 bytes, and its wait status in 8 more.
"""

import contextlib
import json
import os
import socket
import sys
from importlib import import_module
from pathlib import Path

LONGEST_ORDER = 65_536
# What forks will need. A module that is missing costs its import in each fork and nothing else.
LOADED = tuple(f"evidence.parsers.{name}" for name in ("images", "frames", "aids", "pdfs", "web_pages"))
NUMBER = 8


def main() -> None:
    """Serve until the parent goes away."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    child = import_module("evidence.parsers.child")
    for name in LOADED:
        with contextlib.suppress(ImportError):
            getattr(import_module(name), "warm", lambda: None)()
    orders = socket.socket(fileno=os.dup(0))
    while True:
        order, handles, _, _ = socket.recv_fds(orders, LONGEST_ORDER, 2)
        if not order:
            return
        _serve(orders, child, json.loads(order), *handles)


def _serve(orders: socket.socket, child, order: dict, source: int, folder: int) -> None:
    number = os.fork()
    if number == 0:
        _become(orders, child, order, source, folder)
    os.close(source)
    os.close(folder)
    orders.sendall(number.to_bytes(NUMBER, "little"))
    _, status = os.waitpid(number, 0)
    orders.sendall(status.to_bytes(NUMBER, "little"))


def _become(orders: socket.socket, child, order: dict, source: int, folder: int) -> None:
    code = 1
    try:
        orders.close()
        os.setsid()
        os.fchdir(folder)
        os.close(folder)
        os.dup2(source, 0)
        os.close(source)
        # The interpreter still takes standard input for the socket that it was.
        sys.stdin = open(0, closefd=False)  # noqa: SIM115
        child.main(order["parser"], order["options"])
        code = 0
    finally:
        # A fork never returns into the nursery's loop, whatever happened.
        os._exit(code)


if __name__ == "__main__":
    main()
