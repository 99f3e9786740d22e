"""The group's small alliance with the paper's kinds beside its own: signed entries on the pure state machine."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from gongshi.group.entries import KINDS as GROUP_KINDS
from gongshi.group.entries import NAMESPACES as GROUP_NAMESPACES
from gongshi.ledger.codec import sign_entry
from gongshi.ledger.entries import KINDS as LEDGER_KINDS
from gongshi.ledger.entries import certify_key, grant_mandate
from gongshi.ledger.log import LogIndex
from gongshi.ledger.records import Block, Genesis, LoggedEntry, Member, Op
from gongshi.ledger.rules import apply, make_kinds
from gongshi.ledger.state import State, found_state
from gongshi.paper.entries import KINDS, NAMESPACES
from gongshi.paper.records import Publication
from gongshi.seal.checkpoints import cosign, log_key, sign_checkpoint, witness_key
from gongshi.seal.signing import make_signing_key
from gongshi.terms.digest import compute_digest
from gongshi.terms.instant import ALLIANCE_ZONE, MS_PER_DAY
from gongshi.terms.text import Text
from gongshi_verifier.ed25519 import check_signature
from gongshi_verifier.merkle import hash_leaf
from gongshi_verifier.note import parse_checkpoint
from gongshi_verifier.policy import make_policy
from tests.group.worlds import key_of, name_of

NAMES = ("institute", "bank", "lab")
BEGIN = 1_783_000_000_000
EVIDENCE = compute_digest(b"evidence")
CODES = make_kinds(LEDGER_KINDS, GROUP_KINDS, KINDS)


@dataclass
class World:
    state: State
    history: list[LoggedEntry] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)

    def act(self, organisation: str, *ops: Op, mandate: str | None = "", purpose: str = "sign") -> str | None:
        """Submit one entry in a block of its own and give the code of its refusal, or None."""
        mandate = f"{organisation}-expert" if mandate == "" else mandate
        height = self.state.height + 1
        data = sign_entry(key_of(organisation, purpose), "t", height, height + 10, ops, mandate)
        applied = apply(self.state, Block(height, BEGIN + height, (data,)), CODES, check_signature)
        self.state = applied.state
        self.history += applied.logged.entries
        self.leaves += applied.leaves
        problem = applied.results[0].problem
        return None if problem is None else problem.code

    def must(self, organisation: str, *ops: Op, mandate: str | None = "") -> LoggedEntry:
        """Submit an entry that is accepted."""
        assert self.act(organisation, *ops, mandate=mandate) is None
        return self.history[-1]

    def get(self, namespace: str, key: str):
        return self.state.get(namespace, key)

    def index(self) -> LogIndex:
        index = LogIndex()
        for leaf in self.leaves:
            index.append(hash_leaf(leaf))
        return index


def found() -> World:
    """Genesis, certified keys, a mandate each, and the secretary's."""
    members = tuple(Member(n, name_of(n).as_json(), "member", True, key_of(n, "root").public) for n in NAMES)
    params = {
        "entry_bytes_max": 1 << 20,
        "block_bytes_max": 1 << 22,
        "valid_window_max": 1000,
        "kinds": {f"{name}/{version}": 0 for name, version in CODES},
        "namespaces": {"members": "map", **GROUP_NAMESPACES, **NAMESPACES},
        "group": {"secretariat": "institute", "zone": ALLIANCE_ZONE},
    }
    world = World(found_state(Genesis("t", BEGIN, members, params)))
    for name in NAMES:
        certify = certify_key(key_of(name, "sign").public, hashlib.sha256(name.encode()).digest())
        assert world.act(name, certify, mandate=None, purpose="root") is None
        world.must(name, grant_mandate(f"{name}-expert", ["expert"], BEGIN + MS_PER_DAY), mandate=None)
    world.must("institute", grant_mandate("institute-secretary", ["secretariat"], BEGIN + MS_PER_DAY), mandate=None)
    return world


def publication(**fields) -> Publication:
    kept = {
        "id": "white-paper",
        "language": "zh",
        "revision": 1,
        "title": Text("白皮书", "White paper"),
        "file": compute_digest(b"pdf"),
        "manifest": compute_digest(b"parts"),
        "evidence": (EVIDENCE,),
        "cutoff": BEGIN,
    }
    return Publication(**{**kept, **fields})


def sign_log(world: World) -> tuple[str, str]:
    """Give a checkpoint of the whole log that every member cosigned, and the policy that a reader holds."""
    index, log = world.index(), make_signing_key(b"l" * 32)
    text = sign_checkpoint("t", index.size, index.root(), log)
    text += "".join(cosign(name, key_of(name, "root"), parse_checkpoint(text), 1_783_000_000) for name in NAMES)
    policy = make_policy(log_key("t", log), {name: witness_key(name, key_of(name, "root")) for name in NAMES}, 2)
    return text, policy
