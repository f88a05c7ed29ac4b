"""The one name of a post within a case, the same whichever file tells of it first."""

from hashlib import sha256
from uuid import UUID

_BETWEEN = "\x1f"


def post_id(case_id: UUID | str, platform: str, native_id: str) -> UUID:
    """Return the id of a post: the first 16 bytes of the SHA-256 of case, platform and native id.

    PostgreSQL checks it (`post_id_is_made_of_native_id`), so that the key alone keeps a post from being there twice.
    """
    name = f"{case_id}{_BETWEEN}{platform}{_BETWEEN}{native_id}"
    return UUID(bytes=sha256(name.encode()).digest()[:16])
