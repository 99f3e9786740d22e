"""An envelope opens for the named, and for nobody else; nothing in it can be swapped."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from gongshi.seal.adapters.key_folder import new_secrets
from gongshi.seal.envelope import Secrets, compute_commitment, open_envelope, seal_envelope
from gongshi.terms.canonical import decode_cbor, encode_cbor
from gongshi.terms.problem import Problem

BODY = "某成员系统的事件说明 incident".encode()
SECRETS = Secrets(b"k" * 32, b"n" * 12, b"s" * 32)
MEMBERS = ("bank", "insurer", "payments")


def private(name: str) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())


def public(name: str) -> bytes:
    return private(name).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def sealed(body=BODY, recipients=("bank", "insurer"), secrets=SECRETS):
    return seal_envelope(body, {name: public(name) for name in recipients}, secrets)


def bent(envelope: bytes, **fields) -> bytes:
    return encode_cbor({**decode_cbor(envelope), **fields})


@pytest.mark.parametrize("name", ["bank", "insurer"])
def test_each_recipient_opens_it_and_can_check_the_commitment(name):
    made = sealed()
    body, salt = open_envelope(made.envelope, name, private(name))
    assert body == BODY
    assert compute_commitment(salt, body) == made.commitment
    assert hashlib.sha256(made.envelope).digest() == made.digest
    assert BODY not in made.envelope
    assert SECRETS.content_key not in made.envelope


def test_a_third_member_cannot_open_it():
    made = sealed()
    problem = open_envelope(made.envelope, "payments", private("payments"))
    assert problem == Problem("seal.envelope.not_addressed", "payments", {"to": "bank, insurer"})
    assert open_envelope(made.envelope, "bank", private("payments")) == Problem("seal.envelope.altered", "bank")


def test_a_third_member_cannot_name_himself():
    """He puts his name, and a wrap of his own making, into an envelope that was not for him."""
    made, own = decode_cbor(sealed().envelope), decode_cbor(sealed(recipients=MEMBERS).envelope)
    for wrap in (made["wraps"]["bank"], own["wraps"]["payments"]):
        wraps = {**made["wraps"], "payments": wrap}
        data = bent(sealed().envelope, to=sorted(wraps), wraps=wraps)
        assert open_envelope(data, "payments", private("payments")) == Problem("seal.envelope.altered", "payments")
        # The names are bound: adding one breaks the envelope for the others too.
        assert open_envelope(data, "bank", private("bank")) == Problem("seal.envelope.altered", "bank")


def test_a_recipient_cannot_be_left_out_or_swapped():
    content = decode_cbor(sealed().envelope)
    alone = bent(sealed().envelope, to=["bank"], wraps={"bank": content["wraps"]["bank"]})
    assert open_envelope(alone, "bank", private("bank")) == Problem("seal.envelope.altered", "bank")
    swapped = {"bank": content["wraps"]["insurer"], "insurer": content["wraps"]["bank"]}
    data = bent(sealed().envelope, wraps=swapped)
    assert open_envelope(data, "bank", private("bank")) == Problem("seal.envelope.altered", "bank")


def test_a_wrap_is_bound_to_the_names_that_it_was_made_for():
    """The insurer, who has the content key, makes another body for the bank alone and takes the bank's wrap as it is."""
    wrap = decode_cbor(sealed().envelope)["wraps"]["bank"]
    body = AESGCM(SECRETS.content_key).encrypt(SECRETS.nonce, SECRETS.salt + b"another", encode_cbor([1, ["bank"]]))
    data = bent(sealed().envelope, to=["bank"], wraps={"bank": wrap}, body=body)
    assert open_envelope(data, "bank", private("bank")) == Problem("seal.envelope.altered", "bank")


@pytest.mark.parametrize("place", ["nonce", "body", "wrap"])
def test_an_altered_byte_is_seen(place):
    content = decode_cbor(sealed().envelope)
    wraps = content["wraps"]
    fields = {
        "nonce": {"nonce": b"x" * 12},
        "body": {"body": content["body"][:-1] + bytes([content["body"][-1] ^ 1])},
        "wrap": {"wraps": {**wraps, "bank": wraps["bank"][:-1] + bytes([wraps["bank"][-1] ^ 1])}},
    }[place]
    assert open_envelope(bent(sealed().envelope, **fields), "bank", private("bank")).code == "seal.envelope.altered"


def test_short_parts_are_no_traceback():
    for fields in ({"nonce": b""}, {"nonce": b"x" * 200}, {"body": b""}, {"wraps": {"bank": b"", "insurer": b""}}):
        assert open_envelope(bent(sealed().envelope, **fields), "bank", private("bank")).code == "seal.envelope.altered"


def test_a_sender_who_left_out_the_salt_is_seen():
    """He holds the content key, so that all seals fit; what they hold is shorter than a salt."""
    content = decode_cbor(sealed().envelope)
    bound = encode_cbor([1, content["to"]])
    body = AESGCM(SECRETS.content_key).encrypt(SECRETS.nonce, b"short", bound)
    assert open_envelope(bent(sealed().envelope, body=body), "bank", private("bank")).code == "seal.envelope.altered"


def test_wrong_bytes_are_malformed():
    good = sealed().envelope
    content = decode_cbor(good)
    wrong = [
        b"",
        b"hello",
        good[:-1],
        good + b"\0",
        encode_cbor([]),
        encode_cbor({name: value for name, value in content.items() if name != "nonce"}),
        bent(good, more=1),
        bent(good, v=2),
        bent(good, v=True),
        bent(good, to="bank"),
        bent(good, to=[1, 2]),
        bent(good, to=["insurer", "bank"]),
        bent(good, to=["bank", "bank"]),
        bent(good, wraps=[]),
        bent(good, wraps={"bank": "text", "insurer": b""}),
        bent(good, wraps={"bank": b""}),
        bent(good, nonce="text"),
        bent(good, body=7),
    ]
    for data in wrong:
        assert open_envelope(data, "bank", private("bank")) == Problem("seal.envelope.malformed"), data[:20]


@settings(max_examples=200)
@given(st.randoms(use_true_random=False))
def test_bent_envelopes_open_to_the_body_or_to_a_problem(rng):
    data = bytearray(sealed().envelope)
    data[rng.randrange(len(data))] = rng.randrange(256)
    opened = open_envelope(bytes(data), "bank", private("bank"))
    assert isinstance(opened, Problem) or opened[0] == BODY


@given(st.binary(max_size=100))
def test_any_body_comes_back(body):
    made = sealed(body)
    assert open_envelope(made.envelope, "insurer", private("insurer")) == (body, SECRETS.salt)


def test_two_envelopes_of_one_body_have_nothing_in_common():
    one, other = sealed(secrets=new_secrets()), sealed(secrets=new_secrets())
    assert one.digest != other.digest
    assert one.commitment != other.commitment
    assert decode_cbor(one.envelope)["body"] != decode_cbor(other.envelope)["body"]


def test_without_the_salt_a_guessed_body_is_not_confirmed():
    made = sealed()
    assert compute_commitment(b"", BODY) != made.commitment
    assert compute_commitment(b"x" * 32, BODY) != made.commitment
    assert compute_commitment(SECRETS.salt, BODY) == made.commitment
