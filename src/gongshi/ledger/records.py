"""The ledger's nouns: operations, entries, blocks, results, receipts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gongshi.terms.digest import Digest
from gongshi.terms.instant import Instant
from gongshi.terms.problem import Problem
from gongshi_verifier.suites import ED25519

ENTRY_VERSION = 1
ENTRY_TYPE = "application/vnd.gongshi.entry+cbor"


@dataclass(frozen=True, slots=True)
class Op:
    """One instruction: a kind's name and version, and a body that the kind's judgement reads."""

    kind: str
    version: int
    body: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """1..N operations under one member's signature: the transaction, accepted whole or refused whole.

    `sequence` rises with every entry of a key; `valid_until` is the last height at which the entry may be judged;
    `mandate` is the pseudonym under which a person acted, or None for an organisation's own program; `suite` is the one
    whose algorithm the header names.
    """

    chain: str
    key_id: bytes
    sequence: int
    valid_until: int
    mandate: str | None
    ops: tuple[Op, ...]
    digest: Digest
    signed: bytes
    signature: bytes
    data: bytes
    suite: str = ED25519


@dataclass(frozen=True, slots=True)
class Block:
    """All that `apply` may see: nothing else enters a judgement."""

    height: int
    time: Instant
    entries: tuple[bytes, ...]
    proposer: str = "embedded"


@dataclass(frozen=True, slots=True)
class At:
    """Where and by whom an operation is judged. `organisation` owns the key; `purpose` is `root` or `sign`."""

    height: int
    time: Instant
    chain: str
    organisation: str
    key_id: bytes
    purpose: str
    mandate: str | None
    entry: Digest


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an entry: its leaf in the log, or the problem for which it was refused."""

    digest: Digest
    leaf: int | None
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """An accepted entry as projections read it."""

    height: int
    time: Instant
    leaf: int
    organisation: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class LoggedBlock:
    """A committed block as projections read it: accepted entries in order, and the refusals."""

    height: int
    time: Instant
    header: bytes
    app_hash: bytes
    entries: tuple[LoggedEntry, ...]
    refused: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a submitter holds until the receipt: the entry's digest. It promises nothing yet."""

    digest: Digest


@dataclass(frozen=True, slots=True)
class Proof:
    """An accepted entry's place: durable, and provable offline with the checkpoint's text."""

    digest: Digest
    height: int
    leaf: int
    path: tuple[bytes, ...]
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The entry was judged and refused; the problem's code says why."""

    digest: Digest
    problem: Problem


@dataclass(frozen=True, slots=True)
class Pending:
    """No judgement yet."""

    digest: Digest


Receipt = Proof | Refused | Pending


@dataclass(frozen=True, slots=True)
class Member:
    """A founding member as the genesis document carries it."""

    id: str
    name: Mapping[str, str]
    kind: str
    voting: bool
    root: bytes


@dataclass(frozen=True)
class Genesis:
    """What the chain begins with: its name, time, members with their roots, and the governed parameters.

    `params` holds limits (`entry_bytes_max`, `block_bytes_max`, `valid_window_max`), `kinds` (`name/version` → activation
    height), `namespaces` (name → `map` or `sum`), and what the rooms govern (`pilot`, `group`, …).
    """

    chain: str
    time: Instant
    members: tuple[Member, ...]
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredBlock:
    """A block as a store keeps it: the accepted entries in order, and the header that follows them in the log."""

    height: int
    time: int
    header: bytes
    app_hash: bytes
    first_leaf: int
    entries: tuple[bytes, ...]


# Public key, signed bytes, signature: does it hold? One for each suite; one alone is Ed25519's, and such a ledger knows no other.
CheckSignature = Callable[[bytes, bytes, bytes], bool]
Verify = CheckSignature | Mapping[str, CheckSignature]
