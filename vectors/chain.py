"""Chain 1: one entry of every kind, accepted at least once, and refusals that leave no trace; keys from fixed test seeds."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from gongshi.flows.alliance_to_ledger import get_parameters
from gongshi.group import entries as group
from gongshi.group.adapters.rule_folder import load_rules
from gongshi.group.count import count
from gongshi.group.kinds.ballots import rule_from_body, voters_from_body
from gongshi.group.records import Committee, Milestone, Stage, Vote, Voter
from gongshi.group.records import Draft as Text_
from gongshi.group.records import Member as Seat
from gongshi.ledger.codec import sign_entry
from gongshi.ledger.entries import certify_key, end_mandate, grant_mandate, revoke_key
from gongshi.ledger.records import Block, Genesis, Member, Op
from gongshi.ledger.rules import Applied, apply
from gongshi.ledger.state import encode_genesis, found_state
from gongshi.pilots import entries as pilots
from gongshi.pilots.records import Declared, Payment
from gongshi.seal.envelope import Sealed
from gongshi.seal.signing import SigningKey, key_id, make_signing_key
from gongshi.supervision.entries import record_alerts, record_comparison
from gongshi.terms.clause import Clause
from gongshi.terms.digest import Digest, compute_digest
from gongshi.terms.instant import MS_PER_DAY, Instant, end_of_day, start_of_day
from gongshi.terms.organisation import Organisation
from gongshi.terms.text import Text
from gongshi.terms.transfer import transfer_id
from gongshi.watch.records import Assessment
from gongshi.wiring import KINDS, NAMESPACES
from gongshi_verifier.ed25519 import check_signature

CHAIN = "vectors.gongshi/chain-1"
MEMBERS = ("institute", "ministry", "bank", "payments", "central-bank")
BEGIN = start_of_day(date(2016, 6, 1))
OPENS, CLOSES = start_of_day(date(2016, 6, 10)), end_of_day(date(2016, 7, 10))
UNTIL = BEGIN + 400 * MS_PER_DAY
TITLE = Text("要求与测试", "Requirements and tests")
ITEM = group.workitem_id(TITLE, "as-1")


def seed_of(name: str) -> bytes:
    """Give a test key's seed; `name` is ORGANISATION/root or ORGANISATION/sign."""
    return hashlib.sha256(f"gongshi vectors {name}".encode()).digest()


def key_of(organisation: str, purpose: str) -> SigningKey:
    """Give a test key."""
    return make_signing_key(seed_of(f"{organisation}/{purpose}"))


def digest_of(word: str) -> Digest:
    """Give the digest of a document that the vectors need not hold."""
    return compute_digest(word.encode())


def name_of(organisation: str) -> Text:
    """Give a member's name."""
    return Text(f"成员 {organisation}", f"Member {organisation}")


def kind_of(organisation: str) -> str:
    """Give a member's kind."""
    return {"ministry": "authority", "central-bank": "central_bank"}.get(organisation, "member")


def make_genesis() -> Genesis:
    """Give the genesis with every kind active from the first block."""
    params = get_parameters(KINDS, NAMESPACES)
    params["group"] = {"secretariat": "institute", "zone": "Asia/Shanghai"}
    params["pilot"] = {
        "currency": "e-CNY",
        "issuer": "central-bank",
        "operators": ["bank", "payments"],
        "quota": 10**12,
        "utc_offset_min": 480,
        "tiers": {"full": [10**6, 10**7, 10**9], "small": [2_000, 5_000, 10_000]},
    }
    members = tuple(
        Member(name, name_of(name).as_json(), kind_of(name), name != "central-bank", key_of(name, "root").public)
        for name in MEMBERS
    )
    return Genesis(CHAIN, BEGIN, members, params)


