"""Keys of every suite for the verifier's tests. SM2 is signed by the textbook here, with fixed nonces: for tests only."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from makings import key_of

from gongshi_verifier import sm2
from gongshi_verifier.sm2 import GX, GY, N, P
from gongshi_verifier.suites import SUITES, compute_key_id


@dataclass(frozen=True)
class SuiteKey:
    suite: str
    public: bytes
    sign: Callable[[bytes], bytes]

    @property
    def algorithm(self) -> int:
        return SUITES[self.suite].algorithm

    @property
    def id(self) -> bytes:
        return compute_key_id(self.public, self.suite)


def times(number: int) -> tuple[int, int]:
    """Give [number]G in plain coordinates."""
    x, y, z = sm2._combine(number, (GX, GY, 1), 0, (GX, GY, 1))
    inverse = pow(z, -1, P)
    return x * inverse**2 % P, y * inverse**3 % P


def word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def sm2_key(d: int) -> SuiteKey:
    x, y = times(d)
    public = word(x) + word(y)

    def sign(message: bytes) -> bytes:
        e = int.from_bytes(sm2.compute_digest(public, message), "big")
        k = int.from_bytes(hashlib.sha256(word(d) + message).digest(), "big") % (N - 1) + 1
        r = (e + times(k)[0]) % N
        return word(r) + word(pow(1 + d, -1, N) * (k - r * d) % N)

    return SuiteKey("sm2", public, sign)


def ml_dsa_key(name: str) -> SuiteKey:
    key = MLDSA44PrivateKey.from_seed_bytes(hashlib.sha256(name.encode()).digest())
    return SuiteKey("ml-dsa-44", key.public_key().public_bytes_raw(), key.sign)


def suite_key(suite: str, name: str = "suite") -> SuiteKey:
    if suite == "sm2":
        return sm2_key(int.from_bytes(hashlib.sha256(name.encode()).digest(), "big") % (N - 2) + 1)
    if suite == "ml-dsa-44":
        return ml_dsa_key(name)
    return SuiteKey("ed25519", key_of(name).public, key_of(name).sign)
