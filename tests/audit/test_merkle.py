"""The tree against the recursive definitions of RFC 6962, written out once more here."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit import merkle
from audit.offline import EMPTY_ROOT, Refused, leaf_hash, verify_consistency, verify_inclusion

LEAVES = [leaf_hash(bytes([number % 256, number // 256])) for number in range(300)]


def mth(leaves):
    """MTH of RFC 6962 section 2.1, over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + mth(leaves[:k]) + mth(leaves[k:])).digest()


def subtree(start, end):
    return mth(LEAVES[start:end])


def flips(data: bytes):
    for bit in range(len(data) * 8):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        yield bytes(changed)


def test_root_of_nothing_is_the_hash_of_nothing():
    assert merkle.Tree().root() == EMPTY_ROOT == mth([])


def test_roots_of_the_certificate_transparency_test_vectors():
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [leaf_hash(bytes.fromhex(text)) for text in inputs]
    assert merkle.root(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert merkle.root(leaves[:2]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert merkle.root(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_growing_tree_has_the_root_of_each_size():
    tree = merkle.Tree()
    for size, leaf in enumerate(LEAVES[:130], start=1):
        tree.append(leaf)
        assert (tree.size, tree.root()) == (size, mth(LEAVES[:size]))


@given(st.lists(st.integers(0, 70), max_size=6))
def test_tree_extended_by_many_leaves_is_the_same(counts):
    tree, size = merkle.Tree(), 0
    for count in counts:
        tree.extend(LEAVES[size : size + count])
        size = min(size + count, len(LEAVES))
        assert (tree.size, tree.root()) == (size, mth(LEAVES[:size]))
    tree.append(LEAVES[0])
    assert tree.root() == mth([*LEAVES[:size], LEAVES[0]])


def test_copy_grows_apart():
    tree = merkle.Tree()
    tree.append(LEAVES[0])
    other = tree.copy()
    other.append(LEAVES[1])
    assert (tree.size, tree.root()) == (1, LEAVES[0])


@given(st.data())
def test_inclusion_proof_holds_for_its_leaf_and_place_alone(data):
    size = data.draw(st.integers(1, len(LEAVES)))
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(index, size, subtree)
    root = mth(LEAVES[:size])
    verify_inclusion(LEAVES[index], index, size, proof, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index)) if size > 1 else index + 1
    for bad in (
        (LEAVES[index], other, size, proof, root),
        (LEAVES[index], -1, size, proof, root),
        (LEAVES[index], size, size, proof, root),
        (LEAVES[index], index, size, [*proof, root], root),
        (leaf_hash(b"another"), index, size, proof, root),
        (LEAVES[index], index, size, proof, mth(LEAVES[: size - 1])),
    ):
        with pytest.raises(Refused):
            verify_inclusion(*bad)
    if proof:
        with pytest.raises(Refused):
            verify_inclusion(LEAVES[index], index, size, proof[:-1], root)


@given(st.data())
def test_consistency_proof_holds_for_its_two_trees_alone(data):
    new = data.draw(st.integers(1, len(LEAVES)))
    old = data.draw(st.integers(1, new))
    proof = merkle.consistency_proof(old, new, subtree)
    old_root, new_root = mth(LEAVES[:old]), mth(LEAVES[:new])
    verify_consistency(old, new, proof, old_root, new_root)
    for bad in (
        (old, new, proof, leaf_hash(b"x"), new_root),
        (old, new, proof, old_root, leaf_hash(b"x")),
        (old, new, [*proof, new_root], old_root, new_root),
        (0, new, proof, old_root, new_root),
        (new + 1, new, proof, old_root, new_root),
    ):
        with pytest.raises(Refused):
            verify_consistency(*bad)
    if proof:
        with pytest.raises(Refused):
            verify_consistency(old, new, proof[:-1], old_root, new_root)


def test_every_flipped_bit_of_a_proof_is_refused():
    proof = merkle.inclusion_proof(77, 300, subtree)
    root = mth(LEAVES)
    for position, item in enumerate(proof):
        for changed in flips(item):
            with pytest.raises(Refused):
                verify_inclusion(LEAVES[77], 77, 300, [*proof[:position], changed, *proof[position + 1 :]], root)
    for changed in flips(LEAVES[77]):
        with pytest.raises(Refused):
            verify_inclusion(changed, 77, 300, proof, root)


def test_proofs_of_places_outside_the_tree_cannot_be_asked_for():
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_proof(5, 5, subtree)
    with pytest.raises(ValueError, match="no tree"):
        merkle.consistency_proof(6, 5, subtree)
