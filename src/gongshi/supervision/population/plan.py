"""The nouns of a seeded population: its size, its wallets, the payments planned for the ledger and the declared foreign legs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gongshi.supervision.columns import Rates
from gongshi.supervision.records import Customer, Manifest
from gongshi.terms.instant import Instant
from gongshi.terms.transfer import Transfer

BATCH_MS = 2 * 3_600_000
# The longest planted pattern, a stall's week of deposits, needs so many days.
DAYS_MIN = 8
FOREIGN_ZONE = "XX"
FOREIGN_CURRENCY = "HKD"
HOME_CURRENCY = "e-CNY"
PAY, CASH_IN, CASH_OUT, REMIT, DECLARED = range(5)
KINDS = ("pay", "cash_in", "cash_out", "remit", "declared")


@dataclass(frozen=True, slots=True)
class Size:
    """How large the population is and how many rings and look-alikes stand in it; `payments` counts home rows only."""

    wallets: int = 10_000
    payments: int = 120_000
    days: int = 14
    mirror_pools: int = 8
    clients_per_pool: int = 6
    structurers: int = 30
    cycles: int = 25
    unordered_cycles: int = 8
    payrolls: int = 20
    families: int = 60
    stalls: int = 40
    traders: int = 60
    remitters: int = 200


@dataclass(frozen=True, slots=True)
class Tier:
    """The limits of a wallet tier in fen: one payment out, all payments out on one home day, and the balance held."""

    payment_limit: int
    daily_limit: int
    balance_limit: int


@dataclass(frozen=True, slots=True)
class Wallet:
    """A wallet that the pilot opens: who operates it, its tier, and the balance in fen that it is issued at the start."""

    id: str
    operator: str
    tier: str
    opening: int


@dataclass(frozen=True, eq=False)
class Payments:
    """Home rows in the order in which the ledger executes them: batch by batch, by (time, id) inside a batch.

    A batch is what one operator (the payer's) submits for one span of `BATCH_MS`.
    """

    ids: NDArray[np.uint8]
    payer: NDArray[np.int32]
    payee: NDArray[np.int32]
    time: NDArray[np.int64]
    amount: NDArray[np.int64]
    kind: NDArray[np.int16]
    operator: NDArray[np.int16]

    def __len__(self) -> int:
        return len(self.time)

    def batches(self) -> Iterator[slice]:
        """Give the rows of each batch, in the order in which the batches are submitted."""
        bounds = np.flatnonzero(_changes(self.time // BATCH_MS) | _changes(self.operator))
        for start, stop in itertools.pairwise([*bounds.tolist(), len(self)]):
            yield slice(start, stop)


@dataclass(frozen=True, eq=False)
class Population:
    """Everything that a seed gives: synthetic, ours, and said so wherever a figure of it is shown.

    `customers` is the linkage that operators declare (account → owner); `declared` are the foreign legs as their
    declarants report them; `manifest` is for the scorer alone.
    """

    seed: int
    wallets: tuple[Wallet, ...]
    payments: Payments
    declared: tuple[Transfer, ...]
    customers: dict[str, Customer]
    rates: Rates
    manifest: Manifest


def _changes(values: NDArray[np.int64] | NDArray[np.int16]) -> NDArray[np.bool_]:
    """Give where a value differs from the one before it; the first one does."""
    changes: NDArray[np.bool_] = np.r_[True, values[1:] != values[:-1]]
    return changes


def planned_transfers(population: Population) -> Iterator[Transfer]:
    """Give payments and foreign legs as supervision would see them after the ledger executed all, at height 0."""
    payments, wallets = population.payments, population.wallets
    for row in range(len(payments)):
        payer = wallets[payments.payer[row]]
        yield Transfer(
            id=payments.ids[row].tobytes(),
            payer=payer.id,
            payee=wallets[payments.payee[row]].id,
            time=Instant(int(payments.time[row])),
            amount=int(payments.amount[row]),
            currency=HOME_CURRENCY,
            zone="CN",
            kind=KINDS[payments.kind[row]],
            operator=payer.operator,
            height=0,
        )
    yield from population.declared
