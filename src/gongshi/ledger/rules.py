"""The state machine: one pure function from a state and a block to the next state. No clock, no file, no chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gongshi.ledger.codec import decode_entry
from gongshi.ledger.records import At, Block, CheckSignature, Entry, LoggedBlock, LoggedEntry, Result, Verify
from gongshi.ledger.state import MEMBERS, Draft, State
from gongshi.terms.digest import Digest, compute_digest
from gongshi.terms.problem import Problem
from gongshi_verifier.merkle import hash_leaf
from gongshi_verifier.suites import ED25519

Judgement = Callable[[Any, Draft, At], Problem | None]


@dataclass(frozen=True, slots=True)
class Kind:
    """An entry kind at a version, judged by that version's own code. `purpose` is the key that signs it: `sign` or `root`."""

    name: str
    version: int
    judge: Judgement
    purpose: str = "sign"


Kinds = Mapping[tuple[str, int], Kind]


@dataclass(frozen=True)
class Applied:
    """What a block did: the next state, a result per entry, the leaves that the log gained, and the writes."""

    state: State
    results: tuple[Result, ...]
    leaves: tuple[bytes, ...]
    logged: LoggedBlock
    writes: Mapping[tuple[str, str], tuple[Any, int] | None]


def make_kinds(*groups: tuple[Kind, ...]) -> Kinds:
    """Register the kinds that the rooms offer; the same name and version twice is our own mistake."""
    kinds = {(kind.name, kind.version): kind for group in groups for kind in group}
    assert len(kinds) == sum(len(group) for group in groups), "an entry kind is registered once"
    return kinds


def apply(state: State, block: Block, kinds: Kinds, verify: Verify) -> Applied:
    """Apply a block: judge each entry in order, keep what is accepted, commit to the result.

    1. each entry is decoded, its signer found, its signature checked, its operations judged on the draft;
    2. the writes of the accepted ones go into the trees, each dirty node hashed once;
    3. the log gains the accepted entries and then the block's header. A block without an accepted entry changes nothing.
    """
    assert block.height > state.height
    assert block.time > state.time
    draft = Draft(state)
    checks = verify if isinstance(verify, Mapping) else {ED25519: verify}
    log, results, logged, leaves = state.log, [], [], []
    for data in block.entries:  # 1
        judged = _judge(draft, data, block, state.chain, kinds, checks)
        if isinstance(judged, Problem):
            draft.drop()
            results.append(Result(compute_digest(data), None, judged))
            continue
        draft.keep()
        entry, organisation = judged
        results.append(Result(entry.digest, log.size, None))
        logged.append(LoggedEntry(block.height, block.time, log.size, organisation, entry))
        leaves.append(data)
        log = log.append(hash_leaf(data))
    after = replace(state, height=block.height, time=block.time)
    header = b""
    if leaves:
        after = after.write(draft.writes)  # 2
        header = after.header()  # 3
        leaves.append(header)
        after = replace(after, log=log.append(hash_leaf(header)), parent=compute_digest(header))
    refused = tuple(result for result in results if result.problem is not None)
    view = LoggedBlock(block.height, block.time, header, after.app_hash(), tuple(logged), refused)
    return Applied(after, tuple(results), tuple(leaves), view, draft.writes if leaves else {})


def _judge(
    draft: Draft, data: bytes, block: Block, chain: str, kinds: Kinds, checks: Mapping[str, CheckSignature]
) -> tuple[Entry, str] | Problem:
    """Judge one entry, the cheap refusals first: bytes, chain, expiry, signer, sequence, signature, then each operation."""
    entry = decode_entry(data, draft.params["entry_bytes_max"])
    if isinstance(entry, Problem):
        return entry
    where = entry.digest.hex()[:16]
    problem = _check_validity(entry, draft, block, chain, where)
    if problem is not None:
        return problem
    key = draft.get(MEMBERS, f"key/{entry.key_id.hex()}")
    problem = _check_signer(entry, key, draft, block, where)
    if problem is not None:
        return problem
    certified = key.get("suite", ED25519)  # what version 1 certified, and every root, is Ed25519
    if entry.suite != certified:
        return Problem("ledger.entry.suite", where, {"suite": entry.suite, "certified": certified})
    assert certified in checks, "a ledger checks every suite whose keys it lets in, or it would part from the others"
    if not checks[certified](key["public"], entry.signed, entry.signature):
        return Problem("ledger.entry.signature", where, {"organisation": key["org"]})
    at = At(
        block.height, block.time, chain, key["org"], entry.key_id, key["purpose"], entry.mandate, Digest(entry.digest)
    )
    for place, op in enumerate(entry.ops):
        problem = _check_kind(kinds.get((op.kind, op.version)), op.kind, op.version, draft, at, where)
        if problem is None:
            problem = kinds[op.kind, op.version].judge(op.body, draft, at)
        if problem is not None:
            return replace(problem, where=problem.where or f"{where}/{place}")
    draft.put(MEMBERS, f"seq/{entry.key_id.hex()}", entry.sequence)
    return entry, key["org"]


def _check_validity(entry: Entry, draft: Draft, block: Block, chain: str, where: str) -> Problem | None:
    if entry.chain != chain:
        return Problem("ledger.entry.other_chain", where, {"chain": entry.chain})
    if entry.valid_until < block.height:
        return Problem("ledger.entry.expired", where, {"valid_until": entry.valid_until, "height": block.height})
    window = draft.params["valid_window_max"]
    if entry.valid_until > block.height + window:
        return Problem("ledger.entry.window", where, {"valid_until": entry.valid_until, "limit": window})
    return None


def _check_signer(entry: Entry, key: Any, draft: Draft, block: Block, where: str) -> Problem | None:
    if key is None:
        return Problem("ledger.key.unknown", where, {"key": entry.key_id.hex()})
    if block.height < key["from"]:
        return Problem("ledger.key.not_yet", where, {"key": entry.key_id.hex(), "from": key["from"]})
    if key["until"] is not None and block.height >= key["until"]:
        return Problem("ledger.key.revoked", where, {"key": entry.key_id.hex(), "until": key["until"]})
    last = draft.get(MEMBERS, f"seq/{entry.key_id.hex()}") or 0
    if entry.sequence <= last:
        return Problem("ledger.entry.sequence", where, {"sequence": entry.sequence, "last": last})
    if entry.mandate is not None:
        return _check_mandate(entry.mandate, key["org"], draft, block, where)
    return None


def _check_mandate(mandate: str, organisation: str, draft: Draft, block: Block, where: str) -> Problem | None:
    record = draft.get(MEMBERS, f"mandate/{mandate}")
    if record is None or record["org"] != organisation:
        return Problem("ledger.mandate.unknown", where, {"mandate": mandate, "organisation": organisation})
    if block.time > record["until"]:
        return Problem("ledger.mandate.ended", where, {"mandate": mandate})
    return None


def _check_kind(kind: Kind | None, name: str, version: int, draft: Draft, at: At, where: str) -> Problem | None:
    values = {"kind": name, "version": version}
    if kind is None:
        return Problem("ledger.kind.unknown", where, values)
    activation = draft.params["kinds"].get(f"{name}/{version}")
    if activation is None or at.height < activation:
        return Problem("ledger.kind.inactive", where, values)
    if kind.purpose != at.purpose:
        return Problem("ledger.key.purpose", where, {**values, "purpose": at.purpose})
    return None
