"""Catalogue 25: an account's history is complete and in order, so that its balance can be derived from it."""

from __future__ import annotations

from gongshi.lab.records import TestCase
from gongshi.lab.scene import Scene, expect_accepted, step
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text

FUNDS = 1_000
PAYMENTS = ("out", 100), ("out", 40), ("in", 25), ("out", 7), ("in", 3)


@step("move", Text("甲收款与付款若干次", "a pays and is paid several times"))
def move(scene: Scene) -> Problem | None:
    """In both directions, so that signs count."""
    here, there = scene.person("a", funds=FUNDS), scene.person("b")
    for direction, amount in PAYMENTS:
        payer, payee = (here, there) if direction == "out" else (there, here)
        if seen := expect_accepted(scene.pay(payer, payee, amount)):
            return seen
    return None


@step("complete", Text("历史逐行齐全且有序", "the history has every line, in order"))
def read_history(scene: Scene) -> Problem | None:
    """The issue first, then each payment with its sign."""
    expected = [FUNDS] + [amount if direction == "in" else -amount for direction, amount in PAYMENTS]
    lines = scene.target.history(scene.people["a"])
    seen = [line.amount for line in lines]
    heights = [line.height for line in lines]
    if seen == expected and heights == sorted(heights):
        return None
    return Problem("lab.step.history", values={"account": "a", "expected": str(expected), "seen": str(seen)})


@step("sum", Text("历史各行之和等于余额", "the lines add up to the balance"))
def add_up(scene: Scene) -> Problem | None:
    """For both sides."""
    for name, account in scene.people.items():
        total, balance = sum(line.amount for line in scene.target.history(account)), scene.target.balance(account)
        if total != balance:
            return Problem("lab.step.balance", values={"account": name, "expected": total, "seen": balance})
    return None


CASE = TestCase(
    catalogue=25,
    id="history",
    purpose=Text("账户历史完整且有序", "the history of an account is complete and ordered"),
    expected=Text(
        "每笔变动都在历史中，次序不乱，合计等于余额",
        "each movement is there in its order, and they add up to the balance",
    ),
    steps=(move, read_history, add_up),
)
