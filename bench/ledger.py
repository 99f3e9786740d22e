"""The ledger measured end to end, from signed bytes to a durable receipt, beside its two limits on the same bytes in the same run:
bare signature checks (PyNaCl, one core) and bare durable commits (SQLite, WAL, synchronous=FULL). `python bench/ledger.py`.

single     one payment to an entry, one signature to a payment, 500 entries to a block
alone      the same entries, every one in a block of its own: what a person at the desk waits for
batches    operators' entries of 100 payments, 20 entries to a block; figures are payments
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import tempfile
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from frame import OUT, give, rate, row
from nacl.bindings import crypto_sign_open

from gongshi.ledger.adapters.sqlite_store import SqliteStore
from gongshi.ledger.codec import decode_entry, sign_entry
from gongshi.ledger.engines.embedded import EmbeddedEngine
from gongshi.ledger.entries import KINDS as LEDGER_KINDS
from gongshi.ledger.entries import certify_key
from gongshi.ledger.records import Genesis, Member, Op, Proof
from gongshi.ledger.rules import make_kinds
from gongshi.pilots.entries import KINDS as PILOT_KINDS
from gongshi.pilots.entries import NAMESPACES, fund_wallets, issue, open_wallets, pay
from gongshi.pilots.records import Payment
from gongshi.seal.signing import make_signing_key
from gongshi.terms.transfer import transfer_id
from gongshi_verifier.ed25519 import check_signature

SAMPLES = 5
WALLETS = 500
BEGIN = 1_700_000_000_000
BANK, OPERATOR = "central-bank", "operator"
KINDS = make_kinds(LEDGER_KINDS, PILOT_KINDS)
PILOT = {
    "currency": "e-CNY",
    "issuer": BANK,
    "operators": [OPERATOR],
    "quota": 10**15,
    "utc_offset_min": 480,
    "tiers": {"full": [10**9, 10**12, 10**13]},
}


@dataclass
class Clock:
    instant: int = BEGIN + 10**6

    def now(self):
        self.instant += 1
        return self.instant


@dataclass
class Ledger:
    """A ledger with funded wallets on the disk, not in memory."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(dir=OUT)))
    numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self):
        self.store = SqliteStore(self.folder / "ledger.sqlite")
        self.store.found(make_genesis())
        self.engine = EmbeddedEngine(self.store, KINDS, Clock(), key_of("log"), check_signature)
        for name in (BANK, OPERATOR):
            self.enter([self.sign(name, certify_key(key_of(name).public, bytes(32)), purpose="root")], 1)
        names = [f"w{number}" for number in range(WALLETS)]
        funds = [(transfer_id(OPERATOR, "fund", number), name, 10**9) for number, name in enumerate(names, 1)]
        self.enter([self.sign(BANK, issue(OPERATOR, 10**9 * WALLETS))], 1)
        self.enter([self.sign(OPERATOR, open_wallets([(name, "full") for name in names]))], 1)
        self.enter([self.sign(OPERATOR, fund_wallets(funds))], 1)

    def sign(self, name, *ops: Op, purpose="sign"):
        self.numbers[name] = self.numbers.get(name, 0) + 1
        return sign_entry(key_of(name, purpose), "bench", self.numbers[name], self.engine.height + 9_000, ops)

    def payments(self, entries, to_an_entry):
        """Sign entries of payments between wallets in turn."""
        first = self.numbers.get("paid", 0)
        self.numbers["paid"] = first + entries * to_an_entry
        rows = [
            Payment(transfer_id(OPERATOR, "pay", n + 1), f"w{n % WALLETS}", f"w{(n + 7) % WALLETS}", 100, "pay", BEGIN)
            for n in range(first, self.numbers["paid"])
        ]
        return [self.sign(OPERATOR, pay(rows[at : at + to_an_entry])) for at in range(0, len(rows), to_an_entry)]

    def enter(self, entries, to_a_block):
        """Submit, commit and take every receipt; give how many entries."""
        for at in range(0, len(entries), to_a_block):
            tickets = [self.engine.submit(data) for data in entries[at : at + to_a_block]]
            self.engine.advance()
            assert all(isinstance(self.engine.receipt(ticket), Proof) for ticket in tickets)
        return len(entries)

    def close(self):
        self.store.close()
        shutil.rmtree(self.folder)


class Commits:
    """The limit of the disk: the same bytes in the same groups, one durable transaction to a group and nothing else."""

    def __init__(self, folder):
        self.connection = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.execute("CREATE TABLE entry (leaf INTEGER PRIMARY KEY, data BLOB NOT NULL)")

    def enter(self, entries, to_a_block):
        for at in range(0, len(entries), to_a_block):
            self.connection.execute("BEGIN IMMEDIATE")
            rows = [(data,) for data in entries[at : at + to_a_block]]
            self.connection.executemany("INSERT INTO entry (data) VALUES (?)", rows)
            self.connection.execute("COMMIT")
        return len(entries)


def verify(entries, public):
    """The limit of the signatures: the library's check and nothing else, on what was decoded before."""
    decoded = [decode_entry(data, len(data)) for data in entries]
    pairs = [(entry.signature + entry.signed) for entry in decoded]
    return rate(lambda: sum(crypto_sign_open(pair, public) is not None for pair in pairs))


def main():
    OUT.mkdir(exist_ok=True)
    ledger = Ledger()
    try:
        single = measure(ledger, entries=1_500, to_an_entry=1, to_a_block=500)
        alone = measure(ledger, entries=150, to_an_entry=1, to_a_block=1)
        batches = measure(ledger, entries=60, to_an_entry=100, to_a_block=20)
    finally:
        ledger.close()
    give(
        "ledger",
        [
            row("single", single[0], "entry/s", "PyNaCl, the same signatures", single[1]),
            row("single_beside_disk", single[0], "entry/s", "SQLite WAL FULL, same bytes, 500 a commit", single[2]),
            row("alone", alone[0], "entry/s", "SQLite WAL FULL, same bytes, 1 a commit", alone[2]),
            row("batches", batches[0], "payment/s", "PyNaCl, a signature to a payment", single[1]),
            row("batches_beside_disk", batches[0], "payment/s", "SQLite WAL FULL, same bytes, 20 a commit", batches[2]),
        ],
    )


def measure(ledger, entries, to_an_entry, to_a_block):
    """Give the samples (ours, signatures, commits), taken in turn so that a busy moment meets all three."""
    commits, samples = Commits(Path(tempfile.mkdtemp(dir=ledger.folder))), ([], [], [])
    for _ in range(SAMPLES):
        made = ledger.payments(entries, to_an_entry)
        samples[0].append(to_an_entry * rate(partial(ledger.enter, made, to_a_block)))
        samples[1].append(verify(made, key_of(OPERATOR).public))
        samples[2].append(to_an_entry * rate(partial(commits.enter, made, to_a_block)))
    commits.connection.close()
    return samples


def make_genesis():
    params = {
        "entry_bytes_max": 1 << 20,
        "block_bytes_max": 1 << 24,
        "valid_window_max": 10_000,
        "kinds": {f"{name}/{version}": 0 for name, version in KINDS},
        "namespaces": {"members": "map", **NAMESPACES},
        "pilot": PILOT,
    }
    members = tuple(
        Member(name, {"zh": name, "en": name}, "bank", voting=True, root=key_of(name, "root").public)
        for name in (BANK, OPERATOR)
    )
    return Genesis("bench", BEGIN, members, params)


def key_of(name, purpose="sign"):
    return make_signing_key(hashlib.sha256(f"{name}/{purpose}".encode()).digest())


if __name__ == "__main__":
    main()
