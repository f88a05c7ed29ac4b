"""The tables of AUDIT.md 2.1. The migration owns their SQL: identity, triggers and rights are not Django's to make."""

from functools import cached_property

from django.db import models

from audit.canonical import parse


class Event(models.Model):
    """One thing that somebody did. `entry` is what counts; the other columns only index it and are verified against it.

    The table has one more column, `xact` (the writing transaction), which only the row guard reads.
    """

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    entry = models.BinaryField()
    recorded_at = models.DateTimeField()
    actor = models.TextField()
    action = models.TextField()
    case_id = models.UUIDField(null=True)
    object = models.TextField()
    object_seq = models.BigIntegerField()
    request_id = models.TextField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["object", "object_seq"], name="audit_event_object_seq")]
        indexes = [
            models.Index(fields=["case_id", "id"], name="audit_event_case"),
            models.Index(fields=["actor", "id"], name="audit_event_actor"),
            models.Index(fields=["id"], name="audit_event_row_changed", condition=models.Q(action="row_changed")),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object} #{self.object_seq}"

    @cached_property
    def fields(self) -> dict:
        """What the entry says (AUDIT.md 2.2); raises NotCanonical when somebody changed its bytes."""
        return parse(bytes(self.entry))


class Payload(models.Model):
    """The sensitive before/after of an event, salted, so that it can be erased by order and the log still verifies."""

    event_id = models.UUIDField(primary_key=True)
    salt = models.BinaryField()
    body = models.BinaryField()
    sealable = models.BooleanField(default=True, db_default=True)

    def __str__(self) -> str:
        return f"payload of {self.event_id}"


class Pending(models.Model):
    """An event that no checkpoint covers yet; a trigger adds the row, the sequencer removes it."""

    id = models.BigIntegerField(primary_key=True)

    def __str__(self) -> str:
        return f"pending event {self.id}"


class Leaf(models.Model):
    """The place of an event in the Merkle tree."""

    idx = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, on_delete=models.DO_NOTHING, db_column="id", db_constraint=False)
    leaf = models.BinaryField()

    def __str__(self) -> str:
        return f"leaf {self.idx}"


class Checkpoint(models.Model):
    """A signed root over the first `size` leaves."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    published_at = models.DateTimeField()

    class Meta:
        ordering = ["size"]

    def __str__(self) -> str:
        return f"checkpoint of {self.size} entries"


class TimeStamp(models.Model):
    """An outside authority's word on when a checkpoint existed: its whole RFC 3161 response, as it came."""

    checkpoint = models.OneToOneField(
        Checkpoint, on_delete=models.DO_NOTHING, db_column="size", primary_key=True, related_name="time_stamp"
    )
    response = models.BinaryField()
    stamped_at = models.DateTimeField()
    authority = models.TextField()

    class Meta:
        db_table = "audit_timestamp"

    def __str__(self) -> str:
        return f"time stamp of the checkpoint of {self.pk} entries"
