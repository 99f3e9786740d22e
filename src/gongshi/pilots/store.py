"""The pilot's projection: wallets, payments, declared legs and links, as supervision and the desk read them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from gongshi.ledger.ports import Blobs
from gongshi.ledger.records import LoggedEntry
from gongshi.pilots.entries import CURRENCY
from gongshi.terms.instant import Instant
from gongshi.terms.transfer import Transfer

METADATA = sa.MetaData()
DOMESTIC_ZONE = "CN"

_PAYMENT = sa.Table(
    "pilots_payment",
    METADATA,
    sa.Column("id", sa.LargeBinary, primary_key=True),
    sa.Column("payer", sa.Text, nullable=False),
    sa.Column("payee", sa.Text, nullable=False),
    sa.Column("time", sa.BigInteger, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("zone", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("operator", sa.Text, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("leaf", sa.Integer, nullable=False),
    sa.Column("row", sa.Integer, nullable=False),
)
_WALLET = sa.Table(
    "pilots_wallet",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("operator", sa.Text, nullable=False),
    sa.Column("tier", sa.Text, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
)
_ISSUE = sa.Table(
    "pilots_issue",
    METADATA,
    sa.Column("leaf", sa.Integer, primary_key=True),
    sa.Column("operator", sa.Text, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False),
    sa.Column("time", sa.BigInteger, nullable=False),
)
_TABLE = sa.Table(
    "pilots_table",
    METADATA,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text, primary_key=True),
    sa.Column("digest", sa.LargeBinary, nullable=False),
)


class PilotsProjection:
    """Feeds the tables from the pilot's entries."""

    name = "pilots"
    version = 1
    metadata = METADATA

    def on_entry(self, connection: sa.Connection, logged: LoggedEntry, blobs: Blobs) -> None:  # noqa: ARG002 - the port's shape
        """Write what an entry of the pilot means."""
        for op in logged.entry.ops:
            if op.kind == "pilots.pay":
                rows = [_payment_row(row, place, logged) for place, row in enumerate(op.body["rows"])]
                connection.execute(sa.insert(_PAYMENT), rows)
            elif op.kind == "pilots.declare":
                rows = [_declared_row(row, place, logged) for place, row in enumerate(op.body["rows"])]
                connection.execute(sa.insert(_PAYMENT), rows)
            elif op.kind == "pilots.wallets.open":
                names = [
                    {"name": name, "operator": logged.organisation, "tier": tier, "height": logged.height}
                    for name, tier in op.body["rows"]
                ]
                connection.execute(sa.insert(_WALLET), names)
            elif op.kind == "pilots.customers.declare":
                _put_table(connection, "customers", logged.organisation, op.body["table"])
            elif op.kind == "pilots.rates.post":
                _put_table(connection, "rates", op.body["currency"], op.body["table"])
            elif op.kind in ("pilots.issue", "pilots.redeem"):
                sign = 1 if op.kind == "pilots.issue" else -1
                connection.execute(
                    sa.insert(_ISSUE).values(
                        leaf=logged.leaf,
                        operator=op.body.get("operator", logged.organisation),
                        amount=sign * op.body["amount"],
                        time=logged.time,
                    )
                )


@dataclass(frozen=True, slots=True)
class PilotCounts:
    """How much has happened in the pilot."""

    wallets: int
    operators: int
    payments: int
    declared: int
    paid: int


@dataclass(frozen=True, slots=True)
class Located:
    """Where a payment stands: the leaf of its batch and its row there."""

    leaf: int
    row: int


def get_transfers(connection: sa.Connection) -> list[Transfer]:
    """Give every payment and declared leg, ordered by (time, id)."""
    query = sa.select(*[_PAYMENT.c[name] for name in Transfer.__dataclass_fields__]).order_by(
        _PAYMENT.c.time, _PAYMENT.c.id
    )
    return [Transfer(*row) for row in connection.execute(query)]


def get_tables(connection: sa.Connection, kind: str) -> dict[str, bytes]:
    """Give the digests of tables that were declared: `customers` by operator, `rates` by currency."""
    query = sa.select(_TABLE.c.owner, _TABLE.c.digest).where(_TABLE.c.kind == kind).order_by(_TABLE.c.owner)
    return {owner: bytes(digest) for owner, digest in connection.execute(query)}


def get_counts(connection: sa.Connection) -> PilotCounts:
    """Give the pilot's counts."""
    count = sa.func.count()
    paid = _PAYMENT.c.kind != "declared"
    wallets, operators = connection.execute(
        sa.select(count, sa.func.count(sa.distinct(_WALLET.c.operator))).select_from(_WALLET)
    ).one()
    payments, total = connection.execute(
        sa.select(count, sa.func.coalesce(sa.func.sum(_PAYMENT.c.amount), 0)).where(
            _PAYMENT.c.zone == DOMESTIC_ZONE, paid
        )
    ).one()
    declared = connection.execute(sa.select(count).where(_PAYMENT.c.zone != DOMESTIC_ZONE)).scalar_one()
    return PilotCounts(wallets, operators, payments, declared, int(total))


def get_issues(connection: sa.Connection) -> list[tuple[str, int, Instant]]:
    """Give (operator, amount, time) of every issue; a redemption is negative."""
    query = sa.select(_ISSUE.c.operator, _ISSUE.c.amount, _ISSUE.c.time).order_by(_ISSUE.c.leaf)
    return [(operator, amount, Instant(time)) for operator, amount, time in connection.execute(query)]


def locate_payments(connection: sa.Connection, ids: list[bytes]) -> dict[bytes, Located]:
    """Give where payments stand in the log."""
    query = sa.select(_PAYMENT.c.id, _PAYMENT.c.leaf, _PAYMENT.c.row).where(_PAYMENT.c.id.in_(ids))
    return {row.id: Located(row.leaf, row.row) for row in connection.execute(query)}


def _put_table(connection: sa.Connection, kind: str, owner: str, digest: bytes) -> None:
    connection.execute(sa.delete(_TABLE).where(_TABLE.c.kind == kind, _TABLE.c.owner == owner))
    connection.execute(sa.insert(_TABLE).values(kind=kind, owner=owner, digest=digest))


def _payment_row(row: list[object], place: int, logged: LoggedEntry) -> dict[str, object]:
    identity, payer, payee, amount, kind, at = row
    return _row(identity, payer, payee, at, amount, CURRENCY, DOMESTIC_ZONE, kind, place, logged)


def _declared_row(row: list[object], place: int, logged: LoggedEntry) -> dict[str, object]:
    identity, payer, payee, amount, currency, zone, at, kind = row
    return _row(identity, payer, payee, at, amount, currency, zone, kind, place, logged)


def _row(*values: object) -> dict[str, object]:
    *fields, place, logged = values
    assert isinstance(logged, LoggedEntry)
    names = ("id", "payer", "payee", "time", "amount", "currency", "zone", "kind")
    located = {"operator": logged.organisation, "height": logged.height, "leaf": logged.leaf, "row": place}
    return {**dict(zip(names, fields, strict=True)), **located}
