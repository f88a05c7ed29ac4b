"""What can go wrong with evidence, each with a sentence that a person can act on."""

from django.core.exceptions import RequestDataTooBig

from cases.exceptions import CaseworkError, Conflict


class VaultError(CaseworkError):
    """The store cannot do what was asked."""


class TooLarge(VaultError):
    """More bytes than the limit for one file."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"The file is larger than the limit of {limit:,} bytes; nothing of it was kept.")
        self.limit = limit


class FileTooBigInForm(RequestDataTooBig):
    """The same of a file in a form, while the form is read: Django lets only refusals of its own kind through there."""


class QuotaExceeded(VaultError):
    """More bytes than a case may hold or a person may bring in."""

    def __init__(self, who: str, used: int, size: int, limit: int) -> None:
        super().__init__(
            f"{who} may hold {limit:,} bytes of evidence and {'holds' if who != 'You' else 'hold'} {used:,}: "
            f"{size:,} more do not fit. Nothing of the file was kept."
        )


class EmptyFile(VaultError):
    """A file without a single byte proves nothing."""

    def __init__(self) -> None:
        super().__init__("The file is empty; nothing was kept.")


class Interrupted(VaultError):
    """The sender went away in the middle of a file."""

    def __init__(self) -> None:
        super().__init__("The file broke off before its end; nothing of it was kept. Send it again.")


class VaultFull(VaultError):
    """The disk under the store has no room left."""

    def __init__(self) -> None:
        super().__init__("The evidence store is full; nothing of this file was kept. An administrator must make room.")


class VaultUnavailable(VaultError):
    """The disk under the store answered with an error."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"The evidence store could not keep this file ({detail}); nothing of it was kept.")


class BlobMissing(VaultError):
    """The preserved original is not in the store."""

    def __init__(self, sha256: str) -> None:
        super().__init__(f"The preserved original {sha256[:12]}… is missing from the store.")
        self.sha256 = sha256


class BlobChanged(VaultError):
    """What is in the store is not what was preserved."""

    def __init__(self, sha256: str, detail: str = "its bytes no longer match its hash") -> None:
        super().__init__(f"The preserved original {sha256[:12]}… cannot be trusted: {detail}.")
        self.sha256 = sha256
        self.detail = detail


class WrongOffset(Conflict):
    """A piece of an upload that does not follow on what is here; `received` is where to go on."""

    def __init__(self, received: int) -> None:
        super().__init__(f"The upload holds {received:,} bytes; go on from there.")
        self.received = received
