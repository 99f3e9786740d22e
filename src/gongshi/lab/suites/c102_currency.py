"""Catalogue 102: a digital currency. Controllable anonymity and offline payments are not asked here."""

from __future__ import annotations

from gongshi.lab.records import TestCase
from gongshi.lab.scene import Scene, expect_accepted, expect_balances, expect_conserved, expect_refused, step
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text

FUNDS = 1_000


@step("issue", Text("发行者发行，应被接受", "the issuer issues; accepted"))
def issue(scene: Scene) -> Problem | None:
    """The control."""
    return expect_accepted(scene.target.issue(scene.person("a"), FUNDS))


@step("usurp", Text("钱包持有人发行，应被拒绝", "a wallet's owner issues; refused"))
def usurp(scene: Scene) -> Problem | None:
    """Only one party makes money."""
    return expect_refused(scene.target.issue(scene.people["a"], FUNDS, by=scene.people["a"]), {"issuer"})


@step(
    "payment_limit",
    Text(
        "超过单笔限额的付款应被拒绝，等于限额的应被接受",
        "a payment above the tier's limit is refused, one at the limit accepted",
    ),
)
def pay_over_limit(scene: Scene) -> Problem | None:
    """The boundary on both sides."""
    limit = scene.target.limits(3)
    small = scene.person("small", tier=3, funds=limit.balance_max)
    over = scene.pay(small, scene.people["a"], limit.payment_max + 1)
    return expect_refused(over, {"limit"}) or expect_accepted(scene.pay(small, scene.people["a"], limit.payment_max))


@step(
    "balance_limit",
    Text("使余额超过限额的收款应被拒绝", "a payment that lifts a wallet above its tier's balance is refused"),
)
def receive_over_limit(scene: Scene) -> Problem | None:
    """The wallet of the step before has room for exactly what it paid."""
    room = scene.target.limits(3).payment_max
    return expect_refused(scene.target.issue(scene.people["small"], room + 1), {"limit"})


@step(
    "double",
    Text("同一笔钱签名付给两人，至多一笔成功", "the same money is signed away twice; at most one payment succeeds"),
)
def spend_twice(scene: Scene) -> Problem | None:
    """Both are signed before either is sent."""
    payer, first, second = scene.person("payer", funds=FUNDS), scene.person("b"), scene.person("c")
    one, other = scene.target.prepare(payer, first, FUNDS), scene.target.prepare(payer, second, FUNDS)
    return (
        expect_accepted(scene.target.submit(one))
        or expect_refused(scene.target.submit(other), {"nonce", "replay", "balance"})
        or expect_balances(scene, {"payer": 0, "b": FUNDS, "c": 0})
    )


@step("conserved", Text("流通总量等于发行总量", "what circulates is what was issued"))
def conserve(scene: Scene) -> Problem | None:
    """Over everybody in this case."""
    return expect_conserved(scene, 2 * FUNDS + scene.target.limits(3).balance_max)


CASE = TestCase(
    catalogue=102,
    id="currency",
    purpose=Text(
        "数字货币：仅发行者可发行，总量守恒，分级限额，不可双花",
        "digital currency: only the issuer issues, supply is conserved, limits by tier, no double spend",
    ),
    expected=Text(
        "越权发行、超限与双花均被拒绝，总量守恒",
        "usurped issue, payments over a limit and double spends are refused; supply is conserved",
    ),
    steps=(issue, usurp, pay_over_limit, receive_over_limit, spend_twice, conserve),
)
