"""Catalogue 22: that a transaction stands in a block can be shown without the ledger, and only when it is true."""

from __future__ import annotations

from dataclasses import replace

from gongshi.lab.records import Proof, TestCase
from gongshi.lab.scene import Scene, expect_accepted, step
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text

SAMPLES = 16


@step("prove", Text("取得两笔付款的包含证明", "inclusion proofs of two payments are taken"))
def take_proofs(scene: Scene) -> Problem | None:
    """The anchor is taken from the chain, not from the proof."""
    payer, payee = scene.person("a", funds=1_000), scene.person("b")
    for name, amount in (("first", 10), ("second", 20)):
        result = scene.pay(payer, payee, amount)
        if seen := expect_accepted(result):
            return seen
        header = scene.target.block(result.height).header
        scene.kept[name] = (scene.target.prove(result.transaction), scene.target.reader.read_header(header).anchor)
    return None


@step("verify", Text("仅凭字节验证，应成立", "they verify from bytes alone"))
def verify(scene: Scene) -> Problem | None:
    """Offline: the reader has no store."""
    for name in ("first", "second"):
        proof, anchor = _kept(scene, name)
        if not scene.target.reader.check_proof(proof, anchor):
            return Problem("lab.step.proof_refused", values={"payment": name})
    return None


@step("leaf", Text("改动交易的字节，应不成立", "the transaction's bytes are changed; it fails"))
def alter_leaf(scene: Scene) -> Problem | None:
    """A proof that is not bound to its leaf proves anything."""
    return _alter(scene, "leaf")


@step("path", Text("改动路径的字节，应不成立", "the path's bytes are changed; it fails"))
def alter_path(scene: Scene) -> Problem | None:
    """Every sampled byte of the way up counts."""
    return _alter(scene, "path")


@step("header", Text("改动区块头的字节，应不成立", "the header's bytes are changed; it fails"))
def alter_header(scene: Scene) -> Problem | None:
    """The header is what the anchor is about."""
    return _alter(scene, "header")


@step("other", Text("换用另一笔交易或另一区块，应不成立", "with another transaction or another block it fails"))
def exchange(scene: Scene) -> Problem | None:
    """Both parts are true, but not of each other."""
    first, first_anchor = _kept(scene, "first")
    second, second_anchor = _kept(scene, "second")
    mixed = (
        (replace(first, leaf=second.leaf), first_anchor),
        (first, second_anchor),
        (replace(second, header=first.header), second_anchor),
    )
    for proof, anchor in mixed:
        if scene.target.reader.check_proof(proof, anchor):
            return Problem("lab.step.proof_accepted", values={"part": "other", "position": 0})
    return None


def _kept(scene: Scene, name: str) -> tuple[Proof, bytes]:
    kept: tuple[Proof, bytes] = scene.kept[name]  # type: ignore[assignment]  # what `take_proofs` kept
    return kept


def _alter(scene: Scene, part: str) -> Problem | None:
    proof, anchor = _kept(scene, "first")
    data: bytes = getattr(proof, part)
    for _ in range(min(SAMPLES, len(data))):
        position = scene.chance.randrange(len(data))
        spoilt = data[:position] + bytes([data[position] ^ (1 << scene.chance.randrange(8))]) + data[position + 1 :]
        if scene.target.reader.check_proof(replace(proof, **{part: spoilt}), anchor):
            return Problem("lab.step.proof_accepted", values={"part": part, "position": position})
    return None


CASE = TestCase(
    catalogue=22,
    id="inclusion",
    purpose=Text("包含证明可离线验证，改动后不成立", "an inclusion proof verifies offline and fails when altered"),
    expected=Text(
        "真证明成立；改动叶、路径、区块头或对象后均不成立",
        "a true proof holds; with leaf, path, header or object altered it does not",
    ),
    steps=(take_proofs, verify, alter_leaf, alter_path, alter_header, exchange),
)
