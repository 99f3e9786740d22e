"""Supervision's tables: batches of alerts, the alerts in them, comparisons. Fed by blocks and the blobs that they name."""

from __future__ import annotations

import json

import sqlalchemy as sa

from gongshi.ledger.ports import Blobs
from gongshi.ledger.records import LoggedEntry
from gongshi.ledger.schema import is_count, is_id
from gongshi.terms.evidence import evidence_id

_METADATA = sa.MetaData()
BATCHES = sa.Table(
    "supervision_batch",
    _METADATA,
    sa.Column("organisation", sa.Text, primary_key=True),
    sa.Column("columns", sa.Text, primary_key=True),
    sa.Column("rules", sa.Text, primary_key=True),
    sa.Column("option", sa.Text, nullable=False),
    sa.Column("batch", sa.Text, nullable=False),
    sa.Column("as_of", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("time", sa.Integer, nullable=False),
    sa.Column("alerts", sa.Integer, nullable=False),
)
ALERTS = sa.Table(
    "supervision_alert",
    _METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("batch", sa.Text, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("typology", sa.Text, nullable=False),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("time", sa.Integer, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("complete", sa.Boolean, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
)
COMPARISONS = sa.Table(
    "supervision_comparison",
    _METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("organisation", sa.Text, nullable=False),
    sa.Column("columns", sa.Text, nullable=False),
    sa.Column("manifest", sa.Text, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("time", sa.Integer, nullable=False),
    sa.Column("evidence", sa.Text),
)


class SupervisionProjection:
    """A batch whose blob is not held here appears with its count and digest, and without its alerts."""

    name = "supervision"
    version = 2
    metadata = _METADATA

    def on_entry(self, connection: sa.Connection, logged: LoggedEntry, blobs: Blobs) -> None:
        """Write what an accepted entry says about alerts and comparisons."""
        for op in logged.entry.ops:
            if op.kind == "supervision.alerts":
                _on_alerts(connection, logged, op.body, blobs.get(op.body["batch"]))
            elif op.kind == "supervision.comparison":
                _on_comparison(connection, logged, op.body, blobs.get(op.body["evidence"]))


def list_alerts(connection: sa.Connection, option: str | None = None) -> list[dict[str, object]]:
    """Give an option's alerts in the order in which they were entered: id, option, typology, rule, time, rows, complete.

    An alert that a later batch on a longer past repeats is given once, where it was entered first.
    """
    columns = [ALERTS.c[name] for name in ("id", "typology", "rule", "time", "rows", "complete")]
    query = (
        sa.select(BATCHES.c.option, *columns)
        .join(BATCHES, BATCHES.c.batch == ALERTS.c.batch)
        .order_by(BATCHES.c.height, BATCHES.c.option, ALERTS.c.position)
    )
    if option is not None:
        query = query.where(BATCHES.c.option == option)
    first: dict[tuple[str, str], dict[str, object]] = {}
    for row in connection.execute(query).mappings():
        first.setdefault((row["option"], row["id"]), dict(row))
    return list(first.values())


def get_alert(connection: sa.Connection, id_: str) -> dict[str, object] | None:
    """Give an alert's document: claim, rows, customers and conditions; None when no batch here holds it."""
    document = connection.execute(sa.select(ALERTS.c.document).where(ALERTS.c.id == id_).limit(1)).scalar()
    return None if document is None else dict(json.loads(document))


def get_alert_batches(connection: sa.Connection, id_: str) -> list[bytes]:
    """Give the digests of the batches that hold an alert: options may share a rule."""
    query = sa.select(ALERTS.c.batch).where(ALERTS.c.id == id_).order_by(ALERTS.c.batch)
    return [bytes.fromhex(batch) for batch in connection.execute(query).scalars()]


def list_comparisons(connection: sa.Connection) -> list[dict[str, object]]:
    """Give comparisons, newest first; `evidence` is the document, or None when it is not held here."""
    rows = connection.execute(sa.select(COMPARISONS).order_by(COMPARISONS.c.height.desc(), COMPARISONS.c.id)).mappings()
    return [{**row, "evidence": json.loads(row["evidence"]) if row["evidence"] else None} for row in rows]


def _on_alerts(connection: sa.Connection, logged: LoggedEntry, body: dict[str, object], blob: bytes | None) -> None:
    names = {name: value.hex() if isinstance(value, bytes) else value for name, value in body.items()}
    place = {"organisation": logged.organisation, "height": logged.height, "time": logged.time}
    known = connection.execute(sa.select(BATCHES.c.batch).where(BATCHES.c.batch == names["batch"])).first()
    connection.execute(sa.insert(BATCHES), {**names, **place})
    rows = _read_alerts(str(names["batch"]), blob) if known is None else []
    if rows:
        connection.execute(sa.insert(ALERTS), rows)


def _read_alerts(batch: str, blob: bytes | None) -> list[dict[str, object]]:
    # The ledger vouches for a blob's digest, not for its content: what a member wrote there must not stop the others.
    try:
        claims = json.loads(blob)["alerts"] if blob is not None else []
        rows = [_alert_row(batch, position, claim) for position, claim in enumerate(claims)]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []
    return list({row["id"]: row for row in rows}.values())


def _alert_row(batch: str, position: int, claim: dict[str, dict[str, object]]) -> dict[str, object]:
    alert = claim["alert"]
    names = {name: alert[name] for name in ("id", "typology", "rule")}
    if not all(map(is_id, names.values())) or not is_count(alert["time"]):
        raise ValueError(names)
    return {
        **names,
        "time": alert["time"],
        "complete": alert["complete"] is True,
        "batch": batch,
        "position": position,
        "rows": len(claim["rows"]),
        "document": json.dumps(claim),
    }


def _on_comparison(connection: sa.Connection, logged: LoggedEntry, body: dict[str, bytes], blob: bytes | None) -> None:
    values = {
        "id": evidence_id(body["evidence"]),
        "organisation": logged.organisation,
        "columns": body["columns"].hex(),
        "manifest": body["manifest"].hex(),
        "height": logged.height,
        "time": logged.time,
        "evidence": _read_document(blob),
    }
    connection.execute(sa.insert(COMPARISONS), values)


def _read_document(blob: bytes | None) -> str | None:
    try:
        return json.dumps(json.loads(blob)) if blob is not None else None
    except (ValueError, RecursionError):
        return None
