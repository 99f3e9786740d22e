"""Alerts in the making: a rule, an option that holds it, operators' batches, and the dossier, each of which can be bent."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from makings import World, founded

from gongshi_verifier.alert import compute_alert_id
from gongshi_verifier.rows import HOME_CURRENCIES

DAY_MS, HOUR = 86_400_000, 3_600_000
BEGIN = 20_514 * DAY_MS - 8 * HOUR  # 2026-03-02 at home
DEFAULTS: dict[str, dict[str, int]] = {
    "mirror_transfer": {
        "window_s": 72 * 3600,
        "tolerance_ppm": 30_000,
        "path_max": 3,
        "keep_ppm": 900_000,
        "amount_min_fen": 1,
        "visits_max": 100,
    },
    "temporal_cycle": {
        "window_s": 86_400,
        "length_min": 2,
        "length_max": 4,
        "conserving": 1,
        "keep_ppm": 900_000,
        "amount_min_fen": 1,
        "visits_max": 100,
    },
    "structuring": {
        "threshold_fen": 5_000_000,
        "band_ppm": 200_000,
        "rows_min": 3,
        "window_s": 72 * 3600,
        "incoming": 1,
        "linked": 1,
    },
    "large_value": {"threshold_fen": 14_000_000, "linked": 0},
}


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def rule_of(typology: str, scope=None, **changes) -> dict[str, Any]:
    parameters = {**DEFAULTS.get(typology, {}), **{k: v for k, v in changes.items() if k in DEFAULTS.get(typology, {})}}
    fields = {k: v for k, v in changes.items() if k not in parameters}
    return {
        "id": f"rule-{typology}",
        "version": 1,
        "typology": typology,
        "valid_from": "2020-01-01",
        "valid_to": None,
        "parameters": parameters,
        "scope": scope or {},
        **fields,
    }


def pay(number, payer, payee, amount, hour, kind="pay"):
    """A payment at home: (operation, row of the batch)."""
    return "pilots.pay", [number.to_bytes(16), payer, payee, amount, kind, BEGIN + hour * HOUR]


def declare(number, payer, payee, amount, hour, currency="HKD", zone="HK"):
    """A leg outside the ledger."""
    return "pilots.declare", [
        number.to_bytes(16),
        payer,
        payee,
        amount,
        currency,
        zone,
        BEGIN + hour * HOUR,
        "declared",
    ]


CYCLE = (pay(1, "a", "b", 100_000, 1), pay(2, "b", "c", 99_000, 2), pay(3, "c", "a", 98_000, 3))
STRUCTURING = tuple(pay(n, "d", "e", 4_900_000, n) for n in (1, 2, 3))
MIRROR = (pay(1, "client", "pool", 900_000, 1), declare(2, "pool-hk", "client-hk", 1_000_000, 2))
RATES = {"20514": [9, 10]}


@dataclass
class Alerted:
    """One alert; `rows` are given in the order of the alert, each in a batch of its own."""

    rule: dict[str, Any]
    rows: tuple = ()
    accounts: tuple[str, ...] = ()
    owners: dict[str, str] = field(default_factory=dict)
    holders: dict[str, str] = field(default_factory=dict)
    posted: bool = True
    option: dict[str, Any] | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    world: World = field(default_factory=founded)

    def __post_init__(self) -> None:
        self.rule_bytes = canonical(self.rule)
        self.option_bytes = canonical(self.option if self.option is not None else {"id": "o", "rules": [self.rule]})
        self.table = canonical(RATES)
        table = hashlib.sha256(self.table).digest()
        self.places = []
        for kind, row in self.rows:
            leaf = self.world.act("bank", kind, {"currency": "e-CNY", "rows": [row]})
            self.places.append([row[0], leaf, 0, 0])
        if self.posted:
            self.world.act("institute", "pilots.rates.post", {"currency": "HKD", "table": table})
        self.entered = self.world.act(
            "ministry", "supervision.alerts", {"rules": hashlib.sha256(self.option_bytes).digest()}
        )

    def content(self) -> dict[str, Any]:
        parties = {party for _, row in self.rows for party in row[1:3]}
        currencies = {row[4] for kind, row in self.rows if kind == "pilots.declare"} - set(HOME_CURRENCIES)
        return {
            "alert": compute_alert_id(
                hashlib.sha256(self.rule_bytes).digest(),
                [place[0] for place in self.places],
                self.changes.get("accounts", list(self.accounts)),
            ),
            "accounts": list(self.accounts),
            "time": self.rows[-1][1][-1 if self.rows[-1][0] == "pilots.pay" else -2] if self.rows else 0,
            "rule": self.rule_bytes,
            "rule_digest": hashlib.sha256(self.rule_bytes).digest(),
            "option": self.option_bytes,
            "rows": self.places,
            "customers": {
                name: [self.owners.get(name, name), self.holders.get(name, "natural")] for name in sorted(parties)
            },
            "rates": dict.fromkeys(currencies, self.table),
            **self.changes,
        }

    def dossier(self, **changes) -> bytes:
        return self.world.dossier("alert", {**self.content(), **changes})


def cycle(**changes) -> Alerted:
    return Alerted(rule_of("temporal_cycle"), CYCLE, ("a", "b", "c"), **changes)


def mirror(**changes) -> Alerted:
    accounts = ("client", "pool", "pool-hk", "client-hk")
    owners = {"client": "person", "client-hk": "person"}
    return Alerted(rule_of("mirror_transfer"), MIRROR, accounts, **{"owners": owners, **changes})


def structuring(**changes) -> Alerted:
    return Alerted(rule_of("structuring"), STRUCTURING, ("e",), **changes)


def large(**changes) -> Alerted:
    return Alerted(rule_of("large_value"), STRUCTURING, ("e",), **changes)
