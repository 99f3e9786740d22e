"""The state tree of one namespace, as an immutable value: a write gives a new tree that shares what did not change.

The shape and the hashes are those of `gongshi_verifier.state`. All writes of a block are merged in one walk, so that a node is hashed
once per block however many of its leaves changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gongshi_verifier.state import (
    EMPTY,
    Step,
    Terminal,
    compute_path,
    hash_map_leaf,
    hash_map_node,
    hash_sum_leaf,
    hash_sum_node,
    hash_sum_root,
)


class Leaf:
    """One key with its value; `path` is the hashed key as a number."""

    __slots__ = ("amount", "hash", "key", "path", "value")
    hash: bytes
    path: int
    amount: int

    def __init__(self, key: str, value: bytes, amount: int, *, is_sum: bool) -> None:
        path = compute_path(key)
        digest = hashlib.sha256(value).digest()
        self.key, self.value, self.amount = key, value, amount
        self.path = int.from_bytes(path, "big")
        self.hash = hash_sum_leaf(path, digest, amount) if is_sum else hash_map_leaf(path, digest)


class Node:
    """An inner node: the first bit in which the paths below differ. `path` is that of any leaf below."""

    __slots__ = ("amount", "bit", "hash", "left", "path", "right")
    hash: bytes
    path: int
    amount: int

    def __init__(self, bit: int, left: Leaf | Node, right: Leaf | Node, *, is_sum: bool) -> None:
        self.bit, self.left, self.right, self.path = bit, left, right, left.path
        self.amount = left.amount + right.amount
        if is_sum:
            self.hash = hash_sum_node(bit, left.hash, left.amount, right.hash, right.amount)
        else:
            self.hash = hash_map_node(bit, left.hash, right.hash)


@dataclass(frozen=True, slots=True)
class Write:
    """A key's new value and amount; a value of None removes the key."""

    key: str
    value: bytes | None
    amount: int = 0


@dataclass(frozen=True, slots=True)
class StateProof:
    """Where a lookup ends, and the way from there to the root; `leaf` is None in an empty tree."""

    leaf: Terminal | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """One namespace. A sum tree carries an amount at each leaf and commits to the total."""

    is_sum: bool
    top: Leaf | Node | None = None

    def get(self, key: str) -> Leaf | None:
        """Give the leaf of a key."""
        path = int.from_bytes(compute_path(key), "big")
        node = self.top
        while isinstance(node, Node):
            node = node.right if path >> (255 - node.bit) & 1 else node.left
        return node if node is not None and node.path == path else None

    def write(self, writes: Iterable[Write]) -> Tree:
        """Give the tree after the writes; each key is written at most once."""
        items = sorted(
            (
                int.from_bytes(compute_path(write.key), "big"),
                None if write.value is None else Leaf(write.key, write.value, write.amount, is_sum=self.is_sum),
            )
            for write in _once(writes)
        )
        if not items:
            return self
        return Tree(self.is_sum, _merge(self.top, items, is_sum=self.is_sum))

    def total(self) -> int:
        """Give the sum of all amounts."""
        return self.top.amount if self.top is not None else 0

    def top_hash(self) -> bytes:
        """Give the hash of the topmost node: what a sum root opens to, beside the total."""
        return self.top.hash if self.top is not None else EMPTY

    def root(self) -> bytes:
        """Give the root that the app hash commits to."""
        return hash_sum_root(self.top_hash(), self.total()) if self.is_sum else self.top_hash()

    def leaves(self) -> Iterable[Leaf]:
        """Give every leaf in the order of the paths."""
        stack = [self.top] if self.top is not None else []
        while stack:
            node = stack.pop()
            if isinstance(node, Node):
                stack += [node.right, node.left]
            else:
                yield node

    def prove(self, key: str) -> StateProof:
        """Prove the key's value, or its absence."""
        path = int.from_bytes(compute_path(key), "big")
        node, steps = self.top, []
        while isinstance(node, Node):
            own, other = (node.right, node.left) if path >> (255 - node.bit) & 1 else (node.left, node.right)
            steps.append(Step(node.bit, other.hash, other.amount))
            node = own
        if node is None:
            return StateProof(None, ())
        terminal = Terminal(node.path.to_bytes(32, "big"), hashlib.sha256(node.value).digest(), node.amount)
        return StateProof(terminal, tuple(reversed(steps)))


_Item = tuple[int, Leaf | None]


def _once(writes: Iterable[Write]) -> list[Write]:
    listed = list(writes)
    assert len({write.key for write in listed}) == len(listed), "a key is written once"
    return listed


def _first_difference(one: int, other: int) -> int:
    """Give the index of the first bit in which two paths differ, 256 when they are equal."""
    return 256 - (one ^ other).bit_length()


def _merge(node: Leaf | Node | None, items: Sequence[_Item], *, is_sum: bool) -> Leaf | Node | None:
    """Merge sorted writes into a subtree. The earliest bit at which any write leaves the node's prefix is where the way parts."""
    if not items:
        return node
    if not isinstance(node, Node):
        return _build(_with_leaf(node, items), is_sum=is_sum)
    parting = min(_first_difference(items[0][0], node.path), _first_difference(items[-1][0], node.path))
    bit = min(parting, node.bit)
    cut = _cut(items, bit)
    if bit == node.bit:
        left = _merge(node.left, items[:cut], is_sum=is_sum)
        right = _merge(node.right, items[cut:], is_sum=is_sum)
    elif node.path >> (255 - bit) & 1:
        left, right = _build(items[:cut], is_sum=is_sum), _merge(node, items[cut:], is_sum=is_sum)
    else:
        left, right = _merge(node, items[:cut], is_sum=is_sum), _build(items[cut:], is_sum=is_sum)
    return _join(bit, left, right, is_sum=is_sum)


def _with_leaf(leaf: Leaf | None, items: Sequence[_Item]) -> Sequence[_Item]:
    if leaf is None or any(path == leaf.path for path, _ in items):
        return items
    return sorted([*items, (leaf.path, leaf)], key=lambda item: item[0])


def _build(items: Sequence[_Item], *, is_sum: bool) -> Leaf | Node | None:
    """Build the subtree over sorted writes, without the removals."""
    kept = [item for item in items if item[1] is not None]
    if len(kept) < 2:
        return kept[0][1] if kept else None
    bit = _first_difference(kept[0][0], kept[-1][0])
    cut = _cut(kept, bit)
    return _join(bit, _build(kept[:cut], is_sum=is_sum), _build(kept[cut:], is_sum=is_sum), is_sum=is_sum)


def _join(bit: int, left: Leaf | Node | None, right: Leaf | Node | None, *, is_sum: bool) -> Leaf | Node | None:
    if left is None or right is None:
        return left if right is None else right
    return Node(bit, left, right, is_sum=is_sum)


def _cut(items: Sequence[_Item], bit: int) -> int:
    """Give the number of sorted writes whose path has a 0 at the bit; all agree on the bits before it."""
    low, high, shift = 0, len(items), 255 - bit
    while low < high:
        middle = (low + high) // 2
        if items[middle][0] >> shift & 1:
            high = middle
        else:
            low = middle + 1
    return low
