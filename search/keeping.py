"""Keeping the index in step while the worker runs: it listens, and reads what was noted as soon as it is committed."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import psycopg
from django.db import connections

from search.actions.indexing import keep_up
from search.triggers import CHANNEL

# A notice that was lost, and a second worker that goes on where the first was killed.
LOOK_ANYWAY = 5  # seconds
# What Django's own connections need and a bare one does not take.
_NOT_FOR_PSYCOPG = ("cursor_factory", "context", "server_side_binding", "pool")


async def keep_up_for_ever() -> None:
    """Never returns. A failure ends it, and whoever started the worker starts another."""
    loop = asyncio.get_running_loop()
    # One thread of its own, so that its connection to the database stays.
    with ThreadPoolExecutor(1, thread_name_prefix="search") as thread:
        try:
            async with await _listening() as connection:
                while True:
                    while await loop.run_in_executor(thread, keep_up):
                        pass  # until nothing is left
                    async for _ in connection.notifies(timeout=LOOK_ANYWAY, stop_after=1):
                        pass
        finally:
            thread.submit(connections.close_all)


async def _listening() -> psycopg.AsyncConnection:
    parameters = connections["default"].get_connection_params()
    parameters = {name: value for name, value in parameters.items() if name not in _NOT_FOR_PSYCOPG}
    connection = await psycopg.AsyncConnection.connect(**parameters, autocommit=True)
    await connection.execute(f"LISTEN {CHANNEL}")  # type: ignore[arg-type]
    return connection
