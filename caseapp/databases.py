"""Which database to talk to, and as whom: pure functions over the environment, used by the settings.

Four roles, named after the database so that two installations can share one server:

* `owner` owns the schema and cannot sign in; migrations take it on;
* `audit_owner` owns the audit tables and cannot sign in either;
* `web` is what pages, API, worker and commands use: it owns nothing;
* `sequencer` signs the audit log.
"""

import hashlib
import re
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg

# Connections that one web process keeps; its many threads mostly wait for clients, which takes none.
WEB_CONNECTIONS = 16
EMBEDDED_NAME = "caseapp"
EMBEDDED_SUPERUSER = "postgres"
# sun_path holds 108 bytes with the final NUL.
LONGEST_SOCKET_PATH = 107
SOCKET_NAME = ".s.PGSQL.5432"
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/._+-]*")

LIMITS = "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
# For whom row security shows rows (cases/row_security.py): commands and jobs are the system, the web process is nobody.
AS_SYSTEM, AS_NOBODY = " -c app.uid=system", " -c app.uid="


def socket_folder(pgdata: Path) -> Path:
    """Where the embedded server's socket lives: in its data folder, or in one with a short and plain name.

    The kernel bounds the length; pg_ctl hands the path to a shell, which would take a space for its end.
    """
    if _PLAIN_PATH.fullmatch(str(pgdata)) and len(bytes(pgdata / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        return pgdata
    return Path(tempfile.gettempdir()) / f"caseapp-{hashlib.sha256(bytes(pgdata)).hexdigest()[:12]}"


def role_names(database_name: str) -> dict[str, str]:
    return {role: f"{database_name}_{role}" for role in ("owner", "audit_owner", "web", "sequencer")}


def parse_url(url: str) -> dict[str, Any]:
    """Django's connection settings of a `postgres://` URL; ValueError names what is wrong, never the password."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("it must begin with postgresql://")
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ValueError("it names no database")
    query = dict(parse_qsl(parts.query))
    return {
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or "") or query.pop("host", ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
    }


def _alias(server: dict[str, Any], user: str, password: str, parameters: str, pool: int = 0) -> dict[str, Any]:
    options: dict[str, Any] = server["OPTIONS"] | {"connect_timeout": 10, "options": parameters}
    if pool:
        # After `reconnect_timeout` the next request tries, instead of ever longer pauses when the server is back.
        options["pool"] = {
            "min_size": 1,
            "max_size": pool,
            "timeout": 5,
            "reconnect_timeout": 3,
            "reset": _forget_actor,
        }
    return server | {
        "ENGINE": "django.db.backends.postgresql",
        "USER": user,
        "PASSWORD": password,
        "OPTIONS": options,
        # A request opens a transaction on each alias that says so: only as the web role.
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0 if pool else 60,
        # Connections that a restart of the server broke are replaced before a request gets one.
        "CONN_HEALTH_CHECKS": True,
    }


def begin_as_nobody(alias: dict[str, Any]) -> None:
    """Let the connections of `alias` begin bound to nobody; for the web process, before it opens the first."""
    alias["OPTIONS"]["options"] = alias["OPTIONS"]["options"].replace(AS_SYSTEM, AS_NOBODY)


def _forget_actor(connection: psycopg.Connection) -> None:
    """What a pool does with a connection that comes back, however its request ended."""
    connection.execute("RESET app.uid")
    connection.commit()


def embedded_server(pgdata: Path) -> dict[str, Any]:
    """The embedded server of a data folder: anyone who reaches its socket is trusted, so only its user may."""
    return {
        "NAME": EMBEDDED_NAME,
        "USER": EMBEDDED_SUPERUSER,
        "PASSWORD": "",
        "HOST": str(socket_folder(pgdata)),
        "PORT": "",
        "OPTIONS": {},
    }


def configure(
    server: dict[str, Any], *, logins: dict[str, tuple[str, str]], roles: dict[str, str], pool: int
) -> dict[str, dict[str, Any]]:
    """The three aliases of one database; `logins` gives role -> (login, password)."""
    return {
        "default": _alias(server, *logins["web"], LIMITS + AS_SYSTEM, pool) | {"ATOMIC_REQUESTS": True},
        "owner": _alias(server, server["USER"], server["PASSWORD"], f"-c role={roles['owner']}"),
        "sequencer": _alias(server, *logins["sequencer"], LIMITS + AS_SYSTEM),
    }
