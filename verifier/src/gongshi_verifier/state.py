"""The state tree: one leaf per key, a path-compressed binary tree over SHA-256 of the key; a sum tree carries amounts.

    path        SHA-256(key)
    leaf        SHA-256(0x00 || path || SHA-256(value))
    node        SHA-256(0x01 || bit || left || right)
    sum leaf    SHA-256(0x10 || path || SHA-256(value) || amount)
    sum node    SHA-256(0x11 || bit || left || amount of left || right || amount of right)
    sum root    SHA-256(0x12 || top || amount of top)
    empty       SHA-256("")

`bit` is one byte: the index of the first bit in which the paths below differ, 0 the most significant. Amounts are 16 bytes,
big-endian. A lookup follows the path's bits; it can end at one leaf only, so showing that leaf with another path proves
absence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

EMPTY = hashlib.sha256(b"").digest()


@dataclass(frozen=True, slots=True)
class Step:
    """One level of a proof, from the leaf upwards: the node's bit, and the hash and amount of the other side."""

    bit: int
    sibling: bytes
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Terminal:
    """The leaf at which a lookup ends: its path, the digest of its value and its amount."""

    path: bytes
    value_digest: bytes
    amount: int = 0


def compute_path(key: str) -> bytes:
    """Give the place of a key in the tree."""
    return hashlib.sha256(key.encode()).digest()


def path_bit(path: bytes, bit: int) -> int:
    """Give one bit of a path."""
    return path[bit >> 3] >> (7 - (bit & 7)) & 1


def hash_map_leaf(path: bytes, value_digest: bytes) -> bytes:
    """Hash a leaf of a plain tree."""
    return hashlib.sha256(b"\x00" + path + value_digest).digest()


def hash_map_node(bit: int, left: bytes, right: bytes) -> bytes:
    """Hash an inner node of a plain tree."""
    return hashlib.sha256(bytes((1, bit)) + left + right).digest()


def hash_sum_leaf(path: bytes, value_digest: bytes, amount: int) -> bytes:
    """Hash a leaf of a sum tree."""
    return hashlib.sha256(b"\x10" + path + value_digest + amount.to_bytes(16, "big")).digest()


def hash_sum_node(bit: int, left: bytes, left_amount: int, right: bytes, right_amount: int) -> bytes:
    """Hash an inner node of a sum tree."""
    amounts = left_amount.to_bytes(16, "big"), right_amount.to_bytes(16, "big")
    return hashlib.sha256(bytes((0x11, bit)) + left + amounts[0] + right + amounts[1]).digest()


def hash_sum_root(top: bytes, amount: int) -> bytes:
    """Hash the root of a sum tree: it opens to the total."""
    return hashlib.sha256(b"\x12" + top + amount.to_bytes(16, "big")).digest()


def fold(terminal: Terminal, steps: Sequence[Step], *, is_sum: bool) -> tuple[bytes, int] | None:
    """Give (top hash, total) that a proof leads to, or None when its bits do not fall towards the root."""
    hashed, amount = _leaf(terminal, is_sum=is_sum), terminal.amount
    below = 256
    for step in steps:
        if not 0 <= step.bit < below or len(step.sibling) != 32 or not 0 <= step.amount < 1 << 100:
            return None
        below = step.bit
        own, other = (hashed, amount), (step.sibling, step.amount)
        left, right = (other, own) if path_bit(terminal.path, step.bit) else (own, other)
        hashed = hash_sum_node(step.bit, *left, *right) if is_sum else hash_map_node(step.bit, left[0], right[0])
        amount += step.amount
    return hashed, amount


def check_presence(key: str, value: bytes, amount: int, steps: Sequence[Step], root: bytes, *, is_sum: bool) -> bool:
    """Check that the key has this value (and amount) under the root."""
    terminal = Terminal(compute_path(key), hashlib.sha256(value).digest(), amount)
    return _reaches(terminal, steps, root, is_sum=is_sum)


def check_absence(key: str, terminal: Terminal | None, steps: Sequence[Step], root: bytes, *, is_sum: bool) -> bool:
    """Check that the key has no value under the root: its lookup ends at another leaf, or the tree is empty."""
    if terminal is None:
        return not steps and root == (hash_sum_root(EMPTY, 0) if is_sum else EMPTY)
    path = compute_path(key)
    if terminal.path == path or not _reaches(terminal, steps, root, is_sum=is_sum):
        return False
    return all(path_bit(path, step.bit) == path_bit(terminal.path, step.bit) for step in steps)


def check_total(top: bytes, total: int, root: bytes) -> bool:
    """Check that a sum tree's root opens to this total."""
    return 0 <= total < 1 << 128 and len(top) == 32 and hash_sum_root(top, total) == root


def _leaf(terminal: Terminal, *, is_sum: bool) -> bytes:
    if is_sum:
        return hash_sum_leaf(terminal.path, terminal.value_digest, terminal.amount)
    return hash_map_leaf(terminal.path, terminal.value_digest)


def _reaches(terminal: Terminal, steps: Sequence[Step], root: bytes, *, is_sum: bool) -> bool:
    if not is_sum and (terminal.amount or any(step.amount for step in steps)):
        return False  # a plain tree commits to no amounts, so none may be claimed
    if len(terminal.path) != 32 or len(terminal.value_digest) != 32 or not 0 <= terminal.amount < 1 << 100:
        return False
    folded = fold(terminal, steps, is_sum=is_sum)
    if folded is None:
        return False
    top, total = folded
    return (hash_sum_root(top, total) if is_sum else top) == root
