"""SM2 signatures (GB/T 32918.2-2016, ISO/IEC 14888-3:2018) with SM3, checked over integers; edges decided before any arithmetic.

A public key is 64 bytes, x and y big-endian: SEC1's uncompressed point without its leading 04. It has one form only, no
compressed twin and no encoding of infinity. A signature is 64 bytes, r and s big-endian, and no DER, of which a value has
many. The signer's distinguishing identifier is the default of GB/T 35276-2017, 10: the 16 bytes "1234567812345678".

Nothing here is secret, so integers of Python serve; nobody signs by this file. A program that checks thousands of
signatures a second uses a library behind the same edges.
"""

from __future__ import annotations

from gongshi_verifier.sm3 import compute_sm3

IDENTIFIER = b"1234567812345678"
PUBLIC_SIZE = SIGNATURE_SIZE = 64

# The recommended curve y^2 = x^3 + ax + b (GB/T 32918.5-2017, 2); a = p - 3, the cofactor is 1.
P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
GX = 0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7
GY = 0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0

_Point = tuple[int, int, int]  # Jacobian: (X / Z^2, Y / Z^3); Z = 0 is infinity
_INFINITY: _Point = (1, 1, 0)


def refuse_public(public: bytes) -> str:
    """Name why the bytes are no public key, or give the empty string: length, a coordinate from p on, a point off the curve."""
    if len(public) != PUBLIC_SIZE:
        return "length"
    x, y = int.from_bytes(public[:32], "big"), int.from_bytes(public[32:], "big")
    if x >= P or y >= P:
        return "non_canonical"
    if (y * y - (x * x + A) * x - B) % P:
        return "off_curve"
    return ""


def refuse_signature(public: bytes, signature: bytes) -> str:
    """Name why the pair is refused before the equation: the key, the length, r or s not in [1, n-1], or r + s = n."""
    reason = refuse_public(public)
    if reason:
        return reason
    if len(signature) != SIGNATURE_SIZE:
        return "length"
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < N and 0 < s < N) or r + s == N:
        return "scalar"
    return ""


def compute_digest(public: bytes, message: bytes, identifier: bytes = IDENTIFIER) -> bytes:
    """Give e of GB/T 32918.2, 6.1: SM3 over Z (5.5: identifier, curve, generator and key) and the message."""
    curve = b"".join(number.to_bytes(32, "big") for number in (A, B, GX, GY))
    z = compute_sm3((len(identifier) * 8).to_bytes(2, "big") + identifier + curve + public)
    return compute_sm3(z + message)


def check_signature(public: bytes, message: bytes, signature: bytes) -> bool:
    """Check one signature: edges first, then (e + x of [s]G + [r + s]P) mod n = r (GB/T 32918.2, 7.1)."""
    if refuse_signature(public, signature):
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    point = (int.from_bytes(public[:32], "big"), int.from_bytes(public[32:], "big"), 1)
    x, _, z = _combine(s, (GX, GY, 1), (r + s) % N, point)
    if z == 0:
        return False
    e = int.from_bytes(compute_digest(public, message), "big")
    return (e + x * pow(z, -2, P) % P) % N == r


def _combine(first: int, one: _Point, second: int, other: _Point) -> _Point:
    """Give [first]one + [second]other, both scalars in one pass from the highest bit."""
    both = _add(one, other)
    total = _INFINITY
    for bit in range(max(first.bit_length(), second.bit_length()) - 1, -1, -1):
        total = _double(total)
        chosen = (first >> bit & 1) | (second >> bit & 1) << 1
        if chosen:
            total = _add(total, (_INFINITY, one, other, both)[chosen])
    return total


def _double(point: _Point) -> _Point:
    x, y, z = point
    if z == 0 or y == 0:
        return _INFINITY
    square = y * y % P
    s = 4 * x * square % P
    z_square = z * z % P
    m = 3 * (x - z_square) * (x + z_square) % P  # because a = -3
    x_new = (m * m - 2 * s) % P
    return x_new, (m * (s - x_new) - 8 * square * square) % P, 2 * y * z % P


def _add(one: _Point, other: _Point) -> _Point:
    if one[2] == 0:
        return other
    if other[2] == 0:
        return one
    (x1, y1, z1), (x2, y2, z2) = one, other
    z1_square, z2_square = z1 * z1 % P, z2 * z2 % P
    u1, u2 = x1 * z2_square % P, x2 * z1_square % P
    s1, s2 = y1 * z2 * z2_square % P, y2 * z1 * z1_square % P
    h, r = (u2 - u1) % P, (s2 - s1) % P
    if h == 0:
        return _double(one) if r == 0 else _INFINITY
    h_square = h * h % P
    h_cube, v = h * h_square % P, u1 * h_square % P
    x = (r * r - h_cube - 2 * v) % P
    return x, (r * (v - x) - s1 * h_cube) % P, h * z1 * z2 % P
