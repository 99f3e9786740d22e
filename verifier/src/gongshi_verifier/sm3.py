"""SM3 (GB/T 32905-2016, ISO/IEC 10118-3:2018): the hash that goes with SM2.

Python's own `hashlib` has it where its OpenSSL was built with it. Written out here for where it was not, because a verifier
that answers on one machine and not on another is none; the tests hold the two against each other.
"""

from __future__ import annotations

import hashlib
import struct

_START = (
    0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
)  # fmt: skip
_MASK = 0xFFFFFFFF


def compute_sm3(message: bytes) -> bytes:
    """Give the 32 bytes of SM3 over the message."""
    if "sm3" in hashlib.algorithms_available:
        return hashlib.new("sm3", message).digest()
    return compute_plain_sm3(message)


def compute_plain_sm3(message: bytes) -> bytes:
    """Give the same without any library: GB/T 32905, 5.2 (padding) and 5.3 (iteration)."""
    padded = message + b"\x80" + bytes(-(len(message) + 9) % 64) + struct.pack(">Q", len(message) * 8)
    state: tuple[int, ...] = _START
    for start in range(0, len(padded), 64):
        state = _compress(state, padded[start : start + 64])
    return struct.pack(">8I", *state)


def _rotate(word: int, by: int) -> int:
    by %= 32
    return (word << by | word >> (32 - by)) & _MASK


def _spread(word: int) -> int:
    """Give the permutation P1 of 4.4."""
    return word ^ _rotate(word, 15) ^ _rotate(word, 23)


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    words = list(struct.unpack(">16I", block))
    for j in range(16, 68):
        mixed = _spread(words[j - 16] ^ words[j - 9] ^ _rotate(words[j - 3], 15))
        words.append(mixed ^ _rotate(words[j - 13], 7) ^ words[j - 6])
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        is_early = j < 16
        turned = _rotate(a, 12)
        first = _rotate((turned + e + _rotate(0x79CC4519 if is_early else 0x7A879D8A, j)) & _MASK, 7)
        majority = a ^ b ^ c if is_early else (a & b) | (a & c) | (b & c)
        choice = e ^ f ^ g if is_early else (e & f) | (~e & _MASK & g)
        one = (majority + d + (first ^ turned) + (words[j] ^ words[j + 4])) & _MASK
        two = (choice + h + first + words[j]) & _MASK
        a, b, c, d = one, a, _rotate(b, 9), c
        e, f, g, h = two ^ _rotate(two, 9) ^ _rotate(two, 17), e, _rotate(f, 19), g
    return tuple(old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True))
