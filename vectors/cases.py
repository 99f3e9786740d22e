"""Small cases, to be accepted and to be refused: encoding, trees, state proofs, checkpoints under a policy, counts of ballots."""

from __future__ import annotations

import hashlib
from typing import Any

from gongshi.group.adapters.rule_folder import load_rules
from gongshi.group.count import count
from gongshi.group.records import Vote, Voter
from gongshi.ledger.log import LogIndex
from gongshi.ledger.tree import StateProof, Tree, Write
from gongshi.seal.checkpoints import cosign, log_key, sign_checkpoint, witness_key
from gongshi.seal.signing import make_signing_key
from gongshi_verifier import cbor
from gongshi_verifier.merkle import hash_leaf
from gongshi_verifier.note import make_key, parse_checkpoint
from gongshi_verifier.policy import make_policy

Case = dict[str, Any]


def make_cbor() -> Case:
    """Give encodings with their values, and bytes that are none, each with why."""
    values = [0, 23, 24, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**63, 2**64 - 1, -1, -24, -25, -256, -257, -(2**63)]
    values += [True, False, None, "", "a", "ä", "共识", [], [1, [2, [3]]], {}, {"a": 1, "b": 2}, {"b": 1, "aa": 2}]
    values += [{"1000": 0, "a": [None, {"z": "é"}]}]
    accept = [{"hex": cbor.encode(value).hex(), "value": value} for value in values]
    pairs: list[tuple[str, list[list[Any]]]] = [
        ("mixed keys stand in the order of their bytes", [[1000, 1], [-1, 3], ["a", 2]]),
        ("negative after positive", [[0, 0], [24, 1], [-1, 2], [-25, 3]]),
    ]
    keyed = [{"hex": cbor.encode(dict(listed)).hex(), "pairs": listed, "note": note} for note, listed in pairs]
    raw = [{"hex": cbor.encode(data).hex(), "bytes": data.hex()} for data in (b"", b"\0\xff", bytes(24), bytes(256))]
    refuse = {
        "": "nothing",
        "0000": "two values",
        "1817": "23 in two bytes",
        "1900ff": "255 in three bytes",
        "1a0000ffff": "65535 in five bytes",
        "1b00000000ffffffff": "2^32-1 in nine bytes",
        "5801aa": "a length in two bytes",
        "9f01ff": "indefinite list",
        "bf616101ff": "indefinite map",
        "5f41aaff": "indefinite bytes",
        "7f6161ff": "indefinite text",
        "f93c00": "half float",
        "f97e00": "NaN",
        "fb3ff0000000000000": "double",
        "f7": "undefined",
        "f820": "simple value",
        "c074323031362d30312d30315430303a30303a30305a": "tag",
        "c24101": "big number",
        "3b8000000000000000": "below -2^63",
        "61ff": "text that is no UTF-8",
        "63eda080": "surrogate",
        "a2616101616102": "a key twice",
        "a2616201616102": "keys out of order",
        "a32003616102" + "1903e801": "keys by length first",
        "a1f501": "boolean as a key",
        "a1416101": "bytes as a key",
        "81" * 17 + "00": "seventeen levels",
        "9b4000000000000000": "a list of 2^62",
        "5b4000000000000000": "2^62 bytes",
        "19": "cut off",
    }
    return {"accept": accept + keyed + raw, "refuse": [{"hex": data, "note": note} for data, note in refuse.items()]}


def _log_of(size: int) -> LogIndex:
    index = LogIndex()
    for number in range(size):
        index.append(hash_leaf(f"leaf {number}".encode()))
    return index


