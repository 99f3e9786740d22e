"""Catalogue 20: from genesis to the head, each block names its parent's hash and commits to its transactions."""

from __future__ import annotations

from gongshi.lab.records import TestCase
from gongshi.lab.scene import Scene, expect_accepted, step
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text

PAYMENTS = 5


@step("fill", Text("提交若干付款", "a few payments are committed"))
def fill(scene: Scene) -> Problem | None:
    """A chain worth walking."""
    payer, payee = scene.person("a", funds=1_000), scene.person("b")
    for amount in range(1, PAYMENTS + 1):
        if seen := expect_accepted(scene.pay(payer, payee, amount)):
            return seen
    return None


@step("parents", Text("自创世块起逐块核对父哈希", "parent hashes are checked block by block from genesis"))
def walk_parents(scene: Scene) -> Problem | None:
    """Each hash is computed anew from header bytes; the one that the node reports is not asked for."""
    reader, parent = scene.target.reader, None
    for height in range(scene.target.height() + 1):
        header = reader.read_header(scene.target.block(height).header)
        if header.height != height or (parent is not None and header.parent != parent):
            return Problem("lab.step.chain", values={"height": height})
        parent = header.hash
    return None


@step("roots", Text("逐块重算默克尔根", "the Merkle root of every block is recomputed"))
def recompute_roots(scene: Scene) -> Problem | None:
    """From the transactions' bytes."""
    reader, found, chain = scene.target.reader, 0, []
    for height in range(scene.target.height() + 1):
        block = scene.target.block(height)
        chain.append(block)
        found += len(block.transactions)
        if reader.compute_root(chain) != reader.read_header(block.header).root:
            return Problem("lab.step.root", values={"height": height})
    return None if found >= PAYMENTS else Problem("lab.step.missing", values={"expected": PAYMENTS, "seen": found})


@step(
    "alter",
    Text("改动区块头的一个字节，读出的内容应改变", "one byte of a header is changed; what is read from it changes"),
)
def alter_header(scene: Scene) -> Problem | None:
    """Otherwise the walk above would have shown nothing."""
    reader, data = scene.target.reader, scene.target.block(1).header
    for position in range(0, len(data), max(1, len(data) // 16)):
        spoilt = data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]
        try:
            same = reader.read_header(spoilt) == reader.read_header(data)
        except ValueError:
            continue
        if same:
            return Problem("lab.step.undetected", values={"position": position, "size": len(data)})
    return None


CASE = TestCase(
    catalogue=20,
    id="chain",
    purpose=Text(
        "父哈希链自创世块可验证，默克尔根可重算",
        "the chain of parent hashes verifies from genesis and Merkle roots can be recomputed",
    ),
    expected=Text("每块的父哈希与根均与其字节一致", "every block's parent hash and root agree with the bytes"),
    steps=(fill, walk_parents, recompute_roots, alter_header),
)
