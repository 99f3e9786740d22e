from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongshi.ledger.records import Op
from gongshi.pilots.entries import (
    CURRENCY,
    KINDS,
    PILOT,
    ROWS_MAX,
    declare,
    declare_customers,
    freeze,
    fund_wallets,
    issue,
    open_wallets,
    pay,
    post_rates,
    redeem,
    unfreeze,
)
from gongshi.pilots.records import Declared
from gongshi.terms.instant import instant_from_iso
from gongshi.terms.transfer import transfer_id
from tests.pilots.worlds import ALPHA, BANK, BETA, MINISTRY, NOON, OTHER, QUOTA, World, found, running


@pytest.fixture
def world():
    return running()


def leg(world: World, operator: str = ALPHA, **changes: object) -> Declared:
    fields = {
        "payer": "x1",
        "payee": "x2",
        "amount": 70,
        "currency": "HKD",
        "zone": "XX",
        "at": NOON,
        "kind": "declared",
    }
    return Declared(world.next_id(operator, "declare"), **{**fields, **changes})


# issuing and redeeming


def test_money_is_issued_to_reserves(world):
    assert (world.reserve(ALPHA), world.reserve(BETA)) == (990_000, 500_000)
    assert world.issued == world.held == 1_500_000


def test_only_the_issuer_issues_to_operators_within_the_quota(world):
    assert world.act(ALPHA, issue(ALPHA, 1)) == "pilots.issue.not_issuer"
    assert world.act(BANK, issue(OTHER, 1)) == "pilots.issue.not_operator"
    assert world.act(BANK, issue(ALPHA, QUOTA - 1_500_000 + 1)) == "pilots.issue.over_quota"
    assert world.act(BANK, issue(ALPHA, QUOTA - 1_500_000)) is None
    assert world.act(BANK, issue(ALPHA, 1)) == "pilots.issue.over_quota"


def test_two_issues_of_one_entry_count_both_against_the_quota(world):
    rest = QUOTA - 1_500_000
    assert world.act(BANK, issue(ALPHA, rest), issue(BETA, 1)) == "pilots.issue.over_quota"
    assert world.issued == 1_500_000


def test_redeemed_money_ceases_to_exist_and_makes_room_in_the_quota(world):
    assert world.act(BETA, redeem(500_001)) == "pilots.reserve.not_covered"
    assert world.act(BETA, redeem(500_000)) is None
    assert (world.reserve(BETA), world.issued, world.held) == (0, 1_000_000, 1_000_000)
    assert world.act(OTHER, redeem(1)) == "pilots.operator.unknown"
    assert world.act(BANK, issue(ALPHA, QUOTA - 1_000_000)) is None


# wallets


def test_operators_open_wallets_of_known_tiers_once(world):
    assert world.act(OTHER, open_wallets([("w9", "small")])) == "pilots.operator.unknown"
    assert world.act(ALPHA, open_wallets([("w9", "huge")])) == "pilots.wallet.tier"
    assert world.act(BETA, open_wallets([("w1", "large")])) == "pilots.wallet.known"
    assert world.act(ALPHA, open_wallets([("w9", "small"), ("w9", "small")])) == "pilots.wallet.known"
    assert world.act(ALPHA, open_wallets([("w9", "small")])) is None


def test_wallets_are_funded_from_the_own_reserve(world):
    assert world.fund("w4", 500, operator=BETA) is None
    assert (world.balance("w4"), world.reserve(BETA)) == (500, 499_500)
    assert world.fund("nobody", 1) == "pilots.wallet.unknown"
    assert world.fund("w4", 4_501, operator=BETA) == "pilots.wallet.over_balance"
    assert world.fund("w3", 990_001) == "pilots.reserve.not_covered"
    assert world.fund("w1", 1, operator=OTHER) == "pilots.operator.unknown"


def test_all_rows_of_a_funding_are_covered_or_none(world):
    rows = [(world.next_id(ALPHA, "fund"), "w3", 600_000), (world.next_id(ALPHA, "fund"), "w2", 390_001)]
    assert world.act(ALPHA, fund_wallets(rows)) == "pilots.reserve.not_covered"
    assert (world.balance("w3"), world.reserve(ALPHA)) == (6_000, 990_000)


# payments


def test_payment_moves_money_and_nothing_else(world):
    assert world.pay("w1", "w4", 300) is None
    assert (world.balance("w1"), world.balance("w4"), world.held) == (3_700, 300, 1_500_000)


