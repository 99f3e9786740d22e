"""Catalogue 16: what is wrong with a transaction is found, and said, before it can do anything."""

from __future__ import annotations

from gongshi.lab.records import TestCase
from gongshi.lab.scene import Scene, expect_accepted, expect_balances, expect_refused, step
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text

FUNDS, PAYMENT = 1_000, 100
OVERSIZE_BYTES = 2 * 1024 * 1024


@step("good", Text("甲向乙付款一笔，应被接受", "a pays b; the payment is accepted"))
def pay_well(scene: Scene) -> Problem | None:
    """The control: without it, a ledger that refuses everything would pass."""
    payer, payee = scene.person("a", funds=FUNDS), scene.person("b")
    scene.kept["good"] = data = scene.target.prepare(payer, payee, PAYMENT)
    return expect_accepted(scene.target.submit(data))


@step("signature", Text("签名翻转一位，应被拒绝", "one bit of the signature is flipped; refused"))
def spoil_signature(scene: Scene) -> Problem | None:
    """Where the sender is recovered from the signature, a spoilt one names a sender whom nobody knows."""
    return expect_refused(
        scene.pay(scene.people["a"], scene.people["b"], PAYMENT, "signature"), {"signature", "sender"}
    )


@step("nonce", Text("另一笔付款使用已用过的序号，应被拒绝", "another payment under a nonce that was used; refused"))
def reuse_nonce(scene: Scene) -> Problem | None:
    """Two payments under one number would let the order of payments be chosen by somebody else."""
    return expect_refused(scene.pay(scene.people["a"], scene.people["b"], PAYMENT + 1, "nonce"), {"nonce"})


@step("replay", Text("重发第一笔付款的字节，应被拒绝", "the bytes of the first payment once more; refused"))
def replay(scene: Scene) -> Problem | None:
    """The same bytes are a valid signature over a payment that was already made."""
    data = scene.kept["good"]
    assert isinstance(data, bytes)
    return expect_refused(scene.target.submit(data), {"replay", "nonce"})


@step("balance", Text("付款超过余额，应被拒绝", "a pays more than a has; refused"))
def overdraw(scene: Scene) -> Problem | None:
    """One unit more than what is left: the boundary, not a wild amount."""
    return expect_refused(scene.pay(scene.people["a"], scene.people["b"], FUNDS - PAYMENT + 1), {"balance"})


@step(
    "malformed",
    Text("空的、截断的、加长的和随机的字节，均应被拒绝", "empty, cut, lengthened and random bytes; each refused"),
)
def send_malformed(scene: Scene) -> Problem | None:
    """Well-formed bytes of the next payment are cut and lengthened, so that only the form is wrong."""
    data = scene.target.prepare(scene.people["a"], scene.people["b"], PAYMENT)
    for spoilt in (b"", data[: len(data) // 2], data[:-1], data + b"\x00", scene.chance.randbytes(len(data))):
        if seen := expect_refused(scene.target.submit(spoilt), {"malformed"}):
            return seen
    return None


@step("oversize", Text("2 MiB 的交易，应被拒绝", "a transaction of 2 MiB; refused"))
def send_oversize(scene: Scene) -> Problem | None:
    """A ledger may refuse by size at once or by form after reading; it must not keep it or fall over it."""
    return expect_refused(scene.target.submit(b"\x00" * OVERSIZE_BYTES), {"oversize", "malformed"})


@step("untouched", Text("余额只反映第一笔付款", "balances show the first payment and nothing else"))
def look(scene: Scene) -> Problem | None:
    """Refused means without effect."""
    return expect_balances(scene, {"a": FUNDS - PAYMENT, "b": PAYMENT})


CASE = TestCase(
    catalogue=16,
    id="refusals",
    purpose=Text("无效交易逐一被拒绝并说明理由", "each kind of invalid transaction is refused with its reason"),
    expected=Text(
        "七种无效交易均被拒绝，理由相符，余额不变",
        "seven kinds are refused, each for a reason that fits, and balances stay",
    ),
    steps=(pay_well, spoil_signature, reuse_nonce, replay, overdraw, send_malformed, send_oversize, look),
)