@dataclass
class Machine:
    """The pure machine with what it did so far; every block is written down as the vectors hold it."""

    genesis: Genesis = field(default_factory=make_genesis)
    blocks: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.state = found_state(self.genesis)
        self.sequence = 0

    def sign(
        self, organisation: str, *ops: Op, mandate: str | None = None, purpose: str = "sign", until: int = 1
    ) -> bytes:
        """Sign an entry for the next block."""
        self.sequence += 1
        height = self.state.height + until
        return sign_entry(key_of(organisation, purpose), CHAIN, self.sequence, height, ops, mandate)

    def block(self, *entries: bytes, time: int = 0) -> Applied:
        """Apply a block and write it down."""
        block = Block(self.state.height + 1, Instant(max(self.state.time + 1000, time)), entries)
        applied = apply(self.state, block, KINDS, check_signature)
        self.state = applied.state
        self.blocks.append(
            {
                "height": block.height,
                "time": block.time,
                "entries": [data.hex() for data in entries],
                "results": [
                    {"leaf": result.leaf} if result.problem is None else {"refused": result.problem.code}
                    for result in applied.results
                ],
                "header": applied.logged.header.hex(),
                "log_size": applied.state.log.size,
                "log_root": applied.state.log.root().hex(),
                "roots": {name: root.hex() for name, root in sorted(applied.state.roots().items())},
                "app_hash": applied.logged.app_hash.hex(),
            }
        )
        return applied

    def must(self, organisation: str, *ops: Op, mandate: str | None = None, time: int = 0) -> None:
        """Make a block of one entry that is accepted."""
        (result,) = self.block(self.sign(organisation, *ops, mandate=mandate), time=time).results
        assert result.problem is None, result.problem

    def lead(self, *ops: Op, time: int = 0) -> None:
        """Act as the secretariat."""
        self.must("institute", *ops, mandate="institute-secretary", time=time)


def make_chain() -> dict[str, Any]:
    """Give chain 1."""
    machine = Machine()
    _found(machine)
    _watch(machine)
    _work(machine)
    _pilot(machine)
    _supervise(machine)
    _exchange(machine)
    _decide(machine)
    _refuse(machine)
    _leave(machine)
    return {
        "chain": CHAIN,
        "genesis": encode_genesis(machine.genesis).hex(),
        "seeds": {
            f"{name}/{purpose}": seed_of(f"{name}/{purpose}").hex() for name in MEMBERS for purpose in ("root", "sign")
        },
        "kinds": sorted(f"{name}/{version}" for name, version in KINDS),
        "blocks": machine.blocks,
    }


def _found(machine: Machine) -> None:
    certified = [
        machine.sign(name, certify_key(key_of(name, "sign").public, digest_of(f"{name}/seal")), purpose="root")
        for name in MEMBERS
    ]
    machine.block(*certified)
    roles = {
        "institute-secretary": ["secretariat"],
        "institute-analyst": ["analyst"],
        "ministry-supervisor": ["supervisor"],
    }
    roles |= {f"{name}-expert": ["expert", "researcher"] for name in MEMBERS}
    machine.block(
        *[
            machine.sign(mandate.removesuffix("-" + mandate.split("-")[-1]), grant_mandate(mandate, granted, UNTIL))
            for mandate, granted in roles.items()
        ]
    )


def _watch(machine: Machine) -> None:
    document = digest_of("batch")
    machine.must(
        "institute",
        Op("watch.signals", 1, {"source": "feed", "raw": digest_of("raw"), "count": 2, "document": document}),
    )
    body = Assessment("consensus", "adopt", "high", Text("采用", "Adopt."), TITLE, ("sg-1",), rehearsal=True).as_json()
    body["cited"] = [{"signal": "sg-1", "batch": document}]
    machine.must("institute", Op("watch.assessment", 1, body), mandate="institute-analyst")
    exposed = {"ledger": "embedded", "inventory": digest_of("inventory"), "advisories": [digest_of("advisories")]}
    machine.must(
        "bank", Op("watch.exposures", 1, {**exposed, "records": 3, "modules": 2, "document": digest_of("list")})
    )


def _clause(number: int, words: str = "shall hold") -> Clause:
    title = Text(f"条款{number}", f"Clause {number}")
    return Clause(f"clause-{number:03d}", f"5.{number}", title, Text(f"应满足 {words}", f"It {words}."), number)


def _draft() -> Text_:
    return Text_("ledger-requirements", TITLE, 1, (_clause(16), _clause(20), _clause(102)))


