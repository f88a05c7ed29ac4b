"""The forms of one text at each level of likeness, and their digests for finding equal ones in a table."""

from dataclasses import dataclass
from hashlib import blake2b

from posts.texts.normalisation import core, is_eligible, n1

DIGEST_BYTES = 16


@dataclass(slots=True)
class TextForms:
    """`raw` is L0, `n1` L1 and `core` L2 (and what L3 compares); `eligible` when the core is long enough to count."""

    raw: str
    n1: str
    core: str
    eligible: bool

    @property
    def digests(self) -> tuple[bytes, bytes, bytes]:
        """Sixteen bytes for each of L0, L1 and L2."""
        return digest(self.raw), digest(self.n1), digest(self.core)


def forms(text: str) -> TextForms:
    """Return `text` at every level."""
    normalised = n1(text)
    without_tags = core(normalised)
    return TextForms(text, normalised, without_tags, is_eligible(without_tags))


def digest(text: str) -> bytes:
    """Return 16 bytes that equal texts share and, for all practice, no others do."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest()
