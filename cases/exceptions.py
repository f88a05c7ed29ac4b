"""What can go wrong in words; `caseapp/errors.py` maps each class to HTTP once."""


class CaseworkError(Exception):
    """A refusal with a sentence that a person can act on."""


class NotVisible(CaseworkError):
    """The object does not exist for this actor; answered as 404 so that existence is never told."""


class NotAllowed(CaseworkError):
    """The actor sees the object but lacks the permission (403)."""


class RecentSignInNeeded(NotAllowed):
    """The step asks for a password or second factor given in the last minutes (403)."""


class InvalidInput(CaseworkError):
    """Input that cannot be accepted (400); `field` names what to mend."""

    def __init__(self, message: str, *, field: str = ""):
        super().__init__(message)
        self.field = field


class Conflict(CaseworkError):
    """The state does not allow this step (409)."""


class Duplicate(Conflict):
    """It is there already (409); `existing` is the row."""

    def __init__(self, message: str, *, existing: object):
        super().__init__(message)
        self.existing = existing


class StaleVersion(CaseworkError):
    """Somebody saved first (412 for the API, a merge view for pages); `current` is what is stored now."""

    def __init__(self, message: str, *, current: object = None):
        super().__init__(message)
        self.current = current


class VersionMissing(CaseworkError):
    """An edit through the API that does not say which version it is based on (428)."""


class KeyReused(CaseworkError):
    """The same Idempotency-Key came with another request (422)."""
