"""No way of writing a row past the log: each of Django's, and raw SQL, leaves an event."""

from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from audit import log
from audit.canonical import canonical, parse
from audit.models import Event, Payload
from audit.sequencer import Sequencer
from audit.triggers import append_only, guard_rows
from audit.verification import verify_log

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "sequencer"])

DB_ACTOR = f"db:{settings.DB_LOGINS['web'][0]}"


@pytest.fixture
def thing(owner_connection, empty_log):
    """A guarded table with a model; Django writes to it as the web role."""
    owner_connection.execute(
        "CREATE TABLE zoo_bigthing (id uuid PRIMARY KEY, name text, size numeric, made timestamptz, secret text,"
        " case_id uuid)"
    )
    owner_connection.execute(guard_rows("zoo_bigthing", hide=["secret"]).sql)
    with isolate_apps("audit"):

        class BigThing(models.Model):
            id = models.UUIDField(primary_key=True, default=uuid4)
            name = models.TextField(null=True)
            size = models.DecimalField(max_digits=9, decimal_places=2, default=0)
            made = models.DateTimeField(null=True)
            secret = models.TextField(null=True)
            case_id = models.UUIDField(null=True)

            class Meta:
                app_label = "audit"
                db_table = "zoo_bigthing"

            def __str__(self):
                return str(self.pk)

        yield BigThing
    owner_connection.execute("DROP TABLE zoo_bigthing")


def row_events() -> list[Event]:
    return list(Event.objects.filter(action="row_changed").order_by("id"))


def payload(event: Event) -> dict:
    return parse(bytes(Payload.objects.get(event_id=event.event_id).body))


WAYS = {
    "save": lambda thing, rows: thing(name="new").save(),
    "save again": lambda thing, rows: save_again(rows[0]),
    "create": lambda thing, rows: thing.objects.create(name="new"),
    "get_or_create": lambda thing, rows: thing.objects.get_or_create(name="unseen"),
    "bulk_create": lambda thing, rows: thing.objects.bulk_create([thing(name="new")]),
    "bulk_create update_conflicts": lambda thing, rows: thing.objects.bulk_create(
        [thing(pk=rows[0].pk, name="x")], update_conflicts=True, update_fields=["name"], unique_fields=["id"]
    ),
    "QuerySet.update": lambda thing, rows: thing.objects.filter(pk=rows[0].pk).update(name="x"),
    "bulk_update": lambda thing, rows: thing.objects.bulk_update([thing(pk=rows[0].pk, name="x")], ["name"]),
    "delete": lambda thing, rows: rows[0].delete(),
    "QuerySet.delete": lambda thing, rows: thing.objects.filter(pk=rows[0].pk).delete(),
    "raw delete": lambda thing, rows: thing.objects.filter(pk=rows[0].pk)._raw_delete("default"),
    "raw INSERT": lambda thing, rows: raw("INSERT INTO zoo_bigthing (id) VALUES (gen_random_uuid())"),
    "raw UPDATE": lambda thing, rows: raw("UPDATE zoo_bigthing SET name = 'x' WHERE name = 'first'"),
    "raw DELETE": lambda thing, rows: raw("DELETE FROM zoo_bigthing WHERE name = 'first'"),
    "raw MERGE": lambda thing, rows: raw(
        "MERGE INTO zoo_bigthing t USING (VALUES ('first')) v(n) ON t.name = v.n"
        " WHEN MATCHED THEN UPDATE SET name = 'x'"
    ),
    "COPY": lambda thing, rows: copy_in(uuid4()),
}


def save_again(row: models.Model) -> None:
    row.name = "x"
    row.save()


