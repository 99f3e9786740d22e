"""Makes small logs with real keys, so that the verifier's tests need nothing of the house: entries, trees, checkpoints, policies."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from nacl.bindings import crypto_sign, crypto_sign_seed_keypair

from gongshi_verifier import cbor, cose
from gongshi_verifier.entry import ENTRY_TYPE, compute_key_id
from gongshi_verifier.merkle import compute_root, hash_leaf
from gongshi_verifier.note import (
    LOG_TYPE,
    WITNESS_TYPE,
    VerifierKey,
    cosigned_bytes,
    make_body,
    make_key,
    make_line,
    parse_checkpoint,
)
from gongshi_verifier.policy import make_policy
from gongshi_verifier.sentences import describe_finding
from gongshi_verifier.trust import Included

CHAIN = "makings.test"
MEMBERS = ("bank", "institute", "ministry")


@dataclass(frozen=True)
class Key:
    seed: bytes
    public: bytes

    @property
    def id(self) -> bytes:
        return compute_key_id(self.public)

    def sign(self, message: bytes) -> bytes:
        return crypto_sign(message, self.seed + self.public)[:64]


def key_of(name: str) -> Key:
    seed = hashlib.sha256(name.encode()).digest()
    return Key(seed, crypto_sign_seed_keypair(seed)[0])


def sign_entry(key: Key, *ops, chain: str = CHAIN, mandate: str | None = None, sequence: int = 1, **header) -> bytes:
    payload = cbor.encode([1, sequence, 100, mandate, [list(op) for op in ops]])
    fields = {cose.ALG: cose.ED25519, cose.KID: key.id, cose.TYPE: ENTRY_TYPE, "chain": chain, **header}
    protected = cbor.encode(fields)
    return cbor.encode([protected, {}, payload, key.sign(cbor.encode(["Signature1", protected, b"", payload]))])


def prove_inclusion(leaves: list[bytes], index: int) -> tuple[bytes, ...]:
    """The path of RFC 6962, 2.1.1, by its recursive definition; leaves are leaf hashes."""
    if len(leaves) == 1:
        return ()
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < split:
        return (*prove_inclusion(leaves[:split], index), compute_root(leaves[split:]))
    return (*prove_inclusion(leaves[split:], index - split), compute_root(leaves[:split]))


@dataclass
class World:
    """A log of three members; `suffix` makes another world of the same names with other keys."""

    suffix: str = ""
    leaves: list[bytes] = field(default_factory=list)

    def root(self, member: str) -> Key:
        return key_of(f"{member}/root{self.suffix}")

    def key(self, member: str) -> Key:
        return key_of(f"{member}/sign{self.suffix}")

    def log_key(self) -> Key:
        return key_of(f"log{self.suffix}")

    def add(self, data: bytes) -> int:
        self.leaves.append(data)
        return len(self.leaves) - 1

    def certify(self, member: str) -> int:
        body = {"public": self.key(member).public, "sealing": bytes(32), "from": 0}
        return self.add(sign_entry(self.root(member), ["ledger.key.certify", 1, body]))

    def act(self, member: str, kind: str, body, version: int = 1) -> int:
        return self.add(sign_entry(self.key(member), [kind, version, body], sequence=len(self.leaves) + 1))

    def included(self, leaf: int) -> Included:
        return Included(self.leaves[leaf], leaf, prove_inclusion([hash_leaf(one) for one in self.leaves], leaf))

    def all(self) -> list[Included]:
        return [self.included(leaf) for leaf in range(len(self.leaves))]

    def vkey(self) -> VerifierKey:
        return make_key(CHAIN, LOG_TYPE, self.log_key().public)

    def witness(self, member: str) -> VerifierKey:
        return make_key(member, WITNESS_TYPE, self.root(member).public)

    def checkpoint(self, cosigners=MEMBERS) -> str:
        body = make_body(CHAIN, len(self.leaves), compute_root([hash_leaf(one) for one in self.leaves]))
        text = body.decode() + "\n" + make_line(self.vkey(), self.log_key().sign(body))
        for name in cosigners:
            seconds = 1_772_000_000
            data = seconds.to_bytes(8, "big") + self.root(name).sign(cosigned_bytes(body, seconds))
            text += make_line(self.witness(name), data)
        return text

    def parsed(self, cosigners=MEMBERS):
        return parse_checkpoint(self.checkpoint(cosigners))

    def roots(self, members=MEMBERS) -> dict[str, bytes]:
        return {name: self.root(name).public for name in members}

    def policy(self, threshold: int = 2) -> str:
        return make_policy(self.vkey(), {name: self.witness(name) for name in MEMBERS}, threshold)

    def dossier(self, purpose: str, content, *, entries=None, **changes) -> bytes:
        listed = self.all() if entries is None else entries
        fields = {
            "v": 1,
            "purpose": purpose,
            "chain": CHAIN,
            "checkpoint": self.checkpoint(),
            "entries": [[one.data, one.leaf, list(one.path)] for one in listed],
            "roots": self.roots(),
            "content": content,
        }
        return cbor.encode({**fields, **changes})


def founded(suffix: str = "") -> World:
    """A log in which every member's root has certified its signing key."""
    world = World(suffix)
    for member in MEMBERS:
        world.certify(member)
    return world


def found(report) -> list[tuple[str, str]]:
    """Give what was found, (code, place), after each of it was said in a sentence: a value that is missing would raise."""
    for finding in report.findings:
        assert describe_finding(finding).endswith(f"[{finding.code}]")
    return [(finding.code, finding.place) for finding in report.findings]


def codes(report) -> list[str]:
    return [code for code, _ in found(report)]
