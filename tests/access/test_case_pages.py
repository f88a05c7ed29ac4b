"""Pages of cases, settings and members."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases import history
from cases.actions.users import change_flags
from cases.models import Case, Membership, User
from tests.access.events import actions_since, last_number, payload_of
from tests.factories.cases import make_case
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db


def test_list_shows_own_cases_only(sign_in, people, case):
    make_case(ref="FOREIGN-1", title="Somebody else's")
    page = sign_in(people["viewer"]).get("/cases/")
    assert "NC-2024" in page.text
    assert "FOREIGN-1" not in page.text
    assert "FOREIGN" not in sign_in(people["viewer"]).get("/cases/?q=foreign").context["page"].rows


def test_list_refuses_foreign_sort(sign_in, people, case):
    """A03."""
    assert sign_in(people["viewer"]).get("/cases/?sort=lead__password").status_code == 400


def test_empty_list_says_what_to_do_next(sign_in, people):
    assert "one of its editors adds you" in sign_in(people["stranger"]).get("/cases/").text


def test_new_case_is_opened_by_those_who_may(sign_in, people):
    lead = make_user("lead", can_create_cases=True)
    form = {"ref": "AZ-1", "title": "One", "tlp": "amber", "likelihood_scale": "phia", "policy": "strict"}
    client = sign_in(lead)
    assert client.get("/cases/new/").status_code == 200
    assert client.post("/cases/new/", form)["Location"] == "/cases/AZ-1/members/"
    refused = client.post("/cases/new/", form)
    assert refused.status_code == 400
    assert "taken" in refused.text
    assert sign_in(people["editor"]).post("/cases/new/", form | {"ref": "AZ-2"}).status_code == 403
    assert Case.objects.count() == 1


def settings_form(case, **changes):
    names = ("title", "scope", "tlp", "likelihood_scale", "policy", "version")
    return {name: getattr(case, name) for name in names} | changes


def test_settings_are_saved_with_one_event(sign_in, people, case):
    before = last_number()
    url = f"/cases/{case.ref}/settings/"
    assert sign_in(people["editor"]).post(url, settings_form(case, title="New")).status_code == 302
    case.refresh_from_db()
    assert (case.title, case.version) == ("New", 2)
    assert actions_since(before) == ["case_changed"]
    changed = payload_of("case_changed")
    assert changed["before"] == {"title": "Accounts that look alike"}
    assert changed["after"] == {"title": "New", "version": 2}


def test_settings_lead_to_their_history_whom_it_is_open_to(sign_in, people, case):
    for role, shown in (("editor", True), ("auditor", True), ("viewer", False)):
        page = sign_in(people[role]).get(f"/cases/{case.ref}/settings/").content.decode()
        assert (f"/audit/objects/case:{case.pk}/" in page) == shown, role


def test_unchanged_settings_leave_no_event(sign_in, people, case):
    before = last_number()
    sign_in(people["editor"]).post(f"/cases/{case.ref}/settings/", settings_form(case))
    assert actions_since(before) == []


def test_second_editor_gets_both_versions_and_loses_nothing(sign_in, people, case):
    url, client = f"/cases/{case.ref}/settings/", sign_in(people["editor"])
    client.post(url, settings_form(case, title="Theirs"))
    merge = client.post(url, settings_form(case, title="Mine"))
    assert merge.status_code == 412
    assert "Theirs" in merge.text
    assert 'value="Mine"' in merge.text
    version = merge.context["form"]["version"].value()
    assert client.post(url, settings_form(case, title="Mine", version=version)).status_code == 302
    case.refresh_from_db()
    assert (case.title, case.version) == ("Mine", 3)


def test_settings_are_read_by_members_and_changed_by_editors(sign_in, people, case):
    url = f"/cases/{case.ref}/settings/"
    for role in ("investigator", "publisher", "auditor", "viewer"):
        client = sign_in(people[role])
        page = client.get(url)
        assert page.status_code == 200
        assert 'name="title"' not in page.text
        assert client.post(url, settings_form(case, title="X")).status_code == 403
    case.refresh_from_db()
    assert case.version == 1


def test_member_is_added_by_exact_name_only(sign_in, people, case):
    """A14: parts of names and wildcards find nobody, and there is no list."""
    url, client = f"/cases/{case.ref}/members/", sign_in(people["editor"])
    for part in ("strange", "stranger@", "%", "*", "STRANGER", ""):
        assert client.post(url, {"user": part, "role": "viewer"}).status_code == 400
    assert "stranger" not in client.get(url).text
    assert client.post(url, {"user": "Stranger@newsroom.example", "role": "viewer"}).status_code == 302
    assert people["stranger"].memberships.get().role == "viewer"


def test_unknown_person_and_closed_account_read_the_same(sign_in, people, case):
    url, client = f"/cases/{case.ref}/members/", sign_in(people["editor"])
    change_flags(actor=None, user=make_user("gone"), is_active=False)
    texts = {
        client.post(url, {"user": name, "role": "viewer"}).context["form"].errors.as_text()
        for name in ("gone", "never")
    }
    assert len(texts) == 1


def test_role_is_changed_and_taken_with_one_event_each(sign_in, people, case):
    client = sign_in(people["editor"])
    viewer = people["viewer"].memberships.get()
    before = last_number()
    client.post(f"/cases/{case.ref}/members/{viewer.pk}/role/", {"role": "investigator"})
    new = Membership.objects.get(user=people["viewer"], ended_at__isnull=True)
    assert new.role == "investigator"
    client.post(f"/cases/{case.ref}/members/{new.pk}/end/")
    assert actions_since(before) == ["member_role_changed", "member_removed"]
    assert sign_in(people["viewer"]).get(f"/cases/{case.ref}/members/").status_code == 404


def test_nobody_changes_their_own_role(sign_in, people, case):
    """A17: refused, and the refusal is an event."""
    client, own = sign_in(people["editor"]), people["editor"].memberships.get()
    before = last_number()
    assert client.post(f"/cases/{case.ref}/members/", {"user": "editor", "role": "publisher"}).status_code == 403
    assert client.post(f"/cases/{case.ref}/members/{own.pk}/role/", {"role": "publisher"}).status_code == 403
    assert client.post(f"/cases/{case.ref}/members/{own.pk}/end/").status_code == 403
    assert actions_since(before) == ["access_refused"] * 3
    assert people["editor"].memberships.get().role == "editor"


def test_stranger_cannot_add_himself(sign_in, people, case):
    """A17."""
    client = sign_in(people["stranger"])
    assert client.post(f"/cases/{case.ref}/members/", {"user": "stranger", "role": "editor"}).status_code == 404
    assert not people["stranger"].memberships.exists()


def test_lead_stays_until_handed_over(sign_in, people, case):
    client = sign_in(people["editor"])
    lead = case.lead.memberships.get()
    assert client.post(f"/cases/{case.ref}/members/{lead.pk}/end/").status_code == 409
    assert client.post(f"/cases/{case.ref}/lead/", {"user": "editor"}).status_code == 403
    first = sign_in(case.lead)
    assert first.post(f"/cases/{case.ref}/lead/", {"user": "viewer"}).status_code == 409
    assert first.post(f"/cases/{case.ref}/lead/", {"user": "editor"}).status_code == 302
    assert client.post(f"/cases/{case.ref}/members/{lead.pk}/end/").status_code == 302


def test_same_role_twice_is_refused(sign_in, people, case):
    url = f"/cases/{case.ref}/members/"
    page = sign_in(people["editor"]).post(url, {"user": "viewer", "role": "viewer"})
    assert page.status_code == 400
    assert "already" in page.text


def test_person_may_hold_several_roles(sign_in, people, case):
    url = f"/cases/{case.ref}/members/"
    assert sign_in(people["editor"]).post(url, {"user": "viewer", "role": "auditor"}).status_code == 302
    assert people["viewer"].memberships.count() == 2


def test_form_without_csrf_token_is_refused(people, case):
    """A23."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["editor"])
    answer = client.post(f"/cases/{case.ref}/members/", {"user": "stranger", "role": "viewer"})
    assert answer.status_code == 403
    assert "load the page again" in answer.text
    assert client.post("/api/v1/cases/", {}, content_type="application/json").status_code == 403


