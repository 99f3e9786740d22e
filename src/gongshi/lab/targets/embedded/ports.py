"""What the embedded target is handed from outside: the pilot's operations, and a place in which to keep a ledger.

The lab knows no other room. Whoever joins them gives the pilot's constructors as plain functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from gongshi.ledger.engines.embedded import EmbeddedEngine
from gongshi.ledger.records import Genesis, Op

# payment id, payer, payee, amount in minor units, UTC ms
PaymentRow = tuple[bytes, str, str, int, int]


@dataclass(frozen=True)
class Currency:
    """A digital currency's operations and how its state is read; `movements` gives (payer or None, payee, amount) of an op."""

    parameters: Callable[[str, Sequence[str], Mapping[str, tuple[int, int, int]]], Mapping[str, Any]]
    issue: Callable[[str, int], Op]
    redeem: Callable[[int], Op]
    open_wallets: Callable[[Sequence[tuple[str, str]]], Op]
    fund_wallets: Callable[[Sequence[tuple[bytes, str, int]]], Op]
    pay: Callable[[Sequence[PaymentRow]], Op]
    movements: Callable[[Op], Sequence[tuple[str | None, str, int]]]
    balance: Callable[[EmbeddedEngine, str], int]
    supply: Callable[[EmbeddedEngine], int]


class Bench(Protocol):
    """Keeps one ledger at a time and lets its stored bytes be altered."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Name what the result depends on."""
        ...

    def found(self, genesis: Genesis) -> EmbeddedEngine:
        """Begin an empty ledger in a place of its own; its clock stands at the genesis."""
        ...

    def start(self) -> EmbeddedEngine:
        """Stop the ledger and start it from its store; TamperedError when the start refuses the store."""
        ...

    def audit(self) -> None:
        """Check the whole store; TamperedError when something in it does not hold."""
        ...

    def remove(self) -> None:
        """Stop the ledger and remove its place."""
        ...

    def stored_size_bytes(self) -> int:
        """Give how many bytes the records have."""
        ...

    def flip(self, position: int) -> None:
        """Stop the ledger and invert one byte of a record, or restore it."""
        ...


class TamperedError(Exception):
    """The store is not what was committed; `detail` names where."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail
