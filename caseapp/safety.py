"""What must hold before the application serves anybody: pure rules over settings, used while they load."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

ENVIRONMENTS = ("development", "production", "test")
LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "::1"}
SHORTEST_SECRET = 50


class Environment(environ.Env):
    """The environment's variables; a value of the wrong kind is named instead of traced."""

    def get_value(self, var: str, cast: Any = None, **options: Any) -> Any:
        try:
            return super().get_value(var, cast=cast, **options)
        except ValueError as error:
            kind = {int: "a whole number", float: "a number"}.get(cast, "something else")
            raise ImproperlyConfigured(f"{var} must be {kind}") from error


def unsafe_values(
    *,
    environment: str,
    debug: bool,
    secret_key: str,
    public_url: str,
    allowed_hosts: Sequence[str | None],
    evidence_origin: str = "",
) -> list[str]:
    """One sentence per value that must not be used; empty when all may."""
    if environment not in ENVIRONMENTS:
        return [f"ENVIRONMENT must be one of {', '.join(ENVIRONMENTS)}"]
    if evidence_origin and (problem := _unsafe_origin(evidence_origin, public_url)):
        return [problem]
    if environment == "production":
        return _unsafe_in_production(debug, secret_key, public_url, allowed_hosts)
    if not set(allowed_hosts) <= LOOPBACK | {"testserver"}:
        return [f"ALLOWED_HOSTS may only name this machine while ENVIRONMENT is {environment}"]
    return []


def _unsafe_origin(evidence_origin: str, public_url: str) -> str:
    origin, public = urlsplit(evidence_origin), urlsplit(public_url)
    if not origin.hostname or origin.scheme != public.scheme or origin.path or origin.query:
        return "EVIDENCE_ORIGIN must be an address like PUBLIC_URL, without a path"
    return "EVIDENCE_ORIGIN must be another host than PUBLIC_URL" if origin.hostname == public.hostname else ""


def _unsafe_in_production(
    debug: bool, secret_key: str, public_url: str, allowed_hosts: Sequence[str | None]
) -> list[str]:
    problems = []
    if debug:
        problems.append("DEBUG must be off in production")
    if len(secret_key) < SHORTEST_SECRET or len(set(secret_key)) < 10:
        problems.append(f"SECRET_KEY must hold at least {SHORTEST_SECRET} random characters")
    url = urlsplit(public_url)
    if url.scheme != "https" or not url.hostname or url.path or url.query:
        problems.append("PUBLIC_URL must be the https:// address people use, without a path")
    if any(host is None or host.startswith((".", "*")) for host in allowed_hosts):
        problems.append("ALLOWED_HOSTS must name each host in full")
    return problems
