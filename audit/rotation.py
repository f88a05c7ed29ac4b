"""Changing the key that signs checkpoints, so that whoever trusts an old key can follow to the new one (AUDIT.md 2.7).

The new key is named by an entry of the log, signed by both keys and sealed under the old one; only then it signs.
"""

from django.db import connection, transaction

from audit import keys, log, notes
from audit.models import Event
from audit.offline import KEY_CHANGED
from audit.sealing import sealing
from audit.waiting import wait_for_inclusion

LOCK = 0x6B6579  # "key"; one change of key at a time
SEALING_SECONDS = 20.0


def change_key(*, actor: str) -> tuple[str, str]:
    """Put a new signing key in the place of the one in use and return (old, new) verifier key.

    Runs where the key file lies. Interrupted at any point, the next call goes on with the same new key. Raises BadKey,
    and NotIncluded when the old key did not seal the entry in time: then the old key stays in use.
    """
    old, new = keys.load_or_create_signer(), keys.load_or_create_successor()
    event = _announce(actor, old, new)
    with sealing():
        wait_for_inclusion([event.event_id], timeout=SEALING_SECONDS)
    keys.put_successor_in_use()
    return old.vkey, new.vkey


@transaction.atomic
def _announce(actor: str, old: keys.Signer, new: keys.Signer) -> Event:
    """Return the entry that names `new`, written unless an interrupted call wrote it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    obj = f"auditkey:{new.vkey.split('+')[1]}"
    if earlier := Event.objects.filter(object=obj, action=KEY_CHANGED).first():
        return earlier
    note = notes.sign_note(notes.key_change_text(old.name, new.vkey), old.name, old.key, new.key)
    return log.record(actor=actor, action=KEY_CHANGED, obj=obj, reason=note.decode())
