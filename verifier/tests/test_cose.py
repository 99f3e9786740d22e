"""COSE_Sign1: one form, one algorithm, nothing in it that is not understood."""

import pytest
from makings import key_of

from gongshi_verifier import cbor, cose

KEY = key_of("signer")


def message(header, payload=b"payload", unprotected=None, aad=b"", key=KEY) -> bytes:
    protected = cbor.encode(header)
    signature = key.sign(cbor.encode(["Signature1", protected, aad, payload]))
    return cbor.encode([protected, unprotected or {}, payload, signature])


@pytest.mark.parametrize("algorithm", [-19, -8])
def test_a_message_holds_under_both_names_of_the_algorithm(algorithm):
    parsed = cose.parse_sign1(message({1: algorithm}))
    assert parsed.payload == b"payload"
    assert cose.check_sign1(parsed, KEY.public)
    assert not cose.check_sign1(parsed, key_of("other").public)
    assert not cose.check_sign1(parsed, KEY.public, b"other data")
    assert cose.check_sign1(cose.parse_sign1(message({1: algorithm}, aad=b"data")), KEY.public, b"data")


@pytest.mark.parametrize("header", [{}, {1: -7}, {1: "EdDSA"}, {1: [-19]}, {1: True}, {1: -19, 2: [99], 99: 0}])
def test_other_algorithms_and_critical_headers_are_refused(header):
    assert not cose.check_sign1(cose.parse_sign1(message(header)), KEY.public)


WRONG = {
    "no CBOR": (b"\xff", "malformed"),
    "no list": (cbor.encode({}), "shape"),
    "three parts": (cbor.encode([b"", {}, b""]), "shape"),
    "a filled unprotected header": (message({1: -19}, unprotected={4: b"id"}), "shape"),
    "a payload that is elsewhere": (cbor.encode([b"\xa0", {}, None, bytes(64)]), "shape"),
    "a header that is no CBOR": (cbor.encode([b"\xff", {}, b"", bytes(64)]), "malformed"),
    "an empty header": (cbor.encode([b"", {}, b"", bytes(64)]), "malformed"),
    "a header that is no map": (cbor.encode([cbor.encode([1, -19]), {}, b"", bytes(64)]), "shape"),
    "a tag": (b"\xd2" + message({1: -19}), "tag"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_message_is_refused(name):
    data, reason = WRONG[name]
    with pytest.raises(cose.CoseError) as refused:
        cose.parse_sign1(data)
    assert refused.value.reason == reason
