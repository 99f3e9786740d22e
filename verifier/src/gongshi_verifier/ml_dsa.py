"""ML-DSA-44 (FIPS 204): pure, with an empty context, as COSE uses it (RFC 9964). The arithmetic is the library's.

The library, `cryptography`, is an extra of this distribution: `gongshi-verifier[ml-dsa]`. Without it a check raises
SuiteMissingError, which the doors say as "cannot be checked here" and never as "refused".
"""

from __future__ import annotations

PUBLIC_SIZE, SIGNATURE_SIZE = 1312, 2420  # FIPS 204, table 2


class SuiteMissingError(Exception):
    """This installation cannot check signatures of a suite; `suite` names it."""

    def __init__(self, suite: str) -> None:
        super().__init__(suite)
        self.suite = suite


def refuse_public(public: bytes) -> str:
    """Name why the bytes are no public key, or give the empty string. Every 1312 bytes decode to one (FIPS 204, 7.2)."""
    return "" if len(public) == PUBLIC_SIZE else "length"


def check_signature(public: bytes, message: bytes, signature: bytes) -> bool:
    """Check one signature. FIPS 204, 8.3, decides the edges: the norm of z, and one encoding only of the hint."""
    if len(public) != PUBLIC_SIZE or len(signature) != SIGNATURE_SIZE:
        return False
    try:
        from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
    except ImportError:
        raise SuiteMissingError("ml-dsa-44") from None
    try:
        MLDSA44PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    except UnsupportedAlgorithm:
        raise SuiteMissingError("ml-dsa-44") from None
    return True
