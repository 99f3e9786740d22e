"""An alert as a checkable proof: what it claims, written out, and the same definition run again on its rows alone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping

from gongshi.supervision.columns import Columns, Rates, gather_columns
from gongshi.supervision.records import HOLDERS, Alert, Customer, Finding, OptionRun, Rule
from gongshi.supervision.rules import run_rule
from gongshi.supervision.typologies import get_typologies
from gongshi.terms.canonical import encode_json
from gongshi.terms.digest import digest_to_text
from gongshi.terms.problem import Problem
from gongshi.terms.transfer import Transfer


def explain_alert(columns: Columns, rule: Rule, alert: Alert) -> dict[str, object]:
    """Give the JSON document of an alert: the rule's record, the rows it stands on and every condition with its value.

    Accounts, owners and pools in the conditions are positions among the sorted names of the columns.
    """
    return {"columns": digest_to_text(columns.digest), "rule": rule.as_json(), **_claim(columns, rule, alert)}


def encode_batch(columns: Columns, run: OptionRun) -> bytes:
    """Give the canonical JSON of all that one option raised, explained: what an entry of alerts carries the digest of."""
    rules = {rule.digest(): rule for rule in run.option.rules}
    return encode_json(
        {
            "option": run.option.id,
            "name": run.option.name.as_json(),
            "note": run.option.note.as_json(),
            "option_digest": digest_to_text(run.option.digest()),
            "columns": digest_to_text(columns.digest),
            "stopped": run.stopped,
            "rules": [rule.as_json() for rule in run.option.rules],
            "alerts": [_claim(columns, rules[alert.rule_digest], alert) for alert in run.alerts],
        }
    )


def _claim(columns: Columns, rule: Rule, alert: Alert) -> dict[str, object]:
    assert rule.digest() == alert.rule_digest
    finding = _locate(columns, alert)
    conditions = get_typologies()[rule.typology].explain(columns, rule, finding)
    return {
        "alert": alert.as_json(),
        "rows": [_row_json(columns, row) for row in finding.rows],
        "customers": {
            columns.accounts[account]: _customer_json(columns, account) for account in _parties(columns, finding)
        },
        "conditions": [condition.as_json() for condition in conditions],
    }


def check_alert(
    alert: Alert, rule: Rule, rows: Iterable[Transfer], customers: Mapping[str, Customer], rates: Rates
) -> list[Problem]:
    """Run the rule again on the alert's rows and nothing else; no problem means that the claim holds on them.

    That nothing else on the ledger excuses the rows (a path by which money crossed) needs the ledger itself.
    """
    columns, problems = gather_columns(rows, customers, rates)
    found = list(problems)
    named = (alert.rule_digest, alert.rule, alert.version, alert.typology)
    if named != (rule.digest(), rule.id, rule.version, rule.typology):
        found.append(Problem("supervision.alert.rule_differs", alert.id, {"rule": rule.id}))
    if {columns.row_id(row) for row in range(len(columns))} != set(alert.rows):
        found.append(Problem("supervision.alert.rows_differ", alert.id, {"rows": len(alert.rows)}))
    if not found:
        found.extend(_rerun(alert, rule, columns))
    return found


def _rerun(alert: Alert, rule: Rule, columns: Columns) -> Iterable[Problem]:
    again = {found.id: found for found in run_rule(columns, rule)}.get(alert.id)
    if again is None:
        yield Problem("supervision.alert.not_held", alert.id, {"rule": rule.id})
    elif again.as_of != alert.as_of:
        yield Problem("supervision.alert.height_differs", alert.id, {"height": again.as_of, "claimed": alert.as_of})
    elif (again.accounts, again.time) != (alert.accounts, alert.time):
        yield Problem("supervision.alert.parties_differ", alert.id)


def _locate(columns: Columns, alert: Alert) -> Finding:
    rows = tuple(columns.place_of[row] for row in alert.rows)
    accounts = tuple(bisect_left(columns.accounts, account) for account in alert.accounts)
    return Finding(rows, accounts, alert.visits, alert.complete)


def _parties(columns: Columns, finding: Finding) -> list[int]:
    rows = list(finding.rows)
    return sorted({int(party) for side in (columns.payer, columns.payee) for party in side[rows]})


def _customer_json(columns: Columns, account: int) -> dict[str, object]:
    return {"owner": columns.owners[columns.owner[account]], "holder": HOLDERS[columns.holder[account]]}


def _row_json(columns: Columns, row: int) -> dict[str, object]:
    return {
        "id": columns.row_id(row).hex(),
        "payer": columns.accounts[columns.payer[row]],
        "payee": columns.accounts[columns.payee[row]],
        "time": int(columns.time[row]),
        "amount": int(columns.amount[row]),
        "worth_fen": int(columns.worth[row]),
        "currency": columns.currencies[columns.currency[row]],
        "zone": columns.zones[columns.zone[row]],
        "kind": columns.kinds[columns.kind[row]],
        "height": int(columns.height[row]),
    }
