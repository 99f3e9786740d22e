"""A pure ledger for supervision: two authorities, a member without the role, a company that gave itself the role."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from gongshi.ledger.codec import sign_entry
from gongshi.ledger.entries import KINDS as LEDGER_KINDS
from gongshi.ledger.entries import NAMESPACES as LEDGER_NAMESPACES
from gongshi.ledger.entries import certify_key, grant_mandate
from gongshi.ledger.records import Block, Genesis, LoggedBlock, Member, Op
from gongshi.ledger.rules import apply, make_kinds
from gongshi.ledger.state import found_state
from gongshi.seal.signing import SigningKey, make_signing_key
from gongshi.supervision.entries import KINDS, NAMESPACES
from gongshi.terms.problem import Problem
from gongshi_verifier.ed25519 import check_signature

CHAIN = "supervision.test"
BEGIN = 1_790_000_000_000
MINISTRY, BANK, LAB, COMPANY = "ministry", "central-bank", "lab", "company"
MEMBERS = (MINISTRY, BANK, LAB, COMPANY)
"""The first two may supervise."""


def key_of(name: str, purpose: str) -> SigningKey:
    return make_signing_key(hashlib.sha256(f"{name}/{purpose}".encode()).digest())


@dataclass
class Ledger:
    """The pure state machine, one entry a block."""

    blocks: list[LoggedBlock] = field(default_factory=list)

    def __post_init__(self) -> None:
        members = tuple(
            Member(
                name,
                {"zh": name, "en": name},
                "company" if name == COMPANY else "authority",
                voting=True,
                root=key_of(name, "root").public,
            )
            for name in MEMBERS
        )
        kinds = {f"{kind.name}/{kind.version}": 1 for kind in (*LEDGER_KINDS, *KINDS)}
        limits = {"entry_bytes_max": 1 << 16, "block_bytes_max": 1 << 20, "valid_window_max": 100}
        params = {**limits, "kinds": kinds, "namespaces": {**LEDGER_NAMESPACES, **NAMESPACES}}
        self.state = found_state(Genesis(CHAIN, BEGIN, members, params))
        for name in MEMBERS:
            certify = certify_key(key_of(name, "sign").public, hashlib.sha256(name.encode()).digest())
            assert self.act(name, certify, mandate=None, purpose="root") is None
            role = "researcher" if name == LAB else "supervisor"
            grant = grant_mandate(f"{name}-{role}", [role], BEGIN + 10**12)
            assert self.act(name, grant, mandate=None) is None

    def act(self, organisation: str, *ops: Op, mandate: str | None = "", purpose: str = "sign") -> Problem | None:
        """Submit an entry; give the problem for which it was refused, without the place that the ledger adds."""
        height = self.state.height + 1
        if mandate == "":
            mandate = f"{organisation}-{'researcher' if organisation == LAB else 'supervisor'}"
        data = sign_entry(key_of(organisation, purpose), CHAIN, height, height + 10, ops, mandate)
        kinds = make_kinds(LEDGER_KINDS, KINDS)
        applied = apply(self.state, Block(height, BEGIN + height, (data,)), kinds, check_signature)
        self.state = applied.state
        self.blocks.append(applied.logged)
        problem = applied.results[0].problem
        return None if problem is None else replace(problem, where="")
