"""What holds after every step. Each function gives None, or in a few words what it found instead."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from gongshi.flows.checkpoints import cosigned, make_policy
from gongshi.flows.group_decisions import bundle
from gongshi.group.queries import compute_tally, get_ballots
from gongshi.ledger.projection import Projection, catch_up
from gongshi.ledger.records import Block, LoggedEntry
from gongshi.ledger.rules import apply
from gongshi.pilots.entries import CURRENCY, MONEY, PILOT
from gongshi.terms.canonical import encode_cbor
from gongshi.terms.digest import compute_digest
from gongshi.wiring import KINDS, get_projections
from gongshi_verifier.ed25519 import check_signature
from gongshi_verifier.merkle import check_consistency, check_inclusion, hash_leaf
from gongshi_verifier.note import check_log_signature, parse_checkpoint
from gongshi_verifier.state import check_total
from gongshi_verifier.suites import ED25519, SUITES, compute_key_id, possession_bytes
from gongshi_verifier.verify import verify_file
from tests.sim.world import TIERS, World, make_database

Invariant = Callable[[World], str | None]


@dataclass
class Key:
    organisation: str
    public: bytes
    purpose: str
    since: int
    until: int | None = None
    last: int = 0


@dataclass
class Book:
    """What an outsider keeps who reads the accepted entries only: keys, sequences, money. Written apart from the judgements."""

    height: int = 0
    keys: dict[bytes, Key] = field(default_factory=dict)
    digests: set[bytes] = field(default_factory=set)
    leaves: dict[int, bytes] = field(default_factory=dict)
    reserves: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    wallets: dict[str, int] = field(default_factory=dict)
    tiers: dict[str, str] = field(default_factory=dict)
    paid: set[bytes] = field(default_factory=set)
    rows: dict[str, int] = field(default_factory=lambda: defaultdict(int))


def nothing_acknowledged_is_missing(world: World) -> str | None:
    """Every entry for which a proof was given stands at its leaf, and the proof leads to the checkpoint that came with it."""
    fresh = world.acknowledge()
    for proof in fresh:
        checkpoint = parse_checkpoint(proof.checkpoint)
        data = _read(world, proof.height).get(proof.leaf)
        if data is None or not check_log_signature(checkpoint, world.engine.vkey):
            return f"leaf {proof.leaf} was acknowledged and is not in block {proof.height}"
        if not check_inclusion(hash_leaf(data), proof.leaf, checkpoint.size, proof.path, checkpoint.root):
            return f"the proof of leaf {proof.leaf} does not hold"
    ahead = [proof.height for proof in world.acknowledged.values() if proof.height > world.engine.height]
    if ahead:
        return f"block {min(ahead)} was acknowledged, the ledger ends at {world.engine.height}"
    return None


def everything_acknowledged_is_still_there(world: World) -> str | None:
    """The same over all promises, against every byte that the disk holds."""
    leaves = {
        stored.first_leaf + place: compute_digest(data)
        for stored in world.disk.read_blocks(1)
        for place, data in enumerate(stored.entries)
    }
    for digest, proof in world.acknowledged.items():
        if leaves.get(proof.leaf) != digest:
            return f"leaf {proof.leaf} was acknowledged and is gone"
    return None


def log_grows_consistently(world: World) -> str | None:
    """Each checkpoint extends those before it; the last and one drawn by the seed are asked, at the end all."""
    text = world.engine.checkpoint()
    now = parse_checkpoint(text)
    earlier = world.checkpoints[-1:] + ([world.pick(world.checkpoints)] if world.checkpoints else [])
    for old in map(parse_checkpoint, earlier):
        if old.size > now.size:
            return f"the log shrank from {old.size} to {now.size}"
        path = world.engine.prove_growth(old.size)
        if not check_consistency(old.size, old.root, now.size, now.root, path):
            return f"size {now.size} does not extend size {old.size}"
    if not world.checkpoints or world.checkpoints[-1] != text:
        world.checkpoints.append(text)
    return None


def refused_entries_changed_nothing(world: World) -> str | None:
    """A block leads to the state to which its accepted entries alone lead."""
    before, after = world.before, world.engine.state
    if before is None or after.height != before.height + 1:
        return None
    (block,) = world.engine.blocks(after.height)
    if not block.refused:
        return None
    entries = tuple(logged.entry.data for logged in block.entries)
    alone = apply(before, Block(block.height, block.time, entries), KINDS, lambda *_: True)
    if alone.state.app_hash() != after.app_hash() or alone.state.roots() != after.roots():
        return f"block {block.height} differs from its accepted entries alone"
    return None


def supply_is_conserved(world: World) -> str | None:
    """What was issued and not redeemed is what the leaves hold, and the sum tree's root opens to it."""
    state = world.engine.state
    tree = state.trees[MONEY]
    issued = state.get(PILOT, f"issued/{CURRENCY}") or 0
    held = sum(leaf.amount for leaf in tree.leaves())
    if issued != held or not check_total(tree.top_hash(), issued, tree.root()):
        return f"issued {issued}, held {held}"
    return None


