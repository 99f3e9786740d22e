"""Mirror transfer 对敲 (15): a client pays a pool at home, the pool's other side pays him abroad; no money crosses.

f: c→p at home and g: p′→c′ elsewhere, |t_f − t_g| ≤ W, |worth(g)/worth(f) − 1| ≤ ε, c and c′ linked by owner, p ≠ p′, and
no path of at most L rows from p to p′ within (t_e − W, t_e] that carries f's money on, e being the later of f and g:
each step, the one from f included, keeps between r and 1 of the worth. A remittance that really crosses has such a path.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gongshi.supervision.columns import HOME_ZONE, Columns, scale_down, scale_up, select
from gongshi.supervision.records import Condition, Finding, Judgement, Rule
from gongshi.terms.text import Text

NUMBER = 15
NAME = Text("对敲", "Mirror transfer")
PARAMETERS = {
    "window_s": 72 * 3600,
    "tolerance_ppm": 30_000,
    "path_max": 3,
    "keep_ppm": 900_000,
    "amount_min_fen": 1,
    "visits_max": 100_000,
}


class Gathered(NamedTuple):
    """Candidate pairs (home leg, foreign leg) and, for the paths between pools, all rows by payee in the order (t, id)."""

    home: NDArray[np.int64]
    foreign: NDArray[np.int64]
    into: NDArray[np.int64]
    into_begin: NDArray[np.int64]


def gather(columns: Columns, rule: Rule) -> Gathered:
    """Join home legs and foreign legs of one owner in time, then keep the pairs whose worth agrees."""
    big = (columns.worth >= rule.parameters["amount_min_fen"]) & select(columns, rule.scope)
    at_home = columns.zone == _zone_index(columns)
    foreign = np.flatnonzero(big & ~at_home)
    has_foreign = np.zeros(len(columns.owners), np.bool_)
    has_foreign[columns.owner[columns.payee[foreign]]] = True
    home = np.flatnonzero(big & at_home & has_foreign[columns.owner[columns.payer]])
    home, foreign = _join(columns, home, foreign, rule.parameters["window_s"] * 1000)
    agrees = _agrees(columns, home, foreign, rule.parameters["tolerance_ppm"])
    into = np.argsort(columns.payee, kind="stable")
    into_begin = np.searchsorted(columns.payee[into], np.arange(len(columns.accounts) + 1))
    return Gathered(home[agrees], foreign[agrees], into, into_begin)


def judge(columns: Columns, rule: Rule, gathered: Gathered) -> Judgement:
    """Drop the pairs whose money can be seen to cross."""
    findings, visits, stopped = [], 0, 0
    visits_max = rule.parameters["visits_max"]
    for home, foreign in zip(gathered.home.tolist(), gathered.foreign.tolist(), strict=True):
        crosses, spent = _search_path(columns, rule, gathered, home, foreign)
        visits, stopped = visits + spent, stopped + (spent > visits_max)
        if not crosses:
            findings.append(_finding(columns, home, foreign, min(spent, visits_max), spent <= visits_max))
    findings.sort(key=lambda finding: finding.rows[::-1])
    return Judgement(tuple(findings), visits, stopped)


def explain(columns: Columns, rule: Rule, finding: Finding) -> tuple[Condition, ...]:
    """Give distance in time, both ends of the tolerated worth, the common owner, and that the pools differ.

    That no path crosses is a statement about all other rows: it is re-run on the ledger, not on the two rows.
    """
    limits = rule.parameters
    home, foreign = sorted(finding.rows, key=lambda row: bool(columns.zone[row] != _zone_index(columns)))
    worth = np.array([columns.worth[home]])
    paid = int(columns.worth[foreign])
    client, payee = columns.payer[home], columns.payee[foreign]
    return (
        Condition("apart_ms", abs(int(columns.time[home] - columns.time[foreign])), "<=", limits["window_s"] * 1000),
        Condition("foreign_fen", paid, ">=", int(scale_up(worth, 1_000_000 - limits["tolerance_ppm"])[0])),
        Condition("foreign_fen", paid, "<=", int(scale_down(worth, 1_000_000 + limits["tolerance_ppm"])[0])),
        Condition("owner", int(columns.owner[client]), "==", int(columns.owner[payee])),
        Condition("pool", int(columns.payee[home]), "!=", int(columns.payer[foreign])),
    )


def _zone_index(columns: Columns) -> int:
    return columns.zones.index(HOME_ZONE) if HOME_ZONE in columns.zones else -1


def _join(
    columns: Columns, home: NDArray[np.int64], foreign: NDArray[np.int64], window_ms: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if not (len(home) and len(foreign)):
        return home[:0], foreign[:0]
    origin = int(columns.time[0]) - window_ms
    stride = int(columns.time[-1]) - origin + window_ms + 1
    assert len(columns.owners) * stride < 2**63
    home_key = columns.owner[columns.payer[home]] * np.int64(stride) + (columns.time[home] - origin)
    foreign_key = columns.owner[columns.payee[foreign]] * np.int64(stride) + (columns.time[foreign] - origin)
    order = np.argsort(foreign_key, kind="stable")
    begin = np.searchsorted(foreign_key[order], home_key - window_ms, side="left")
    end = np.searchsorted(foreign_key[order], home_key + window_ms, side="right")
    count = end - begin
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(home, count), foreign[order][np.repeat(begin, count) + offset]


def _agrees(
    columns: Columns, home: NDArray[np.int64], foreign: NDArray[np.int64], tolerance_ppm: int
) -> NDArray[np.bool_]:
    worth, paid = columns.worth[home], columns.worth[foreign]
    near = (scale_up(worth, 1_000_000 - tolerance_ppm) <= paid) & (paid <= scale_down(worth, 1_000_000 + tolerance_ppm))
    distinct: NDArray[np.bool_] = near & (columns.payee[home] != columns.payer[foreign])
    return distinct


def _search_path(columns: Columns, rule: Rule, gathered: Gathered, home: int, foreign: int) -> tuple[bool, int]:
    """Look backwards from the foreign pool for a conserving path that left the home pool; give it and the visits."""
    limits, last = rule.parameters, max(home, foreign)
    horizon = int(columns.time[last]) - limits["window_s"] * 1000
    pool, start_fen = int(columns.payee[home]), int(columns.worth[home])
    visits = 0
    # (account to be reached, row that must come later, worth of that row or None at the end, rows so far)
    open_ends: list[tuple[int, int, int | None, int]] = [(int(columns.payer[foreign]), last + 1, None, 0)]
    while open_ends:
        account, later, later_fen, length = open_ends.pop()
        rows = gathered.into[gathered.into_begin[account] : gathered.into_begin[account + 1]]
        for row in rows[: np.searchsorted(rows, later)][::-1].tolist():
            if columns.time[row] <= horizon:
                break
            visits += 1
            if visits > limits["visits_max"]:
                return False, visits
            worth = int(columns.worth[row])
            if later_fen is not None and not _keeps(worth, later_fen, limits["keep_ppm"]):
                continue
            payer = int(columns.payer[row])
            if payer == pool and _keeps(start_fen, worth, limits["keep_ppm"]):
                return True, visits
            if length + 1 < limits["path_max"]:
                open_ends.append((payer, row, worth, length + 1))
    return False, visits


def _keeps(before_fen: int, after_fen: int, keep_ppm: int) -> bool:
    return before_fen * keep_ppm <= after_fen * 1_000_000 <= before_fen * 1_000_000


def _finding(columns: Columns, home: int, foreign: int, visits: int, complete: bool) -> Finding:
    parties = (columns.payer[home], columns.payee[home], columns.payer[foreign], columns.payee[foreign])
    return Finding(tuple(sorted((home, foreign))), tuple(int(party) for party in parties), visits, complete)