def raw(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def copy_in(pk: UUID) -> None:
    with connection.cursor() as cursor, cursor.copy("COPY zoo_bigthing (id) FROM STDIN") as copy:
        copy.write_row([pk])


@pytest.mark.parametrize("way", WAYS)
def test_change_without_event_leaves_one_of_its_own(thing, way):
    with transaction.atomic():
        rows = thing.objects.bulk_create([thing(name="first"), thing(name="second")])
        log.record(actor="user:ada", action="thing_made", obj="bigthing:1")
    WAYS[way](thing, rows)
    [event] = row_events()
    assert (event.actor, event.object.split(":")[0]) == (DB_ACTOR, "bigthing")
    Sequencer().run_all()
    assert verify_log().ok, verify_log().problems


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("first", [True, False], ids=["event first", "change first"])
def test_change_with_its_event_leaves_no_other(thing, way, first):
    with transaction.atomic():
        rows = thing.objects.bulk_create([thing(name="first"), thing(name="second")])
        log.record(actor="user:ada", action="thing_made", obj="bigthing:1")
    with transaction.atomic():
        if first:
            log.record(actor="user:ada", action="thing_changed", obj="bigthing:1")
        WAYS[way](thing, rows)
        if not first:
            log.record(actor="user:ada", action="thing_changed", obj="bigthing:1")
    assert row_events() == []


def test_change_in_a_savepoint_belongs_to_the_event_outside_it(thing):
    with transaction.atomic():
        with transaction.atomic():
            thing.objects.create(name="new")
        log.record(actor="user:ada", action="thing_made", obj="bigthing:1")
    assert row_events() == []


def test_event_in_a_rolled_back_savepoint_does_not_count(thing):
    with transaction.atomic():
        thing.objects.create(name="new")
        with transaction.atomic():
            log.record(actor="user:ada", action="thing_made", obj="bigthing:1")
            transaction.set_rollback(True)
    assert len(row_events()) == 1


def test_rolled_back_change_leaves_no_event(thing):
    with transaction.atomic():
        thing.objects.create(name="new")
        transaction.set_rollback(True)
    assert row_events() == []


def test_row_event_tells_before_and_after_and_case_and_hides_secrets(thing):
    case = uuid4()
    row = thing.objects.create(name="old", size="1.50", secret="s3cret", case_id=case)
    raw("UPDATE zoo_bigthing SET name = 'new', made = '2024-05-16T12:00:00Z', secret = NULL")
    created, updated = row_events()
    assert (updated.case_id, updated.object, updated.object_seq) == (case, f"bigthing:{row.pk}", 2)
    old = {"id": str(row.pk), "name": "old", "size": "1.50", "made": None, "secret": "hidden", "case_id": str(case)}
    assert payload(created) == {"table": "zoo_bigthing", "operation": "insert", "before": None, "after": old}
    change = payload(updated)
    assert (change["operation"], change["before"]) == ("update", old)
    assert (change["after"]["name"], change["after"]["made"][:10], change["after"]["secret"]) == (
        "new",
        "2024-05-16",
        None,
    )


def test_row_event_joins_the_history_of_its_object(thing):
    with transaction.atomic():
        row = thing.objects.create(name="new")
        made = log.record(actor="user:ada", action="thing_made", obj=f"bigthing:{row.pk}")
    raw("UPDATE zoo_bigthing SET name = 'x'")
    with transaction.atomic():
        after = log.record(actor="user:ada", action="thing_seen", obj=f"bigthing:{row.pk}")
    assert (made.object_seq, row_events()[0].object_seq, after.object_seq) == (1, 2, 3)
    Sequencer().run_all()
    assert verify_log().ok


def test_row_event_names_the_login_that_made_the_change(thing, owner_connection):
    owner_connection.execute("INSERT INTO zoo_bigthing (id) VALUES (gen_random_uuid())")
    login = owner_connection.execute("SELECT session_user").fetchone()[0]
    assert row_events()[0].actor == f"db:{login}"


def test_each_row_of_a_bulk_change_leaves_its_event(thing):
    thing.objects.bulk_create([thing(name=str(number)) for number in range(50)])
    assert len({event.object for event in row_events()}) == 50
    Sequencer().run_all()
    assert verify_log().ok


def test_change_that_changes_nothing_leaves_no_event(thing):
    with transaction.atomic():
        thing.objects.create(name="new")
        log.record(actor="user:ada", action="thing_made", obj="bigthing:1")
    raw("UPDATE zoo_bigthing SET name = name")
    assert row_events() == []


def test_constraints_checked_early_still_leave_the_event(thing):
    with transaction.atomic():
        thing.objects.create(name="new")
        raw("SET CONSTRAINTS ALL IMMEDIATE")
    assert len(row_events()) == 1


def test_web_role_cannot_switch_the_guard_off(thing, web_connection):
    for statement in (
        "ALTER TABLE zoo_bigthing DISABLE TRIGGER audit_guard",
        "DROP TRIGGER audit_guard ON zoo_bigthing",
        "TRUNCATE zoo_bigthing",
        "SET session_replication_role = replica",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            web_connection.execute(statement)


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(name=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60))
def test_row_event_has_the_bytes_that_canonical_would_write(thing, name):
    row = thing.objects.create(name=name)
    event = Event.objects.get(object=f"bigthing:{row.pk}")
    body = bytes(Payload.objects.get(event_id=event.event_id).body)
    for data in (bytes(event.entry), body):
        assert canonical(parse(data)) == data
    assert parse(body)["after"]["name"] == name


def test_row_event_has_the_fields_of_any_entry(thing):
    thing.objects.create(name="new")
    with transaction.atomic():
        recorded = log.record(actor="user:ada", action="thing_made", obj="bigthing:1")
    assert parse(bytes(row_events()[0].entry)).keys() == parse(bytes(recorded.entry)).keys()
    assert row_events()[0].event_id.version == 7


def test_guard_can_be_taken_back_by_its_migration(thing, owner_connection):
    owner_connection.execute(guard_rows("zoo_bigthing").reverse_sql)
    thing.objects.create(name="new")
    assert row_events() == []


@pytest.mark.parametrize("name", ["a; DROP TABLE x", "A", "a'b", "", "1a", 'a"'])
def test_guard_refuses_names_that_are_not_plain(name):
    with pytest.raises(ValueError, match="not a plain"):
        guard_rows(name)
    with pytest.raises(ValueError, match="not a plain"):
        guard_rows("zoo_bigthing", hide=[name])
    with pytest.raises(ValueError, match="not a plain"):
        append_only(name)


def test_append_only_rows_refuse_change_and_can_be_added(thing, owner_connection):
    owner_connection.execute(append_only("zoo_bigthing").sql)
    row = thing.objects.create(name="kept")
    for change in (row.save, row.delete, lambda: thing.objects.update(name="x"), thing.objects.all().delete):
        with pytest.raises(IntegrityError, match="rows of zoo_bigthing never change"):
            change()
    assert list(thing.objects.values_list("name", flat=True)) == ["kept"]
    owner_connection.execute(append_only("zoo_bigthing").reverse_sql)
    row.delete()
