"""Catalogue 19: who sent a transaction is known, and nobody can send in another's name."""

from __future__ import annotations

from gongshi.lab.records import TestCase
from gongshi.lab.scene import Scene, expect_accepted, expect_balances, expect_refused, step
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text

FUNDS, PAYMENT = 1_000, 50
# A forged origin shows as a bad signature, or, where the sender is recovered from it, as a sender whom nobody knows.
FORGED = {"signature", "sender"}


@step("known", Text("付款后可从账本查明付款人", "after a payment the ledger names who paid"))
def pay_known(scene: Scene) -> Problem | None:
    """The payment stands in its sender's history, with the sender's sign."""
    payer, payee = scene.person("a", funds=FUNDS), scene.person("b")
    result = scene.pay(payer, payee, PAYMENT)
    if seen := expect_accepted(result):
        return seen
    lines = [line for line in scene.target.history(payer) if line.transaction == result.transaction]
    if [line.amount for line in lines] == [-PAYMENT]:
        return None
    return Problem(
        "lab.step.history",
        values={"account": "a", "expected": str([-PAYMENT]), "seen": str([line.amount for line in lines])},
    )


@step("forged", Text("以他人密钥冒甲之名付款，应被拒绝", "a payment in a's name under another key; refused"))
def forge_sender(scene: Scene) -> Problem | None:
    """The key is a good one; it is only not the payer's."""
    return expect_refused(scene.pay(scene.people["a"], scene.people["b"], PAYMENT, "sender"), FORGED)


@step("altered", Text("签名后改动金额，应被拒绝", "the amount is changed after signing; refused"))
def alter_payload(scene: Scene) -> Problem | None:
    """What was signed is what counts."""
    return expect_refused(scene.pay(scene.people["a"], scene.people["b"], PAYMENT, "payload"), FORGED)


@step("untouched", Text("甲的余额只因自己签名的付款而变", "a's balance moved only by what a signed"))
def look(scene: Scene) -> Problem | None:
    """Refused means without effect."""
    return expect_balances(scene, {"a": FUNDS - PAYMENT, "b": PAYMENT})


CASE = TestCase(
    catalogue=19,
    id="origin",
    purpose=Text("发送者可识别，来源不可伪造", "the sender is identified and an origin cannot be forged"),
    expected=Text(
        "真实付款记名；冒名与改动均被拒绝", "a true payment is named; a forged and an altered one are refused"
    ),
    steps=(pay_known, forge_sender, alter_payload, look),
)
