"""The payments that an alert stands on, read out of operators' signed batches, and what each is worth in fen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gongshi_verifier.rule import DocumentError, is_count, read_json
from gongshi_verifier.trust import Verified

HOME_ZONE, HOME_CURRENCIES = "CN", ("e-CNY", "CNY")
_PAY, _DECLARE, _RATES = "pilots.pay", "pilots.declare", "pilots.rates.post"
_DAY_MS, _HOME_OFFSET_MS = 86_400_000, 8 * 3_600_000  # Asia/Shanghai has had one offset since 1991

Rates = Mapping[str, Mapping[str, Any]]
"""Currency → day at home, counted from 1970-01-01 and written as text → [numerator, denominator]: fen for one minor unit."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: its id, the leaf of its batch, the operation in it, the row in that."""

    id: bytes
    leaf: int
    op: int
    row: int

    def __str__(self) -> str:
        return f"leaf {self.leaf}, operation {self.op}, row {self.row}"


@dataclass(frozen=True, slots=True)
class Row:
    """One payment, or one declared leg."""

    id: bytes
    payer: str
    payee: str
    time: int
    amount: int
    currency: str
    zone: str
    kind: str

    @property
    def day(self) -> int:
        """The calendar day at home, counted from 1970-01-01."""
        return (self.time + _HOME_OFFSET_MS) // _DAY_MS


def find_row(place: Place, entries: Mapping[int, Verified]) -> Row | None:
    """Give the row that stands at a place, None where there is none; the entries are those by their leaf."""
    entry = entries.get(place.leaf)
    if entry is None or not 0 <= place.op < len(entry.ops):
        return None
    kind, version, body = entry.ops[place.op]
    listed = body.get("rows") if isinstance(body, dict) and version == 1 else None
    if not isinstance(listed, list) or not 0 <= place.row < len(listed):
        return None
    return _read_row(kind, body, listed[place.row])


def read_rates(tables: Mapping[str, bytes], entries: Sequence[Verified]) -> Rates:
    """Give the rates by currency and day, out of the tables whose digests were posted on the ledger; others are left out."""
    bodies = [body for entry in entries for body in entry.bodies(_RATES) if isinstance(body, dict)]
    posted = [(body.get("currency"), body.get("table")) for body in bodies]
    rates = {}
    for currency, table in tables.items():
        if (currency, hashlib.sha256(table).digest()) in posted:
            try:
                read = read_json(table)
            except DocumentError:
                continue
            rates[currency] = read if isinstance(read, dict) else {}
    return rates


def compute_worth(row: Row, rates: Rates) -> int | None:
    """Give the row's worth in fen, at the rate of its day where it needs one; None without it."""
    if row.currency in HOME_CURRENCIES:
        return row.amount
    rate = rates.get(row.currency, {}).get(str(row.day))
    if not isinstance(rate, list) or len(rate) != 2 or not all(map(is_count, rate)) or rate[1] == 0:
        return None
    return int(row.amount * rate[0] // rate[1])


def _read_row(kind: str, body: Mapping[Any, Any], row: Any) -> Row | None:
    if not isinstance(row, list):
        return None
    if kind == _PAY and len(row) == 6:
        id_, payer, payee, amount, word, time = row
        currency, zone = body.get("currency"), HOME_ZONE
    elif kind == _DECLARE and len(row) == 8:
        id_, payer, payee, amount, currency, zone, time, word = row
    else:
        return None
    texts = payer, payee, currency, zone, word
    is_right = isinstance(id_, bytes) and is_count(amount) and amount > 0 and is_count(time)
    if not is_right or not all(isinstance(text, str) for text in texts):
        return None
    return Row(id_, payer, payee, time, amount, str(currency), zone, word)
