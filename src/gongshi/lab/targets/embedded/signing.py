"""Payments as signed entries, sound and spoilt: what an honest operator signs, and what a forger would send."""

from __future__ import annotations

from gongshi.lab.ports import Tamper
from gongshi.ledger.codec import sign_entry
from gongshi.ledger.records import Op
from gongshi.seal.signing import SigningKey, make_signing_key
from gongshi.terms.canonical import decode_cbor, encode_cbor
from gongshi.terms.digest import compute_digest

WINDOW = 100
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493


def derive_key(seed: int, name: str) -> SigningKey:
    """Derive a key from the run's seed, so that the run can be repeated to the byte."""
    return make_signing_key(compute_digest(f"gongshi.lab.embedded/{seed}/{name}".encode()))


def sign_spoilt(key: SigningKey, chain: str, sequence: int, height: int, op: Op, other: Op, tamper: Tamper) -> bytes:
    """Sign an operation, spoilt as `tamper` says; `other` is the operation that a forger would rather have."""
    if tamper == "nonce":
        return sign_entry(key, chain, sequence - 1, height + WINDOW, [op])
    if tamper == "sender":
        key = SigningKey(derive_key(0, "nobody").seed, key.public)
    data = sign_entry(key, chain, sequence, height + WINDOW, [op])
    protected, unprotected, payload, signature = decode_cbor(data)
    if tamper == "signature":
        signature = bytes([signature[0] ^ 1]) + signature[1:]
    if tamper == "malleable":
        scalar = int.from_bytes(signature[32:], "little") + GROUP_ORDER
        signature = signature[:32] + scalar.to_bytes(32, "little")
    if tamper == "payload":
        payload = decode_cbor(sign_entry(key, chain, sequence, height + WINDOW, [other]))[2]
    return encode_cbor([protected, unprotected, payload, signature])
