"""Breaks catalogue 20: the first block is not the child of genesis."""

from __future__ import annotations

from gongshi.lab.records import StoredBlock
from gongshi.lab.twins.twin import Twin
from gongshi.terms.text import Text


class LosesTheParent(Twin):
    """Serves the header of genesis in place of the first block's."""

    catalogue = 20
    flaw = Text("第一个区块与创世块脱节", "the first block is not linked to genesis")

    def block(self, height: int) -> StoredBlock:
        """Exchange one header."""
        stored = super().block(height)
        return StoredBlock(super().block(0).header, stored.transactions) if height == 1 else stored


BROKEN = LosesTheParent
