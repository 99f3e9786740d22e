"""An alert as a checkable proof: the rule, and the payments on the ledger on which it holds. Who raised it need not be believed.

What the entries prove: every row, the rates, and that the supervisor's option holds the rule. Who stands behind an account
is the alert's own statement, because the operators' tables stay off the ledger with everybody else's customers in them.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongshi_verifier.report import Finding
from gongshi_verifier.rows import Place, Row, compute_worth, find_row, read_rates
from gongshi_verifier.rule import DocumentError, Rule, holds_rule, is_count, read_rule
from gongshi_verifier.trust import Verified
from gongshi_verifier.typologies import LEFT_OPEN, TYPOLOGIES, Case, judge

_FIELDS = {"alert", "accounts", "time", "rule", "rule_digest", "option", "rows", "customers", "rates"}
_ALERTS = "supervision.alerts"
_STATED = "who stands behind the accounts · 账户背后的客户"


@dataclass(frozen=True)
class Claim:
    """The content of an alert's dossier as it was read: nothing in it is checked yet."""

    alert: str
    accounts: tuple[str, ...]
    time: int
    rule: bytes
    rule_digest: bytes
    option: bytes
    places: tuple[Place, ...]
    customers: Mapping[str, tuple[str, str]]
    rates: Mapping[str, bytes]


class _FormError(ValueError):
    """A field of the content is not right; `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def check_alert(entries: Sequence[Verified], content: Mapping[Any, Any]) -> tuple[list[Finding], dict[str, object]]:
    """Check an alert.

    1. the content and the rule read, and the rule is of a typology that is known here;
    2. the rule is the one that the alert claims, and the alert's id belongs to this rule and these rows;
    3. the rule is one of an option that a supervisor entered on the ledger;
    4. every row stands on the ledger where the alert says, and what it is worth follows from rates on the ledger;
    5. the typology's conditions hold on these rows, and the alert's accounts and time are theirs.
    """
    try:  # 1
        claim = _read_claim(content)
        rule = read_rule(claim.rule)
    except _FormError as error:
        return [Finding("verify.alert.form", error.field, {"field": error.field})], {}
    except DocumentError:
        return [Finding("verify.alert.form", "rule", {"field": "rule"})], {}
    if rule.typology not in TYPOLOGIES:
        return [Finding("verify.alert.typology", values={"typology": rule.typology})], {}
    if rule.parameters.keys() != TYPOLOGIES[rule.typology].parameters:
        return [Finding("verify.alert.form", "rule", {"field": "rule.parameters"})], {}
    if rule.digest != claim.rule_digest:  # 2
        return [Finding("verify.alert.rule_differs", claim.alert, {"rule": rule.id})], {}
    if claim.alert != compute_alert_id(rule.digest, [place.id for place in claim.places], claim.accounts):
        return [Finding("verify.alert.id", claim.alert)], {}
    entered = _find_option(claim, entries)  # 3
    if not entered:
        return [Finding("verify.alert.option", claim.alert, {"rule": rule.id})], {}
    found = _find_rows(claim, entries)  # 4
    if isinstance(found, Finding):
        return [found], {}
    rows, worth = found
    wrong = _check_claim(claim, Case(rule, rows, worth, claim.customers))  # 5
    return wrong, _make_facts(claim, rule, worth, entered) if not wrong else {}


def compute_alert_id(rule_digest: bytes, rows: Sequence[bytes], accounts: Sequence[str]) -> str:
    """Give the id that belongs to a rule, its rows and the accounts that the alert is about."""
    parts = ["sha256:" + rule_digest.hex(), [row.hex() for row in rows], list(accounts)]
    digest = hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode()).digest()
    return "al-" + base64.b32encode(digest).decode().lower()[:26]


def _find_option(claim: Claim, entries: Sequence[Verified]) -> list[Verified]:
    """Give the entries of alerts whose option is the one given, if that option holds the rule: each supervisor makes his own."""
    if not holds_rule(claim.option, claim.rule):
        return []
    digest = hashlib.sha256(claim.option).digest()
    return [
        entry
        for entry in entries
        if any(isinstance(body, dict) and body.get("rules") == digest for body in entry.bodies(_ALERTS))
    ]


def _find_rows(claim: Claim, entries: Sequence[Verified]) -> tuple[list[Row], list[int]] | Finding:
    by_leaf = {entry.leaf: entry for entry in entries}
    rates = read_rates(claim.rates, entries)
    rows, worth = [], []
    for place in claim.places:
        row = find_row(place, by_leaf)
        if row is None:
            return Finding("verify.alert.row_missing", str(place))
        if row.id != place.id:
            return Finding("verify.alert.rows_differ", str(place), {"id": row.id})
        fen = compute_worth(row, rates)
        if fen is None:
            return Finding("verify.alert.rate", str(place), {"currency": row.currency})
        rows.append(row)
        worth.append(fen)
    return rows, worth


def _check_claim(claim: Claim, case: Case) -> list[Finding]:
    for account in sorted({party for row in case.rows for party in (row.payer, row.payee)}):
        if account not in claim.customers:
            return [Finding("verify.alert.customers", account)]
    judged = judge(case)
    if judged.failed:
        return [Finding("verify.alert.not_held", claim.alert, {"rule": case.rule.id, "condition": judged.failed})]
    if claim.accounts not in judged.readings or claim.time != case.rows[-1].time:
        return [Finding("verify.alert.party", claim.alert)]
    return []


def _make_facts(claim: Claim, rule: Rule, worth: Sequence[int], entered: Sequence[Verified]) -> dict[str, object]:
    return {
        "alert": claim.alert,
        "typology": rule.typology,
        "rule": f"{rule.id} v{rule.version}",
        "rule_digest": rule.digest,
        "accounts": claim.accounts,
        "rows": [str(place) for place in claim.places],
        "sum_fen": sum(worth),
        "supervisors": sorted({entry.organisation for entry in entered}),
        "option_leaves": [entry.leaf for entry in entered],
        "stated_by_the_alert": _STATED,
        "needs_the_whole_ledger": LEFT_OPEN.get(rule.typology, "-"),
    }


def _read_claim(content: Mapping[Any, Any]) -> Claim:
    if set(content) != _FIELDS:
        raise _FormError("-")
    for field, kind in (("alert", str), ("rule", bytes), ("rule_digest", bytes), ("option", bytes)):
        if not isinstance(content[field], kind):
            raise _FormError(field)
    accounts, customers, rates = content["accounts"], content["customers"], content["rates"]
    if not _are(str, accounts):
        raise _FormError("accounts")
    if not is_count(content["time"]):
        raise _FormError("time")
    if not isinstance(customers, dict) or not all(_are(str, value) and len(value) == 2 for value in customers.values()):
        raise _FormError("customers")
    if not isinstance(rates, dict) or not _are(bytes, list(rates.values())):
        raise _FormError("rates")
    return Claim(
        content["alert"],
        tuple(accounts),
        content["time"],
        content["rule"],
        content["rule_digest"],
        content["option"],
        _read_places(content["rows"]),
        {name: (value[0], value[1]) for name, value in customers.items()},
        rates,
    )


def _read_places(value: Any) -> tuple[Place, ...]:
    if not isinstance(value, list):
        raise _FormError("rows")
    for item in value:
        if not isinstance(item, list) or len(item) != 4 or not isinstance(item[0], bytes) or not _are(int, item[1:]):
            raise _FormError("rows")
    return tuple(Place(*item) for item in value)


def _are(kind: type, values: Any) -> bool:
    return isinstance(values, list) and all(type(value) is kind for value in values)
