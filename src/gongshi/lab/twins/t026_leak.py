"""Breaks catalogue 26: whoever pays himself is credited and the debit forgotten."""

from __future__ import annotations

from gongshi.lab.ports import Tamper
from gongshi.lab.records import Account, Result
from gongshi.lab.twins.twin import Twin
from gongshi.terms.text import Text


class ForgetsADebit(Twin):
    """The old mistake of reading both balances before writing either."""

    catalogue = 26
    flaw = Text("向自己付款时漏记借方", "forgets the debit of a payment to oneself")

    def open(self, seed: int) -> None:
        """Forget the payments."""
        super().open(seed)
        self.to_oneself: dict[bytes, tuple[Account, int]] = {}

    def prepare(self, payer: Account, payee: Account, amount: int, tamper: Tamper = "none") -> bytes:
        """Remember payments to oneself."""
        data = super().prepare(payer, payee, amount, tamper)
        if payer == payee:
            self.to_oneself[data] = (payer, amount)
        return data

    def submit(self, data: bytes) -> Result:
        """Credit without debit."""
        result = super().submit(data)
        if result.accepted and data in self.to_oneself:
            account, amount = self.to_oneself[data]
            self.lies[account.address] += amount
        return result


BROKEN = ForgetsADebit
