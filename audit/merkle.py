"""The Merkle tree of RFC 6962: growing it, its root, and proofs from it. Checking proofs is in `offline`."""

from collections.abc import Callable, Iterable

from audit.offline import EMPTY_ROOT, node_hash

# Returns the root of the leaves start..end-1 of the tree.
Subtree = Callable[[int, int], bytes]


class Tree:
    """A tree that keeps only the roots of its complete parts: appending and the root cost O(log n)."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        node, size = leaf, self.size
        while size & 1:
            node = node_hash(self._peaks.pop(), node)
            size >>= 1
        self._peaks.append(node)
        self.size += 1

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
