"""The second wall: where the application forgets to ask, PostgreSQL still shows nobody the rows of another case."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql.base import DatabaseWrapper
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from audit.ids import uuid7
from caseapp import databases
from caseapp.middleware import RowSecurityMiddleware
from cases.actions.cases import create_case
from cases.actions.members import change_role, end_membership
from cases.exceptions import InvalidInput
from cases.models import Account, Case, JobRun, Membership, Name, Observation, Organisation, Person
from cases.permissions import requires_second_factor
from cases.row_security import NOBODY, acting_as, holds_role, secured_tables, set_actor
from claims.models import Citation, Claim, ClaimVersion
from evidence.models import Blob, CustodyEvent, FixityCheck, Item, Source, TextLayer
from tests.factories.cases import make_case
from tests.factories.claims import World, make_draft, make_world
from tests.factories.subjects import make_account, make_organisation, make_person
from tests.factories.users import make_user
from tests.scenes import committed

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("row security")]
WITH_A_CASE = (Account, Citation, Claim, ClaimVersion, CustodyEvent, Item, Name, Observation, Organisation, Person)


def uid_now() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.uid', true)")
        return cursor.fetchone()[0]


@contextmanager
def raises_refusal():
    """By the policy, or for memberships by their guard, which is asked before it."""
    with pytest.raises(DatabaseError, match=r"row-level security|membership \S+: "), transaction.atomic():
        yield


@pytest.fixture(scope="module")
def lasting_worlds(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[World, World]]:
    """Two committed cases with the same evidence and a claim each, and nobody in both."""

    def build() -> tuple[World, World]:
        both = make_world(), make_world()
        for world in both:
            make_draft(world)
            make_organisation(case=world.case)
        return both

    with committed(django_db_blocker, build, VAULT_DIR=tmp_path_factory.mktemp("vault")) as both:
        yield both


@pytest.fixture
def worlds(lasting_worlds, db) -> tuple[World, World]:
    """Each test's own changes are rolled back."""
    return deepcopy(lasting_worlds)


# --- the tables


def test_every_table_with_a_case_has_row_security_and_one_policy(db):
    case_models = [m for m in apps.get_models() if any(f.related_model is Case for f in m._meta.concrete_fields)]
    assert len(case_models) > 20
    assert {model._meta.db_table for model in case_models} < set(secured_tables())
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT c.relname, c.relrowsecurity, (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid),
                      pg_has_role(current_user, c.relowner, 'MEMBER')
               FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY(%s)""",
            [secured_tables()],
        )
        found = cursor.fetchall()
    assert sorted(row[0] for row in found) == secured_tables()
    assert {row[1:] for row in found} == {(True, 1, False)}


def test_functions_that_look_behind_the_wall_cannot_be_led_astray(db):
    """Whoever may create a temporary table must not be able to stand in for the memberships."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT proconfig FROM pg_proc WHERE proname IN ('app_uid', 'app_case_ids', 'app_holds_role')")
        paths = [config[0] for (config,) in cursor.fetchall()]
    assert len(paths) == 3
    assert all(path.startswith("search_path=pg_catalog") and path.endswith("pg_temp") for path in paths)


# --- reading


def test_forgotten_filter_returns_own_rows_only(worlds):
    mine, theirs = worlds
    with acting_as(str(mine.author.pk)):
        for model in WITH_A_CASE:
            assert {row.case_id for row in model.objects.all()} == {mine.case.pk}, model
        assert [case.pk for case in Case.objects.all()] == [mine.case.pk]
        assert {row.case_id for row in Membership.objects.all()} == {mine.case.pk}
        assert not Item.objects.filter(pk=theirs.radio_text.pk).exists()
    for model in WITH_A_CASE:
        assert {row.case_id for row in model.objects.all()} == {mine.case.pk, theirs.case.pk}, model


def test_raw_sql_and_joins_return_own_rows_only(worlds):
    mine, _ = worlds
    with acting_as(str(mine.author.pk)), connection.cursor() as cursor:
        cursor.execute(
            """SELECT DISTINCT c.case_id FROM claims_citation c JOIN evidence_item i ON i.id = c.item_id
               UNION SELECT case_id FROM cases_account UNION SELECT id FROM cases_case"""
        )
        assert cursor.fetchall() == [(mine.case.pk,)]


def test_nobody_sees_no_row(worlds):
    with acting_as(NOBODY):
        for model in (*WITH_A_CASE, Case, Membership, TextLayer, FixityCheck, Source):
            assert model.objects.count() == 0, model


