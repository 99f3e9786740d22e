"""Breaks catalogue 18: of a transaction that fails in a later part, the first part remains."""

from __future__ import annotations

from collections.abc import Sequence

from gongshi.lab.records import Account, Result
from gongshi.lab.twins.twin import Twin
from gongshi.terms.text import Text


class KeepsFirstLeg(Twin):
    """Refuses the batch, and has paid its first leg all the same."""

    catalogue = 18
    flaw = Text("失败的批量付款保留第一部分", "keeps the first part of a failed batch")

    def open(self, seed: int) -> None:
        """Forget the batches."""
        super().open(seed)
        self.batches: dict[bytes, tuple[Account, Account, int]] = {}

    def prepare_batch(self, payer: Account, legs: Sequence[tuple[Account, int]]) -> bytes:
        """Remember the first leg."""
        data = super().prepare_batch(payer, legs)
        self.batches[data] = (payer, *legs[0])
        return data

    def submit(self, data: bytes) -> Result:
        """Let the first leg of a refused batch stand."""
        result = super().submit(data)
        if not result.accepted and data in self.batches:
            payer, payee, amount = self.batches[data]
            self.lies[payer.address] -= amount
            self.lies[payee.address] += amount
        return result


BROKEN = KeepsFirstLeg
