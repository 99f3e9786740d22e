"""Proofs against the recursive definition, for every tree up to a size, and with every byte and length altered."""

import hashlib

import pytest
from makings import prove_inclusion

from gongshi_verifier.merkle import (
    EMPTY_ROOT,
    check_consistency,
    check_inclusion,
    compute_root,
    fold_inclusion,
    hash_leaf,
    hash_node,
)

LEAVES = [hash_leaf(bytes([number])) for number in range(20)]


def prove_growth(leaves, old, whole=True):
    """The proof of RFC 6962, 2.1.2, by its recursive definition."""
    if old == len(leaves):
        return () if whole else (compute_root(leaves),)
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    if old <= split:
        return (*prove_growth(leaves[:split], old, whole), compute_root(leaves[split:]))
    return (*prove_growth(leaves[split:], old - split, whole=False), compute_root(leaves[:split]))


def test_hashes_are_those_of_the_standard():
    assert hash_leaf(b"") == hashlib.sha256(b"\0").digest()
    assert hash_node(b"a" * 32, b"b" * 32) == hashlib.sha256(b"\1" + b"a" * 32 + b"b" * 32).digest()
    assert compute_root([]) == EMPTY_ROOT
    assert compute_root(LEAVES[:3]) == hash_node(hash_node(*LEAVES[:2]), LEAVES[2])


@pytest.mark.parametrize("size", range(1, 21))
def test_every_leaf_is_proved_at_its_place_and_nowhere_else(size):
    leaves, root = LEAVES[:size], compute_root(LEAVES[:size])
    for index in range(size):
        path = prove_inclusion(leaves, index)
        assert check_inclusion(leaves[index], index, size, path, root)
        assert not any(
            check_inclusion(leaves[index], other, size, path, root) for other in range(size) if other != index
        )
        assert not check_inclusion(leaves[index], index, size, (*path, bytes(32)), root)
        assert not check_inclusion(leaves[index], index, size, path, bytes(32))
        for level in range(len(path)):
            assert not check_inclusion(leaves[index], index, size, path[:level] + path[level + 1 :], root)
            wrong = (*path[:level], bytes(32), *path[level + 1 :])
            assert not check_inclusion(leaves[index], index, size, wrong, root)


def test_places_outside_the_tree_and_odd_hashes_give_nothing():
    assert fold_inclusion(LEAVES[0], -1, 1, ()) is None
    assert fold_inclusion(LEAVES[0], 1, 1, ()) is None
    assert fold_inclusion(LEAVES[0], 0, 0, ()) is None
    assert fold_inclusion(LEAVES[0], 0, 2, (b"short",)) is None
    assert fold_inclusion(LEAVES[0], 2**70, 2**71, ()) is None


@pytest.mark.parametrize("size", range(1, 21))
def test_growth_is_proved_from_every_earlier_size_and_from_no_other(size):
    root = compute_root(LEAVES[:size])
    for old in range(1, size + 1):
        old_root, path = compute_root(LEAVES[:old]), prove_growth(LEAVES[:size], old)
        assert check_consistency(old, old_root, size, root, path)
        assert not check_consistency(old, bytes(32), size, root, path)
        assert not check_consistency(old, old_root, size, bytes(32), path)
        assert not check_consistency(old, old_root, size, root, (*path, bytes(32)))
        for level in range(len(path)):
            assert not check_consistency(old, old_root, size, root, path[:level] + path[level + 1 :])


def test_growth_from_nothing_and_shrinking():
    root = compute_root(LEAVES[:3])
    assert check_consistency(0, EMPTY_ROOT, 3, root, ())
    assert check_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, ())
    assert not check_consistency(0, root, 3, root, ())
    assert not check_consistency(0, root, 0, root, ())
    assert not check_consistency(0, EMPTY_ROOT, 0, root, ())
    assert not check_consistency(1, b"short", 1, b"short", ())
    assert fold_inclusion(b"", 0, 1, ()) is None
    assert not check_consistency(0, EMPTY_ROOT, 3, root, (root,))
    assert not check_consistency(3, root, 2, root, ())
    assert not check_consistency(-1, root, 2, root, ())
    assert not check_consistency(3, root, 5, root, ())
    assert not check_consistency(1, root, 2, root, (b"short",))
