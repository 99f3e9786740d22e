"""Reads Ethereum's headers, transaction tries and proofs from bytes alone: no chain, no store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import rlp
from eth.vm.forks.cancun.headers import CancunBlockHeader
from eth_hash.auto import keccak
from trie import HexaryTrie
from trie.exceptions import MissingTrieNode


class NotReadableError(ValueError):
    """The bytes are not what they should be."""


def read_header(header: bytes) -> dict[str, Any]:
    """Give height, hash, parent and transaction root; NotReadableError when the bytes are no header."""
    try:
        found = rlp.decode(header, CancunBlockHeader)
    except (rlp.exceptions.RLPException, ValueError, TypeError) as error:
        raise NotReadableError(str(error)) from error
    return {
        "height": found.block_number,
        "hash": keccak(header),
        "parent": bytes(found.parent_hash),
        "root": bytes(found.transaction_root),
    }


def make_trie(transactions: Sequence[bytes]) -> HexaryTrie:
    """Build the trie of a block's transactions, keyed by their places."""
    trie = HexaryTrie({})
    for index, transaction in enumerate(transactions):
        trie[rlp.encode(index)] = transaction
    return trie


def compute_root(transactions: Sequence[bytes]) -> bytes:
    """Give the root of the trie of transactions."""
    return bytes(make_trie(transactions).root_hash)


def make_path(transactions: Sequence[bytes], index: int) -> bytes:
    """Give the way from the root to a transaction: its key and the nodes that stand on the way."""
    key = rlp.encode(index)
    nodes = [rlp.encode(node) for node in make_trie(transactions).get_proof(key)]
    return bytes(rlp.encode([key, nodes]))


def check_proof(leaf: bytes, path: bytes, header: bytes, block_hash: bytes) -> bool:
    """Ask whether the leaf stands in the block of that hash."""
    # 1. The header is the one that is known. 2. The path is well formed. 3. The way ends at this leaf.
    if keccak(header) != block_hash or not leaf:  # 1
        return False
    try:
        key, nodes = rlp.decode(path)  # 2
        known = {keccak(node): node for node in nodes}
        return bool(HexaryTrie(known, read_header(header)["root"])[key] == leaf)  # 3
    except (rlp.exceptions.RLPException, MissingTrieNode, ValueError, TypeError):
        return False
