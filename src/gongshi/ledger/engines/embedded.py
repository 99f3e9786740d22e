"""The embedded engine: one process, one durable store, the same state machine as everywhere else.

`advance` makes a block of what waits: one transaction, one sync, however many entries (group commit). `delay_blocks` holds an
entry back for so many blocks, so that everything above can be rehearsed on an engine that commits late.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any

from gongshi.ledger.codec import decode_entry
from gongshi.ledger.log import LogIndex
from gongshi.ledger.ports import Clock, Store
from gongshi.ledger.records import (
    Block,
    Genesis,
    LoggedBlock,
    LoggedEntry,
    Pending,
    Proof,
    Receipt,
    Refused,
    Result,
    StoredBlock,
    Ticket,
    Verify,
)
from gongshi.ledger.recovery import recover
from gongshi.ledger.rules import Kinds, apply
from gongshi.ledger.state import MEMBERS, State
from gongshi.ledger.tree import StateProof
from gongshi.seal.checkpoints import log_key as make_log_key
from gongshi.seal.checkpoints import sign_checkpoint
from gongshi.seal.signing import SigningKey
from gongshi.terms.canonical import decode_cbor
from gongshi.terms.digest import Digest, compute_digest
from gongshi.terms.instant import Instant
from gongshi.terms.problem import Problem
from gongshi_verifier.merkle import hash_leaf
from gongshi_verifier.note import VerifierKey


class EmbeddedEngine:
    """Orders and commits in this process. Opening it re-derives every hash of the store and refuses one that differs."""

    def __init__(
        self,
        store: Store,
        kinds: Kinds,
        clock: Clock,
        log_key: SigningKey,
        verify: Verify,
        delay_blocks: int = 0,
    ) -> None:
        self._store, self._kinds, self._clock, self._log_key, self._verify = store, kinds, clock, log_key, verify
        self._lock = threading.RLock()
        self._waiting: OrderedDict[Digest, tuple[int, bytes]] = OrderedDict()
        self._delay = delay_blocks
        self._ticks = 0
        self._newest = ""  # the checkpoint at this size, once somebody has asked for it
        self._index = LogIndex()
        self._state = recover(store.genesis(), store.read_blocks(1), store.rows(), self._index)

    @property
    def chain(self) -> str:
        """Give the chain's name."""
        return self._state.chain

    @property
    def genesis(self) -> Genesis:
        """Give what the chain began with."""
        return self._store.genesis()

    @property
    def vkey(self) -> VerifierKey:
        """Give the key by which this log's checkpoints are checked."""
        return make_log_key(self.chain, self._log_key)

    @property
    def height(self) -> int:
        """Give the height of the last block."""
        return self._state.height

    @property
    def state(self) -> State:
        """Give the last committed state, an immutable value."""
        return self._state

    def submit(self, data: bytes) -> Ticket:
        """Take a signed entry. The same bytes twice are one ticket."""
        digest = compute_digest(data)
        with self._lock:
            self._waiting.setdefault(digest, (self._ticks + self._delay, data))
        return Ticket(digest)

    def advance(self) -> None:
        """Make a block of what waits, as much as a block may hold."""
        with self._lock:
            self._ticks += 1
            entries = self._take()
            if not entries:
                return
            time = Instant(max(self._clock.now(), self._state.time + 1))
            block = Block(self._state.height + 1, time, tuple(entries.values()))
            applied = apply(self._state, block, self._kinds, self._verify)
            self._store.commit(block, applied)
            self._state = applied.state
            for leaf in applied.leaves:
                self._index.append(hash_leaf(leaf))
            self._newest = ""
            for digest in entries:
                del self._waiting[digest]

    def receipt(self, ticket: Ticket) -> Receipt:
        """Give the proof under the newest checkpoint, the refusal, or pending."""
        with self._lock:
            found = self._store.result(ticket.digest)
            height, leaf, problem = found or (0, None, b"")
            if leaf is not None:
                return Proof(ticket.digest, height, leaf, self.prove_leaf(leaf), self.checkpoint())
            if found is None or ticket.digest in self._waiting:  # a refused entry may come again and be judged anew
                return Pending(ticket.digest)
            return Refused(ticket.digest, _decode_problem(problem))

    def blocks(self, from_height: int) -> Iterator[LoggedBlock]:
        """Give the blocks from a height on."""
        for stored in self._store.read_blocks(from_height):
            yield self._logged(stored)

    def get(self, namespace: str, key: str) -> Any:
        """Give a key's value in the last committed state."""
        return self._state.get(namespace, key)

    def prove(self, namespace: str, key: str) -> StateProof:
        """Prove a key's value or absence in the last committed state."""
        return self._state.trees[namespace].prove(key)

    def prove_leaf(self, leaf: int) -> tuple[bytes, ...]:
        """Give the inclusion path of a leaf under the newest checkpoint."""
        with self._lock:
            return self._index.prove_inclusion(leaf, self._index.size)

    def prove_growth(self, old_size: int) -> tuple[bytes, ...]:
        """Give the consistency path from an earlier size to the newest checkpoint."""
        with self._lock:
            return self._index.prove_consistency(old_size, self._index.size)

    def checkpoint(self) -> str:
        """Give the newest checkpoint, signed by the log."""
        with self._lock:  # between two leaves of a block there is nothing to sign
            if not self._newest:
                self._newest = sign_checkpoint(self.chain, self._index.size, self._index.root(), self._log_key)
            return self._newest

    def _take(self) -> OrderedDict[Digest, bytes]:
        """Give what is due, up to the size of a block; what was judged before is dropped, for it has its receipt."""
        limit, size = self._state.params["block_bytes_max"], 0
        taken: OrderedDict[Digest, bytes] = OrderedDict()
        for digest, (due, data) in list(self._waiting.items()):
            if due >= self._ticks:
                continue
            result = self._store.result(digest)
            if result is not None and result[1] is not None:
                del self._waiting[digest]
                continue
            if taken and size + len(data) > limit:
                break
            taken[digest] = data
            size += len(data)
        return taken

    def _logged(self, stored: StoredBlock) -> LoggedBlock:
        entries = []
        for place, data in enumerate(stored.entries):
            entry = decode_entry(data, len(data))
            assert not isinstance(entry, Problem), "a committed entry decodes"
            owner = self._state.get(MEMBERS, f"key/{entry.key_id.hex()}")["org"]
            entries.append(LoggedEntry(stored.height, Instant(stored.time), stored.first_leaf + place, owner, entry))
        refused = tuple(
            Result(Digest(digest), None, _decode_problem(problem))
            for digest, problem in self._store.refusals(stored.height)
        )
        return LoggedBlock(stored.height, Instant(stored.time), stored.header, stored.app_hash, tuple(entries), refused)


def _decode_problem(data: bytes) -> Problem:
    code, where, values = decode_cbor(data)
    return Problem(code, where, values)
