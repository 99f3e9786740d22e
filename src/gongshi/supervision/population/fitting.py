"""Fits wallets to what they are going to do: the opening balance that keeps each above zero, and the lowest tier that holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gongshi.supervision.columns import home_day
from gongshi.supervision.population.plan import Payments, Tier


class Needs(NamedTuple):
    """Per wallet, in fen: opening balance, highest balance, largest payment out, largest sum out of one home day."""

    opening: NDArray[np.int64]
    balance: NDArray[np.int64]
    payment: NDArray[np.int64]
    daily: NDArray[np.int64]


def compute_needs(payments: Payments, wallets: int) -> Needs:
    """Walk all payments in their order of execution and give what each wallet needs."""
    opening, peak = _balances(payments, wallets)
    payment, daily = np.zeros(wallets, np.int64), np.zeros(wallets, np.int64)
    np.maximum.at(payment, payments.payer, payments.amount)
    day = home_day(payments.time) - home_day(payments.time).min()
    sums = np.zeros((wallets, int(day.max()) + 1), np.int64)
    np.add.at(sums, (payments.payer, day), payments.amount)
    daily = sums.max(axis=1)
    return Needs(opening, opening + peak, payment, daily)


def fit_tiers(needs: Needs, tiers: Mapping[str, Tier]) -> NDArray[np.int64]:
    """Give each wallet the position of the first tier whose limits hold for all it does; -1 where none does."""
    tier = np.full(len(needs.opening), -1)
    for position, limits in reversed(list(enumerate(tiers.values()))):
        fits = (
            (needs.payment <= limits.payment_limit)
            & (needs.daily <= limits.daily_limit)
            & (needs.balance <= limits.balance_limit)
        )
        tier[fits] = position
    return tier


def _balances(payments: Payments, wallets: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give how far each wallet would fall below zero, and how far it would rise above its opening."""
    rows = np.arange(len(payments))
    account = np.concatenate([payments.payer, payments.payee])
    change = np.concatenate([-payments.amount, payments.amount])
    order = np.lexsort((np.concatenate([rows, rows]), account))
    account, running = account[order], np.cumsum(change[order])
    first = np.flatnonzero(np.r_[True, account[1:] != account[:-1]])
    running -= np.repeat(np.r_[0, running[first[1:] - 1]], np.diff(np.r_[first, len(account)]))
    lowest, highest = np.zeros(wallets, np.int64), np.zeros(wallets, np.int64)
    np.minimum.at(lowest, account, running)
    np.maximum.at(highest, account, running)
    return -lowest, highest
