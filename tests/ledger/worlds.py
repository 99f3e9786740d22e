"""Two organisations and a room of two toy kinds, `toy.note` and `toy.coin`, so that the ledger is tested without any room of the house."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from gongshi.ledger.adapters.sqlite_store import SqliteStore
from gongshi.ledger.codec import sign_entry
from gongshi.ledger.engines.embedded import EmbeddedEngine
from gongshi.ledger.entries import KINDS as LEDGER_KINDS
from gongshi.ledger.entries import certify_key
from gongshi.ledger.records import Block, Genesis, Member, Op, Proof, Receipt
from gongshi.ledger.rules import Applied, Kind, apply, make_kinds
from gongshi.ledger.state import State, found_state
from gongshi.seal.signing import SigningKey, make_signing_key
from gongshi.terms.instant import Instant
from gongshi.terms.problem import Problem
from gongshi_verifier.ed25519 import check_signature

CHAIN = "toy"
BEGIN = Instant(1_700_000_000_000)
NAMES = ("alpha", "beta")
LOG_KEY = make_signing_key(b"l" * 32)


def key_of(organisation: str, purpose: str = "sign") -> SigningKey:
    return make_signing_key(hashlib.sha256(f"{organisation}/{purpose}".encode()).digest())


def note(key: str, value: object) -> Op:
    return Op("toy.note", 1, [key, value])


def coin(key: str, amount: int) -> Op:
    return Op("toy.coin", 1, [key, amount])


def refused() -> Op:
    return Op("toy.note", 1, ["", 0])


def _judge_note(body, draft, at):
    key, value = body
    if key == "":
        return Problem("toy.note.empty", values={"height": at.height})
    draft.remove("notes", key) if value is None else draft.put("notes", key, value)
    return None


def _judge_coin(body, draft, at):
    key, amount = body
    draft.put("coins", key, [at.organisation], draft.amount("coins", key) + amount)


KINDS = make_kinds(LEDGER_KINDS, (Kind("toy.note", 1, _judge_note), Kind("toy.coin", 1, _judge_coin)))


def genesis(**changes: object) -> Genesis:
    params = {
        "entry_bytes_max": 1 << 16,
        "block_bytes_max": 1 << 20,
        "valid_window_max": 100,
        "kinds": {f"{name}/{version}": 0 for name, version in KINDS},
        "namespaces": {"members": "map", "notes": "map", "coins": "sum"},
        **changes,
    }
    members = tuple(
        Member(name, {"zh": name, "en": name}, "bank", voting=True, root=key_of(name, "root").public) for name in NAMES
    )
    return Genesis(CHAIN, BEGIN, members, params)


def seal(organisation: str, *ops: Op, sequence: int, until: int = 50, **more: object) -> bytes:
    """Give a signed entry; `key`, `chain` and `mandate` can be others."""
    key = more.pop("key", None) or key_of(organisation, str(more.pop("purpose", "sign")))
    return sign_entry(key, str(more.pop("chain", CHAIN)), sequence, until, ops, **more)


def certificate(organisation: str, sequence: int = 1, purpose: str = "sign", **more: object) -> bytes:
    op = certify_key(key_of(organisation, purpose).public, hashlib.sha256(organisation.encode()).digest())
    return seal(organisation, op, sequence=sequence, purpose="root", **more)


@dataclass
class Machine:
    """The pure state machine, block by block."""

    state: State = field(default_factory=lambda: found_state(genesis()))
    sequences: dict[str, int] = field(default_factory=dict)

    def block(self, *entries: bytes, height: int = 0, time: int = 0) -> Applied:
        height = height or self.state.height + 1
        applied = apply(
            self.state, Block(height, Instant(time or self.state.time + 1000), entries), KINDS, check_signature
        )
        self.state = applied.state
        return applied

    def sign(self, organisation: str, *ops: Op, **more: object) -> bytes:
        self.sequences[organisation] = self.sequences.get(organisation, 0) + 1
        until = self.state.height + 50
        return seal(organisation, *ops, **{"sequence": self.sequences[organisation], "until": until, **more})

    def act(self, organisation: str, *ops: Op, **more: object) -> Problem | None:
        """Judge one entry in a block of its own."""
        return self.block(self.sign(organisation, *ops, **more)).results[0].problem


def at_work() -> Machine:
    """Both organisations' signing keys are certified."""
    machine = Machine()
    machine.block(*(certificate(name) for name in NAMES))
    return machine


@dataclass
class Clock:
    instant: int = BEGIN + 1

    def now(self) -> int:
        self.instant += 1000
        return self.instant


class World:
    """An embedded engine on a SQLite file."""

    def __init__(self, path: Path, delay_blocks: int = 0, store: SqliteStore | None = None, **changes: object) -> None:
        self.path, self.delay = path, delay_blocks
        self.store = store or SqliteStore(path)
        if store is None:
            self.store.found(genesis(**changes))
        self.sequences: dict[str, int] = {}
        self.engine = self.assemble(self.store)

    def assemble(self, store: SqliteStore) -> EmbeddedEngine:
        return EmbeddedEngine(store, KINDS, Clock(), LOG_KEY, check_signature, self.delay)

    def reopen(self) -> EmbeddedEngine:
        self.store.close()
        self.store = SqliteStore(self.path)
        self.engine = self.assemble(self.store)
        return self.engine

    def sign(self, organisation: str, *ops: Op) -> bytes:
        self.sequences[organisation] = self.sequences.get(organisation, 0) + 1
        return seal(organisation, *ops, sequence=self.sequences[organisation], until=self.engine.height + 50)

    def settle(self, data: bytes, most: int = 20) -> Receipt:
        ticket = self.engine.submit(data)
        for _ in range(most):
            receipt = self.engine.receipt(ticket)
            if type(receipt).__name__ != "Pending":
                return receipt
            self.engine.advance()
        return self.engine.receipt(ticket)

    def act(self, organisation: str, *ops: Op) -> Receipt:
        return self.settle(self.sign(organisation, *ops))

    def begin(self) -> World:
        for name in NAMES:
            assert isinstance(self.settle(certificate(name)), Proof)
        return self
