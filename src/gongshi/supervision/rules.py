"""Runs regulation options over one past and counts what each achieves and what it costs.

Rules take columns only. The manifest of planted rings is opened here by the scorer, after the alerts stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from gongshi.supervision.columns import Columns
from gongshi.supervision.records import (
    HOLDERS,
    Alert,
    Comparison,
    Finding,
    Manifest,
    Option,
    OptionRun,
    Ring,
    Rule,
    Score,
    alert_id,
)
from gongshi.supervision.typologies import judge_rule
from gongshi.terms.digest import Digest
from gongshi.terms.instant import Instant


def run_option(columns: Columns, option: Option) -> OptionRun:
    """Run every rule of an option on the whole past; alerts come in the order of their last rows."""
    alerts: dict[str, Alert] = {}
    visits = stopped = 0
    for rule in option.rules:
        judgement = judge_rule(columns, rule)
        visits, stopped = visits + judgement.visits, stopped + judgement.stopped
        alerts.update((alert.id, alert) for alert in _raise_alerts(columns, rule, judgement.findings))
    ordered = sorted(alerts.values(), key=lambda alert: (alert.time, alert.rows[-1], alert.id))
    return OptionRun(option, tuple(ordered), visits, stopped)


def run_rule(columns: Columns, rule: Rule) -> tuple[Alert, ...]:
    """Run one rule; only what closes while the rule is in force is an alert."""
    return tuple(_raise_alerts(columns, rule, judge_rule(columns, rule).findings))


def _raise_alerts(columns: Columns, rule: Rule, findings: Iterable[Finding]) -> Iterator[Alert]:
    digest = rule.digest()
    for finding in findings:
        if rule.is_in_force(int(columns.time[finding.rows[-1]])):
            yield _alert(columns, rule, digest, finding)


def _alert(columns: Columns, rule: Rule, digest: Digest, finding: Finding) -> Alert:
    rows = tuple(columns.row_id(row) for row in finding.rows)
    accounts = tuple(columns.accounts[account] for account in finding.accounts)
    return Alert(
        id=alert_id(digest, rows, accounts),
        typology=rule.typology,
        rule=rule.id,
        version=rule.version,
        rule_digest=digest,
        accounts=accounts,
        rows=rows,
        time=Instant(int(columns.time[finding.rows[-1]])),
        as_of=int(columns.height[list(finding.rows)].max()),
        visits=finding.visits,
        complete=finding.complete,
    )


def compare_options(columns: Columns, runs: Sequence[OptionRun], manifest: Manifest) -> Comparison:
    """Score every option against the manifest and say where they overlap."""
    scores = tuple(score_run(columns, run, manifest) for run in runs)
    guilty = {ring.id for ring in manifest.rings if not ring.innocent}
    caught = [score.caught_rings for score in scores]
    by_all = frozenset(guilty).intersection(*caught)
    by_none = guilty.difference(*caught)
    return Comparison(scores, len(by_all), len(by_none))


def score_run(columns: Columns, run: OptionRun, manifest: Manifest) -> Score:
    """Count rings caught and missed, false alarms and the accounts that are burdened.

    An alert catches a ring when at least half of its rows belong to it; an alert that catches none is a false alarm.
    Burdened is every customer's account that any alert names and that plays in no guilty ring.
    """
    guilty = [ring for ring in manifest.rings if not ring.innocent]
    ring_of = {row: ring.id for ring in guilty for row in ring.rows}
    players = {account for ring in guilty for account in ring.roles}
    customers = _customer_accounts(columns)
    caught_by = {alert.id: _caught_rings(alert, ring_of) for alert in run.alerts}
    false_alarms = [alert for alert in run.alerts if not caught_by[alert.id]]
    burdened = {account for alert in run.alerts for account in alert.accounts} & customers - players
    caught = frozenset[str]().union(*caught_by.values())
    worth = {row: int(columns.worth[columns.place_of[row]]) for row in ring_of if row in columns.place_of}
    burdening = {row for alert in false_alarms for row in alert.rows}
    covered = {row for alert in run.alerts if caught_by[alert.id] for row in alert.rows if row in ring_of}
    return Score(
        option=run.option.id,
        name=run.option.name,
        rings=len(guilty),
        caught=len(caught),
        alerts=len(run.alerts),
        false_alarms=len(false_alarms),
        accounts=len(customers),
        accounts_burdened=len(burdened),
        money_planted=sum(worth.values()),
        money_covered=sum(worth[row] for row in covered),
        caught_by_kind=_count_by_kind(guilty, [ring for ring in guilty if ring.id in caught]),
        burdened_by_kind=_burdened_by_kind(manifest, burdening),
        caught_rings=caught,
    )


def _caught_rings(alert: Alert, ring_of: Mapping[bytes, str]) -> set[str]:
    hits = Counter(ring_of[row] for row in alert.rows if row in ring_of)
    return {ring for ring, rows in hits.items() if 2 * rows >= len(alert.rows)}


def _customer_accounts(columns: Columns) -> set[str]:
    institution = HOLDERS.index("institution")
    return {columns.accounts[index] for index in np.flatnonzero(columns.holder != institution)}


def _count_by_kind(all_rings: Sequence[Ring], some: Sequence[Ring]) -> dict[str, tuple[int, int]]:
    kinds = sorted({ring.kind for ring in all_rings})
    return {
        kind: (sum(ring.kind == kind for ring in some), sum(ring.kind == kind for ring in all_rings)) for kind in kinds
    }


def _burdened_by_kind(manifest: Manifest, burdening: set[bytes]) -> dict[str, tuple[int, int]]:
    innocent = [ring for ring in manifest.rings if ring.innocent]
    return _count_by_kind(innocent, [ring for ring in innocent if burdening.intersection(ring.rows)])
