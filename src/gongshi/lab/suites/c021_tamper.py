"""Catalogue 21: whatever stored byte is changed, the ledger notices when it starts and when it is audited."""

from __future__ import annotations

from collections.abc import Callable

from gongshi.lab.records import Result, TestCase
from gongshi.lab.scene import Scene, expect_accepted, expect_refused, step
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text

POSITIONS = 96


@step("whole", Text("未改动的存储通过审计和启动", "an unchanged store passes the audit and the start"))
def pass_whole(scene: Scene) -> Problem | None:
    """The control: a ledger that always cries is no help."""
    payer, payee = scene.person("a", funds=1_000), scene.person("b")
    return (
        expect_accepted(scene.pay(payer, payee, 10))
        or expect_accepted(scene.target.audit())
        or expect_accepted(scene.target.reopen())
    )


@step("audit", Text("翻转所存字节中的一个，审计应发现", "one stored byte is inverted; the audit finds it"))
def audit_altered(scene: Scene) -> Problem | None:
    """At positions spread over the whole store by the run's seed."""
    return _find_undetected(scene, scene.target.audit)


@step("start", Text("翻转所存字节中的一个，启动应发现", "one stored byte is inverted; the start finds it"))
def start_altered(scene: Scene) -> Problem | None:
    """At positions of its own."""
    return _find_undetected(scene, scene.target.reopen)


@step("healed", Text("恢复原字节后可启动", "with the byte restored the ledger starts"))
def start_healed(scene: Scene) -> Problem | None:
    """So the refusals above were about the bytes."""
    return expect_accepted(scene.target.reopen()) or expect_accepted(scene.target.audit())


def _find_undetected(scene: Scene, look: Callable[[], Result]) -> Problem | None:
    size = scene.target.stored_size_bytes()
    for part in range(POSITIONS):
        position = scene.chance.randrange(part * size // POSITIONS, (part + 1) * size // POSITIONS)
        scene.target.flip_stored_byte(position)
        result = look()
        scene.target.flip_stored_byte(position)
        if seen := expect_refused(result, {"tampered"}):
            return (
                Problem("lab.step.undetected", values={"position": position, "size": size}) if result.accepted else seen
            )
    return None


CASE = TestCase(
    catalogue=21,
    id="tamper",
    purpose=Text("任一存储字节被改动，启动与审计均能发现", "any changed stored byte is found at start and at audit"),
    expected=Text("每个抽样位置的改动都被发现", "the change is found at every sampled position"),
    steps=(pass_whole, audit_altered, start_altered, start_healed),
)
