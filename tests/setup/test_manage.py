"""`manage.py`: what stops a command is one line on standard error, status 2 and nothing done."""

import pytest
from django.core.management.base import CommandParser

import manage
from cases.models import Case


@pytest.fixture(autouse=True)
def parser_as_it_was(monkeypatch):
    """The command line changes how Django's parser complains, for its own process."""
    monkeypatch.setattr(CommandParser, "error", CommandParser.error)


def run(*arguments: str) -> int:
    """The status with which `manage.py` would end."""
    try:
        return manage.main(["manage.py", *arguments])
    except SystemExit as end:
        return end.code


# A command closes its connections when it ends.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "there is no command 'nonsense'"),
        (["-x"], "there is no command '-x'"),
        (["create_case"], "required: ref, --title, --lead"),
        (["create_case", "A-1", "--title"], "--title: expected one argument"),
        (["create_case", "A-1", "--title", "T", "--lead", "x", "--tlp", "pink"], "invalid choice: 'pink'"),
        (["create_case", "A-1", "--title", "T", "--lead", "nobody"], "lead: "),
        (["create_user"], "required: username"),
        (["create_user", "\udcff"], "username: "),
        (["reset_password", "nobody"], "Nobody has"),
        (["reset_password", "\udcff"], "Nobody has"),
        (["log_evidence", "A-1"], "required: PATH_OR_URL"),
        (["log_evidence", "\udcff", "x"], "cannot be stored"),
        (["check_claim", "A-1/C-1"], "there is no claim"),
        (["check_claim", "\udcff"], "neither CASE/C-7"),
        (["publish", "A-1"], "There is no case"),
        (["publish", "\udcff"], "cannot be stored"),
        (["verify_audit", "--against", "/nowhere"], "cannot read /nowhere"),
        (["verify_audit", "extra"], "unrecognized arguments: extra"),
        (["verify_evidence", "A-1"], "There is no case"),
        (["verify_evidence", "\udcff"], "cannot be stored"),
        (["verify_dossier", "/nowhere"], "/nowhere cannot be read"),
        (["seal_payload", "x", "--actor", "a", "--approved-by", "b", "--order", "c"], "invalid UUID"),
    ],
)
def test_bad_input_is_one_line_and_two(capsys, arguments, said):
    assert run(*arguments) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert (shown.err.count("\n"), shown.out) == (1, "")
    assert "\n" not in shown.err.strip()
    assert not Case.objects.exists()


@pytest.mark.parametrize("arguments", [["create_case", "--help"], ["help", "create_case"], ["--help"], []])
def test_help_needs_no_database(capsys, monkeypatch, arguments):
    monkeypatch.setattr(manage, "ensure_server", lambda folder: pytest.fail("started a server"))
    assert run(*arguments) == 0
    assert "create_case" in capsys.readouterr().out
