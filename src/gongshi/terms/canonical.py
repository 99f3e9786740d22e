"""Canonical bytes: deterministic CBOR (RFC 8949, 4.2.1) for what is signed, RFC 8785 JSON for evidence.

cbor2 decodes fast but takes long-form integers, keys out of order, floats and NaN; therefore what comes in is decoded,
checked for its types, encoded again and compared. What differs is read once more by the offline verifier's strict
decoder, which says at which byte and why: the two name every refusal alike, and the tests hold them against each other.
"""

from __future__ import annotations

from typing import Any, NoReturn

import cbor2
import rfc8785

from gongshi_verifier import cbor

CBOR_DEPTH_MAX = cbor.DEPTH_MAX
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
    """Decode exactly one canonical value; NotCanonicalError names why not, by one of `gongshi_verifier.cbor.REASONS`.

    Depth, indefinite lengths, duplicate keys and tags end the reading where they stand: nothing is built of them. A length
    that is longer than the bytes is never allocated, because cbor2 reads strings by pieces and lists item by item.
    """
    try:
        value = cbor2.loads(
            data,
            max_depth=CBOR_DEPTH_MAX + 1,  # containers, where CBOR_DEPTH_MAX counts what stands around an item
            allow_indefinite=False,
            allow_duplicate_keys=False,
            semantic_decoders=_NO_TAGS,
            tag_hook=_refuse_tag,
        )
        is_canonical = _encode(value, _check(value, 0)) == data
    except MemoryError:  # the machine's own: no statement about the bytes, and replicas would differ
        raise
    except Exception:  # noqa: BLE001 - the library raises many kinds for one fact: these are no bytes of ours
        is_canonical = False
    if not is_canonical:
        raise NotCanonicalError(_name_reason(data))
    return value


def _refuse_tag(_decoder: object, _value: object) -> NoReturn:
    raise NotCanonicalError("tag")


# Every tag that cbor2 would turn into a date, a big number, an address, a regular expression, a reference …
_NO_TAGS = dict.fromkeys(
    (0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799), _refuse_tag
)


def _name_reason(data: bytes) -> str:
    try:
        cbor.decode(data)
    except cbor.CborError as error:
        return error.reason
    return "malformed"  # the two decoders disagree; refused all the same, as neither alone makes an entry


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
