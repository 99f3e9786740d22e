"""From supervision to whoever must decide on an alert: a dossier that he checks offline, by the rule and the payments themselves.

It holds the operators' batches in which the rows stand, the entry by which the option was put on the ledger, the posted rates
that the rows need, and the option's document. Other alerts and the operators' customer tables are not in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongshi.flows.desk import Desk
from gongshi.flows.group_decisions import get_roots, read_history
from gongshi.ledger.proofs import Proved, make_dossier, select_with_certificates
from gongshi.ledger.records import LoggedEntry
from gongshi.pilots.store import get_tables
from gongshi.supervision.store import get_alert, get_alert_batches
from gongshi.terms.canonical import encode_json
from gongshi.terms.digest import compute_digest
from gongshi.terms.problem import Problem

PURPOSE = "alert"
_PAYMENTS = ("pilots.pay", "pilots.declare")
_RATES, _ALERTS = "pilots.rates.post", "supervision.alerts"


@dataclass(frozen=True)
class _Option:
    """An option's document, the rule in it that raised the alert, and the digest that the ledger carries."""

    document: bytes
    rule: bytes

    @property
    def digest(self) -> bytes:
        return compute_digest(self.document)


def make_alert_dossier(desk: Desk, alert_id: str, checkpoint: str) -> bytes | Problem:
    """Give the dossier of an alert under the newest checkpoint; the problem when this desk does not hold the alert.

    1. the alert's document and the option that raised it, from the batch that the ledger names;
    2. where each row stands, and the rates that its foreign rows need;
    3. the entries with these, and the certificates of their signers, each proved.
    """
    with desk.read() as connection:
        document: Mapping[str, Any] | None = get_alert(connection, alert_id)
        batches = get_alert_batches(connection, alert_id)
        posted = get_tables(connection, "rates")
    option = None if document is None else _find_option(desk, document, batches)  # 1
    if document is None or option is None:
        return Problem("supervision.alert.unknown", values={"alert": alert_id})
    history = read_history(desk)
    places = _locate(history, [bytes.fromhex(row) for row in document["alert"]["rows"]])  # 2
    rates = {currency: posted[currency] for currency in _currencies(document) if currency in posted}
    tables = {currency: desk.blobs.get(digest) for currency, digest in rates.items()}
    if None in tables.values():
        return Problem("supervision.alert.rates_missing", values={"alert": alert_id})
    leaves = {leaf for _, leaf, _, _ in places}
    wanted = [one for one in history if one.leaf in leaves or _is_rates(one, rates) or _is_option(one, option)]  # 3
    proved = [
        Proved(one.entry.data, one.leaf, desk.engine.prove_leaf(one.leaf))
        for one in select_with_certificates(wanted, history)
    ]
    signers = {one.organisation for one in wanted}
    roots = {name: root for name, root in get_roots(desk).items() if name in signers}
    content = {
        "alert": alert_id,
        "accounts": document["alert"]["accounts"],
        "time": document["alert"]["time"],
        "rule": option.rule,
        "rule_digest": compute_digest(option.rule),
        "option": option.document,
        "rows": [list(place) for place in places],
        "customers": {name: [one["owner"], one["holder"]] for name, one in document["customers"].items()},
        "rates": tables,
    }
    return make_dossier(PURPOSE, desk.engine.chain, checkpoint, proved, roots, content)


def _find_option(desk: Desk, document: Mapping[str, Any], batches: Sequence[bytes]) -> _Option | None:
    """Give the first option whose batch, kept here, holds the alert's rule."""
    for digest in batches:
        data = desk.blobs.get(digest)
        batch = {} if data is None else json.loads(data)
        for rule in batch.get("rules", ()):
            encoded = encode_json(rule)
            if f"sha256:{compute_digest(encoded).hex()}" == document["alert"]["rule_digest"]:
                option = {"id": batch["option"], **{name: batch[name] for name in ("name", "note", "rules")}}
                return _Option(encode_json(option), encoded)
    return None


def _locate(history: Iterable[LoggedEntry], rows: Sequence[bytes]) -> list[tuple[bytes, int, int, int]]:
    """Give (id, leaf, operation, row) of each row, in the alert's order."""
    wanted = set(rows)
    found: dict[bytes, tuple[bytes, int, int, int]] = {}
    for logged in history:
        for place, op in enumerate(logged.entry.ops):
            if op.kind in _PAYMENTS:
                found.update(
                    (row[0], (row[0], logged.leaf, place, number))
                    for number, row in enumerate(op.body["rows"])
                    if row[0] in wanted
                )
    return [found[row] for row in rows if row in found]


def _currencies(document: Mapping[str, Any]) -> set[str]:
    return {row["currency"] for row in document["rows"]}


def _is_rates(logged: LoggedEntry, rates: Mapping[str, bytes]) -> bool:
    return any(op.kind == _RATES and rates.get(op.body["currency"]) == op.body["table"] for op in logged.entry.ops)


def _is_option(logged: LoggedEntry, option: _Option) -> bool:
    return any(op.kind == _ALERTS and op.body["rules"] == option.digest for op in logged.entry.ops)
