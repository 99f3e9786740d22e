"""The known answers and the signatures of vectors/suites.json, by the house's checks and the verifier's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from gongshi.seal.signing import make_signing_key
from gongshi.wiring import CHECKS
from gongshi_verifier import sm2
from gongshi_verifier.sm3 import compute_sm3
from gongshi_verifier.suites import SUITES, compute_key_id, possession_bytes
from tests.seal.suites.keys import suite_of

CASES = json.loads((Path(__file__).parents[2] / "vectors" / "suites.json").read_text(encoding="utf-8"))
BOTH = [pytest.param(lambda name: SUITES[name].check_signature, id="verifier"), pytest.param(CHECKS.get, id="house")]


def raw(case, *names):
    return tuple(bytes.fromhex(case[name]) for name in names)


def test_sm3():
    for case in CASES["sm3"]["cases"]:
        assert compute_sm3(bytes.fromhex(case["message"])).hex() == case["digest"]


def encrypt(key, block, times=1):
    encryptor = Cipher(algorithms.SM4(key), modes.ECB()).encryptor()
    for _ in range(times):
        block = encryptor.update(block)
    return block.hex()


def test_sm4():
    """The library's SM4, with which bodies are sealed; the million rounds of the standard take a second."""
    key, block = raw(CASES["sm4"], "key", "block")
    for case in CASES["sm4"]["cases"]:
        assert encrypt(key, block, case["times"]) == case["encrypted"]
    for case in CASES["sm4"]["ours"]:
        assert encrypt(*raw(case, "key", "block")) == case["encrypted"]


@pytest.mark.parametrize("check", BOTH)
def test_the_sm2_example_of_the_standard(check):
    case = CASES["sm2_example"]
    public, message, signature, secret = raw(case, "public", "message", "signature", "secret")
    assert sm2.compute_digest(public, message).hex() == case["digest"]
    assert sm2.IDENTIFIER.hex() == case["identifier"]
    assert check("sm2")(public, message, signature)
    assert make_signing_key(secret, suite_of("sm2")).public == public


@pytest.mark.parametrize("case", CASES["suites"], ids=lambda case: case["suite"])
@pytest.mark.parametrize("check", BOTH)
def test_signatures(case, check):
    name = case["suite"]
    for one in case["accept"]:
        assert check(name)(*raw(one, "public", "message", "signature"))
    for one in case["refuse"]:
        assert not check(name)(*raw(one, "public", "message", "signature")), one["why"]
    assert len(case["refuse"]) >= 7


@pytest.mark.parametrize("case", CASES["suites"], ids=lambda case: case["suite"])
def test_keys_and_possession(case):
    name, (seed, public) = case["suite"], raw(case, "seed", "public")
    assert SUITES[name].algorithm == case["algorithm"]
    assert compute_key_id(public, name).hex() == case["key_id"]
    assert make_signing_key(seed, suite_of(name)).public == public
    held = case["possession"]
    statement = possession_bytes(held["chain"], held["organisation"], name, public)
    assert statement.hex() == held["statement"]
    assert SUITES[name].check_signature(public, statement, bytes.fromhex(held["signature"]))
