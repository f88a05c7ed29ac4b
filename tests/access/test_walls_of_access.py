"""Raw SQL as the application's role: nobody reads another case's log, and nobody gives themselves rights (A17)."""

from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit import log
from audit.models import Event, Payload
from audit.queries import delays
from audit.waiting import waiting_since
from cases.actions.cases import create_case, transfer_lead
from cases.actions.members import add_member, change_role, end_membership
from cases.actions.users import change_flags, create_user, reset_password
from cases.enums import Role
from cases.models import Case, Membership, User
from cases.permissions import ROLE_PERMISSIONS, Permission
from cases.row_security import NOBODY, SYSTEM, acting_as
from tests.factories.cases import make_case
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db
with_commits = pytest.mark.django_db(transaction=True)
ELSEWHERE = "01900000-0000-7000-8000-000000000000"
RIGHTS = ("is_superuser", "is_staff", "is_active", "can_create_cases")


@contextmanager
def raises_refusal(why: str):
    with pytest.raises(DatabaseError, match=why), transaction.atomic():
        yield


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def check_constraints_now():
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def admin(db):
    return make_user(is_superuser=True)


# --- the log


def test_person_reads_the_log_of_their_cases_and_no_other(people, case):
    other = make_case()
    with acting_as(str(people["viewer"].pk)):
        assert {event.case_id for event in Event.objects.all()} == {case.pk}
        seen = set(Event.objects.values_list("event_id", flat=True))
        assert {row.event_id for row in Payload.objects.all()} <= seen
        assert Payload.objects.exists()
        assert run("SELECT FROM audit_event WHERE case_id = %s", other.pk) == 0
        assert run("SELECT FROM audit_event WHERE case_id IS NULL") == 0
    with acting_as(str(people["stranger"].pk)):
        assert not Event.objects.exists()
        assert not Payload.objects.exists()
    with acting_as(NOBODY):
        assert not Event.objects.exists()
    assert Event.objects.filter(case_id=other.pk).exists()


def test_ended_member_reads_the_log_no_longer(people, case):
    membership = case.memberships.get(user=people["viewer"])
    end_membership(actor=people["editor"], case=case, membership_id=membership.pk)
    with acting_as(str(people["viewer"].pk)):
        assert not Event.objects.exists()


def test_events_of_accounts_and_of_the_installation_are_the_systems(people, admin):
    with acting_as(str(admin.pk)):
        assert not Event.objects.exists()
    assert Event.objects.filter(action="user_created", case_id=None).count() >= len(people)


def test_change_of_key_is_seen_by_all_since_every_dossier_holds_it(people):
    log.record(actor="operator:command_line", action="audit_key_changed", obj="auditkey:00000001", reason="note")
    with acting_as(str(people["stranger"].pk)):
        assert [event.action for event in Event.objects.all()] == ["audit_key_changed"]


def test_delay_of_the_log_is_told_whosever_event_waits(people, case):
    oldest = Event.objects.order_by("pk").values_list("recorded_at", flat=True).first()
    assert oldest is not None
    with acting_as(str(people["stranger"].pk)):
        assert waiting_since() == oldest
        assert delays() == []


def test_event_is_written_by_who_cannot_read_it(people, case):
    with acting_as(str(people["stranger"].pk)):
        event = log.record(actor="user:x", action="thing_asked", obj="thing:1", case_id=case.pk, after={"a": "b"})
        assert event.object_seq == 1
        assert not Event.objects.filter(pk=event.pk).exists()


@with_commits
def test_sequencer_reads_every_entry(sequencer_connection, web_connection):
    make_case()
    count = Event.objects.count()
    assert sequencer_connection.execute("SELECT count(*) FROM audit_event").fetchone() == (count,)
    web_connection.execute("SELECT set_config('app.uid', '', false)")
    assert web_connection.execute("SELECT count(*) FROM audit_event").fetchone() == (0,)


# --- rights of accounts


@pytest.mark.parametrize("column", RIGHTS)
def test_own_rights_are_refused(people, column):
    person = people["editor"]
    with acting_as(str(person.pk)), raises_refusal("only another administrator"):
        run(f"UPDATE cases_user SET {column} = NOT {column} WHERE id = %s", person.pk)