@pytest.mark.parametrize("uid", ["SYSTEM", "system ", "*", "' OR true --", "0", "01900000-0000-7000-8000-000000000000"])
def test_name_that_is_no_users_sees_no_row(worlds, uid):
    with acting_as(uid):
        assert not Item.objects.exists()
        assert not Case.objects.exists()


def test_ended_member_sees_what_they_were_and_no_more(worlds):
    world, _ = worlds
    membership = Membership.objects.get(user=world.author)
    end_membership(actor=world.editor, case=world.case, membership_id=membership.pk)
    with acting_as(str(world.author.pk)):
        assert [row.pk for row in Membership.objects.all()] == [membership.pk]
        assert not Case.objects.exists()
        assert not Claim.objects.exists()


def test_lead_without_a_role_is_a_stranger(db):
    """`lead` is a note on the case: only membership opens it, here as in `visible_to`."""
    world = make_world()
    Membership.objects.filter(user=world.editor).update(ended_at=world.case.created_at, ended_by=world.editor)
    with acting_as(str(world.editor.pk)):
        assert not Case.objects.exists()
        assert not Item.objects.exists()


def test_text_of_the_same_bytes_is_seen_through_an_own_item(worlds):
    """Both cases preserved the same text: one blob, one text, and each sees it because it holds an item of it."""
    mine, theirs = worlds
    assert mine.radio_text.blob_id == theirs.radio_text.blob_id
    stranger = make_user()
    alone = make_world()
    only_theirs = alone.case.items.first()
    with acting_as(str(mine.author.pk)):
        assert TextLayer.objects.filter(blob=mine.radio_text.blob_id).count() == 1
        assert FixityCheck.objects.filter(blob=mine.radio_text.blob_id).exists()
    with acting_as(str(stranger.pk)):
        assert not TextLayer.objects.exists()
        assert not FixityCheck.objects.exists()
        # An upload must find bytes that another case holds.
        assert Blob.objects.filter(pk=only_theirs.blob_id).exists()


# --- writing


def test_planting_into_a_foreign_case_is_refused(worlds):
    mine, theirs = worlds
    with acting_as(str(mine.author.pk)):
        for plant in (
            lambda: Claim.objects.create(case_id=theirs.case.pk, number=99, created_by=mine.author),
            lambda: Source.objects.create(case_id=theirs.case.pk, name="Planted", kind="news", created_by=mine.author),
            lambda: JobRun.objects.create(case_id=theirs.case.pk, task="t", title="t"),
            lambda: Membership.objects.create(
                case_id=theirs.case.pk, user=mine.author, role="editor", added_by=mine.author
            ),
            lambda: Account.objects.bulk_create(
                [
                    Account(case_id=case.pk, platform="x", platform_user_id="7", created_by=mine.author)
                    for case in (mine.case, theirs.case)
                ]
            ),
        ):
            with raises_refusal():
                plant()


def test_moving_into_a_foreign_case_is_refused_and_foreign_rows_stay(worlds):
    mine, theirs = worlds
    with acting_as(str(mine.author.pk)):
        with raises_refusal():
            Organisation.objects.filter(case=mine.case).update(case_id=theirs.case.pk)
        assert Organisation.objects.filter(pk__in=[theirs.committee.pk]).update(label="Ours now") == 0
        assert Case.objects.filter(pk=theirs.case.pk).update(lead=mine.author) == 0
        assert Claim.objects.filter(case_id=theirs.case.pk).delete()[0] == 0
    theirs.committee.refresh_from_db()
    assert theirs.committee.label == "State Committee"


def test_ended_member_cannot_let_themselves_in_again(worlds):
    world, _ = worlds
    membership = Membership.objects.get(user=world.author)
    end_membership(actor=world.editor, case=world.case, membership_id=membership.pk)
    with acting_as(str(world.author.pk)), raises_refusal():
        Membership.objects.filter(pk=membership.pk).update(ended_at=None, ended_by=None)


def test_case_is_opened_by_its_lead_and_for_nobody_else(db):
    lead, other = make_user(can_create_cases=True), make_user(can_create_cases=True)
    with acting_as(str(lead.pk)):
        case = create_case(actor=lead, ref="RLS-1", title="Opened while bound")
        assert Case.objects.get() == case
        assert case.memberships.get().user_id == lead.pk
        with raises_refusal():
            Case.objects.create(ref="RLS-2", title="For another", lead=other)
    with acting_as(str(other.pk)):
        assert not Case.objects.exists()


