"""A scene is what one case plays on: an open target, its people, and the few looks that every suite takes."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from gongshi.lab.ports import LabError, Tamper, Target
from gongshi.lab.records import Account, Result, Step
from gongshi.terms.problem import Problem
from gongshi.terms.text import Text


@dataclass
class Scene:
    """One target while a case runs; `kept` passes findings from one step to the next."""

    target: Target
    chance: random.Random
    people: dict[str, Account] = field(default_factory=dict)
    kept: dict[str, object] = field(default_factory=dict)

    def person(self, name: str, tier: int = 1, funds: int = 0) -> Account:
        """Give a named wallet, opened and funded on first mention."""
        if name not in self.people:
            self.people[name] = account = self.target.create_account(name, tier)
            if funds:
                self._fund(account, funds)
        return self.people[name]

    def _fund(self, account: Account, funds: int) -> None:
        result = self.target.issue(account, funds)
        if not result.accepted:
            raise LabError("setup", self.target.about.id, f"issue to {account.name}: {result.code} {result.detail}")

    def pay(self, payer: Account, payee: Account, amount: int, tamper: Tamper = "none") -> Result:
        """Prepare and submit one payment."""
        return self.target.submit(self.target.prepare(payer, payee, amount, tamper))

    def balances(self) -> dict[str, int]:
        """Give the balance of everybody in the scene by name."""
        return {name: self.target.balance(account) for name, account in self.people.items()}


def step(identifier: str, text: Text) -> Callable[[Callable[[Scene], Problem | None]], Step]:
    """Make the decorated act a step of a case."""
    return lambda act: Step(identifier, text, act)


def expect_accepted(result: Result) -> Problem | None:
    """Find a good transaction refused."""
    if result.accepted:
        return None
    return Problem("lab.step.refused", values={"code": result.code, "detail": result.detail})


def expect_refused(result: Result, reasons: set[str]) -> Problem | None:
    """Find a bad transaction accepted, or refused without one of the reasons that fit it."""
    if result.accepted:
        return Problem("lab.step.accepted")
    if result.code in reasons:
        return None
    return Problem("lab.step.reason", values={"expected": " | ".join(sorted(reasons)), "code": result.code})


def expect_balances(scene: Scene, expected: dict[str, int]) -> Problem | None:
    """Find the first wallet that does not hold what it should."""
    for name, amount in expected.items():
        seen = scene.target.balance(scene.people[name])
        if seen != amount:
            return Problem("lab.step.balance", values={"account": name, "expected": amount, "seen": seen})
    return None


def expect_conserved(scene: Scene, issued: int) -> Problem | None:
    """Find a supply that differs from what was issued, or from the sum of all wallets."""
    supply, held = scene.target.total_supply(), sum(scene.balances().values())
    if supply == issued == held:
        return None
    return Problem("lab.step.supply", values={"issued": issued, "supply": supply, "held": held})
