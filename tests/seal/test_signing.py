"""Keys, their ids, and the one structure in which everything is signed."""

import hashlib

import pytest

from gongshi.seal.signing import KEY_ID_SIZE, key_id, make_signing_key, sign_message
from gongshi_verifier import cbor, cose
from gongshi_verifier.ed25519 import check_signature
from gongshi_verifier.entry import compute_key_id

# RFC 8032, 7.1, tests 1 and 3.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("seed", "public", "message", "signature"), VECTORS)
def test_keys_and_signatures_are_those_of_the_standard(seed, public, message, signature):
    key = make_signing_key(bytes.fromhex(seed))
    assert key.public.hex() == public
    assert key.sign(bytes.fromhex(message)).hex() == signature
    assert check_signature(key.public, bytes.fromhex(message), key.sign(bytes.fromhex(message)))


def test_a_key_is_shown_by_its_id_and_never_by_its_seed():
    key = make_signing_key(bytes(range(32)))
    assert repr(key) == f"SigningKey({key.id.hex()})"
    assert key.seed.hex() not in repr(key)
    assert key.id == key_id(key.public) == compute_key_id(key.public)
    assert key.id == hashlib.sha256(b"ed25519\0" + key.public).digest()[:KEY_ID_SIZE]
    assert key_id(key.public, "sm2") != key.id


def test_a_message_is_read_and_checked_by_the_verifier():
    key = make_signing_key(bytes(32))
    data = sign_message(key, {cose.TYPE: "text/plain", "chain": "t"}, b"payload")
    message = cose.parse_sign1(data)
    assert message.header == {cose.ALG: cose.ED25519, cose.KID: key.id, cose.TYPE: "text/plain", "chain": "t"}
    assert cose.check_sign1(message, key.public)
    assert cbor.encode(cbor.decode(data)) == data
    assert sign_message(key, {}, b"payload") != sign_message(key, {}, b"payload2")
