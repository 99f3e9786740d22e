"""RFC 6962 trees: hashes, inclusion and consistency. A check names no reason; it is true or it is not."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()


def hash_leaf(data: bytes) -> bytes:
    """Hash a leaf (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """Hash an inner node (RFC 6962, 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def compute_root(leaves: Sequence[bytes]) -> bytes:
    """Give the root over leaf hashes, by the recursive definition: the oracle of everything faster."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return hash_node(compute_root(leaves[:split]), compute_root(leaves[split:]))


def fold_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Give the root that an inclusion path leads to, or None when its length is wrong (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or any(len(item) != 32 for item in (leaf, *path)):
        return None
    node, last, root = index, size - 1, leaf
    for item in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            root = hash_node(item, root)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            root = hash_node(root, item)
        node, last = node >> 1, last >> 1
    return root if last == 0 else None


def check_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Check that the leaf hash stands at the index of the tree of this size and root."""
    return fold_inclusion(leaf, index, size, path) == root


def check_consistency(old_size: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Check that the tree of the new size extends the old one (RFC 9162, 2.1.4.2)."""
    if not 0 <= old_size <= size or any(len(item) != 32 for item in (old_root, root, *path)):
        return False
    if old_size == 0 and old_root != EMPTY_ROOT:
        return False
    if old_size in (0, size):
        return not path and (old_size != size or old_root == root)
    hashes = list(path)
    if old_size & (old_size - 1) == 0:
        hashes.insert(0, old_root)
    if not hashes:
        return False
    node, last = old_size - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = hashes[0]
    for item in hashes[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = hash_node(item, old), hash_node(item, new)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            new = hash_node(new, item)
        node, last = node >> 1, last >> 1
    return last == 0 and old == old_root and new == root
