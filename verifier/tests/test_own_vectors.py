"""The house's own language-neutral cases, read by the verifier alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gongshi_verifier import cbor
from gongshi_verifier.ballot import recount
from gongshi_verifier.merkle import EMPTY_ROOT, check_consistency, check_inclusion, compute_root, hash_leaf
from gongshi_verifier.note import NoteError, make_key, parse_checkpoint
from gongshi_verifier.policy import parse_policy
from gongshi_verifier.sm3 import compute_plain_sm3
from gongshi_verifier.state import EMPTY, Step, Terminal, check_absence, check_presence, check_total, hash_sum_root
from gongshi_verifier.suites import SUITES, compute_key_id, possession_bytes
from gongshi_verifier.trust import Verified

VECTORS = Path(__file__).parents[2] / "vectors"


def read(name):
    path = VECTORS / name
    if not path.exists():
        pytest.skip("the vectors are not beside this distribution")
    return json.loads(path.read_text(encoding="utf-8"))


def test_cbor():
    cases = read("cbor.json")
    for case in cases["accept"]:
        data = bytes.fromhex(case["hex"])
        value = (
            case["value"]
            if "value" in case
            else bytes.fromhex(case["bytes"])
            if "bytes" in case
            else dict(case["pairs"])
        )
        assert cbor.decode(data) == value, case
        assert cbor.encode(value) == data
    for case in cases["refuse"]:
        with pytest.raises(cbor.CborError):
            cbor.decode(bytes.fromhex(case["hex"]))


def hashes(path):
    return [bytes.fromhex(item) for item in path]


def test_merkle():
    cases = read("merkle.json")
    leaves = [hash_leaf(bytes.fromhex(leaf)) for leaf in cases["leaves"]]
    roots = hashes(cases["roots"])
    assert roots == [compute_root(leaves[:size]) for size in range(len(leaves) + 1)]
    assert roots[0] == EMPTY_ROOT
    for case in (*cases["inclusion"]["accept"], *cases["inclusion"]["refuse"]):
        holds = case in cases["inclusion"]["accept"]
        leaf = leaves[5 if not holds else case["index"]]
        assert check_inclusion(leaf, case["index"], case["size"], hashes(case["path"]), roots[case["size"]]) is holds, (
            case
        )
    for case in (*cases["growth"]["accept"], *cases["growth"]["refuse"]):
        holds = case in cases["growth"]["accept"]
        old, size = case["old_size"], case["size"]
        assert check_consistency(old, roots[old], size, roots[size], hashes(case["path"])) is holds, case


def read_proof(proof):
    leaf = proof["leaf"]
    terminal = leaf and Terminal(bytes.fromhex(leaf["path"]), bytes.fromhex(leaf["value_digest"]), leaf["amount"])
    return terminal, [Step(bit, bytes.fromhex(sibling), amount) for bit, sibling, amount in proof["steps"]]


def test_state():
    cases = read("state.json")
    for tree in cases["trees"]:
        root, is_sum = bytes.fromhex(tree["root"]), tree["is_sum"]
        for key, proof in tree["present"].items():
            _, steps = read_proof(proof)
            kept = tree["values"][key]
            value = bytes.fromhex(kept["value"])
            assert check_presence(key, value, kept["amount"], steps, root, is_sum=is_sum)
            assert not check_presence(key, value + b"x", kept["amount"], steps, root, is_sum=is_sum)
            assert not check_presence(key, value, kept["amount"] + 1, steps, root, is_sum=is_sum)
            assert not check_absence(key, *read_proof(proof), root, is_sum=is_sum)
        for key, proof in tree["absent"].items():
            assert check_absence(key, *read_proof(proof), root, is_sum=is_sum)
        assert check_total(bytes.fromhex(tree["top"]), tree["total"], root) is is_sum
    assert [bytes.fromhex(one["root"]) for one in cases["empty"]] == [EMPTY, hash_sum_root(EMPTY, 0)]


def judge(text, policy):
    try:
        checkpoint = parse_checkpoint(text)
    except NoteError:
        return "form"
    if policy.log_of(checkpoint) is None:
        return "log"
    names = policy.cosigners(checkpoint)
    return sorted(names) if policy.is_quorum(names) else "quorum"


def test_checkpoints():
    cases = read("checkpoints.json")
    policy = parse_policy(cases["policy"])
    for case in cases["accept"]:
        assert judge(case["text"], policy) == case["cosigners"]
    for case in cases["refuse"]:
        assert judge(case["text"], policy) == case["why"], case
    assert {name: key.text() for name, key in policy.witnesses.items()} == {
        name: text for name, text in cases["keys"].items() if name != "log"
    }
    assert [key.text() for key in policy.logs] == [cases["keys"]["log"]]
    assert make_key("bank", 4, policy.witnesses["bank"].public).text() == cases["keys"]["bank"]


def as_entries(cases, case):
    """Put a case into the entries from which the verifier counts."""
    electorate, papers = cases["electorate"], cases["papers"][case["papers"]]
    body = {"ballot": "bl-1", "rule": cases["rules"][case["rule"]], "electorate": electorate}
    entries = [Verified(0, "s", None, [["group.ballot.open", 1, body]], b"open")]
    for leaf, (name, position, technical) in enumerate(papers, 1):
        paper = {"ballot": "bl-1", "position": position, "technical": technical}
        entries.append(Verified(leaf, name, None, [["group.vote.cast", 1, paper]], bytes([leaf])))
    votes = [[entry.organisation, entry.digest] for entry in entries[1:]]
    closing = {"ballot": "bl-1", "votes": votes, "tally": case["tally"]}
    return [*entries, Verified(len(entries), "s", None, [["group.ballot.close", 1, closing]], b"close")]


def test_ballots():
    cases = read("ballots.json")
    verdicts = set()
    for case in cases["accept"]:
        findings, tally = recount(as_entries(cases, case))
        assert findings == [], case
        assert {"ballot": "bl-1", **case["tally"]} == tally
        verdicts.add(tally["verdict"])
    assert {"approved", "not_approved", "no_vote", "no_quorum"} <= verdicts
    for case in cases["refuse"]:
        findings, _ = recount(as_entries(cases, case))
        assert [(f.code, f.place) for f in findings] == [("verify.ballot.count_differs", f"bl-1/{case['differs']}")]


def test_suites():
    cases = read("suites.json")
    for case in cases["sm3"]["cases"]:
        assert compute_plain_sm3(bytes.fromhex(case["message"])).hex() == case["digest"]
    example = {name: bytes.fromhex(cases["sm2_example"][name]) for name in ("public", "message", "signature")}
    assert SUITES["sm2"].check_signature(**example)
    assert [case["suite"] for case in cases["suites"]] == list(SUITES)
    for case in cases["suites"]:
        suite = SUITES[case["suite"]]
        assert (suite.algorithm, compute_key_id(bytes.fromhex(case["public"]), suite.name).hex()) == (
            case["algorithm"],
            case["key_id"],
        )
        for one in (*case["accept"], *case["refuse"]):
            parts = (bytes.fromhex(one[name]) for name in ("public", "message", "signature"))
            assert suite.check_signature(*parts) is (one in case["accept"]), one
        held = case["possession"]
        statement = possession_bytes(held["chain"], held["organisation"], suite.name, bytes.fromhex(case["public"]))
        assert statement.hex() == held["statement"]
        assert suite.check_signature(bytes.fromhex(case["public"]), statement, bytes.fromhex(held["signature"]))
