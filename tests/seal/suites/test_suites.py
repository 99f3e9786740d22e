"""What every suite promises: keys from seeds, signatures that the verifier's own check accepts, ids that differ."""

import pytest

from gongshi.ledger.codec import decode_entry, sign_entry
from gongshi.ledger.records import Entry, Op
from gongshi.seal.signing import key_id, make_signing_key, prove_possession, sign_message
from gongshi_verifier import cose
from gongshi_verifier.entry import parse_entry
from gongshi_verifier.sm2 import N
from gongshi_verifier.suites import SUITES, possession_bytes
from tests.seal.suites.keys import NAMES, suite_key, suite_of


@pytest.mark.parametrize("name", NAMES)
def test_the_house_signs_what_the_verifier_accepts(name):
    suite, checked, key = suite_of(name), SUITES[name], suite_key(name)
    assert (suite.name, suite.algorithm) == (checked.name, checked.algorithm)
    for size in (0, 1, 63, 64, 65, 70_000):
        message = bytes(size)
        signature = key.sign(message)
        assert len(signature) == checked.signature_size
        assert checked.check_signature(key.public, message, signature)
        assert not checked.check_signature(key.public, message + b"\0", signature)


@pytest.mark.parametrize("name", NAMES)
def test_a_seed_gives_one_key(name):
    key = suite_key(name)
    assert make_signing_key(key.seed, key.suite) == key != suite_key(name, "other")
    assert checked_size(key) == SUITES[name].public_size
    assert repr(key) == f"SigningKey({key.id.hex()})"
    assert key.id == key_id(key.public, name)


def checked_size(key):
    return len(key.public)


@pytest.mark.parametrize("name", NAMES)
def test_a_message_names_the_algorithm(name):
    key = suite_key(name)
    message = cose.parse_sign1(sign_message(key, {"chain": "t"}, b"payload"))
    assert message.header == {cose.ALG: SUITES[name].algorithm, cose.KID: key.id, "chain": "t"}
    assert SUITES[name].check_signature(key.public, message.signed_bytes(), message.signature)
    assert cose.check_sign1(message, key.public) is (name == "ed25519"), "the generic reader knows Ed25519 alone"


@pytest.mark.parametrize("name", NAMES)
def test_house_and_verifier_read_an_entry_of_the_suite_alike(name):
    key = suite_key(name)
    data = sign_entry(key, "t", 1, 9, [Op("note", 1, 1)])
    ours, theirs = decode_entry(data, len(data)), parse_entry(data)
    assert isinstance(ours, Entry)
    assert ours.suite == theirs.suite == name
    assert theirs.is_signed_by(key.public)
    assert SUITES[name].check_signature(key.public, ours.signed, ours.signature)


@pytest.mark.parametrize("name", NAMES)
def test_possession_is_of_one_chain_one_organisation_one_suite(name):
    key = suite_key(name)
    proof = prove_possession(key, "chain", "bank")
    said = [
        possession_bytes(*words, key.public)
        for words in (
            ("chain", "bank", name),
            ("other", "bank", name),
            ("chain", "ministry", name),
            ("chain", "bank", "x"),
        )
    ]
    assert [SUITES[name].check_signature(key.public, one, proof) for one in said] == [True, False, False, False]


def test_entries_are_as_large_as_their_suite():
    """The figures of docs/decisions/14-suites.md."""
    sizes = [len(sign_entry(suite_key(name), "t", 1, 9, [Op("note", 1, 1)])) for name in NAMES]
    assert [size - sizes[0] for size in sizes] == [0, 4, 2358]


@pytest.mark.parametrize("number", [0, N - 1, N, 2**256 - 1])
def test_what_is_no_secret_of_sm2(number):
    with pytest.raises(ValueError, match="n-2"):
        make_signing_key(number.to_bytes(32, "big"), suite_of("sm2"))
    with pytest.raises(ValueError, match="n-2"):
        make_signing_key(b"\1", suite_of("sm2"))


@pytest.mark.parametrize("number", [1, 2, N - 2])
def test_the_ends_of_the_range_are_secrets(number):
    key = make_signing_key(number.to_bytes(32, "big"), suite_of("sm2"))
    assert SUITES["sm2"].check_signature(key.public, b"m", key.sign(b"m"))


@pytest.mark.parametrize("name", ["sm2", "ml-dsa-44"])
def test_a_nonce_is_drawn_for_each_signature(name):
    key = suite_key(name)
    assert key.sign(b"m") != key.sign(b"m")