def make_merkle() -> Case:
    """Give the roots, every inclusion and every growth of trees up to eleven leaves, and proofs that are bent."""
    size = 11
    log = _log_of(size)
    inclusion = [
        {"index": i, "size": n, "path": [item.hex() for item in log.prove_inclusion(i, n)]}
        for n in range(1, size + 1)
        for i in range(n)
    ]
    growth = [
        {"old_size": m, "size": n, "path": [item.hex() for item in log.prove_consistency(m, n)]}
        for n in range(1, size + 1)
        for m in range(n + 1)
    ]
    whole = [item.hex() for item in log.prove_inclusion(5, size)]
    grown = [item.hex() for item in log.prove_consistency(6, size)]
    zero = "00" * 32
    bent_inclusion = [
        {"index": 4, "size": size, "path": whole, "note": "another index"},
        {"index": 5, "size": 10, "path": whole, "note": "another size"},
        {"index": 5, "size": size, "path": whole[:-1], "note": "a hash less"},
        {"index": 5, "size": size, "path": [*whole, zero], "note": "a hash more"},
        {"index": 5, "size": size, "path": [zero, *whole[1:]], "note": "another hash"},
        {"index": 5, "size": size, "path": [*whole[:-1], whole[-1][:-2]], "note": "a short hash"},
        {"index": 11, "size": size, "path": whole, "note": "outside the tree"},
        {"index": -1, "size": size, "path": whole, "note": "a negative index"},
    ]
    bent_growth = [
        {"old_size": 5, "size": size, "path": grown, "note": "another size before"},
        {"old_size": 6, "size": 10, "path": grown, "note": "another size after"},
        {"old_size": 6, "size": size, "path": grown[1:], "note": "a hash less"},
        {"old_size": 6, "size": size, "path": [*grown, zero], "note": "a hash more"},
        {"old_size": 6, "size": size, "path": [zero, *grown[1:]], "note": "another hash"},
        {"old_size": 0, "size": size, "path": [zero], "note": "nothing grows without a path"},
        {"old_size": 11, "size": 11, "path": [zero], "note": "equal trees need no path"},
    ]
    return {
        "leaves": [f"leaf {number}".encode().hex() for number in range(size)],
        "roots": [log.root(n).hex() for n in range(size + 1)],
        "inclusion": {"accept": inclusion, "refuse": bent_inclusion},
        "growth": {"accept": growth, "refuse": bent_growth},
    }


def _proof_json(proof: StateProof) -> Case:
    leaf = proof.leaf
    return {
        "leaf": None
        if leaf is None
        else {"path": leaf.path.hex(), "value_digest": leaf.value_digest.hex(), "amount": leaf.amount},
        "steps": [[step.bit, step.sibling.hex(), step.amount] for step in proof.steps],
    }


def make_state() -> Case:
    """Give a plain and a sum tree, the proof of every key, and of some that are absent."""
    values = {f"wallet/{number}": (f"value {number}", number * 100) for number in range(7)}
    trees = []
    for is_sum in (False, True):
        tree = Tree(is_sum).write(
            Write(key, text.encode(), amount if is_sum else 0) for key, (text, amount) in values.items()
        )
        trees.append(
            {
                "is_sum": is_sum,
                "values": {
                    key: {"value": text.encode().hex(), "amount": amount if is_sum else 0}
                    for key, (text, amount) in values.items()
                },
                "root": tree.root().hex(),
                "top": tree.top_hash().hex(),
                "total": tree.total(),
                "present": {key: _proof_json(tree.prove(key)) for key in values},
                "absent": {key: _proof_json(tree.prove(key)) for key in ("wallet/7", "", "共识")},
            }
        )
    empty = [{"is_sum": is_sum, "root": Tree(is_sum).root().hex()} for is_sum in (False, True)]
    return {"trees": trees, "empty": empty}


