"""COSE_Sign1 (RFC 9052, 4.2), the one structure in which everything is signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gongshi_verifier import cbor, ed25519

ALG, CRIT, KID, TYPE = 1, 2, 4, 16
ED25519 = -19  # fully specified (RFC 9864); readers also know EdDSA, -8
EDDSA = -8
ML_DSA_44 = -48  # IANA's registry: draft-ietf-cose-dilithium, RFC 9964
SM2 = -3291802  # not registered; below -65536 is for private use (RFC 9053, 8.2): the digits of GB/T 32918, part 2


class CoseError(ValueError):
    """The bytes are no COSE_Sign1 of the kind that is read here; `reason` is one word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Sign1:
    """A parsed message: decoded protected header, its bytes, payload and signature; the unprotected header is empty."""

    header: dict[int | str, Any]
    protected: bytes
    payload: bytes
    signature: bytes

    def signed_bytes(self, external_aad: bytes = b"") -> bytes:
        """Give the Sig_structure, which is what the signature covers."""
        return cbor.encode(["Signature1", self.protected, external_aad, self.payload])


def parse_sign1(data: bytes) -> Sign1:
    """Read an untagged, strictly canonical COSE_Sign1 with an empty unprotected header."""
    try:
        value = cbor.decode(data)
    except cbor.CborError as error:
        raise CoseError(error.reason) from None
    if not isinstance(value, list) or len(value) != 4:
        raise CoseError("shape")
    protected, unprotected, payload, signature = value
    if unprotected != {} or not all(isinstance(item, bytes) for item in (protected, payload, signature)):
        raise CoseError("shape")
    try:
        header = cbor.decode(protected)
    except cbor.CborError as error:
        raise CoseError(error.reason) from None
    if not isinstance(header, dict):
        raise CoseError("shape")
    return Sign1(header, protected, payload, signature)


def check_sign1(message: Sign1, public: bytes, external_aad: bytes = b"") -> bool:
    """Check an Ed25519 signature; any other algorithm is refused, and so is a header that asks for more to be understood."""
    if message.header.get(ALG) not in (ED25519, EDDSA) or CRIT in message.header:
        return False
    return ed25519.check_signature(public, message.signed_bytes(external_aad), message.signature)
