"""Addresses in posts: one spelling for one page, and the domain it is on. Nothing is ever opened."""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from posts.texts.normalisation import URL

# What is added by whoever hands a link on, and names no other page.
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|igshid|igsh|mc_[ce]id|yclid|twclid|ref_src|ref_url|_ga")
_END = ".,;:!?)]}'\"…»”"


def found_in(text: str) -> list[str]:
    """Return the addresses written in a text, without the punctuation after them, each once."""
    if "." not in text and ":" not in text:
        return []
    return list(dict.fromkeys(match.rstrip(_END) for match in URL.findall(text)))


def canonical(url: str) -> str:
    """Return the one spelling of an address: host in lower case, no fragment, no tracking parameters.

    An address that cannot be taken apart is returned as it is.
    """
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        host = _host(parts.hostname, parts.port)
    except ValueError:
        return url
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0])]
    path = parts.path.rstrip("/") if parts.path != "/" else ""
    return urlunsplit((parts.scheme.lower(), host, path, urlencode(query), ""))


def _host(name: str | None, port: int | None) -> str:
    host = (name or "").rstrip(".")
    return f"{host}:{port}" if port not in {None, 80, 443} else host


def domain(url: str) -> str:
    """Return the host of an address without www., or "" where there is none."""
    try:
        host = urlsplit(url if "://" in url else f"https://{url}").hostname
    except ValueError:
        return ""
    return (host or "").rstrip(".").removeprefix("www.")
