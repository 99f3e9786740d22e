"""Temporal cycle (3) and conserving cycle (3a): money that comes back to its payer, step after step in time.

Rows e₁ < … < e_k = e in the order (t, id) with head(e_i) = tail(e_{i+1}), head(e_k) = tail(e₁), distinct accounts,
t_{e_k} − t_{e₁} < W and k between the bounds. Conserving: r ≤ worth(e_{i+1}) / worth(e_i) ≤ 1 at every step.
The search runs backwards from each closing row over two pointers a row, as 2SCENT's sources but without an index to rebuild.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gongshi.supervision.columns import Columns, scale_up, select
from gongshi.supervision.kernels import compiled, link_rows
from gongshi.supervision.records import Condition, Finding, Judgement, Rule
from gongshi.terms.text import Text

NUMBER = 3
NAME = Text("时序环", "Temporal cycle")
PARAMETERS = {
    "window_s": 7 * 86_400,
    "length_min": 2,
    "length_max": 10,
    "conserving": 0,
    "keep_ppm": 900_000,
    "amount_min_fen": 1,
    "visits_max": 1_000_000,
}


class Gathered(NamedTuple):
    """The rows in scope, their positions in the columns, and the two pointers of each."""

    rows: NDArray[np.int64]
    payer: NDArray[np.int32]
    payee: NDArray[np.int32]
    time: NDArray[np.int64]
    worth: NDArray[np.int64]
    least: NDArray[np.int64]
    previous: NDArray[np.int32]
    before: NDArray[np.int32]
    accounts: int


def gather(columns: Columns, rule: Rule) -> Gathered:
    """Take the rows of the rule's scope and minimum amount, and link them."""
    mask = select(columns, rule.scope) & (columns.worth >= rule.parameters["amount_min_fen"])
    rows = np.flatnonzero(mask)
    payer, payee, worth = columns.payer[rows], columns.payee[rows], columns.worth[rows]
    previous, before = compiled(link_rows)(payer, payee, len(columns.accounts))
    least = scale_up(worth, rule.parameters["keep_ppm"])
    return Gathered(rows, payer, payee, columns.time[rows], worth, least, previous, before, len(columns.accounts))


def judge(columns: Columns, rule: Rule, gathered: Gathered) -> Judgement:
    """List every cycle, in the order of its closing row."""
    limits = rule.parameters
    found, ends, spent = compiled(search_cycles)(
        *gathered[1:],
        limits["window_s"] * 1000,
        limits["length_min"],
        limits["length_max"],
        limits["conserving"] != 0,
        limits["visits_max"],
    )
    findings = []
    for begin, end in pairwise([0, *ends.tolist()]):
        visits = int(spent[found[end - 1]])
        rows = tuple(int(row) for row in gathered.rows[found[begin:end]])
        accounts = tuple(int(columns.payer[row]) for row in rows)
        findings.append(Finding(rows, accounts, min(visits, limits["visits_max"]), visits <= limits["visits_max"]))
    stopped = int(np.count_nonzero(spent > limits["visits_max"]))
    return Judgement(tuple(findings), int(spent.sum()), stopped)


def explain(columns: Columns, rule: Rule, finding: Finding) -> tuple[Condition, ...]:
    """Give length, span, closure, distinct accounts and, for 3a, the kept share of each step in ppm."""
    rows, limits = list(finding.rows), rule.parameters
    span = int(columns.time[rows[-1]] - columns.time[rows[0]])
    conditions = [
        Condition("length", len(rows), ">=", limits["length_min"]),
        Condition("length", len(rows), "<=", limits["length_max"]),
        Condition("span_ms", span, "<", limits["window_s"] * 1000),
        Condition("returns_to", int(columns.payee[rows[-1]]), "==", int(columns.payer[rows[0]])),
        Condition("accounts", len(set(finding.accounts)), "==", len(rows)),
    ]
    if limits["conserving"]:
        worth = [int(columns.worth[row]) for row in rows]
        for one, next_ in pairwise(worth):
            conditions.append(Condition("step_fen", next_, ">=", -(-one * limits["keep_ppm"] // 1_000_000)))
            conditions.append(Condition("step_fen", next_, "<=", one))
    return tuple(conditions)


def search_cycles(
    payer: NDArray[np.int32],
    payee: NDArray[np.int32],
    time: NDArray[np.int64],
    worth: NDArray[np.int64],
    least: NDArray[np.int64],
    previous: NDArray[np.int32],
    before: NDArray[np.int32],
    accounts: int,
    window_ms: int,
    length_min: int,
    length_max: int,
    conserving: bool,
    visits_max: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Give the rows of all cycles one after another, where each ends, and the visits spent on each closing row.

    Visits above `visits_max` by one mean that the search from that row was stopped. Rows hold no payment to oneself.
    """
    found, found_size = np.empty(1024, np.int64), 0
    ends, ends_size = np.empty(256, np.int64), 0
    spent = np.zeros(len(payer), np.int64)
    on_path = np.zeros(accounts, np.uint8)
    path = np.empty(length_max, np.int64)
    cursor = np.empty(length_max, np.int64)
    for closing in range(len(payer)):
        origin = payee[closing]
        horizon = time[closing] - window_ms
        path[0], cursor[0] = closing, before[closing]
        on_path[payer[closing]] = 1
        depth = 0
        while depth >= 0:
            row = cursor[depth]
            if row < 0 or time[row] <= horizon or spent[closing] > visits_max:
                on_path[payer[path[depth]]] = 0
                depth -= 1
                continue
            cursor[depth] = previous[row]
            spent[closing] += 1
            later = worth[path[depth]]
            if spent[closing] > visits_max or (conserving and not least[row] <= later <= worth[row]):
                continue
            account = payer[row]
            if account == origin:
                length = depth + 2
                if length_min <= length <= length_max:
                    if found_size + length > len(found):
                        grown = np.empty(len(found) * 2 + length, np.int64)
                        grown[:found_size] = found[:found_size]
                        found = grown
                    if ends_size == len(ends):
                        grown_ends = np.empty(len(ends) * 2, np.int64)
                        grown_ends[:ends_size] = ends[:ends_size]
                        ends = grown_ends
                    found[found_size] = row
                    for step in range(depth + 1):
                        found[found_size + 1 + step] = path[depth - step]
                    found_size += length
                    ends[ends_size] = found_size
                    ends_size += 1
            elif not on_path[account] and depth + 3 <= length_max:
                depth += 1
                path[depth], cursor[depth] = row, before[row]
                on_path[account] = 1
    return found[:found_size], ends[:ends_size], spent
