"""Breaks catalogue 16: a payment that was made is made again when its bytes come again."""

from __future__ import annotations

from collections.abc import Sequence

from gongshi.lab.ports import Tamper
from gongshi.lab.records import Account, Result
from gongshi.lab.twins.twin import Twin
from gongshi.terms.text import Text


class AcceptsReplay(Twin):
    """Remembers what it prepared, and pays it once more."""

    catalogue = 16
    flaw = Text("接受重放的付款", "accepts a replayed payment")

    def open(self, seed: int) -> None:
        """Forget what was prepared and made."""
        super().open(seed)
        self.prepared: dict[bytes, Sequence[tuple[Account, Account, int]]] = {}
        self.made: dict[bytes, Result] = {}

    def prepare(self, payer: Account, payee: Account, amount: int, tamper: Tamper = "none") -> bytes:
        """Remember who pays whom."""
        data = super().prepare(payer, payee, amount, tamper)
        self.prepared[data] = [(payer, payee, amount)]
        return data

    def submit(self, data: bytes) -> Result:
        """Pay again what was paid before."""
        if data in self.made:
            for payer, payee, amount in self.prepared.get(data, ()):
                self.lies[payer.address] -= amount
                self.lies[payee.address] += amount
            return self.made[data]
        result = super().submit(data)
        if result.accepted:
            self.made[data] = result
        return result


BROKEN = AcceptsReplay