def nobody_gets_in(world: World) -> str | None:
    """Every accepted entry is signed by a key that its organisation's root certified and has not revoked, once, in order."""
    book: Book = world.book or Book(keys=_roots(world))
    if world.engine.height < book.height:
        book = Book(keys=_roots(world))
    world.book = book
    for block in world.engine.blocks(book.height + 1):
        for logged in block.entries:
            problem = _check_entry(book, logged) or _enter(book, logged)
            if problem is not None:
                return problem
        book.height = block.height
    return None


def money_follows_the_book(world: World) -> str | None:
    """Balances are what an outsider adds up from the accepted entries."""
    book, state = world.book, world.engine.state
    held = {leaf.key: leaf.amount for leaf in state.trees[MONEY].leaves()}
    expected = {f"reserve/{name}": amount for name, amount in book.reserves.items()}
    expected |= {f"wallet/{name}": amount for name, amount in book.wallets.items()}
    for place in sorted(held.keys() | expected.keys()):
        if held.get(place, 0) != expected.get(place, 0):
            return f"{place} holds {held.get(place, 0)} and should hold {expected.get(place, 0)}"
    return None


def disk_holds_the_state(world: World) -> str | None:
    """The rows on the disk are the leaves of the trees."""
    on_disk = {(namespace, key): (value, amount) for namespace, key, value, amount in world.disk.rows()}
    founded = {("members", f"org/{name}") for name in world.names}
    founded |= {("members", f"key/{keys.root_key().id.hex()}") for keys in world.keys.values()}
    for namespace, tree in world.engine.state.trees.items():
        for leaf in tree.leaves():
            place = (namespace, leaf.key)
            if on_disk.pop(place, None) != (leaf.value, leaf.amount) and place not in founded:
                return f"{namespace} {leaf.key} is not on the disk"
    return f"{min(on_disk)} is on the disk and not in the state" if on_disk else None


def projections_equal_their_rebuild(world: World) -> str | None:
    """Tables that were fed block by block, dropped, and interrupted are those that one reading of all blocks gives."""
    projections = get_projections()
    _forget_all(_REBUILT, projections)
    catch_up(world.engine, _REBUILT, projections, world.blobs)
    for name in _names(projections):
        if _rows(world.database, name) != _rows(_REBUILT, name):
            return f"table {name} differs from its rebuild"
    return None


def projections_tell_what_was_accepted(world: World) -> str | None:
    """An outsider's number of papers, comments, payments and receipts is the tables' number."""
    with world.database.connect() as connection:
        for table, expected in sorted(world.book.rows.items()):
            found = connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one()
            if found != expected:
                return f"table {table} has {found} rows and should have {expected}"
    return None