def _work(machine: Machine) -> None:
    seats = tuple(
        Seat(
            Organisation(name, name_of(name), kind_of(name), voting=name != "central-bank"),
            "P" if name != "central-bank" else "O",
        )
        for name in MEMBERS
    )
    committee = Committee("white-paper", Text("白皮书委员会", "White-paper committee"), "institute", seats)
    machine.lead(group.found_committee(committee, Text("演练", "rehearsal")))
    machine.lead(group.open_workitem("white-paper", TITLE, "as-1", Instant(CLOSES + 60 * MS_PER_DAY)))
    summit = Milestone("summit", ITEM, "summit", Text("峰会", "Summit"), date(2016, 9, 1), is_done=False)
    machine.lead(group.set_milestone(summit))
    evidence, draft = digest_of("evidence"), _draft()
    machine.must("bank", group.sign_evidence(evidence, "lab.conformance", [_clause(16).digest()]))
    machine.must("bank", group.post_draft(ITEM, draft), mandate="bank-expert")
    machine.must("bank", group.attach_evidence(draft.id, draft.digest(), [evidence]), mandate="bank-expert")
    said = Text("措辞不清", "The wording is not clear.")
    op = group.post_comment("payments", draft.id, "clause-016", _clause(16).digest(), "ed", said)
    machine.must("payments", op, mandate="payments-expert")
    comment = op.body["comment"]
    machine.lead(group.resolve_comment(comment, "rejected", Text("已有定义", "It is defined.")))
    machine.must("payments", group.reply_to_resolution(comment, "satisfied"), mandate="payments-expert")
    _walk(machine, "00.20", "00.60", "00.99", "20.00", skipped={10: "asked for by an assessment"})
    _walk(machine, "20.20", "20.60", "20.99", "40.00", "40.20", skipped={30: "written in the committee"})


def _walk(machine: Machine, *codes: str, skipped: dict[int, str]) -> None:
    for code in codes:
        now = Stage(*machine.state.get("groups", f"item/{ITEM}")["stage"])
        target = Stage(int(code[:2]), int(code[3:]))
        rows = {row: why for row, why in skipped.items() if now.sub == 99 and now.major < row < target.major}
        machine.lead(group.move_stage(ITEM, now, target, Text("如所议", "as decided"), rows))


def _pilot(machine: Machine) -> None:
    now = machine.state.time
    machine.must("central-bank", pilots.post_rates("HKD", digest_of("rates")))
    machine.must("central-bank", pilots.issue("bank", 500_000), pilots.issue("payments", 300_000))
    machine.must("bank", pilots.open_wallets([("a", "full"), ("b", "small")]))
    machine.must("payments", pilots.open_wallets([("c", "full")]))
    machine.must("bank", pilots.fund_wallets([(transfer_id("bank", "fund", 1), "a", 100_000)]))
    paid = [
        Payment(transfer_id("bank", "pay", 1), "a", "b", 1_500, "pay", now),
        Payment(transfer_id("bank", "pay", 2), "a", "c", 20_000, "pay", now),
        Payment(transfer_id("bank", "pay", 3), "b", "c", 500, "pay", now),
    ]
    machine.must("bank", pilots.pay(paid))
    leg = Declared(transfer_id("payments", "declare", 1), "pool-hk", "c-hk", 7_000, "HKD", "HK", now, "declared")
    machine.must("payments", pilots.declare([leg]))
    machine.must("payments", pilots.declare_customers(digest_of("customers"), 2))
    machine.must("bank", pilots.freeze("b", "order-7"))
    frozen = Payment(transfer_id("bank", "pay", 4), "b", "c", 1, "pay", now)
    machine.block(machine.sign("bank", pilots.pay([frozen])))
    machine.must("ministry", pilots.freeze("b", "order-8"), mandate="ministry-supervisor")
    machine.must("bank", pilots.unfreeze("b", "order-7"))
    machine.block(machine.sign("bank", pilots.pay([frozen])))
    machine.must("ministry", pilots.unfreeze("b", "order-8"), mandate="ministry-supervisor")
    machine.must("bank", pilots.pay([replace(frozen, amount=2)]))
    machine.must("payments", pilots.redeem(50_000))


def _supervise(machine: Machine) -> None:
    columns, options = digest_of("columns"), [digest_of("option-1"), digest_of("option-2")]
    for number, option in enumerate(options, 1):
        op = record_alerts(
            f"option-{number}", option, columns, machine.state.height, number, digest_of(f"batch-{number}")
        )
        machine.must("ministry", op, mandate="ministry-supervisor")
    op = record_comparison(columns, digest_of("manifest"), options, digest_of("comparison"))
    machine.must("ministry", op, mandate="ministry-supervisor")


