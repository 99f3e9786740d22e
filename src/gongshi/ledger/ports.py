"""What the ledger asks of the outside world, and what the house asks of an engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from gongshi.ledger.records import Block, Genesis, LoggedBlock, Receipt, StoredBlock, Ticket
from gongshi.ledger.rules import Applied
from gongshi.ledger.tree import StateProof
from gongshi.terms.digest import Digest
from gongshi_verifier.note import VerifierKey


class Engine(Protocol):
    """What orders blocks. Whoever submits waits for the receipt; whoever reads follows `blocks`."""

    @property
    def chain(self) -> str:
        """Give the chain's name."""
        ...

    @property
    def genesis(self) -> Genesis:
        """Give what the chain began with."""
        ...

    @property
    def vkey(self) -> VerifierKey:
        """Give the key by which this log's checkpoints are checked."""
        ...

    @property
    def height(self) -> int:
        """Give the height of the last block."""
        ...

    def submit(self, data: bytes) -> Ticket:
        """Take a signed entry; the ticket promises nothing yet."""
        ...

    def receipt(self, ticket: Ticket) -> Receipt:
        """Give the entry's proof, its refusal, or pending."""
        ...

    def blocks(self, from_height: int) -> Iterator[LoggedBlock]:
        """Give the blocks from a height on, in order."""
        ...

    def advance(self) -> None:
        """Let the engine work: the embedded one makes a block of what waits, a network one waits for its next block."""
        ...

    def get(self, namespace: str, key: str) -> Any:
        """Give a key's value in the last committed state."""
        ...

    def prove(self, namespace: str, key: str) -> StateProof:
        """Prove a key's value or absence in the last committed state."""
        ...

    def checkpoint(self) -> str:
        """Give the newest checkpoint, signed by the log."""
        ...

    def prove_leaf(self, leaf: int) -> tuple[bytes, ...]:
        """Give the inclusion path of a leaf under the newest checkpoint."""
        ...

    def prove_growth(self, old_size: int) -> tuple[bytes, ...]:
        """Give the consistency path from an earlier size to the newest checkpoint."""
        ...


class Store(Protocol):
    """Keeps blocks and state; `commit` is one durable transaction."""

    def genesis(self) -> Genesis:
        """Give what the chain begins with."""
        ...

    def rows(self) -> Iterator[tuple[str, str, bytes, int]]:
        """Give the rows of state: namespace, key, value, amount."""
        ...

    def commit(self, block: Block, applied: Applied) -> None:
        """Keep a block, its writes and its app hash: all of it, durably, or nothing."""
        ...

    def result(self, digest: Digest) -> tuple[int, int | None, bytes] | None:
        """Give (height, leaf, b"") of an accepted entry, (height, None, problem) of a refused one, or None."""
        ...

    def read_blocks(self, from_height: int) -> Iterator[StoredBlock]:
        """Give the blocks from a height on, in order."""
        ...

    def refusals(self, height: int) -> list[tuple[bytes, bytes]]:
        """Give (digest, encoded problem) of the entries that a block refused."""
        ...


class Blobs(Protocol):
    """Bulky or confidential bytes, kept off the ledger under their digest."""

    def put(self, data: bytes) -> Digest:
        """Keep the bytes durably and give their digest."""
        ...

    def get(self, digest: bytes) -> bytes | None:
        """Give the bytes of a digest, or None when they are not here."""
        ...


class Clock(Protocol):
    """The one clock of the house."""

    def now(self) -> int:
        """Give UTC milliseconds."""
        ...