def count_equals_recount(world: World) -> str | None:
    """A ballot's count is the verifier's, over the bundle that a stranger would get, under the policy that is published."""
    with world.database.connect() as connection:
        closed = [ballot for ballot in get_ballots(connection) if ballot.tally is not None]
    if not closed:
        return None
    checkpoint, policy = cosigned(world.house), make_policy(world.house)
    for ballot in closed:
        data = bundle(world.house, ballot.id, checkpoint)
        if not isinstance(data, bytes):
            return f"no bundle of {ballot.id}: {data.code}"
        report = verify_file(data, policy_text=policy)
        if not (report.ok and report.pinned):
            return f"{ballot.id}: {', '.join(finding.code for finding in report.findings)}"
        stated, counted = compute_tally(ballot).as_body(), ballot.tally.as_body()
        if encode_cbor(stated) != encode_cbor(counted):
            return f"{ballot.id} was closed with another count than that of its papers"
    return None


EACH_STEP: tuple[Invariant, ...] = (
    nothing_acknowledged_is_missing,
    log_grows_consistently,
    refused_entries_changed_nothing,
    nobody_gets_in,
    supply_is_conserved,
    money_follows_the_book,
)
EACH_CHANGE: tuple[Invariant, ...] = (
    everything_acknowledged_is_still_there,
    disk_holds_the_state,
    projections_equal_their_rebuild,
    projections_tell_what_was_accepted,
    count_equals_recount,
)
"""After each step that wrote a block or a row, or lost its power; where nothing was written there is nothing to compare again."""


def _read(world: World, height: int) -> dict[int, bytes]:
    block = next(world.engine.blocks(height), None)
    entries = () if block is None or block.height != height else block.entries
    return {logged.leaf: logged.entry.data for logged in entries}


def _roots(world: World) -> dict[bytes, Key]:
    publics = {name: keys.root_key().public for name, keys in world.keys.items()}
    return {compute_key_id(public): Key(name, public, "root", 0) for name, public in publics.items()}


def _check_entry(book: Book, logged: LoggedEntry) -> str | None:
    entry, where = logged.entry, f"leaf {logged.leaf}"
    key = book.keys.get(entry.key_id)
    if key is None:
        return f"{where}: accepted from a key that nobody certified"
    conditions = {
        "a key that is not of the organisation": key.organisation == logged.organisation,
        "a key before its time": logged.height >= key.since,
        "a revoked key": key.until is None or logged.height < key.until,
        "a sequence that does not rise": entry.sequence > key.last,
        "an entry of another chain": entry.chain == "sim",
        "an expired entry": entry.valid_until >= logged.height,
        "an entry accepted before": logged.entry.digest not in book.digests,
        "a signature that does not hold": check_signature(key.public, logged.entry.signed, logged.entry.signature),
        "a key of another purpose": all(_purpose(op.kind) == key.purpose for op in entry.ops),
    }
    key.last = entry.sequence
    book.digests.add(logged.entry.digest)
    return next((f"{where}: {what}" for what, holds in conditions.items() if not holds), None)


def _purpose(kind: str) -> str:
    return "root" if kind in ("ledger.key.certify", "ledger.key.revoke") else "sign"


def _enter(book: Book, logged: LoggedEntry) -> str | None:
    for op in logged.entry.ops:
        if op.kind in _TABLES:
            table, size = _TABLES[op.kind]
            book.rows[table] += size(op.body)
        if op.kind in _POSTINGS:
            problem = _POSTINGS[op.kind](book, logged, op.body)
            if problem is not None:
                return f"leaf {logged.leaf}: {problem}"
    return None


def _on_certify(book: Book, logged: LoggedEntry, body: Any) -> str | None:
    since, suite = max(body["from"], logged.height), body.get("suite", ED25519)
    book.keys[compute_key_id(body["public"], suite)] = Key(logged.organisation, body["public"], "sign", since)
    statement = possession_bytes("sim", logged.organisation, suite, body["public"])
    if "possession" in body and not SUITES[suite].check_signature(body["public"], statement, body["possession"]):
        return "certified a key that it does not hold"
    return None


