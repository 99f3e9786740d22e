"""Keys of every suite on the ledger: certified with a proof of possession, signing under their own algorithm, refused by code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongshi.ledger.adapters.sqlite_store import SqliteStore
from gongshi.ledger.audit import audit
from gongshi.ledger.codec import decode_entry
from gongshi.ledger.engines.embedded import EmbeddedEngine
from gongshi.ledger.entries import certify_key, certify_suite_key, revoke_key
from gongshi.ledger.records import Block, Entry, Genesis, Member, Op
from gongshi.ledger.rules import apply
from gongshi.ledger.state import found_state
from gongshi.seal.signing import SigningKey
from gongshi.seal.suites.suite import Suite
from gongshi.terms.canonical import decode_cbor
from gongshi.terms.problem import Problem
from gongshi.wiring import CHECKS
from gongshi.wiring import KINDS as ALL_KINDS
from gongshi_verifier.entry import EntryError, parse_entry
from gongshi_verifier.suites import SUITES, possession_bytes
from tests.ledger.worlds import CHAIN, KINDS, at_work, key_of, note, seal
from tests.seal.suites.keys import NAMES, suite_key, suite_of

WRITTEN = json.loads((Path(__file__).parents[2] / "vectors" / "chain-suites.json").read_text(encoding="utf-8"))


class Suited:
    """The toy ledger with the checks of every suite."""

    def __init__(self):
        self.state = at_work().state
        self.sequence = 100

    def judge(self, data, checks=CHECKS):
        applied = apply(self.state, Block(self.state.height + 1, self.state.time + 1000, (data,)), KINDS, checks)
        self.state = applied.state
        problem = applied.results[0].problem
        return problem and problem.code

    def certify(self, key, organisation="alpha", **changes):
        op = certify_suite_key(key, CHAIN, organisation, bytes(32), changes.pop("from_height", 0))
        return self.root(Op(op.kind, op.version, {**op.body, **changes}), organisation)

    def root(self, op, organisation="alpha"):
        self.sequence += 1
        return self.judge(seal(organisation, op, sequence=self.sequence, purpose="root"))

    def act(self, key, *ops, checks=CHECKS):
        self.sequence += 1
        return self.judge(seal("alpha", *(ops or [note("a", 1)]), sequence=self.sequence, key=key), checks)


@pytest.mark.parametrize("name", NAMES)
def test_a_key_of_every_suite_is_certified_signs_and_is_revoked(name):
    ledger, key = Suited(), suite_key(name)
    assert ledger.act(key) == "ledger.key.unknown"
    assert ledger.certify(key) is None
    record = ledger.state.get("members", f"key/{key.id.hex()}")
    assert (record["org"], record["suite"], record["public"], record["until"]) == ("alpha", name, key.public, None)
    assert ledger.act(key) is None
    assert ledger.certify(key) == "ledger.key.known"
    assert ledger.certify(key, "beta") == "ledger.key.known"
    assert ledger.root(revoke_key(key.id, 0)) is None
    assert ledger.act(key) == "ledger.key.revoked"


@pytest.mark.parametrize("name", NAMES)
def test_a_certificate_waits_for_its_height(name):
    ledger, key = Suited(), suite_key(name)
    assert ledger.certify(key, from_height=40) is None
    assert ledger.act(key) == "ledger.key.not_yet"


@pytest.mark.parametrize("name", NAMES)
def test_a_proof_of_possession_is_of_this_key_chain_organisation_and_suite(name):
    ledger, key = Suited(), suite_key(name)
    statement = possession_bytes(CHAIN, "alpha", name, key.public)
    wrong = [
        suite_key(name, "other").sign(statement),
        key.sign(possession_bytes(CHAIN, "beta", name, key.public)),
        key.sign(possession_bytes("other", "alpha", name, key.public)),
        key.sign(possession_bytes(CHAIN, "alpha", "other", key.public)),
        key.sign(possession_bytes(CHAIN, "alpha", name, suite_key(name, "other").public)),
        key.sign(b""),
        key.sign(statement)[:-1],
        b"",
    ]
    assert {ledger.certify(key, possession=one) for one in wrong} == {"ledger.key.possession"}
    assert ledger.certify(key, possession=key.sign(statement)) is None


def test_another_organisation_cannot_take_a_key_that_it_saw():
    """Beta reads alpha's certificate and enters it first as its own: the proof names alpha."""
    ledger, key = Suited(), suite_key("sm2")
    op = certify_suite_key(key, CHAIN, "alpha", bytes(32))
    assert ledger.root(op, "beta") == "ledger.key.possession"
    assert ledger.root(op, "alpha") is None


