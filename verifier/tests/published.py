"""A small publication with everything a real one has: pages, attached evidence, plain and deflated, and a detached proof."""

from __future__ import annotations

import base64
import hashlib
import zlib
from dataclasses import dataclass, field

from makings import CHAIN, World, founded, prove_inclusion

from gongshi_verifier import cbor
from gongshi_verifier.merkle import hash_leaf
from gongshi_verifier.publication import Part, compute_manifest_digest
from gongshi_verifier.tlog_proof import make_proof

EVIDENCE = (b'{"kind":"lab.conformance","seed":1}', b'{"kind":"group.ballot","seed":null}')


def evidence_id(data: bytes) -> str:
    return "ev-" + base64.b32encode(hashlib.sha256(data).digest()).decode().lower()[:26]


def make_file(pages=(b"page one: 42 signals", b"page two: 12 clauses")) -> list[tuple[str, bytes]]:
    return [
        ("head", b"%PDF-1.7 "),
        *((f"page {number}", text) for number, text in enumerate(pages, 1)),
        (f"attachment {evidence_id(EVIDENCE[0])}.json", EVIDENCE[0]),
        (f"attachment {evidence_id(EVIDENCE[1])}.json", zlib.compress(EVIDENCE[1])),
        ("tail", b" %%EOF"),
    ]


@dataclass
class Published:
    """A publication in the making; each field can be bent before the proof is made."""

    suffix: str = ""
    parts: list[tuple[str, bytes]] = field(default_factory=make_file)
    named: tuple[bytes, ...] = EVIDENCE
    signed: tuple[bytes, ...] = EVIDENCE
    manifest: list[Part] | None = None
    changes: dict = field(default_factory=dict)
    extra: dict = field(default_factory=dict)
    world: World = field(init=False)

    def __post_init__(self) -> None:
        self.world = founded(self.suffix)
        digests = [hashlib.sha256(data).digest() for data in self.signed]
        self.leaves = [self.world.act("bank", "group.evidence.sign", {"evidence": digest}) for digest in digests]
        self.leaf = self.world.act("institute", "paper.publication", self.body())

    @property
    def data(self) -> bytes:
        return b"".join(text for _, text in self.parts)

    def make_manifest(self) -> list[Part]:
        if self.manifest is not None:
            return self.manifest
        made, offset = [], 0
        for name, text in self.parts:
            made.append(Part(name, offset, len(text), hashlib.sha256(text).digest()))
            offset += len(text)
        return made

    def body(self) -> dict:
        return {
            "id": "white-paper",
            "language": "en",
            "title": "White paper",
            "revision": 1,
            "file": hashlib.sha256(self.data).digest(),
            "manifest": compute_manifest_digest(self.make_manifest()),
            "evidence": [hashlib.sha256(data).digest() for data in self.named],
            "cutoff": 1_772_000_000_000,
            **self.changes,
        }

    def make_extra(self) -> dict:
        hashes = [hash_leaf(leaf) for leaf in self.world.leaves]
        certificates = [[self.world.leaves[leaf], leaf, list(prove_inclusion(hashes, leaf))] for leaf in range(3)]
        evidence = [
            [
                evidence_id(data),
                hashlib.sha256(data).digest(),
                self.world.leaves[leaf],
                leaf,
                list(prove_inclusion(hashes, leaf)),
            ]
            for data, leaf in zip(self.signed, self.leaves, strict=True)
        ]
        return {
            "v": 1,
            "entry": self.world.leaves[self.leaf],
            "certificates": certificates,
            "roots": self.world.roots(),
            "manifest": [[one.name, one.offset, one.length, one.digest] for one in self.make_manifest()],
            "evidence": evidence,
            **self.extra,
        }

    def proof(self) -> bytes:
        path = self.world.included(self.leaf).path
        return make_proof(cbor.encode(self.make_extra()), self.leaf, path, self.world.checkpoint()).encode()

    def policy(self) -> str:
        return self.world.policy()


__all__ = ["CHAIN", "EVIDENCE", "Published", "evidence_id", "make_file"]
