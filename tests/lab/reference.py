"""A healthy ledger in memory, small enough to be read: what the suites must pass on before they may judge others."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from gongshi.lab.ports import Tamper
from gongshi.lab.records import About, Account, Header, Limits, Mark, Movement, Proof, Result, StoredBlock
from gongshi.terms.canonical import NotCanonicalError, decode_cbor, encode_cbor
from gongshi.terms.text import Text

GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493
SIZE_MAX = 65_536
LIMITS = {1: Limits(1_000_000, 10_000_000), 2: Limits(50_000, 100_000), 3: Limits(500, 1_000)}


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


class RefusedError(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ReferenceReader:
    def read_header(self, header: bytes) -> Header:
        height, parent, root, _ = decode_cbor(header)
        return Header(height, sha(header), parent, root, anchor=sha(header))

    def compute_root(self, chain: Sequence[StoredBlock]) -> bytes:
        return sha(b"".join(sha(data) for data in chain[-1].transactions))

    def check_proof(self, proof: Proof, anchor: bytes) -> bool:
        hashes = [proof.path[start : start + 32] for start in range(0, len(proof.path), 32)]
        return (
            sha(proof.header) == anchor
            and sha(proof.leaf) in hashes
            and sha(proof.path) == self.read_header(proof.header).root
        )


class ReferenceLedger:
    about = About("reference", Text("参考账本", "reference ledger"), "reference", {"reference": "1"})
    reader = ReferenceReader()

    def __init__(self, marks: dict[int, Mark] | None = None) -> None:
        self.marks = marks or {}
        self.opened = 0

    def open(self, seed: int) -> None:
        self.opened += 1
        self.seed = seed
        self.keys: dict[str, SigningKey] = {}
        self.tiers: dict[str, int] = {}
        self.money: dict[str, int] = {}
        self.nonces: dict[str, int] = {}
        self.supply = 0
        self.lines: dict[str, list[Movement]] = {}
        self.index: dict[str, tuple[int, bytes]] = {}
        genesis = encode_cbor([0, b"", sha(b""), b""])
        self.blocks = [StoredBlock(genesis, ())]
        self.issuer = self._make_account("issuer", 1)
        self.flips: set[int] = set()

    def close(self) -> None:
        self.opened -= 1

    def create_account(self, name: str, tier: int) -> Account:
        return self._make_account(name, tier)

    def _make_account(self, name: str, tier: int) -> Account:
        key = SigningKey(sha(f"{self.seed}/{name}".encode()))
        address = bytes(key.verify_key).hex()
        self.keys[address], self.tiers[address] = key, tier
        self.money[address], self.nonces[address], self.lines[address] = 0, 0, []
        return Account(name, address, tier)

    def limits(self, tier: int) -> Limits:
        return LIMITS[tier]

    def issue(self, payee: Account, amount: int, by: Account | None = None) -> Result:
        return self.submit(self._sign(by or self.issuer, [["issue", payee.address, amount]]))

    def prepare(self, payer: Account, payee: Account, amount: int, tamper: Tamper = "none") -> bytes:
        return self._sign(payer, [["pay", payee.address, amount]], tamper)

    def prepare_batch(self, payer: Account, legs: Sequence[tuple[Account, int]]) -> bytes:
        return self._sign(payer, [["pay", payee.address, amount] for payee, amount in legs])

    def _sign(self, payer: Account, legs: list[list[object]], tamper: Tamper = "none") -> bytes:
        nonce = self.nonces[payer.address] + (-1 if tamper == "nonce" else 0)
        body = encode_cbor([payer.address, nonce, legs])
        key = SigningKey(sha(b"mallory")) if tamper == "sender" else self.keys[payer.address]
        signature = key.sign(body).signature
        if tamper == "signature":
            signature = bytes([signature[0] ^ 1]) + signature[1:]
        if tamper == "malleable":
            other = int.from_bytes(signature[32:], "little") + GROUP_ORDER
            signature = signature[:32] + other.to_bytes(32, "little")
        if tamper == "payload":
            body = encode_cbor([payer.address, nonce, [[legs[0][0], legs[0][1], 999]]])
        return encode_cbor([body, signature])

    def submit(self, data: bytes) -> Result:
        kept = dict(self.money), self.supply
        try:
            sender, moves = self._judge(data)
        except RefusedError as refusal:
            self.money, self.supply = kept
            return Result(accepted=False, code=refusal.code)
        self.nonces[sender] += 1
        return self._commit(data, moves)

    def _judge(self, data: bytes) -> tuple[str, list[tuple[str, int]]]:
        sender, nonce, legs = self._read(data)
        if sha(data).hex() in self.index:
            raise RefusedError("replay")
        if nonce != self.nonces[sender]:
            raise RefusedError("nonce")
        return sender, [move for leg in legs for move in self._move(sender, *leg)]

    def _read(self, data: bytes) -> tuple[str, int, list[list[object]]]:
        if len(data) > SIZE_MAX:
            raise RefusedError("oversize")
        try:
            body, signature = decode_cbor(data)
            sender, nonce, legs = decode_cbor(body)
        except (NotCanonicalError, ValueError, TypeError):
            raise RefusedError("malformed") from None
        try:
            VerifyKey(bytes.fromhex(sender)).verify(body, signature)
        except BadSignatureError:
            raise RefusedError("signature") from None
        return sender, nonce, legs

    def _move(self, sender: str, kind: str, payee: str, amount: int) -> list[tuple[str, int]]:
        moves = []
        if kind == "issue":
            if sender != self.issuer.address:
                raise RefusedError("issuer")
            self.supply += amount
        else:
            if amount > LIMITS[self.tiers[sender]].payment_max:
                raise RefusedError("limit")
            if amount > self.money[sender]:
                raise RefusedError("balance")
            self.money[sender] -= amount
            moves.append((sender, -amount))
        self.money[payee] += amount
        if self.money[payee] > LIMITS[self.tiers[payee]].balance_max:
            raise RefusedError("limit")
        return [*moves, (payee, amount)]

    def _commit(self, data: bytes, moves: list[tuple[str, int]]) -> Result:
        height, identifier = len(self.blocks), sha(data).hex()
        header = encode_cbor([height, sha(self.blocks[-1].header), sha(sha(data)), self.state_root()])
        self.blocks.append(StoredBlock(header, (data,)))
        self.index[identifier] = (height, data)
        for address, amount in moves:
            self.lines[address].append(Movement(identifier, height, amount))
        return Result(accepted=True, transaction=identifier, height=height)

    def balance(self, account: Account) -> int:
        return self.money[account.address]

    def total_supply(self) -> int:
        return self.supply

    def state_root(self) -> bytes:
        return sha(encode_cbor([[list(item) for item in sorted(self.money.items())], self.supply]))

    def height(self) -> int:
        return len(self.blocks) - 1

    def block(self, height: int) -> StoredBlock:
        return self.blocks[height]

    def find(self, transaction: str) -> tuple[int, bytes]:
        return self.index[transaction]

    def history(self, account: Account) -> tuple[Movement, ...]:
        return tuple(self.lines[account.address])

    def prove(self, transaction: str) -> Proof:
        height, data = self.index[transaction]
        block = self.blocks[height]
        return Proof(data, b"".join(sha(leaf) for leaf in block.transactions), block.header)

    def _stored(self) -> bytes:
        return b"".join(block.header + b"".join(block.transactions) for block in self.blocks)

    def stored_size_bytes(self) -> int:
        return len(self._stored())

    def flip_stored_byte(self, position: int) -> None:
        assert 0 <= position < self.stored_size_bytes()
        self.flips ^= {position}

    def reopen(self) -> Result:
        return self.audit()

    def audit(self) -> Result:
        stored = bytearray(self._stored())
        for position in self.flips:
            stored[position] ^= 0xFF
        same = sha(bytes(stored)) == sha(self._stored())
        return Result(accepted=True) if same else Result(accepted=False, code="tampered")