@pytest.mark.parametrize(
    ("suite", "public", "reason"),
    [
        ("ed25519", bytes(31), "length"),
        ("ed25519", b"\x01" + bytes(31), "small_order"),
        ("ed25519", b"\xff" * 32, "non_canonical"),
        ("sm2", bytes(64), "off_curve"),
        ("sm2", b"\xff" * 64, "non_canonical"),
        ("sm2", bytes(65), "length"),
        ("ml-dsa-44", bytes(1311), "length"),
        ("ml-dsa-44", bytes(32), "length"),
    ],
)
def test_what_is_no_public_key_of_the_suite(suite, public, reason):
    ledger, key = Suited(), suite_key(suite)
    op = certify_suite_key(key, CHAIN, "alpha", bytes(32))
    data = seal("alpha", Op(op.kind, 2, {**op.body, "public": public}), sequence=101, purpose="root")
    applied = apply(ledger.state, Block(ledger.state.height + 1, ledger.state.time + 1, (data,)), KINDS, CHECKS)
    problem = applied.results[0].problem
    assert (problem.code, dict(problem.values)) == ("ledger.key.public", {"suite": suite, "reason": reason})


def test_a_suite_that_nobody_knows():
    assert Suited().certify(suite_key("ed25519"), suite="sm9") == "ledger.key.suite"
    assert Suited().certify(suite_key("ed25519"), suite="ml-dsa-65") == "ledger.key.suite"


@pytest.mark.parametrize(
    "changes",
    [
        {"public": "text"},
        {"public": bytes(2049)},
        {"suite": 1},
        {"sealing": b""},
        {"from": -1},
        {"possession": None},
        {"x": 1},
    ],
)
def test_form_of_a_certificate(changes):
    assert Suited().certify(suite_key("ed25519"), **changes) == "ledger.key.form"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("posed", NAMES)
def test_an_entry_names_the_suite_that_its_key_is_certified_for(name, posed):
    ledger, key = Suited(), suite_key(name)
    assert ledger.certify(key) is None
    suite = Suite(name, SUITES[posed].algorithm, key.suite.derive, key.suite.sign)
    assert ledger.act(SigningKey(key.seed, key.public, suite)) == (None if posed == name else "ledger.entry.suite")


def test_keys_of_version_1_and_roots_are_ed25519():
    ledger = Suited()
    for purpose in ("sign", "root"):
        key = key_of("alpha", purpose)
        posing = SigningKey(
            key.seed, key.public, Suite("ed25519", SUITES["sm2"].algorithm, key.suite.derive, key.suite.sign)
        )
        assert ledger.act(posing) == "ledger.entry.suite"


@pytest.mark.parametrize("name", NAMES)
def test_a_bent_signature_is_refused(name):
    ledger, key = Suited(), suite_key(name)
    ledger.certify(key)
    data = seal("alpha", note("a", 1), sequence=500, key=key)
    assert ledger.judge(data[:-1] + bytes([data[-1] ^ 1])) == "ledger.entry.signature"
    assert ledger.judge(data) is None


def test_a_ledger_that_cannot_check_a_suite_stops_and_does_not_guess():
    """With a bare Ed25519 check, as older ledgers are opened, an SM2 key that is let in stops the ledger at its first entry."""
    ledger, key = Suited(), suite_key("sm2")
    ledger.certify(key)
    with pytest.raises(AssertionError, match="every suite"):
        ledger.act(key, checks=CHECKS["ed25519"])