def test_batch_is_paid_whole_or_not_at_all(world):
    batch = [world.payment("w1", "w2", 100), world.payment("w2", "w4", 100), world.payment("w2", "w4", 1)]
    assert world.act(ALPHA, pay(batch)) == "pilots.payment.not_covered"
    assert (world.balance("w1"), world.balance("w2"), world.balance("w4")) == (4_000, 0, 0)
    assert world.act(ALPHA, pay([world.payment("w1", "w2", 100), world.payment("w2", "w4", 100)])) is None
    assert (world.balance("w2"), world.balance("w4")) == (0, 100)


def test_wallets_are_known_and_the_payers_is_the_operators_own(world):
    assert world.pay("nobody", "w1", 1) == "pilots.wallet.unknown"
    assert world.pay("w1", "nobody", 1) == "pilots.wallet.unknown"
    assert world.pay("w1", "w4", 1, operator=BETA) == "pilots.wallet.not_own"
    assert world.pay("w1", "w4", 1, operator=OTHER) == "pilots.operator.unknown"
    assert world.pay("w1", "w1", 1) == "pilots.payment.to_itself"
    assert world.balance("w1") == 4_000


def test_limits_of_the_payers_tier(world):
    assert world.pay("w1", "w3", 1_001) == "pilots.payment.over_limit"
    assert [world.pay("w1", "w3", 1_000) for _ in range(3)] == [None, None, "pilots.payment.over_daily_limit"]
    assert world.pay("w1", "w3", 500) is None
    assert world.pay("w1", "w3", 1) == "pilots.payment.over_daily_limit"


def test_daily_limit_ends_at_midnight_of_the_pilots_zone(world):
    """2,500 are paid on 2 March in Shanghai; a millisecond before 16:00 UTC it is still that day, at 16:00 it is 3 March."""
    for amount in (1_000, 1_000, 500):
        assert world.pay("w1", "w3", amount) is None
    midnight = instant_from_iso("2026-03-02T16:00:00")
    world.now = midnight + 10
    assert world.pay("w1", "w3", 1, at=midnight - 1) == "pilots.payment.over_daily_limit"
    assert world.pay("w1", "w3", 1_000, at=midnight) is None
    assert world.pay("w1", "w3", 1, at=midnight - 1) == "pilots.payment.out_of_order"


def test_payee_takes_no_more_than_its_tier_holds(world):
    assert world.fund("w2", 4_500) is None
    assert world.pay("w1", "w2", 501) == "pilots.wallet.over_balance"
    assert world.pay("w1", "w2", 500) is None


def test_balance_is_not_overdrawn(world):
    assert world.pay("w3", "w1", 6_001) == "pilots.payment.not_covered"
    assert world.pay("w2", "w1", 1) == "pilots.payment.not_covered"


def test_payment_is_not_from_the_future(world):
    assert world.pay("w1", "w3", 1, at=world.now + 60_000) == "pilots.payment.from_the_future"


# ids


def test_payment_sent_twice_is_refused(world):
    payment = world.payment("w1", "w3", 100)
    assert world.act(ALPHA, pay([payment])) is None
    assert world.act(ALPHA, pay([payment])) == "pilots.payment.repeated"
    assert world.act(ALPHA, pay([world.payment("w1", "w3", 1), payment])) == "pilots.payment.repeated"
    assert world.balance("w1") == 3_900


def test_ids_rise(world):
    first, second = world.payment("w1", "w3", 1), world.payment("w1", "w3", 2)
    assert world.act(ALPHA, pay([second])) is None
    assert world.act(ALPHA, pay([first])) == "pilots.payment.repeated"
    twice = world.payment("w1", "w3", 1)
    assert world.act(ALPHA, pay([twice, twice])) == "pilots.payment.repeated"


def test_refused_batch_does_not_use_up_its_ids(world):
    payment = world.payment("w1", "w3", 100)
    assert world.act(ALPHA, pay([payment, world.payment("w1", "nobody", 1)])) == "pilots.wallet.unknown"
    assert world.act(ALPHA, pay([payment])) is None