def make_checkpoints() -> Case:
    """Give a checkpoint with its policy, and bent ones with what is wrong."""
    names = ("bank", "institute", "ministry")
    seeds = {name: hashlib.sha256(f"gongshi vectors {name}".encode()).digest() for name in (*names, "log")}
    keys = {name: make_signing_key(seed) for name, seed in seeds.items()}
    origin, root = "vectors.gongshi/log", _log_of(5).root()
    text = sign_checkpoint(origin, 5, root, keys["log"])
    lines = {name: cosign(name, keys[name], parse_checkpoint(text), 1_464_710_400) for name in names}
    policy = make_policy(log_key(origin, keys["log"]), {name: witness_key(name, keys[name]) for name in names}, 2)
    other = make_signing_key(hashlib.sha256(b"gongshi vectors other").digest())
    fresh = sign_checkpoint(origin, 5, root, other)
    strange = cosign("bank", other, parse_checkpoint(text), 1_464_710_400)
    whole = text + "".join(lines.values())
    return {
        "seeds": {name: seed.hex() for name, seed in seeds.items()},
        "policy": policy,
        "keys": {
            "log": log_key(origin, keys["log"]).text(),
            **{name: make_key(name, 4, keys[name].public).text() for name in names},
        },
        "accept": [
            {"text": whole, "cosigners": list(names)},
            {"text": text + lines["bank"] + lines["ministry"], "cosigners": ["bank", "ministry"]},
            {"text": whole + strange, "cosigners": list(names), "note": "a line that does not hold is passed over"},
        ],
        "refuse": [
            {"text": text + lines["bank"], "why": "quorum"},
            {"text": text + lines["bank"] + strange, "why": "quorum"},
            {"text": text + lines["bank"] + lines["bank"], "why": "quorum"},
            {"text": fresh + "".join(lines.values()), "why": "log"},
            {"text": whole.replace("\n5\n", "\n6\n"), "why": "log"},
            {"text": whole.replace("\n5\n", "\n05\n"), "why": "form"},
            {"text": whole.replace("\n5\n", "\n5\nextension\n"), "why": "form"},
            {"text": whole[:-1], "why": "form"},
            {"text": "", "why": "form"},
        ],
    }


_PAPERS: dict[str, list[list[Any]]] = {
    "all approve": [["a", "approve", []], ["b", "approve", []], ["c", "approve", []], ["d", "approve", []]],
    "exactly two thirds": [["a", "approve", []], ["b", "approve", []], ["c", "disapprove", ["cm-1"]]],
    "just below": [
        ["a", "approve", []],
        ["b", "disapprove", ["cm-1"]],
        ["c", "disapprove", ["cm-2"]],
        ["d", "approve", []],
    ],
    "abstentions": [["a", "approve", []], ["b", "abstain", []], ["c", "abstain", []], ["d", "abstain", []]],
    "the last paper counts": [["a", "disapprove", ["cm-1"]], ["b", "approve", []], ["a", "approve", []]],
    "a disapproval without a reason": [
        ["a", "approve", []],
        ["b", "disapprove", []],
        ["c", "approve_with_comments", []],
    ],
    "a barred and an outside paper": [["e", "approve", []], ["f", "approve", []], ["a", "disapprove", ["cm-1"]]],
    "nobody": [],
}
_ELECTORATE: list[list[Any]] = [
    ["a", "P", []],
    ["b", "P", []],
    ["c", "P", []],
    ["d", "P", []],
    ["e", "P", ["drafter", "interested"]],
    ["f", "O", []],
]


def make_ballots() -> Case:
    """Give the count of every set of papers under every rule, and stated counts that are not it."""
    rules = load_rules()
    assert isinstance(rules, dict)
    voters = [Voter(name, member_class, tuple(marks)) for name, member_class, marks in _ELECTORATE]
    accept = []
    for rule_name, rule in sorted(rules.items()):
        for papers_name, papers in _PAPERS.items():
            votes = [Vote(name, position, tuple(technical)) for name, position, technical in papers]
            tally = count(rule, voters, votes).as_body()
            accept.append({"rule": rule_name, "papers": papers_name, "tally": tally})
    first = accept[0]["tally"]
    assert isinstance(first, dict)
    refuse = [
        {"rule": accept[0]["rule"], "papers": accept[0]["papers"], "tally": {**first, name: value}, "differs": name}
        for name, value in (
            ("yes", first["yes"] + 1),
            ("entitled", True),
            ("verdict", "no_vote"),
            ("more", 1),
            ("tests", []),
        )
    ]
    return {
        "rules": {name: rule.as_body() for name, rule in sorted(rules.items())},
        "electorate": _ELECTORATE,
        "papers": _PAPERS,
        "accept": accept,
        "refuse": refuse,
    }
