"""A desk with two operators, an issuer and a supervisor, and one planted case of every typology among its payments."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from gongshi.flows.alliance_to_ledger import get_parameters
from gongshi.flows.desk import Desk
from gongshi.flows.pilots_to_supervision import mine, read_past
from gongshi.ledger.adapters.blob_folder import BlobFolder
from gongshi.ledger.adapters.sqlite_store import SqliteStore
from gongshi.ledger.engines.embedded import EmbeddedEngine
from gongshi.ledger.entries import certify_key, grant_mandate
from gongshi.ledger.records import Genesis, Member
from gongshi.pilots.entries import declare, declare_customers, fund_wallets, issue, open_wallets, pay, post_rates
from gongshi.pilots.records import Declared, Payment
from gongshi.pilots.store import PilotsProjection
from gongshi.seal.checkpoints import cosign
from gongshi.seal.signing import SigningKey, make_signing_key
from gongshi.supervision.records import Option
from gongshi.supervision.store import SupervisionProjection, list_alerts
from gongshi.terms.canonical import encode_json
from gongshi.terms.instant import MS_PER_DAY, instant_from_iso
from gongshi.terms.text import Text
from gongshi.terms.transfer import transfer_id
from gongshi.wiring import KINDS, NAMESPACES
from gongshi_verifier.ed25519 import check_signature
from tests.supervision.worlds import rule_of

ISSUER, OPERATORS, SUPERVISOR = "central-bank", ("bank", "payments"), "ministry"
MEMBERS = (ISSUER, *OPERATORS, SUPERVISOR)
BEGIN = instant_from_iso("2026-03-02T00:00:00+08:00")
HOUR = 3_600_000
FOREIGN_DAY = (BEGIN + 8 * HOUR) // MS_PER_DAY
TIERS = {"full": [10**9, 10**10, 10**11]}
OWNERS = {"client": ("person-1", "natural"), "client-hk": ("person-1", "natural")}


def seed_of(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


@dataclass
class Keys:
    """Keys of one organisation, made from its name: a test's keyring."""

    organisation: str
    seen: list[int] = field(default_factory=list)

    def signing_key(self) -> SigningKey:
        return make_signing_key(seed_of(self.organisation + "/sign"))

    def root_key(self) -> SigningKey:
        return make_signing_key(seed_of(self.organisation + "/root"))

    def sealing_key(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(seed_of(self.organisation + "/seal"))

    def cosign(self, name, checkpoint, path, seconds):
        self.seen.append(checkpoint.size)
        return cosign(name, self.root_key(), checkpoint, seconds)

    def last_size(self) -> int:
        return self.seen[-1] if self.seen else 0


@dataclass
class Clock:
    instant: int

    def now(self) -> int:
        return self.instant


def get_params() -> dict[str, object]:
    params = get_parameters(KINDS, NAMESPACES)
    params["pilot"] = {
        "currency": "e-CNY",
        "issuer": ISSUER,
        "operators": list(OPERATORS),
        "quota": 10**12,
        "utc_offset_min": 480,
        "tiers": TIERS,
    }
    params["group"] = {"secretariat": SUPERVISOR, "zone": "Asia/Shanghai"}
    return params


def open_desk(folder: Path) -> Desk:
    params = get_params()
    keys = {name: Keys(name) for name in MEMBERS}
    members = tuple(
        Member(
            n,
            {"zh": n, "en": n},
            "authority" if n == SUPERVISOR else "member",
            voting=True,
            root=keys[n].root_key().public,
        )
        for n in MEMBERS
    )
    store = SqliteStore(folder / "ledger.db")
    store.found(Genesis("alerts.test", BEGIN, members, params))
    clock = Clock(BEGIN + 3 * MS_PER_DAY)
    engine = EmbeddedEngine(store, KINDS, clock, make_signing_key(seed_of("log")), check_signature)
    rings = {name: (lambda ring=ring: ring) for name, ring in keys.items()}
    database = sa.create_engine("sqlite://")
    return Desk(
        engine, BlobFolder(folder / "blobs"), database, (PilotsProjection(), SupervisionProjection()), clock, rings
    )


def found(desk: Desk) -> None:
    for name in MEMBERS:
        desk.act(name, certify_key(desk.keyring(name).signing_key().public, seed_of(name)), by_root=True)
    desk.act(SUPERVISOR, grant_mandate("supervisor-1", ["supervisor"], BEGIN + 400 * MS_PER_DAY))


def operate(desk: Desk) -> None:
    """Wallets a…e and the pools in one bank, the client in the other; payments; one declared leg; who owns what."""
    rates = {str(FOREIGN_DAY): [9, 10]}
    desk.act(ISSUER, post_rates("HKD", desk.blobs.put(encode_json(rates))))
    for operator, names in (("bank", "abcde"), ("payments", ("client", "pool"))):
        desk.act(ISSUER, issue(operator, 10**9))
        desk.act(operator, open_wallets([(name, "full") for name in names]))
        rows = [(transfer_id(operator, "fund", n), name, 10**8) for n, name in enumerate(names, 1)]
        desk.act(operator, fund_wallets(rows))
    desk.act("bank", pay(_payments()[:4]), pay(_payments()[4:]))
    home = Payment(transfer_id("payments", "pay", 1), "client", "pool", 900_000, "pay", BEGIN + HOUR)
    desk.act("payments", pay([home]))
    leg = (transfer_id("payments", "declare", 1), "pool-hk", "client-hk", 1_000_000, "HKD", "HK", BEGIN + 2 * HOUR)
    desk.act("payments", declare([Declared(*leg, "declared")]))
    table = encode_json({name: list(who) for name, who in OWNERS.items()})
    desk.act("payments", declare_customers(desk.blobs.put(table), len(OWNERS)))


def _payments() -> list[Payment]:
    """a→b→c→a is a cycle; d pays e three times just below 50,000 yuan within a day: structuring, and a large value."""
    listed = [("a", "b", 100_000), ("b", "c", 99_000), ("c", "a", 98_000), *[("d", "e", 4_900_000)] * 3]
    return [
        Payment(transfer_id("bank", "pay", number), payer, payee, amount, "pay", BEGIN + number * HOUR)
        for number, (payer, payee, amount) in enumerate(listed, 1)
    ]


RULES = (
    rule_of("mirror_transfer"),
    rule_of("temporal_cycle", conserving=1),
    rule_of("structuring"),
    rule_of("large_value", threshold_fen=14_000_000, linked=1),
)
OPTION = Option("strict", Text("严格", "Strict"), Text("测试", "for tests"), RULES)
FIRST_DAY = date(2026, 3, 2)


def watched(folder: Path) -> tuple[Desk, dict[str, str]]:
    """Give the desk after the supervisor has run the option, and the alerts' ids by typology."""
    desk = open_desk(folder)
    return desk, raise_alerts(desk)


def raise_alerts(desk: Desk) -> dict[str, str]:
    """Let everything happen, and give the alerts' ids by typology."""
    found(desk)
    operate(desk)
    mine(desk, (SUPERVISOR, "supervisor-1"), read_past(desk), [OPTION], lambda run: None)
    with desk.read() as connection:
        return {str(row["typology"]): str(row["id"]) for row in list_alerts(connection)}
