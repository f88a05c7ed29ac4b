"""The keys of a log in their order: which of them may sign the next checkpoint."""

from collections.abc import Iterable

from audit.notes import open_checkpoint, read_key_change
from audit.offline import Refused


def derive_keys(vkey: str, entries: Iterable[bytes]) -> list[str]:
    """Return the keys that follow `vkey` by `entries`, the oldest first, passing over entries that name none."""
    vkeys = [vkey]
    for entry in entries:
        try:
            vkeys.append(read_key_change(entry, vkeys[-1]))
        except Refused:
            continue
    return vkeys


class KeyChain:
    """Follows the log from its first key on; feed it entries and checkpoints in their order.

    A successor may sign once the key before it has sealed the entry that names it. From its first signature on, the key
    before it counts for nothing: whoever stole it cannot sign what comes later.
    """

    def __init__(self, vkey: str) -> None:
        self.current = vkey
        self._successor = ""
        self._may_sign = False

    def announce(self, entry: bytes) -> None:
        """Take note of an entry that names a successor; raise Refused unless the key in use signed that."""
        self._successor, self._may_sign = read_key_change(entry, self.current), False

    def open(self, note: str) -> tuple[int, bytes]:
        """Return (size, root) of the next checkpoint; raise Refused unless a key signed that may."""
        try:
            opened = open_checkpoint(note, [self.current])
        except Refused:
            if not self._may_sign:
                raise
            opened = open_checkpoint(note, [self._successor])
            self.current, self._successor, self._may_sign = self._successor, "", False
        else:
            self._may_sign = bool(self._successor)
        return opened
