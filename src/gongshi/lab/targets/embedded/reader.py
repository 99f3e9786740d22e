"""Reads the alliance's ledger from bytes alone, by the rules of its commitment.

A block's header chains to its parent and opens to the state; the app hash that stands beside it also commits to the log of
all entries. So what is stored of a block is read here as [header, app hash], and its anchor is the app hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gongshi.lab.records import Header, Proof, StoredBlock
from gongshi.ledger.log import CompactRange
from gongshi.ledger.records import Genesis, Member
from gongshi.ledger.state import COMMITMENT_VERSION, HEADER_NAME, found_state
from gongshi.terms.canonical import decode_cbor, encode_cbor
from gongshi.terms.digest import compute_digest
from gongshi.terms.instant import Instant
from gongshi_verifier.merkle import check_inclusion, hash_leaf


class EmbeddedReader:
    """Stateless."""

    def read_header(self, header: bytes) -> Header:
        """Give what stands in [header, app hash]; ValueError when the bytes are none."""
        inner, app_hash = _list_of(decode_cbor(header), 2)
        if not isinstance(inner, bytes) or not isinstance(app_hash, bytes):
            raise ValueError("no header")  # noqa: TRY004 - the port promises one kind of error for bytes that are no header
        fields = decode_cbor(inner)
        if isinstance(fields, list) and len(fields) == 5:
            return Header(0, compute_digest(inner), b"", app_hash, app_hash)
        name, _, _, height, _, parent, _, _ = _list_of(fields, 8)
        if name != HEADER_NAME:
            raise ValueError("no header")
        return Header(height, compute_digest(inner), parent, app_hash, app_hash)

    def compute_root(self, chain: Sequence[StoredBlock]) -> bytes:
        """Recompute the app hash of the last block: the log over every leaf so far, and the roots in its header."""
        inner, _ = decode_cbor(chain[-1].header)
        if len(chain) == 1:
            return found_state(read_genesis(inner)).app_hash()
        log = CompactRange()
        for block in chain[1:]:
            for leaf in (*block.transactions, decode_cbor(block.header)[0]):
                log = log.append(hash_leaf(leaf))
        *_, roots, params = decode_cbor(inner)
        return compute_digest(encode_cbor([COMMITMENT_VERSION, log.size, log.root(), roots, params]))

    def check_proof(self, proof: Proof, anchor: bytes) -> bool:
        """Check that the anchor opens to a log root, and that the leaf stands under that root."""
        # 1. The opening is the anchor's. 2. The path is well formed. 3. The leaf stands at its place.
        if compute_digest(proof.header) != anchor:  # 1
            return False
        try:
            _, size, root, _, _ = decode_cbor(proof.header)
            index, path = _list_of(decode_cbor(proof.path), 2)  # 2
            return check_inclusion(hash_leaf(proof.leaf), index, size, path, root)  # 3
        except (ValueError, TypeError):
            return False


def read_genesis(document: bytes) -> Genesis:
    """Read a genesis document."""
    _, chain, time, members, params = decode_cbor(document)
    return Genesis(chain, Instant(time), tuple(Member(*member) for member in members), params)


def _list_of(value: Any, length: int) -> list[Any]:
    if not isinstance(value, list) or len(value) != length:
        raise ValueError("shape")
    return value
