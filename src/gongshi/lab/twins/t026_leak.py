"""Breaks catalogue 26: now and then the payee is credited and the payer's debit is forgotten."""

from __future__ import annotations

from gongshi.lab.ports import Tamper
from gongshi.lab.records import Account, Result
from gongshi.lab.twins.twin import Twin
from gongshi.terms.text import Text

EVERY = 8


class ForgetsADebit(Twin):
    """Rare enough for examples to miss: every eighth payment."""

    catalogue = 26
    flaw = Text("每第八笔付款漏记借方", "forgets the debit of every eighth payment")

    def open(self, seed: int) -> None:
        """Forget the payments."""
        super().open(seed)
        self.payments: dict[bytes, tuple[Account, int]] = {}
        self.made = 0

    def prepare(self, payer: Account, payee: Account, amount: int, tamper: Tamper = "none") -> bytes:
        """Remember who pays how much."""
        data = super().prepare(payer, payee, amount, tamper)
        self.payments[data] = (payer, amount)
        return data

    def submit(self, data: bytes) -> Result:
        """Credit without debit."""
        result = super().submit(data)
        if result.accepted and data in self.payments:
            self.made += 1
            if self.made % EVERY == 0:
                account, amount = self.payments[data]
                self.lies[account.address] += amount
        return result


BROKEN = ForgetsADebit
