"""Whatever anybody submits: the root of every block opens to what was issued, and every balance is that of a plain book."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from gongshi.ledger.records import Op
from gongshi.ledger.state import read_roots
from gongshi.pilots.entries import MONEY, freeze, fund_wallets, issue, open_wallets, pay, redeem, unfreeze
from gongshi.pilots.records import Payment
from gongshi.terms.transfer import transfer_id
from gongshi_verifier.state import check_total
from tests.pilots.worlds import ALPHA, BANK, BETA, OTHER, World, running

WALLETS = st.sampled_from(["w1", "w2", "w3", "w4", "w5", "w6"])
OPERATORS = st.sampled_from([ALPHA, BETA, OTHER])
SOME = st.integers(1, 1_500)
MUCH = st.integers(1, 4_000_000)
RISE = st.integers(0, 3)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("issue"), OPERATORS, MUCH),
        st.tuples(st.just("redeem"), OPERATORS, MUCH),
        st.tuples(st.just("open"), OPERATORS, WALLETS, st.sampled_from(["small", "large"])),
        st.tuples(st.just("fund"), OPERATORS, st.lists(st.tuples(RISE, WALLETS, SOME), min_size=1, max_size=3)),
        st.tuples(st.just("pay"), OPERATORS, st.lists(st.tuples(RISE, WALLETS, WALLETS, SOME), min_size=1, max_size=4)),
        st.tuples(st.just("freeze"), OPERATORS, WALLETS),
        st.tuples(st.just("unfreeze"), OPERATORS, WALLETS),
    ),
    max_size=25,
)


class Book:
    """What everybody holds by the words of the operations alone; it trusts that an accepted one was allowed."""

    def __init__(self, world: World) -> None:
        self.held = Counter({leaf.key: leaf.amount for leaf in world.state.trees[MONEY].leaves()})

    def enter(self, organisation: str, op: Op) -> None:
        rows = op.body.get("rows", [])
        if op.kind == "pilots.issue":
            self.held[f"reserve/{op.body['operator']}"] += op.body["amount"]
        elif op.kind == "pilots.redeem":
            self.held[f"reserve/{organisation}"] -= op.body["amount"]
        elif op.kind == "pilots.fund":
            for _, wallet, amount in rows:
                self.held[f"reserve/{organisation}"] -= amount
                self.held[f"wallet/{wallet}"] += amount
        elif op.kind == "pilots.pay":
            for _, payer, payee, amount, _, _ in rows:
                self.held[f"wallet/{payer}"] -= amount
                self.held[f"wallet/{payee}"] += amount


def make(step, numbers: Counter, at: int) -> tuple[str, Op]:
    word, organisation, *rest = step

    def next_id(rise: int) -> bytes:
        numbers[organisation, word] += rise
        return transfer_id(organisation, word, 100 + numbers[organisation, word])

    if word == "issue":
        return BANK, issue(organisation, *rest)
    if word == "redeem":
        return organisation, redeem(*rest)
    if word == "open":
        return organisation, open_wallets([tuple(rest)])
    if word == "fund":
        return organisation, fund_wallets([(next_id(rise), wallet, amount) for rise, wallet, amount in rest[0]])
    if word == "pay":
        rows = [Payment(next_id(rise), payer, payee, amount, "pay", at) for rise, payer, payee, amount in rest[0]]
        return organisation, pay(rows)
    return organisation, (freeze if word == "freeze" else unfreeze)(rest[0], "case")


@settings(max_examples=120)
@given(steps=STEPS, grouped=st.booleans())
def test_money_is_conserved(steps, grouped):
    """One operation to an entry, or all of an organisation's in one, where the last refusal undoes them all."""
    world, numbers = World(running().state), Counter()
    book = Book(world)
    made = [make(step, numbers, world.now) for step in steps]
    entries = [(organisation, [op]) for organisation, op in made]
    if grouped:
        names = dict.fromkeys(organisation for organisation, _ in made)
        entries = [(name, [op for organisation, op in made if organisation == name]) for name in names]
    for organisation, ops in entries:
        if world.act(organisation, *ops) is None:
            for op in ops:
                book.enter(organisation, op)
        tree = world.state.trees[MONEY]
        assert tree.total() == world.issued
        assert check_total(tree.top_hash(), world.issued, tree.root())
        header = world.blocks[-1].header
        assert not header or read_roots(header)[MONEY] == tree.root()
        assert {leaf.key: leaf.amount for leaf in tree.leaves() if leaf.amount} == +book.held


def test_the_steps_reach_what_they_should():
    """The property is about something: on these steps money moves in every way there is."""
    world, numbers = World(running().state), Counter()
    steps = [
        ("issue", ALPHA, 5),
        ("redeem", BETA, 7),
        ("open", BETA, "w5", "large"),
        ("fund", BETA, [(1, "w5", 900)]),
        ("pay", BETA, [(1, "w5", "w1", 300), (1, "w5", "w2", 1)]),
        ("freeze", BETA, "w5"),
        ("unfreeze", BETA, "w5"),
        ("pay", BETA, [(1, "w5", "w1", 1)]),
    ]
    codes = [world.act(organisation, op) for organisation, op in (make(step, numbers, world.now) for step in steps)]
    assert codes == [None] * len(steps)
    assert (world.balance("w5"), world.balance("w1"), world.balance("w2")) == (598, 4_301, 1)
