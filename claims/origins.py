"""Independence, not count: how many origins stand behind citations (G-07, G-08).

Sources joined in one origin group are one. All sources whose origin nobody has determined are together one more.
The same bytes under two sources are one as well, because a copy adds nothing.
"""

from collections.abc import Iterable

UNDETERMINED = "undetermined"


def count_origins(pairs: Iterable[tuple[str, str]]) -> int:
    """The number of independent origins among (origin group id or "", SHA-256 of the preserved copy or "")."""
    return len({frozenset(group) for group in grouped(pairs)})


def grouped(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """The origins, each as the set of origin groups that turn out to be one."""
    groups: list[tuple[set[str], set[str]]] = []
    for origin, sha256 in pairs:
        origins, copies = {origin or UNDETERMINED}, {sha256} - {""}
        apart = []
        for known in groups:
            if known[0] & origins or known[1] & copies:
                origins |= known[0]
                copies |= known[1]
            else:
                apart.append(known)
        groups = [*apart, (origins, copies)]
    return [origins for origins, _ in groups]


def origin_of(citation) -> tuple[str, str]:
    """What a citation's row brings to the count: its source's origin group and the hash of its preserved copy."""
    source = citation.item.source
    return str(source.origin_group_id or "") if source else "", citation.item.blob_id or ""
