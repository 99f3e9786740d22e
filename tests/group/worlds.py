"""A small alliance on the pure state machine: signed entries, judged by `apply`, without an engine or a file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from gongshi.group.adapters.rule_folder import load_rules
from gongshi.group.count import count
from gongshi.group.entries import (
    KINDS,
    NAMESPACES,
    cast_vote,
    close_ballot,
    found_committee,
    move_stage,
    open_ballot,
    open_workitem,
    post_draft,
    workitem_id,
)
from gongshi.group.kinds.ballots import rule_from_body, voters_from_body
from gongshi.group.records import Committee, Draft, Member, Stage, Vote, Voter
from gongshi.ledger.codec import sign_entry
from gongshi.ledger.entries import KINDS as LEDGER_KINDS
from gongshi.ledger.entries import certify_key, grant_mandate
from gongshi.ledger.records import Block, Genesis, LoggedBlock, LoggedEntry, Op
from gongshi.ledger.records import Member as Founder
from gongshi.ledger.rules import apply, make_kinds
from gongshi.ledger.state import State, found_state
from gongshi.seal.signing import SigningKey, make_signing_key
from gongshi.terms.clause import Clause
from gongshi.terms.instant import ALLIANCE_ZONE, MS_PER_DAY, end_of_day, start_of_day
from gongshi.terms.organisation import Organisation
from gongshi.terms.text import Text
from gongshi_verifier.ed25519 import check_signature

MEMBERS = ("institute", "ministry", "payments", "bank", "insurer", "lab")
OBSERVER = "central-bank"
BEGIN = start_of_day(date(2016, 6, 1), ALLIANCE_ZONE)
OPENS = start_of_day(date(2016, 6, 10), ALLIANCE_ZONE)
CLOSES = end_of_day(date(2016, 7, 10), ALLIANCE_ZONE)
TITLE = Text("要求与测试", "Requirements and tests")
ITEM = workitem_id(TITLE, "as-1")
ROLES = ["expert", "researcher"]


def name_of(organisation: str) -> Text:
    return Text(f"成员 {organisation}", f"Member {organisation}")


def clause(number: int, words: str = "shall hold") -> Clause:
    title = Text(f"条款{number}", f"Clause {number}")
    return Clause(f"clause-{number:03d}", f"5.{number}", title, Text(f"应满足 {words}", f"It {words}."), number)


def draft(revision: int = 1, words: str = "shall hold") -> Draft:
    return Draft("ledger-requirements", TITLE, revision, (clause(16), clause(20, words), clause(102)))


def committee() -> Committee:
    members = [Member(Organisation(n, name_of(n), "member", voting=True), "P") for n in MEMBERS]
    members.append(Member(Organisation(OBSERVER, name_of(OBSERVER), "member", voting=False), "O"))
    return Committee("white-paper", Text("白皮书委员会", "White-paper committee"), "institute", tuple(members))


def rule(name: str = "alliance-charter"):
    rules = load_rules()
    assert isinstance(rules, dict)
    return rules[name]


def electorate(**marks: tuple[str, ...]) -> tuple[Voter, ...]:
    return tuple(Voter(name, "P", marks.get(name, ())) for name in MEMBERS)


def key_of(organisation: str, purpose: str) -> SigningKey:
    return make_signing_key(hashlib.sha256(f"{organisation}/{purpose}".encode()).digest())


@dataclass
class World:
    state: State
    time: int = BEGIN
    blocks: list[LoggedBlock] = field(default_factory=list)
    leaves: list[bytes] = field(default_factory=list)

    def act(self, organisation: str, *ops: Op, at: int | None = None, mandate: str | None = "", purpose: str = "sign"):
        """Submit one entry in a block of its own and give the code of its refusal, or None."""
        if mandate == "":
            mandate = f"{organisation}-expert"
        self.time = max(self.time + 1, at or 0)
        height = self.state.height + 1
        data = sign_entry(key_of(organisation, purpose), "t", height, height + 10, ops, mandate)
        applied = apply(self.state, Block(height, self.time, (data,)), CODES, verify)
        self.state = applied.state
        self.blocks.append(applied.logged)
        self.leaves += applied.leaves
        problem = applied.results[0].problem
        return None if problem is None else problem.code

    def must(self, organisation: str, *ops: Op, at: int | None = None, mandate: str | None = "") -> LoggedEntry:
        """Submit an entry that is accepted."""
        assert self.act(organisation, *ops, at=at, mandate=mandate) is None
        return self.blocks[-1].entries[0]

    def lead(self, *ops: Op, at: int | None = None):
        """Act as the secretariat."""
        return self.act("institute", *ops, at=at, mandate="institute-secretary")

    @property
    def history(self) -> list[LoggedEntry]:
        return [logged for block in self.blocks for logged in block.entries]

    def get(self, namespace: str, key: str):
        return self.state.get(namespace, key)

    def walk(self, *codes: str, skipped: dict[int, str] | None = None) -> None:
        """Move the work item through stages."""
        for code in codes:
            now = Stage(*self.get("groups", f"item/{ITEM}")["stage"])
            target = Stage(int(code[:2]), int(code[3:]))
            rows = {r: why for r, why in (skipped or {}).items() if now.sub == 99 and now.major < r < target.major}
            assert self.lead(move_stage(ITEM, now, target, "as decided", rows)) is None, code

    def votes(self, ballot: str) -> list[Vote]:
        papers = self.get("ballots", f"ballot/{ballot}")["votes"]
        return [Vote(name, position, tuple(tech), entry=entry) for name, entry, position, tech in papers]

    def close(self, ballot: str, at: int = CLOSES + 1) -> str | None:
        kept = self.get("ballots", f"ballot/{ballot}")
        votes = self.votes(ballot)
        tally = count(rule_from_body(kept["rule"]), voters_from_body(kept["electorate"]), votes)
        return self.lead(close_ballot(ballot, votes, tally), at=at)


CODES = make_kinds(LEDGER_KINDS, KINDS)


def verify(public: bytes, signed: bytes, signature: bytes) -> bool:
    return check_signature(public, signed, signature)


def found() -> World:
    """Genesis, certified keys, mandates; no committee yet."""
    founders = tuple(
        Founder(n, name_of(n).as_json(), "member", n != OBSERVER, key_of(n, "root").public)
        for n in (*MEMBERS, OBSERVER)
    )
    params = {
        "entry_bytes_max": 1 << 20,
        "block_bytes_max": 1 << 22,
        "valid_window_max": 1000,
        "kinds": {f"{name}/{version}": 0 for name, version in CODES},
        "namespaces": {"members": "map", **NAMESPACES},
        "group": {"secretariat": "institute", "zone": ALLIANCE_ZONE},
    }
    world = World(found_state(Genesis("t", BEGIN, founders, params)))
    until = BEGIN + 400 * MS_PER_DAY
    for name in (*MEMBERS, OBSERVER):
        certify = certify_key(key_of(name, "sign").public, hashlib.sha256(name.encode()).digest())
        assert world.act(name, certify, mandate=None, purpose="root") is None
        world.must(name, grant_mandate(f"{name}-expert", ROLES, until), mandate=None)
    world.must("institute", grant_mandate("institute-secretary", ["secretariat"], until), mandate=None)
    return world


def at_work() -> World:
    """A committee, a work item at 00.00."""
    world = found()
    assert world.lead(found_committee(committee())) is None
    assert world.lead(open_workitem("white-paper", TITLE, "as-1", CLOSES + 60 * MS_PER_DAY)) is None
    return world


def at_enquiry() -> World:
    """The item stands at 40.20 with a draft."""
    world = at_work()
    world.must("lab", post_draft(ITEM, draft()))
    world.walk("00.20", "00.60", "00.99", "20.00", skipped={10: "asked for by an assessment"})
    world.walk("20.20", "20.60", "20.99", "40.00", "40.20", skipped={30: "written in the committee"})
    return world


def at_ballot(*, marks: dict[str, tuple[str, ...]] | None = None, name: str = "alliance-charter") -> tuple[World, str]:
    """The ballot is open."""
    world = at_enquiry()
    op = open_ballot(ITEM, draft().digest(), rule(name), electorate(**(marks or {})), OPENS, CLOSES)
    assert world.lead(op) is None
    return world, op.body["ballot"]


def vote_all(world: World, ballot: str, positions: Sequence[str]) -> None:
    """Let the members vote in their order; an empty word stays away."""
    for name, position in zip(MEMBERS, positions, strict=False):
        if position:
            world.must(name, cast_vote(ballot, position), at=OPENS + 1)


def compute_entry_digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
