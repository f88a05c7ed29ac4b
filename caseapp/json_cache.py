"""The cache that all web processes share: JSON in a table, because what is read back must not be able to run (A70).

Django's own database cache pickles: whoever can write a row of it, runs code in every web process. It also throws live
entries away once there are 300, so that a flood of new names would clear the counters of wrong codes. What is kept here
is small and short-lived: allauth's counters of tries and their locks, and the TOTP codes that were used.
"""

import json
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection
from psycopg import sql

GET = "SELECT value FROM {table} WHERE cache_key = %s AND expires > clock_timestamp()"
SET = """
INSERT INTO {table} (cache_key, value, expires) VALUES (%s, %s, %s)
ON CONFLICT (cache_key) DO UPDATE SET value = EXCLUDED.value, expires = EXCLUDED.expires
"""
# Of two that add at once, the second waits for the first and then finds its row alive.
ADD = SET + "WHERE {table}.expires <= clock_timestamp()"
TOUCH = "UPDATE {table} SET expires = %s WHERE cache_key = %s AND expires > clock_timestamp()"
DELETE = "DELETE FROM {table} WHERE cache_key = %s AND expires > clock_timestamp()"
CLEAR = "DELETE FROM {table}"
# A few at a time, and none that somebody else is at: whoever writes cleans up behind the others.
SWEEP = """
DELETE FROM {table} WHERE cache_key IN (
    SELECT cache_key FROM {table} WHERE expires <= clock_timestamp() LIMIT 20 FOR UPDATE SKIP LOCKED
)
"""
NEVER = "infinity"


class JsonTableCache(BaseCache):
    """A cache in the table LOCATION of the default database (PostgreSQL): text `value`, timestamptz `expires`.

    Takes what JSON can hold and gives it back as JSON does (a tuple as a list); raises TypeError or ValueError for
    other values. A row that is not JSON counts as missing.
    """

    def __init__(self, table: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._table = sql.Identifier(table)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        rows = self._run(GET, self.make_and_validate_key(key, version), fetch=True)
        try:
            return json.loads(rows[0][0]) if rows else default
        except ValueError:
            return default

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._write(SET, key, value, timeout, version)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._write(ADD, key, value, timeout, version)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._run(TOUCH, self._expiry(timeout), self.make_and_validate_key(key, version)))

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(self._run(DELETE, self.make_and_validate_key(key, version)))

    def clear(self) -> None:
        self._run(CLEAR)

    def _write(self, statement: str, key: str, value: Any, timeout: Any, version: int | None) -> bool:
        text = json.dumps(value, allow_nan=False)
        self._run(SWEEP)
        return bool(self._run(statement, self.make_and_validate_key(key, version), text, self._expiry(timeout)))

    def _expiry(self, timeout: Any) -> datetime | str:
        seconds = self.get_backend_timeout(timeout)
        return NEVER if seconds is None else datetime.fromtimestamp(seconds, UTC)

    def _run(self, statement: str, *values: Any, fetch: bool = False) -> Any:
        """The rows of a query, or how many rows a statement changed."""
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(statement).format(table=self._table), values or None)
            return cursor.fetchall() if fetch else cursor.rowcount
