"""Catalogue 64: a signature has one accepted form, so that nobody can give a payment a second identity."""

from __future__ import annotations

from gongshi.lab.records import TestCase
from gongshi.lab.scene import Scene, expect_accepted, expect_balances, expect_refused, step
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text

FUNDS, PAYMENT = 1_000, 60


@step(
    "other_form",
    Text("签名的另一代数形式先行提交，应被拒绝", "the signature's other algebraic form comes first; refused"),
)
def send_other_form(scene: Scene) -> Problem | None:
    """(r, n - s) under ECDSA, S + L under Ed25519: it verifies where only the equation is checked."""
    payer, payee = scene.person("a", funds=FUNDS), scene.person("b")
    scene.kept["good"] = scene.target.prepare(payer, payee, PAYMENT)
    return expect_refused(scene.pay(payer, payee, PAYMENT, "malleable"), {"signature"})


@step("good", Text("原签名应被接受", "the signature as made is accepted"))
def send_good(scene: Scene) -> Problem | None:
    """The control: the payment itself is in order."""
    data = scene.kept["good"]
    assert isinstance(data, bytes)
    return expect_accepted(scene.target.submit(data))


@step("once", Text("只付款一次", "the payment was made once"))
def look(scene: Scene) -> Problem | None:
    """Two identities of one payment would be two payments."""
    return expect_balances(scene, {"a": FUNDS - PAYMENT, "b": PAYMENT})


CASE = TestCase(
    catalogue=64,
    id="malleability",
    purpose=Text("可延展的签名被拒绝", "a malleable signature is refused"),
    expected=Text("另一形式被拒绝，原形式被接受一次", "the other form is refused, the form as made is accepted once"),
    steps=(send_other_form, send_good, look),
)
