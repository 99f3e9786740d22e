"""The simulated alliance: the product's own machine, projections and flows between a faked disk, mail, clocks and keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from gongshi.flows.alliance_to_ledger import get_parameters
from gongshi.flows.desk import Desk
from gongshi.group.entries import found_committee, open_workitem
from gongshi.group.records import Committee, Member
from gongshi.ledger.codec import sign_entry
from gongshi.ledger.engines.embedded import EmbeddedEngine
from gongshi.ledger.entries import certify_suite_key, grant_mandate
from gongshi.ledger.projection import catch_up
from gongshi.ledger.records import Genesis, LoggedBlock, Op, Pending, Proof, Ticket
from gongshi.ledger.records import Member as Founder
from gongshi.ledger.state import State
from gongshi.terms.instant import ALLIANCE_ZONE, MS_PER_DAY, start_of_day
from gongshi.terms.organisation import Organisation
from gongshi.terms.text import Text
from gongshi.wiring import KINDS, NAMESPACES, get_projections
from gongshi_verifier.ed25519 import check_signature
from tests.sim.faults import Blobs, Clock, Disk, Keys, Mail, PowerLostError, WorldTime, make_key

BEGIN = start_of_day(date(2016, 6, 1))
NAMES = ("institute", "ministry", "payments", "bank", "insurer", "lab", "holding", "consortium", "observer")
ISSUER, OPERATORS = "ministry", ("payments", "bank")
ROLES = {"institute": ["secretariat", "expert"], "ministry": ["supervisor", "expert"], "lab": ["analyst", "expert"]}
COMMITTEE = "white-paper"
KIND_OF = {"ministry": "authority"}
TIERS = {"small": [2_000, 5_000, 10_000], "large": [50_000, 100_000, 500_000]}
PILOT = {"currency": "e-CNY", "issuer": ISSUER, "operators": list(OPERATORS), "quota": 400_000, "utc_offset_min": 480}


@dataclass
class World:
    """All that stands while a seed runs. `rng` is the only chance in it."""

    seed: int
    rng: Random
    names: tuple[str, ...]
    keys: dict[str, Keys]
    disk: Disk
    time: WorldTime
    engine_clock: Clock
    delay: int
    mail: Mail = field(default_factory=Mail)
    blobs: Blobs = field(default_factory=Blobs)
    step: int = 0
    trace: list[str] = field(default_factory=list)
    tickets: dict[bytes, Ticket] = field(default_factory=dict)
    acknowledged: dict[bytes, Proof] = field(default_factory=dict)
    checkpoints: list[str] = field(default_factory=list)
    book: Any = None
    numbers: dict[str, int] = field(default_factory=dict)
    reopenings: int = 0

    def __post_init__(self) -> None:
        self.database = make_database()
        self.clocks = {name: Clock(self.time, self.rng.randint(-3_600_000, 3_600_000)) for name in self.names}
        self.before: State | None = None
        self.open()

    def open(self) -> None:
        """Open the home on what the disk holds: the engine recovers, the desks begin again."""
        log = make_key(self.seed, "log")
        self.engine = EmbeddedEngine(self.disk, KINDS, self.engine_clock, log, check_signature, self.delay)
        self.projections = get_projections()
        self.desks = {
            name: Desk(
                self.engine,
                self.blobs,
                self.database,
                self.projections,
                self.clocks[name],
                {name: lambda name=name: self.keys[name]},
            )
            for name in self.names
        }
        all_keys = {name: lambda name=name: self.keys[name] for name in self.names}
        self.house = Desk(self.engine, self.blobs, self.database, self.projections, self.engine_clock, all_keys)

    def crash(self) -> None:
        """Lose the power: what waited and what was not synced is gone."""
        self.reopenings += 1
        self.tickets.clear()
        self.disk = self.disk.reopened(self.rng)
        self.open()

    def say(self, words: str) -> None:
        self.trace.append(f"{self.step:3d} {words}")

    def send(self, name: str, *ops: Op, mandate: str | None = "", by_root: bool = False) -> bytes:
        """Sign at the organisation's own desk and put the file into the mail."""
        chosen = f"{name}-person" if mandate == "" else mandate
        data = self.desks[name].sign(name, ops, chosen, by_root=by_root)
        self.say(f"{name} signs {', '.join(op.kind for op in ops)}")
        self.mail.post(self.rng, self.step, data)
        return data

    def forge(self, key: Any, sequence: int, *ops: Op, chain: str = "sim", mandate: str | None = None) -> None:
        """Put into the mail what somebody signed with a key of his own choice."""
        data = sign_entry(key, chain, sequence, self.engine.height + 100, ops, mandate)
        self.mail.post(self.rng, self.step, data)

    def work(self) -> None:
        """Let the mail arrive and the engine make a block; the power may go in the middle."""
        for data in self.mail.deliver(self.rng, self.step):
            ticket = self.engine.submit(data)
            self.tickets[bytes(ticket.digest)] = ticket
        self.before = self.engine.state
        try:
            self.engine.advance()
        except PowerLostError:
            self.say("the power goes while a block is written")
            self.crash()
            self.before = None

    def acknowledge(self) -> list[Proof]:
        """Take the receipts that are there; a proof is a promise that later steps hold the ledger to."""
        found = []
        for digest, ticket in list(self.tickets.items()):
            receipt = self.engine.receipt(ticket)
            if isinstance(receipt, Pending):
                continue
            del self.tickets[digest]
            if isinstance(receipt, Proof):
                self.acknowledged[digest] = receipt
                found.append(receipt)
        return found

    def catch_up(self) -> None:
        """Let the projections see the new blocks."""
        catch_up(self.engine, self.database, self.projections, self.blobs)

    def written(self) -> tuple[int, int, int]:
        """Say how much was written, blocks to the ledger and rows to the tables, and how often the power went."""
        connection = self.database.raw_connection()
        try:
            return self.engine.height, connection.driver_connection.total_changes, self.reopenings
        finally:
            connection.close()

    def get(self, namespace: str, key: str) -> Any:
        return self.engine.get(namespace, key)

    def keys_of(self, namespace: str, prefix: str) -> list[str]:
        """Give the names that stand under a prefix in the committed state, in an order that the seed decides."""
        leaves = self.engine.state.trees[namespace].leaves()
        return sorted(leaf.key[len(prefix) :] for leaf in leaves if leaf.key.startswith(prefix))

    def pick(self, items: Sequence[Any]) -> Any:
        return self.rng.choice(list(items)) if items else None

    def next_number(self, family: str) -> int:
        self.numbers[family] = self.numbers.get(family, 0) + 1
        return self.numbers[family]

    def blocks(self, from_height: int = 1) -> list[LoggedBlock]:
        return list(self.engine.blocks(from_height))


