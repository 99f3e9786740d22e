"""The crypto suites a signing key can have: name, COSE algorithm, sizes, and the check that decides which signatures hold.

A key has one suite for its life; the root's certificate states it, the key's id is derived with it, and the protected header of
every entry names its algorithm. All three have to agree, so that no signature is ever read under another suite's rule.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gongshi_verifier import cbor, cose, ed25519, ml_dsa, sm2
from gongshi_verifier.ml_dsa import SuiteMissingError

__all__ = [
    "ALGORITHMS",
    "ED25519",
    "ML_DSA_44",
    "SM2",
    "SUITES",
    "CheckedSuite",
    "SuiteMissingError",
    "compute_key_id",
    "possession_bytes",
]

ED25519, SM2, ML_DSA_44 = "ed25519", "sm2", "ml-dsa-44"


@dataclass(frozen=True, slots=True)
class CheckedSuite:
    """A suite as it is checked. `refuse_public` names why bytes are no key of it, or gives the empty string."""

    name: str
    algorithm: int
    public_size: int
    signature_size: int
    refuse_public: Callable[[bytes], str]
    check_signature: Callable[[bytes, bytes, bytes], bool]


SUITES: Mapping[str, CheckedSuite] = {
    suite.name: suite
    for suite in (
        CheckedSuite(ED25519, cose.ED25519, 32, 64, ed25519.refuse_public, ed25519.check_signature),
        CheckedSuite(SM2, cose.SM2, sm2.PUBLIC_SIZE, sm2.SIGNATURE_SIZE, sm2.refuse_public, sm2.check_signature),
        CheckedSuite(
            ML_DSA_44,
            cose.ML_DSA_44,
            ml_dsa.PUBLIC_SIZE,
            ml_dsa.SIGNATURE_SIZE,
            ml_dsa.refuse_public,
            ml_dsa.check_signature,
        ),
    )
}
ALGORITHMS: Mapping[int, str] = {suite.algorithm: suite.name for suite in SUITES.values()}


def compute_key_id(public: bytes, suite: str = ED25519) -> bytes:
    """Give the id of a public key: 16 bytes of SHA-256 over the suite's name, a zero byte and the key."""
    return hashlib.sha256(suite.encode() + b"\x00" + public).digest()[:16]


def possession_bytes(chain: str, organisation: str, suite: str, public: bytes) -> bytes:
    """Give what a new key signs to show that its owner holds it: deterministic CBOR that names its own purpose first.

    No entry and no checkpoint begins like it: the former's Sig_structure is a list that begins with "Signature1", the latter a text.
    """
    return cbor.encode(["gongshi/key-possession", 1, chain, organisation, suite, public])
