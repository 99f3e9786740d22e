"""Breaks catalogue 24: the index of transactions is one block behind the chain."""

from __future__ import annotations

from gongshi.lab.twins.twin import Twin
from gongshi.terms.text import Text


class IndexOffByOne(Twin):
    """Finds every transaction one block too early."""

    catalogue = 24
    flaw = Text("交易索引的高度偏差一块", "the index of transactions is one block off")

    def find(self, transaction: str) -> tuple[int, bytes]:
        """Give the height before."""
        height, data = super().find(transaction)
        return height - 1, data


BROKEN = IndexOffByOne