@pytest.mark.parametrize("column", RIGHTS)
def test_rights_of_others_are_refused_to_who_is_no_administrator(people, column):
    for uid in (str(people["editor"].pk), NOBODY):
        with acting_as(uid), raises_refusal("only another administrator"):
            User.objects.filter(pk=people["viewer"].pk).update(**{column: not getattr(people["viewer"], column)})


def test_administrator_cannot_change_themselves_either(admin):
    with acting_as(str(admin.pk)), raises_refusal("only another administrator"):
        User.objects.filter(pk=admin.pk).update(can_create_cases=True)


@pytest.mark.parametrize("column", ["username", "email", "password"])
def test_taking_over_an_account_is_refused(people, admin, column):
    with acting_as(str(people["editor"].pk)):
        with raises_refusal("only another administrator"):
            run(f"UPDATE cases_user SET {column} = 'mine' WHERE id = %s", admin.pk)
        with raises_refusal("only another administrator"):
            run("UPDATE cases_user SET id = gen_random_uuid() WHERE id = %s", people["stranger"].pk)


def test_what_is_ones_own_is_changed(people):
    person = people["editor"]
    with acting_as(str(person.pk)):
        assert User.objects.filter(pk=person.pk).update(display_name="Ada", email="ada@newsroom.example") == 1
        person.set_password("another-horse-battery-staple")
        person.save()
    with acting_as(NOBODY):  # sign-in
        assert User.objects.filter(pk=person.pk).update(last_login=timezone.now(), password="!") == 1
    check_constraints_now()


def test_accomplice_is_refused(people):
    with acting_as(str(people["editor"].pk)):
        for fields in ({}, {"is_superuser": True}):
            with raises_refusal("only another administrator"):
                User.objects.create(username="accomplice", **fields)


def test_administrator_works_as_before(people, admin):
    with acting_as(str(admin.pk)):
        made, _ = create_user(actor=admin, username="new", display_name="N", email="n@newsroom.example", is_staff=True)
        change_flags(actor=admin, user=people["viewer"], can_create_cases=True, is_staff=True)
        reset_password(actor=admin, user=people["viewer"])
        check_constraints_now()
    assert User.objects.get(pk=made.pk).is_staff


@with_commits
@pytest.mark.parametrize("column", RIGHTS)
def test_rights_without_their_event_are_refused_to_the_system_too(web_connection, column):
    user = make_user()
    of_another = {"actor": "user:x", "action": "user_changed", "obj": f"user:{make_user().pk}"}
    for event in ({}, of_another, of_another | {"action": "password_reset", "obj": f"user:{user.pk}"}):
        with raises_refusal("leaves an event"):
            if event:
                log.record(**event)
            run(f"UPDATE cases_user SET {column} = NOT {column} WHERE id = %s", user.pk)
    with raises_refusal("leaves an event"):
        User.objects.create(username="accomplice", is_superuser=True)
    assert change_flags(actor=None, user=user, can_create_cases=True).can_create_cases


@with_commits
def test_owner_of_the_tables_passes_and_leaves_a_trace(owner_connection):
    user = make_user()
    owner_connection.execute("UPDATE cases_user SET is_superuser = true WHERE id = %s", [user.pk])
    assert Event.objects.filter(action="row_changed", object=f"user:{user.pk}").count() == 1


# --- memberships


def insert(case, user, role, by):
    return run(
        """INSERT INTO cases_membership (id, case_id, user_id, role, added_at, added_by_id)
           VALUES (gen_random_uuid(), %s, %s, %s, now(), %s)""",
        *(case.pk, user.pk, role, by.pk),
    )


@pytest.mark.parametrize("name", ["editor", "viewer", "publisher"])
def test_own_role_is_refused(people, case, name):
    person = people[name]
    with acting_as(str(person.pk)):
        for role in ("investigator", "auditor"):
            with raises_refusal("only another editor"):
                insert(case, person, role, case.lead)
        for change in ("role = 'auditor'", "user_id = %(lead)s", "case_id = %(case)s"):
            with raises_refusal("never changed|row-level security"), connection.cursor() as cursor:
                cursor.execute(
                    f"UPDATE cases_membership SET {change} WHERE user_id = %(user)s",
                    {"user": person.pk, "lead": case.lead_id, "case": ELSEWHERE},
                )


