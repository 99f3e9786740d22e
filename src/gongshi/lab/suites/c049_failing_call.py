"""Catalogue 49: a contract call that fails leaves the state as it was, down to its commitment."""

from __future__ import annotations

from gongshi.lab.records import TestCase
from gongshi.lab.scene import Scene, expect_accepted, expect_refused, step
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text


@step("ready", Text("向甲发行货币并记下状态根", "money is issued to a and the state root noted"))
def ready(scene: Scene) -> Problem | None:
    """Everybody is opened before the root is noted."""
    scene.person("a", tier=3, funds=scene.target.limits(3).balance_max)
    scene.person("b")
    scene.kept["root"] = scene.target.state_root()
    return None


@step("fails", Text("超过限额的调用应失败", "a call above the limit fails"))
def call_over_limit(scene: Scene) -> Problem | None:
    """The contract runs and then refuses."""
    amount = scene.target.limits(3).payment_max + 1
    return expect_refused(scene.pay(scene.people["a"], scene.people["b"], amount), {"limit"})


@step("unchanged", Text("失败后状态根不变", "after the failure the state root is the same"))
def compare(scene: Scene) -> Problem | None:
    """The root speaks for every value, also for those that no query shows."""
    return None if scene.target.state_root() == scene.kept["root"] else Problem("lab.step.state")


@step("late", Text("先改动后失败的调用不留改动", "a call that fails after it has already written leaves nothing"))
def call_late(scene: Scene) -> Problem | None:
    """The first leg writes, the second fails."""
    limit = scene.target.limits(3).payment_max
    data = scene.target.prepare_batch(scene.people["a"], [(scene.people["b"], 1), (scene.people["b"], limit + 1)])
    return expect_refused(scene.target.submit(data), {"limit"}) or compare.act(scene)


@step("alive", Text("成功的调用改变状态根", "a call that succeeds does change the state root"))
def call_well(scene: Scene) -> Problem | None:
    """Otherwise a constant would have passed."""
    seen = expect_accepted(scene.pay(scene.people["a"], scene.people["b"], 1))
    if seen or scene.target.state_root() != scene.kept["root"]:
        return seen
    return Problem("lab.step.stuck")


CASE = TestCase(
    catalogue=49,
    id="failing-call",
    purpose=Text("失败的合约调用不改变状态", "a failing contract call leaves the state unchanged"),
    expected=Text(
        "失败前后状态根相同，成功后不同",
        "the state root is the same before and after a failure, and another after a success",
    ),
    steps=(ready, call_over_limit, compare, call_late, call_well),
)
