"""Supervision's entry kinds: what an option raised on a past, and the comparison of options on the same past.

The rows, the alerts and the evidence stay off the ledger; their digests go on. Each supervisor enters its own alerts on a
past, so that none can take another's place and a disagreement stands there for all to see. A comparison is accepted only
after the same supervisor's alerts of every option in it: no figure can be computed first and explained later.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gongshi.ledger.entries import is_supervisor
from gongshi.ledger.records import At, Op
from gongshi.ledger.rules import Kind
from gongshi.ledger.schema import Form, check_fields, is_count, is_digest, is_id, is_list_of
from gongshi.ledger.state import Draft
from gongshi.terms.problem import Problem

SUPERVISION = "supervision"

_ALERTS: Form = {
    "option": is_id,
    "rules": is_digest,
    "columns": is_digest,
    "as_of": is_count,
    "alerts": is_count,
    "batch": is_digest,
}
_COMPARISON: Form = {
    "columns": is_digest,
    "manifest": is_digest,
    "options": is_list_of(is_digest, 2, 16),
    "evidence": is_digest,
}


def record_alerts(option: str, rules: bytes, columns: bytes, as_of: int, alerts: int, batch: bytes) -> Op:
    """Record what an option raised: the digests of its rules, of the columns as of a height, and of the batch."""
    body = {"option": option, "rules": rules, "columns": columns, "as_of": as_of, "alerts": alerts, "batch": batch}
    return Op("supervision.alerts", 1, body)


def record_comparison(columns: bytes, manifest: bytes, options: Sequence[bytes], evidence: bytes) -> Op:
    """Record a comparison: the digests of the past, of the manifest, of each option and of the evidence."""
    body = {"columns": columns, "manifest": manifest, "options": list(options), "evidence": evidence}
    return Op("supervision.comparison", 1, body)


def _judge_alerts(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _ALERTS, "supervision.alerts.form") or _check_role(draft, at)
    if problem is not None:
        return problem
    if body["as_of"] > at.height:
        return Problem("supervision.alerts.ahead", values={"as_of": body["as_of"], "height": at.height})
    place = get_alerts_place(at.organisation, body["columns"], body["rules"])
    known = draft.get(SUPERVISION, place)
    if known is not None:
        return Problem("supervision.alerts.known", values={"option": body["option"], "batch": known["batch"].hex()})
    draft.put(SUPERVISION, place, {"batch": body["batch"], "alerts": body["alerts"]})
    return None


def _judge_comparison(body: Any, draft: Draft, at: At) -> Problem | None:
    problem = check_fields(body, _COMPARISON, "supervision.comparison.form") or _check_role(draft, at)
    if problem is not None:
        return problem
    for option in body["options"]:
        if draft.get(SUPERVISION, get_alerts_place(at.organisation, body["columns"], option)) is None:
            return Problem("supervision.comparison.alerts_missing", values={"option": option.hex()})
    place = get_comparison_place(body["evidence"])
    if draft.get(SUPERVISION, place) is not None:
        return Problem("supervision.comparison.known", values={"evidence": body["evidence"].hex()})
    draft.put(SUPERVISION, place, {"org": at.organisation, "columns": body["columns"], "manifest": body["manifest"]})
    return None


def _check_role(draft: Draft, at: At) -> Problem | None:
    if is_supervisor(draft, at):
        return None
    return Problem("supervision.entry.role", values={"organisation": at.organisation})


def get_alerts_place(organisation: str, columns: bytes, rules: bytes) -> str:
    """Give the key under which a supervisor's alerts of an option on a past stand: {batch, alerts}."""
    return f"alerts/{organisation}/{columns.hex()}/{rules.hex()}"


def get_comparison_place(evidence: bytes) -> str:
    """Give the key under which a comparison stands."""
    return f"comparison/{evidence.hex()}"


KINDS = (
    Kind("supervision.alerts", 1, _judge_alerts),
    Kind("supervision.comparison", 1, _judge_comparison),
)
NAMESPACES = {SUPERVISION: "map"}
