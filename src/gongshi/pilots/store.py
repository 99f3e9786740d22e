"""The pilot's projection: wallets, payments, declared legs and links, as supervision and the desk read them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from gongshi.ledger.ports import Blobs
from gongshi.ledger.records import LoggedEntry, Op
from gongshi.pilots.entries import CURRENCY
from gongshi.terms.instant import Instant
from gongshi.terms.transfer import Transfer

METADATA = sa.MetaData()
DOMESTIC_ZONE = "CN"

Row = dict[str, Any]

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
    sa.Column("op", sa.Integer, nullable=False),
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
    sa.Column("op", sa.Integer, primary_key=True),
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
_ACT = sa.Table(
    "pilots_act",
    METADATA,
    sa.Column("leaf", sa.Integer, primary_key=True),
    sa.Column("op", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("organisation", sa.Text, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("time", sa.BigInteger, nullable=False),
)


class PilotsProjection:
    """Feeds the tables from the pilot's entries."""

    name = "pilots"
    version = 2
    metadata = METADATA

    def on_entry(self, connection: sa.Connection, logged: LoggedEntry, blobs: Blobs) -> None:  # noqa: ARG002 - the port's shape
        """Write what an entry of the pilot means."""
        for place, op in enumerate(logged.entry.ops):
            if op.kind.startswith("pilots."):
                _insert(connection, _ACT, [_act(op, place, logged)])
            if op.kind in _ROWS:
                table, make = _ROWS[op.kind]
                _insert(connection, table, make(op.body, place, logged))
            elif op.kind == "pilots.customers.declare":
                _put_table(connection, "customers", logged.organisation, op.body["table"])
            elif op.kind == "pilots.rates.post":
                _put_table(connection, "rates", op.body["currency"], op.body["table"])


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
    """Where a payment stands: the leaf of its batch's entry, the operation in it, and the row in that."""

    leaf: int
    op: int
    row: int


