"""Erasure by order: two people, an entry that says so, and a log that still verifies."""

import json
from uuid import uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from audit import keys, log, offline
from audit.erasure import seal_payload
from audit.exceptions import AuditError
from audit.models import Event, Payload
from audit.proofs import proof_for
from audit.queries import changes_of
from audit.verification import verify_log

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner", "sequencer"])
ORDER = {"actor": "user:ada", "approved_by": "user:bo", "order": "Tribunal judiciaire, 2024-06-01, RG 24/1"}


def test_erased_payload_is_gone_and_the_log_still_verifies(write, sequencer):
    event = write(2)[0]
    sequencer.run_once()
    sealed = seal_payload(event_id=event.event_id, **ORDER)
    sequencer.run_once()
    assert not Payload.objects.filter(event_id=event.event_id).exists()
    assert (sealed.object, sealed.fields["reason"]) == (f"event:{event.event_id}", ORDER["order"])
    assert verify_log().ok
    proof = proof_for(event)
    offline.verify_proof(proof.entry, proof.tlog_proof, keys.trusted_vkeys())
    assert changes_of([event])[event.event_id].erased


@pytest.mark.parametrize("wrong", [{"approved_by": "user:ada"}, {"order": " "}, {"event_id": uuid4()}])
def test_erasure_that_is_not_in_order_is_refused(write, wrong):
    event = write(1)[0]
    with pytest.raises(AuditError):
        seal_payload(**{"event_id": event.event_id} | ORDER | wrong)
    assert (Payload.objects.count(), Event.objects.count()) == (1, 1)


def test_payload_that_must_stay_cannot_be_erased(write, insider):
    event = write(1)[0]
    insider.execute("UPDATE audit_payload SET sealable = false")
    with pytest.raises(Exception, match="no payload that may be erased"):
        seal_payload(event_id=event.event_id, **ORDER)
    assert Payload.objects.exists()


def test_web_role_cannot_erase_even_with_an_event_that_says_so(write, web_connection):
    event = write(1)[0]
    with transaction.atomic():
        log.record(actor="user:eve", action="payload_sealed", obj=f"event:{event.event_id}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        web_connection.execute("DELETE FROM audit_payload")


def test_owner_cannot_erase_without_an_event_in_the_same_transaction(write, owner_connection):
    event = write(1)[0]
    with transaction.atomic():
        log.record(actor="user:eve", action="payload_sealed", obj=f"event:{event.event_id}")
    with pytest.raises(psycopg.errors.RestrictViolation):
        owner_connection.execute("DELETE FROM audit_payload")


def test_command_answers_programs(write, capsys):
    event = write(1)[0]
    call_command(
        "seal_payload", str(event.event_id), "--actor=user:ada", "--approved-by=user:bo", "--order=court", "--json"
    )
    sealed = Event.objects.get(action="payload_sealed")
    assert json.loads(capsys.readouterr().out) == {"erased": str(event.event_id), "event": str(sealed.event_id)}


def test_command_erases_and_refuses_in_one_line(write, capsys):
    event = write(1)[0]
    arguments = [str(event.event_id), "--actor", "user:ada", "--approved-by", "user:bo", "--order", "court"]
    call_command("seal_payload", *arguments)
    assert "erased" in capsys.readouterr().out
    with pytest.raises(CommandError, match="no payload") as caught:
        call_command("seal_payload", *arguments)
    assert caught.value.returncode == 2
