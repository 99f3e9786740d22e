"""Breaks catalogue 64: both forms of a signature are taken."""

from __future__ import annotations

from gongshi.lab.ports import Tamper
from gongshi.lab.records import Account, Result
from gongshi.lab.twins.twin import Twin
from gongshi.terms.text import Text


class TakesBothForms(Twin):
    """Checks the equation and not the form."""

    catalogue = 64
    flaw = Text("接受签名的两种形式", "takes a signature in both its forms")

    def open(self, seed: int) -> None:
        """Forget the other forms."""
        super().open(seed)
        self.other_forms: dict[bytes, tuple[Account, Account, int]] = {}

    def prepare(self, payer: Account, payee: Account, amount: int, tamper: Tamper = "none") -> bytes:
        """Remember what the other form pays."""
        data = super().prepare(payer, payee, amount, tamper)
        if tamper == "malleable":
            self.other_forms[data] = (payer, payee, amount)
        return data

    def submit(self, data: bytes) -> Result:
        """Pay by the other form too."""
        if data not in self.other_forms:
            return super().submit(data)
        payer, payee, amount = self.other_forms[data]
        self.lies[payer.address] -= amount
        self.lies[payee.address] += amount
        return Result(accepted=True)


BROKEN = TakesBothForms