@pytest.mark.parametrize(("operator", "family"), [(BETA, "pay"), (ALPHA, "fund"), (ALPHA, "declare")])
def test_id_bears_the_mark_of_operator_and_family(world, operator, family):
    foreign = world.payment("w1", "w3", 1)
    foreign = type(foreign)(
        transfer_id(operator, family, 99), *(getattr(foreign, n) for n in ("payer", "payee", "amount", "kind", "at"))
    )
    assert world.act(ALPHA, pay([foreign])) == "pilots.payment.foreign_id"


def test_every_family_counts_for_itself(world):
    assert world.act(ALPHA, fund_wallets([(transfer_id(ALPHA, "fund", 50), "w3", 1)])) is None
    assert world.pay("w1", "w3", 1) is None
    assert world.act(ALPHA, declare([leg(world)])) is None
    assert world.act(ALPHA, fund_wallets([(transfer_id(ALPHA, "fund", 50), "w3", 1)])) == "pilots.payment.repeated"


# declarations


def test_declared_leg_moves_no_money(world):
    before = world.held
    assert world.act(ALPHA, declare([leg(world), leg(world)])) is None
    assert world.held == before


def test_declarations_come_from_operators_once_and_not_from_the_future(world):
    assert world.act(OTHER, declare([leg(world, OTHER)])) == "pilots.operator.unknown"
    assert world.act(ALPHA, declare([leg(world, at=world.now + 60_000)])) == "pilots.payment.from_the_future"
    once = leg(world)
    assert world.act(ALPHA, declare([once])) is None
    assert world.act(ALPHA, declare([once])) == "pilots.payment.repeated"
    assert world.act(ALPHA, declare([leg(world, BETA)])) == "pilots.payment.foreign_id"


def test_customers_and_rates_are_declared_by_those_who_know(world):
    assert world.act(OTHER, declare_customers(bytes(32), 3)) == "pilots.operator.unknown"
    assert world.act(ALPHA, declare_customers(b"t" * 32, 3)) is None
    assert world.state.get(PILOT, "customers/alpha") == [b"t" * 32, 3]
    assert world.act(ALPHA, post_rates("HKD", bytes(32))) == "pilots.issue.not_issuer"
    assert world.act(BANK, post_rates("HKD", b"r" * 32)) is None
    assert world.state.get(PILOT, "rates/HKD") == b"r" * 32


# freezing


def test_frozen_wallet_stands_still_until_it_is_freed(world):
    assert world.act(ALPHA, freeze("w1", "case-1")) is None
    assert world.pay("w1", "w3", 1) == "pilots.wallet.frozen"
    assert world.pay("w3", "w1", 1) == "pilots.wallet.frozen"
    assert world.fund("w1", 1) == "pilots.wallet.frozen"
    assert world.balance("w1") == 4_000
    assert world.act(ALPHA, unfreeze("w1", "case-1")) is None
    assert world.pay("w1", "w3", 1) is None


def test_operator_does_not_free_what_an_authority_froze(world):
    supervisor = f"{MINISTRY}-supervisor"
    assert world.act(MINISTRY, freeze("w1", "case-2"), mandate=supervisor) is None
    assert world.act(ALPHA, unfreeze("w1", "case-2")) == "pilots.freeze.none"
    assert world.act(ALPHA, freeze("w1", "case-3")) is None
    assert world.act(ALPHA, unfreeze("w1", "case-3")) is None
    assert world.pay("w1", "w3", 1) == "pilots.wallet.frozen"
    assert world.act(MINISTRY, unfreeze("w1", "case-2"), mandate=supervisor) is None
    assert world.pay("w1", "w3", 1) is None


def test_who_may_freeze(world):
    """The wallet's operator and a supervisor of an authority; a mandate that somebody grants himself does not make him one."""
    assert world.act(BETA, freeze("w1", "case")) == "pilots.wallet.not_own"
    assert world.act(OTHER, freeze("w1", "case"), mandate=f"{OTHER}-supervisor") == "pilots.wallet.not_own"
    assert world.act(MINISTRY, freeze("w1", "case")) == "pilots.wallet.not_own"
    assert world.act(BANK, freeze("w1", "case"), mandate=f"{BANK}-supervisor") is None
    assert world.act(ALPHA, freeze("nobody", "case")) == "pilots.wallet.unknown"
    assert world.act(ALPHA, unfreeze("w2", "case")) == "pilots.freeze.none"


# forms


def changed(op: Op, **fields: object) -> Op:
    return Op(op.kind, op.version, {**op.body, **fields})


