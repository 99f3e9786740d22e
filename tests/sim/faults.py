"""The outside world, faked behind the ports: a disk that stops, mail that strays, clocks that drift, keys without scrypt."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gongshi.ledger.records import Block, Genesis, StoredBlock
from gongshi.ledger.rules import Applied
from gongshi.seal.checkpoints import Witnessed, cosign, is_growth
from gongshi.seal.signing import SigningKey, make_signing_key
from gongshi.terms.canonical import encode_cbor
from gongshi.terms.digest import Digest, compute_digest
from gongshi.terms.problem import Problem
from gongshi_verifier.note import Checkpoint


class PowerLostError(Exception):
    """The machine stopped at a write."""


@dataclass
class Disk:
    """A store that writes a journal record by record. A sync makes what was written durable; a loss of power keeps no more.

    `stop_after` is the number of writes after which the power goes; a transaction without its last record never happened.
    """

    founded: Genesis
    journal: list[tuple] = field(default_factory=list)
    synced: int = 0
    stop_after: int | None = None
    blocks: dict[int, tuple[StoredBlock, list[tuple[bytes, bytes]]]] = field(default_factory=dict)
    state: dict[tuple[str, str], tuple[bytes, int]] = field(default_factory=dict)
    results: dict[bytes, tuple[int, int | None, bytes]] = field(default_factory=dict)

    def genesis(self) -> Genesis:
        return self.founded

    def rows(self) -> Iterator[tuple[str, str, bytes, int]]:
        for (namespace, key), (value, amount) in self.state.items():
            yield namespace, key, value, amount

    def commit(self, block: Block, applied: Applied) -> None:
        records = list(_records(block, applied))
        for record in records:
            self._write(record)
        self._write(("commit", len(records)))
        self.sync()
        self._play(records)

    def result(self, digest: Digest) -> tuple[int, int | None, bytes] | None:
        return self.results.get(bytes(digest))

    def read_blocks(self, from_height: int) -> Iterator[StoredBlock]:
        for height in sorted(self.blocks):
            if height >= from_height:
                yield self.blocks[height][0]

    def refusals(self, height: int) -> list[tuple[bytes, bytes]]:
        """Give the refusals of a block; an entry that was judged again stands where it was judged last."""
        listed = self.blocks[height][1]
        return [(digest, problem) for digest, problem in listed if self.results[digest][0] == height]

    def sync(self) -> None:
        if self.stop_after == 0:
            raise PowerLostError
        self.synced = len(self.journal)

    def reopened(self, rng: Random) -> Disk:
        """Give the disk as it is found after a loss of power: what was synced, and by luck some of what was not."""
        kept = rng.randint(self.synced, len(self.journal))
        disk = Disk(self.founded)
        pending: list[tuple] = []
        for record in self.journal[:kept]:
            if record[0] == "commit":
                disk._play(pending)
                disk.journal += [*pending, record]
                pending = []
            else:
                pending.append(record)
        disk.sync()
        return disk

    def _write(self, record: tuple) -> None:
        if self.stop_after is not None:
            if self.stop_after == 0:
                raise PowerLostError
            self.stop_after -= 1
        self.journal.append(record)

    def _play(self, records: list[tuple]) -> None:
        for kind, *values in records:
            if kind == "block":
                (stored,) = values
                self.blocks[stored.height] = (stored, [])
            elif kind == "entry":
                digest, height, leaf = values
                self.results[digest] = (height, leaf, b"")
            elif kind == "refusal":
                digest, height, problem = values
                self.results[digest] = (height, None, problem)
                self.blocks[height][1].append((digest, problem))
            elif values[1] is None:
                self.state.pop(values[0], None)
            else:
                self.state[values[0]] = values[1]


def _records(block: Block, applied: Applied) -> Iterator[tuple]:
    state, logged = applied.state, applied.logged
    accepted = tuple(entry.entry.data for entry in logged.entries)
    first = state.log.size - len(applied.leaves)
    head = (block.height, block.time, logged.header, logged.app_hash, first, accepted)
    yield "block", StoredBlock(*head)
    for entry in logged.entries:
        yield "entry", bytes(entry.entry.digest), block.height, entry.leaf
    for result in logged.refused:
        problem = result.problem
        yield "refusal", bytes(result.digest), block.height, encode_cbor([problem.code, problem.where, problem.values])
    for place, item in applied.writes.items():
        yield "state", place, None if item is None else (encode_cbor(item[0]), item[1])


@dataclass
class Blobs:
    """Blobs in memory; a put is durable when it returns, or the power went first."""

    kept: dict[bytes, bytes] = field(default_factory=dict)

    def put(self, data: bytes) -> Digest:
        digest = compute_digest(data)
        self.kept[bytes(digest)] = data
        return digest

    def get(self, digest: bytes) -> bytes | None:
        return self.kept.get(bytes(digest))


@dataclass
class WorldTime:
    """The time that nobody knows exactly."""

    instant: int


@dataclass
class Clock:
    """One home's clock: it runs beside the world's time, ahead of it or behind."""

    time: WorldTime
    drift: int = 0

    def now(self) -> int:
        return self.time.instant + self.drift


@dataclass
class Mail:
    """Signed entry files on their way from home to home: late, out of order, twice, or never."""

    under_way: list[tuple[int, bytes]] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)

    def post(self, rng: Random, step: int, data: bytes) -> None:
        self.sent.append(data)
        luck = rng.random()
        if luck < 0.03:
            return
        late = 0 if luck < 0.8 else rng.randint(1, 12)
        self.under_way.append((step + late, data))
        if luck > 0.95:
            self.under_way.append((step + late + rng.randint(0, 8), data))

    def deliver(self, rng: Random, step: int) -> list[bytes]:
        due = [data for when, data in self.under_way if when <= step]
        self.under_way = [item for item in self.under_way if item[0] > step]
        if rng.random() < 0.3:
            rng.shuffle(due)
        return due


def make_key(*names: object) -> SigningKey:
    return make_signing_key(hashlib.sha256(repr(names).encode()).digest())


@dataclass
class Keys:
    """A keyring in memory: a root, one signing key after another, a sealing key, and what the root cosigned last."""

    organisation: str
    seed: int
    generation: int = 0
    last: Witnessed | None = None

    def signing_key(self) -> SigningKey:
        return make_key(self.seed, self.organisation, "sign", self.generation)

    def root_key(self) -> SigningKey:
        return make_key(self.seed, self.organisation, "root")

    def sealing_key(self) -> X25519PrivateKey:
        seed = hashlib.sha256(repr((self.seed, self.organisation, "seal")).encode()).digest()
        return X25519PrivateKey.from_private_bytes(seed)

    def cosign(self, name: str, checkpoint: Checkpoint, path: tuple[bytes, ...], seconds: int) -> str | Problem:
        if not is_growth(self.last, checkpoint, path):
            return Problem("seal.witness.inconsistent", name, {"size": checkpoint.size})
        self.last = Witnessed(checkpoint.size, checkpoint.root)
        return cosign(name, self.root_key(), checkpoint, seconds)

    def last_size(self) -> int:
        return 0 if self.last is None else self.last.size


@dataclass
class Wrapping:
    """Stands in for HPKE, which draws an ephemeral key of its own: wraps under what the seed draws, so that a seed replays exactly.

    It keeps out who is not addressed and nobody who means it: the key is made from the recipient's public key.
    """

    rng: Random

    def encrypt(self, plain: bytes, public: X25519PublicKey, info: bytes) -> bytes:
        nonce = self.rng.randbytes(12)
        return nonce + _cipher_for(public).encrypt(nonce, plain, info)

    def decrypt(self, wrap: bytes, private: X25519PrivateKey, info: bytes) -> bytes:
        if len(wrap) < 12:
            raise InvalidTag
        return _cipher_for(private.public_key()).decrypt(wrap[:12], wrap[12:], info)


def _cipher_for(public: X25519PublicKey) -> AESGCM:
    return AESGCM(hashlib.sha256(public.public_bytes_raw()).digest())
