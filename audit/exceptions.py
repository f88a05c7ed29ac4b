"""What can go wrong in the log; each message is written for the person who has to act on it."""


class AuditError(Exception):
    """Anything that the audit log refuses."""


class NotCanonical(AuditError):
    """A value that the restricted canonical JSON (AUDIT.md 2.2) cannot hold."""


class OutsideTransaction(AuditError):
    """An event was recorded outside the transaction of the change it speaks of."""


class EntryTooLarge(AuditError):
    """An entry reaches 64 KiB; large values belong into before/after, which are kept apart."""


class NotIncluded(AuditError):
    """An event was written, but the sequencer did not put it under a signed checkpoint in time."""


class BadKey(AuditError):
    """The signing key is missing, unreadable or readable by others."""


class LogMismatch(AuditError):
    """The tables do not agree with a checkpoint that was signed earlier."""


class NotStamped(AuditError):
    """The time-stamp authority did not answer, or its answer does not hold; the log goes on without it."""
