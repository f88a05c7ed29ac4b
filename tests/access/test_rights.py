"""What somebody may do in a case is asked once while a page is read, and never kept for longer."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from caseapp.middleware import RightsMiddleware
from cases.actions.members import end_membership
from cases.enums import Role, TokenScope
from cases.models import Membership
from cases.permissions import Permission, asked_once, can, permissions_of
from tests.factories.cases import make_case

pytestmark = pytest.mark.django_db
ROLES = 'SELECT "cases_membership"."role" AS "role"'


@pytest.fixture
def editor(people):
    return people["editor"]


def leave(case, person) -> None:
    membership = Membership.objects.get(case=case, user=person, ended_at__isnull=True)
    end_membership(actor=case.lead, case=case, membership_id=membership.pk)


def asked(queries) -> int:
    return sum(query["sql"].startswith(ROLES) for query in queries)


@pytest.mark.parametrize("name", ["case_overview", "cases:settings", "claims:list", "evidence:list", "posts:campaign"])
def test_page_asks_once(sign_in, case, editor, name):
    client, url = sign_in(editor), reverse(name, args=[case.ref])
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    assert asked(queries) == 1


def test_next_page_asks_anew(sign_in, case, editor):
    client, url = sign_in(editor), reverse("claims:list", args=[case.ref])
    assert client.get(url).status_code == 200
    leave(case, editor)
    assert client.get(url).status_code == 404


@pytest.mark.parametrize(("method", "times"), [("get", 1), ("head", 1), ("post", 3), ("put", 3), ("delete", 3)])
def test_what_changes_something_asks_each_time(case, editor, method, times):
    def view(request):
        for permission in (Permission.CASE_VIEW, Permission.CASE_EDIT, Permission.EXPORT):
            assert can(editor, case, permission)
        return HttpResponse()

    request = getattr(RequestFactory(), method)("/")
    with CaptureQueriesContext(connection) as queries:
        assert RightsMiddleware(view)(request).status_code == 200
    assert asked(queries) == times


def test_each_person_and_each_case_is_asked_for(case, people, editor):
    stranger, other = people["stranger"], make_case()
    with asked_once():
        assert can(editor, case, Permission.CASE_EDIT)
        assert not can(editor, other, Permission.CASE_VIEW)
        assert not can(stranger, case, Permission.CASE_VIEW)
        assert can(other.lead, other, Permission.CASE_EDIT)


def test_scopes_of_a_token_bind_what_was_asked_before(case, editor):
    with asked_once():
        assert can(editor, case, Permission.CASE_EDIT)
        editor.token_scopes = frozenset({TokenScope.READ})
        assert not can(editor, case, Permission.CASE_EDIT)
        assert can(editor, case, Permission.EXPORT)


def test_fault_while_reading_leaves_nothing_behind(case, editor):
    def view(request):
        assert can(editor, case, Permission.CASE_VIEW)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        RightsMiddleware(view)(RequestFactory().get("/"))
    leave(case, editor)
    assert permissions_of(editor, case) == frozenset()


def test_roles_are_as_they_were_when_first_asked(case, editor):
    with asked_once():
        before = permissions_of(editor, case)
        leave(case, editor)
        assert permissions_of(editor, case) == before
    assert permissions_of(editor, case) == frozenset()
    assert case.memberships.filter(role=Role.EDITOR, user=editor).exists()
