"""The two commands as a shell runs them, with what they print held against the published schemas."""

import json
from io import StringIO
from pathlib import Path

import jsonschema_rs
import pytest
from django.core.management import CommandError, call_command

DOCS = Path(__file__).resolve().parents[2] / "docs"


def run(*arguments, **options):
    out, err = StringIO(), StringIO()
    call_command(*arguments, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def run_json(*arguments):
    out, _ = run(*arguments, "--json")
    found = json.loads(out)
    name = {"import_posts": "import-posts", "analyse_posts": "analyse-posts"}[arguments[0]]
    jsonschema_rs.validate(json.loads((DOCS / f"{name}.schema.json").read_text(encoding="utf-8")), found)
    return found


def raises_exit(status, *arguments):
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    assert caught.value.returncode == status
    assert "\n" not in str(caught.value)
    return str(caught.value)
