"""Catalogue 26: whatever is paid, refused or issued, the wallets together hold what was issued."""

from __future__ import annotations

from gongshi.lab.records import TestCase
from gongshi.lab.scene import Scene, expect_balances, expect_conserved, step
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text

FUNDS, OPERATIONS = 500, 40
NAMES = ("a", "b", "c", "d")


@step("issue", Text("向四个钱包各发行等额货币", "the same amount is issued to four wallets"))
def issue(scene: Scene) -> Problem | None:
    """The starting point of the model."""
    for name in NAMES:
        scene.person(name, funds=FUNDS)
    scene.kept["model"] = dict.fromkeys(NAMES, FUNDS)
    return expect_conserved(scene, FUNDS * len(NAMES))


@step(
    "walk",
    Text(
        "按种子随机付款与发行，每次之后总量守恒",
        "payments and issues at random by the seed; after each, supply is conserved",
    ),
)
def walk(scene: Scene) -> Problem | None:
    """Payments to oneself and payments above the balance are among them; a refusal is as welcome as an acceptance."""
    model: dict[str, int] = scene.kept["model"]  # type: ignore[assignment]  # what `issue` kept
    for _ in range(OPERATIONS):
        _play_one(scene, model)
        if seen := expect_conserved(scene, sum(model.values())):
            return seen
    return None


@step("model", Text("各钱包余额与独立模型一致", "every wallet agrees with an independent model"))
def compare(scene: Scene) -> Problem | None:
    """Conserved in sum could still be moved to the wrong wallet."""
    model: dict[str, int] = scene.kept["model"]  # type: ignore[assignment]  # what `issue` kept
    return expect_balances(scene, model)


def _play_one(scene: Scene, model: dict[str, int]) -> None:
    payer, payee, amount = scene.chance.choice(NAMES), scene.chance.choice(NAMES), scene.chance.randint(1, FUNDS)
    if scene.chance.random() < 0.1:
        if scene.target.issue(scene.people[payee], amount).accepted:
            model[payee] += amount
    elif scene.pay(scene.people[payer], scene.people[payee], amount).accepted:
        model[payer] -= amount
        model[payee] += amount


CASE = TestCase(
    catalogue=26,
    id="conservation",
    purpose=Text("余额守恒于总发行量（性质测试）", "balances conserve the total supply (property test)"),
    expected=Text(
        "每次操作之后余额之和等于发行总量，并与模型一致",
        "after each operation the balances sum to the issue and agree with the model",
    ),
    steps=(issue, walk, compare),
)
