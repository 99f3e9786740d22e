"""What is fuzzed: a target takes any bytes, and fails by an assertion or by any exception that is not documented.

Three promises are tried: a decoder reads or refuses by its own error, what it reads is written back to the same bytes, and
house and verifier come to the same answer. Seeds are the published vectors, so that the depths are reached.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from gongshi.ledger.codec import decode_entry
from gongshi.ledger.records import Entry
from gongshi.ledger.tree import Tree, Write
from gongshi.terms.canonical import NotCanonicalError, decode_cbor, encode_cbor
from gongshi_verifier import cbor
from gongshi_verifier.entry import EntryError, parse_entry
from gongshi_verifier.note import NoteError, make_body, parse_checkpoint
from gongshi_verifier.state import Step, Terminal, check_absence, check_presence
from gongshi_verifier.tlog_proof import make_proof, parse_proof
from gongshi_verifier.verify import verify_file

ROOT = Path(__file__).parents[2]
LIMIT = 1 << 16


class Target(NamedTuple):
    """`run` tries the promises on any bytes; `seeds` gives good and nearly good inputs."""

    run: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]


@cache
def vectors(name: str):
    return json.loads((ROOT / "vectors" / f"{name}.json").read_text(encoding="utf-8"))


def answer(decode, error: type[Exception], data: bytes) -> tuple[str, object]:
    """Give the reason of a refusal, or nothing and the value."""
    try:
        return "", decode(data)
    except error as refused:
        return refused.reason, None


def run_cbor(data: bytes) -> None:
    theirs = answer(cbor.decode, cbor.CborError, data)
    ours = answer(decode_cbor, NotCanonicalError, data)
    assert ours[0] == theirs[0], "house and verifier do not refuse the same bytes for the same reason"
    if ours[0]:
        assert ours[0] in cbor.REASONS
        return
    assert repr(ours[1]) == repr(theirs[1]) or ours[1] == theirs[1]
    assert encode_cbor(ours[1]) == cbor.encode(ours[1]) == data


def cbor_seeds() -> list[bytes]:
    return [bytes.fromhex(case["hex"]) for case in (*vectors("cbor")["accept"], *vectors("cbor")["refuse"])]


def run_entry(data: bytes) -> None:
    ours = decode_entry(data, LIMIT)
    try:
        theirs = parse_entry(data)
    except EntryError:
        assert not isinstance(ours, Entry), "the house reads what the verifier refuses"
        assert ours.code.startswith(("ledger.entry.", "ledger.bytes."))
        return
    assert isinstance(ours, Entry) or ours.code == "ledger.entry.oversized", "the house refuses what the verifier reads"
    if isinstance(ours, Entry):
        assert (ours.chain, ours.key_id, ours.mandate, ours.digest) == (
            theirs.chain,
            theirs.key_id,
            theirs.mandate,
            theirs.digest,
        )
        assert ours.signed == theirs.message.signed_bytes()
        assert encode_cbor(decode_cbor(data)) == data == ours.data


def entry_seeds() -> list[bytes]:
    entries = [bytes.fromhex(item) for block in vectors("chain-1")["blocks"] for item in block["entries"]]
    return sorted({item for item in entries if len(item) < 2048}, key=lambda item: (len(item), item))


def run_checkpoint(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    with contextlib.suppress(NoteError):
        read = parse_checkpoint(text)
        assert read.body == make_body(read.origin, read.size, read.root)
        assert text.startswith(read.body.decode() + "\n— ")
        assert text.count("\n") == 4 + len(read.signatures)


def checkpoint_texts() -> list[str]:
    found = vectors("checkpoints")
    return [
        case[name]
        for kind in ("accept", "refuse")
        for case in found[kind]
        for name in case
        if "\n\n" in str(case[name])
    ]


def checkpoint_seeds() -> list[bytes]:
    return [text.encode("utf-8", "surrogateescape") for text in checkpoint_texts()]


def run_proof(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    with contextlib.suppress(NoteError):
        read = parse_proof(text)
        assert make_proof(read.extra, read.index, read.path, read.checkpoint_text) == text
        assert read.covers(b"") in (True, False)


def proof_seeds() -> list[bytes]:
    texts = [make_proof(extra, 3, [bytes(32), b"\xff" * 32], checkpoint_texts()[0]) for extra in (b"", b"more")]
    return [text.encode() for text in (*texts, texts[0].replace("index 3", "extra \nindex 3"))]


HELD = {f"wallet/{number}": (bytes([number]), number * 1000) for number in range(9)}


@cache
def tree(*, is_sum: bool) -> Tree:
    return Tree(is_sum=is_sum).write([Write(key, value, amount * is_sum) for key, (value, amount) in HELD.items()])


def run_state(data: bytes) -> None:
    """Whatever proof is claimed: it holds only for what is in the tree, or is absent from it."""
    try:
        key, value, amount, terminal, steps, is_sum = cbor.decode(data)
        path = [Step(bit, sibling, other) for bit, sibling, other in steps]
        numbers = [amount, *(item for step in path for item in (step.bit, step.amount))]
        end = None if terminal is None else Terminal(*terminal)
    except (cbor.CborError, ValueError, TypeError):
        return
    texts = [value, *(step.sibling for step in path), *((end.path, end.value_digest) if end else ())]
    numbers += [end.amount] if end else []
    if type(key) is not str or any(type(n) is not int for n in numbers) or any(type(t) is not bytes for t in texts):
        return
    is_sum = bool(is_sum)
    root = tree(is_sum=is_sum).root()
    if check_presence(key, value, amount, path, root, is_sum=is_sum):
        assert HELD[key] == (value, amount) if is_sum else HELD[key][0] == value
    if check_absence(key, end, path, root, is_sum=is_sum):
        assert key not in HELD


def state_seeds() -> list[bytes]:
    seeds = []
    for is_sum in (False, True):
        for key in (*HELD, "wallet/absent", "x"):
            value, amount = HELD.get(key, (b"", 0))
            proof = tree(is_sum=is_sum).prove(key)
            end = proof.leaf and [proof.leaf.path, proof.leaf.value_digest, proof.leaf.amount]
            steps = [[step.bit, step.sibling, step.amount] for step in proof.steps]
            seeds.append(encode_cbor([key, value, amount * is_sum, end, steps, is_sum]))
    return seeds


@cache
def bundle() -> tuple[str, list[bytes]]:
    """Give a policy and receipts under it, as the verifier's own tests make them."""
    sys.path.insert(0, str(ROOT / "verifier" / "tests"))
    try:
        import makings
    finally:
        sys.path.pop(0)
    world = makings.founded()
    world.act("bank", "group.evidence.sign", {"evidence": bytes(32), "kind": "test-run", "subjects": []})
    wanted = world.all()[-1]
    digest = hashlib.sha256(wanted.data).digest()
    return world.policy(), [
        world.dossier("receipt", {"digest": digest}),
        world.dossier("receipt", {"digest": bytes(32)}),
    ]


def run_bundle(data: bytes) -> None:
    policy, seeds = bundle()
    report = verify_file(data, None, policy)
    assert report.exit_code in (0, 1, 2, 3)
    assert json.dumps(report.as_json(), default=str)
    if report.exit_code == 0:  # the checkpoint's signatures may be fewer and in another order, the facts are the same
        assert cbor.decode(data)["content"] == cbor.decode(seeds[0])["content"]


TARGETS = {
    "cbor": Target(run_cbor, cbor_seeds),
    "entry": Target(run_entry, entry_seeds),
    "checkpoint": Target(run_checkpoint, checkpoint_seeds),
    "proof": Target(run_proof, proof_seeds),
    "state": Target(run_state, state_seeds),
    "bundle": Target(run_bundle, lambda: bundle()[1]),
}
