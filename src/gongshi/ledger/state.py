"""The state of the machine as one immutable value, and the draft on which a block's judgements write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import cbor2

from gongshi.ledger.log import CompactRange
from gongshi.ledger.records import Genesis
from gongshi.ledger.tree import Tree, Write
from gongshi.seal.signing import key_id
from gongshi.terms.canonical import decode_cbor, encode_cbor
from gongshi.terms.digest import Digest, compute_digest
from gongshi.terms.instant import Instant

COMMITMENT_VERSION = 1
HEADER_NAME = "gongshi/header"
MEMBERS = "members"

Writes = Mapping[tuple[str, str], tuple[Any, int] | None]


@dataclass(frozen=True)
class State:
    """Everything that `apply` knows: the log's frontier, a tree per namespace, the governed parameters."""

    chain: str
    height: int
    time: Instant
    parent: Digest
    log: CompactRange
    trees: Mapping[str, Tree]
    params: Mapping[str, Any]
    # (the parameters, their digest): a block replaces the parameters or leaves the very same mapping, so identity decides
    _digest: list[tuple[Mapping[str, Any], Digest]] = field(default_factory=list, repr=False, compare=False)

    def roots(self) -> dict[str, bytes]:
        """Give the root of each namespace."""
        return {name: tree.root() for name, tree in self.trees.items()}

    def app_hash(self) -> Digest:
        """Give the commitment: SHA-256 over version, log size, log root, namespace roots, digest of the parameters.

        Height and time are left out, so that a block without entries does not move it.
        """
        return self.commit_to(self.roots())

    def commit_to(self, roots: Mapping[str, bytes]) -> Digest:
        """Give the commitment that these namespace roots would have."""
        content = [COMMITMENT_VERSION, self.log.size, self.log.root(), dict(roots), self.params_digest()]
        return compute_digest(encode_cbor(content))

    def params_digest(self) -> Digest:
        """Give the digest of the parameters, computed once for a mapping: states that follow each other share it."""
        known = self._digest[-1] if self._digest else None
        if known is None or known[0] is not self.params:
            known = (self.params, compute_digest(encode_cbor(self.params)))
            self._digest[:] = [known]
        return known[1]

    def get(self, namespace: str, key: str) -> Any:
        """Give a key's decoded value, or None."""
        leaf = self.trees[namespace].get(key)
        return None if leaf is None else cbor2.loads(leaf.value)

    def amount(self, namespace: str, key: str) -> int:
        """Give a key's amount in a sum tree, 0 where there is none."""
        leaf = self.trees[namespace].get(key)
        return 0 if leaf is None else leaf.amount

    def write(self, writes: Writes) -> State:
        """Give the state after the writes."""
        by_namespace: dict[str, list[Write]] = {}
        for (namespace, key), item in writes.items():
            value, amount = (None, 0) if item is None else (encode_cbor(item[0]), item[1])
            by_namespace.setdefault(namespace, []).append(Write(key, value, amount))
        trees = dict(self.trees)
        for namespace, listed in by_namespace.items():
            trees[namespace] = trees[namespace].write(listed)
        return replace(self, trees=trees)

    def header(self) -> bytes:
        """Give the block's header: the leaf that follows its entries, so that a checkpoint also commits to the state."""
        return encode_cbor(
            [
                HEADER_NAME,
                COMMITMENT_VERSION,
                self.chain,
                self.height,
                self.time,
                self.parent,
                self.roots(),
                self.params_digest(),
            ]
        )


def read_roots(header: bytes) -> dict[str, bytes]:
    """Give the namespace roots that a block's header commits to."""
    roots = decode_cbor(header)[6]
    return dict(roots)


class Draft:
    """A block's writes in the making. What an entry wrote counts once it is kept; a refused entry leaves no trace.

    Values are never changed in place: a judgement puts a new one.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._read: dict[tuple[str, str], tuple[Any, int] | None] = {}  # looked up in the trees once a block
        self._kept: dict[tuple[str, str], tuple[Any, int] | None] = {}
        self._entry: dict[tuple[str, str], tuple[Any, int] | None] = {}

    @property
    def params(self) -> Mapping[str, Any]:
        """Give the governed parameters."""
        return self._state.params

    @property
    def writes(self) -> Writes:
        """Give what the block has written so far."""
        return self._kept

    def get(self, namespace: str, key: str) -> Any:
        """Give a key's value as this block has left it, or None."""
        item = self._find(namespace, key)
        return None if item is None else item[0]

    def amount(self, namespace: str, key: str) -> int:
        """Give a key's amount as this block has left it."""
        item = self._find(namespace, key)
        return 0 if item is None else item[1]

    def put(self, namespace: str, key: str, value: Any, amount: int = 0) -> None:
        """Write a value, and in a sum tree its amount."""
        assert amount >= 0, "an amount in a sum tree is never negative"
        assert amount == 0 or self._state.trees[namespace].is_sum, "only a sum tree carries amounts"
        self._entry[namespace, key] = (value, amount)

    def remove(self, namespace: str, key: str) -> None:
        """Remove a key."""
        self._entry[namespace, key] = None

    def keep(self) -> None:
        """Keep what the entry wrote."""
        self._kept.update(self._entry)
        self._entry = {}

    def drop(self) -> None:
        """Forget what the entry wrote."""
        self._entry = {}

    def _find(self, namespace: str, key: str) -> tuple[Any, int] | None:
        place = (namespace, key)
        if place in self._entry:
            return self._entry[place]
        if place in self._kept:
            return self._kept[place]
        if place not in self._read:
            leaf = self._state.trees[namespace].get(key)
            self._read[place] = None if leaf is None else (cbor2.loads(leaf.value), leaf.amount)
        return self._read[place]


def encode_genesis(genesis: Genesis) -> bytes:
    """Give the genesis document's bytes: every home that joins must hold the same."""
    members = [[m.id, dict(m.name), m.kind, m.voting, m.root] for m in genesis.members]
    return encode_cbor([1, genesis.chain, genesis.time, members, dict(genesis.params)])


def found_state(genesis: Genesis) -> State:
    """Give the state at height 0: the members and their roots, and an empty tree for every namespace."""
    kinds = genesis.params["namespaces"]
    state = State(
        chain=genesis.chain,
        height=0,
        time=genesis.time,
        parent=compute_digest(encode_genesis(genesis)),
        log=CompactRange(),
        trees={name: Tree(is_sum=kind == "sum") for name, kind in sorted(kinds.items())},
        params=genesis.params,
    )
    writes: dict[tuple[str, str], tuple[Any, int] | None] = {}
    for member in genesis.members:
        root = key_id(member.root)
        record = {"name": dict(member.name), "kind": member.kind, "voting": member.voting, "root": root}
        writes[MEMBERS, f"org/{member.id}"] = (record, 0)
        writes[MEMBERS, f"key/{root.hex()}"] = (
            {"org": member.id, "public": member.root, "purpose": "root", "from": 0, "until": None},
            0,
        )
    return state.write(writes)
