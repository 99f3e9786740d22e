"""A real ledger in a temporary folder for the watch: one bank with an analyst, the embedded engine, blobs, the projection."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import sqlalchemy as sa

from gongshi.ledger.adapters.blob_folder import BlobFolder
from gongshi.ledger.adapters.sqlite_store import SqliteStore
from gongshi.ledger.codec import sign_entry
from gongshi.ledger.engines.embedded import EmbeddedEngine
from gongshi.ledger.entries import KINDS as LEDGER_KINDS
from gongshi.ledger.entries import NAMESPACES as LEDGER_NAMESPACES
from gongshi.ledger.entries import certify_key, grant_mandate
from gongshi.ledger.projection import catch_up, drop
from gongshi.ledger.records import Genesis, Member, Refused
from gongshi.ledger.rules import make_kinds
from gongshi.seal.signing import make_signing_key
from gongshi.watch.entries import KINDS, NAMESPACES
from gongshi.watch.store import WatchProjection
from gongshi_verifier.ed25519 import check_signature as verify
from tests.watch.worlds import NOW

ANALYST = "m-analyst"


@dataclass
class Chain:
    folder: object
    delay_blocks: int = 0
    sequence: itertools.count = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self):
        self.root, self.key = make_signing_key(b"r" * 32), make_signing_key(b"k" * 32)
        self.blobs = BlobFolder(self.folder / "blobs")
        self.database = sa.create_engine("sqlite://")
        store = SqliteStore(self.folder / "ledger.db")
        store.found(self._genesis())
        kinds = make_kinds(LEDGER_KINDS, KINDS)
        self.engine = EmbeddedEngine(store, kinds, self, make_signing_key(b"l" * 32), verify, self.delay_blocks)
        member = [certify_key(self.key.public, b"s" * 32), grant_mandate(ANALYST, ["analyst"], NOW + 10**9)]
        assert self.submit(member[:1], key=self.root) is None
        assert self.submit(member[1:]) is None

    def now(self):
        return NOW

    def _genesis(self):
        kinds = {f"{kind.name}/{kind.version}": 1 for kind in (*LEDGER_KINDS, *KINDS)}
        limits = {"entry_bytes_max": 100_000, "block_bytes_max": 1_000_000, "valid_window_max": 100}
        params = limits | {"kinds": kinds, "namespaces": LEDGER_NAMESPACES | NAMESPACES}
        return Genesis(
            "watch-test",
            NOW - 1,
            (Member("bank", {"zh": "银行", "en": "bank"}, "bank", True, self.root.public),),
            params,
        )

    def submit(self, ops, mandate=None, key=None):
        """Give None when the entry is accepted, or the problem for which it was refused."""
        height = self.engine.height + 50
        data = sign_entry(key or self.key, "watch-test", next(self.sequence), height, ops, mandate)
        ticket = self.engine.submit(data)
        for _ in range(self.delay_blocks + 1):
            self.engine.advance()
        receipt = self.engine.receipt(ticket)
        return receipt.problem if isinstance(receipt, Refused) else None

    def read(self):
        """Give a connection to tables that have caught up."""
        catch_up(self.engine, self.database, [WatchProjection()], self.blobs)
        return self.database.connect()

    def rebuild(self):
        """Drop the tables, so that the next reading begins at block 1."""
        drop(self.database, [WatchProjection()])
