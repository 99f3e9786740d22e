"""What all twins share: everything is passed on to the healthy target, and balances can be lied about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from gongshi.lab.ports import Reader, Tamper, Target
from gongshi.lab.records import About, Account, Limits, Mark, Movement, Proof, Result, StoredBlock
from gongshi.terms.text import Text


class Twin:
    """A target that passes on every call; a twin overrides the one that it breaks. `flaw` tells what is broken."""

    catalogue: ClassVar[int]
    flaw: ClassVar[Text]

    def __init__(self, healthy: Target) -> None:
        self.healthy = healthy
        self.lies: Counter[str] = Counter()

    @property
    def about(self) -> About:
        """The healthy target's, under a name that nobody mistakes."""
        about = self.healthy.about
        return replace(about, id=f"{about.id}-twin-{self.catalogue}", kind="twin")

    @property
    def marks(self) -> Mapping[int, Mark]:
        """The healthy target's."""
        return self.healthy.marks

    @property
    def reader(self) -> Reader:
        """The healthy target's."""
        return self.healthy.reader

    def open(self, seed: int) -> None:
        """Forget all lies."""
        self.lies.clear()
        self.healthy.open(seed)

    def close(self) -> None:
        """Pass on."""
        self.healthy.close()

    def create_account(self, name: str, tier: int) -> Account:
        """Pass on."""
        return self.healthy.create_account(name, tier)

    def limits(self, tier: int) -> Limits:
        """Pass on."""
        return self.healthy.limits(tier)

    def issue(self, payee: Account, amount: int, by: Account | None = None) -> Result:
        """Pass on."""
        return self.healthy.issue(payee, amount, by)

    def prepare(self, payer: Account, payee: Account, amount: int, tamper: Tamper = "none") -> bytes:
        """Pass on."""
        return self.healthy.prepare(payer, payee, amount, tamper)

    def prepare_batch(self, payer: Account, legs: Sequence[tuple[Account, int]]) -> bytes:
        """Pass on."""
        return self.healthy.prepare_batch(payer, legs)

    def submit(self, data: bytes) -> Result:
        """Pass on."""
        return self.healthy.submit(data)

    def balance(self, account: Account) -> int:
        """Add the lie."""
        return self.healthy.balance(account) + self.lies[account.address]

    def total_supply(self) -> int:
        """Pass on."""
        return self.healthy.total_supply()

    def state_root(self) -> bytes:
        """Pass on."""
        return self.healthy.state_root()

    def height(self) -> int:
        """Pass on."""
        return self.healthy.height()

    def block(self, height: int) -> StoredBlock:
        """Pass on."""
        return self.healthy.block(height)

    def find(self, transaction: str) -> tuple[int, bytes]:
        """Pass on."""
        return self.healthy.find(transaction)

    def history(self, account: Account) -> tuple[Movement, ...]:
        """Pass on."""
        return self.healthy.history(account)

    def prove(self, transaction: str) -> Proof:
        """Pass on."""
        return self.healthy.prove(transaction)

    def stored_size_bytes(self) -> int:
        """Pass on."""
        return self.healthy.stored_size_bytes()

    def flip_stored_byte(self, position: int) -> None:
        """Pass on."""
        self.healthy.flip_stored_byte(position)

    def reopen(self) -> Result:
        """Pass on."""
        return self.healthy.reopen()

    def audit(self) -> Result:
        """Pass on."""
        return self.healthy.audit()
