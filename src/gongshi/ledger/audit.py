"""The audit: every entry is judged again from genesis, and all that comes out is held against what a store holds.

Opening a store re-derives its hashes; the audit also repeats every judgement and every signature check. It needs the store and
the registered kinds, and no key.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from gongshi.ledger.ports import Store
from gongshi.ledger.records import Block, StoredBlock, Verify
from gongshi.ledger.rules import Applied, Kinds, apply
from gongshi.ledger.state import State, found_state
from gongshi.terms.instant import Instant


class DivergenceError(Exception):
    """The store does not hold together: `height` is the first block that differs, `what` names in which respect."""

    def __init__(self, height: int, what: str) -> None:
        super().__init__(f"height {height}: {what}")
        self.height = height
        self.what = what


class Audited(NamedTuple):
    """What was judged again: blocks, entries, and the hash that all of it comes to."""

    height: int
    entries: int
    app_hash: bytes


def audit(store: Store, kinds: Kinds, verify: Verify, on_block: Callable[[int], None] = lambda _: None) -> Audited:
    """Replay a store; DivergenceError names the first block, entry or namespace that differs."""
    state = founded = found_state(store.genesis())
    entries, app_hash = 0, bytes(founded.app_hash())
    for stored in store.read_blocks(1):
        if stored.height != state.height + 1:
            raise DivergenceError(state.height + 1, "missing block")
        if stored.time <= state.time:
            raise DivergenceError(stored.height, "time")
        block = Block(stored.height, Instant(stored.time), stored.entries)
        applied = apply(state, block, kinds, verify)
        _compare(applied, stored, store)
        state, entries, app_hash = applied.state, entries + len(stored.entries), stored.app_hash
        on_block(len(stored.entries))
    # Rows that stand as the genesis founded them are not stored.
    expected = _leaves(state) - _leaves(founded)
    for namespace, *_ in sorted(expected ^ set(store.rows()), key=lambda row: row[:2]):
        raise DivergenceError(state.height, f"state {namespace}")
    return Audited(state.height, entries, app_hash)


def _compare(applied: Applied, stored: StoredBlock, store: Store) -> None:
    if applied.logged.app_hash != stored.app_hash or applied.logged.header != stored.header:
        raise DivergenceError(stored.height, "app hash")
    for result in applied.results:
        if store.result(result.digest) != (stored.height, result.leaf, b""):
            raise DivergenceError(stored.height, f"entry {result.digest.hex()[:16]}")


def _leaves(state: State) -> set[tuple[str, str, bytes, int]]:
    return {(name, leaf.key, leaf.value, leaf.amount) for name, tree in state.trees.items() for leaf in tree.leaves()}