def make_database() -> sa.Engine:
    return sa.create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})


def name_of(name: str) -> Text:
    return Text(f"成员 {name}", f"Member {name}")


def make_world(seed: int) -> World:
    """Found an alliance of five to nine organisations."""
    rng = Random(seed)
    names = NAMES[: rng.randint(5, 9)]
    keys = {name: Keys(name, seed) for name in names}
    params = {
        **get_parameters(KINDS, NAMESPACES),
        "group": {"secretariat": "institute", "zone": ALLIANCE_ZONE},
        "pilot": {**PILOT, "tiers": TIERS},
    }
    founders = tuple(
        Founder(
            name, name_of(name).as_json(), KIND_OF.get(name, "member"), name != "observer", keys[name].root_key().public
        )
        for name in names
    )
    time = WorldTime(BEGIN)
    disk = Disk(Genesis("sim", BEGIN, founders, params))
    world = World(seed, rng, names, keys, disk, time, Clock(time, rng.randint(-60_000, 60_000)), rng.randint(0, 3))
    _found(world)
    return world


def _found(world: World) -> None:
    """Keys, mandates, committee and work item; from here on chance decides."""
    until = BEGIN + 400 * MS_PER_DAY
    for name in world.names:
        keys = world.keys[name]
        certificate = certify_suite_key(
            keys.signing_key(), "sim", name, keys.sealing_key().public_key().public_bytes_raw()
        )
        world.house.submit(name, certificate, by_root=True)
    settle(world)
    for name in world.names:
        world.house.submit(name, grant_mandate(f"{name}-person", ROLES.get(name, ["expert"]), until))
    settle(world)
    members = tuple(
        Member(
            Organisation(name, name_of(name), KIND_OF.get(name, "member"), name != "observer"),
            "O" if name == "observer" else "P",
        )
        for name in world.names
    )
    committee = Committee(COMMITTEE, Text("白皮书委员会", "White-paper committee"), "institute", members)
    world.house.submit("institute", found_committee(committee), mandate="institute-person")
    settle(world)
    world.house.submit(
        "institute",
        open_workitem(COMMITTEE, Text("要求", "Requirements"), "as-0", until),
        mandate="institute-person",
    )
    settle(world)


def settle(world: World) -> None:
    for _ in range(world.delay + 1):
        world.engine.advance()
