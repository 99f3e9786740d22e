"""A central bank, two operators, a supervisor and a bank that has no part, on the pure state machine."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gongshi.ledger.adapters.sqlite_store import SqliteStore
from gongshi.ledger.codec import sign_entry
from gongshi.ledger.engines.embedded import EmbeddedEngine
from gongshi.ledger.entries import KINDS as LEDGER_KINDS
from gongshi.ledger.entries import certify_key, grant_mandate
from gongshi.ledger.records import Block, Genesis, LoggedBlock, Member, Op
from gongshi.ledger.rules import apply, make_kinds
from gongshi.ledger.state import State, found_state
from gongshi.pilots.entries import KINDS as PILOT_KINDS
from gongshi.pilots.entries import MONEY, NAMESPACES, PILOT, fund_wallets, issue, open_wallets, pay
from gongshi.pilots.records import Payment
from gongshi.seal.signing import SigningKey, make_signing_key
from gongshi.terms.instant import Instant, instant_from_iso
from gongshi.terms.problem import Problem
from gongshi.terms.transfer import transfer_id
from gongshi_verifier.ed25519 import check_signature

BANK, ALPHA, BETA, MINISTRY, OTHER = "central-bank", "alpha", "beta", "ministry", "gamma"
ORGANISATIONS = {BANK: "central_bank", ALPHA: "payment", BETA: "bank", MINISTRY: "authority", OTHER: "bank"}
NOON = instant_from_iso("2026-03-02T04:00:00")  # noon in Shanghai
BEGIN = Instant(NOON - 1_000_000)
QUOTA = 10_000_000
TIERS = {"small": [1_000, 2_500, 5_000], "large": [1_000_000, 2_000_000, 9_000_000]}
PARAMETERS = {
    "currency": "e-CNY",
    "issuer": BANK,
    "operators": [ALPHA, BETA],
    "quota": QUOTA,
    "utc_offset_min": 480,
    "tiers": TIERS,
}
KINDS = make_kinds(LEDGER_KINDS, PILOT_KINDS)


def key_of(organisation: str, purpose: str = "sign") -> SigningKey:
    return make_signing_key(hashlib.sha256(f"{organisation}/{purpose}".encode()).digest())


def genesis(**changes: Any) -> Genesis:
    params = {
        "entry_bytes_max": 1 << 20,
        "block_bytes_max": 1 << 22,
        "valid_window_max": 1000,
        "kinds": {f"{name}/{version}": 0 for name, version in KINDS},
        "namespaces": {"members": "map", **NAMESPACES},
        "pilot": PARAMETERS,
        **changes,
    }
    members = tuple(
        Member(name, {"zh": name, "en": name}, kind, voting=True, root=key_of(name, "root").public)
        for name, kind in ORGANISATIONS.items()
    )
    return Genesis("t", BEGIN, members, {name: value for name, value in params.items() if value is not None})


@dataclass
class World:
    """Blocks of one entry, each at a time that the test chooses."""

    state: State = field(default_factory=lambda: found_state(genesis()))
    now: int = NOON
    blocks: list[LoggedBlock] = field(default_factory=list)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def judge(self, organisation: str, *ops: Op, mandate: str | None = None, purpose: str = "sign") -> Problem | None:
        height = self.state.height + 1
        time = Instant(max(self.now, self.state.time + 1))
        data = sign_entry(key_of(organisation, purpose), "t", height, height + 10, ops, mandate)
        applied = apply(self.state, Block(height, time, (data,)), KINDS, check_signature)
        self.state = applied.state
        self.blocks.append(applied.logged)
        return applied.results[0].problem

    def act(self, organisation: str, *ops: Op, **more: Any) -> str | None:
        """Give the code of the refusal, or None."""
        problem = self.judge(organisation, *ops, **more)
        return None if problem is None else problem.code

    def must(self, organisation: str, *ops: Op, **more: Any) -> None:
        assert self.act(organisation, *ops, **more) is None

    def next_id(self, organisation: str, family: str) -> bytes:
        number = self.numbers.get((organisation, family), 0) + 1
        self.numbers[organisation, family] = number
        return transfer_id(organisation, family, number)

    def payment(self, payer: str, payee: str, amount: int, *, at: int | None = None, operator: str = ALPHA) -> Payment:
        return Payment(self.next_id(operator, "pay"), payer, payee, amount, "pay", self.now if at is None else at)

    def pay(self, payer: str, payee: str, amount: int, *, at: int | None = None, operator: str = ALPHA) -> str | None:
        return self.act(operator, pay([self.payment(payer, payee, amount, at=at, operator=operator)]))

    def fund(self, wallet: str, amount: int, operator: str = ALPHA) -> str | None:
        return self.act(operator, fund_wallets([(self.next_id(operator, "fund"), wallet, amount)]))

    def balance(self, wallet: str) -> int:
        return self.state.amount(MONEY, f"wallet/{wallet}")

    def reserve(self, operator: str) -> int:
        return self.state.amount(MONEY, f"reserve/{operator}")

    @property
    def issued(self) -> int:
        return int(self.state.get(PILOT, "issued/e-CNY") or 0)

    @property
    def held(self) -> int:
        return self.state.trees[MONEY].total()


def found(**changes: Any) -> World:
    """Keys and the mandates of supervisors; no money yet."""
    world = World(found_state(genesis(**changes)), now=BEGIN + 1)
    for name in ORGANISATIONS:
        world.must(name, certify_key(key_of(name).public, bytes(32)), purpose="root")
        world.must(name, grant_mandate(f"{name}-supervisor", ["supervisor"], 2**62))
    world.now = NOON
    return world


def running() -> World:
    """alpha: w1 and w2 small, w3 large with 6,000 · beta: w4 small · 1,000,000 issued to alpha, 500,000 to beta · w1 holds 4,000."""
    world = found()
    world.must(BANK, issue(ALPHA, 1_000_000), issue(BETA, 500_000))
    world.must(ALPHA, open_wallets([("w1", "small"), ("w2", "small"), ("w3", "large")]))
    world.must(BETA, open_wallets([("w4", "small")]))
    assert world.fund("w1", 4_000) is None
    assert world.fund("w3", 6_000) is None
    return world


@dataclass
class Clock:
    instant: int = NOON

    def now(self) -> int:
        self.instant += 1
        return self.instant


def open_engine(path: Path) -> EmbeddedEngine:
    store = SqliteStore(path)
    store.found(genesis())
    return EmbeddedEngine(store, KINDS, Clock(), key_of("log"), check_signature)
