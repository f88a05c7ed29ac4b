"""Settings: what is refused outside development, and that each variable is explained."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from caseapp import settings as production_settings
from caseapp.databases import parse_url, role_names, socket_folder
from caseapp.keys import read_or_create
from caseapp.safety import Environment, unsafe_values

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("audit", "cases", "evidence", "posts", "claims", "search", "caseapp")
SAFE = {
    "environment": "production",
    "debug": False,
    "secret_key": "".join(chr(33 + n) for n in range(60)),
    "public_url": "https://cases.example.org",
    "allowed_hosts": ["cases.example.org"],
}
LIKE_PRODUCTION = {"ENVIRONMENT": "production", "SECRET_KEY": SAFE["secret_key"], "PUBLIC_URL": SAFE["public_url"]}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=kept | {"DATA_DIR": str(settings.DATA_DIR)} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_safe_production_values_pass():
    assert unsafe_values(**SAFE) == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("environment", "staging", "ENVIRONMENT"),
        ("debug", True, "DEBUG"),
        ("secret_key", "", "SECRET_KEY"),
        ("secret_key", "short", "SECRET_KEY"),
        ("secret_key", "a" * 80, "SECRET_KEY"),
        ("public_url", "", "PUBLIC_URL"),
        ("public_url", "http://cases.example.org", "PUBLIC_URL"),
        ("public_url", "https://cases.example.org/path", "PUBLIC_URL"),
        ("allowed_hosts", ["*"], "ALLOWED_HOSTS"),
        ("allowed_hosts", [".example.org"], "ALLOWED_HOSTS"),
        ("allowed_hosts", [None], "ALLOWED_HOSTS"),
    ],
)
def test_unsafe_production_value_is_named(name, value, said):
    problems = unsafe_values(**SAFE | {name: value})
    assert len(problems) == 1
    assert said in problems[0]


def test_development_serves_this_machine_only():
    development = SAFE | {"environment": "development", "secret_key": "", "public_url": ""}
    assert unsafe_values(**development | {"allowed_hosts": ["localhost", "127.0.0.1"]}) == []
    assert "ALLOWED_HOSTS" in unsafe_values(**development | {"allowed_hosts": ["cases.example.org"]})[0]


@pytest.mark.parametrize(
    "environment",
    [
        {"ENVIRONMENT": "production"},
        LIKE_PRODUCTION | {"DEBUG": "on"},
        LIKE_PRODUCTION | {"PUBLIC_URL": "http://cases.example.org"},
        LIKE_PRODUCTION | {"DATABASE_URL": "mysql://root:hunter2@localhost/x"},
        LIKE_PRODUCTION | {"DATABASE_URL": "postgresql://root:hunter2@localhost"},
        {"PORT": "eighty"},
    ],
)
def test_command_refuses_unsafe_settings_in_one_line(environment):
    answer = manage("check", **environment)
    assert answer.returncode == 2
    assert answer.stderr.startswith("caseapp: ")
    assert answer.stderr.count("\n") == 1
    assert "hunter2" not in answer.stderr


def test_unreachable_server_is_said_in_one_line_without_its_password():
    answer = manage("migrate", DATABASE_URL="postgresql://someone:hunter2@127.0.0.1:1/cases")
    assert answer.returncode == 2
    assert answer.stderr.startswith("caseapp: the database cannot be used: ")
    assert answer.stderr.count("\n") == 1
    assert "hunter2" not in answer.stderr + answer.stdout


def test_production_passes_djangos_deployment_check():
    answer = manage("check", "--deploy", "--tag", "security", "--fail-level", "WARNING", **LIKE_PRODUCTION)
    assert answer.returncode == 0, answer.stderr


def test_dotenv_sample_names_each_variable_that_is_read_and_no_other():
    pattern = re.compile(r'(?:\benv\.\w+|\b_login)\(\s*"([A-Z_]+)"')
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    read = {name for path in files for name in pattern.findall(path.read_text(encoding="utf-8"))}
    sample = (ROOT / "dotenv-sample").read_text(encoding="utf-8")
    assert set(re.findall(r"^#?([A-Z_]+)=", sample, re.MULTILINE)) == read


def test_passwords_are_hashed_with_argon2_first():
    assert production_settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")


def test_wrong_kind_of_value_is_named(monkeypatch):
    monkeypatch.setenv("PORT", "eighty")
    with pytest.raises(ImproperlyConfigured, match="PORT must be a whole number"):
        Environment().int("PORT", 8000)


def test_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path):
    first = read_or_create(tmp_path / "keys", "secret")
    assert read_or_create(tmp_path / "keys", "secret") == first
    assert len(first) >= 64
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "keys" / "secret").stat().st_mode & 0o777 == 0o400
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["secret"]


def test_database_url_is_taken_apart():
    parsed = parse_url("postgresql://me:p%40ss@db.example.org:6543/cases?sslmode=require")
    assert parsed == {
        "NAME": "cases",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db.example.org",
        "PORT": "6543",
        "OPTIONS": {"sslmode": "require"},
    }


def test_two_databases_on_one_server_have_roles_of_their_own():
    assert not set(role_names("one").values()) & set(role_names("two").values())


def test_socket_moves_to_a_short_folder_when_the_path_is_too_long(tmp_path):
    assert socket_folder(tmp_path) == tmp_path
    deep = tmp_path / ("x" * 120)
    assert len(bytes(socket_folder(deep))) < 80
    assert socket_folder(deep) != socket_folder(tmp_path / ("y" * 120))


@pytest.mark.parametrize("name", ["my cases", "Fälle", "a;b", "$(id)", "it's"])
def test_socket_moves_to_a_plain_folder_when_a_shell_would_misread_the_path(tmp_path, name):
    assert re.fullmatch(r"[A-Za-z0-9/._+-]+", str(socket_folder(tmp_path / name)))


def test_command_before_the_set_up_says_which_step_is_missing(tmp_path):
    answer = manage("verify_audit", DATA_DIR=str(tmp_path / "data"))
    assert answer.returncode == 2
    assert answer.stderr.endswith("Set it up first: make setup\n")
    assert answer.stderr.count("\n") == 1
