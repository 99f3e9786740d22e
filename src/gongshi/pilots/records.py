"""The nouns of the digital-currency pilot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

PAYMENT_KINDS = ("pay", "cash_in", "cash_out", "salary", "merchant", "refund")


@dataclass(frozen=True, slots=True)
class Tier:
    """What a wallet of this tier may do, in minor units: per payment, per calendar day, and as a balance."""

    payment_limit: int
    daily_limit: int
    balance_limit: int


@dataclass(frozen=True, slots=True)
class Wallet:
    """A wallet's standing: who operates it, its tier, whether it is frozen, and what it has spent on which day."""

    operator: str
    tier: str
    frozen: bool
    day: int
    spent: int

    def as_list(self) -> list[Any]:
        """Give the value that the ledger keeps."""
        return [self.operator, self.tier, self.frozen, self.day, self.spent]


@dataclass(frozen=True, slots=True)
class Payment:
    """One row of an operator's batch: `at` is when it was made (UTC ms), never after the block's time."""

    id: bytes
    payer: str
    payee: str
    amount: int
    kind: str
    at: int


@dataclass(frozen=True, slots=True)
class Declared:
    """A leg outside the ledger that an operator declares: no money moves here."""

    id: bytes
    payer: str
    payee: str
    amount: int
    currency: str
    zone: str
    at: int
    kind: str


@dataclass(frozen=True)
class Terms:
    """The pilot's governed parameters."""

    currency: str
    issuer: str
    operators: tuple[str, ...]
    quota: int
    utc_offset_min: int
    tiers: Mapping[str, Tier]


def read_terms(params: Mapping[str, Any]) -> Terms:
    """Read the parameters that genesis or governance set under `pilot`."""
    pilot = params["pilot"]
    tiers = {name: Tier(*limits) for name, limits in pilot["tiers"].items()}
    return Terms(
        pilot["currency"], pilot["issuer"], tuple(pilot["operators"]), pilot["quota"], pilot["utc_offset_min"], tiers
    )
