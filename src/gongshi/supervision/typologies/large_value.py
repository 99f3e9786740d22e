"""Large-value report (17): a customer's sum of one day in one direction reaches the threshold.

In and out are added separately; a day is a calendar day of the alliance's zone. The finding stands at the row at which
the day's sum first reaches the threshold and carries the day's rows up to it, so later batches do not change it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gongshi.supervision.columns import Columns, home_day, select, select_holders
from gongshi.supervision.records import Condition, Finding, Judgement, Rule
from gongshi.terms.text import Text

NUMBER = 17
NAME = Text("大额交易", "Large value")
PARAMETERS = {"threshold_fen": 5_000_000, "linked": 0}


class Gathered(NamedTuple):
    """The rows in scope by (direction, customer, day, t, id); `begin` is where each row's group of one day begins."""

    rows: NDArray[np.int64]
    account: NDArray[np.int32]
    worth: NDArray[np.int64]
    begin: NDArray[np.int64]


def gather(columns: Columns, rule: Rule) -> Gathered:
    """Take each row in scope once for its payer and once for its payee, and group."""
    inside = np.flatnonzero(select(columns, rule.scope))
    rows = np.concatenate([inside, inside])
    incoming = np.repeat([0, 1], len(inside))
    account = np.concatenate([columns.payer[inside], columns.payee[inside]])
    mine = select_holders(columns, rule.scope)[account]
    rows, incoming, account = rows[mine], incoming[mine], account[mine]
    customer = columns.owner[account] if rule.parameters["linked"] else account
    day = home_day(columns.time)
    # One key instead of three: a stable sort then keeps the order (t, id) within a customer's day.
    days = int(day[-1] - day[0]) + 1 if len(day) else 1
    key = (incoming * len(columns.accounts) + customer) * days + (day[rows] - day[:1])
    order = np.argsort(key, kind="stable")
    return Gathered(rows[order], account[order], columns.worth[rows[order]], _group_begin(key[order]))


def judge(columns: Columns, rule: Rule, gathered: Gathered) -> Judgement:
    """Add up within each group and stop where the threshold is first reached."""
    del columns
    threshold = rule.parameters["threshold_fen"]
    total = np.concatenate([[0], np.cumsum(gathered.worth)])
    so_far = total[1:] - total[gathered.begin]
    crossing = np.flatnonzero((so_far >= threshold) & (so_far - gathered.worth < threshold))
    findings = [_finding(gathered, int(gathered.begin[end]), int(end)) for end in crossing]
    findings.sort(key=lambda finding: (finding.rows[-1], finding.accounts))
    return Judgement(tuple(findings), len(gathered.rows))


def explain(columns: Columns, rule: Rule, finding: Finding) -> tuple[Condition, ...]:
    """Give the sum and that all rows are of one day."""
    rows = list(finding.rows)
    days = home_day(columns.time[rows])
    return (
        Condition("sum_fen", int(columns.worth[rows].sum()), ">=", rule.parameters["threshold_fen"]),
        Condition("last_day", int(days[-1]), "==", int(days[0])),
    )


def _group_begin(key: NDArray[np.int64]) -> NDArray[np.int64]:
    starts = np.ones(len(key), np.bool_)
    starts[1:] = key[1:] != key[:-1]
    return np.maximum.accumulate(np.where(starts, np.arange(len(key)), 0))


def _finding(gathered: Gathered, begin: int, end: int) -> Finding:
    rows = tuple(int(row) for row in gathered.rows[begin : end + 1])
    accounts = tuple(sorted({int(account) for account in gathered.account[begin : end + 1]}))
    return Finding(rows, accounts, end - begin + 1)
