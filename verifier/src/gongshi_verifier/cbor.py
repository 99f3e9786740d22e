"""A strict decoder of deterministic CBOR (RFC 8949, 4.2.1): one value has one encoding, and every other one is refused.

It is written out here, because the verifier stands on a signature library and nothing else. The house decodes with
cbor2; the tests hold the two against each other.
"""

from __future__ import annotations

import math
import struct
from typing import Any

DEPTH_MAX = 16
# Why bytes are no canonical value, one word a rule; docs/validity.md explains each, and none is ever given another meaning.
REASONS = (
    "malformed",  # nothing, a head cut off, a reserved head, a break without its beginning (RFC 8949, appendix F)
    "length",  # a string, list or map that claims more than the bytes that are left
    "trailing",  # bytes after the value
    "depth",
    "indefinite",
    "long_form",  # a head that is longer than its argument needs
    "integer",  # outside -2^63 .. 2^64-1
    "text",  # no UTF-8
    "float",
    "nan",
    "tag",
    "simple",  # undefined, and every simple value but false, true and null
    "key_type",  # a key that is neither text nor an integer
    "key_order",
    "key_twice",
)
_FLOATS = {25: ">e", 26: ">f", 27: ">d"}


class CborError(ValueError):
    """The bytes are no canonical value; `reason` is one of REASONS, `offset` the place."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(f"{reason} at byte {offset}")
        self.reason = reason
        self.offset = offset


def decode(data: bytes) -> Any:
    """Decode exactly one value: integers, bytes, text, lists, maps (text or integer keys), booleans and null."""
    value, end = _item(data, 0, 0)
    if end != len(data):
        raise CborError("trailing", end)
    return value


def encode_head(major: int, argument: int) -> bytes:
    """Give the shortest head of a major type and its argument."""
    for size, code in ((1, 24), (2, 25), (4, 26), (8, 27)):
        if argument < 24:
            return bytes([major << 5 | argument])
        if argument < 1 << (8 * size):
            return bytes([major << 5 | code]) + argument.to_bytes(size, "big")
    raise ValueError(argument)


def encode(value: object) -> bytes:
    """Encode what `decode` reads: used to rebuild the bytes that were signed or hashed."""
    if value is None or value is True or value is False:
        return {None: b"\xf6", True: b"\xf5", False: b"\xf4"}[value]
    if isinstance(value, int):
        return encode_head(0, value) if value >= 0 else encode_head(1, -1 - value)
    if isinstance(value, bytes):
        return encode_head(2, len(value)) + value
    if isinstance(value, str):
        data = value.encode()
        return encode_head(3, len(data)) + data
    if isinstance(value, (list, tuple)):
        return encode_head(4, len(value)) + b"".join(encode(item) for item in value)
    if isinstance(value, dict):
        pairs = sorted((encode(key), encode(item)) for key, item in value.items())
        return encode_head(5, len(pairs)) + b"".join(key + item for key, item in pairs)
    raise TypeError(type(value).__name__)


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    """Read one head: (major type, argument, offset after it); a form that is not the shortest is refused."""
    if at >= len(data):
        raise CborError("malformed", at)
    major, low = data[at] >> 5, data[at] & 31
    if low < 24:
        return major, low, at + 1
    if low > 27:
        is_begun = low == 31 and 2 <= major <= 5
        raise CborError("indefinite" if is_begun else "malformed", at)
    size = 1 << (low - 24)
    if at + 1 + size > len(data):
        raise CborError("malformed", at)
    argument = int.from_bytes(data[at + 1 : at + 1 + size], "big")
    if major != 7 and (argument < 24 or (size > 1 and argument < 1 << (4 * size))):
        raise CborError("long_form", at)
    return major, argument, at + 1 + size


def _item(data: bytes, at: int, depth: int) -> tuple[Any, int]:
    if depth > DEPTH_MAX:
        raise CborError("depth", at)
    major, argument, after = _head(data, at)
    if major == 0:
        return argument, after
    if major == 1:
        if argument >= 1 << 63:
            raise CborError("integer", at)
        return -1 - argument, after
    if major == 6:
        raise CborError("tag", at)
    if major == 7:
        return _simple(data, at, after), after
    # A string needs its bytes, a list one byte an item, a map two a pair: decided before anything is made of them.
    if argument * (2 if major == 5 else 1) > len(data) - after:
        raise CborError("length", at)
    if major in (2, 3):
        return _string(data, at, after, major, argument)
    if major == 4:
        return _list(data, after, argument, depth)
    return _map(data, after, argument, depth)


def _simple(data: bytes, at: int, after: int) -> bool | None:
    known = {0xF4: False, 0xF5: True, 0xF6: None}
    if data[at] in known:
        return known[data[at]]
    form = _FLOATS.get(data[at] & 31)
    if form is None:
        raise CborError("simple", at)
    raise CborError("nan" if math.isnan(struct.unpack(form, data[at + 1 : after])[0]) else "float", at)


def _string(data: bytes, at: int, after: int, major: int, length: int) -> tuple[bytes | str, int]:
    end = after + length
    if major == 2:
        return data[after:end], end
    try:
        return data[after:end].decode(), end
    except UnicodeDecodeError:
        raise CborError("text", at) from None


def _list(data: bytes, after: int, length: int, depth: int) -> tuple[list[Any], int]:
    items = []
    for _ in range(length):
        item, after = _item(data, after, depth + 1)
        items.append(item)
    return items, after


def _map(data: bytes, after: int, length: int, depth: int) -> tuple[dict[Any, Any], int]:
    pairs: dict[Any, Any] = {}
    before = b""
    for _ in range(length):
        start = after
        key, after = _item(data, after, depth + 1)
        if type(key) not in (str, int):
            raise CborError("key_type", start)
        encoded = data[start:after]
        if key in pairs:
            raise CborError("key_twice", start)
        if encoded <= before:
            raise CborError("key_order", start)
        before = encoded
        pairs[key], after = _item(data, after, depth + 1)
    return pairs, after
