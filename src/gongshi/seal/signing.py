"""Signing keys and the one signed structure of the house, COSE_Sign1 over deterministic CBOR."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from nacl.bindings import crypto_sign, crypto_sign_seed_keypair

from gongshi.terms.canonical import encode_cbor
from gongshi_verifier import cose

ED25519 = "ed25519"
SUITES: dict[str, int] = {ED25519: cose.ED25519}
KEY_ID_SIZE = 16


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key pair: 32 bytes of seed and of public key. The seed is never shown."""

    seed: bytes
    public: bytes

    def __repr__(self) -> str:
        return f"SigningKey({key_id(self.public).hex()})"

    @property
    def id(self) -> bytes:
        """Give the key id that entries carry."""
        return key_id(self.public)

    def sign(self, message: bytes) -> bytes:
        """Give the 64-byte signature."""
        return crypto_sign(message, self.seed + self.public)[:64]


def make_signing_key(seed: bytes) -> SigningKey:
    """Derive the pair from 32 bytes, which for a real key come from the operating system."""
    public, _ = crypto_sign_seed_keypair(seed)
    return SigningKey(seed, public)


def key_id(public: bytes, suite: str = ED25519) -> bytes:
    """Give the id of a public key: the first 16 bytes of SHA-256 over its suite's name, a zero byte and the key."""
    return hashlib.sha256(suite.encode() + b"\x00" + public).digest()[:KEY_ID_SIZE]


def sign_message(key: SigningKey, header: dict[int | str, object], payload: bytes) -> bytes:
    """Give the COSE_Sign1 bytes; algorithm and key id are added to the protected header."""
    protected = encode_cbor({cose.ALG: SUITES[ED25519], cose.KID: key.id, **header})
    signed = encode_cbor(["Signature1", protected, b"", payload])
    return encode_cbor([protected, {}, payload, key.sign(signed)])
