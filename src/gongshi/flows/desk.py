"""The desk: the ports of one house, held together, so that a flow can submit what rooms have made and wait for receipts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa

from gongshi.ledger.codec import sign_entry
from gongshi.ledger.ports import Blobs, Clock, Engine
from gongshi.ledger.projection import Projection, catch_up
from gongshi.ledger.records import Op, Pending, Proof, Refused, Ticket
from gongshi.ledger.state import MEMBERS
from gongshi.seal.ports import Keyring
from gongshi.seal.signing import SigningKey
from gongshi.terms.evidence import Evidence
from gongshi.terms.instant import Instant
from gongshi.terms.problem import Problem

WINDOW = 500
_PATIENCE = 64


class EntryRefusedError(Exception):
    """The ledger refused an entry that was submitted in good faith; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class NoReceiptError(Exception):
    """The engine gave no receipt while we waited; the entry may still be judged."""

    def __init__(self, ticket: Ticket) -> None:
        super().__init__(ticket.digest.hex())
        self.ticket = ticket


class NoKeysError(Exception):
    """This desk does not hold the keys of the organisation that should sign."""

    def __init__(self, organisation: str) -> None:
        super().__init__(organisation)
        self.organisation = organisation


class Actor(NamedTuple):
    """Who acts: an organisation, and the mandate of the person who acts for it."""

    organisation: str
    mandate: str


@dataclass
class Desk:
    """One house: its engine, blobs, projections and clock, and the key folders that it was started with."""

    engine: Engine
    blobs: Blobs
    database: sa.Engine
    projections: Sequence[Projection]
    clock: Clock
    keyrings: Mapping[str, Callable[[], Keyring]]
    _sequences: dict[bytes, int] = field(default_factory=dict)

    def now(self) -> Instant:
        """Give the instant by the house's clock."""
        return Instant(self.clock.now())

    def keyring(self, organisation: str) -> Keyring:
        """Give the keys of an organisation, if this desk was started with them."""
        if organisation not in self.keyrings:
            raise NoKeysError(organisation)
        return self.keyrings[organisation]()

    def sign(self, organisation: str, ops: Sequence[Op], mandate: str | None = None, *, by_root: bool = False) -> bytes:
        """Sign operations as an organisation; the bytes can be submitted here or carried to another home."""
        keyring = self.keyring(organisation)
        key = keyring.root_key() if by_root else keyring.signing_key()
        until = self.engine.height + WINDOW
        return sign_entry(key, self.engine.chain, self._next_sequence(key), until, ops, mandate)

    def submit(self, organisation: str, *ops: Op, mandate: str | None = None, by_root: bool = False) -> Ticket:
        """Sign and submit; the ticket promises nothing yet."""
        return self.engine.submit(self.sign(organisation, ops, mandate, by_root=by_root))

    def settle(self, *tickets: Ticket) -> list[Proof]:
        """Wait for the receipts and let the projections catch up; EntryRefusedError at the first refusal."""
        proofs = [self._wait(ticket) for ticket in tickets]
        self.catch_up()
        return proofs

    def act(self, organisation: str, *ops: Op, mandate: str | None = None, by_root: bool = False) -> Proof:
        """Sign, submit and wait: one act of a person at the desk."""
        return self.settle(self.submit(organisation, *ops, mandate=mandate, by_root=by_root))[0]

    def catch_up(self) -> int:
        """Feed the projections what they have not seen."""
        return catch_up(self.engine, self.database, self.projections, self.blobs)

    def read(self) -> Any:
        """Open a connection for reading the projections."""
        return self.database.connect()

    def keep_evidence(self, evidence: Evidence) -> bytes:
        """Keep the document as a blob and give its digest, which an entry then signs."""
        return self.blobs.put(evidence.encode())

    def _wait(self, ticket: Ticket) -> Proof:
        for _ in range(_PATIENCE):
            receipt = self.engine.receipt(ticket)
            if isinstance(receipt, Proof):
                return receipt
            if isinstance(receipt, Refused):
                raise EntryRefusedError(receipt.problem)
            assert isinstance(receipt, Pending)
            self.engine.advance()
        raise NoReceiptError(ticket)

    def _next_sequence(self, key: SigningKey) -> int:
        """Give the next sequence of a key: above what is committed and above what is under way from this desk."""
        committed = self.engine.get(MEMBERS, f"seq/{key.id.hex()}") or 0
        self._sequences[key.id] = max(committed, self._sequences.get(key.id, 0)) + 1
        return self._sequences[key.id]
