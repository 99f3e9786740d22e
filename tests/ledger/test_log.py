from __future__ import annotations

import itertools

import pytest
from pymerkle import InmemoryTree, InvalidProof, verify_consistency, verify_inclusion

from gongshi.ledger.log import CompactRange, LogIndex
from gongshi_verifier.merkle import EMPTY_ROOT, check_consistency, check_inclusion, compute_root, hash_leaf

SIZE = 256
LEAVES = [hash_leaf(bytes([number])) for number in range(SIZE)]


@pytest.fixture(scope="module")
def index():
    log = LogIndex()
    for leaf in LEAVES:
        log.append(leaf)
    return log


@pytest.fixture(scope="module")
def roots():
    """The roots of all trees of 0 to 256 leaves, by the recursive definition."""
    return [compute_root(LEAVES[:size]) for size in range(SIZE + 1)]


@pytest.fixture(scope="module")
def peer():
    """pymerkle's tree over the same leaves: another author's RFC 6962."""
    return InmemoryTree.init_from_entries([bytes([number]) for number in range(SIZE)])


def test_frontier_and_index_have_the_root_of_the_definition(index, roots):
    log = CompactRange()
    for size in range(SIZE + 1):
        assert log.size == size
        assert log.root() == index.root(size) == roots[size]
        log = log if size == SIZE else log.append(LEAVES[size])
    assert index.root() == roots[SIZE]
    assert LogIndex().root() == CompactRange().root() == EMPTY_ROOT


def test_frontier_keeps_one_hash_per_full_subtree():
    log = CompactRange()
    for size, leaf in enumerate(LEAVES, start=1):
        log = log.append(leaf)
        assert len(log.hashes) == size.bit_count()


def test_every_leaf_of_every_tree_is_proved_to_the_verifier(index, roots):
    for size in range(1, SIZE + 1):
        for leaf in range(size):
            path = index.prove_inclusion(leaf, size)
            assert check_inclusion(LEAVES[leaf], leaf, size, path, roots[size])


def test_path_of_a_leaf_proves_no_other_leaf_and_no_other_tree(index, roots):
    for size, leaf in itertools.product((5, 64, 100, 255), (0, 3, 4)):
        path = index.prove_inclusion(leaf, size)
        assert not check_inclusion(LEAVES[leaf + 1], leaf, size, path, roots[size])
        assert not check_inclusion(LEAVES[leaf], leaf, size, path, roots[size + 1])


def test_every_growth_is_proved_to_the_verifier(index, roots):
    for size in range(SIZE + 1):
        for old in range(size + 1):
            path = index.prove_consistency(old, size)
            assert check_consistency(old, roots[old], size, roots[size], path)


def test_growth_of_another_past_is_not_proved(index, roots):
    for old, size in ((1, 2), (3, 7), (64, 65), (100, 256)):
        path = index.prove_consistency(old, size)
        assert not check_consistency(old, roots[old - 1], size, roots[size], path)
        assert not check_consistency(old, roots[old], size, roots[size - 1], path)


def test_peer_has_the_same_roots(peer, roots):
    for size in range(1, SIZE + 1):
        assert peer.get_root(size) == roots[size]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13, 64, 89, 144, 233, 256])
def test_peer_gives_the_same_paths(index, peer, size):
    for leaf in range(0, size, 7):
        proof = peer.prove_inclusion(leaf + 1, size)
        verify_inclusion(LEAVES[leaf], peer.get_root(size), proof)
        assert tuple(proof.path[1:]) == index.prove_inclusion(leaf, size)


@pytest.mark.parametrize("size", [2, 3, 5, 8, 13, 64, 89, 144, 233, 256])
def test_peer_proves_the_growth_of_our_roots(index, peer, size):
    for old in range(1, size, 5):
        proof = peer.prove_consistency(old, size)
        verify_consistency(index.root(old), index.root(size), proof)
        with pytest.raises(InvalidProof):
            verify_consistency(index.root(old - 1), index.root(size), proof)


def test_proof_outside_the_tree_is_our_own_mistake(index):
    for leaf, size in ((5, 5), (-1, 5), (0, SIZE + 1)):
        with pytest.raises(AssertionError):
            index.prove_inclusion(leaf, size)
    with pytest.raises(AssertionError):
        index.prove_consistency(6, 5)