@dataclass(frozen=True, slots=True)
class Share:
    """One operator's part of the pilot."""

    operator: str
    wallets: int
    payments: int
    paid: int
    declared: int
    issued: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The last block in which anything of the pilot was accepted: since then its state is the same."""

    height: int
    time: Instant


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
    shares = get_shares(connection)
    return PilotCounts(
        wallets=sum(share.wallets for share in shares),
        operators=sum(share.wallets > 0 for share in shares),
        payments=sum(share.payments for share in shares),
        declared=sum(share.declared for share in shares),
        paid=sum(share.paid for share in shares),
    )


def get_shares(connection: sa.Connection) -> list[Share]:
    """Give each operator's part, by name; a payment counts where its payer's wallet is."""
    count, total = sa.func.count(), sa.func.sum
    on_ledger = _PAYMENT.c.currency == CURRENCY
    wallets = dict(_pairs(connection, sa.select(_WALLET.c.operator, count).group_by(_WALLET.c.operator)))
    issued = dict(_pairs(connection, sa.select(_ISSUE.c.operator, total(_ISSUE.c.amount)).group_by(_ISSUE.c.operator)))
    made = sa.select(_PAYMENT.c.operator, count, total(_PAYMENT.c.amount)).group_by(_PAYMENT.c.operator)
    paid = {name: (int(number), int(amount)) for name, number, amount in connection.execute(made.where(on_ledger))}
    declared = {name: int(number) for name, number, _ in connection.execute(made.where(~on_ledger))}
    return [
        Share(name, wallets.get(name, 0), *paid.get(name, (0, 0)), declared.get(name, 0), issued.get(name, 0))
        for name in sorted({*wallets, *issued, *paid, *declared})
    ]


def get_tiers(connection: sa.Connection) -> dict[str, int]:
    """Give the number of wallets by tier."""
    return dict(_pairs(connection, sa.select(_WALLET.c.tier, sa.func.count()).group_by(_WALLET.c.tier)))


def get_standing(connection: sa.Connection) -> Standing | None:
    """Give the last block that changed the pilot; None before the first."""
    row = connection.execute(sa.select(_ACT.c.height, _ACT.c.time).order_by(_ACT.c.leaf.desc()).limit(1)).one_or_none()
    return None if row is None else Standing(row.height, Instant(row.time))


def get_wallet_operators(connection: sa.Connection) -> dict[str, str]:
    """Give the operator of every wallet."""
    return {row.name: row.operator for row in connection.execute(sa.select(_WALLET.c.name, _WALLET.c.operator))}


def get_issues(connection: sa.Connection) -> list[tuple[str, int, Instant]]:
    """Give (operator, amount, time) of every issue; a redemption is negative."""
    query = sa.select(_ISSUE.c.operator, _ISSUE.c.amount, _ISSUE.c.time).order_by(_ISSUE.c.leaf, _ISSUE.c.op)
    return [(operator, amount, Instant(time)) for operator, amount, time in connection.execute(query)]


def locate_payments(connection: sa.Connection, ids: list[bytes]) -> dict[bytes, Located]:
    """Give where payments stand in the log."""
    query = sa.select(_PAYMENT.c.id, _PAYMENT.c.leaf, _PAYMENT.c.op, _PAYMENT.c.row).where(_PAYMENT.c.id.in_(ids))
    return {row.id: Located(row.leaf, row.op, row.row) for row in connection.execute(query)}


def _pairs(connection: sa.Connection, query: sa.Select[Any]) -> list[tuple[str, int]]:
    return [(str(name), int(number)) for name, number in connection.execute(query)]


def _insert(connection: sa.Connection, table: sa.Table, rows: list[Row]) -> None:
    connection.execute(sa.insert(table), rows)


def _put_table(connection: sa.Connection, kind: str, owner: str, digest: bytes) -> None:
    connection.execute(sa.delete(_TABLE).where(_TABLE.c.kind == kind, _TABLE.c.owner == owner))
    connection.execute(sa.insert(_TABLE), {"kind": kind, "owner": owner, "digest": digest})


def _act(op: Op, place: int, logged: LoggedEntry) -> Row:
    located = {"leaf": logged.leaf, "op": place, "height": logged.height, "time": logged.time}
    return {**located, "kind": op.kind, "organisation": logged.organisation}


def _payments(body: Any, place: int, logged: LoggedEntry) -> list[Row]:
    names = ("id", "payer", "payee", "amount", "kind", "time")
    common = {**_batch(place, logged), "currency": CURRENCY, "zone": DOMESTIC_ZONE}
    return [dict(zip(names, row, strict=True), row=number, **common) for number, row in enumerate(body["rows"])]


def _declared(body: Any, place: int, logged: LoggedEntry) -> list[Row]:
    names = ("id", "payer", "payee", "amount", "currency", "zone", "time", "kind")
    common = _batch(place, logged)
    return [dict(zip(names, row, strict=True), row=number, **common) for number, row in enumerate(body["rows"])]


def _batch(place: int, logged: LoggedEntry) -> Row:
    return {"operator": logged.organisation, "height": logged.height, "leaf": logged.leaf, "op": place}


def _wallets(body: Any, _: int, logged: LoggedEntry) -> list[Row]:
    common = {"operator": logged.organisation, "height": logged.height}
    return [{"name": name, "tier": tier, **common} for name, tier in body["rows"]]


def _issue(body: Any, place: int, logged: LoggedEntry) -> list[Row]:
    located = {"leaf": logged.leaf, "op": place, "time": logged.time}
    return [{**located, "operator": body["operator"], "amount": body["amount"]}]


def _redemption(body: Any, place: int, logged: LoggedEntry) -> list[Row]:
    located = {"leaf": logged.leaf, "op": place, "time": logged.time}
    return [{**located, "operator": logged.organisation, "amount": -body["amount"]}]


_ROWS: dict[str, tuple[sa.Table, Callable[[Any, int, LoggedEntry], list[Row]]]] = {
    "pilots.pay": (_PAYMENT, _payments),
    "pilots.declare": (_PAYMENT, _declared),
    "pilots.wallets.open": (_WALLET, _wallets),
    "pilots.issue": (_ISSUE, _issue),
    "pilots.redeem": (_ISSUE, _redemption),
}
