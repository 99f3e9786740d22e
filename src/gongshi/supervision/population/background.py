"""Ordinary life: heavy-tailed payers and payees, fixed partners, replies, a daily rhythm, cash, and a few large purchases."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gongshi.supervision.population.plan import CASH_IN, CASH_OUT, PAY
from gongshi.supervision.population.sheet import HOUR_MS, Sheet
from gongshi.terms.instant import MS_PER_DAY

PAYER_EXPONENT, PAYEE_EXPONENT = -0.60, -0.75
PARTNERS, PARTNER_SHARE, REPLY_SHARE = 8, 0.30, 0.05
CASH_IN_SHARE, CASH_OUT_SHARE, LARGE_SHARE = 0.03, 0.01, 0.0004
# How busy each hour of the home day is, from midnight; meals and evenings peak.
HOURS = np.array([1, 1, 1, 1, 1, 2, 4, 8, 10, 10, 10, 14, 14, 10, 9, 9, 10, 12, 14, 14, 12, 9, 5, 2], float)


def draw_background(sheet: Sheet, rows: int) -> None:
    """Fill the sheet with so many rows of ordinary payments."""
    cash_in, cash_out, large = (int(rows * share) for share in (CASH_IN_SHARE, CASH_OUT_SHARE, LARGE_SHARE))
    _draw_cash(sheet, cash_in, CASH_IN)
    _draw_cash(sheet, cash_out, CASH_OUT)
    _draw_large(sheet, large)
    _draw_payments(sheet, rows - cash_in - cash_out - large)


def _draw_payments(sheet: Sheet, rows: int) -> None:
    rng, wallets = sheet.rng, sheet.size.wallets
    payer = _draw_ranked(rng, wallets, PAYER_EXPONENT, rows)
    payee = _draw_ranked(rng, wallets, PAYEE_EXPONENT, rows)
    partners = _draw_ranked(rng, wallets, PAYEE_EXPONENT, wallets * PARTNERS).reshape(wallets, PARTNERS)
    to_partner = rng.random(rows) < PARTNER_SHARE
    payee[to_partner] = partners[payer, rng.integers(PARTNERS, size=rows)][to_partner]
    time = draw_times(sheet, rows)
    _make_replies(rng, payer, payee, time)
    payee = np.where(payer == payee, (payee + 1) % wallets, payee)
    legal = np.array([holder == "legal" for holder in sheet.holder])[payer]
    amount = np.where(legal, _draw_amounts(rng, rows, 160_000, 30_000_000), _draw_amounts(rng, rows, 8_000, 2_000_000))
    sheet.add(payer, payee, np.minimum(time, sheet.end_ms - 1), amount, PAY)


def _make_replies(
    rng: np.random.Generator, payer: NDArray[np.int64], payee: NDArray[np.int64], time: NDArray[np.int64]
) -> None:
    # Only rows of the second half answer, and only rows of the first half: no reply answers a reply.
    half = len(payer) // 2
    replies = half + np.flatnonzero(rng.random(len(payer) - half) < 2 * REPLY_SHARE)
    answered = rng.integers(half, size=len(replies)) if half else replies
    payer[replies], payee[replies] = payee[answered], payer[answered]
    time[replies] = time[answered] + rng.integers(60_000, MS_PER_DAY, size=len(replies))


def _draw_cash(sheet: Sheet, rows: int, kind: int) -> None:
    customer = sheet.rng.integers(sheet.size.wallets, size=rows)
    desk = sheet.size.wallets + np.array(sheet.operator)[customer]
    amount = _draw_amounts(sheet.rng, rows, 150_000, 6_000_000)
    payer, payee = (desk, customer) if kind == CASH_IN else (customer, desk)
    sheet.add(payer, payee, draw_times(sheet, rows), amount, kind)


def _draw_large(sheet: Sheet, rows: int) -> None:
    buyer, seller = (
        (sheet.rng.choice(len(sheet.natural), size=2 * rows, replace=False).reshape(2, rows)) if rows else ([], [])
    )
    people = np.array(sheet.natural)
    amount = sheet.rng.integers(200_000_00, 900_000_00, size=rows)
    sheet.add(people[buyer], people[seller], draw_times(sheet, rows), amount, PAY)


def draw_times(sheet: Sheet, rows: int) -> NDArray[np.int64]:
    """Draw instants over all days by the rhythm of the home day."""
    day = sheet.rng.integers(sheet.size.days, size=rows)
    hour = sheet.rng.choice(24, size=rows, p=HOURS / HOURS.sum())
    return sheet.start_ms + day * MS_PER_DAY + hour * HOUR_MS + sheet.rng.integers(HOUR_MS, size=rows)


def _draw_ranked(rng: np.random.Generator, accounts: int, exponent: float, rows: int) -> NDArray[np.int64]:
    weight = np.arange(1, accounts + 1, dtype=float) ** exponent
    by_rank = rng.permutation(accounts)
    return by_rank[rng.choice(accounts, size=rows, p=weight / weight.sum())]


def _draw_amounts(rng: np.random.Generator, rows: int, median_fen: int, amount_max_fen: int) -> NDArray[np.int64]:
    amount = rng.lognormal(np.log(median_fen), 1.3, size=rows).astype(np.int64)
    return np.clip(amount, 1, amount_max_fen)
