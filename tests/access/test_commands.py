"""create_user, create_case, reset_password: what they print, what they refuse."""

import json

import pytest
from django.core.management import CommandError, call_command

from cases.models import Case, User
from tests.access.events import actions_since, last_number
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db


def test_create_user_prints_a_password_that_works_once(capsys, client):
    before = last_number()
    call_command("create_user", "ana", "--name", "Ana", "--email", "a@x.example", "--can-create-cases", "--json")
    made = json.loads(capsys.readouterr().out)
    user = User.objects.get(username="ana")
    assert (made["id"], user.must_change_password, user.can_create_cases) == (str(user.pk), True, True)
    assert user.check_password(made["password"])
    assert actions_since(before) == ["user_created"]


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["ana"], "taken"),
        (["ANA"], "taken"),
        (["аna"], "Latin"),  # a Cyrillic letter
        (["bo b"], "Latin"),
        (["bob", "--email", "ANA@newsroom.example"], "taken"),
        (["bob", "--email", "nonsense"], "email"),
    ],
)
def test_create_user_refuses(arguments, word):
    make_user("ana")
    with pytest.raises(CommandError, match=word) as error:
        call_command("create_user", *arguments)
    assert error.value.returncode == 2
    assert User.objects.count() == 1


def test_create_case_for_somebody_who_may_not_open_cases(capsys):
    ana = make_user("ana")
    before = last_number()
    call_command("create_case", "NC-2024", "--title", "New Caledonia", "--lead", "ana@newsroom.example", "--json")
    case = Case.objects.get()
    assert json.loads(capsys.readouterr().out) == {"ref": "NC-2024", "id": str(case.pk), "lead": "ana"}
    assert list(case.memberships.values_list("user", "role")) == [(ana.pk, "editor")]
    assert actions_since(before) == ["case_created"]


@pytest.mark.parametrize(
    ("ref", "title", "lead", "word"),
    [
        ("NC 2024", "T", "ana", "ref"),
        ("new", "T", "ana", "taken"),
        ("OK-1", " ", "ana", "title"),
        ("OK-1", "T", "nobody", "lead"),
        ("OK-1", "T\0", "ana", "title"),
    ],
)
def test_create_case_refuses_and_does_nothing(ref, title, lead, word):
    make_user("ana")
    with pytest.raises(CommandError, match=word) as error:
        call_command("create_case", ref, "--title", title, "--lead", lead)
    assert error.value.returncode == 2
    assert not Case.objects.exists()


def test_create_case_refuses_a_taken_reference_in_any_case():
    make_user("ana")
    call_command("create_case", "NC-2024", "--title", "T", "--lead", "ana")
    with pytest.raises(CommandError, match="taken"):
        call_command("create_case", "nc-2024", "--title", "T", "--lead", "ana")


def test_reset_password_prints_a_new_one(capsys):
    ana = make_user("ana")
    call_command("reset_password", "ana", "--json")
    ana.refresh_from_db()
    assert ana.check_password(json.loads(capsys.readouterr().out)["password"])
    assert ana.must_change_password
