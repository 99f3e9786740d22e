"""Mirror transfer 对敲 (15): a client pays a pool at home, the pool's other side pays him abroad; no money crosses.

f: c→p at home and g: p′→c′ elsewhere, |t_f − t_g| ≤ W, |worth(g)/worth(f) − 1| ≤ ε, c and c′ linked by owner, p ≠ p′, and
no path of at most L rows from p to p′ within (t_e − W, t_e] that carries f's money on, e being the later of f and g:
each step, the one from f included, keeps between r and 1 of the worth. A remittance that really crosses has such a path.
The path need not begin after f: a pool that remitted an hour before its client paid has moved money all the same.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gongshi.supervision.columns import HOME_ZONE, Columns, scale_down, scale_up, select
from gongshi.supervision.kernels import compiled, link_rows
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
    """Candidate pairs and, for the paths between pools, the last row into each foreign pool and the pointers of all rows."""

    home: NDArray[np.int64]
    foreign: NDArray[np.int64]
    entry: NDArray[np.int64]
    previous: NDArray[np.int32]
    before: NDArray[np.int32]


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
    home, foreign = home[agrees], foreign[agrees]
    if not len(home):
        nothing = np.empty(0, np.int32)
        return Gathered(home, foreign, home, nothing, nothing)
    entry = _last_into(columns, columns.payer[foreign], np.maximum(home, foreign))
    return Gathered(home, foreign, entry, *compiled(link_rows)(columns.payer, columns.payee, len(columns.accounts)))


def judge(columns: Columns, rule: Rule, gathered: Gathered) -> Judgement:
    """Drop the pairs whose money can be seen to cross."""
    if not len(gathered.home):
        return Judgement((), 0)
    limits = rule.parameters
    crosses, spent = compiled(search_paths)(
        *gathered,
        columns.payer,
        columns.payee,
        columns.time,
        columns.worth,
        scale_up(columns.worth, limits["keep_ppm"]),
        limits["window_s"] * 1000,
        limits["path_max"],
        limits["visits_max"],
    )
    stopped = spent > limits["visits_max"]
    findings = [
        _finding(columns, int(gathered.home[at]), int(gathered.foreign[at]), int(spent[at]) - cut, not cut)
        for at, cut in zip(np.flatnonzero(~crosses), stopped[~crosses].tolist(), strict=True)
    ]
    findings.sort(key=lambda finding: finding.rows[::-1])
    return Judgement(tuple(findings), int(spent.sum()), int(np.count_nonzero(stopped)))


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


def _last_into(columns: Columns, account: NDArray[np.int32], row: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the last row into an account at or before a row, or -1."""
    size = np.int64(len(columns))
    is_asked = np.zeros(len(columns.accounts), np.bool_)
    is_asked[account] = True
    into = np.flatnonzero(is_asked[columns.payee])
    if not len(into):
        return np.full(len(account), -1, np.int64)
    keys = np.sort(columns.payee[into] * size + into)
    found = keys[np.searchsorted(keys, account * size + row, side="right") - 1]
    return np.where((found // size == account) & (found <= account * size + row), found % size, -1)


def search_paths(
    home: NDArray[np.int64],
    foreign: NDArray[np.int64],
    entry: NDArray[np.int64],
    previous: NDArray[np.int32],
    before: NDArray[np.int32],
    payer: NDArray[np.int32],
    payee: NDArray[np.int32],
    time: NDArray[np.int64],
    worth: NDArray[np.int64],
    least: NDArray[np.int64],
    window_ms: int,
    path_max: int,
    visits_max: int,
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Give for each pair whether a conserving path leads from the home pool to the foreign one, and the visits spent.

    The search goes backwards from the foreign pool. Visits above `visits_max` by one mean that it was stopped.
    """
    crosses = np.zeros(len(home), np.bool_)
    spent = np.zeros(len(home), np.int64)
    path = np.empty(path_max, np.int64)
    cursor = np.empty(path_max, np.int64)
    for pair in range(len(home)):
        first, pool = home[pair], payee[home[pair]]
        horizon = time[max(first, foreign[pair])] - window_ms
        depth = 0
        cursor[0] = entry[pair]
        while depth >= 0:
            row = cursor[depth]
            if row < 0 or time[row] <= horizon or spent[pair] > visits_max:
                depth -= 1
                continue
            cursor[depth] = previous[row]
            spent[pair] += 1
            later = worth[path[depth - 1]] if depth else worth[row]
            if spent[pair] > visits_max or not least[row] <= later <= worth[row]:
                continue
            if payer[row] == pool and least[first] <= worth[row] <= worth[first]:
                crosses[pair] = True
                break
            if depth + 1 < path_max:
                path[depth] = row
                depth += 1
                cursor[depth] = before[row]
    return crosses, spent


def _finding(columns: Columns, home: int, foreign: int, visits: int, complete: bool) -> Finding:
    parties = (columns.payer[home], columns.payee[home], columns.payer[foreign], columns.payee[foreign])
    return Finding(tuple(sorted((home, foreign))), tuple(int(party) for party in parties), visits, complete)
