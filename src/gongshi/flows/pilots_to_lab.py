"""From pilots to lab: the digital currency's operations, so that the lab can test the ledger that carries them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gongshi.lab.targets.embedded.ports import Currency, PaymentRow
from gongshi.ledger.engines.embedded import EmbeddedEngine
from gongshi.ledger.records import Op
from gongshi.pilots.entries import CURRENCY, MONEY, PILOT, fund_wallets, issue, open_wallets, pay, redeem
from gongshi.pilots.records import Payment

_QUOTA = 10**15


def get_currency() -> Currency:
    """Give the pilot's operations as the lab's target asks for them."""
    return Currency(_parameters, issue, redeem, open_wallets, fund_wallets, _pay, _movements, _balance, _supply)


def _parameters(issuer: str, operators: Sequence[str], tiers: Mapping[str, tuple[int, int, int]]) -> dict[str, Any]:
    return {
        "currency": CURRENCY,
        "issuer": issuer,
        "operators": list(operators),
        "quota": _QUOTA,
        "utc_offset_min": 480,
        "tiers": {name: list(limits) for name, limits in tiers.items()},
    }


def _pay(rows: Sequence[PaymentRow]) -> Op:
    return pay([Payment(identity, payer, payee, amount, "pay", at) for identity, payer, payee, amount, at in rows])


def _movements(op: Op) -> list[tuple[str | None, str, int]]:
    if op.kind == "pilots.fund":
        return [(None, wallet, amount) for _, wallet, amount in op.body["rows"]]
    if op.kind == "pilots.pay":
        return [(row[1], row[2], row[3]) for row in op.body["rows"]]
    return []


def _balance(engine: EmbeddedEngine, wallet: str) -> int:
    return engine.state.amount(MONEY, f"wallet/{wallet}")


def _supply(engine: EmbeddedEngine) -> int:
    return int(engine.get(PILOT, f"issued/{CURRENCY}") or 0)
