"""ML-DSA-44 (FIPS 204), pure and with an empty context, by the library `cryptography`.

The seed is the standard's xi (FIPS 204, 5.1), 32 bytes. Signing is hedged: two signatures of one message differ, and both hold.
"""

from __future__ import annotations

import functools

from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from gongshi.seal.suites.suite import Suite
from gongshi_verifier import cose, suites


@functools.lru_cache(maxsize=64)
def _open(seed: bytes) -> MLDSA44PrivateKey:
    """Expand a seed; remembered, because the expansion costs about as much as a signature."""
    return MLDSA44PrivateKey.from_seed_bytes(seed)


def _derive(seed: bytes) -> bytes:
    return _open(seed).public_key().public_bytes_raw()


def _sign(seed: bytes, _public: bytes, message: bytes) -> bytes:
    return _open(seed).sign(message)


ML_DSA_44 = Suite(suites.ML_DSA_44, cose.ML_DSA_44, _derive, _sign)