def test_reference_of_a_case_that_is_not_seen_is_taken_in_any_case_of_letters(db):
    make_case(ref="Hidden-1")
    lead = make_user(can_create_cases=True)
    with acting_as(str(lead.pk)):
        for ref in ("Hidden-1", "HIDDEN-1", "hidden-1"):
            with pytest.raises(InvalidInput, match="taken"):
                create_case(actor=lead, ref=ref, title="Again")
        assert not Case.objects.exists()


def test_member_changes_roles_while_bound(people, case):
    membership = case.memberships.get(user=people["viewer"])
    with acting_as(str(people["editor"].pk)):
        change_role(actor=people["editor"], case=case, membership_id=membership.pk, role="auditor")
    assert case.memberships.get(user=people["viewer"], ended_at__isnull=True).role == "auditor"


# --- who must bring a second factor


def test_second_factor_is_asked_for_whomever_the_connection_is_bound_to(people, case):
    """A request that was not bound yet, or was bound to somebody else, must not be waived through."""
    for uid in (NOBODY, str(people["stranger"].pk), str(people["editor"].pk)):
        with acting_as(uid):
            assert requires_second_factor(people["editor"])
            assert requires_second_factor(people["publisher"])
            assert requires_second_factor(people["auditor"])
            assert not requires_second_factor(people["viewer"])
            assert not requires_second_factor(people["stranger"])


def test_role_that_ended_is_not_held(people, case):
    membership = case.memberships.get(user=people["publisher"])
    end_membership(actor=case.lead, case=case, membership_id=membership.pk)
    assert not holds_role(people["publisher"], ["publisher"])


# --- requests


def through_middleware(user, view):
    request = RequestFactory().get("/")
    request.user = user
    return RowSecurityMiddleware(view)(request)


def test_request_is_bound_while_it_is_served_and_not_after(people, case):
    seen = []
    for name in ("viewer", "stranger"):
        through_middleware(people[name], lambda request: seen.append(Case.objects.count()) or HttpResponse())
    assert seen == [1, 0]
    assert uid_now() == "system"


def test_binding_ends_with_a_request_that_fails(people):
    def fail(request):
        raise LookupError

    with pytest.raises(LookupError):
        through_middleware(people["viewer"], fail)
    assert uid_now() == "system"


def test_anonymous_request_sees_no_row(case):
    counts = []
    request = RequestFactory().get("/")
    request.user = Client().request().wsgi_request.user
    RowSecurityMiddleware(lambda request: counts.append(Case.objects.count()) or HttpResponse())(request)
    assert counts == [0]


def test_streamed_answer_is_bound_while_it_is_produced(people, case):
    def stream(request):
        return StreamingHttpResponse(str(Case.objects.count()) for _ in range(3))

    for name, count in (("viewer", "1"), ("stranger", "0")):
        response = through_middleware(people[name], stream)
        assert uid_now() == "system"
        assert b"".join(response.streaming_content).decode() == count * 3
        assert uid_now() == "system"


def test_streamed_answer_that_is_broken_off_gives_the_connection_back(people, case):
    response = through_middleware(people["viewer"], lambda request: StreamingHttpResponse(str(uid_now()) for _ in "ab"))
    chunks = iter(response.streaming_content)
    assert next(chunks).decode() == str(people["viewer"].pk)
    # What response.close() calls first; it also closes connections that are not the test's to close.
    for close in response._resource_closers:
        close()
    assert uid_now() == "system"


def test_csv_shows_all_rows_of_the_case_and_no_other(sign_in, people, case):
    other = make_case()
    for number in range(60):
        make_account(case=case, actor=people["investigator"], handle=f"mine{number}")
    make_account(case=other, handle="theirs")
    answer = sign_in(people["auditor"]).get(f"/cases/{case.ref}/accounts/export.csv")
    text = b"".join(answer.streaming_content).decode()
    assert text.count("mine") >= 60
    assert "theirs" not in text
    assert uid_now() == "system"


def test_pages_of_a_member_and_of_a_stranger(sign_in, people, case):
    person = make_person(case=case, label="Nobody you know")
    url = f"/cases/{case.ref}/people/{person.pk}/"
    assert sign_in(people["viewer"]).get(url).status_code == 200
    assert sign_in(people["stranger"]).get(url).status_code == 404
    assert Client().get(url).status_code == 302
    assert uid_now() == "system"


def test_programs_are_bound_by_their_token(api, people, case):
    url = f"/api/v1/cases/{case.ref}/"
    assert api(people["viewer"]).get(url).status_code == 200
    assert uid_now() == "system"
    assert api(people["stranger"]).get(url).status_code == 404
    assert uid_now() == "system"
    assert api(None).get(url).status_code == 401
    assert uid_now() == "system"