@pytest.mark.parametrize("path", ["lead/", "members/{id}/role/", "members/{id}/end/"])
def test_get_changes_nothing(sign_in, people, case, path):
    """A22."""
    path = path.format(id=people["viewer"].memberships.get().pk)
    assert sign_in(people["editor"]).get(f"/cases/{case.ref}/{path}").status_code == 405


def queries_for(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_case_list_asks_as_often_for_many_as_for_few(sign_in, people):
    lead, counts = people["editor"], []
    client = sign_in(lead)
    for start, stop in ((0, 10), (10, 1000)):
        cases = Case.objects.bulk_create(Case(ref=f"Q-{n}", title="T", lead=lead) for n in range(start, stop))
        Membership.objects.bulk_create(Membership(case=c, user=lead, role="editor", added_by=lead) for c in cases)
        for made in cases:
            history.record(lead, "case_created", made)
        counts.append([queries_for(client, url) for url in ("/cases/", "/api/v1/cases/?page_size=200")])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 13


def test_member_list_asks_as_often_for_many_as_for_few(sign_in, people, case):
    client, counts = sign_in(people["viewer"]), []
    for start, stop in ((0, 10), (10, 1000)):
        users = User.objects.bulk_create(User(username=f"m{n}") for n in range(start, stop))
        rows = [Membership(case=case, user=u, role="viewer", added_by=people["editor"]) for u in users]
        Membership.objects.bulk_create(rows)
        urls = (f"/cases/{case.ref}/members/", f"/api/v1/cases/{case.ref}/members/?page_size=200")
        counts.append([queries_for(client, url) for url in urls])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 14
