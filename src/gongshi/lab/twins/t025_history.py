"""Breaks catalogue 25: the oldest line of a history falls out."""

from __future__ import annotations

from gongshi.lab.records import Account, Movement
from gongshi.lab.twins.twin import Twin
from gongshi.terms.text import Text


class ForgetsTheOldest(Twin):
    """Shows a history without its first line."""

    catalogue = 25
    flaw = Text("账户历史缺最早一行", "a history lacks its oldest line")

    def history(self, account: Account) -> tuple[Movement, ...]:
        """Drop the first."""
        return super().history(account)[1:]


BROKEN = ForgetsTheOldest
