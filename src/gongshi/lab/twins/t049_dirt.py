"""Breaks catalogue 49: a call that failed has left something behind that no query shows."""

from __future__ import annotations

from gongshi.lab.records import Result
from gongshi.lab.twins.twin import Twin
from gongshi.terms.digest import compute_digest
from gongshi.terms.text import Text


class LeavesDirt(Twin):
    """Its state root counts the failures."""

    catalogue = 49
    flaw = Text("失败的调用留下痕迹", "a failed call leaves dirt in the state")

    def open(self, seed: int) -> None:
        """Begin clean."""
        super().open(seed)
        self.failures = 0

    def submit(self, data: bytes) -> Result:
        """Count the failures."""
        result = super().submit(data)
        self.failures += not result.accepted
        return result

    def state_root(self) -> bytes:
        """Mix the count into the root."""
        root = super().state_root()
        return compute_digest(root + bytes([self.failures % 256])) if self.failures else root


BROKEN = LeavesDirt
