"""Signing keys and the one signed structure of the house, COSE_Sign1 over deterministic CBOR."""

from __future__ import annotations

from dataclasses import dataclass

from gongshi.seal.suites.ed25519 import ED25519
from gongshi.seal.suites.suite import Suite
from gongshi.terms.canonical import encode_cbor
from gongshi_verifier import cose, suites

KEY_ID_SIZE = 16


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key pair of a suite: 32 bytes of seed, and the public key in the suite's form. The seed is never shown."""

    seed: bytes
    public: bytes
    suite: Suite = ED25519

    def __repr__(self) -> str:
        return f"SigningKey({self.id.hex()})"

    @property
    def id(self) -> bytes:
        """Give the key id that entries carry."""
        return key_id(self.public, self.suite.name)

    def sign(self, message: bytes) -> bytes:
        """Give the signature in the suite's form."""
        return self.suite.sign(self.seed, self.public, message)


def make_signing_key(seed: bytes, suite: Suite = ED25519) -> SigningKey:
    """Derive the pair from 32 bytes, which for a real key come from the operating system; ValueError if they are no secret."""
    return SigningKey(seed, suite.derive(seed), suite)


def key_id(public: bytes, suite: str = suites.ED25519) -> bytes:
    """Give the id of a public key: the first 16 bytes of SHA-256 over its suite's name, a zero byte and the key."""
    return suites.compute_key_id(public, suite)


def sign_message(key: SigningKey, header: dict[int | str, object], payload: bytes) -> bytes:
    """Give the COSE_Sign1 bytes; algorithm and key id are added to the protected header."""
    protected = encode_cbor({cose.ALG: key.suite.algorithm, cose.KID: key.id, **header})
    signed = encode_cbor(["Signature1", protected, b"", payload])
    return encode_cbor([protected, {}, payload, key.sign(signed)])


def prove_possession(key: SigningKey, chain: str, organisation: str) -> bytes:
    """Sign that the key is the organisation's on a chain: what a certificate of version 2 carries."""
    return key.sign(suites.possession_bytes(chain, organisation, key.suite.name, key.public))