ROW = [transfer_id(ALPHA, "pay", 9), "w1", "w3", 1, "pay", 1]
FUND = [transfer_id(ALPHA, "fund", 9), "w1", 1]
LEG = [transfer_id(ALPHA, "declare", 9), "x1", "x2", 1, "HKD", "XX", 1, "declared"]


@pytest.mark.parametrize(
    ("organisation", "op", "expected"),
    [
        (BANK, changed(issue(ALPHA, 1), amount=0), "pilots.issue.form"),
        (BANK, changed(issue(ALPHA, 1), amount=True), "pilots.issue.form"),
        (BANK, changed(issue(ALPHA, 1), amount=2**63), "pilots.issue.form"),
        (BANK, changed(issue(ALPHA, 1), currency="CNY"), "pilots.issue.form"),
        (BANK, changed(issue(ALPHA, 1), more=1), "pilots.issue.form"),
        (ALPHA, changed(redeem(1), amount=-1), "pilots.issue.form"),
        (ALPHA, changed(redeem(1), currency=["e-CNY"]), "pilots.issue.form"),
        (ALPHA, open_wallets([]), "pilots.wallet.form"),
        (ALPHA, open_wallets([("W1", "small")]), "pilots.wallet.form"),
        (ALPHA, open_wallets([("w9", "small")] * (ROWS_MAX + 1)), "pilots.wallet.form"),
        (ALPHA, changed(open_wallets([("w9", "small")]), rows=[["w9"]]), "pilots.wallet.form"),
        (ALPHA, changed(fund_wallets([]), rows=[[*FUND[:2], 0]]), "pilots.payment.form"),
        (ALPHA, changed(fund_wallets([]), rows=[[b"short", *FUND[1:]]]), "pilots.payment.form"),
        (ALPHA, changed(pay([]), rows=[]), "pilots.payment.form"),
        (ALPHA, changed(pay([]), rows=[ROW[:5]]), "pilots.payment.form"),
        (ALPHA, changed(pay([]), rows=[[*ROW[:4], "gift", 1]]), "pilots.payment.form"),
        (ALPHA, changed(pay([]), rows=[[*ROW[:3], 0, "pay", 1]]), "pilots.payment.form"),
        (ALPHA, changed(pay([]), rows=[[*ROW[:5], -1]]), "pilots.payment.form"),
        (ALPHA, changed(pay([]), rows="rows"), "pilots.payment.form"),
        (ALPHA, changed(declare([]), rows=[[*LEG[:4], "hkd", *LEG[5:]]]), "pilots.declaration.form"),
        (ALPHA, changed(declare([]), rows=[[*LEG[:4], "e-CNY", *LEG[5:]]]), "pilots.declaration.form"),
        (ALPHA, changed(declare([]), rows=[[*LEG[:5], "XXX", *LEG[6:]]]), "pilots.declaration.form"),
        (ALPHA, declare_customers(b"short", 1), "pilots.declaration.form"),
        (BANK, post_rates("Hkd", bytes(32)), "pilots.declaration.form"),
        (ALPHA, changed(freeze("w1", "c"), cause=""), "pilots.wallet.form"),
        (ALPHA, changed(unfreeze("w1", "c"), wallet=1), "pilots.wallet.form"),
    ],
)
def test_form_of_every_kind(world, organisation, op, expected):
    assert world.act(organisation, op) == expected


def test_most_rows_are_taken(world):
    assert world.act(ALPHA, open_wallets([(f"m{number}", "small") for number in range(ROWS_MAX)])) is None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_without_parameters_there_is_no_pilot(kind):
    assert found(pilot=None).act(ALPHA, Op(kind.name, 1, {})) == "pilots.terms.missing"


ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.sampled_from(
        [CURRENCY, "w1", "w3", ALPHA, "small", "pay", "HKD", "XX", bytes(16), bytes(32), transfer_id(ALPHA, "pay", 9)]
    ),
    lambda inner: (
        st.lists(inner, max_size=8)
        | st.dictionaries(
            st.sampled_from(["currency", "rows", "amount", "operator", "wallet", "cause", "table"]), inner
        )
    ),
    max_leaves=20,
)
RUNNING = running()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@settings(max_examples=60)
@given(body=ANY)
def test_no_body_makes_a_judgement_fail(kind, body):
    for organisation in (BANK, ALPHA):
        World(RUNNING.state).judge(organisation, Op(kind.name, 1, body))
