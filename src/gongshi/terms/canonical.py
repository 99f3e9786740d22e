"""Canonical bytes: deterministic CBOR (RFC 8949, 4.2.1) for what is signed, RFC 8785 JSON for evidence.

cbor2 decodes fast but takes long-form integers, duplicate keys, indefinite lengths and NaN; therefore what comes in is
decoded, checked for its types, encoded again and compared. The offline verifier has a strict decoder of its own, and the
tests hold the two against each other.
"""

from __future__ import annotations

import io
from typing import Any

import cbor2
import rfc8785

CBOR_DEPTH_MAX = 16
_INTEGER_MIN, _INTEGER_MAX = -(2**63), 2**64 - 1


class NotCanonicalError(ValueError):
    """The bytes are no canonical encoding, or the value has none. `reason` is one word that a problem code can carry."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def encode_cbor(value: object) -> bytes:
    """Encode integers, bytes, text, booleans, null, lists and maps with text or integer keys; anything else is refused."""
    return _encode(value, _check(value, 0))


def decode_cbor(data: bytes) -> Any:
    """Decode exactly one canonical value; NotCanonicalError names why not."""
    stream = io.BytesIO(data)
    try:
        value = cbor2.load(stream)
    except Exception:  # noqa: BLE001 - the library raises many kinds for one fact: these are not CBOR bytes
        raise NotCanonicalError("malformed") from None
    if stream.tell() != len(data):
        raise NotCanonicalError("trailing")
    if _encode(value, _check(value, 0)) != data:
        raise NotCanonicalError("form")
    return value


def _encode(value: object, has_integer_keys: bool) -> bytes:
    """Encode a checked value.

    cbor2's canonical form is that of RFC 7049, which puts shorter keys first. RFC 8949 compares the bytes of the keys; the
    two differ only where a map has integer keys, so there its order is made here.
    """
    return cbor2.dumps(_in_order(value)) if has_integer_keys else cbor2.dumps(value, canonical=True)


def _in_order(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [_in_order(item) for item in value]
    if isinstance(value, dict):
        return {key: _in_order(value[key]) for key in sorted(value, key=cbor2.dumps)}
    return value


def _check(value: object, depth: int) -> bool:
    """Refuse what has no canonical form, and say whether any map has an integer among its keys."""
    if depth > CBOR_DEPTH_MAX:
        raise NotCanonicalError("depth")
    kind = type(value)
    found = False
    if kind is int:
        if not _INTEGER_MIN <= value <= _INTEGER_MAX:  # type: ignore[operator]
            raise NotCanonicalError("integer")
    elif kind is str:
        try:
            value.encode()  # type: ignore[attr-defined]
        except UnicodeEncodeError:
            raise NotCanonicalError("text") from None
    elif kind in (list, tuple):
        for item in value:  # type: ignore[attr-defined]
            found = _check(item, depth + 1) or found
    elif kind is dict:
        for key, item in value.items():  # type: ignore[attr-defined]
            if type(key) not in (str, int):
                raise NotCanonicalError("key")
            _check(key, depth + 1)
            found = _check(item, depth + 1) or found or type(key) is int
    elif kind not in (bytes, bool, type(None)):
        raise NotCanonicalError("type")
    return found


def encode_json(value: object) -> bytes:
    """Encode by RFC 8785 (JCS); floats are refused, because a figure is integer, scale and unit."""
    _refuse_floats(value)
    return rfc8785.dumps(value)  # type: ignore[arg-type]


def _refuse_floats(value: object) -> None:
    if isinstance(value, float):
        raise NotCanonicalError("float")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_floats(item)
