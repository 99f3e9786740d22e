"""What the lab asks of the outside: a system under test as a small finite machine, a reader of its bytes, a stopwatch.

The embedded ledger and a real Ethereum virtual machine both stand behind `Target`; the suites know nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from gongshi.lab.records import About, Account, Header, Limits, Mark, Movement, Proof, Result, StoredBlock

# How `prepare` spoils a payment: `signature` flips a bit of it; `nonce` takes one that was used; `payload` changes the
# amount after signing; `sender` signs with another account's key; `malleable` gives the signature's other algebraic form.
Tamper = Literal["none", "signature", "nonce", "payload", "sender", "malleable"]


class LabError(Exception):
    """The world failed the lab: `reason` is one word, `target` the system's id, `detail` what it said."""

    def __init__(self, reason: str, target: str, detail: str = "") -> None:
        super().__init__(f"{target}: {reason} {detail}".rstrip())
        self.reason = reason
        self.target = target
        self.detail = detail


class NotOfferedError(Exception):
    """The target has no such ability; a `Mark` has to say why. `ability` is the method's name."""

    def __init__(self, ability: str) -> None:
        super().__init__(ability)
        self.ability = ability


class Reader(Protocol):
    """Reads a ledger's stored form from bytes alone: no store, no node, so what it finds can be found by anybody."""

    def read_header(self, header: bytes) -> Header:
        """Give what stands in header bytes, and the hash computed from them; ValueError when they are none."""
        ...

    def compute_root(self, chain: Sequence[StoredBlock]) -> bytes:
        """Recompute, from the blocks from genesis up to the last one given, the root that the last one commits to."""
        ...

    def check_proof(self, proof: Proof, anchor: bytes) -> bool:
        """Ask whether the proof shows its leaf under that anchor."""
        ...


class Target(Protocol):
    """A ledger with the digital-currency contract on it, as a finite machine; empty and funded with nothing at `open`."""

    @property
    def about(self) -> About:
        """What the target is."""
        ...

    @property
    def marks(self) -> Mapping[int, Mark]:
        """By catalogue number: why a case is not expected to pass here."""
        ...

    @property
    def reader(self) -> Reader:
        """The offline reader of this ledger's bytes."""
        ...

    def open(self, seed: int) -> None:
        """Start an empty ledger; keys and times follow from the seed."""
        ...

    def close(self) -> None:
        """Stop and remove what `open` made; closing twice is allowed."""
        ...

    def create_account(self, name: str, tier: int) -> Account:
        """Make a key and a wallet of a tier (1 is the widest, 3 the narrowest), able to transact."""
        ...

    def limits(self, tier: int) -> Limits:
        """Give a tier's limits."""
        ...

    def issue(self, payee: Account, amount: int, by: Account | None = None) -> Result:
        """Issue new money to a wallet, signed by the issuer or, when `by` is given, by that account."""
        ...

    def prepare(self, payer: Account, payee: Account, amount: int, tamper: Tamper = "none") -> bytes:
        """Sign a payment with the payer's next nonce and give its bytes; nothing is sent."""
        ...

    def prepare_batch(self, payer: Account, legs: Sequence[tuple[Account, int]]) -> bytes:
        """Sign one transaction that pays every leg or none."""
        ...

    def submit(self, data: bytes) -> Result:
        """Send any bytes and wait until they are final or refused."""
        ...

    def balance(self, account: Account) -> int:
        """Give a wallet's balance in minor units."""
        ...

    def total_supply(self) -> int:
        """Give what the ledger says has been issued and not redeemed."""
        ...

    def state_root(self) -> bytes:
        """Give the commitment to the application's whole state."""
        ...

    def height(self) -> int:
        """Give the height of the last block; genesis is block 0."""
        ...

    def block(self, height: int) -> StoredBlock:
        """Give a block as it is stored; KeyError when there is none."""
        ...

    def find(self, transaction: str) -> tuple[int, bytes]:
        """Give the height and bytes of a committed transaction by its id; KeyError when there is none."""
        ...

    def history(self, account: Account) -> tuple[Movement, ...]:
        """Give all movements of a wallet, oldest first."""
        ...

    def prove(self, transaction: str) -> Proof:
        """Give the inclusion proof of a committed transaction."""
        ...

    def stored_size_bytes(self) -> int:
        """Give how many bytes the ledger keeps in its store."""
        ...

    def flip_stored_byte(self, position: int) -> None:
        """Stop the ledger and invert all bits of one stored byte; doing it twice restores it."""
        ...

    def reopen(self) -> Result:
        """Start from the store; refused with `tampered` when the start finds it changed."""
        ...

    def audit(self) -> Result:
        """Check the whole store; refused with `tampered` when the audit finds it changed."""
        ...


class Loaded(Protocol):
    """A target that can also be loaded: payments are signed beforehand and committed in one closed loop."""

    @property
    def about(self) -> About:
        """What the target is."""
        ...

    def open(self, seed: int) -> None:
        """Start an empty ledger."""
        ...

    def close(self) -> None:
        """Stop it."""
        ...

    def prepare_load(self, payments: int) -> object:
        """Sign that many payments between funded wallets; untimed."""
        ...

    def commit_load(self, load: object) -> int:
        """Commit the load and give how many payments succeeded; this is what is timed."""
        ...


class Stopwatch(Protocol):
    """A clock that only runs forward."""

    def __call__(self) -> int:
        """Give nanoseconds since some fixed moment."""
        ...
