"""SM2 with SM3 (GB/T 32918, GB/T 32905) by a library of the system, behind the edges that the verifier decides.

The seed is the private number d, 32 bytes big-endian, in [1, n-2] (GB/T 32918.1-2016, 6.1). Forms of public key and signature, and
the identifier, are those of `gongshi_verifier.sm2`. Signing draws a nonce: two signatures of one message differ, and both hold.
"""

from __future__ import annotations

from typing import Protocol

from gongshi.seal.suites.suite import Suite
from gongshi_verifier import cose, suites
from gongshi_verifier.sm2 import N


class Sm2Library(Protocol):
    """What signs in constant time: no part of this house computes with the secret itself."""

    def derive(self, secret: bytes) -> bytes:
        """Give the public key of a secret in [1, n-2], both in the forms above."""
        ...

    def sign(self, secret: bytes, public: bytes, message: bytes) -> bytes:
        """Give r and s, 64 bytes."""
        ...


def is_secret(seed: bytes) -> bool:
    """Ask whether the bytes are a private number."""
    return len(seed) == 32 and 0 < int.from_bytes(seed, "big") < N - 1


def make_sm2(library: Sm2Library) -> Suite:
    """Give the suite over a library that signs."""

    def derive(seed: bytes) -> bytes:
        if not is_secret(seed):
            raise ValueError("not in [1, n-2]")
        return library.derive(seed)

    return Suite(suites.SM2, cose.SM2, derive, library.sign)
