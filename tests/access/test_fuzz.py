"""Whatever the API's own description allows, or just does not, no request ends in a fault of ours (AUDIT G14).

Schemathesis makes the requests and judges the answers. Django's test client sends them: a real server would close the
connection that holds the world of the permission table. The suite tries few of each operation, `make fuzz` thousands.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import requests
import schemathesis
import yaml
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from audit.exceptions import NotIncluded
from cases.actions.tokens import create_token
from cases.enums import TokenScope
from tests.access.table import Row, World, addresses
from tests.access.test_permission_table import ROWS, worlds  # noqa: F401  (a fixture)

# One process makes the requests, so that the world is built once.
pytestmark = pytest.mark.xdist_group("fuzz")

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "1"))
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
BASE = "http://testserver"
SENT = {"method", "url", "params", "headers", "cookies", "json", "data", "files"}
# Nothing is signed while the world's transaction is open, and these two say so; signed, they are asked for in
# tests/access/test_audit_pages.py and tests/claims_pages/test_pages.py.
UNSEALED = {
    "/api/v1/cases/{ref}/events/{event_id}/proof/",
    "/api/v1/cases/{ref}/publications/{number}/dossier/",
}
OF_THE_BODY = {"content-type", "content-length"}
DESCRIPTION = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")  # a piece of a file
# Written in C where PyYAML has it: each process that collects tests reads these thousands of lines.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
schema = schemathesis.openapi.from_dict(yaml.load(DESCRIPTION.read_text(encoding="utf-8"), LOADER))
schema.config.update(base_url=BASE)
# What the permission table knows of an operation: (verb, path as described) -> a request that goes through.
KNOWN: dict[tuple[str, str], Row] = {
    (row.verb, "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", addresses()[row.name])): row for row in ROWS
}


@pytest.fixture(scope="module", autouse=True)
def unsigned_log() -> Iterator[None]:
    """Waiting for a signature is refused inside a transaction; here it ends as where no sequencer runs, at once."""
    with patch("claims.dossier.build.wait_for_inclusion", side_effect=NotIncluded("The log is not signed here.")):
        yield


@pytest.fixture(scope="module")
def headers(worlds) -> dict[str, str]:  # noqa: F811
    """An editor's program with every scope, so that requests get as far as they can."""
    own, _ = worlds
    with connection.cursor() as cursor:
        # One transaction around everything, in which requests are made up for longer than a request may take.
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
    _, secret = create_token(actor=own.people["editor"], name="fuzz", scopes=TokenScope.values)
    return {"Authorization": f"Bearer {secret}"}


@schema.parametrize()
@schema.given(data=st.data())
@settings(
    max_examples=EXAMPLES,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_ends_in_a_fault_of_ours(case, data, worlds, headers):  # noqa: F811
    own, _ = worlds
    if row := KNOWN.get((case.method, case.operation.path)):
        _lead_to_rows(case, row, own, data)
    answer = _send(case, headers)
    if answer.status_code == 503 and case.operation.path in UNSEALED:
        return
    case.validate_response(answer, checks=CHECKS)


def test_operations_are_known_to_the_permission_table():
    described = {(found.ok().method.upper(), found.ok().path) for found in schema.get_all_operations()}
    assert described <= set(KNOWN)


def _lead_to_rows(case: schemathesis.Case, row: Row, world: World, data: st.DataObject) -> None:
    """Name objects of the world where the ids are well formed, and break a good body in a few of its fields only."""
    if _is_well_formed(case, ParameterLocation.PATH):
        case.path_parameters = {name: str(world.objects[known]) for name, known in row.kwargs.items()}
    good: Any = row.body(world) if callable(row.body) else row.body
    if isinstance(case.body, dict) and good and data.draw(st.booleans(), "break a good body"):
        changed = data.draw(st.sets(st.sampled_from(sorted(case.body)), max_size=2)) if case.body else set()
        case.body = good | {name: case.body[name] for name in changed}


def _is_well_formed(case: schemathesis.Case, where: ParameterLocation) -> bool:
    part = case.meta.components.get(where)
    return part is None or part.mode.is_positive


def _send(case: schemathesis.Case, headers: dict[str, str]) -> Response:
    """The answer to `case`; whatever it changed is undone."""
    arguments = case.as_transport_kwargs(base_url=BASE, headers=headers)
    request = requests.Request(**{name: arguments[name] for name in SENT & set(arguments)}).prepare()
    kept = {name: value for name, value in request.headers.items() if name.lower() not in OF_THE_BODY}
    with transaction.atomic():
        answer = Client(raise_request_exception=False).generic(
            request.method,
            request.path_url,
            request.body or b"",
            content_type=request.headers.get("Content-Type", "application/octet-stream"),
            headers=kept,
        )
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    received = {name.lower(): [value] for name, value in answer.items()}
    return Response(answer.status_code, received, content, request, elapsed=0.0, verify=False)
