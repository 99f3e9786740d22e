"""Money is issued, wallets are opened, funded and frozen, payments made: covered or not, within limits or over them, once or twice."""

from __future__ import annotations

from gongshi.pilots.entries import freeze, fund_wallets, issue, open_wallets, pay, redeem, unfreeze
from gongshi.pilots.records import PAYMENT_KINDS, Payment
from gongshi.terms.instant import MS_PER_DAY
from gongshi.terms.transfer import transfer_id
from tests.sim.world import ISSUER, OPERATORS, TIERS, World


def issue_some(world: World) -> None:
    issuer = ISSUER if world.rng.random() < 0.9 else "bank" if "bank" in world.names else "lab"
    world.send(issuer, issue(_operator(world), world.rng.choice((20_000, 60_000, 200_000))), mandate=None)


def redeem_some(world: World) -> None:
    world.send(_operator(world), redeem(world.rng.choice((1, 500, 50_000))), mandate=None)


def open_some(world: World) -> None:
    operator = _operator(world)
    rows = [(f"{operator}-{world.rng.randint(0, 4)}", world.pick(sorted(TIERS))) for _ in range(2)]
    world.send(operator, open_wallets(rows), mandate=None)


def fund_some(world: World) -> None:
    operator = _operator(world)
    rows = [(_id(world, operator, "fund"), _wallet(world), world.rng.randint(500, 4_000)) for _ in range(2)]
    world.send(operator, fund_wallets(rows), mandate=None)


def pay_some(world: World) -> None:
    """Make a batch of payments; every so often an id comes again or an amount is over the limit."""
    operator = _operator(world)
    payments = [_payment(world, operator) for _ in range(world.rng.randint(1, 2))]
    if world.rng.random() < 0.25:
        payments.append(payments[0])
    world.send(operator, pay(payments), mandate=None)


def _payment(world: World, operator: str) -> Payment:
    payer = _wallet(world, operator if world.rng.random() < 0.95 else "")
    amount = world.rng.choice((1, 100, 100, 900, 900, 1_900, 2_001, 60_000))
    at = world.time.instant - world.rng.choice((200_000, 200_000, 200_000, 200_000, -3_600_000, MS_PER_DAY))
    return Payment(_id(world, operator, "pay"), payer, _wallet(world), amount, world.pick(PAYMENT_KINDS), at)


def freeze_one(world: World) -> None:
    act = world.pick((freeze, unfreeze, unfreeze))
    name = world.pick((ISSUER, _operator(world)))
    world.send(name, act(_wallet(world), "alert-1"))


def _operator(world: World) -> str:
    name: str = world.pick(OPERATORS)
    return name


def _wallet(world: World, operator: str = "") -> str:
    """Give a wallet that is open, most often; of one operator, where that is asked."""
    opened = world.keys_of("money/e-CNY", f"wallet/{operator}")
    if not opened or world.rng.random() < 0.05:
        return f"{operator or _operator(world)}-{world.rng.randint(0, 4)}"
    return operator + str(world.pick(opened))


def _id(world: World, operator: str, family: str) -> bytes:
    return transfer_id(operator, family, world.next_number(f"{operator}/{family}"))


ACTIONS = [(issue_some, 5), (redeem_some, 1), (open_some, 5), (fund_some, 6), (pay_some, 12), (freeze_one, 2)]
