"""The network engine: a CometBFT node orders, its application commits to the store, and this engine follows that store.

The application runs in a process of its own and is the store's one writer. What this engine reads it judges again, block by block, so
the state that it answers from is derived here and held against the app hash that the network agreed on.
"""

from __future__ import annotations

from typing import Protocol

from gongshi.ledger.audit import DivergenceError
from gongshi.ledger.engines.embedded import EmbeddedEngine
from gongshi.ledger.ports import Clock, Store
from gongshi.ledger.records import Block, Pending, Receipt, Refused, Ticket, Verify
from gongshi.ledger.rules import Kinds, apply
from gongshi.ledger.state import found_state
from gongshi.seal.signing import SigningKey
from gongshi.terms.canonical import decode_cbor
from gongshi.terms.digest import compute_digest
from gongshi.terms.instant import Instant
from gongshi.terms.problem import Problem
from gongshi_verifier.merkle import hash_leaf

PAUSES_MAX = 500  # how often `advance` looks for the next block before it leaves the caller to ask again


class Node(Protocol):
    """A CometBFT node as this engine needs it."""

    def broadcast(self, data: bytes) -> tuple[int, bytes, str]:
        """Hand a transaction to the mempool and give CheckTx's (code, data, log)."""
        ...

    def height(self) -> int:
        """Give the height of the node's last block."""
        ...

    def app_hash(self, height: int) -> bytes:
        """Give the app hash in the header at this height: the one after the block before."""
        ...

    def pause(self) -> None:
        """Let a moment pass while the network works."""
        ...


class CometEngine(EmbeddedEngine):
    """Hands entries to the node; reads, proves and signs checkpoints as the embedded engine does."""

    def __init__(
        self, store: Store, kinds: Kinds, clock: Clock, log_key: SigningKey, verify: Verify, node: Node
    ) -> None:
        """Open beside the running application and check that node and store agree; DivergenceError names the height that differs."""
        self._node = node
        self._sent: dict[bytes, int] = {}  # at which height an entry was handed over, until it has its receipt
        self._turned_away: dict[bytes, Problem] = {}
        while True:
            before = _newest(store)
            try:
                super().__init__(store, kinds, clock, log_key, verify)
                break
            except DivergenceError:
                if _newest(store) == before:  # else the application committed between two reads of it
                    raise
        self.check_agreement()

    def check_agreement(self) -> None:
        """Hold the newest header of the node against our block before it: CometBFT's handshake passes a wrong hash at equal height."""
        height = self._node.height()
        if height == 0:
            return
        known = {stored.height: stored.app_hash for stored in self._store.read_blocks(max(height - 1, 1))}
        known[0] = found_state(self._store.genesis()).app_hash()
        ours = known.get(height - 1)
        if ours != self._node.app_hash(height):
            raise DivergenceError(height - 1, "app hash of the network")

    def submit(self, data: bytes) -> Ticket:
        """Hand an entry to the node. What its mempool turns away is refused at once; all else waits for its block."""
        digest = compute_digest(data)
        with self._lock:
            self._catch_up()
            height = self._state.height  # a refusal up to here is an earlier one
        code, told, _ = self._node.broadcast(data)
        with self._lock:
            self._turned_away.pop(digest, None)
            if code:
                problem_code, where, values = decode_cbor(told)
                self._turned_away[digest] = Problem(problem_code, where, values)
            else:
                self._sent.setdefault(digest, height)
        return Ticket(digest)

    def receipt(self, ticket: Ticket) -> Receipt:
        """Give the proof, the refusal, or pending; what a block said counts before what the mempool said."""
        with self._lock:
            found = self._store.result(ticket.digest)  # before catching up, so that its leaf is in the index
            self._catch_up()
            if found is None:
                problem = self._turned_away.get(ticket.digest)
                return Pending(ticket.digest) if problem is None else Refused(ticket.digest, problem)
            if found[1] is None and found[0] <= self._sent.get(ticket.digest, -1):
                return Pending(ticket.digest)  # refused before, handed over again, and not judged again yet
            self._sent.pop(ticket.digest, None)
            return super().receipt(ticket)

    def advance(self) -> None:
        """Wait for the next block while an entry of ours has no receipt, else take what is there."""
        for _ in range(PAUSES_MAX):
            with self._lock:
                if self._catch_up() or not self._sent:
                    return
            self._node.pause()

    def _catch_up(self) -> bool:
        """Judge again what the application has committed since; say whether there was any."""
        before = self._state.height
        for stored in self._store.read_blocks(before + 1):
            block = Block(stored.height, Instant(stored.time), stored.entries)
            applied = apply(self._state, block, self._kinds, self._verify)
            if applied.state.app_hash() != stored.app_hash or stored.height != self._state.height + 1:
                raise DivergenceError(stored.height, "app hash")
            self._state = applied.state
            for leaf in applied.leaves:
                self._index.append(hash_leaf(leaf))
            self._newest = ""
        return self._state.height > before


def _newest(store: Store) -> int:
    return max((stored.height for stored in store.read_blocks(1)), default=0)