@given(
    st.dictionaries(
        st.sampled_from(["public", "suite", "sealing", "from", "possession"]),
        st.none() | st.integers(0, 9) | st.binary(max_size=70) | st.sampled_from(NAMES) | st.just([]),
    )
)
def test_no_body_makes_the_judgement_fail(changes):
    ledger, key = Suited(), suite_key("ed25519")
    code = ledger.certify(key, **changes)
    assert code is None or code.startswith("ledger.key.")


def test_version_1_stays_what_it_was():
    ledger, key = Suited(), suite_key("ed25519")
    assert ledger.root(certify_key(key.public, bytes(32))) is None
    assert "suite" not in ledger.state.get("members", f"key/{key.id.hex()}")
    assert ledger.certify(key) == "ledger.key.known"
    assert ledger.root(certify_key(suite_of("sm2").derive(bytes(31) + b"\1"), bytes(32))) == "ledger.key.form"


@pytest.mark.parametrize(
    "checks", [CHECKS, {n: s.check_signature for n, s in SUITES.items()}], ids=["house", "verifier"]
)
def test_the_chain_of_suites_replays_to_what_is_written_in_it(checks):
    _, chain, time, members, params = decode_cbor(bytes.fromhex(WRITTEN["genesis"]))
    state = found_state(Genesis(chain, time, tuple(Member(*member) for member in members), params))
    refused = set()
    for stated in WRITTEN["blocks"]:
        entries = tuple(bytes.fromhex(data) for data in stated["entries"])
        applied = apply(state, Block(stated["height"], stated["time"], entries), ALL_KINDS, checks)
        state = applied.state
        found = [{"leaf": r.leaf} if r.problem is None else {"refused": r.problem.code} for r in applied.results]
        assert found == stated["results"], stated["height"]
        assert applied.logged.app_hash.hex() == stated["app_hash"]
        assert state.log.root().hex() == stated["log_root"]
        refused |= {one["refused"] for one in found if "refused" in one}
    assert refused == {
        "ledger.entry.signature",
        "ledger.entry.suite",
        "ledger.key.known",
        "ledger.key.possession",
        "ledger.key.public",
        "ledger.key.suite",
    }


ACCEPTED = [
    bytes.fromhex(data)
    for block in WRITTEN["blocks"]
    for data, result in zip(block["entries"], block["results"], strict=True)
    if "leaf" in result
]


@settings(max_examples=200)
@given(st.sampled_from(ACCEPTED), st.randoms(use_true_random=False))
def test_house_and_verifier_agree_on_which_bent_bytes_are_an_entry_and_of_which_suite(data, rng):
    bent = bytearray(data)
    for _ in range(rng.randint(1, 2)):
        bent[rng.randrange(min(len(bent), 90) if rng.random() < 0.5 else len(bent))] = rng.randrange(256)
    ours = decode_entry(bytes(bent), len(bent))
    try:
        theirs = parse_entry(bytes(bent))
    except EntryError:
        assert isinstance(ours, Problem)
        return
    assert isinstance(ours, Entry)
    assert (ours.suite, ours.signed, ours.signature) == (
        theirs.suite,
        theirs.message.signed_bytes(),
        theirs.message.signature,
    )


class _Clock:
    instant = 0

    def now(self):
        return self.instant


def test_an_engine_commits_keys_of_every_suite_and_finds_them_again(tmp_path):
    """On disk and back: the records of 1,312-byte keys as well; and the audit judges every proof of possession once more."""
    _, chain, time, members, params = decode_cbor(bytes.fromhex(WRITTEN["genesis"]))
    store, clock = SqliteStore(tmp_path / "ledger.db"), _Clock()
    store.found(Genesis(chain, time, tuple(Member(*member) for member in members), params))
    engine = EmbeddedEngine(store, ALL_KINDS, clock, key_of("log"), CHECKS)
    for block in WRITTEN["blocks"]:
        for data in block["entries"]:
            engine.submit(bytes.fromhex(data))
        clock.instant = block["time"]
        engine.advance()
        assert engine.state.app_hash().hex() == block["app_hash"], block["height"]
    again = EmbeddedEngine(store, ALL_KINDS, clock, key_of("log"), CHECKS)
    assert again.state.app_hash() == engine.state.app_hash()
    assert audit(store, ALL_KINDS, CHECKS).app_hash == engine.state.app_hash()
    store.close()
