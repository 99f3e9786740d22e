"""Structuring (12): one customer keeps paying in, or out, just below a threshold.

At row e of a customer in one direction, with S = his rows in the scope with an amount in [(1 − b)·T, T) and a time in
(t_e − W, t_e]: at least k rows and a sum of at least T. A customer is the owner of linked accounts, or one account alone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gongshi.supervision.columns import Columns, scale_up, select, select_holders
from gongshi.supervision.records import Condition, Finding, Judgement, Rule
from gongshi.terms.text import Text

NUMBER = 12
NAME = Text("化整为零", "Structuring")
PARAMETERS = {
    "threshold_fen": 5_000_000,
    "band_ppm": 200_000,
    "rows_min": 3,
    "window_s": 72 * 3600,
    "incoming": 1,
    "linked": 1,
}


class Gathered(NamedTuple):
    """The rows inside the band, sorted by (customer, t, id), with their customer, account, time and worth."""

    rows: NDArray[np.int64]
    customer: NDArray[np.int32]
    account: NDArray[np.int32]
    time: NDArray[np.int64]
    worth: NDArray[np.int64]


def gather(columns: Columns, rule: Rule) -> Gathered:
    """Take the rows in scope whose amount lies in the band, by customer."""
    limits = rule.parameters
    side = columns.payee if limits["incoming"] else columns.payer
    floor_fen = get_floor_fen(limits["threshold_fen"], limits["band_ppm"])
    band = (columns.worth >= floor_fen) & (columns.worth < limits["threshold_fen"])
    rows = np.flatnonzero(select(columns, rule.scope) & band & select_holders(columns, rule.scope)[side])
    customer = columns.owner[side[rows]] if limits["linked"] else side[rows]
    rows = rows[np.lexsort((rows, customer))]
    account = side[rows]
    customer = columns.owner[account] if limits["linked"] else account
    return Gathered(rows, customer, account, columns.time[rows], columns.worth[rows])


def judge(columns: Columns, rule: Rule, gathered: Gathered) -> Judgement:
    """Count and sum each row's window by binary search; every row at which both bounds are reached is a finding."""
    del columns
    limits = rule.parameters
    if not len(gathered.rows):
        return Judgement((), 0)
    begin = _window_begin(gathered, limits["window_s"] * 1000)
    total = np.concatenate([[0], np.cumsum(gathered.worth)])
    position = np.arange(len(begin))
    holds = (position - begin + 1 >= limits["rows_min"]) & (total[1:] - total[begin] >= limits["threshold_fen"])
    findings = [_finding(gathered, int(begin[end]), int(end)) for end in np.flatnonzero(holds)]
    findings.sort(key=lambda finding: finding.rows[-1])
    return Judgement(tuple(findings), len(begin))


def explain(columns: Columns, rule: Rule, finding: Finding) -> tuple[Condition, ...]:
    """Give the number of rows, their smallest and largest amount, sum and span."""
    rows, limits = list(finding.rows), rule.parameters
    worth = [int(columns.worth[row]) for row in rows]
    return (
        Condition("rows", len(rows), ">=", limits["rows_min"]),
        Condition("smallest_fen", min(worth), ">=", get_floor_fen(limits["threshold_fen"], limits["band_ppm"])),
        Condition("largest_fen", max(worth), "<", limits["threshold_fen"]),
        Condition("sum_fen", sum(worth), ">=", limits["threshold_fen"]),
        Condition("span_ms", int(columns.time[rows[-1]] - columns.time[rows[0]]), "<", limits["window_s"] * 1000),
    )


def get_floor_fen(threshold_fen: int, band_ppm: int) -> int:
    """Give the smallest amount inside the band [(1 − b)·T, T)."""
    return int(scale_up(np.array([threshold_fen]), 1_000_000 - band_ppm)[0])


def _window_begin(gathered: Gathered, window_ms: int) -> NDArray[np.int64]:
    # One sorted key of (customer, time) lets a single search find all windows; the stride keeps customers apart.
    time = gathered.time - gathered.time.min() + window_ms
    stride = int(time.max()) + 1
    assert int(gathered.customer.max() + 1) * stride < 2**63
    key = gathered.customer.astype(np.int64) * stride + time
    begin: NDArray[np.int64] = np.searchsorted(key, key - window_ms, side="right")
    return begin


def _finding(gathered: Gathered, begin: int, end: int) -> Finding:
    rows = tuple(int(row) for row in gathered.rows[begin : end + 1])
    accounts = tuple(sorted({int(account) for account in gathered.account[begin : end + 1]}))
    return Finding(rows, accounts, end - begin + 1)