def _on_revoke(book: Book, logged: LoggedEntry, body: Any) -> str | None:
    key = book.keys[body["key"]]
    until = max(body["from"], logged.height + 1)
    if key.organisation != logged.organisation:
        return "revoked the key of another"
    key.until = until if key.until is None else min(key.until, until)
    return None


def _on_issue(book: Book, logged: LoggedEntry, body: Any) -> str | None:
    book.reserves[body["operator"]] += body["amount"]
    return None if logged.organisation == "ministry" else "issued by somebody else"


def _on_redeem(book: Book, logged: LoggedEntry, body: Any) -> str | None:
    book.reserves[logged.organisation] -= body["amount"]
    return None if book.reserves[logged.organisation] >= 0 else "redeemed more than there was"


def _on_wallets(book: Book, _logged: LoggedEntry, body: Any) -> str | None:
    for name, tier in body["rows"]:
        if name in book.wallets:
            return f"wallet {name} opened twice"
        book.wallets[name], book.tiers[name] = 0, tier
    return None


def _on_fund(book: Book, logged: LoggedEntry, body: Any) -> str | None:
    for name, wallet, amount in body["rows"]:
        if name in book.paid:
            return "funded twice under one id"
        book.paid.add(name)
        if wallet not in book.wallets:
            return "funded a wallet that nobody opened"
        book.reserves[logged.organisation] -= amount
        book.wallets[wallet] += amount
    return None if book.reserves[logged.organisation] >= 0 else "funded more than there was"


def _on_pay(book: Book, logged: LoggedEntry, body: Any) -> str | None:
    for name, payer, payee, amount, _, at in body["rows"]:
        if name in book.paid:
            return "paid twice under one id"
        book.paid.add(name)
        if payer not in book.wallets or payee not in book.wallets:
            return "paid by or to a wallet that nobody opened"
        book.wallets[payer] -= amount
        book.wallets[payee] += amount
        if book.wallets[payer] < 0:
            return f"{payer} paid more than it had"
        if amount > TIERS[book.tiers[payer]][0] or book.wallets[payee] > TIERS[book.tiers[payee]][2]:
            return f"{payer} paid over a limit"
        if at > logged.time:
            return "paid in the future"
    return None


_POSTINGS: dict[str, Callable[[Book, LoggedEntry, Any], str | None]] = {
    "ledger.key.certify": _on_certify,
    "ledger.key.revoke": _on_revoke,
    "pilots.issue": _on_issue,
    "pilots.redeem": _on_redeem,
    "pilots.wallets.open": _on_wallets,
    "pilots.fund": _on_fund,
    "pilots.pay": _on_pay,
}
_TABLES: dict[str, tuple[str, Callable[[Any], int]]] = {
    "group.vote.cast": ("group_vote", lambda _: 1),
    "group.comment.post": ("group_comment", lambda _: 1),
    "group.draft.post": ("group_draft", lambda _: 1),
    "group.exchange.held": ("group_held", lambda _: 1),
    "pilots.pay": ("pilots_payment", lambda body: len(body["rows"])),
    "pilots.wallets.open": ("pilots_wallet", lambda body: len(body["rows"])),
}


_REBUILT = make_database()
"""Where every rebuild is made: emptied before each, so that its tables and statements are compiled once."""


def _forget_all(database: sa.Engine, projections: Sequence[Projection]) -> None:
    with database.begin() as connection:
        known = set(sa.inspect(connection).get_table_names())
        for name in known & {*_names(projections), "projection"}:
            connection.exec_driver_sql(
                f"DELETE FROM {name}" if name != "projection" else "UPDATE projection SET height = 0"
            )


def _names(projections: Sequence[Projection]) -> list[str]:
    return sorted(name for projection in projections for name in projection.metadata.tables)


def _rows(database: sa.Engine, table: str) -> list[tuple[Any, ...]]:
    with database.connect() as connection:
        return sorted((tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table}")), key=repr)
