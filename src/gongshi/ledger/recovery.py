"""Opening a store: every hash in it is derived again, and the first place that differs is named. `audit.py` also judges again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from gongshi.ledger.audit import DivergenceError
from gongshi.ledger.log import LogIndex
from gongshi.ledger.records import Genesis, StoredBlock
from gongshi.ledger.state import State, found_state
from gongshi.ledger.tree import Write
from gongshi.terms.canonical import decode_cbor
from gongshi.terms.digest import compute_digest
from gongshi.terms.instant import Instant
from gongshi_verifier.merkle import hash_leaf

Row = tuple[str, str, bytes, int]


def recover(genesis: Genesis, blocks: Iterable[StoredBlock], rows: Iterable[Row], index: LogIndex) -> State:
    """Give the state that a store holds; `index` gains its leaves. DivergenceError names the first place that differs.

    1. blocks follow each other without a gap, and so do their leaves in the log;
    2. each block's leaves hash to the log root that its app hash commits to, its header parses and chains;
    3. the rows of state hash to the last header's roots.
    """
    founded = found_state(genesis)
    state, roots = founded, founded.roots()
    for stored in blocks:
        if stored.height != state.height + 1:  # 1
            raise DivergenceError(state.height + 1, "missing block")
        if stored.first_leaf != state.log.size:
            raise DivergenceError(stored.height, "leaf index")
        log = state.log
        for data in (*stored.entries, *([stored.header] if stored.header else [])):
            leaf = hash_leaf(data)
            log = log.append(leaf)
            index.append(leaf)
        state, roots = _follow(replace(state, log=log), stored, roots)  # 2
    return _rebuild(state, founded, roots, rows)  # 3


def _follow(state: State, stored: StoredBlock, before: dict[str, bytes]) -> tuple[State, dict[str, bytes]]:
    """Check one block against its header, which says height, time, parent and roots; a block without one changed nothing."""
    after, roots = replace(state, height=stored.height, time=Instant(stored.time)), before
    if stored.header:
        roots = _read_header(state, stored)
        after = replace(after, parent=compute_digest(stored.header))
    elif stored.entries:
        raise DivergenceError(stored.height, "header")
    if after.commit_to(roots) != stored.app_hash:
        raise DivergenceError(stored.height, "entries")
    return after, roots


def _read_header(state: State, stored: StoredBlock) -> dict[str, bytes]:
    try:
        _, _, chain, height, time, parent, roots, params = decode_cbor(stored.header)
    except (ValueError, TypeError):
        raise DivergenceError(stored.height, "header") from None
    found = {"chain": chain, "height": height, "time": time, "parent": parent, "parameters": params}
    expected = (state.chain, stored.height, stored.time, state.parent, state.params_digest())
    for (name, value), wanted in zip(found.items(), expected, strict=True):
        if value != wanted:
            raise DivergenceError(stored.height, name)
    if not isinstance(roots, dict) or set(roots) != set(state.trees):
        raise DivergenceError(stored.height, "namespaces")
    return roots


def _rebuild(state: State, founded: State, roots: dict[str, bytes], rows: Iterable[Row]) -> State:
    writes: dict[str, list[Write]] = {name: [] for name in founded.trees}
    for namespace, key, value, amount in rows:
        if namespace not in writes:
            raise DivergenceError(state.height, f"state {namespace}")
        if amount and not founded.trees[namespace].is_sum:  # no root of a plain tree commits to an amount
            raise DivergenceError(state.height, f"state {namespace}")
        writes[namespace].append(Write(key, value, amount))
    trees = {name: founded.trees[name].write(listed) for name, listed in writes.items()}
    for name, tree in trees.items():
        if tree.root() != roots[name]:
            raise DivergenceError(state.height, f"state {name}")
    return replace(state, trees=trees)