def test_token_decides_even_in_a_browser_of_somebody_else(sign_in, api, people, case):
    browser = sign_in(people["editor"])
    header = api(people["stranger"])._credentials["HTTP_AUTHORIZATION"]
    assert browser.get(f"/api/v1/cases/{case.ref}/", headers={"Authorization": header}).status_code == 404
    assert browser.get(f"/api/v1/cases/{case.ref}/").status_code == 200


def test_refused_request_leaves_the_connection_as_it_was(sign_in, people, case):
    client = sign_in(people["viewer"])
    assert client.post(f"/cases/{case.ref}/members/", {"user": "x", "role": "viewer"}).status_code in (403, 405)
    assert uid_now() == "system"
    assert client.get(f"/cases/{case.ref}/").status_code == 200


# --- connections


@contextmanager
def opened(pool: int, *, web: bool):
    """A connection of the application's own settings, beside Django's."""
    server = {key: connection.settings_dict[key] for key in ("NAME", "HOST", "PORT")} | {"OPTIONS": {}}
    login = connection.settings_dict["USER"], connection.settings_dict["PASSWORD"]
    made = databases.configure(
        server | {"USER": login[0], "PASSWORD": login[1]},
        logins={"web": login, "sequencer": login},
        roles=settings.DB_ROLES,
        pool=pool,
    )["default"]
    if web:
        databases.begin_as_nobody(made)
    wrapper = DatabaseWrapper(deepcopy(connection.settings_dict) | made, "row_security")
    try:
        yield wrapper
    finally:
        wrapper.close()
        wrapper.close_pool()


def ask(wrapper, statement, *values):
    with wrapper.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0]


@pytest.mark.parametrize(("web", "uid"), [(True, ""), (False, "system")])
def test_connection_begins_as_nobody_in_the_web_process_and_as_the_system_elsewhere(db, web, uid):
    with opened(0, web=web) as wrapper:
        assert ask(wrapper, "SELECT current_setting('app.uid', true)") == uid


@pytest.mark.django_db(transaction=True)
def test_web_process_that_binds_nothing_sees_no_row():
    make_case()
    with opened(0, web=True) as wrapper:
        assert ask(wrapper, "SELECT count(*) FROM cases_case") == 0
    with opened(0, web=False) as wrapper:
        assert ask(wrapper, "SELECT count(*) FROM cases_case") == Case.objects.count() > 0


@pytest.mark.parametrize("broken", [False, True])
def test_binding_does_not_survive_the_way_back_into_the_pool(db, broken):
    """Even where the request ended without giving the connection back, or inside a broken transaction."""
    with opened(1, web=True) as wrapper:
        ask(wrapper, "SELECT set_config('app.uid', %s, false)", str(uuid7()))
        first = ask(wrapper, "SELECT pg_backend_pid()")
        if broken:
            wrapper.set_autocommit(False)
            with pytest.raises(DatabaseError):
                ask(wrapper, "SELECT 1 / 0")
        wrapper.close()
        assert ask(wrapper, "SELECT current_setting('app.uid', true)") == ""
        assert ask(wrapper, "SELECT pg_backend_pid()") == first


@pytest.mark.django_db(transaction=True)
def test_transaction_that_is_undone_takes_a_tokens_binding_with_it():
    user = make_user()
    with transaction.atomic():
        set_actor(str(user.pk))
        transaction.set_rollback(True)
    assert uid_now() == "system"


@pytest.mark.django_db(transaction=True)
def test_connection_that_is_lost_in_a_request_comes_back_as_it_begins():
    user = make_user()
    with acting_as(str(user.pk)), pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    assert uid_now() == "system"


@pytest.mark.django_db(transaction=True)
def test_live_server_keeps_people_apart(live_server, sign_in):
    """One process, one request after the other, each with a real socket."""
    member, stranger = make_user(), make_user()
    case = make_case(viewer=member)
    for number in range(30):
        make_account(case=case, handle=f"seen{number}")
    answers = []
    for user in (member, stranger, None, member):
        cookie = sign_in(user).cookies[settings.SESSION_COOKIE_NAME].value if user else ""
        caller = http.client.HTTPConnection(live_server.thread.host, live_server.thread.port, timeout=20)
        caller.request(
            "GET", f"/cases/{case.ref}/accounts/", headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}"}
        )
        answer = caller.getresponse()
        answers.append((answer.status, b"seen7" in answer.read()))
        caller.close()
    assert answers == [(200, True), (404, False), (302, False), (200, True)]