def _exchange(machine: Machine) -> None:
    sealed = Sealed(b"", digest_of("envelope"), digest_of("commitment"))
    purpose = Text("事件通报", "Incident note")
    machine.must("payments", group.send_envelope(sealed, ["bank", "ministry"], purpose, "TLP:AMBER", Instant(UNTIL)))
    machine.must("bank", group.hold_envelope(sealed.digest))


def _decide(machine: Machine) -> None:
    rules = load_rules()
    assert isinstance(rules, dict)
    voters = [Voter(name, "P", ("drafter",) if name == "bank" else ()) for name in MEMBERS[:-1]]
    op = group.open_ballot(ITEM, _draft().digest(), rules["alliance-charter"], voters, OPENS, CLOSES)
    machine.lead(op)
    ballot = op.body["ballot"]
    for name, position in (
        ("institute", "approve"),
        ("ministry", "abstain"),
        ("bank", "approve"),
        ("payments", "disapprove"),
    ):
        machine.must(name, group.cast_vote(ballot, position), mandate=f"{name}-expert", time=OPENS + 1)
    machine.must("payments", group.cast_vote(ballot, "approve_with_comments"), mandate="payments-expert")
    kept = machine.state.get("ballots", f"ballot/{ballot}")
    votes = [Vote(name, position, tuple(technical), entry=entry) for name, entry, position, technical in kept["votes"]]
    tally = count(rule_from_body(kept["rule"]), voters_from_body(kept["electorate"]), votes)
    machine.lead(group.close_ballot(ballot, votes, tally), time=CLOSES + 1)
    published = {
        "id": "white-paper",
        "language": "en",
        "revision": 1,
        "title": TITLE.as_json(),
        "file": digest_of("file"),
        "manifest": digest_of("manifest"),
        "evidence": [digest_of("evidence")],
        "cutoff": BEGIN,
    }
    machine.lead(Op("paper.publication", 1, published))


def _refuse(machine: Machine) -> None:
    """Two blocks: one in which an accepted entry stands between refused ones, and one in which nothing is accepted."""
    now = machine.state.time
    over = machine.sign("bank", pilots.pay([Payment(transfer_id("bank", "pay", 9), "b", "c", 10_000, "pay", now)]))
    half = machine.sign("bank", pilots.issue("bank", 1), pilots.redeem(1))
    good = machine.sign("payments", pilots.redeem(7))
    bent = good[:-1] + bytes([good[-1] ^ 1])
    machine.block(over, half, bent, good, good)
    foreign = sign_entry(key_of("bank", "sign"), "another.test", 999, machine.state.height + 1, [pilots.redeem(1)])
    stranger = sign_entry(key_of("nobody", "sign"), CHAIN, 1, machine.state.height + 1, [pilots.redeem(1)])
    unknown = machine.sign("bank", Op("pilots.gift", 1, {}))
    late = machine.sign("bank", pilots.redeem(1), until=0)
    far = machine.sign("bank", pilots.redeem(1), until=5000)
    by_root = machine.sign("bank", pilots.redeem(1), purpose="root")
    machine.block(b"", b"\xff", foreign, stranger, unknown, late, far, by_root)


def _leave(machine: Machine) -> None:
    machine.must("bank", end_mandate("bank-expert"))
    key = key_id(key_of("payments", "sign").public)
    (result,) = machine.block(machine.sign("payments", revoke_key(key, 0), purpose="root")).results
    assert result.problem is None
    machine.block(machine.sign("payments", pilots.redeem(1)))


def kinds_accepted(document: dict[str, Any]) -> set[str]:
    """Give the kinds of which the chain holds an accepted entry."""
    from gongshi_verifier.entry import parse_entry

    found: set[str] = set()
    for block in document["blocks"]:
        accepted: Sequence[bytes] = [
            bytes.fromhex(data)
            for data, result in zip(block["entries"], block["results"], strict=True)
            if "leaf" in result
        ]
        found |= {f"{kind}/{version}" for data in accepted for kind, version, _ in parse_entry(data).ops}
    return found
