"""Confidential exchange: a body sealed to named organisations; the ledger carries its digest and a salted commitment.

The body is encrypted once under a fresh content key (AES-256-GCM); the content key is wrapped to each recipient with HPKE
(RFC 9180: X25519, HKDF-SHA256, AES-256-GCM). The wraps travel with the body and not on the ledger: a wrap on an append-only
ledger would open for ever once a recipient's key leaked. HPKE's base mode does not name the sender, so the ledger entry's
signature over the digest of the envelope does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from gongshi.terms.canonical import NotCanonicalError, decode_cbor, encode_cbor
from gongshi.terms.digest import Digest, compute_digest
from gongshi.terms.problem import Problem

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_INFO = b"gongshi/envelope/1"
_VERSION = 1
SALT_SIZE = 32


@dataclass(frozen=True, slots=True)
class Secrets:
    """The random bytes of one envelope, fresh from the operating system: content key 32, nonce 12, salt 32."""

    content_key: bytes
    nonce: bytes
    salt: bytes


@dataclass(frozen=True, slots=True)
class Sealed:
    """An envelope's bytes, the digest that goes on the ledger, and the salted commitment to the body."""

    envelope: bytes
    digest: Digest
    commitment: Digest


@dataclass(frozen=True, slots=True)
class _Envelope:
    """An envelope as it was read: the recipients in order, and a wrap for each."""

    names: tuple[str, ...]
    nonce: bytes
    body: bytes
    wraps: Mapping[str, bytes]


def seal_envelope(body: bytes, recipients: Mapping[str, bytes], secrets: Secrets) -> Sealed:
    """Seal the body to organisations by their X25519 public keys."""
    names = sorted(recipients)
    bound = encode_cbor([_VERSION, names])
    sealed_body = AESGCM(secrets.content_key).encrypt(secrets.nonce, secrets.salt + body, bound)
    wraps = {
        name: _SUITE.encrypt(secrets.content_key, X25519PublicKey.from_public_bytes(recipients[name]), _INFO + bound)
        for name in names
    }
    envelope = encode_cbor({"v": _VERSION, "to": names, "nonce": secrets.nonce, "body": sealed_body, "wraps": wraps})
    return Sealed(envelope, compute_digest(envelope), compute_commitment(secrets.salt, body))


def open_envelope(envelope: bytes, organisation: str, private: X25519PrivateKey) -> tuple[bytes, bytes] | Problem:
    """Give (body, salt), or the problem: not an envelope, not addressed to this organisation, or altered."""
    read = _read_envelope(envelope)
    if read is None:
        return Problem("seal.envelope.malformed")
    if organisation not in read.wraps:
        return Problem("seal.envelope.not_addressed", organisation, {"to": ", ".join(read.names)})
    bound = encode_cbor([_VERSION, list(read.names)])
    try:
        content_key = _SUITE.decrypt(read.wraps[organisation], private, _INFO + bound)
        opened = AESGCM(content_key).decrypt(read.nonce, read.body, bound)
    except (InvalidTag, ValueError):
        return Problem("seal.envelope.altered", organisation)
    if len(opened) < SALT_SIZE:
        return Problem("seal.envelope.altered", organisation)
    return opened[SALT_SIZE:], opened[:SALT_SIZE]


def _read_envelope(data: bytes) -> _Envelope | None:
    """Read an envelope strictly: it comes from another member, and nothing in it is taken on trust."""
    try:
        content = decode_cbor(data)
    except NotCanonicalError:
        return None
    if not isinstance(content, dict) or content.keys() != {"v", "to", "nonce", "body", "wraps"}:
        return None
    names, wraps = content["to"], content["wraps"]
    is_right = (
        type(content["v"]) is int
        and content["v"] == _VERSION
        and isinstance(names, list)
        and all(isinstance(name, str) for name in names)
        and isinstance(wraps, dict)
        and sorted(names) == names == sorted(wraps, key=str)
        and all(isinstance(wrap, bytes) for wrap in (content["nonce"], content["body"], *wraps.values()))
    )
    return _Envelope(tuple(names), content["nonce"], content["body"], wraps) if is_right else None


def compute_commitment(salt: bytes, body: bytes) -> Digest:
    """Give the commitment: SHA-256 over the salt and the body's digest. Without the salt a guessed body cannot be confirmed."""
    return compute_digest(salt + compute_digest(body))
