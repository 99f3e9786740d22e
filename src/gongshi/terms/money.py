"""Money is an integer of minor units and a currency; never a float."""

from __future__ import annotations

from dataclasses import dataclass

AMOUNT_MAX = 2**63 - 1


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in minor units (fen, cents) of a currency (ISO 4217, or `e-CNY`)."""

    currency: str
    amount: int

    def __post_init__(self) -> None:
        assert isinstance(self.amount, int)
        assert -AMOUNT_MAX <= self.amount <= AMOUNT_MAX


def is_amount(value: object) -> bool:
    """Ask whether a decoded value may be an amount that moves: a positive integer below 2^63, and no boolean."""
    return type(value) is int and 0 < value <= AMOUNT_MAX
