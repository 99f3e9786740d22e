"""Breaks catalogue 19: whoever claims to be the payer is believed."""

from __future__ import annotations

from gongshi.lab.ports import Tamper
from gongshi.lab.records import Account, Result
from gongshi.lab.twins.twin import Twin
from gongshi.terms.text import Text


class BelievesTheSender(Twin):
    """Never asks whose key signed."""

    catalogue = 19
    flaw = Text("不核对付款人的密钥", "does not check whose key signed")

    def open(self, seed: int) -> None:
        """Forget the forgeries."""
        super().open(seed)
        self.forged: dict[bytes, tuple[Account, Account, int]] = {}

    def prepare(self, payer: Account, payee: Account, amount: int, tamper: Tamper = "none") -> bytes:
        """Remember what a forgery claims."""
        data = super().prepare(payer, payee, amount, tamper)
        if tamper == "sender":
            self.forged[data] = (payer, payee, amount)
        return data

    def submit(self, data: bytes) -> Result:
        """Do what the forgery claims."""
        if data not in self.forged:
            return super().submit(data)
        payer, payee, amount = self.forged[data]
        self.lies[payer.address] -= amount
        self.lies[payee.address] += amount
        return Result(accepted=True)


BROKEN = BelievesTheSender
