"""The nouns of the lab: what is tested, how a test is told, what was seen, and how fast it went."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from gongshi.terms.canonical import encode_json
from gongshi.terms.digest import Digest, compute_digest
from gongshi.terms.instant import Instant
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text

if TYPE_CHECKING:
    from gongshi.lab.scene import Scene

Outcome = Literal["pass", "fail", "not_applicable", "notimpl", "never"]
OUTCOMES: tuple[Outcome, ...] = ("fail", "notimpl", "never", "not_applicable", "pass")
MarkKind = Literal["notimpl", "never", "not_applicable"]


@dataclass(frozen=True, slots=True)
class About:
    """What a target says of itself. `versions` and `environment` hold what a result depends on, and no clock."""

    id: str
    name: Text
    kind: str
    versions: Mapping[str, str]
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mark:
    """Why a target is not expected to pass a case: not yet built, never possible, or the clause does not speak of it."""

    kind: MarkKind
    reason: Text


@dataclass(frozen=True, slots=True)
class Account:
    """A wallet on a target: the name that the suite uses, the address by which the ledger knows it, and its tier."""

    name: str
    address: str
    tier: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What a tier may hold and pay at once, in minor units."""

    payment_max: int
    balance_max: int


@dataclass(frozen=True, slots=True)
class Result:
    """The ledger's answer. `code` is one word of `REFUSALS` when refused; `detail` is what the system itself said."""

    accepted: bool
    code: str = ""
    detail: str = ""
    transaction: str = ""
    height: int = -1


# Each target translates its own refusals into these words, so that one suite can ask for the right reason.
REFUSALS = (
    "signature",
    "sender",
    "nonce",
    "replay",
    "balance",
    "limit",
    "issuer",
    "malformed",
    "oversize",
    "tampered",
    "other",
)


@dataclass(frozen=True, slots=True)
class StoredBlock:
    """A block as it is stored: the bytes of its header and of each transaction, to be read by the target's `Reader`."""

    header: bytes
    transactions: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """What a reader finds in header bytes: `hash` is computed from them, `parent` and `root` are written in them.

    `anchor` is what an outsider who trusts this block checks a proof against: the block's hash, or another commitment.
    """

    height: int
    hash: bytes
    parent: bytes
    root: bytes
    anchor: bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """That `leaf` (a transaction's bytes) stands in the ledger; `path` is the ledger's own form of the way up to `header`.

    `header` is the bytes that the anchor commits to: a block's header, or the opening of another commitment.
    """

    leaf: bytes
    path: bytes
    header: bytes


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of an account's history, oldest first; `amount` is signed from the account's side."""

    transaction: str
    height: int
    amount: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a case: what is done and expected, and the act that does it and tells what was wrong."""

    id: str
    text: Text
    act: Callable[[Scene], Problem | None]


@dataclass(frozen=True, slots=True)
class TestCase:
    """The test of one clause, by its number in the catalogue of DLT requirements."""

    __test__ = False  # pytest collects classes by this prefix; this is a noun of the trade

    catalogue: int
    id: str
    purpose: Text
    expected: Text
    steps: tuple[Step, ...]

    def as_json(self) -> dict[str, object]:
        """Give what a suite's digest is made of."""
        return {
            "catalogue": self.catalogue,
            "id": self.id,
            "purpose": self.purpose.as_json(),
            "expected": self.expected.as_json(),
            "steps": [{"id": step.id, "text": step.text.as_json()} for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one case. `step` is the index of the failing step or None; `seen` is what stood there instead."""

    catalogue: int
    case: str
    outcome: Outcome
    step: int | None = None
    seen: Problem | None = None
    reason: Text | None = None
    news: bool = False

    def as_json(self) -> dict[str, object]:
        """Give the form that evidence carries."""
        return {
            "catalogue": self.catalogue,
            "case": self.case,
            "outcome": self.outcome,
            "step": self.step,
            "seen": self.seen.as_json() if self.seen else None,
            "reason": self.reason.as_json() if self.reason else None,
            "news": self.news,
        }


@dataclass(frozen=True, slots=True)
class Run:
    """One suite on one target with one seed; the same target, suite and seed give the same run, byte for byte."""

    suite: Digest
    about: About
    seed: int
    cases: tuple[TestCase, ...]
    verdicts: tuple[Verdict, ...]

    def verdict(self, catalogue: int) -> Verdict | None:
        """Give the verdict on a catalogue number, or None when the suite has no such case."""
        return next((verdict for verdict in self.verdicts if verdict.catalogue == catalogue), None)


@dataclass(frozen=True, slots=True)
class Spread:
    """Samples in the order they were taken, with their median and their interquartile range."""

    samples: tuple[int, ...]
    median: int
    spread: int


@dataclass(frozen=True, slots=True)
class Throughput:
    """Payments a second, times ten: each sample is one closed-loop load of `payments` that were signed beforehand."""

    about: About
    payments: int
    warm_up: int
    rate_tenths: Spread
    load_model: Text
    machine: Mapping[str, str]
    taken: Instant


def suite_digest(cases: tuple[TestCase, ...]) -> Digest:
    """Give the digest of a suite as it is told: a changed step makes the runs that leaned on it suspect."""
    return compute_digest(encode_json([case.as_json() for case in cases]))
