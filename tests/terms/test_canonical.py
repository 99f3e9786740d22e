"""Canonical bytes: what cbor2 alone would let through is refused, and the verifier's own decoder agrees on every value and byte."""

from __future__ import annotations

import decimal
import tracemalloc
import warnings

import cbor2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gongshi.terms.canonical import NotCanonicalError, decode_cbor, encode_cbor, encode_json
from gongshi_verifier import cbor

INTEGERS = st.integers(-(2**63), 2**64 - 1)
KEYS = st.text(max_size=4) | INTEGERS
SIMPLE = st.none() | st.booleans() | INTEGERS | st.binary(max_size=8) | st.text(max_size=8)
VALUES = st.recursive(
    SIMPLE, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=12
)


def same(one: object, other: object) -> bool:
    """Compare with types: to Python alone, true is 1."""
    return repr(one) == repr(other)


@given(VALUES)
@example({1000: 1, "a": 2, -1: 3})
@example({"aa": 1, "b": 2, "ä": 3})
@example([{24: {-25: 0, "": 1}}])
def test_house_and_verifier_write_the_same_bytes_and_read_them_alike(value):
    data = encode_cbor(value)
    assert data == cbor.encode(value)
    assert decode_cbor(data) == value == cbor.decode(data)


@given(st.binary(max_size=48))
@example(bytes.fromhex("a3200361610219 03e801"))
def test_house_and_verifier_accept_the_same_bytes(data):
    """Any bytes at all: both read the same value, or both refuse."""
    try:
        ours = decode_cbor(data)
    except NotCanonicalError:
        with pytest.raises(cbor.CborError):
            cbor.decode(data)
        return
    assert same(ours, cbor.decode(data)) or ours == cbor.decode(data)
    assert encode_cbor(ours) == data


@given(VALUES, st.data())
def test_house_and_verifier_agree_on_encodings_with_a_byte_bent(value, data):
    encoded = bytearray(encode_cbor(value))
    place = data.draw(st.integers(0, len(encoded) - 1))
    encoded[place] = data.draw(st.integers(0, 255))
    verdicts = []
    for decode, error in ((decode_cbor, NotCanonicalError), (cbor.decode, cbor.CborError)):
        try:
            verdicts.append(repr(decode(bytes(encoded))))
        except error:
            verdicts.append("refused")
    assert verdicts[0] == verdicts[1]


def test_the_order_of_keys_is_that_of_their_bytes_and_not_of_their_lengths():
    assert encode_cbor({1000: 1, "a": 2, -1: 3}) == bytes.fromhex("a31903e8012003616102")
    with pytest.raises(NotCanonicalError, match="key_order"):
        decode_cbor(bytes.fromhex("a32003616102" + "1903e801"))


