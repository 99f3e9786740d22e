"""Ed25519 (RFC 8032) by libsodium: the default. A signature is decided by seed and message alone."""

from __future__ import annotations

from nacl.bindings import crypto_sign, crypto_sign_seed_keypair

from gongshi.seal.suites.suite import Suite
from gongshi_verifier import cose, suites


def _derive(seed: bytes) -> bytes:
    return crypto_sign_seed_keypair(seed)[0]


def _sign(seed: bytes, public: bytes, message: bytes) -> bytes:
    return crypto_sign(message, seed + public)[:64]


ED25519 = Suite(suites.ED25519, cose.ED25519, _derive, _sign)
