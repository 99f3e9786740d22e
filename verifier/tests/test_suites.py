"""Entries of every suite from the root's certificate to the verdict; every link is cut once."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from makings import CHAIN, founded, sign_entry
from suite_keys import suite_key

from gongshi_verifier import cbor, cose, ed25519, ml_dsa
from gongshi_verifier.entry import ENTRY_TYPE, EntryError, parse_entry
from gongshi_verifier.report import UNREADABLE, Finding, refuse
from gongshi_verifier.sentences import describe_finding
from gongshi_verifier.suites import ALGORITHMS, SUITES, SuiteMissingError, compute_key_id, possession_bytes
from gongshi_verifier.trust import check_trust


def note_by(key, algorithm=None):
    algorithm = key.algorithm if algorithm is None else algorithm
    protected = cbor.encode({cose.ALG: algorithm, cose.KID: key.id, cose.TYPE: ENTRY_TYPE, "chain": CHAIN})
    payload = cbor.encode([1, 1, 100, None, [["note", 1, 1]]])
    return cbor.encode([protected, {}, payload, key.sign(cbor.encode(["Signature1", protected, b"", payload]))])


def certified(world, key, *, chain=CHAIN, of="bank", **changes):
    """Let the bank's root certify a key; `changes` bend the certificate."""
    proof = key.sign(possession_bytes(chain, of, key.suite, key.public))
    body = {"public": key.public, "suite": key.suite, "sealing": bytes(32), "from": 0, "possession": proof, **changes}
    return world.add(sign_entry(world.root("bank"), ["ledger.key.certify", 2, body], sequence=99))


def check(world):
    trusted = check_trust(CHAIN, world.parsed(), world.all(), world.roots(), None)
    for finding in trusted.findings:
        assert finding.code in describe_finding(finding)
    return trusted.entries, [finding.code for finding in trusted.findings]


def test_suites_are_told_apart_by_name_and_number():
    assert sorted(ALGORITHMS) == [-3291802, -48, -19]
    assert cose.SM2 < -65536, "IANA keeps what is above for itself"
    assert len({compute_key_id(bytes(64), name) for name in SUITES}) == len(SUITES)


@pytest.mark.parametrize("name", SUITES)
def test_sizes_and_verdicts(name):
    suite, key = SUITES[name], suite_key(name)
    signature = key.sign(b"message")
    assert (len(key.public), len(signature)) == (suite.public_size, suite.signature_size)
    assert suite.refuse_public(key.public) == ""
    assert suite.check_signature(key.public, b"message", signature)
    assert not suite.check_signature(key.public, b"messagf", signature)
    assert not suite.check_signature(suite_key(name, "other").public, b"message", signature)
    for short in (b"", key.public[:-1], key.public + b"\0"):
        assert suite.refuse_public(short) == "length"
        assert not suite.check_signature(short, b"message", signature)
    for cut in (b"", signature[:-1], signature + b"\0", bytes(len(signature)), b"\xff" * len(signature)):
        assert not suite.check_signature(key.public, b"message", cut)


def test_what_is_no_ed25519_key():
    assert ed25519.refuse_public(b"\x01" + bytes(31)) == "small_order"
    assert ed25519.refuse_public(b"\xff" * 32) == "non_canonical"


@pytest.mark.parametrize("name", SUITES)
def test_entries_of_every_suite_hold(name):
    world, key = founded(), suite_key(name)
    certified(world, key)
    world.add(note_by(key))
    entries, codes = check(world)
    assert codes == []
    assert (entries[-1].organisation, entries[-1].ops) == ("bank", [["note", 1, 1]])
    world.leaves[-1] = world.leaves[-1][:-1] + bytes([world.leaves[-1][-1] ^ 1])
    assert check(world)[1] == ["verify.entry.signature"]


@pytest.mark.parametrize("name", SUITES)
@pytest.mark.parametrize("changes", [{"chain": "other"}, {"of": "ministry"}, {"possession": b""}, {"possession": None}])
def test_a_key_that_nobody_shows_to_hold_is_not_learnt(name, changes):
    world, key = founded(), suite_key(name)
    certified(world, key, **changes)
    world.add(note_by(key))
    assert check(world)[1] == ["verify.key.possession", "verify.entry.signer"]


@pytest.mark.parametrize(
    "changes",
    [
        {"suite": "rot13"},
        {"suite": None},
        {"suite": []},
        {"public": b"short"},
        {"public": None},
        {"public": bytes(64)},
    ],
)
def test_a_certificate_that_does_not_read_certifies_nothing(changes):
    world, key = founded(), suite_key("sm2")
    certified(world, key, **changes)
    world.add(note_by(key))
    assert check(world)[1] == ["verify.entry.signer"]
    world.leaves[-2] = sign_entry(world.root("bank"), ["ledger.key.certify", 2, [changes]])
    assert check(world)[1] == ["verify.entry.signer"]


def test_an_entry_names_the_suite_of_its_key():
    world, key = founded(), suite_key("sm2")
    certified(world, key)
    world.add(note_by(key, cose.ED25519))
    assert check(world)[1] == ["verify.entry.suite"]


@pytest.mark.parametrize("algorithm", [cose.EDDSA, -49, 0, True, None, "sm2", b"", [], {}])
def test_an_algorithm_that_no_suite_has_is_no_entry(algorithm):
    with pytest.raises(EntryError, match="header"):
        parse_entry(note_by(suite_key("sm2"), algorithm if algorithm is not None else "-"))


def test_a_suite_that_cannot_be_checked_here_is_said_and_is_no_refusal(monkeypatch):
    world, key = founded(), suite_key("ml-dsa-44")
    certified(world, key)
    world.add(note_by(key))
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.mldsa", None)
    found = check(world)[1]
    assert found == ["verify.suite.unavailable", "verify.suite.unavailable"]
    assert refuse("receipt", [Finding(found[0], "leaf 1", {"suite": "ml-dsa-44"})]).exit_code == UNREADABLE


def test_a_library_without_the_algorithm_is_missing_it(monkeypatch):
    """Some builds have the module and not the algorithm behind it."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import mldsa

    class Without:
        @staticmethod
        def from_public_bytes(_):
            raise UnsupportedAlgorithm("none")

    key = suite_key("ml-dsa-44")
    monkeypatch.setattr(mldsa, "MLDSA44PublicKey", Without)
    with pytest.raises(SuiteMissingError):
        ml_dsa.check_signature(key.public, b"", bytes(2420))


JUNK = (
    st.none() | st.booleans() | st.integers(-9, 9) | st.binary(max_size=70) | st.sampled_from([*SUITES]) | st.just([])
)


@given(st.dictionaries(st.sampled_from(["public", "suite", "possession", "sealing", 7]), JUNK) | JUNK)
def test_whatever_a_root_certifies_there_is_an_answer(body):
    """The worst case: the junk is really signed by the root, and really in the log."""
    world, key = founded(), suite_key("sm2")
    proof = key.sign(possession_bytes(CHAIN, "bank", key.suite, key.public))
    good = {"public": key.public, "suite": key.suite, "sealing": bytes(32), "from": 0, "possession": proof}
    for bent in (body, {**good, **body} if isinstance(body, dict) else body):
        world.add(sign_entry(world.root("bank"), ["ledger.key.certify", 2, bent], sequence=99))
    world.add(note_by(key))
    assert set(check(world)[1]) <= {"verify.key.possession", "verify.entry.signer"}
