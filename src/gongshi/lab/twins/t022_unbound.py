"""Breaks catalogue 22: the proof is checked, but not that it is a proof of this leaf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gongshi.lab.ports import Reader
from gongshi.lab.records import Header, Proof, StoredBlock
from gongshi.lab.twins.twin import Twin
from gongshi.terms.text import Text


class ForgetfulReader:
    """Puts the leaf that it remembers in place of the leaf that it was shown."""

    def __init__(self, honest: Reader, leaves: dict[tuple[bytes, bytes], bytes]) -> None:
        self.honest = honest
        self.leaves = leaves

    def read_header(self, header: bytes) -> Header:
        """Pass on."""
        return self.honest.read_header(header)

    def compute_root(self, chain: Sequence[StoredBlock]) -> bytes:
        """Pass on."""
        return self.honest.compute_root(chain)

    def check_proof(self, proof: Proof, anchor: bytes) -> bool:
        """Check everything but the leaf."""
        leaf = self.leaves.get((proof.path, proof.header), proof.leaf)
        return self.honest.check_proof(replace(proof, leaf=leaf), anchor)


class UnboundProof(Twin):
    """Its reader does not bind the proof to the leaf."""

    catalogue = 22
    flaw = Text("证明未与交易绑定", "the proof is not bound to its leaf")

    def open(self, seed: int) -> None:
        """Forget the leaves."""
        super().open(seed)
        self.leaves: dict[tuple[bytes, bytes], bytes] = {}

    @property
    def reader(self) -> Reader:
        """Give the reader that forgets."""
        return ForgetfulReader(super().reader, self.leaves)

    def prove(self, transaction: str) -> Proof:
        """Remember the leaf of the proof."""
        proof = super().prove(transaction)
        self.leaves[proof.path, proof.header] = proof.leaf
        return proof


BROKEN = UnboundProof