REFUSED = {
    "nothing": ("", "malformed"),
    "half a head": ("19ff", "malformed"),
    "a reserved head": ("1c", "malformed"),
    "a lone break": ("ff", "malformed"),
    "half a value": ("82 01", "length"),
    "a list of 2^62 items": ("9b4000000000000000", "length"),
    "a map of 2^62 pairs": ("bb4000000000000000", "length"),
    "2^62 bytes": ("5b4000000000000000", "length"),
    "two values": ("0000", "trailing"),
    "a long integer": ("1817", "long_form"),
    "a long length": ("5801aa", "long_form"),
    "an indefinite list": ("9f01ff", "indefinite"),
    "an indefinite text": ("7f6161ff", "indefinite"),
    "keys out of order": ("a2616201616102", "key_order"),
    "a key twice": ("a2616101616102", "key_twice"),
    "a half float": ("f93c00", "float"),
    "infinity": ("f97c00", "float"),
    "NaN": ("f97e00", "nan"),
    "a long NaN": ("fb7ff8000000000001", "nan"),
    "a date": ("c074323031362d30312d30315430303a30303a30305a", "tag"),
    "a big number": ("c249010000000000000000", "tag"),
    "a regular expression": ("d823612a", "tag"),
    "a list that holds itself": ("d81c81d81d00", "tag"),
    "a tag that nobody knows": ("d9ffff00", "tag"),
    "-2^63-1": ("3b8000000000000000", "integer"),
    "no UTF-8": ("61ff", "text"),
    "undefined": ("f7", "simple"),
    "false in two bytes": ("f814", "simple"),
    "a boolean as a key": ("a1f501", "key_type"),
    "bytes as a key": ("a1416101", "key_type"),
    "a list as a key": ("a18001", "key_type"),
    "seventeen lists": ("81" * 17 + "00", "depth"),
    "a hundred thousand lists": ("81" * 100_000, "depth"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_canonical_is_refused_by_name(name):
    data, reason = REFUSED[name]
    with pytest.raises(NotCanonicalError) as refused:
        decode_cbor(bytes.fromhex(data))
    assert refused.value.reason == reason


def test_every_reason_is_shown():
    assert {reason for _, reason in REFUSED.values()} == set(cbor.REASONS)


def test_sixteen_containers_around_an_item_are_read():
    for data in ("81" * 16 + "00", "81" * 16 + "80", "81" * 15 + "a10080"):
        assert encode_cbor(decode_cbor(bytes.fromhex(data))).hex() == data


def test_a_length_is_refused_before_anything_is_allocated_for_it():
    tracemalloc.start()
    try:
        for head in ("5b", "7b", "9b", "bb"):
            with pytest.raises(NotCanonicalError, match="length"):
                decode_cbor(bytes.fromhex(head + "0000000100000000") + bytes(64))
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_a_tag_is_refused_before_its_content_means_anything():
    # cbor2 alone would compile a stranger's regular expression, and warn of this one.
    data = bytes.fromhex("d82365") + b"[[a]]"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(NotCanonicalError, match="tag"):
            decode_cbor(data)
        assert not caught
        cbor2.loads(data)
        assert caught


def test_where_the_two_decoders_disagree_the_bytes_are_refused(monkeypatch):
    monkeypatch.setattr(cbor2, "loads", lambda *_, **__: 1)
    with pytest.raises(NotCanonicalError, match="malformed"):
        decode_cbor(b"\x00")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (1.0, "type"),
        (float("nan"), "type"),
        (decimal.Decimal(1), "type"),
        ({1, 2}, "type"),
        (2**64, "integer"),
        (-(2**63) - 1, "integer"),
        ({True: 1}, "key"),
        ({b"a": 1}, "key"),
        ({None: 1}, "key"),
        ("\ud800", "text"),
        ({"\ud800": 1}, "text"),
        ([[[1.5]]], "type"),
    ],
)
def test_what_has_no_canonical_form_is_not_written(value, reason):
    with pytest.raises(NotCanonicalError) as refused:
        encode_cbor(value)
    assert refused.value.reason == reason


def test_a_tuple_is_written_as_a_list():
    assert encode_cbor((1, (2, {3: (4,)}))) == encode_cbor([1, [2, {3: [4]}]])


# RFC 8785, 3.2.2 and 3.2.3: the examples of the standard, without their floats.
JCS = [
    ({"b": 2, "a": 1}, b'{"a":1,"b":2}'),
    ({"literals": [None, True, False]}, b'{"literals":[null,true,false]}'),
    ({"string": '€$\u000f\nA\'B"\\\\"/'}, '{"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'.encode()),
    (
        {
            "\u20ac": "Euro Sign",
            "\r": "Carriage Return",
            "\ufb33": "Hebrew Letter Dalet With Dagesh",
            "1": "One",
            "\U0001f600": "Emoji: Grinning Face",
            "\u0080": "Control",
            "\u00f6": "Latin Small Letter O With Diaeresis",
        },
        (
            '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis",'
            '"\u20ac":"Euro Sign","\U0001f600":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}'
        ).encode(),
    ),
    ({"名": "共识"}, '{"名":"共识"}'.encode()),
]


@pytest.mark.parametrize(("value", "data"), JCS)
def test_json_is_that_of_rfc_8785(value, data):
    assert encode_json(value) == data


@pytest.mark.parametrize("value", [1.0, [1.0], {"a": {"b": (0.5,)}}, float("nan"), float("inf")])
def test_json_has_no_floats(value):
    with pytest.raises(NotCanonicalError, match="float"):
        encode_json(value)
