"""The entry log: an append-only RFC 6962 tree. The state keeps its frontier; whoever proves keeps every level."""

from __future__ import annotations

from dataclasses import dataclass

from gongshi_verifier.merkle import EMPTY_ROOT, hash_node


@dataclass(frozen=True, slots=True)
class CompactRange:
    """The roots of the full subtrees at the right edge, largest first: enough to go on appending."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> CompactRange:
        """Give the range with one more leaf hash."""
        hashes, size = [*self.hashes, leaf], self.size
        while size & 1:
            right = hashes.pop()
            hashes.append(hash_node(hashes.pop(), right))
            size >>= 1
        return CompactRange(self.size + 1, tuple(hashes))

    def root(self) -> bytes:
        """Give the tree's root."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = hash_node(left, root)
        return root


class LogIndex:
    """Every level of the tree, so that any leaf at any size can be proved; derived from the leaves and never stored."""

    def __init__(self) -> None:
        self._levels: list[list[bytes]] = [[]]

    @property
    def size(self) -> int:
        """Give the number of leaves."""
        return len(self._levels[0])

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash and the nodes that it completes."""
        level, node = 0, leaf
        while True:
            if level == len(self._levels):
                self._levels.append([])
            row = self._levels[level]
            row.append(node)
            if len(row) & 1:
                return
            node = hash_node(row[-2], row[-1])
            level += 1

    def root(self, size: int | None = None) -> bytes:
        """Give the root over the first `size` leaves."""
        size = self.size if size is None else size
        return self._subtree(0, size) if size else EMPTY_ROOT

    def prove_inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """Give the path from a leaf to the root over the first `size` leaves (RFC 6962, 2.1.1)."""
        assert 0 <= index < size <= self.size
        path: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            split = start + _split(end - start)
            if index < split:
                path.append(self._subtree(split, end))
                end = split
            else:
                path.append(self._subtree(start, split))
                start = split
        return tuple(reversed(path))

    def prove_consistency(self, old_size: int, size: int) -> tuple[bytes, ...]:
        """Give the path by which the tree of `size` is seen to extend that of `old_size` (RFC 6962, 2.1.2)."""
        assert 0 <= old_size <= size <= self.size
        if old_size in (0, size):
            return ()
        path: list[bytes] = []
        start, end, is_whole = 0, size, True
        while old_size != end:
            split = start + _split(end - start)
            if old_size <= split:
                path.append(self._subtree(split, end))
                end = split
            else:
                path.append(self._subtree(start, split))
                start, is_whole = split, False
        if not is_whole:
            path.append(self._subtree(start, end))
        return tuple(reversed(path))

    def _subtree(self, start: int, end: int) -> bytes:
        """Give the root over the leaves [start, end); `start` is a multiple of the subtree's capacity."""
        width = end - start
        if width & (width - 1) == 0:
            level = width.bit_length() - 1
            return self._levels[level][start >> level]
        split = start + _split(width)
        return hash_node(self._subtree(start, split), self._subtree(split, end))


def _split(width: int) -> int:
    return 1 << ((width - 1).bit_length() - 1)
