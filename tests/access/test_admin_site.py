"""The admin site: read-only for staff, accounts for superusers, one door for signing in."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.admin import ReadOnlyAdmin
from cases.models import User
from tests.access.events import actions_since, last_number, payload_of
from tests.access.table import addresses
from tests.factories.cases import make_case
from tests.factories.users import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("admin")]
ADMIN = {name: route for name, route in addresses().items() if route.startswith("admin/")}
WRITES = re.compile(r'^(INSERT INTO|UPDATE|DELETE FROM) "?(cases|evidence|claims|audit)_', re.IGNORECASE)


@pytest.fixture
def staff(case):
    return make_user("staff", is_staff=True)


@pytest.fixture
def root():
    return make_user("root", is_superuser=True)


def address(name: str, case) -> str:
    route = ADMIN[name]
    for pattern, value in (
        ("<path:object_id>", str(case.pk)),
        ("<path:content_type_id>", "1"),
        ("^(?P<app_label>cases|evidence|claims)/$", "cases/"),
        ("(?P<url>.*)$", "anything/"),
    ):
        route = route.replace(pattern, value)
    return f"/{route}"


def test_admin_addresses_are_closed_to_all_but_staff(sign_in, people, case):
    """A20: every address of the admin site, whatever is registered."""
    member = sign_in(people["editor"])
    for name in sorted(ADMIN):
        url = address(name, case)
        for answer in (Client().get(url), member.get(url), member.post(url)):
            assert answer.status_code in {302, 403}, url
            if answer.status_code == 302:
                assert answer["Location"].startswith(("/accounts/", "/admin/login/")) or name == "admin:logout"


def test_staff_changes_nothing_at_any_admin_address(sign_in, people, case, staff):
    client = sign_in(staff)
    for name in sorted(ADMIN):
        for verb, data in (("post", {"post": "yes"}), ("delete", None)):
            with CaptureQueriesContext(connection) as queries:
                answer = getattr(client, verb)(address(name, case), data)
            assert answer.status_code < 500
            writes = [query["sql"] for query in queries if WRITES.match(query["sql"])]
            assert not writes or answer.status_code == 403, writes


def test_admin_shows_rows_of_own_cases_only(sign_in, people, case, staff):
    client = sign_in(staff)
    url = reverse("admin:cases_case_changelist")
    assert "NC-2024" not in client.get(url).text
    case.memberships.create(user=staff, role="viewer", added_by=case.lead)
    make_case(ref="FOREIGN-1")
    page = client.get(url)
    assert "NC-2024" in page.text
    assert "FOREIGN-1" not in page.text
    assert client.get(reverse("admin:cases_case_change", args=[case.pk])).status_code == 200


def test_everything_but_accounts_is_read_only(rf, staff, root):
    for person in (staff, root):
        request = rf.get("/")
        request.user = person
        for model, options in admin.site._registry.items():
            if model is User:
                assert not options.has_delete_permission(request)
                continue
            assert isinstance(options, ReadOnlyAdmin)
            rights = options.get_model_perms(request)
            assert rights == {"add": False, "change": False, "delete": False, "view": True}
            assert options.get_actions(request) == {}


def test_admin_sign_in_is_the_common_one(client, staff):
    assert client.get("/admin/cases/case/")["Location"] == "/accounts/login/?next=/admin/cases/case/"
    assert client.get("/admin/login/?next=/admin/cases/")["Location"] == "/accounts/login/?next=%2Fadmin%2Fcases%2F"


def test_superuser_makes_an_account_and_sees_its_password_once(sign_in, root):
    before = last_number()
    form = {"username": "ana", "display_name": "Ana", "email": "ana@x.example", "can_create_cases": "on"}
    made = sign_in(root).post("/admin/cases/user/add/", form)
    user = User.objects.get(username="ana")
    assert user.check_password(made.context["password"])
    assert made.context["password"] in made.text
    assert (user.must_change_password, user.can_create_cases, user.is_superuser) == (True, True, False)
    assert actions_since(before) == ["user_created"]


@pytest.mark.parametrize("field", ["is_superuser", "password", "must_change_password", "user_permissions", "groups"])
def test_account_form_takes_no_other_field(sign_in, root, field):
    """A07, A17."""
    ana = make_user("ana")
    form = {"is_active": "on", field: "on"}
    assert sign_in(root).post(f"/admin/cases/user/{ana.pk}/change/", form).status_code == 302
    before, ana = ana, User.objects.get(pk=ana.pk)
    assert (ana.is_superuser, ana.password, ana.must_change_password) == (False, before.password, False)
    assert not ana.user_permissions.exists()
    assert not ana.groups.exists()


def test_superuser_closes_an_account_with_one_event(sign_in, root):
    ana = make_user("ana")
    before = last_number()
    sign_in(root).post(f"/admin/cases/user/{ana.pk}/change/", {"can_create_cases": "on"})
    ana.refresh_from_db()
    assert (ana.is_active, ana.can_create_cases) == (False, True)
    assert actions_since(before) == ["user_changed"]
    assert payload_of("user_changed")["after"] == {"is_active": False, "can_create_cases": True}


def test_superuser_does_not_change_his_own_flags(sign_in, root):
    """A17."""
    answer = sign_in(root).post(f"/admin/cases/user/{root.pk}/change/", {"can_create_cases": "on", "is_active": "on"})
    assert answer.status_code == 403
    root.refresh_from_db()
    assert not root.can_create_cases


def test_taken_name_is_shown_in_the_form(sign_in, root):
    make_user("ana")
    page = sign_in(root).post("/admin/cases/user/add/", {"username": "Ana", "email": "b@x.example"})
    assert page.status_code == 200
    assert "taken" in page.text


def test_superuser_gives_a_new_one_time_password(sign_in, root):
    ana = make_user("ana")
    form = {"action": "new_one_time_password", "_selected_action": [str(ana.pk)]}
    answer = sign_in(root).post("/admin/cases/user/", form)
    ana.refresh_from_db()
    assert ana.check_password(answer.context_data["password"])


def test_staff_who_is_no_superuser_does_not_see_accounts(sign_in, staff):
    assert sign_in(staff).get("/admin/cases/user/").status_code == 403
