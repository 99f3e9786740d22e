"""Ed25519 with its edges decided before the library is asked.

RFC 8032 leaves edge cases open and libraries differ on them, which forks a ledger. The rule here: the encodings of A and
R are canonical, neither is a point of small order, S is below L; then the cofactorless equation, by libsodium.
"""

from __future__ import annotations

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_SIGN_BIT = 1 << 255

# The canonical encodings of the eight points whose order divides eight (orders 1, 2, 4, 4, 8, 8, 8, 8).
_SMALL_ORDER = frozenset(
    bytes.fromhex(text)
    for text in (
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    )
)


def is_canonical_point(encoded: bytes) -> bool:
    """Ask whether the 32 bytes are the canonical encoding of a y below p, and not of minus zero."""
    number = int.from_bytes(encoded, "little")
    y = number % _SIGN_BIT
    minus_zero = number >= _SIGN_BIT and y in (1, _P - 1)
    return y < _P and not minus_zero


def refuse_public(public: bytes) -> str:
    """Name why the bytes are no public key under the rule, or give the empty string."""
    if len(public) != 32:
        return "length"
    if not is_canonical_point(public):
        return "non_canonical"
    return "small_order" if public in _SMALL_ORDER else ""


def refuse_signature(public: bytes, signature: bytes) -> str:
    """Name why the pair is refused before any arithmetic, or give the empty string."""
    if len(public) != 32 or len(signature) != 64:
        return "length"
    point, scalar = signature[:32], signature[32:]
    if not is_canonical_point(public) or not is_canonical_point(point):
        return "non_canonical"
    if public in _SMALL_ORDER or point in _SMALL_ORDER:
        return "small_order"
    if int.from_bytes(scalar, "little") >= _L:
        return "scalar"
    return ""


def check_signature(public: bytes, message: bytes, signature: bytes) -> bool:
    """Check one signature under the written rule."""
    if refuse_signature(public, signature):
        return False
    try:
        crypto_sign_open(signature + message, public)
    except BadSignatureError:
        return False
    return True
