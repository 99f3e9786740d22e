"""SM3 against the standard's examples, and the plain form against Python's library."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi_verifier.sm3 import compute_plain_sm3, compute_sm3

# GB/T 32905-2016, annex A.
EXAMPLES = [
    (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
    (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"),
]


@pytest.mark.parametrize(("message", "digest"), EXAMPLES)
def test_the_examples_of_the_standard(message, digest):
    assert compute_plain_sm3(message).hex() == compute_sm3(message).hex() == digest


def test_a_python_without_it_gives_the_same(monkeypatch):
    monkeypatch.setattr(hashlib, "algorithms_available", set())
    monkeypatch.setattr(hashlib, "new", None)
    assert compute_sm3(b"abc").hex() == EXAMPLES[0][1]


@pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="this Python's OpenSSL has no SM3")
@given(st.binary(max_size=300))
def test_the_plain_form_is_the_librarys(message):
    assert compute_plain_sm3(message) == hashlib.new("sm3", message).digest()
