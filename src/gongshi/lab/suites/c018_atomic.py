"""Catalogue 18: a transfer of several parts happens as a whole or not at all."""

from __future__ import annotations

from gongshi.lab.records import TestCase
from gongshi.lab.scene import Scene, expect_accepted, expect_balances, expect_refused, step
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text

FUNDS = 1_000


@step("whole", Text("甲在一笔交易中向乙、丙各付一部分，应被接受", "a pays b and c in one transaction; accepted"))
def pay_both(scene: Scene) -> Problem | None:
    """The control."""
    payer, first, second = scene.person("a", funds=FUNDS), scene.person("b"), scene.person("c")
    data = scene.target.prepare_batch(payer, [(first, 30), (second, 40)])
    return expect_accepted(scene.target.submit(data)) or expect_balances(scene, {"a": 930, "b": 30, "c": 40})


@step(
    "broken",
    Text(
        "第二部分超过余额的交易应整体被拒绝",
        "a transaction whose second part exceeds the balance is refused as a whole",
    ),
)
def break_second(scene: Scene) -> Problem | None:
    """The first part alone would be good, so a ledger that stops half-way is caught."""
    legs = [(scene.people["b"], 100), (scene.people["c"], FUNDS)]
    return expect_refused(
        scene.target.submit(scene.target.prepare_batch(scene.people["a"], legs)), {"balance", "limit"}
    )


@step("untouched", Text("被拒绝的交易不留任何一部分", "no part of the refused transaction remains"))
def look(scene: Scene) -> Problem | None:
    """Also the part that came before the failing one."""
    return expect_balances(scene, {"a": 930, "b": 30, "c": 40})


CASE = TestCase(
    catalogue=18,
    id="atomic",
    purpose=Text("多部分转账的原子性", "atomicity of a transfer of several parts"),
    expected=Text("全部成功或全无效果", "all parts happen, or none does"),
    steps=(pay_both, break_second, look),
)
