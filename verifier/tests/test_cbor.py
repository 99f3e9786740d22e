"""One value has one encoding, and every other one is refused by name."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gongshi_verifier import cbor

KEYS = st.text(max_size=4) | st.integers(-(2**63), 2**64 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.binary(max_size=8) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)

REFUSED = {
    "nothing": ("", "malformed"),
    "a second value": ("0000", "trailing"),
    "23 in two bytes": ("1817", "long_form"),
    "255 in three bytes": ("1900ff", "long_form"),
    "65535 in five bytes": ("1a0000ffff", "long_form"),
    "2^32-1 in nine bytes": ("1b00000000ffffffff", "long_form"),
    "a long length": ("5801aa", "long_form"),
    "a head without its argument": ("19ff", "malformed"),
    "reserved": ("1c", "malformed"),
    "an indefinite list": ("9f01ff", "indefinite"),
    "an indefinite map": ("bf6161 01ff", "indefinite"),
    "indefinite bytes": ("5f41aaff", "indefinite"),
    "a lone break": ("ff", "malformed"),
    "-2^63-1": ("3b8000000000000000", "integer"),
    "a half float": ("f93c00", "float"),
    "NaN": ("f97e00", "nan"),
    "a single float": ("fa3f800000", "float"),
    "a double": ("fb3ff0000000000000", "float"),
    "undefined": ("f7", "simple"),
    "a simple value": ("f820", "simple"),
    "false in two bytes": ("f814", "simple"),
    "a tag": ("c000", "tag"),
    "a big number": ("c24101", "tag"),
    "bytes that end early": ("42aa", "length"),
    "text that is no UTF-8": ("61ff", "text"),
    "a surrogate": ("63eda080", "text"),
    "a list that ends early": ("8201", "length"),
    "a map that ends early": ("a16161", "malformed"),
    "a key twice": ("a2616101616102", "key_twice"),
    "keys out of order": ("a2616201616102", "key_order"),
    "a longer key first": ("a262616101616202", "key_order"),
    "a key again, further on": ("a3616101616202616103", "key_twice"),
    "a map of more pairs than bytes": ("a2616101", "length"),
    "an indefinite integer": ("1f", "malformed"),
    "a NaN of four bytes": ("fa7fc00001", "nan"),
    "infinity": ("f97c00", "float"),
    "a half head in a list": ("8119", "malformed"),
    "a boolean as a key": ("a1f501", "key_type"),
    "bytes as a key": ("a1416101", "key_type"),
    "a list as a key": ("a18001", "key_type"),
    "a list of 2^62 items": ("9b4000000000000000", "length"),
    "a map of 2^62 pairs": ("bb4000000000000000", "length"),
    "2^62 bytes": ("5b4000000000000000", "length"),
    "seventeen lists": ("81" * 17 + "00", "depth"),
    "a hundred thousand lists": ("81" * 100_000, "depth"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_canonical_is_refused(name):
    data, reason = REFUSED[name]
    with pytest.raises(cbor.CborError) as refused:
        cbor.decode(bytes.fromhex(data))
    assert refused.value.reason == reason
    assert reason in str(refused.value)


def test_every_reason_is_shown_and_no_other_exists():
    assert {reason for _, reason in REFUSED.values()} == set(cbor.REASONS)


@given(VALUES)
@example({1000: 1, "a": 2, -1: 3})
def test_a_value_comes_back_from_its_bytes(value):
    data = cbor.encode(value)
    assert cbor.decode(data) == value
    assert cbor.encode(cbor.decode(data)) == data


@given(st.binary(max_size=64))
def test_bytes_are_either_the_encoding_of_a_value_or_refused(data):
    try:
        value = cbor.decode(data)
    except cbor.CborError:
        return
    assert cbor.encode(value) == data


def test_sixteen_levels_are_read_and_what_has_no_encoding_is_our_mistake():
    assert cbor.encode(cbor.decode(bytes.fromhex("81" * 16 + "00"))) == bytes.fromhex("81" * 16 + "00")
    with pytest.raises(TypeError):
        cbor.encode(1.5)
    with pytest.raises(ValueError, match="18446744073709551616"):
        cbor.encode(2**64)
