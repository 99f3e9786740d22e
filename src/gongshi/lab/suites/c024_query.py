"""Catalogue 24: asked by transaction, by account or by block, the ledger gives the same answer."""

from __future__ import annotations

from gongshi.lab.records import TestCase
from gongshi.lab.scene import Scene, expect_accepted, step
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text


@step("fill", Text("提交若干付款并记下其编号", "a few payments are committed and their ids noted"))
def fill(scene: Scene) -> Problem | None:
    """Ids are what a member keeps of a payment."""
    payer, payee = scene.person("a", funds=1_000), scene.person("b")
    results = [scene.pay(payer, payee, amount) for amount in (10, 20, 30)]
    scene.kept["results"] = [(result.transaction, result.height) for result in results]
    return next((seen for result in results if (seen := expect_accepted(result))), None)


@step(
    "by_id",
    Text(
        "按编号查询，得到提交时的高度和该块内的字节",
        "by id: the height of the commit, and bytes that stand in that block",
    ),
)
def query_by_id(scene: Scene) -> Problem | None:
    """The index and the chain agree."""
    noted: list[tuple[str, int]] = scene.kept["results"]  # type: ignore[assignment]  # what `fill` kept
    for transaction, height in noted:
        found, data = scene.target.find(transaction)
        if found != height or data not in scene.target.block(height).transactions:
            return Problem("lab.step.query", values={"transaction": transaction, "expected": height, "seen": found})
    return None


@step("by_account", Text("按账户查询，每一行都能按编号找到", "by account: every line is found by its id at its height"))
def query_by_account(scene: Scene) -> Problem | None:
    """Whether the history is complete is asked by clause 25."""
    for account in scene.people.values():
        for line in scene.target.history(account):
            found, _ = scene.target.find(line.transaction)
            if found != line.height:
                return Problem(
                    "lab.step.query", values={"transaction": line.transaction, "expected": line.height, "seen": found}
                )
    return None


@step(
    "by_range",
    Text("按区块范围查询，每笔付款恰好出现一次", "by a range of blocks: every payment stands there exactly once"),
)
def query_by_range(scene: Scene) -> Problem | None:
    """From genesis to the head."""
    stored = [data for height in range(scene.target.height() + 1) for data in scene.target.block(height).transactions]
    noted: list[tuple[str, int]] = scene.kept["results"]  # type: ignore[assignment]  # what `fill` kept
    for transaction, _ in noted:
        times = stored.count(scene.target.find(transaction)[1])
        if times != 1:
            return Problem("lab.step.missing", values={"expected": 1, "seen": times})
    return None


@step("unknown", Text("查询不存在的编号，应回答没有", "an id that nobody has is answered with nothing"))
def query_unknown(scene: Scene) -> Problem | None:
    """A ledger that finds everything finds nothing."""
    unknown = "00" * 32
    try:
        height, _ = scene.target.find(unknown)
    except KeyError:
        return None
    return Problem("lab.step.query", values={"transaction": unknown, "expected": -1, "seen": height})


CASE = TestCase(
    catalogue=24,
    id="query",
    purpose=Text("按编号、账户、区块与范围的查询一致", "queries by id, account, block and range agree"),
    expected=Text("各种查询对同一付款的回答相同", "all queries give the same answer about a payment"),
    steps=(fill, query_by_id, query_by_account, query_by_range, query_unknown),
)