def test_own_membership_cannot_be_ended_or_revived(people, case):
    person = people["viewer"]
    with acting_as(str(person.pk)), raises_refusal("only another editor"):
        Membership.objects.filter(user=person).update(ended_at=timezone.now(), ended_by=person)
    editor = people["editor"]
    membership = case.memberships.get(user=person)
    end_membership(actor=editor, case=case, membership_id=membership.pk)
    with acting_as(str(editor.pk)), raises_refusal("never changed"):
        Membership.objects.filter(pk=membership.pk).update(ended_at=None, ended_by=None)


def test_friend_is_not_let_in_by_who_may_not_manage_members(people, case):
    for name in ("investigator", "publisher", "auditor", "viewer"):
        with acting_as(str(people[name].pk)), raises_refusal("only another editor"):
            insert(case, people["stranger"], "viewer", case.lead)


def test_database_lets_those_roles_manage_members_that_the_permissions_do():
    managing = [role for role in Role.values if Permission.MEMBER_MANAGE in ROLE_PERMISSIONS[role]]
    assert managing == ["editor"]


def test_editor_works_as_before(people, case):
    editor = people["editor"]
    with acting_as(str(editor.pk)):
        add_member(actor=editor, case=case, user=people["stranger"], role="viewer")
        old = case.memberships.get(user=people["stranger"])
        new = change_role(actor=editor, case=case, membership_id=old.pk, role="auditor")
        end_membership(actor=editor, case=case, membership_id=new.pk)
        check_constraints_now()


def test_case_is_opened_and_its_first_member_is_its_lead_alone(people):
    lead = make_user(can_create_cases=True)
    with acting_as(str(lead.pk)):
        case = create_case(actor=lead, ref="WALL-1", title="T")
        with raises_refusal("only another editor"):
            insert(case, lead, "publisher", lead)
        check_constraints_now()
    # A lead without a membership, of a case that has members, is a stranger.
    Membership.objects.filter(case=case).update(ended_at=timezone.now(), ended_by=people["editor"])
    with acting_as(str(lead.pk)), raises_refusal("only another editor|row-level security"):
        insert(case, lead, "editor", lead)


def test_lead_is_handed_over_and_never_taken(people, case):
    editor = people["editor"]
    with acting_as(str(editor.pk)), raises_refusal("only its lead"):
        Case.objects.filter(pk=case.pk).update(lead=editor)
    lead = case.lead
    with acting_as(str(lead.pk)):
        assert transfer_lead(actor=lead, case=case, to=editor).lead == editor


@with_commits
def test_membership_without_its_event_is_refused_to_the_system_too():
    case, friend = make_case(), make_user()
    for action in ("case_changed", None):
        with raises_refusal("leaves an event"):
            if action:
                log.record(actor="user:x", action=action, obj=f"case:{case.pk}", case_id=case.pk)
            insert(case, friend, "editor", case.lead)
    with raises_refusal("leaves an event"):
        Membership.objects.filter(case=case).update(ended_at=timezone.now(), ended_by=friend)
    assert not case.memberships.filter(user=friend).exists()


@with_commits
def test_stranger_with_sql_of_their_own_gets_in_nowhere(web_connection):
    """A17 by raw SQL: each statement is tried as the person, committed by itself."""
    case, person = make_case(), make_user()
    web_connection.execute("SELECT set_config('app.uid', %s, false)", [str(person.pk)])
    for statement in (
        "UPDATE cases_user SET is_superuser = true",
        "UPDATE cases_user SET is_staff = true WHERE id = %(user)s",
        """INSERT INTO cases_membership (id, case_id, user_id, role, added_at, added_by_id)
           VALUES (gen_random_uuid(), %(case)s, %(user)s, 'editor', now(), %(user)s)""",
        "ALTER TABLE cases_user DISABLE TRIGGER cases_guard",
        f"SET ROLE {settings.DB_ROLES['owner']}",
        "SET session_replication_role = replica",
    ):
        with pytest.raises(psycopg.Error, match=r"only another|row-level|permission|owner"):
            web_connection.execute(statement, {"user": person.pk, "case": case.pk})
    person.refresh_from_db()
    assert (person.is_superuser, person.is_staff, person.memberships.count()) == (False, False, 0)
    with acting_as(SYSTEM):
        assert not Event.objects.filter(action="row_changed").exists()
