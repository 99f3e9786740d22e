"""What each typology asks of its rows, written from the definitions and not from the house's code.

A judgement names the first condition that does not hold, or gives the accounts that the alert is about. Only what the rows
themselves show is judged; `LEFT_OPEN` says what would need the whole ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gongshi_verifier.rows import HOME_ZONE, Row
from gongshi_verifier.rule import Rule

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Judged:
    """The first condition that does not hold, or whom the alert can be about: one list of accounts a reading of the rows."""

    failed: str = ""
    readings: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Case:
    """The rows in the order of time, what each is worth in fen, and who stands behind each account: (owner, holder)."""

    rule: Rule
    rows: Sequence[Row]
    worth: Sequence[int]
    customers: Mapping[str, tuple[str, str]]

    def limit(self, name: str) -> int:
        """Give a parameter of the rule."""
        return self.rule.parameters[name]

    def customer(self, account: str) -> str:
        """Give whom a rule counts an account for: its owner where accounts are linked, otherwise the account."""
        return self.customers[account][0] if self.limit("linked") else account

    def is_watched(self, account: str) -> bool:
        """Ask whether the rule looks at this holder; unless it says so it leaves out the institutions' own accounts."""
        return self.customers[account][1] in self.rule.scope.get("holders", ("natural", "legal"))


def judge(case: Case) -> Judged:
    """Judge order, force and scope, which all typologies share, and then the typology's own conditions."""
    rows, scope = case.rows, case.rule.scope
    shared = {
        "rows": bool(rows),
        "order": all((one.time, one.id) < (next_.time, next_.id) for one, next_ in pairwise(rows)),
        "in_force": bool(rows) and case.rule.is_in_force(rows[-1].day),
        "to_another": all(row.payer != row.payee for row in rows),
        "kinds": all(row.kind in scope.get("kinds", (row.kind,)) for row in rows),
        "zones": all(row.zone in scope.get("zones", (row.zone,)) for row in rows),
        "currencies": all(row.currency in scope.get("currencies", (row.currency,)) for row in rows),
    }
    failed = _first_failed(shared)
    return Judged(failed) if failed else TYPOLOGIES[case.rule.typology].judge(case)


def _judge_mirror(case: Case) -> Judged:
    """Two rows: a client pays a pool at home, another pool pays him elsewhere, near in time and worth."""
    at_home = [place for place, row in enumerate(case.rows) if row.zone == HOME_ZONE]
    if len(case.rows) != 2 or len(at_home) != 1:
        return Judged("one_home_one_foreign")
    home, foreign = case.rows[at_home[0]], case.rows[1 - at_home[0]]
    given, got = case.worth[at_home[0]], case.worth[1 - at_home[0]]
    failed = _first_failed(
        {
            "amount_min_fen": min(given, got) >= case.limit("amount_min_fen"),
            "apart_ms": abs(home.time - foreign.time) <= case.limit("window_s") * 1000,
            "foreign_fen": abs(got - given) * _MILLION <= case.limit("tolerance_ppm") * given,
            "owner": case.customers[home.payer][0] == case.customers[foreign.payee][0],
            "pool": home.payee != foreign.payer,
        }
    )
    return Judged(failed, ((home.payer, home.payee, foreign.payer, foreign.payee),))


def _judge_cycle(case: Case) -> Judged:
    """Each row's payee pays the next row; the last one pays the first payer; no account twice; in conserving ones, money stays."""
    rows, accounts = case.rows, tuple(row.payer for row in case.rows)
    failed = _first_failed(
        {
            "amount_min_fen": min(case.worth) >= case.limit("amount_min_fen"),
            "length": case.limit("length_min") <= len(rows) <= case.limit("length_max"),
            "span_ms": rows[-1].time - rows[0].time < case.limit("window_s") * 1000,
            "follows": all(one.payee == next_.payer for one, next_ in pairwise(rows)),
            "returns_to": rows[-1].payee == rows[0].payer,
            "accounts": len(set(accounts)) == len(rows),
            "step_fen": not case.limit("conserving")
            or all(
                one * case.limit("keep_ppm") <= next_ * _MILLION <= one * _MILLION
                for one, next_ in pairwise(case.worth)
            ),
        }
    )
    return Judged(failed, (accounts,))


def _judge_structuring(case: Case) -> Judged:
    """One customer, several rows just below a threshold, together at least the threshold, within the window."""
    side = [row.payee if case.limit("incoming") else row.payer for row in case.rows]
    threshold = case.limit("threshold_fen")
    failed = _first_failed(
        {
            "customer": len({case.customer(account) for account in side}) == 1,
            "holders": all(map(case.is_watched, side)),
            "rows": len(case.rows) >= case.limit("rows_min"),
            "smallest_fen": min(case.worth) * _MILLION >= (_MILLION - case.limit("band_ppm")) * threshold,
            "largest_fen": max(case.worth) < threshold,
            "sum_fen": sum(case.worth) >= threshold,
            "span_ms": case.rows[-1].time - case.rows[0].time < case.limit("window_s") * 1000,
        }
    )
    return Judged(failed, (tuple(sorted(set(side))),))


def _judge_large(case: Case) -> Judged:
    """One customer's rows of one day in one direction, the last of which reaches the threshold."""
    sides = [[row.payer for row in case.rows], [row.payee for row in case.rows]]
    one_customer = [side for side in sides if len({case.customer(account) for account in side}) == 1]
    watched = [side for side in one_customer if all(map(case.is_watched, side))]
    before = sum(case.worth[:-1])
    failed = _first_failed(
        {
            "customer": bool(one_customer),
            "holders": bool(watched),
            "last_day": case.rows[-1].day == case.rows[0].day,
            "sum_fen": before < case.limit("threshold_fen") <= before + case.worth[-1],
        }
    )
    return Judged(failed, tuple(tuple(sorted(set(side))) for side in watched))


def _first_failed(conditions: Mapping[str, bool]) -> str:
    return next((name for name, holds in conditions.items() if not holds), "")


@dataclass(frozen=True)
class Typology:
    """A typology's parameters, all of which its rules carry, and its judgement."""

    judge: Callable[[Case], Judged]
    parameters: frozenset[str]


TYPOLOGIES: Mapping[str, Typology] = {
    "mirror_transfer": Typology(
        _judge_mirror, frozenset({"window_s", "tolerance_ppm", "path_max", "keep_ppm", "amount_min_fen", "visits_max"})
    ),
    "temporal_cycle": Typology(
        _judge_cycle,
        frozenset(
            {"window_s", "length_min", "length_max", "conserving", "keep_ppm", "amount_min_fen", "visits_max"},
        ),
    ),
    "structuring": Typology(
        _judge_structuring, frozenset({"threshold_fen", "band_ppm", "rows_min", "window_s", "incoming", "linked"})
    ),
    "large_value": Typology(_judge_large, frozenset({"threshold_fen", "linked"})),
}

LEFT_OPEN: Mapping[str, str] = {
    "mirror_transfer": "that no payments lead from one pool to the other · 两个资金池之间不存在资金通路",
    "large_value": "that these are all of the day's rows up to the last · 所列记录是当日截至最后一笔的全部记录",
}
