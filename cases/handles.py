"""Read the address or the handle of an account as people paste it, and write it in one canonical way.

`parse(format_url(handle))` gives the handle again, and every refusal is an `InvalidInput` that names the rule. The
handle stays as it was seen; `key` is what two spellings of one handle have in common by the platform's own rules, and
never more than that: letters that merely look alike keep two handles apart.
"""

import re
import unicodedata

from cases.addresses import SCHEME, read_address, write_address
from cases.enums import Platform
from cases.lookalikes import BIDI, ZERO_WIDTH, code_of
from cases.platforms import (
    DOMAIN,
    RULES,
    Handle,
    check_handle,
    check_instance,
    check_user_id,
    federated,
    handle_key,
    label,
    named,
    refusal,
)

__all__ = ["Handle", "check_handle", "check_instance", "check_user_id", "format_url", "handle_key", "parse"]

MAX_INPUT = 2_000

_FEDERATED = re.compile(r"@?([^@\s/]+)@([^@\s/]+)")


def parse(text: str, *, platform: str = "") -> Handle:
    """Read an address, "@handle", "@user@instance", a Bluesky domain or a DID; `platform` is needed for a bare handle.

    Raises InvalidInput with the rule that was broken; nothing is guessed and nothing is cut off silently.
    """
    text = _clean(text)
    if platform and platform not in RULES:
        raise refusal(f"{platform!r:.40} is not a platform this application knows.", field="platform")
    found = read_address(text, platform) if _is_address(text) else _read_bare(text, platform)
    if platform and found.platform != platform:
        raise refusal(f"This is an address of {label(found.platform)}, not of {label(platform)}.")
    return found


def format_url(handle: Handle) -> str:
    """Return the canonical address of what `handle` names; "@handle" for a platform without known addresses."""
    return write_address(handle)


def _clean(text: str) -> str:
    if len(text) > MAX_INPUT:
        raise refusal(f"An address or handle has at most {MAX_INPUT} characters; this has {len(text)}.")
    text = text.strip()
    if not text:
        raise refusal("Give the address of the account, or its handle.")
    for character in text:
        if character in ZERO_WIDTH or character in BIDI or unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"}:
            raise refusal(
                f"There is an invisible or unusable character in it, {code_of(character)}. Type the handle by hand;"
                " it may have been put there to look like another one."
            )
    return text


def _is_address(text: str) -> bool:
    if SCHEME.match(text):
        return True
    host, slash, _ = text.partition("/")
    return bool(slash) and not host.startswith("@") and (DOMAIN.fullmatch(host) is not None)


def _read_bare(text: str, platform: str) -> Handle:
    if text.startswith("did:"):
        return Handle(Platform.BLUESKY, platform_user_id=check_user_id(Platform.BLUESKY, text))
    both = _FEDERATED.fullmatch(text)
    if both and (platform == Platform.MASTODON or (not platform and text.startswith("@"))):
        return federated(both[1], both[2])
    if not platform and text.lower().endswith(".bsky.social"):
        platform = Platform.BLUESKY
    if not platform:
        raise refusal("Say which platform this handle is on, or paste the address of the profile.")
    if platform == Platform.MASTODON:
        raise refusal(RULES[Platform.MASTODON].handle_sentence)
    return named(platform, text.removeprefix("@"))
